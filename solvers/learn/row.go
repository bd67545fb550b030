package learn

import (
	"cmp"
	"slices"

	"berth/solvers/lcg/engine"
)

// row is Σ coef over the literals that hold ≥ least, with coefs above 0, the largest first.
type row struct {
	terms   []term
	least   int64
	missing []engine.Literal // what holds in place of those that do not
	sizes   []int64          // their coefs
}

type term struct {
	literal engine.Literal
	coef    int64
}

func (r *row) sort() {
	slices.SortStableFunc(r.terms, func(a, b term) int { return cmp.Compare(b.coef, a.coef) })
}

// Propagate makes the literals true without which the others cannot sum to enough.
func (r *row) Propagate(e *engine.Engine) bool {
	r.missing, r.sizes = r.missing[:0], r.sizes[:0]
	spare := -r.least
	for _, t := range r.terms {
		if e.False(t.literal) {
			r.missing, r.sizes = append(r.missing, t.literal.Not()), append(r.sizes, t.coef)
		} else {
			spare += t.coef
		}
	}
	e.Steps(int64(5 * len(r.terms)))
	if spare < 0 {
		return e.Refuse(r.because(-spare - 1))
	}
	for _, t := range r.terms {
		if t.coef <= spare {
			break
		}
		if !e.True(t.literal) && !e.False(t.literal) && !e.Imply(t.literal, r.because(t.coef-spare-1)) {
			return false
		}
	}
	return true
}

// because returns literals whose opposites are missing, without some that sum to no more
// than what can be done without: the largest of those first.
func (r *row) because(without int64) []engine.Literal {
	kept := make([]engine.Literal, 0, len(r.missing))
	for k, l := range r.missing {
		if r.sizes[k] <= without {
			without -= r.sizes[k]
			continue
		}
		kept = append(kept, l)
	}
	return kept
}
