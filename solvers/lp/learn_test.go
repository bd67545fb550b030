//go:build cgo

package lp

import (
	"math/rand/v2"
	"testing"

	"berth/solvers/lp/safe"
)

// What is learnt from trials that were pruned excludes nothing below the cutoff, wherever it is,
// and fixes variables, once the domain knows it, that it did not fix before.
func TestWhatIsLearntHoldsEverywhere(t *testing.T) {
	learnt, fixed := 0, 0
	for seed := range uint64(300) {
		g := packing(rand.New(rand.NewPCG(seed, 7)))
		n := len(g.Vars)
		at := func(x int) func(int) bool { return func(v int) bool { return x>>v&1 == 1 } }
		best := int64(noCutoff)
		for x := range 1 << n {
			if cost, ok := price(g, at(x)); ok {
				best = min(best, cost)
			}
		}
		if best == noCutoff {
			continue
		}
		root := rootOf(t, g)
		desk := root.host.(*desk)
		desk.best, desk.cost = make([]int8, n), best+1 // the best is still to be found
		root.program, root.evaluated = g, 1
		root.domain = safe.NewDomain(root.core.below(best+1), n)
		if !root.domain.Propagate() {
			t.Fatalf("seed %d: the rows contradict each other", seed)
		}
		root.sync(0)
		if root.solve() != solved {
			root.relax.model.Close()
			continue
		}
		basis, before := root.relax.packBasis(), len(root.domain.Trail)
		for j := range int32(n) {
			for side := range int8(2) {
				if root.domain.Value[j] == safe.Free {
					root.try(j, side, basis, root.relax.objective())
				}
			}
		}
		for x := range 1 << n {
			if cost, ok := price(g, at(x)); !ok || cost > best {
				continue
			}
			for _, row := range root.learnt.rows {
				sum := int64(0)
				for k, v := range row.Vars {
					sum += row.Coefs[k] * int64(x>>v&1)
				}
				if sum > row.RHS {
					t.Fatalf("seed %d: %v·%v ≤ %d excludes the best, %b", seed, row.Coefs, row.Vars, row.RHS, x)
				}
			}
		}
		root.recall()
		if !root.domain.Propagate() {
			t.Fatalf("seed %d: what was learnt leaves nothing, but there is %d", seed, best)
		}
		learnt += root.learnt.count
		fixed += len(root.domain.Trail) - before
		root.relax.model.Close()
	}
	if learnt < 50 || fixed < 20 {
		t.Errorf("%d rows learnt, %d variables fixed by them: the test tests little", learnt, fixed)
	}
}
