package flow_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	"berth/solvers/flow"
	"berth/solvers/lp"
)

// small draws chunks on racks: replicas, kept apart or not, some that may be left
// out or run somewhere today, reads, selectors, nodes of different size, with or
// without uplinks, all of one size or not. Many have little room, some too little.
func small(t *rapid.T, uplinks, unlike bool) *model.Instance {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
	some := func(odds int) bool { return rng.IntN(odds) == 0 }
	nodes, tasks, dearest := 1+rng.IntN(5), 1+rng.IntN(5), []int{1, 3, 20, 1000}[rng.IntN(4)]
	leave, selectors, homes, runs := some(3), some(3), some(3), some(3)
	price := func() model.Decimal { return model.Decimal(rng.IntN(dearest+1)) * model.DecimalOne }
	name := func(j int) string { return fmt.Sprintf("n%d", j) }
	amount := func(units int) model.Resources {
		return model.Resources{{Resource: "storage", Quantity: model.Quantity{Units: int64(units)}}}
	}
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	room, coarse := 0, some(4)
	for i := range tasks {
		size := 3
		switch {
		case unlike && coarse:
			size = 1 + rng.IntN(100_000)
		case unlike:
			size = rng.IntN(6)
		}
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1 + rng.IntN(3), Demand: amount(size)}
		if unlike || some(2) {
			task.Apart = "node"
		}
		if homes && some(2) {
			task.Home = []string{name(rng.IntN(nodes))}
			task.Fetch = &model.Fetch{Rest: price()}
		} else {
			for j := range nodes {
				if some(2) {
					task.Reads = append(task.Reads, model.NodeReads{Node: name(j), Reads: price()})
				}
			}
		}
		for range task.Replicas {
			if runs && some(2) {
				task.Current = append(task.Current, name(rng.IntN(nodes)))
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
		room += size * task.Replicas
		in.Tasks = append(in.Tasks, task)
	}
	for j := range nodes {
		node := model.Node{Name: name(j), Capacity: amount(room/nodes + 3*rng.IntN(3) + rng.IntN(3))}
		if uplinks && some(2) {
			limit := model.Decimal(rng.IntN(dearest*tasks/2+1)) * model.DecimalOne
			node.Uplink = &limit
		}
		in.Nodes = append(in.Nodes, node)
	}
	return in
}

// chunks are the settings of a file store without limits on what racks send out.
func chunks(racks, chunks int) instances.Spec {
	spec, err := instances.Defaults("chunks")
	if err != nil {
		panic(err)
	}
	spec.Nodes, spec.Tasks, spec.Uplinks = racks, chunks, 0
	return spec
}

// What the methods say is the optimum is, and they say nothing is feasible where
// nothing is.
func TestFlowAgainstBruteForce(t *testing.T)    { againstBruteForce(t, flow.Method, false, false) }
func TestUplinksAgainstBruteForce(t *testing.T) { againstBruteForce(t, flow.Uplinks, true, false) }

// Copies that take different amounts are branched on.
func TestUnlikeSizesAgainstBruteForce(t *testing.T) { againstBruteForce(t, flow.Method, false, true) }

func TestUnlikeSizesWithUplinksAgainstBruteForce(t *testing.T) {
	againstBruteForce(t, flow.Uplinks, true, true)
}

func againstBruteForce(t *testing.T, method *search.Method, uplinks, unlike bool) {
	feasible, infeasible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(small(t, uplinks, unlike))
		if err != nil {
			t.Fatal(err)
		}
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Skip("too large for brute force")
		}
		r, err := search.Run(context.Background(), p, method, search.Limits{}, 1, 1, nil)
		switch {
		case err != nil:
			t.Fatal(err)
		case best == nil:
			infeasible++
			if r.Status != model.Infeasible {
				t.Fatalf("says %s where nothing is feasible", r.Status)
			}
		case r.Status != model.Optimal || r.Cost != cost:
			t.Fatalf("says %s at %s, bound %s; the optimum is %s", r.Status, p.Format(r.Cost), p.Format(r.Bound), p.Format(cost))
		default:
			feasible++
		}
	})
	if feasible < 10 || infeasible < 2 {
		t.Errorf("only %d feasible and %d infeasible problems were tried", feasible, infeasible)
	}
}

// Where uplinks are short and chunks are few, the tree is deep: it comes to what branch
// and cut comes to.
func TestUplinksAgainstLP(t *testing.T) {
	againstLP(t, flow.Uplinks, func(spec *instances.Spec, _ uint64) { spec.Tasks, spec.Uplinks = 30, 100 })
}

// So it is where chunks take different amounts, and where one has a single replica or runs
// somewhere, so that a node is worth more to the first of its copies.
func TestUnlikeSizesAgainstLP(t *testing.T) {
	againstLP(t, flow.Method, func(spec *instances.Spec, seed uint64) {
		spec.Even, spec.Fill, spec.Current = 0, 80+int(seed%4)*5, int(seed%2)*50
	})
}

func TestUnlikeSizesWithUplinksAgainstLP(t *testing.T) {
	againstLP(t, flow.Uplinks, func(spec *instances.Spec, seed uint64) {
		spec.Even, spec.Uplinks, spec.Fill, spec.Current = 0, 100, 80+int(seed%4)*5, int(seed%2)*50
	})
}

func againstLP(t *testing.T, method *search.Method, set func(spec *instances.Spec, seed uint64)) {
	t.Helper()
	methods := lp.Methods()
	if len(methods) == 0 {
		t.Skip("built without cgo: no LP library to compare with")
	}
	branched := 0
	for seed := range uint64(60) {
		spec := chunks(6, 20)
		set(&spec, seed)
		in, err := instances.Generate(spec, seed)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		want, err := search.Run(context.Background(), p, methods[0], search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		got, err := search.Run(context.Background(), p, method, search.Limits{Work: 1_000_000_000}, 1, 1, nil)
		if err != nil || got.Status != want.Status || got.Cost != want.Cost {
			t.Errorf("seed %d: %s at %s, %v; lp has %s at %s", seed, got.Status, p.Format(got.Cost), err, want.Status, p.Format(want.Cost))
		}
		if len(got.Events) > 3 {
			branched++
		}
	}
	if branched < 2 {
		t.Errorf("only %d trees had more than a root", branched)
	}
}

// A large network is settled by way of samples, and proven.
func TestLarge(t *testing.T) {
	in, err := instances.Generate(chunks(20, 9000), 3)
	if err != nil {
		t.Fatal(err)
	}
	p := compiled.Instance(t, in)
	for _, threads := range []int{1, 2} {
		r, err := search.Run(context.Background(), p, flow.Method, search.Limits{}, 1, threads, nil)
		if err != nil || r.Status != model.Optimal {
			t.Fatalf("%v, %v", r.Status, err)
		}
	}
}

// What flow cannot restate at any size is not said to be too large.
func TestUnfit(t *testing.T) {
	p := compiled.Document(t, "format: berth/v1\nkind: placement\nnodes: [{name: a, capacity: {cpu: 4, memory: 4}}, {name: b, capacity: {cpu: 4, memory: 4}}]\n"+
		"tasks: [{name: x, demand: {cpu: 3, memory: 1}}, {name: y, demand: {cpu: 1, memory: 3}}, {name: z, demand: {cpu: 2, memory: 2}}]\n")
	_, err := search.Run(t.Context(), p, flow.Method, search.Limits{}, 1, 1, nil)
	want := "flow: tasks that take different amounts of cpu and memory, both scarce, which the method does not handle"
	if !errors.Is(err, search.ErrTooLarge) || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
}

func BenchmarkFlow(b *testing.B) {
	in, err := instances.Generate(chunks(30, 10000), 1)
	if err != nil {
		b.Fatal(err)
	}
	p := compiled.Instance(b, in)
	for b.Loop() {
		r, err := search.Run(context.Background(), p, flow.Method, search.Limits{}, 1, 1, nil)
		if err != nil || r.Status != model.Optimal {
			b.Fatal(r.Status, err)
		}
	}
}
