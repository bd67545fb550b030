//go:build cgo

package recombine

import (
	"context"
	"slices"
	"testing"

	"berth/heuristics"
	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// Columns of all nodes add up to what the judge says of the placement.
func TestColumnsAddUp(t *testing.T) {
	method := Methods()[0]
	compared := 0
	for seed := range uint64(300) {
		p := compiled.Instance(t, instances.Mixed(seed, 10, 4))
		if method.Lacks(p) != 0 {
			continue
		}
		r, err := search.Run(context.Background(), p, heuristics.Anneal, search.Limits{Work: 400_000}, seed, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Placement == nil {
			continue
		}
		sum, whole := p.Offset, true
		for i := range p.Items {
			it := &p.Items[i]
			if it.Unplaced != model.NoLimit {
				sum += it.Unplaced * int64(it.Count)
			}
			for c := it.First; c < it.First+it.Count; c++ {
				whole = whole && r.Placement[c] != model.NoPlace
			}
		}
		if !whole {
			continue // what is left out pays no traffic, which columns do not know
		}
		for _, pair := range p.Pairs {
			sum += pair.Price * p.Full * p.Levels[len(p.Levels)-1].Distance
		}
		o := newPool(p, 1)
		for j, in := range contents(p, r.Placement) {
			if len(in) > 0 {
				sum += o.cost(p.NodeClass[j], in)
			}
		}
		if sum != r.Cost {
			t.Fatalf("seed %d: columns cost %d, the judge says %d", seed, sum, r.Cost)
		}
		compared++
	}
	if compared < 40 {
		t.Errorf("only %d placements were compared", compared)
	}
}

// From two placements, each good on one half of the nodes, the master makes one that is
// good on both.
func TestChooseCombines(t *testing.T) {
	in, err := instances.Read([]byte(fourPairs), "pairs.yaml", instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p := compiled.Instance(t, in)
	index := map[string]int{}
	for i := range p.Items {
		index[p.Label(int32(i))] = int(p.Items[i].First)
	}
	place := func(nodes map[string]int32) model.Placement {
		pl := make(model.Placement, p.Copies)
		for name, j := range nodes {
			pl[index[name]] = j
		}
		return pl
	}
	o := newPool(p, 1)
	o.add(place(map[string]int32{"a": 0, "b": 0, "c": 1, "d": 1, "e": 2, "g": 2, "f": 3, "h": 3}))
	o.add(place(map[string]int32{"a": 0, "c": 0, "b": 1, "d": 1, "e": 2, "f": 2, "g": 3, "h": 3}))
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	pl, err := o.choose(board)
	if err != nil {
		t.Fatal(err)
	}
	if verdict := p.Evaluate(pl); len(verdict.Violations) > 0 || verdict.Cost != 0 {
		t.Errorf("chosen %v: %+v", pl, verdict)
	}
}

// Where moves are limited, the master chooses no more of them.
func TestChooseKeepsToTheMoves(t *testing.T) {
	today := map[string]string{"a": "n1", "b": "n1", "c": "n2", "d": "n2", "e": "n3", "g": "n3", "f": "n4", "h": "n4"}
	var free model.Decimal
	for most, cost := range []int64{2, 2, 0} {
		in, err := instances.Read([]byte(fourPairs), "pairs.yaml", instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range in.Tasks {
			in.Tasks[i].Current, in.Tasks[i].MoveCost = []string{today[in.Tasks[i].Name]}, &free
		}
		in.Given.MaxMoves = &most
		p := compiled.Instance(t, in)
		at := func(nodes map[string]string) model.Placement {
			pl := make(model.Placement, p.Copies)
			for i := range p.Items {
				pl[p.Items[i].First] = int32(slices.Index(p.NodeNames, nodes[p.Label(int32(i))]))
			}
			return pl
		}
		o := newPool(p, 1)
		o.add(at(today))
		o.add(at(map[string]string{"a": "n1", "c": "n1", "b": "n2", "d": "n2", "e": "n3", "f": "n3", "g": "n4", "h": "n4"}))
		board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
		pl, err := o.choose(board)
		if err != nil {
			t.Fatal(err)
		}
		away := 0 // or not placed yet
		for i := range p.Items {
			if c := p.Items[i].First; p.NodeNames[max(pl[c], 0)] != today[p.Label(int32(i))] || pl[c] < 0 {
				away++
			}
		}
		if away > most {
			t.Errorf("at most %d moves: chosen %v makes %d", most, pl, away)
		}
		if heuristics.Mend(p, board, pl, 1_000_000) == nil {
			t.Fatalf("at most %d moves: chosen %v cannot be mended", most, pl)
		}
		best, _ := board.Best()
		if verdict := p.Evaluate(best); len(verdict.Violations) > 0 || verdict.Terms.Traffic != cost {
			t.Errorf("at most %d moves: chosen %v: %+v; want traffic %d", most, best, verdict, cost)
		}
	}
}

// What runs today where it may no longer be is in no column, and nobody is told to leave it.
func TestTodayWhereNothingMayStay(t *testing.T) {
	in, err := instances.Read([]byte(fourPairs), "pairs.yaml", instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var free model.Decimal
	for i := range in.Tasks {
		in.Tasks[i].Current, in.Tasks[i].MoveCost = []string{"n" + string("12341234"[i])}, &free
	}
	most := 4
	in.Given = model.Given{MaxMoves: &most, Without: []string{"n4"}}
	in.Nodes[0].Capacity[0].Quantity.Units = 4
	p := compiled.Instance(t, in)
	o := newPool(p, 1)
	o.addToday()
	for _, c := range o.columns {
		for _, held := range c.in {
			if o.fitting(held.item, o.node[c.class], held.n) < held.n {
				t.Errorf("a column of %s holds %d of %s", p.NodeNames[o.node[c.class]], held.n, p.Label(held.item))
			}
		}
	}
	r, err := search.Run(context.Background(), p, Methods()[0], search.Limits{Work: 20_000_000}, 1, 1, nil)
	if err != nil || r.Placement == nil {
		t.Errorf("%v: %v", r.Placement, err)
	}
}

const fourPairs = `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 2}}
  - {name: n2, capacity: {cpu: 2}}
  - {name: n3, capacity: {cpu: 2}}
  - {name: n4, capacity: {cpu: 2}}
tasks:
  - {name: a, demand: {cpu: 1}}
  - {name: b, demand: {cpu: 1}}
  - {name: c, demand: {cpu: 1}}
  - {name: d, demand: {cpu: 1}}
  - {name: e, demand: {cpu: 1}}
  - {name: f, demand: {cpu: 1}}
  - {name: g, demand: {cpu: 1}}
  - {name: h, demand: {cpu: 1}}
traffic:
  - {between: [a, b], volume: 1}
  - {between: [c, d], volume: 1}
  - {between: [e, f], volume: 1}
  - {between: [g, h], volume: 1}
`

// The method works on everything that it handles, and the same seed gives the same.
func TestRecombine(t *testing.T) {
	method := Methods()[0]
	in := families.Instance(t, "containers", 2, func(spec *instances.Spec) {
		spec.Racks = 0
	})
	p := compiled.Instance(t, in)
	if lacks := method.Lacks(p); lacks != 0 {
		t.Fatalf("lacks %v", lacks.Names())
	}
	var costs [2]int64
	for k := range costs {
		r, err := search.Run(context.Background(), p, method, search.Limits{Work: 300_000_000}, 3, 1, nil)
		if err != nil || r.Placement == nil {
			t.Fatalf("%v, %v", r.Placement, err)
		}
		costs[k] = r.Cost
	}
	if costs[0] != costs[1] {
		t.Errorf("cost %d, then %d", costs[0], costs[1])
	}
}
