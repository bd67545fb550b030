package lp

import (
	"fmt"

	"berth/encode"
	"berth/model"
	"berth/search"
)

// Programs with more than this are refused: their relaxations alone would take
// longer than anybody waits, and gigabytes.
const (
	maxVars  = 500_000
	maxTerms = 5_000_000
)

// Fits returns about how large the program of a placement would be, without making it, and
// fails with search.ErrTooLarge where that is too large for relaxations.
func Fits(p *model.Problem) (vars, terms int64, err error) {
	if vars, terms = encode.Estimate(p); vars > maxVars || terms > maxTerms {
		err = fmt.Errorf("%w: the program would have about %d variables and %d terms (at most %d and %d)", search.ErrTooLarge, vars, terms, maxVars, maxTerms)
	}
	return vars, terms, err
}
