package engine

import (
	"math/rand/v2"
	"testing"
)

// TestChoices asks for the least value of a number that clauses tie to random choices and to
// whether these are the same, and holds the answer against trying everything.
func TestChoices(t *testing.T) {
	var tally tally
	for seed := range uint64(2000) {
		rng := rand.New(rand.NewPCG(seed, 2))
		const most = 4
		e := New(0)
		e.limit = 2 // forget often
		x := e.NewVariable(0, most, true)
		size := 2 + rng.IntN(3)
		var choices [3][]Literal
		var shared [3]Literal // of the choices before and behind
		var all []Literal
		for k := range choices {
			choices[k] = e.NewChoice(size)
			all = append(all, choices[k]...)
		}
		var clauses [][]Literal
		add := func(clause ...Literal) {
			clauses = append(clauses, clause)
			e.AddClause(clause...)
		}
		if rng.IntN(2) == 0 { // one that is fixed before anybody asks about it
			add(all[rng.IntN(len(all))].Not())
		}
		for k := range shared {
			shared[k] = e.NewSame(choices[k], choices[(k+1)%3])
			all = append(all, shared[k])
		}
		for range 4 + rng.IntN(14) {
			var clause []Literal
			for range 2 + rng.IntN(2) {
				l := all[rng.IntN(len(all))]
				if rng.IntN(6) == 0 {
					l = AtLeast(x, 1+rng.Int64N(most))
				}
				if l.Half != x && rng.IntN(2) == 0 {
					l = l.Not()
				}
				clause = append(clause, l)
			}
			add(clause...)
		}

		want := int64(-1)
		for value := range int64(most + 1) {
			for code := range size * size * size {
				chosen := [3]int{code % size, code / size % size, code / size / size}
				truth := func(l Literal) bool {
					if l.Half&^1 == x {
						return value*(1-2*int64(l.Half&1)) >= l.At
					}
					is := false
					for k := range choices {
						for j, c := range choices[k] {
							is = is || c.Half == l.Half&^1 && chosen[k] == j
						}
						is = is || shared[k].Half == l.Half&^1 && chosen[k] == chosen[(k+1)%3]
					}
					return is == (l.Half&1 == 0)
				}
				kept := true
				for _, clause := range clauses {
					some := false
					for _, l := range clause {
						some = some || truth(l)
					}
					kept = kept && some
				}
				if kept && want < 0 {
					want = value
				}
			}
		}
		got := int64(-1)
		for ask := int64(0); ask <= most && got < 0; ask++ {
			if e.Solve(AtMost(x, ask), func(int64) bool { return true }) == Solved {
				got = e.Low(x)
			}
		}
		tally.take(t, seed, e, got, want)
	}
	if t.Log(tally); tally.solvable < 500 || tally.solvable > 1900 || tally.conflicts < 500 {
		t.Errorf("too easy: %v", tally)
	}
}
