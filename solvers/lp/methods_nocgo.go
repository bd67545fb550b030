//go:build !cgo

package lp

import (
	"errors"

	"berth/encode"
	"berth/search"
)

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }

// Brief returns no method either.
func Brief(int64) []*search.Method { return nil }

// Certify always fails.
func Certify(*encode.Program, int64, func(int64) bool) (*Certificate, error) {
	return nil, errors.New("this program was built without cgo, and so without CLP")
}
