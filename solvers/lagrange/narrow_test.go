package lagrange

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A narrow search offers what is a placement and costs what it says, and finds the best where
// its reach leaves nothing out and it has not run out of nodes. Afterwards, and where it was
// stopped on the way, all is as it was, but for its reach.
func TestNarrow(t *testing.T) {
	best, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 11))
		in := tight(rng)
		h := &asked{all: in.enumerate(), best: in.dearest + 1, left: math.MaxInt64}
		e := newEngine(in, h)
		if e.resolve(); e.failed {
			return
		}
		climb(e, 20)
		if e.aim(); e.value > e.cutoff {
			return
		}
		if rng.IntN(4) == 0 {
			h.left = int64(rng.IntN(20_000))
		}
		least := int64(math.MaxInt64)
		for _, p := range h.all {
			least = min(least, p.steps)
		}
		m := &improver{e: e, rng: rng}
		far := rng.IntN(2) == 0
		if far {
			m.narrows.reach = float64(noReach / 2)
			m.rng = rand.New(&still{draws: int(e.open.size), then: rng})
		}
		before, highest := where(e), h.best
		m.narrow()
		if h.bad != "" {
			t.Fatal(h.bad)
		}
		e.question = in.dearest
		if after := where(e); after != before {
			t.Fatalf("before the search\n%s\nand after\n%s", before, after)
		}
		if e.reach != noReach || e.drawn != nil {
			t.Fatal("the search leaves its reach, or what draws branches, behind")
		}
		switch {
		case e.stopped:
		case h.best == least && least < highest:
			best++
		case len(h.all) > 0 && far && e.visited < narrowNodes:
			t.Fatalf("a search of all ended at %d, the best is %d", h.best, least)
		case len(h.all) > 0:
			missed++
		}
	})
	if best == 0 || missed == 0 {
		t.Errorf("%d searches found the best, %d missed it: the test sees too little", best, missed)
	}
}

// still is a source of chance that shakes nothing in its first draws: shaken by a part of a reach
// that takes in everything, multipliers would be worth nothing, and by a part of a smaller one they
// can put what is best beyond it.
type still struct {
	draws int
	then  rand.Source
}

func (s *still) Uint64() uint64 {
	if s.draws--; s.draws >= 0 {
		return 0 // of which NormFloat64 makes 0
	}
	return s.then.Uint64()
}
