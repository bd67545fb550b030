package model_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
)

// TestBillAddsUp: the items of a bill add up to the judge's terms, and its flows to
// what each pair of tasks pays; for placements that break rules as well.
func TestBillAddsUp(t *testing.T) {
	seen := map[string]int{}
	check := func(t rapid.TB, seed uint64, replicas, nodes int) {
		p, err := model.Compile(instances.Mixed(seed, replicas, nodes))
		if err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(seed, 3))
		pl := somewhere(p, chance)
		checkBill(t, p, p.Bill(p.Expand(pl)), p.Evaluate(pl), seen)
		if back, ok := p.Lift(p.Expand(pl)); !ok || fmt.Sprint(back) != fmt.Sprint(pl) {
			t.Fatalf("%v comes back as %v, %t", pl, back, ok)
		}
		// Replicas of one copy apart from each other are judged as well.
		at := p.Expand(pl)
		for r := range at {
			at[r] = int32(chance.IntN(len(p.NodeNames)+1)) - 1
		}
		checkBill(t, p, p.Bill(at), p.JudgeReplicas(at), seen)
	}
	for seed := range uint64(100) {
		check(t, seed, 14, 6) // as many as it takes for every term to occur, by no chance
	}
	rapid.Check(t, func(t *rapid.T) {
		check(t, rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 14).Draw(t, "replicas"), rapid.IntRange(1, 6).Draw(t, "nodes"))
	})
	for _, term := range []string{"fetch", "move", "unplaced", "reads", "open", "wishes", "traffic", "several flows"} {
		if seen[term] == 0 {
			t.Errorf("no bill had %s; the test shows little", term)
		}
	}
}

func checkBill(t rapid.TB, p *model.Problem, b *model.Bill, v model.Verdict, seen map[string]int) {
	t.Helper()
	var sum model.Terms
	see := func(term string, cost int64) int64 {
		if cost < 0 {
			t.Fatalf("%s costs %d", term, cost)
		}
		if cost > 0 {
			seen[term]++
		}
		return cost
	}
	for r, own := range b.Own {
		sum.Fetch += see("fetch", own.Fetch)
		sum.Move += see("move", own.Move)
		sum.Unplaced += see("unplaced", own.Unplaced)
		if own.Traffic+own.Open+own.Wishes != 0 {
			t.Fatalf("replica %d pays for more than itself: %+v", r, own)
		}
	}
	for _, read := range b.Reads {
		sum.Fetch += see("reads", read.Cost)
	}
	for _, cost := range b.Open {
		sum.Open += see("open", cost)
	}
	for _, cost := range b.Wishes {
		sum.Wishes += see("wishes", cost)
	}
	flows, shares := make([]int64, len(b.Traffic)), make([]int64, len(b.Traffic))
	several := make([]int, len(b.Traffic))
	first := make([]*model.Flow, len(b.Traffic))
	for e := range b.Flows {
		f := &b.Flows[e]
		if g := first[f.Traffic]; g == nil {
			first[f.Traffic] = f
		} else if x, y := f.Cost*g.Share*distance(p, g.Nodes), g.Cost*f.Share*distance(p, f.Nodes); x != y {
			t.Fatalf("flows %+v and %+v of one traffic cost different prices", *f, *g)
		}
		if f.Share <= 0 || f.Cost < 0 {
			t.Fatalf("a flow of %d at %d", f.Share, f.Cost)
		}
		flows[f.Traffic] += f.Cost
		shares[f.Traffic] += f.Share
		several[f.Traffic]++
	}
	for k, cost := range b.Traffic {
		sum.Traffic += see("traffic", cost)
		if flows[k] != cost || shares[k] > p.Full {
			t.Fatalf("traffic %d costs %d, its flows %d with a share of %d in %d", k, cost, flows[k], shares[k], p.Full)
		}
		if several[k] > 1 {
			seen["several flows"]++
		}
	}
	if sum != b.Terms || sum != v.Terms || b.Cost != v.Cost || len(b.Violations) != len(v.Violations) {
		t.Fatalf("the items add up to %+v, the bill to %+v, the judge says %+v", sum, b.Terms, v.Terms)
	}
}

// distance is that of two nodes, or of the nearest level at which they share a place.
func distance(p *model.Problem, nodes [2]int32) int64 {
	if p.Matrix != nil {
		return p.Matrix[int(nodes[0])*len(p.NodeNames)+int(nodes[1])]
	}
	for _, l := range p.Levels {
		if l.Topology < 0 {
			return l.Distance
		}
		if place := p.Topologies[l.Topology].Place; place[nodes[0]] == place[nodes[1]] {
			return l.Distance
		}
	}
	panic("no level matches")
}

// TestFlowsAreAsLocalAsTheyCanBe: by hand.
func TestFlowsAreAsLocalAsTheyCanBe(t *testing.T) {
	in, err := model.Read([]byte(`
format: berth/v1
kind: placement
nodes:
  - {name: a1, capacity: {cpu: 9}, labels: {rack: a}}
  - {name: a2, capacity: {cpu: 9}, labels: {rack: a}}
  - {name: b1, capacity: {cpu: 9}, labels: {rack: b}}
tasks:
  - {name: four, demand: {cpu: 1}, replicas: 4}
  - {name: two, demand: {cpu: 1}, replicas: 2}
  - {name: one, demand: {cpu: 1}}
traffic:
  - {between: [four, two], volume: 8}
  - {between: [one, two], volume: 10}
network:
  distance: [{same: rack, cost: 1}, {cost: 5}]
`), "flows.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	at := []int32{0, 0, 0, 1 /* two */, 1, 2 /* one */, 0}
	var got strings.Builder
	for _, f := range p.Bill(at).Flows {
		fmt.Fprintf(&got, "%v %s-%s %d/%d costs %s\n", in.Traffic[f.Traffic].Between, p.NodeNames[f.Nodes[0]], p.NodeNames[f.Nodes[1]],
			f.Share*4/p.Full, 4, p.Format(f.Cost))
	}
	// A quarter of four and half of two are on a2, which takes a quarter; another
	// quarter stays in rack a; half must go to b1.
	want := `[four two] a2-a2 1/4 costs 2
[four two] a1-a2 1/4 costs 2
[four two] a1-b1 2/4 costs 20
[one two] a1-a2 2/4 costs 5
[one two] a1-b1 2/4 costs 25
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
}
