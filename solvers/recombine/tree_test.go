//go:build cgo

package recombine

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// The tree chooses what an enumeration of all choices finds best, also of nodes that are alike
// and where moves are limited.
func TestTree(t *testing.T) {
	method, compared, limited, alike := Methods()[0], 0, 0, 0
	for seed := range uint64(8000) {
		in := instances.Mixed(seed, 8, 4)
		if most := int(seed % 4); slices.ContainsFunc(in.Tasks, func(task model.Task) bool { return len(task.Current) > 0 }) {
			in.Given.MaxMoves = &most
		}
		p := compiled.Instance(t, in)
		if method.Lacks(p) != 0 || len(p.Pairs) == 0 || p.Impossible != "" {
			continue
		}
		o := newPool(p, seed)
		o.addToday()
		rng := rand.New(rand.NewPCG(seed, 3))
		for range 12 {
			class := rng.Int32N(int32(len(o.nodes)))
			var in []part
			for i := range p.Items {
				if it := &p.Items[i]; rng.IntN(3) == 0 && p.Domains[it.Domain].Has(o.node[class]) {
					in = append(in, part{int32(i), 1 + rng.Int32N(it.Count)})
				}
			}
			o.addContent(o.node[class], in)
		}
		board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
		m, g, err := o.open(board)
		if err != nil {
			t.Fatal(err)
		}
		if len(o.columns) == 0 {
			continue
		}
		want := cheapest(o)
		if m == nil {
			if want < math.MaxInt64 {
				t.Fatalf("seed %d: no master, but a choice costs %d", seed, want)
			}
			continue
		}
		found := g.close(m.Duals(nil), m.Objective(), board)
		m.Close()
		got, held := int64(0), 0
		for k := range o.columns {
			got += int64(o.columns[k].held) * o.columns[k].cost
			held += int(o.columns[k].held)
		}
		if !found || got != want {
			t.Fatalf("seed %d: %d columns that cost %d, found %v; the best choice costs %d", seed, held, got, found, want)
		}
		compared++
		if p.MustStay > 0 {
			limited++
		}
		if len(o.nodes) < len(p.NodeNames) {
			alike++
		}
	}
	if compared < 200 || limited < 20 || alike < 20 {
		t.Errorf("only %d choices were compared, %d with limited moves, %d with nodes alike", compared, limited, alike)
	}
}

// cheapest enumerates what columns together cost at least where they keep to the rows of the
// master.
func cheapest(o *pool) int64 {
	p := o.problem
	used, copies := make([]int32, len(o.nodes)), make([]int32, len(p.Items))
	best := int64(math.MaxInt64)
	var extend func(k int, cost, stay int64)
	extend = func(k int, cost, stay int64) {
		if k == len(o.columns) {
			if stay >= p.MustStay {
				best = min(best, cost)
			}
			return
		}
		extend(k+1, cost, stay)
		c := &o.columns[k]
		fits := used[c.class] < o.nodes[c.class]
		for _, t := range c.in {
			fits = fits && (o.loose(t.item) || copies[t.item]+t.n <= p.Items[t.item].Count)
		}
		if !fits {
			return
		}
		change := func(by int32) {
			used[c.class] += by
			for _, t := range c.in {
				copies[t.item] += by * t.n
			}
		}
		change(1)
		extend(k, cost+c.cost, stay+c.stay) // perhaps once more
		change(-1)
	}
	extend(0, 0, 0)
	return best
}
