//go:build cgo

package colgen

import (
	"slices"
	"testing"
)

// judge is a host that recounts what it is offered.
type judge struct {
	found
	t      *testing.T
	in     *instance
	offers int
}

func (h *judge) offer(at []int32, steps int64) bool {
	h.offers++
	e := newEngine(h.in, idle{})
	load := make([]int64, len(h.in.room))
	for k, n := range at {
		for r, need := range h.in.needs(k) {
			load[k/h.in.items*h.in.resources+r] += need * int64(n)
		}
		if n > h.in.most[k] {
			h.t.Errorf("%d copies where %d may be", n, h.in.most[k])
		}
	}
	for r, n := range load {
		if n > h.in.room[r] {
			h.t.Errorf("%d of a resource where there are %d", n, h.in.room[r])
		}
	}
	if !e.whole(at) || e.steps(at) != steps {
		h.t.Errorf("a placement is not whole, or costs %d and not %d", e.steps(at), steps)
	}
	return h.found.offer(at, steps)
}

// Settling comes to placements, and leaves everything as it was.
func TestSettle(t *testing.T) {
	offers := 0
	for seed := range uint64(10) {
		in := generated(t, 6, 50, seed)
		h := &judge{found: found{cost: in.dearest + 1}, t: t, in: in}
		s := newTree(in, h)
		s.starts()
		s.question = in.dearest
		s.aim()
		if s.fix() || s.build() != nil || s.tighten(rootCuts) {
			t.Fatalf("seed %d: nothing is left at the root", seed)
		}
		before, value, hi, lo, rows := s.point, s.value, slices.Clone(s.hi), slices.Clone(s.lo), s.rows
		before.u, before.w = slices.Clone(s.u), slices.Clone(s.w)
		over := s.settle()
		if h.offers > 0 {
			offers++
		}
		if want := value > s.cutoff; over != want {
			t.Errorf("seed %d: over: %v; the bound is %d, the cutoff %d", seed, over, value, s.cutoff)
		}
		if s.value != value || s.failed || s.rows != rows || !slices.Equal(s.hi, hi) || !slices.Equal(s.lo, lo) ||
			!slices.Equal(s.u, before.u) || !slices.Equal(s.w, before.w) {
			t.Errorf("seed %d: not everything is as it was", seed)
		}
		s.close()
	}
	if offers < 5 {
		t.Errorf("placements were found for %d of 10 instances", offers)
	}
}
