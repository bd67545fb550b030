//go:build !cgo

package colgen

import (
	"fmt"

	"berth/model"
	"berth/search"
)

// Methods returns no method: CLP is reached through cgo, without which this
// program was built.
func Methods() []*search.Method { return nil }

// Fleets returns no method: see Methods.
func Fleets() []*search.Method { return nil }

// Patterns returns no method: see Methods.
func Patterns() []*search.Method { return nil }

// Sides returns search.ErrTooLarge: see Methods.
func Sides(*model.Problem, *search.Board) (prover, improver *search.Method, err error) {
	return nil, nil, fmt.Errorf("colgen: this program was built without CLP: %w", search.ErrTooLarge)
}
