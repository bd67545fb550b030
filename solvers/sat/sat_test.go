package sat

import (
	"context"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
)

func compile(t testing.TB, in *model.Instance) *model.Problem {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatalf("compile: %v", err)
	}
	return p
}

func solveWith(t testing.TB, p *model.Problem, limits search.Limits) *search.Result {
	t.Helper()
	r, err := search.Run(context.Background(), p, Methods()[0], limits, 1, 1, nil)
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	return r
}

func TestAgreesWithBruteForce(t *testing.T) {
	const count = 300
	feasible := 0
	for seed := range uint64(count) {
		p := compile(t, instances.Mixed(seed, 3+int(seed%5), 2+int(seed%3)))
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		r := solveWith(t, p, search.Limits{})
		switch {
		case best == nil && r.Status != model.Infeasible:
			t.Fatalf("seed %d: %s, but nothing is feasible", seed, r.Status)
		case best != nil && (r.Status != model.Optimal || r.Cost != cost):
			t.Fatalf("seed %d: %s at %s, the optimum is %s", seed, r.Status, p.Format(r.Cost), p.Format(cost))
		}
		if best != nil {
			feasible++
		}
	}
	if feasible < count/2 || feasible > count*19/20 {
		t.Errorf("%d of %d instances are feasible: the test says little of the others", feasible, count)
	}
}
