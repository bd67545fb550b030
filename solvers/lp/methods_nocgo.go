//go:build !cgo

package lp

import (
	"errors"

	"berth/model"
	"berth/search"
)

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }

var errWithoutCLP = errors.New("this program was built without cgo, and so without CLP")

// Certifiable always fails.
func Certifiable(*model.Problem) error { return errWithoutCLP }

// Certify always fails.
func Certify(*model.Problem, int64, func(int64) bool) (*Certificate, error) {
	return nil, errWithoutCLP
}
