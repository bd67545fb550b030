//go:build cgo

package colgen

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The list holds every fleet whose bound is between its limits, and no other, and begins at the
// cheapest.
func TestListOfFleets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 31))
		f := &fleets{dearest: rng.Int64N(2) * rng.Int64N(50), reach: math.MinInt64}
		for range 1 + rng.IntN(4) {
			f.rents = append(f.rents, rng.Int64N(30))
			f.there = append(f.there, rng.Int32N(5))
		}
		for range rng.IntN(4) {
			v := &valuation{worth: rng.Int64N(200)}
			for range f.rents {
				v.gain = append(v.gain, rng.Int64N(60))
			}
			f.keep(v)
		}
		from := rng.Int64N(150)
		w := walk{fleets: f, from: from, to: from + rng.Int64N(100)}
		if !w.run() {
			t.Fatal("the walk does not come to an end")
		}
		var listed, want [][]int32
		for _, x := range w.list {
			listed = append(listed, x.count)
		}
		cheapest := int64(infeasible)
		every(f, func(x *fleet) {
			if x.bound >= w.from && x.bound <= w.to {
				want = append(want, x.count)
			}
			cheapest = min(cheapest, x.bound)
		})
		if !slices.EqualFunc(listed, want, slices.Equal) {
			t.Fatalf("lists %v, want %v", listed, want)
		}
		some, few := f.wanted(1 << 40)
		if !few || some != (cheapest < infeasible) {
			t.Fatalf("some fleets %v (few %v), the cheapest %d", some, few, cheapest)
		}
		if some && f.lowest() != cheapest {
			t.Fatalf("the lowest is %d, want %d", f.lowest(), cheapest)
		}
	})
}

// every calls a function with all fleets that use all nodes that cost nothing, with their bounds.
func every(f *fleets, call func(*fleet)) {
	count := make([]int32, len(f.rents))
	var walk func(k int)
	walk = func(k int) {
		if k < len(count) {
			for n := f.least(k); n <= f.there[k]; n++ {
				count[k] = n
				walk(k + 1)
			}
			return
		}
		x := &fleet{count: slices.Clone(count)}
		for k, n := range count {
			x.rent += f.rents[k] * int64(n)
		}
		x.bound = x.rent
		for _, v := range f.known {
			f.raise(x, v)
		}
		call(x)
	}
	walk(0)
}
