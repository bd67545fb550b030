package rlt_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
	"berth/solvers/rlt"
)

// small draws a problem with distances between nodes, or over racks, and over all else
// that the method handles. With alike costs many placements cost the same; with little
// room many problems are infeasible.
func small(t *rapid.T) *model.Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	nodes, tasks := 1+rng.IntN(4), 1+rng.IntN(6)
	dearest := []int{1, 3, 20, 100}[rng.IntN(4)]
	largest := []int{2, 7, 30}[rng.IntN(3)]
	fill := 60 + rng.IntN(60)
	price := func() model.Decimal { return model.Decimal(rng.IntN(dearest+1)) * model.DecimalOne }
	often := func() bool { return rng.IntN(3) == 0 }
	unlike, selectors, leave, replicas := often(), often(), often(), often()
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	load := make([]int, nodes)
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1, Fetch: &model.Fetch{}}
		need := 1 + rng.IntN(largest)
		task.Demand = memory(need)
		for j := range nodes {
			name := fmt.Sprintf("n%d", j)
			task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name, Price: price()})
			if unlike {
				task.DemandOn = append(task.DemandOn, model.NodeDemand{Node: name, Demand: memory(rng.IntN(largest + 1))})
			}
		}
		if selectors && often() {
			task.On = &model.Selector{Nodes: []string{fmt.Sprintf("n%d", rng.IntN(nodes))}}
		}
		if leave && often() {
			price := 2 * price()
			task.Unplaced = &price
		}
		if replicas && i > 2 {
			task.Replicas += rng.IntN(2)
			task.Apart = []string{"", "node", "rack"}[rng.IntN(3)]
		}
		load[rng.IntN(nodes)] += need * task.Replicas
		in.Tasks = append(in.Tasks, task)
	}
	for j := range nodes {
		in.Nodes = append(in.Nodes, model.Node{
			Name: fmt.Sprintf("n%d", j), Capacity: memory(max(load[j]*100/fill, 1)),
			Labels: []model.Label{{Key: "rack", Value: fmt.Sprintf("r%d", j/2)}},
		})
		for k := range j {
			in.Network.Between = append(in.Network.Between, model.NodeDistance{Nodes: [2]string{in.Nodes[k].Name, in.Nodes[j].Name}, Cost: price()})
		}
	}
	if often() {
		in.Network.Between, in.Network.Distance = nil, []model.Distance{{Same: "node"}, {Same: "rack", Cost: model.DecimalOne}, {Cost: 3 * model.DecimalOne}}
	}
	for i := range min(tasks, 3) {
		for j := range i {
			in.Traffic = append(in.Traffic, model.Traffic{Between: [2]string{in.Tasks[j].Name, in.Tasks[i].Name}, Volume: price()})
		}
	}
	if tasks > 3 && often() {
		kind := []model.RuleKind{model.Affinity, model.AntiAffinity}[rng.IntN(2)]
		in.Rules = append(in.Rules, model.Rule{Kind: kind, Topology: "rack", Tasks: []string{"t0", "t3"}})
	}
	return in
}

func memory(units int) model.Resources {
	return model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: int64(units)}}}
}

func solve(t interface{ Fatal(...any) }, p *model.Problem, limits search.Limits) *search.Result {
	r, err := search.Run(context.Background(), p, rlt.Method, limits, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// What brute force finds is what the method proves; and no bound on the way is above it.
func TestAgreesWithBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(small(t))
		if err != nil {
			t.Fatal(err)
		}
		if missing := rlt.Method.Lacks(p); missing != 0 {
			t.Fatalf("the problem has %v, which the method lacks", missing.Names())
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Skip("too large for brute force")
		}
		all++
		if best != nil {
			feasible++
			hang(p, best)
		}
		r := solve(t, p, search.Limits{})
		switch {
		case best == nil && r.Status != model.Infeasible:
			t.Fatalf("ends %s where nothing is feasible", r.Status)
		case best != nil && (r.Status != model.Optimal || r.Cost != cost || r.Bound != cost):
			t.Fatalf("ends %s at %d, bound %d; the optimum is %d", r.Status, r.Cost, r.Bound, cost)
		}
		for _, e := range r.Events {
			if best != nil && e.Bound > cost {
				t.Fatalf("the bound %d above the optimum %d", e.Bound, cost)
			}
		}
	})
	if feasible == 0 || feasible == all {
		t.Errorf("%d of %d instances were feasible: the test sees one side only", feasible, all)
	}
}

// Two of the public generalized quadratic assignments are proven at their best known value.
func TestPublic(t *testing.T) {
	dir := filepath.Join("..", "..", "..", "shared", "instances", "gqap")
	file, err := os.Open(filepath.Join(dir, "best.tsv"))
	if err != nil {
		t.Skipf("the public set gqap is not here: %v", err)
	}
	defer file.Close()
	table := csv.NewReader(file)
	table.Comma = '\t'
	rows, err := table.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for _, row := range rows {
		want[row[0]] = row[1]
	}
	for _, name := range []string{"20-15-35.txt", "30-08-55.txt"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		in, err := instances.Read(data, name, instances.Options{From: "gqap"})
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		if r := solve(t, p, search.Limits{}); r.Status != model.Optimal || p.Format(r.Cost) != want[name] {
			t.Errorf("%s ends %s at %s, want %s", name, r.Status, p.Format(r.Cost), want[name])
		}
	}
}
