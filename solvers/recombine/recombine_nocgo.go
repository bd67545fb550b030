//go:build !cgo

package recombine

import "berth/search"

// Methods returns nothing: without cgo there is no linear programming.
func Methods() []*search.Method { return nil }

// Finders returns nothing.
func Finders() []*search.Method { return nil }

// Bounds returns nothing.
func Bounds() []*search.Method { return nil }
