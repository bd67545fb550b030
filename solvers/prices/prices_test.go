package prices_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/solvers/prices"
)

// small draws a problem over what the method handles: unlike demands, selectors,
// replicas, tasks that may be left out, nodes that cost something, one to three resources; costs with a home
// and a rest, or by node; nodes that cost more than the rest.
func small(t *rapid.T) *model.Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	nodes, tasks, resources := 1+rng.IntN(5), 1+rng.IntN(6), rng.IntN(4)
	dearest, largest, fill := []int{1, 3, 20, 1000}[rng.IntN(4)], []int{2, 7, 30}[rng.IntN(3)], 60+rng.IntN(60)
	some := func(odds int) bool { return rng.IntN(odds) == 0 }
	unlike, selectors, leave, replicas, dense, opens := some(3), some(3), some(3), some(2), some(3), some(3)
	name := func(j int) string { return fmt.Sprintf("n%d", j) }
	demand := func() (amounts model.Resources, sizes []int) {
		for r := range resources {
			sizes = append(sizes, rng.IntN(largest+1))
			amounts = append(amounts, model.Amount{Resource: fmt.Sprintf("r%d", r), Quantity: model.Quantity{Units: int64(sizes[r])}})
		}
		return amounts, sizes
	}
	price := func() model.Decimal { return model.Decimal(rng.IntN(dearest+1)) * model.DecimalOne }
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	load := make([][]int, nodes)
	for j := range load {
		load[j] = make([]int, resources)
	}
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1}
		if replicas {
			task.Replicas += rng.IntN(3)
		}
		var sizes []int
		task.Demand, sizes = demand()
		task.Home = []string{name(rng.IntN(nodes))}
		task.Fetch = &model.Fetch{Rest: price()}
		for j := range nodes {
			if name(j) != task.Home[0] && (dense || some(3)) {
				task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name(j), Price: price()})
			}
			if unlike && some(2) {
				other, _ := demand()
				task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: name(j), Demand: other})
			}
		}
		if selectors && some(2) {
			task.On = &model.Selector{Nodes: []string{name(rng.IntN(nodes))}}
			if other := name(rng.IntN(nodes)); other != task.On.Nodes[0] {
				task.On.Nodes = append(task.On.Nodes, other)
			}
		}
		if leave && some(2) {
			price := 2 * price()
			task.Unplaced = &price
		}
		for range task.Replicas {
			j := rng.IntN(nodes)
			for r, size := range sizes {
				load[j][r] += size
			}
		}
		in.Tasks = append(in.Tasks, task)
	}
	for j := range nodes {
		node := model.Node{Name: name(j)}
		if opens && !some(4) {
			node.OpenCost = 3 * price()
		}
		for r, used := range load[j] {
			node.Capacity = append(node.Capacity, model.Amount{Resource: fmt.Sprintf("r%d", r), Quantity: model.Quantity{Units: int64(used * 100 / fill)}})
		}
		in.Nodes = append(in.Nodes, node)
	}
	return in
}

func solve(t testing.TB, p *model.Problem, work int64, threads int) *search.Result {
	t.Helper()
	r, err := search.Run(context.Background(), p, prices.Method, search.Limits{Work: work}, 1, threads, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// No bound passes the optimum, nothing is found where nothing is feasible; the board
// judges the placements. Mostly one is found, and often it is the best.
func TestAgainstBruteForce(t *testing.T) {
	var feasible, infeasible, found, optimal int
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(small(t))
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Skip("too large for brute force")
		}
		if best != nil {
			hang(p, best)
		}
		r, err := search.Run(context.Background(), p, prices.Method, search.Limits{Work: 50_000_000}, 1, 2, nil)
		switch {
		case err != nil:
			t.Fatal(err)
		case best == nil:
			infeasible++
			if r.Placement != nil {
				t.Fatal("found a placement where there is none")
			}
			return
		case r.Bound > cost:
			t.Fatalf("claims the bound %s, the optimum is %s", p.Format(r.Bound), p.Format(cost))
		}
		feasible++
		if r.Placement != nil {
			found++
			if r.Cost == cost {
				optimal++
			}
		}
	})
	t.Logf("%d feasible, %d infeasible; a placement of %d, the best of %d", feasible, infeasible, found, optimal)
	if feasible == 0 || infeasible == 0 || found*10 < feasible*8 || optimal*10 < feasible*5 {
		t.Errorf("of %d feasible (%d infeasible) %d were placed and %d optimally", feasible, infeasible, found, optimal)
	}
}

// Where moves are limited the bound of all placements is one, and no placement is offered.
func TestMoveLimit(t *testing.T) {
	limited := 0
	rapid.Check(t, func(t *rapid.T) {
		in := small(t)
		runs := false
		for k := range in.Tasks {
			if task := &in.Tasks[k]; task.Replicas == 1 && rapid.Bool().Draw(t, "runs") {
				task.Current, runs = []string{rapid.SampledFrom(in.Nodes).Draw(t, "node").Name}, true
			}
		}
		if most := rapid.IntRange(0, 2).Draw(t, "moves"); runs {
			in.Given.MaxMoves = &most
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok || best == nil || p.MustStay == 0 || prices.Method.Lacks(p) != 0 {
			return
		}
		limited++
		r, err := search.Run(context.Background(), p, prices.Method, search.Limits{Work: 50_000_000}, 1, 1, nil)
		if err != nil || r.Placement != nil || r.Bound > cost || r.Status == model.Infeasible {
			t.Fatalf("%s, placement %v, bound %d, the optimum is %d: %v", r.Status, r.Placement, r.Bound, cost, err)
		}
	})
	if limited == 0 {
		t.Error("moves were limited nowhere")
	}
	in := families.Instance(t, "tasks", 1, func(spec *instances.Spec) { spec.Nodes, spec.Tasks, spec.Current = 50, 5000, 90 })
	free := solve(t, compiled.Instance(t, in), 0, 1)
	in.Given.MaxMoves = new(int)
	if bound := solve(t, compiled.Instance(t, in), 0, 1).Bound; float64(bound) < 0.99*float64(free.Bound) {
		t.Errorf("the bound is %d without moves and %d with any", bound, free.Bound)
	}
}

// generated makes an instance of the family tasks.
func generated(t testing.TB, change func(*instances.Spec)) *model.Problem {
	t.Helper()
	return compiled.Instance(t, families.Instance(t, "tasks", 1, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks = 50, 5000, 5
		change(spec)
	}))
}

// dearAlone has nodes that cost something, tasks that cost the same on all, and take more on some.
func dearAlone(s *instances.Spec) {
	s.Homes, s.Near, s.Fetch, s.Data = 0, 0, 0, 0
	s.Nodes, s.Tasks, s.OpenCost, s.Fill, s.Unlike = 100, 1500, 200, 50, 60
}

// On a hundred tasks a node the bound and the placement meet within parts of a
// percent, whatever occurs.
func TestGap(t *testing.T) {
	for _, c := range []struct {
		name   string
		most   float64
		change func(*instances.Spec)
	}{
		{"two resources", 0.004, func(*instances.Spec) {}},
		{"one resource", 0.003, func(s *instances.Spec) { s.Resources = 1 }},
		{"three resources", 0.01, func(s *instances.Spec) { s.Resources = 3 }},
		{"little room", 0.02, func(s *instances.Spec) { s.Fill = 97 }},
		{"replicas", 0.01, func(s *instances.Spec) { s.Replicas = 4 }},
		{"selectors", 0.01, func(s *instances.Spec) { s.Selectors = 30 }},
		{"unlike demands", 0.01, func(s *instances.Spec) { s.Unlike = 30 }},
		{"leaving out", 0.01, func(s *instances.Spec) { s.Unplaced, s.Fill = 40, 97 }},
		{"no homes", 0, func(s *instances.Spec) { s.Homes, s.Near, s.Fetch = 0, 0, 0 }},
		{"dear nodes alone", 0.01, func(s *instances.Spec) { dearAlone(s); s.Unlike = 0 }},
		{"dear nodes alone, unlike demands", 0.06, dearAlone},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := generated(t, c.change)
			r := solve(t, p, 2_000_000_000, 2)
			if r.Placement == nil {
				t.Fatal("no placement")
			}
			if gap := p.Gap(r.Cost, r.Bound); gap > c.most {
				t.Errorf("the gap is %.5f, want at most %v", gap, c.most)
			}
		})
	}
}

// The same bytes on one thread, two and three, and when the work ends it midway.
func TestThreadsDoNotMatter(t *testing.T) {
	p := generated(t, func(s *instances.Spec) { s.Selectors = 10 })
	for _, work := range []int64{20_000_000, 150_000_000} {
		one := solve(t, p, work, 1)
		for _, threads := range []int{1, 2, 3} {
			r := solve(t, p, work, threads)
			if !slices.Equal(r.Placement, one.Placement) || r.Bound != one.Bound || r.Work != one.Work {
				t.Errorf("%d threads: cost %d, bound %d, work %d; one thread: %d, %d, %d",
					threads, r.Cost, r.Bound, r.Work, one.Cost, one.Bound, one.Work)
			}
		}
	}
}
