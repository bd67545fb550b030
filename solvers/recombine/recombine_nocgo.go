//go:build !cgo

package recombine

import "berth/search"

// Methods returns nothing: without cgo there is no linear programming.
func Methods() []*search.Method { return nil }
