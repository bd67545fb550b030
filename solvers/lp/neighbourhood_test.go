//go:build cgo

package lp

import (
	"testing"

	"berth/encode"
)

// At the root, neighbourhoods of the relaxation's point often find better than the dive that went
// before, and never worse.
func TestNeighbourhoodsImproveDives(t *testing.T) {
	const seeds = 10
	better := 0
	for seed := range uint64(seeds) {
		g := assignment(10, 40, seed)
		dived := fromRoot(t, g, func(root *tree, _ []float64) (outcome, error) { return root.dive() })
		all := fromRoot(t, g, (*tree).heuristics)
		if all > dived {
			t.Errorf("seed %d: the dive finds %d, with neighbourhoods after it %d", seed, dived, all)
		}
		if all < dived {
			better++
		}
	}
	if better < 2 {
		t.Errorf("better than the dive %d times of %d", better, seeds)
	}
}

// fromRoot solves the root of a program, looks for solutions from there and returns the least cost.
func fromRoot(t *testing.T, g *encode.Program, look func(root *tree, value []float64) (outcome, error)) int64 {
	t.Helper()
	root := rootOf(t, g)
	defer root.relax.model.Close()
	root.program, root.costs = g, newPseudoCosts(len(g.Vars))
	if end := root.solve(); end != solved {
		t.Fatalf("the root ends with %d", end)
	}
	if end, err := look(root, root.relax.load()); end == halted || err != nil {
		t.Fatalf("ends with %d, %v", end, err)
	}
	return root.host.cutoff()
}
