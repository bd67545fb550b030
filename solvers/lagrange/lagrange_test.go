package lagrange_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	"berth/solvers/lagrange"
)

// small draws a problem over what the method handles: unlike demands, selectors,
// replicas, tasks that may be left out, one resource that can run out on a node.
// With alike costs many placements cost the same; with little room many problems
// are infeasible.
func small(t *rapid.T) *model.Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	nodes := 1 + rng.IntN(4)
	tasks := 1 + rng.IntN(6)
	dearest := []int{1, 3, 20, 100}[rng.IntN(4)]
	largest := []int{2, 7, 30}[rng.IntN(3)]
	fill := 60 + rng.IntN(60)
	unlike, selectors, leave, replicas := rng.IntN(2) == 0, rng.IntN(3) == 0, rng.IntN(3) == 0, rng.IntN(3) == 0
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	load := make([]int, nodes)
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1}
		if replicas {
			task.Replicas += rng.IntN(3)
		}
		need := 1 + rng.IntN(largest)
		task.Demand = memory(need)
		task.Fetch = &model.Fetch{}
		for j := range nodes {
			name := fmt.Sprintf("n%d", j)
			task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name, Price: model.Decimal(rng.IntN(dearest+1)) * model.DecimalOne})
			if unlike {
				task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: name, Demand: memory(rng.IntN(largest + 1))})
			}
		}
		if selectors && rng.IntN(2) == 0 {
			task.On = &model.Selector{Nodes: []string{fmt.Sprintf("n%d", rng.IntN(nodes))}}
			if other := fmt.Sprintf("n%d", rng.IntN(nodes)); other != task.On.Nodes[0] {
				task.On.Nodes = append(task.On.Nodes, other)
			}
		}
		if leave && rng.IntN(2) == 0 {
			price := model.Decimal(rng.IntN(2*dearest+1)) * model.DecimalOne
			task.Unplaced = &price
		}
		load[rng.IntN(nodes)] += need * task.Replicas
		in.Tasks = append(in.Tasks, task)
	}
	for j := range nodes {
		in.Nodes = append(in.Nodes, model.Node{Name: fmt.Sprintf("n%d", j), Capacity: memory(load[j] * 100 / fill)})
	}
	return in
}

func memory(amount int) model.Resources {
	return model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: int64(amount)}}}
}

func TestAgainstBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 20 {
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
			r, err := search.Run(context.Background(), p, lagrange.Method, search.Limits{Work: 1_000_000_000}, 1, 1, nil)
			switch {
			case err != nil:
				rt.Fatal(err)
			case best == nil && r.Status != model.Infeasible:
				rt.Fatalf("ends %v where nothing is feasible", r.Status)
			case best != nil && (r.Status != model.Optimal || r.Cost != cost):
				rt.Fatalf("ends %v at %d; the optimum is %d", r.Status, r.Cost, cost)
			}
		}
	})
	t.Logf("%d of %d problems were feasible", feasible, all)
	if 4*feasible < all || 10*feasible > 9*all {
		t.Errorf("%d of %d problems were feasible: the test sees too little of one side", feasible, all)
	}
}

// resources is a node with three tasks, by cpu and memory.
func resources(cpu, memory int64, demands ...[2]int64) *model.Instance {
	vector := func(cpu, memory int64) model.Resources {
		return model.Resources{{Resource: "cpu", Quantity: model.Quantity{Units: cpu}}, {Resource: "memory", Quantity: model.Quantity{Units: memory}}}
	}
	in := &model.Instance{Nodes: []model.Node{{Name: "n0", Capacity: vector(cpu, memory)}, {Name: "n1", Capacity: vector(1000, 1000)}}}
	in.Weights = model.Weights{Fetch: model.DecimalOne}
	for i, d := range demands {
		in.Tasks = append(in.Tasks, model.Task{
			Name: fmt.Sprintf("t%d", i), Replicas: 1, Demand: vector(d[0], d[1]),
			Home: []string{"n0"}, Fetch: &model.Fetch{Rest: model.Decimal(i+1) * model.DecimalOne},
		})
	}
	return in
}

func TestSeveralResources(t *testing.T) {
	tests := []struct {
		name     string
		in       *model.Instance
		cost     string
		tooLarge bool
	}{
		{"memory never runs out", resources(4, 100, [2]int64{2, 30}, [2]int64{2, 30}, [2]int64{2, 30}), "1", false},
		{"cpu runs out first", resources(4, 10, [2]int64{2, 4}, [2]int64{2, 5}, [2]int64{2, 1}), "1", false},
		{"memory runs out first", resources(10, 4, [2]int64{4, 2}, [2]int64{5, 2}, [2]int64{1, 2}), "1", false},
		{"either can run out", resources(4, 4, [2]int64{2, 1}, [2]int64{1, 2}, [2]int64{2, 2}), "", true},
	}
	for _, test := range tests {
		p := compiled.Instance(t, test.in)
		r, err := search.Run(context.Background(), p, lagrange.Method, search.Limits{}, 1, 1, nil)
		if tooLarge := errors.Is(err, search.ErrTooLarge); tooLarge != test.tooLarge || err != nil && !tooLarge {
			t.Errorf("%s: error %v", test.name, err)
			continue
		}
		if !test.tooLarge && (r.Status != model.Optimal || p.Format(r.Cost) != test.cost) {
			t.Errorf("%s: %v at %s, not optimal at %s", test.name, r.Status, p.Format(r.Cost), test.cost)
		}
	}
}
