//go:build cgo

package colgen

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Both searches take the same steps to the same sets, with any entry held and any limit.
func TestSingles(t *testing.T) {
	searched := 0
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 4))
		in := draw(rng)
		if in.resources > 2 {
			return
		}
		in.foes, in.clique = nil, nil
		for i := range in.copies {
			in.copies[i], in.most[i] = 1, min(in.most[i], 1)
		}
		e := newEngine(in, idle{})
		for i := range e.u {
			e.u[i], e.slots[i] = int64(rng.IntN(60)), 2
		}
		if !e.solve(0) {
			rt.Fatal("nothing fits")
		}
		k := &e.knapsack
		if len(k.singles) == 0 {
			rt.Fatal("entries of one copy are no singles")
		}
		if k.held = rng.IntN(len(k.singles)) - 1; rng.IntN(2) > 0 {
			k.low, k.high = 1, 1
		} else {
			k.low, k.high = 0, 0
		}
		limit, steps := 1+rng.Int64N(40<<k.fine), 1+rng.IntN(60)
		type outcome struct {
			best   int64
			steps  int
			chosen []int32
			met    []int64
		}
		run := func(search func()) (o outcome) {
			k.best, k.steps = limit, steps
			clear(k.chosen)
			k.meet = func(loss int64) { o.met = append(o.met, loss) }
			search()
			o.best, o.steps, o.chosen = k.best, k.steps, slices.Clone(k.chosen)
			return o
		}
		want := run(func() { k.search(0, 0) })
		var left [2]int64
		copy(left[:], k.left)
		got := run(func() { k.searchSingles(0, 0, left) })
		if got.best != want.best || got.steps != want.steps || !slices.Equal(got.chosen, want.chosen) || !slices.Equal(got.met, want.met) {
			rt.Fatalf("%+v, want %+v", got, want)
		}
		searched += len(want.met)
	})
	if searched == 0 {
		t.Error("no set was met")
	}
}
