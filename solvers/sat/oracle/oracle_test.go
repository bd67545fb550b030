package oracle

import (
	"testing"

	"pgregory.net/rapid"

	"berth/encode/sat"
)

// holes states that one more pigeon than holes each has one of its own.
func holes(n int) *sat.CNF {
	c := &sat.CNF{}
	in := make([][]sat.Lit, n+1)
	for p := range in {
		for range n {
			in[p] = append(in[p], c.New())
		}
		c.Add(in[p]...)
		for other := range p {
			for h := range n {
				c.Add(-in[p][h], -in[other][h])
			}
		}
	}
	return c
}

func always(int64) bool { return true }

func TestAgreesWithEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 6
		c := &sat.CNF{Vars: n}
		var clauses [][]sat.Lit
		literal := rapid.Custom(func(t *rapid.T) sat.Lit {
			l := sat.Positive(rapid.Int32Range(0, n-1).Draw(t, "variable"))
			if rapid.Bool().Draw(t, "negated") {
				return -l
			}
			return l
		})
		o := New()
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			for _, clause := range rapid.SliceOfN(rapid.SliceOfN(literal, 1, 3), 0, 12).Draw(t, "clauses") {
				c.Add(clause...)
				clauses = append(clauses, clause)
			}
			assumptions := rapid.SliceOfN(literal, 0, 3).Draw(t, "assumptions")
			if !o.Read(c, always) {
				t.Fatal("stopped reading")
			}
			got := o.Solve(assumptions, always)
			units := clauses
			for _, l := range assumptions {
				units = append(units[:len(units):len(units)], []sat.Lit{l})
			}
			if want := satisfiable(units, n); (got == Yes) != want || got == Stopped {
				t.Fatalf("answer %d, enumeration says %v", got, want)
			}
			if got == No {
				core := clauses
				for _, l := range o.Core() {
					core = append(core[:len(core):len(core)], []sat.Lit{l})
				}
				if satisfiable(core, n) {
					t.Fatalf("the core %v can hold", o.Core())
				}
			} else if !satisfies(units, func(l sat.Lit) bool { return o.Value(l) }) {
				t.Fatal("the assignment breaks a clause")
			}
		}
	})
}

// TestReadsOn: what a limit kept from being read is read by the next call.
func TestReadsOn(t *testing.T) {
	c, o := &sat.CNF{}, New()
	for a := c.New(); c.Len() < 3*portion; a = c.New() {
		c.Add(a, c.New())
	}
	last := c.New()
	c.Add(last)
	c.Add(-last)
	calls := 1
	for ; !o.Read(c, func(int64) bool { return false }) && o.read < c.Len(); calls++ {
		if calls > 5 {
			t.Fatalf("read up to %d of %d", o.read, c.Len())
		}
	}
	if answer := o.Solve(nil, always); answer != No || calls < 2 {
		t.Errorf("answer %d after %d calls", answer, calls)
	}
}

func satisfiable(clauses [][]sat.Lit, n int) bool {
	for x := range 1 << n {
		if satisfies(clauses, func(l sat.Lit) bool { return (x>>l.Var()&1 == 1) == (l > 0) }) {
			return true
		}
	}
	return false
}

func satisfies(clauses [][]sat.Lit, value func(sat.Lit) bool) bool {
	for _, clause := range clauses {
		some := false
		for _, l := range clause {
			some = some || value(l)
		}
		if !some {
			return false
		}
	}
	return true
}

// TestWorkIsRepeatable holds that an answer is never seen before its work, and that
// both depend on the clauses alone.
func TestWorkIsRepeatable(t *testing.T) {
	run := func(limit int64) (answer Answer, work int64) {
		o, c := New(), holes(7)
		goOn := func(units int64) bool {
			work += units
			return work < limit
		}
		if !o.Read(c, goOn) {
			return Stopped, work
		}
		return o.Solve(nil, goOn), work
	}
	answer, whole := run(1 << 62)
	if answer != No {
		t.Fatalf("answer %d for pigeons without a hole", answer)
	}
	for _, limit := range []int64{1, whole / 3, whole / 2, whole, whole + 1} {
		answer, work := run(limit)
		for range 5 {
			if again, workAgain := run(limit); again != answer || workAgain != work {
				t.Fatalf("limit %d: answer %d after %d, then %d after %d", limit, answer, work, again, workAgain)
			}
		}
		if want := limit > whole; (answer == No) != want {
			t.Errorf("limit %d of %d: answer %d", limit, whole, answer)
		}
	}
}

func BenchmarkSolve(b *testing.B) {
	for b.Loop() {
		o := New()
		o.Read(holes(7), always)
		o.Solve(nil, always)
	}
}
