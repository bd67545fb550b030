//go:build cgo

package lp

import (
	"slices"
	"testing"

	"berth/encode"
	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// Of five in a ring no two neighbours go together. The relaxation takes half of each; that two go at
// most follows from all five rows, and elimination finds it.
func TestHalvesFindOddRings(t *testing.T) {
	g := &encode.Program{}
	for v := range int32(5) {
		g.Vars = append(g.Vars, encode.Var{Cost: -10})
		g.Rows = append(g.Rows, encode.Row{Sense: encode.AtMost, RHS: 1, Terms: []encode.Term{{Var: v, Coef: 1}, {Var: (v + 1) % 5, Coef: 1}}})
	}
	root := rootOf(t, g)
	defer root.relax.model.Close()
	if root.relax.model.Dual(1000) != clp.Optimal {
		t.Fatal("the relaxation is not optimal")
	}
	ring := &safe.Row{Vars: []int32{0, 1, 2, 3, 4}, Coefs: []int64{1, 1, 1, 1, 1}, RHS: 2}
	cuts := newTableau(root, root.relax.load()).halves()
	if !slices.ContainsFunc(cuts, func(c depthCut) bool { slices.Sort(c.row.Vars); return same(c.row, ring) }) {
		t.Errorf("the cut of the ring is not among %d", len(cuts))
	}
}
