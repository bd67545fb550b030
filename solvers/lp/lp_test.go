//go:build cgo

package lp

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/search"
	"berth/solvers/lp/safe"
)

// desk is a host without a board: it keeps the best solution and bound, and
// checks each against the program.
type desk struct {
	t       testing.TB
	program *encode.Program
	best    []int8
	cost    int64
	bound   int64
	worked  int64
	limit   int64 // of work; 0: none
	scarce  bool  // memory is short from the start
}

func newDesk(t testing.TB, g *encode.Program) *desk {
	return &desk{t: t, program: g, cost: noCutoff, bound: math.MinInt64}
}

func (d *desk) work(units int64) bool {
	d.worked += units
	return d.limit == 0 || d.worked < d.limit
}

func (d *desk) left() int64 {
	if d.limit == 0 {
		return math.MaxInt64
	}
	return max(d.limit-d.worked, 0)
}

func (d *desk) cutoff() int64 { return d.cost }

func (d *desk) lower() int64 { return d.bound }

func (d *desk) short() bool { return d.scarce }

func (d *desk) incumbent() []int8 { return d.best }

func (d *desk) raise(bound int64) { d.bound = max(d.bound, min(bound, d.cost)) }

func (d *desk) found(value []int8) error {
	cost, ok := price(d.program, func(v int) bool { return value[v] == 1 })
	if !ok {
		d.t.Fatalf("an infeasible solution: %v", value)
	}
	if cost < d.bound {
		d.t.Fatalf("a solution of cost %d below the bound %d", cost, d.bound)
	}
	if cost < d.cost {
		d.best, d.cost = value, cost
	}
	return nil
}

// price returns the cost of an assignment and whether every row holds.
func price(g *encode.Program, value func(v int) bool) (int64, bool) {
	cost := g.Offset
	for v := range g.Vars {
		if value(v) {
			cost += g.Vars[v].Cost
		}
	}
	for _, row := range g.Rows {
		sum := int64(0)
		for _, term := range row.Terms {
			if value(int(term.Var)) {
				sum += term.Coef
			}
		}
		if sum > row.RHS && row.Sense != encode.AtLeast || sum < row.RHS && row.Sense != encode.AtMost {
			return 0, false
		}
	}
	return cost, true
}

// optimum tries every assignment.
func optimum(g *encode.Program) int64 {
	best := noCutoff
	for x := range 1 << len(g.Vars) {
		if cost, ok := price(g, func(v int) bool { return x>>v&1 == 1 }); ok {
			best = min(best, cost)
		}
	}
	return best
}

// solve searches a program to the end.
func solve(t testing.TB, g *encode.Program) *desk {
	t.Helper()
	d := newDesk(t, g)
	done, err := (&engine{host: d, program: g}).search()
	if err != nil {
		t.Fatal(err)
	}
	if !done {
		t.Fatal("not searched to the end without a limit")
	}
	return d
}

// drawProgram draws rows with coefficients of both signs and all senses.
func drawProgram(t *rapid.T) *encode.Program {
	n := rapid.IntRange(1, 12).Draw(t, "n")
	size := rapid.SampledFrom([]int64{1, 4, 50, 1 << 40}).Draw(t, "size")
	g := &encode.Program{Offset: rapid.Int64Range(-5, 5).Draw(t, "offset")}
	for range n {
		g.Vars = append(g.Vars, encode.Var{
			Cost: rapid.Int64Range(-20, 20).Draw(t, "cost") * size,
			Kind: encode.VarKind(rapid.IntRange(0, 2).Draw(t, "kind")),
		})
	}
	for range rapid.IntRange(0, 6).Draw(t, "m") {
		row := encode.Row{Sense: encode.Sense(rapid.IntRange(0, 2).Draw(t, "sense"))}
		planted := int64(0)
		for v := range int32(n) {
			a := rapid.Int64Range(-3, 9).Draw(t, "a")
			if row.Sense == encode.Equal {
				a = min(max(a-4, 0), 1)
			} else {
				a *= size
			}
			if a != 0 {
				row.Terms = append(row.Terms, encode.Term{Var: v, Coef: a})
				planted += a * int64(v&1)
			}
		}
		row.RHS = planted + rapid.Int64Range(-2, 2).Draw(t, "slack")*(size/2+1)
		g.Rows = append(g.Rows, row)
	}
	return g
}

func TestAgainstEveryAssignment(t *testing.T) {
	feasible, infeasible := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		g := drawProgram(t)
		want := optimum(g)
		if want == noCutoff {
			infeasible++
		} else {
			feasible++
		}
		d := newDesk(nil, g)
		d.t = fataler{nil, t}
		done, err := (&engine{host: d, program: g}).search()
		if err != nil || !done {
			t.Fatalf("ended early: %v", err)
		}
		if d.cost != want {
			t.Fatalf("found %d, optimum %d", d.cost, want)
		}
	})
	if feasible < 10 || infeasible < 10 {
		t.Errorf("%d feasible and %d infeasible programs: the test tests little", feasible, infeasible)
	}
}

// fataler lets a desk fail a property.
type fataler struct {
	testing.TB
	property *rapid.T
}

func (f fataler) Fatalf(format string, args ...any) { f.property.Fatalf(format, args...) }

// assignment makes a generalized assignment problem: jobs on agents with
// capacities, of the type that Chu and Beasley call c.
func assignment(agents, jobs int, seed uint64) *encode.Program {
	chance := rand.New(rand.NewPCG(seed, 1))
	g := &encode.Program{}
	one := make([]encode.Row, jobs)
	room := make([]encode.Row, agents)
	for j := range agents {
		room[j] = encode.Row{Sense: encode.AtMost}
	}
	for i := range jobs {
		one[i] = encode.Row{Sense: encode.Equal, RHS: 1}
		for j := range agents {
			v, use := int32(len(g.Vars)), 5+chance.Int64N(21)
			g.Vars = append(g.Vars, encode.Var{Cost: 10 + chance.Int64N(41), Kind: encode.Copy})
			one[i].Terms = append(one[i].Terms, encode.Term{Var: v, Coef: 1})
			room[j].Terms = append(room[j].Terms, encode.Term{Var: v, Coef: use})
			room[j].RHS += use
		}
	}
	for j := range room {
		room[j].RHS = room[j].RHS * 8 / int64(10*agents)
	}
	g.Rows = append(one, room...)
	return g
}

// Assignments too large for enumeration: bound and solution meet, and a planted
// cutoff just at the optimum leaves nothing to find.
func TestAssignmentProven(t *testing.T) {
	for seed := range uint64(6) {
		g := assignment(5, 20, seed)
		d := solve(t, g)
		if d.cost == noCutoff {
			t.Fatalf("seed %d: no solution", seed)
		}
		again := newDesk(t, g)
		again.cost = d.cost
		if done, err := (&engine{host: again, program: g}).search(); err != nil || !done || again.best != nil {
			t.Fatalf("seed %d: below the optimum %d: done %v, %v", seed, d.cost, done, err)
		}
		again.cost++
		if done, err := (&engine{host: again, program: g}).search(); err != nil || !done || again.cost != d.cost {
			t.Fatalf("seed %d: optimum %d, then %d: done %v, %v", seed, d.cost, again.cost, done, err)
		}
	}
}

// The same input takes the same path: equal work to the last unit.
func TestRepeats(t *testing.T) {
	g := assignment(5, 25, 3)
	first, second := solve(t, g), solve(t, g)
	if first.worked != second.worked || first.cost != second.cost {
		t.Errorf("work %d and %d, cost %d and %d", first.worked, second.worked, first.cost, second.cost)
	}
}

// A known solution that no search can find must set off the tripwire: here one
// below the optimum, which some bound, cut or fixing has to exclude.
func TestTripwireAlarm(t *testing.T) {
	for seed := range uint64(5) {
		g := assignment(5, 20, seed)
		d := solve(t, g)
		known := &tripwire{value: make([]bool, len(g.Vars)), cost: d.cost - 1}
		for v, x := range d.best {
			known.value[v] = x == 1
		}
		if _, err := (&engine{host: newDesk(t, g), program: g, alarm: known}).search(); err == nil {
			t.Errorf("seed %d: an impossible solution was lost in silence", seed)
		}
		known.cost++
		if _, err := (&engine{host: newDesk(t, g), program: g, alarm: known}).search(); err != nil {
			t.Errorf("seed %d: a false alarm: %v", seed, err)
		}
	}
}

// A limit of work ends the search early, with a bound that holds.
func TestLimit(t *testing.T) {
	g := assignment(10, 40, 1)
	full := solve(t, g)
	for _, share := range []int64{2, 5, 20, 100} {
		d := newDesk(t, g)
		d.limit = full.worked / share
		done, err := (&engine{host: d, program: g}).search()
		if err != nil || done {
			t.Fatalf("1/%d of the work: done %v, %v", share, done, err)
		}
		if d.bound > full.cost || d.cost < full.cost {
			t.Fatalf("1/%d of the work: bound %d, cost %d, optimum %d", share, d.bound, d.cost, full.cost)
		}
		if d.worked > d.limit+2*sliceWork {
			t.Errorf("1/%d of the work: %d done, limit %d", share, d.worked, d.limit)
		}
	}
}

// Amounts beyond the exact arithmetic are refused, with a remedy.
func TestTooLarge(t *testing.T) {
	huge := safe.Limit/2 + 1
	for _, g := range []*encode.Program{
		{Vars: []encode.Var{{Cost: huge}, {Cost: -huge}}},
		{Vars: make([]encode.Var, 1), Rows: []encode.Row{{RHS: math.MinInt64}}},
		{Vars: make([]encode.Var, 2), Rows: []encode.Row{{Terms: []encode.Term{{Var: 0, Coef: huge}, {Var: 1, Coef: huge}}}}},
	} {
		if _, err := (&engine{host: newDesk(t, g), program: g}).search(); !errors.Is(err, search.ErrTooLarge) {
			t.Errorf("%+v was taken, or refused for another reason: %v", g, err)
		}
	}
}

func BenchmarkTree(b *testing.B) {
	g := assignment(10, 40, 1)
	for b.Loop() {
		d := solve(b, g)
		b.ReportMetric(float64(d.worked), "work/op")
	}
}
