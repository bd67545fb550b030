package lagrange

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// asked is a host that wants what is cheaper than the best so far, and checks what it
// is offered against all placements there are.
type asked struct {
	quiet
	all  []placed
	best int64
	left int64 // units of work
	bad  string
}

func (h *asked) work(units int64) bool { h.left -= units; return h.left > 0 }
func (h *asked) highest() int64        { return h.best - 1 }
func (h *asked) offer(at []int32, steps int64) bool {
	if !slices.ContainsFunc(h.all, func(p placed) bool { return p.steps == steps && slices.Equal(p.at, at) }) {
		h.bad = fmt.Sprintf("%v at cost %d is no placement", at, steps)
	}
	if steps >= h.best {
		return false
	}
	h.best = steps
	return true
}

// where tells all that a plunge has to put back. Penalties are found anew.
func where(e *engine) string {
	return fmt.Sprint(snapshot(e.domains), e.u, e.value, e.question, e.enough)
}

// climb makes so many steps of the subgradient.
func climb(e *engine, rounds int) {
	for range rounds {
		e.move(1, e.value+4*e.step())
		e.resolve()
		e.cover()
	}
}

// A plunge offers what is a placement and costs what it says. A tail that was searched
// to its end leaves nothing better of what the descent left open. Afterwards, and where
// the search was stopped on the way, tasks are where they were, and so are multipliers and
// rooms, recounted.
func TestPlunge(t *testing.T) {
	ended, better := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 9))
		in := tight(rng)
		in.cells = maxCells * rng.IntN(2)
		h := &asked{all: in.enumerate(), best: in.dearest + 1, left: math.MaxInt64}
		e := newEngine(in, h)
		if e.resolve(); e.failed {
			return
		}
		e.chance = rng
		climb(e, 20)
		if e.aim(); e.value > e.cutoff {
			return
		}
		p := newPlunger(e)
		p.begin()
		p.heat = float64(e.step()) * (0.1 + 3*rng.Float64())
		nodes, before := rng.IntN(in.nodes+1), where(e)
		var off place
		p.note(&off)
		start := h.best
		if rng.IntN(4) == 0 {
			h.left = int64(rng.IntN(20_000))
		}
		if p.descend(nodes, rng) {
			allowed := func(p placed) bool {
				for i, j := range p.at {
					if !e.has(int32(i), j) {
						return false
					}
				}
				return true
			}
			var inside []placed
			for _, p := range h.all {
				if allowed(p) {
					inside = append(inside, p)
				}
			}
			effort := []int64{1, 5_000, 1_000_000_000}[rng.IntN(3)]
			if e.finish(effort) {
				ended++
				for _, p := range inside {
					if p.steps < h.best {
						t.Fatalf("the tail ended at %d and left %v at cost %d", h.best, p.at, p.steps)
					}
				}
			}
		}
		p.back(&off)
		if rng.IntN(2) == 0 {
			m := &improver{e: e, rng: rng, plunges: p}
			m.plunges.tail = 1 + float64(rng.IntN(in.nodes))
			m.plunge()
		}
		if after := where(e); after != before {
			t.Fatalf("before the plunge\n%s\nand after\n%s", before, after)
		}
		for j, spare := range e.spare {
			room := in.room[j]
			for i, k := range e.at {
				if int(k) == j {
					room -= in.need[j*in.tasks+i]
				}
			}
			if room != spare {
				t.Fatalf("node %d has %d of its room left, recounted %d", j, spare, room)
			}
		}
		if h.bad != "" {
			t.Fatal(h.bad)
		}
		if h.best < start {
			better++
		}
	})
	if ended == 0 || better == 0 {
		t.Errorf("%d tails ended, %d plunges found something: the test sees too little", ended, better)
	}
}
