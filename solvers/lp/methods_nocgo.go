//go:build !cgo

package lp

import (
	"fmt"

	"berth/model"
	"berth/search"
)

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }

// Certify makes no certificate.
func Certify(*model.Problem, int64, func(int64) bool) (*Certificate, error) {
	return nil, fmt.Errorf("%w: this program was built without cgo, and so without CLP", search.ErrTooLarge)
}
