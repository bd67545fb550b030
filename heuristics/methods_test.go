package heuristics

import (
	"context"
	"testing"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// TestMethodsOnMixed runs every method over small problems with every feature: the
// board ends the run where an offer is untrue, and each must succeed often enough.
func TestMethodsOnMixed(t *testing.T) {
	const problems = 100
	solvable := map[int]bool{}
	solved := map[string]int{}
	for _, method := range All() {
		for seed := range problems {
			p := compile(t, instances.Mixed(uint64(seed), 10, 5))
			r, err := search.Run(context.Background(), p, method, search.Limits{Work: 4_000_000}, 1, 1, nil)
			if err != nil {
				t.Fatalf("%s, seed %d: %v", method.Name, seed, err)
			}
			if r.Placement != nil {
				solvable[seed] = true
				solved[method.Name]++
			}
		}
	}
	t.Logf("of %d problems %d have a placement; found by %v", problems, len(solvable), solved)
	for _, method := range All() {
		if solved[method.Name]*100 < 90*len(solvable) {
			t.Errorf("%s solved %d of %d", method.Name, solved[method.Name], len(solvable))
		}
	}
}

func compile(t testing.TB, in *model.Instance) *model.Problem {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}
