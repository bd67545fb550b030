package lagrange_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/bruteforce"
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
		task.Fetch = &model.Fetch{ByNode: true}
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

func compile(t testing.TB, in *model.Instance) *model.Problem {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAgainstBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 20 {
			p := compile(t, small(rt))
			best, cost, ok := bruteforce.Solve(p)
			if !ok {
				continue
			}
			all++
			if best != nil {
				feasible++
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
