package sat

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"berth/heuristics"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

func solveWith(t testing.TB, p *model.Problem, method *search.Method, limits search.Limits) *search.Result {
	t.Helper()
	r, err := search.Run(context.Background(), p, method, limits, 1, 1, nil)
	if err != nil {
		t.Fatalf("%s: %v", p.Name, err)
	}
	return r
}

// variant is the method with something about the run changed.
func variant(change func(*solver)) *search.Method {
	m := *Methods()[0]
	m.Run = func(_ context.Context, p *model.Problem, b *search.Board) error {
		s := newSolver(p, b)
		change(s)
		return s.solve()
	}
	return &m
}

func TestAgreesWithBruteForce(t *testing.T) {
	methods := map[string]*search.Method{
		"usual": Methods()[0],
		// so few clauses that almost every sum becomes coarse, and is made up for by covers
		"coarse": variant(func(s *solver) { s.sizes = sizes{row: 6, cost: 10} }),
	}
	const count = 250
	feasible := 0
	for seed := range uint64(count) {
		p := compiled.Instance(t, instances.Mixed(seed, 3+int(seed%5), 2+int(seed%3)))
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		if best != nil {
			feasible++
		}
		for name, method := range methods {
			r := solveWith(t, p, method, search.Limits{})
			switch {
			case best == nil && r.Status != model.Infeasible:
				t.Fatalf("seed %d, %s: %s, but nothing is feasible", seed, name, r.Status)
			case best != nil && (r.Status != model.Optimal || r.Cost != cost):
				t.Fatalf("seed %d, %s: %s at %s, the optimum is %s", seed, name, r.Status, p.Format(r.Cost), p.Format(cost))
			}
		}
	}
	if feasible < count/2 || feasible > count*19/20 {
		t.Errorf("%d of %d instances are feasible: the test says little of the others", feasible, count)
	}
}

// TestWorkLimitRepeats stops runs at many points and holds each against itself.
func TestWorkLimitRepeats(t *testing.T) {
	in := families.Instance(t, "gap-c", 3, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks = 5, 24
	})
	p := compiled.Instance(t, in)
	stopped := 0
	for limit := int64(1_000_000); limit < 600_000_000; limit = limit * 5 / 2 {
		first := ""
		for range 4 {
			r := solveWith(t, p, Methods()[0], search.Limits{Work: limit})
			for k := range r.Events {
				r.Events[k].Seconds = 0
			}
			got := fmt.Sprint(r.Status, r.Placement, r.Cost, r.Bound, r.Work, r.Events)
			if first == "" {
				first = got
			}
			if got != first {
				t.Fatalf("work %d: one run ends with\n%s\nand another with\n%s", limit, first, got)
			}
			if r.Status != model.Optimal {
				stopped++
			}
		}
	}
	if stopped == 0 {
		t.Error("no run was stopped by its limit")
	}
}

func TestPublicOptima(t *testing.T) {
	for _, c := range []struct {
		file string
		cost string
	}{
		{"gap/orlib/gap1-0", "261"},
		{"gap/orlib/gap5-0", "403"},
		{"ctap/tass1003Ca.dat", "346"},
	} {
		file := filepath.Join("../../../shared/instances", c.file)
		data, err := os.ReadFile(file)
		if os.IsNotExist(err) {
			t.Skipf("the public instances are not here: %v", err)
		}
		if err != nil {
			t.Fatal(err)
		}
		in, err := instances.Read(data, file, instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		r := solveWith(t, p, Methods()[0], search.Limits{})
		if r.Status != model.Optimal || p.Format(r.Cost) != c.cost {
			t.Errorf("%s: %s at %s, the optimum is %s", c.file, r.Status, p.Format(r.Cost), c.cost)
		}
	}
}

// TestSymmetryKeepsAnOptimum solves instances of many like nodes with and without
// the order of nodes.
func TestSymmetryKeepsAnOptimum(t *testing.T) {
	alike := 0
	for seed := range uint64(60) {
		in := instances.Mixed(seed, 5, 2)
		in.Network.Between = nil // of which new nodes would have to be a part
		for k := range 2 {       // two more nodes like the first
			node := in.Nodes[0]
			node.Name = fmt.Sprint("copy", k)
			in.Nodes = append(in.Nodes, node)
		}
		p := compiled.Instance(t, in)
		if slices.Max(p.NodeClass) < int32(len(p.NodeNames)-1) {
			alike++
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			continue
		}
		r := solveWith(t, p, Methods()[0], search.Limits{})
		if (best == nil) != (r.Status == model.Infeasible) || best != nil && r.Cost != cost {
			t.Fatalf("seed %d: %s at %s, the optimum is %s", seed, r.Status, p.Format(r.Cost), p.Format(cost))
		}
	}
	if alike < 20 {
		t.Errorf("only %d instances have nodes that are alike", alike)
	}
}

// Somebody else may find a better placement while clauses are asked for one: what they
// allow is no error then.
func TestRivals(t *testing.T) {
	both := &search.Method{Name: "both", Handles: model.AllFeatures, Run: func(ctx context.Context, _ *model.Problem, b *search.Board) error {
		return search.Race(ctx, b, Methods()[0], heuristics.Descent)
	}}
	for seed := range uint64(20) {
		in := families.Instance(t, "containers", seed, func(spec *instances.Spec) {
			spec.Tasks, spec.Nodes, spec.Traffic = 20, 5, 24
		})
		p := compiled.Instance(t, in)
		solveWith(t, p, both, search.Limits{Work: 50_000_000})
	}
}
