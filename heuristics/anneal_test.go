package heuristics

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// What the annealing keeps by increments, through moves, bundles, exchanges and what it
// takes back, is what a fresh state and the judge say.
func TestAnnealingEqualsJudge(t *testing.T) {
	var seen model.Feature
	feasible := 0
	checkAll(t, &seen, func(t *rapid.T) {
		p := drawProblem(t)
		if p.Copies == 0 || p.Impossible != "" {
			t.Skip("nothing to place")
		}
		board := search.NewBoard(context.Background(), p, search.Limits{}, rapid.Uint64().Draw(t, "chance"), 1, nil)
		b := newBuilder(p, board)
		if !b.placeClusters() {
			t.Fatal("nobody stopped it")
		}
		a := newAnnealing(b.state, board)
		if len(a.core) == 0 {
			t.Skip("nothing moves")
		}
		seen |= p.Features
		for range rapid.IntRange(1, 4).Draw(t, "rounds") {
			a.cool(rapid.Float64Range(0, 1).Draw(t, "part"))
			for range 100 {
				a.propose()
			}
			fresh := newStateOf(p, a.at)
			if a.cost != fresh.cost || a.breaches != fresh.breaches || a.over != fresh.over || a.stays && a.stay != fresh.stay {
				t.Fatalf("cost %d, %d breaches, %d overloads, %d stay; afresh %d, %d, %d, %d",
					a.cost, a.breaches, a.over, a.stay, fresh.cost, fresh.breaches, fresh.over, fresh.stay)
			}
			verdict := p.Evaluate(a.at)
			if a.feasible() != (len(verdict.Violations) == 0) {
				t.Fatalf("%d breaches, %d overloads; judge: %v", a.breaches, a.over, verdict.Violations)
			}
			if costed(p, a.state) && a.cost != verdict.Cost {
				t.Fatalf("cost %d; judge: %d %+v", a.cost, verdict.Cost, verdict.Terms)
			}
			if a.feasible() {
				feasible++
			}
			for c, j := range a.at {
				if j >= 0 && !p.Domains[p.Items[a.itemOf[c]].Domain].Has(j) {
					t.Fatalf("copy %d is on node %d, outside its domain", c, j)
				}
			}
		}
	})
	if feasible < 20 {
		t.Errorf("only %d feasible states were compared", feasible)
	}
}

// Pairs are drawn by the power of 3/4 of their traffic.
func TestFlowsAreDrawnByTraffic(t *testing.T) {
	p := &model.Problem{Pairs: []model.Pair{{A: 0, B: 1, Price: 1}, {A: 1, B: 2, Price: 16}, {A: 0, B: 2, Price: 81}}}
	f := newFlows(p)
	var share [3]float64
	for k := range f {
		stands := float64(f[k].keep) / (1 << 32)
		share[k] += stands / 3
		share[f[k].alias] += (1 - stands) / 3
	}
	want := [3]float64{1.68, 8.37, 27.3} // (price + 1)^(3/4)
	for k := range want {
		if got := share[k] * (1.68 + 8.37 + 27.3); got < want[k]*0.99 || got > want[k]*1.01 {
			t.Errorf("pair %d is drawn %.3f times in 37.35, want %.2f", k, got, want[k])
		}
	}
}

// Of what has no traffic only what is small is left to be packed afterwards.
func TestSandIsSmall(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 10}}
  - {name: n2, capacity: {cpu: 10}}
tasks:
  - {name: a, demand: {cpu: 1}}
  - {name: b, demand: {cpu: 1}}
  - {name: small, demand: {cpu: 2}}
  - {name: large, demand: {cpu: 3}}
traffic:
  - {between: [a, b], volume: 1}
`)
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	b := newBuilder(p, board)
	if !b.placeClusters() {
		t.Fatal("nobody stopped it")
	}
	if a := newAnnealing(b.state, board); a.Core() != 3 || a.sand != 1 {
		t.Fatalf("%d copies take part and %d are sand; want small alone to be sand", a.Core(), a.sand)
	}
}
