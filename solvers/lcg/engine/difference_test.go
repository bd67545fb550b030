package engine

import (
	"math/rand/v2"
	"testing"
)

// TestCircles holds differences that may push in circles against all choices of their guards:
// a choice is one without a circle that rises. How far variables could rise does not matter.
func TestCircles(t *testing.T) {
	const numbers, guards, far = 4, 6, 1 << 14
	feasible, refuted := 0, 0
	for seed := range uint64(300) {
		rng := rand.New(rand.NewPCG(seed, 1))
		e := New(numbers + guards)
		var x, g []Half
		for range numbers {
			x = append(x, e.NewVariable(0, far, false))
		}
		for range guards {
			g = append(g, e.NewBoolean().Half)
		}
		var ways []way
		for range 20 {
			a := rng.IntN(numbers)
			w := way{x: x[a], y: x[(a+1+rng.IntN(numbers-1))%numbers], d: int64(rng.IntN(12) - 2), guards: []Literal{truth(g[rng.IntN(guards)] ^ Half(rng.IntN(2)))}}
			ways = append(ways, w)
			e.AddDifference(w.x, w.y, w.d, w.guards...)
		}
		want := false
		for choice := range 1 << guards {
			want = want || !rises(ways, func(l Literal) bool { return choice>>(int(l.Half-g[0])/2)&1 == 1-int(l.Half&1) })
		}
		steps := int64(0)
		got := e.Solve(AtLeast(x[0], 0), func(n int64) bool { steps += n; return true })
		if (got == Solved) != want {
			t.Fatalf("seed %d: %v, a choice without circles is there: %v", seed, got, want)
		}
		if steps += e.steps; steps > 4*far {
			t.Fatalf("seed %d: %d steps", seed, steps)
		}
		if want {
			feasible++
		} else {
			refuted++
		}
	}
	if feasible < 30 || refuted < 30 {
		t.Errorf("%d of one kind, %d of the other: the test tests little", feasible, refuted)
	}
}

// rises says whether some circle of the differences whose guards hold is longer than 0.
func rises(ways []way, holds func(Literal) bool) bool {
	longest := map[Half]int64{}
	for range len(ways) {
		changed := false
		for _, w := range ways {
			if holds(w.guards[0]) && longest[w.x]+w.d > longest[w.y] {
				longest[w.y], changed = longest[w.x]+w.d, true
			}
		}
		if !changed {
			return false
		}
	}
	return true
}
