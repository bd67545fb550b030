package lagrange

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// A question by nodes finds the best placement within it, or says truly that there is none,
// with tables, without them, and with some; and it leaves all as it was.
func TestAskSets(t *testing.T) {
	found, none, cut := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 10))
		in := tight(rng)
		in.cells = []int{0, 100, maxCells}[rng.IntN(3)]
		all := in.enumerate()
		h := &asked{all: all, best: in.dearest + 1, left: math.MaxInt64}
		e := newEngine(in, h)
		e.resolve()
		climb(e, rng.IntN(20))
		question := rng.Int64N(in.dearest)
		if len(all) > 0 {
			question = all[0].steps + rng.Int64N(7) - 3
		}
		if rng.IntN(4) == 0 {
			e.enough = 1 + rng.Int64N(20_000)
		}
		before := snapshot(e.domains)
		answered := e.askSets(question)
		within := len(all) > 0 && all[0].steps <= question
		switch {
		case h.bad != "":
			t.Fatal(h.bad)
		case answered && within && h.best != all[0].steps:
			t.Fatalf("a question for %d ends at %d; the best placement costs %d", question, h.best, all[0].steps)
		case snapshot(e.domains) != before:
			t.Fatalf("before the question\n%s\nand after\n%s", before, snapshot(e.domains))
		case !answered:
			cut++
		case h.best <= question:
			found++
		default:
			none++
		}
	})
	if found == 0 || none == 0 || cut == 0 {
		t.Errorf("%d questions found something, %d nothing, %d were cut off: the test sees too little", found, none, cut)
	}
}
