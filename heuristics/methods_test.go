package heuristics

import (
	"context"
	"runtime"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// TestMethodsOnMixed runs every method over small problems with every feature: the
// board ends the run where an offer is untrue, and each must succeed often enough.
func TestMethodsOnMixed(t *testing.T) {
	const problems = 100
	solvable := map[int]bool{}
	lacked := map[string]map[int]bool{}
	solved := map[string]int{}
	for _, method := range All() {
		lacked[method.Name] = map[int]bool{}
		for seed := range problems {
			p := compiled.Instance(t, instances.Mixed(uint64(seed), 10, 5))
			if method.Lacks(p) != 0 {
				lacked[method.Name][seed] = true
				continue
			}
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
		asked := 0
		for seed := range solvable {
			if !lacked[method.Name][seed] {
				asked++
			}
		}
		if solved[method.Name]*100 < 90*asked {
			t.Errorf("%s solved %d of %d", method.Name, solved[method.Name], asked)
		}
	}
}

// TestDescentFindsOptima compares with trying everything: every offer was judged,
// so it is never below the optimum, and it should nearly always be the optimum.
func TestDescentFindsOptima(t *testing.T) {
	solvable, optimal := 0, 0
	for seed := range 150 {
		p := compiled.Instance(t, instances.Mixed(uint64(seed), 6, 3))
		best, found := enumerate(p)
		for _, method := range All() {
			if method.Lacks(p) != 0 {
				continue
			}
			r, err := search.Run(context.Background(), p, method, search.Limits{Work: 2_000_000}, 1, 1, nil)
			if err != nil {
				t.Fatalf("%s, seed %d: %v", method.Name, seed, err)
			}
			if r.Placement == nil {
				continue
			}
			if !found || r.Cost < best {
				t.Errorf("%s, seed %d: cost %d, but the optimum is %d (found: %v)", method.Name, seed, r.Cost, best, found)
			}
			if method == Descent && r.Cost == best {
				optimal++
			}
		}
		if found {
			solvable++
		}
	}
	t.Logf("descent found %d of %d optima", optimal, solvable)
	if solvable < 75 || optimal*100 < 97*solvable {
		t.Errorf("descent found %d of %d optima", optimal, solvable)
	}
}

// enumerate tries all placements: the least cost, and whether there is any.
func enumerate(p *model.Problem) (int64, bool) {
	if p.Impossible != "" {
		return 0, false
	}
	s := newState(p)
	best, found := search.NoCost, false
	var try func(c int)
	try = func(c int) {
		if c == len(s.at) {
			if verdict := p.Evaluate(s.at); len(verdict.Violations) == 0 && verdict.Cost < best {
				best, found = verdict.Cost, true
			}
			return
		}
		it := &p.Items[s.itemOf[c]]
		for _, j := range append(p.Domains[it.Domain].Nodes(), model.NoPlace) {
			s.at[c] = j
			try(c + 1)
		}
	}
	try(0)
	return best, found
}

// TestSameSeedSamePlacement runs every method twice under a work limit that stops
// it midway, and once more with more work.
func TestSameSeedSamePlacement(t *testing.T) {
	for _, family := range []string{"tasks", "containers", "chunks"} {
		p := compiled.Instance(t, generate(t, family, 80, 8))
		for _, method := range All() {
			if method.Lacks(p) != 0 {
				continue
			}
			limits := search.Limits{Work: 20_000_000}
			first, err := search.Run(context.Background(), p, method, limits, 7, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			again, err := search.Run(context.Background(), p, method, limits, 7, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if first.Cost != again.Cost || first.Work != again.Work || !slices.Equal(first.Placement, again.Placement) {
				t.Errorf("%s on %s: %d after %d units, then %d after %d", method.Name, family, first.Cost, first.Work, again.Cost, again.Work)
			}
			if first.Work > limits.Work+5_000_000 {
				t.Errorf("%s on %s did %d units of %d", method.Name, family, first.Work, limits.Work)
			}
		}
	}
}

func generate(t testing.TB, family string, tasks, nodes int) *model.Instance {
	t.Helper()
	in := families.Instance(t, family, 3, func(spec *instances.Spec) {
		spec.Tasks, spec.Nodes = tasks, nodes
	})
	return in
}

// TestLargeStaysLinear places many items on many nodes: what a method allocates
// must not grow with items × nodes.
func TestLargeStaysLinear(t *testing.T) {
	const tasks, nodes = 20_000, 500
	p := compiled.Instance(t, generate(t, "tasks", tasks, nodes))
	for _, method := range All() {
		if method == Descent || method == Tabu || method == Anneal {
			continue // they never end by themselves
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		r, err := search.Run(context.Background(), p, method, search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		runtime.ReadMemStats(&after)
		bytes := (after.TotalAlloc - before.TotalAlloc) / tasks
		t.Logf("%s: cost %d, %d bytes an item, %d units an item", method.Name, r.Cost, bytes, r.Work/tasks)
		if bytes > 1_000 {
			t.Errorf("%s allocated %d bytes an item", method.Name, bytes)
		}
		if r.Placement == nil {
			t.Errorf("%s found nothing", method.Name)
		}
	}
}

// Where nothing can move, what never ends by itself still counts its rounds, and so it
// ends at its limit.
func TestEndsOnTinyProblems(t *testing.T) {
	for seed := range uint64(60) {
		p, err := model.Compile(instances.Mixed(seed, 2, 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		for _, method := range []*search.Method{Descent, Tabu, Anneal} {
			if method.Lacks(p) != 0 {
				continue
			}
			if _, err := search.Run(context.Background(), p, method, search.Limits{Work: 1_000_000}, 1, 1, nil); err != nil {
				t.Error(err)
			}
		}
	}
}
