//go:build cgo

package lp

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
)

// Small problems over every feature: the optimum, or that there is none, agrees
// with trying everything. Under the tag tripwire the optimum hangs over the run.
func TestMixedAgainstBruteForce(t *testing.T) {
	feasible, infeasible := 0, 0
	for seed := range uint64(150) {
		p, err := model.Compile(instances.Mixed(seed, 6, 4))
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		if best != nil {
			feasible++
			hang(p, best)
		} else {
			infeasible++
		}
		r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{}, seed, 1, nil)
		switch {
		case err != nil:
			t.Errorf("seed %d: %v", seed, err)
		case best != nil && (r.Status != model.Optimal || r.Cost != cost):
			t.Errorf("seed %d: %s at %s, the optimum is %s", seed, r.Status, p.Format(r.Cost), p.Format(cost))
		case best == nil && r.Status != model.Infeasible:
			t.Errorf("seed %d: %s, but nothing is feasible", seed, r.Status)
		}
	}
	if feasible < 50 || infeasible < 5 {
		t.Errorf("%d feasible and %d infeasible problems: the test tests little", feasible, infeasible)
	}
}

// A run repeats to the last unit of work, and a limit of work ends it.
func TestRunRepeats(t *testing.T) {
	p, err := model.Compile(instances.Mixed(3, 8, 4))
	if err != nil {
		t.Fatal(err)
	}
	run := func(work int64) *search.Result {
		r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{Work: work}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	first, second := run(0), run(0)
	if first.Work != second.Work || first.Cost != second.Cost {
		t.Errorf("work %d and %d, cost %d and %d", first.Work, second.Work, first.Cost, second.Cost)
	}
	if early := run(1); early.Status == model.Optimal || early.Work > first.Work {
		t.Errorf("a limit of one unit: %s after %d units", early.Status, early.Work)
	}
}

// The public sets, where they are there: published optima of the largest problems
// of the OR-Library and of task allocation.
func TestPublicOptima(t *testing.T) {
	root := filepath.Join("..", "..", "..", "shared", "instances")
	if _, err := os.Stat(root); err != nil {
		t.Skipf("no public instances: %v", err)
	}
	for _, c := range []struct {
		file string
		cost string
	}{
		{"gap/orlib/gap12-0", "974"},
		{"gap/orlib/gap12-3", "954"},
		{"gap/chu/c05100", "1931"},
		{"gap/chu/a20100", "1158"},
		{"ctap/tassc1003Aa.dat", "1616"},
		{"ctap/tass1003Db.dat", "402"},
	} {
		data, err := os.ReadFile(filepath.Join(root, c.file))
		if err != nil {
			t.Fatal(err)
		}
		from := "orlib"
		if strings.HasSuffix(c.file, ".dat") {
			from = "elloumi"
		}
		in, err := instances.Read(data, c.file, instances.Options{From: from})
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{}, 1, 1, nil)
		if err != nil || r.Status != model.Optimal || p.Format(r.Cost) != c.cost {
			t.Errorf("%s: %s at %s, %v; published %s", c.file, r.Status, p.Format(r.Cost), err, c.cost)
		}
	}
}
