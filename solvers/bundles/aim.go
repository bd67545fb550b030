//go:build cgo

package bundles

import "math"

// aim is a cost below that of the best placement, in steps. Where more bundles fit into
// the gap than can be listed, the tree first looks for placements of at most so much: few
// bundles fit into that gap, and what it finds is the best, or else the bound rises and
// the aim with it.
type aim struct {
	target int64      // no placement that costs more is wanted; math.MaxInt64: there is no aim
	rises  bool       // nothing reached an aim
	root   *decisions // where the search begins again …
	from   center     // … and what is known of the bound there
}

// aimed says whether there is an aim.
func (t *tree) aimed() bool { return t.target != math.MaxInt64 }

// aimLow sets the aim, or a lower one, at the root. It returns false where that would
// be no lower, or once nothing reached one.
func (t *tree) aimLow() bool {
	if t.depth > 0 || t.rises {
		return false
	}
	target := max((t.high+t.failed/2)>>t.shift, t.stepsUp(t.high))
	if target >= t.highest() {
		return false
	}
	t.target = target
	return true
}

// aimHigh raises the bound above an aim that nothing reaches, and then the aim, twice as far
// above where the search begins.
func (t *tree) aimHigh() {
	t.raise(t.target + 1)
	t.rises = true
	t.target += max(1, t.target-t.stepsUp(t.from.high))
}
