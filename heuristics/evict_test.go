package heuristics

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// What waits finds room that is there in pieces: by one move, by two, and by one that needs
// another first.
func TestStayMakesRoom(t *testing.T) {
	for name, test := range map[string]struct{ nodes, tasks, want string }{
		"one move": {
			`[{name: a, capacity: {m: 4}}, {name: b, capacity: {m: 4}}]`,
			`[{name: p, demand: {m: 2}, current: a}, {name: q, demand: {m: 2}, current: b}, {name: new, demand: {m: 4}, unplaced: 9}]`,
			"1",
		},
		"two moves": {
			`[{name: a, capacity: {m: 6}}, {name: b, capacity: {m: 6}}, {name: c, capacity: {m: 6}}]`,
			`[{name: p, demand: {m: 2}, current: a}, {name: q, demand: {m: 2}, current: a}, {name: r, demand: {m: 4}, current: b}, {name: s, demand: {m: 4}, current: c}, {name: new, demand: {m: 5}, unplaced: 9}]`,
			"2",
		},
		"a move that needs another": {
			`[{name: a, capacity: {m: 5}}, {name: b, capacity: {m: 5}}, {name: c, capacity: {m: 5}}]`,
			`[{name: p, demand: {m: 3}, current: a}, {name: q, demand: {m: 1}, current: b}, {name: r, demand: {m: 2}, current: b}, {name: s, demand: {m: 3}, current: c, "on": [c]}, {name: new, demand: {m: 5}, unplaced: 9, "on": [a]}]`,
			"2",
		},
		"it is not worth it": {
			`[{name: a, capacity: {m: 4}}, {name: b, capacity: {m: 4}}]`,
			`[{name: p, demand: {m: 2}, current: a, moveCost: 10}, {name: q, demand: {m: 2}, current: b, moveCost: 10}, {name: new, demand: {m: 4}, unplaced: 9}]`,
			"9",
		},
	} {
		p := compiled.Document(t, "format: berth/v1\nkind: placement\nnodes: "+test.nodes+"\ntasks: "+test.tasks)
		r, err := search.Run(context.Background(), p, Stay, search.Limits{}, 1, 1, nil)
		if err != nil || r.Placement == nil || p.Format(r.Cost) != test.want {
			t.Errorf("%s: %v %v, %v; want %s", name, r.Placement, p.Format(r.Cost), err, test.want)
		}
	}
}

// Making room costs less or changes nothing, breaks nothing, and leaves a state that counts
// right.
func TestMakeRoomKeepsWhatHolds(t *testing.T) {
	saved := 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), 12, rapid.IntRange(2, 5).Draw(t, "nodes"))
		price := model.Decimal(rapid.IntRange(1, 60).Draw(t, "price")) * model.DecimalOne
		for i := range in.Tasks {
			in.Tasks[i].Unplaced = &price
		}
		p := compiled.Instance(t, in)
		b := newBuilder(p, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
		if !b.placeWhereItRuns() || !b.mend() {
			return
		}
		for c := range b.at { // some of it is out
			if i := b.itemOf[c]; rapid.IntRange(0, 2).Draw(t, "out") == 0 && b.try(int32(c), model.NoPlace).breaches == 0 && p.Items[i].Unplaced != model.NoLimit {
				b.put(int32(c), model.NoPlace)
			}
		}
		if !b.feasible() {
			return
		}
		before := b.cost
		if !b.makeRoom() {
			t.Fatal("the board stopped it")
		}
		v := p.Evaluate(slices.Clone(b.at))
		if b.cost > before || len(v.Violations) > 0 || v.Cost != b.cost {
			t.Fatalf("%s before, %s after, %s judged: %v", p.Format(before), p.Format(b.cost), p.Format(v.Cost), v.Violations)
		}
		if b.cost < before {
			saved++
		}
	})
	if saved == 0 {
		t.Error("room was never made")
	}
}
