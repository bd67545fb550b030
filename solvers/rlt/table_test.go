package rlt

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
)

// Whatever the passes move, what a table says of a placement is never more than the
// placement costs, and without prices of room it is exactly that.
func TestTableKeepsCosts(t *testing.T) {
	feasible := 0
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		p, err := model.Compile(instances.Mixed(seed, rapid.IntRange(2, 8).Draw(t, "replicas"), rapid.IntRange(2, 4).Draw(t, "nodes")))
		if err != nil {
			t.Fatal(err)
		}
		if Method.Lacks(p) != 0 || p.Impossible != "" {
			return
		}
		tab, possible := newTable(p)
		if !possible || tab.total() > mostInAll {
			return
		}
		shift := tab.scale(tab.total())
		rng := rand.New(rand.NewPCG(seed, 2))
		for round := range 6 {
			for range 20 {
				if pl, chosen := tab.somewhere(p, rng); pl != nil {
					feasible++
					tab.holds(t, p, pl, chosen, shift)
				}
			}
			for k := range tab.copies {
				unit := int32(k)
				if round%2 == 1 {
					unit = int32(len(tab.copies)-1) - unit
				}
				if !tab.take(unit, mostInAll<<2) {
					return
				}
				tab.give(unit, round%2 == 1)
			}
		}
	})
	if feasible == 0 {
		t.Error("no placement was feasible: the test sees nothing")
	}
}

// somewhere chooses a state for each unit; nil where that is not feasible.
func (t *table) somewhere(p *model.Problem, rng *rand.Rand) (model.Placement, []int32) {
	pl, chosen := make(model.Placement, p.Copies), make([]int32, len(t.copies))
	for unit, c := range t.copies {
		from, to := t.of(int32(unit))
		chosen[unit] = from + rng.Int32N(to-from)
		pl[c] = t.states[chosen[unit]].node
	}
	for k, s := range chosen {
		for _, u := range chosen[:k] { // of copies of one item one order is kept
			if t.row(s)[u] == forbidden {
				return nil, nil
			}
		}
	}
	if len(p.Evaluate(pl).Violations) > 0 {
		return nil, nil
	}
	return pl, chosen
}

// holds compares a table's word on a placement with the judge's.
func (t *table) holds(tb *rapid.T, p *model.Problem, pl model.Placement, chosen []int32, shift int) {
	sum, priced := t.bound, false
	for _, s := range chosen {
		if t.own[s] >= forbidden {
			tb.Fatalf("state %d of a feasible placement is closed", s)
		}
		sum += t.own[s]
		for _, u := range chosen {
			if u != s {
				sum += t.row(s)[u]
			}
		}
		for _, price := range t.price[int(s)*len(t.room):][:len(t.room)] {
			priced = priced || price > 0
		}
	}
	cost := (p.Evaluate(pl).Cost - p.Offset) << shift
	if sum > cost || !priced && sum != cost {
		tb.Fatalf("the table says %d of a placement that costs %d; priced: %v", sum, cost, priced)
	}
}
