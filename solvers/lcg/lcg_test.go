package lcg

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// go test ./solvers/lcg -workflows 1200 holds more than 3,000 against trying everything.
var workflows = flag.Uint64("workflows", 600, "how many random workflows of each kind are tried")

// prove runs the method to its end and holds what it says against trying everything.
func prove(t *testing.T, seed uint64, in *model.Instance) (asked bool) {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	_, makespan, ok := bruteforce.Schedule(p)
	if !ok {
		return false
	}
	r, err := search.Run(context.Background(), p, Method, search.Limits{Work: 3_000_000_000}, 1, 1, nil)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	switch {
	case makespan >= model.Never && r.Status != model.Infeasible:
		t.Fatalf("seed %d: %v, but nothing is feasible", seed, r.Status)
	case makespan < model.Never && (r.Status != model.Optimal || r.Cost != makespan):
		t.Fatalf("seed %d: %v at %d, bound %d; the optimum is %d", seed, r.Status, r.Cost, r.Bound, makespan)
	}
	return true
}

// proveAll proves many random workflows; of most it must be possible to try everything.
func proveAll(t *testing.T, random func(seed uint64) *model.Instance) {
	t.Helper()
	asked := 0
	for seed := range *workflows {
		if prove(t, seed, random(seed)) {
			asked++
		}
	}
	t.Logf("%d were tried", asked)
	if uint64(asked) < *workflows*2/3 {
		t.Errorf("only %d could be tried", asked)
	}
}

// TestMixed holds proofs on workflows with everything against trying everything.
func TestMixed(t *testing.T) {
	proveAll(t, func(seed uint64) *model.Instance { return instances.MixedWorkflow(seed, 1+int(seed%7), 1+int(seed%4)) })
}

// TestInterchangeable does that on nodes that are alike and results that take no time.
func TestInterchangeable(t *testing.T) {
	proveAll(t, func(seed uint64) *model.Instance { return alike(seed, 2+int(seed%7), 2+int(seed%2)) })
}

// TestForksAndJoins does that where whole graphs have an order on every node, and where
// twins have.
func TestForksAndJoins(t *testing.T) {
	proveAll(t, func(seed uint64) *model.Instance { return bushes(seed, 3+int(seed%4), 2+int(seed%2)) })
}

// TestNothingConnected: a fork and a join stay on one node where nothing joins the nodes.
func TestNothingConnected(t *testing.T) {
	for seed := range *workflows / 4 {
		in := bushes(seed, 3+int(seed%4), 2+int(seed%2))
		in.Network.Default = nil
		prove(t, seed, in)
	}
}

// TestLongTimes: where all nodes together have more time than 64 bits count, tasks still fit.
func TestLongTimes(t *testing.T) {
	in := &model.Instance{Workflow: true}
	for k := range 21 {
		in.Nodes = append(in.Nodes, model.Node{Name: fmt.Sprint(k)})
		work := 27_000_000_000*model.DecimalOne + model.Decimal(k)
		in.Tasks = append(in.Tasks, model.Task{Name: fmt.Sprint(k), Replicas: 1, Work: &work})
	}
	in.Nodes = in.Nodes[:20]
	in.Weights = model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Run(context.Background(), p, Method, search.Limits{Work: 30_000_000}, 1, 1, nil)
	if err != nil || r.Schedule == nil {
		t.Errorf("%v, bound %s: %v", r.Status, p.Format(r.Bound), err)
	}
}

// TestFineTimes: on nodes that are alike, how many ticks there are in a unit makes few tasks no harder.
func TestFineTimes(t *testing.T) {
	p := compiled.Document(t, `format: berth/v1
kind: workflow
nodes: [{name: n0}, {name: n1}]
tasks:
  - {name: t0, work: 3}
  - {name: t1, work: 10}
  - {name: t2, work: 2.1}
  - {name: t3, work: 2}
  - {name: t4, work: 3}
  - {name: t5, work: 4.263491}
  - {name: t6, work: 4}
`)
	r, err := search.Run(context.Background(), p, Method, search.Limits{Work: 3_000_000}, 1, 1, nil)
	if err != nil || r.Status != model.Optimal || p.Format(r.Cost) != "14.263491" {
		t.Errorf("%v at %s after %d: %v", r.Status, p.Format(r.Cost), r.Work, err)
	}
}

// TestCreeping: where results take a million times longer than tasks, intervals that are nearly full
// move the short ones ever again by little; that ends before it is all that is done.
func TestCreeping(t *testing.T) {
	p := compiled.Document(t, `format: berth/v1
kind: workflow
nodes: [{name: n0}, {name: n1, speed: 1.5}, {name: n2}]
network: {default: {latency: 1000000, bandwidth: 1}}
tasks:
  - {name: t0, work: 2}
  - {name: t1, work: 3}
  - {name: t2, work: 2000007, release: 6, deadline: 2000039}
  - {name: t3, work: 2000004}
  - {name: t4, work: 2}
  - {name: t5, work: 1, release: 13, deadline: 39}
  - {name: t6, work: 3}
  - {name: t7, work: 3000000}
  - {name: t8, work: 1000003}
dependencies:
  - {from: t0, to: t4, data: 2}
  - {from: t0, to: t8, data: 2}
  - {from: t1, to: t4, data: 2}
  - {from: t1, to: t8, data: 2}
  - {from: t3, to: t4, data: 5}
`)
	r, err := search.Run(context.Background(), p, Method, search.Limits{Work: 50_000_000}, 1, 1, nil)
	if err != nil || r.Status != model.Optimal || p.Format(r.Cost) != "2666668.666667" {
		t.Errorf("%v at %s after %d: %v", r.Status, p.Format(r.Cost), r.Work, err)
	}
}

// bushes makes a fork, a join, or a graph of pairs of twins, on two or three nodes that are
// mostly alike.
func bushes(seed uint64, tasks, nodes int) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, 8))
	in := alike(seed, tasks, nodes)
	in.Network.Default.Latency = model.Decimal(rng.IntN(2)) * model.DecimalOne
	in.Network.Default.Bandwidth = &model.Quantity{Units: 1}
	in.Dependencies = nil
	windows := rng.IntN(4) == 0
	same := rng.IntN(3) == 0
	for k := range in.Tasks {
		if !windows {
			in.Tasks[k].Release, in.Tasks[k].Deadline = 0, nil
		}
		if work := model.DecimalOne * 2; same {
			in.Tasks[k].Work = &work
		}
	}
	centre := rng.IntN(tasks)
	second := rng.IntN(tasks)
	kind := rng.IntN(3)
	for k := range in.Tasks {
		from, to := centre, k
		if kind == 1 {
			from, to = to, from
		}
		add := func(from, to int) {
			in.Dependencies = append(in.Dependencies, model.Dependency{
				From: in.Tasks[from].Name, To: in.Tasks[to].Name, Data: model.Quantity{Units: int64(rng.IntN(4))},
			})
		}
		if from != to && rng.IntN(6) > 0 && (kind < 2 || k != second) {
			add(from, to)
		}
		if kind == 2 && second != centre && k != second && k != centre {
			add(k, second)
		}
	}
	return in
}

// alike makes a workflow on nodes that are alike, some of whose tasks take no time.
func alike(seed uint64, tasks, nodes int) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, 7))
	in := instances.MixedWorkflow(seed, tasks, nodes)
	in.Network = model.Network{Default: &model.Line{}}
	for j := range in.Nodes {
		in.Nodes[j].Speed, in.Nodes[j].Capacity = nil, nil
	}
	for k := range in.Tasks {
		work := model.Decimal(rng.IntN(7)) * model.DecimalOne
		in.Tasks[k].Work, in.Tasks[k].Durations, in.Tasks[k].Demand = &work, nil, nil
	}
	for k := range in.Dependencies {
		in.Dependencies[k].Data = model.Quantity{}
	}
	return in
}
