//go:build cgo

package lp

import (
	"fmt"

	"berth/solvers/lp/safe"
)

// tripwire holds a known solution against what a search concludes (only under the
// build tag of search.Tripwire; else it is nil and its methods are not called). A
// conclusion that excludes it while it is better than the cutoff is wrong.
type tripwire struct {
	value []bool // by the program's variable
	cost  int64
}

// kept fails where a step lost the known solution: it was there before, and the
// node is dropped or its domain excludes it, although it is better than the cutoff.
func (w *tripwire) kept(t *tree, before, open bool, n *node) error {
	if !before || open && w.holds(t) || w.cost >= t.host.cutoff() {
		return nil
	}
	for j, v := range t.domain.Value {
		if v != safe.Free && (v == 1) != w.value[t.core.origin[j]] {
			return fmt.Errorf("lp: a node of depth %d and bound %d lost the known solution: variable %d fixed to %d", n.depth, n.bound, t.core.origin[j], v)
		}
	}
	return fmt.Errorf("lp: a node of depth %d and bound %d was pruned with the known solution in it", n.depth, n.bound)
}

// holds reports whether the known solution is still to be found in the tree's
// present domain.
func (w *tripwire) holds(t *tree) bool {
	if w == nil || w.cost >= t.host.cutoff() {
		return false
	}
	if !w.in(t.core) {
		return false
	}
	for j, v := range t.domain.Value {
		if v != safe.Free && (v == 1) != w.value[t.core.origin[j]] {
			return false
		}
	}
	return true
}

// in says whether a core has the known solution.
func (w *tripwire) in(c *core) bool {
	for v, fixed := range c.fixed {
		if fixed != safe.Free && (fixed == 1) != w.value[v] {
			return false
		}
	}
	return true
}

// reduced fails where the known solution was in a core and is not in what probing left of
// it; nil: nothing.
func (w *tripwire) reduced(whole, left *core, cutoff int64) error {
	if w == nil || w.cost >= cutoff || !w.in(whole) || left != nil && w.in(left) {
		return nil
	}
	return fmt.Errorf("lp: probing a core of %d variables lost the known solution", len(whole.cost))
}

// cut fails where a cut excludes the known solution.
func (w *tripwire) cut(t *tree, row *safe.Row) error {
	if w == nil {
		return nil
	}
	sum := int64(0)
	for k, j := range row.Vars {
		if w.value[t.core.origin[j]] {
			sum += row.Coefs[k]
		}
	}
	if w.holds(t) && sum > row.RHS {
		return fmt.Errorf("lp: the cut %v·%v ≤ %d excludes the known solution", row.Coefs, row.Vars, row.RHS)
	}
	return nil
}
