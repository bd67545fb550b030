//go:build !cgo

package bundles

import (
	"berth/model"
	"berth/search"
)

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }

// Takes says that nothing is taken: see Methods.
func Takes(*model.Problem) bool { return false }

// Alike says that nothing is taken: see Methods.
func Alike(*model.Problem) bool { return false }
