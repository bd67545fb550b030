//go:build cgo

package colgen_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/solvers/colgen"
)

// small draws a problem over what the method handles: one to three resources,
// unlike demands, selectors, replicas, kept apart or not, tasks that may be left out,
// nodes that cost something. Nodes often come in racks of equal cost, so that cuts on
// groups and branching on levels have work; with little room many problems are
// infeasible.
func small(t *rapid.T) *model.Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	nodes, tasks, resources := 1+rng.IntN(5), 1+rng.IntN(8), 1+rng.IntN(3)
	dearest, largest := []int{1, 3, 20, 100}[rng.IntN(4)], []int{2, 7, 30}[rng.IntN(3)]
	fill := 60 + rng.IntN(60)
	racks := rng.IntN(3) > 0
	some := func(n int) bool { return rng.IntN(n) == 0 }
	unlike, selectors, leave, replicas, open := some(3), some(3), some(3), some(3), some(4)
	amounts := func(most int) model.Resources {
		var list model.Resources
		for _, name := range []string{"cpu", "disk", "memory"}[:resources] {
			list = append(list, model.Amount{Resource: name, Quantity: model.Quantity{Units: int64(rng.IntN(most + 1))}})
		}
		return list
	}
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	load := make([][]int64, nodes)
	for j := range load {
		load[j] = make([]int64, resources)
	}
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1, Demand: amounts(largest)}
		if replicas {
			task.Replicas += rng.IntN(3)
			if some(2) {
				task.Apart = "node"
			}
		}
		task.Fetch = &model.Fetch{}
		home := rng.IntN(nodes)
		far := rng.IntN(dearest + 1)
		for j := range nodes {
			price := rng.IntN(dearest + 1)
			switch {
			case racks && j == home:
				price = 0
			case racks && j/2 == home/2:
				price = far / 3
			case racks:
				price = far
			}
			name := fmt.Sprintf("n%d", j)
			task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name, Price: model.Decimal(price) * model.DecimalOne})
			if unlike {
				task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: name, Demand: amounts(largest)})
			}
		}
		if selectors && some(2) {
			task.On = &model.Selector{Nodes: []string{fmt.Sprintf("n%d", rng.IntN(nodes))}}
			if other := fmt.Sprintf("n%d", rng.IntN(nodes)); other != task.On.Nodes[0] {
				task.On.Nodes = append(task.On.Nodes, other)
			}
		}
		if leave && some(2) {
			price := model.Decimal(rng.IntN(2*dearest+1)) * model.DecimalOne
			task.Unplaced = &price
		}
		for range task.Replicas {
			j := rng.IntN(nodes)
			for r, a := range task.Demand {
				load[j][r] += a.Quantity.Units
			}
		}
		in.Tasks = append(in.Tasks, task)
	}
	if some(3) {
		for range 1 + rng.IntN(3) {
			rule := model.Rule{Kind: model.AntiAffinity, Topology: "node"}
			for _, i := range rng.Perm(tasks)[:min(2+rng.IntN(3), tasks)] {
				rule.Tasks = append(rule.Tasks, fmt.Sprintf("t%d", i))
			}
			if len(rule.Tasks) > 1 {
				in.Rules = append(in.Rules, rule)
			}
		}
	}
	for j := range nodes {
		node := model.Node{Name: fmt.Sprintf("n%d", j)}
		for r, name := range []string{"cpu", "disk", "memory"}[:resources] {
			node.Capacity = append(node.Capacity, model.Amount{Resource: name, Quantity: model.Quantity{Units: load[j][r] * 100 / int64(fill)}})
		}
		if open {
			node.OpenCost = model.Decimal(rng.IntN(dearest+1)) * model.DecimalOne
		}
		in.Nodes = append(in.Nodes, node)
	}
	return in
}

func solve(t interface{ Fatal(...any) }, p *model.Problem, work int64) *search.Result {
	r, err := search.Run(context.Background(), p, colgen.Methods()[0], search.Limits{Work: work}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestAgainstBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 10 {
			p := compiled.Instance(t, small(rt))
			best, cost, ok := bruteforce.Solve(p)
			if !ok {
				continue
			}
			all++
			if best != nil {
				feasible++
				hang(p, best)
			}
			proves(rt, solve(rt, p, 5_000_000_000), best, cost)
		}
	})
	bothSides(t, feasible, all)
}

// proves holds a run against what brute force found.
func proves(t *rapid.T, r *search.Result, best model.Placement, cost int64) {
	switch {
	case best == nil && r.Status != model.Infeasible:
		t.Fatalf("ends %v where nothing is feasible", r.Status)
	case best != nil && (r.Status != model.Optimal || r.Cost != cost):
		t.Fatalf("ends %v at %d with bound %d; the optimum is %d", r.Status, r.Cost, r.Bound, cost)
	}
}

// bothSides says whether enough of the problems were feasible, and enough were not.
func bothSides(t *testing.T, feasible, all int) {
	t.Helper()
	t.Logf("%d of %d problems were feasible", feasible, all)
	if 4*feasible < all || 20*feasible > 19*all {
		t.Errorf("%d of %d problems were feasible: the test sees too little of one side", feasible, all)
	}
}

// tasks is an instance of the family with two resources, homes and two racks.
func tasks(t testing.TB, nodes, tasks int, seed uint64) *model.Instance {
	t.Helper()
	in := families.Instance(t, "tasks", seed, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks = nodes, tasks, 2
	})
	return in
}

// The same seed and work give the same run, event by event.
func TestRepeats(t *testing.T) {
	p := compiled.Instance(t, tasks(t, 8, 60, 1))
	a, b := solve(t, p, 300_000_000), solve(t, p, 300_000_000)
	if len(a.Events) != len(b.Events) || a.Work != b.Work || a.Cost != b.Cost || a.Bound != b.Bound {
		t.Fatalf("two runs differ: %d events and %d, work %d and %d", len(a.Events), len(b.Events), a.Work, b.Work)
	}
	for k := range a.Events {
		x, y := a.Events[k], b.Events[k]
		if x.Seconds, y.Seconds = 0, 0; x != y {
			t.Fatalf("event %d: %+v and %+v", k, x, y)
		}
	}
}
