package engine

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// sum is a propagator for tests: the sum of some halves is at most a number.
type sum struct {
	halves []Half
	most   int64
}

func (s *sum) Propagate(e *Engine) bool {
	low := int64(0)
	for _, h := range s.halves {
		low += e.Low(h)
	}
	for k, h := range s.halves {
		if e.High(h) <= s.most-(low-e.Low(h)) {
			continue
		}
		var because []Literal
		for i, other := range s.halves {
			if i != k {
				because = append(because, AtLeast(other, e.Low(other)))
			}
		}
		if !e.Imply(AtMost(h, s.most-(low-e.Low(h))), because) {
			return false
		}
	}
	return true
}

// way is a difference: y ≥ x + d where all guards hold.
type way struct {
	x, y   Half
	d      int64
	guards []Literal
}

// puzzle is a random problem, to be tried out as well.
type puzzle struct {
	n       int
	high    int64
	clauses [][]Literal
	ways    []way
	sums    []sum
}

func newPuzzle(rng *rand.Rand) *puzzle {
	p := &puzzle{n: 4 + rng.IntN(3), high: int64(1 + rng.IntN(3))}
	literal := func() Literal {
		x := Half(2 * rng.IntN(p.n))
		l := AtLeast(x, 1+rng.Int64N(p.high))
		if rng.IntN(2) == 0 {
			return l.Not()
		}
		return l
	}
	for range rng.IntN(28) {
		clause := []Literal{literal()}
		for range 1 + rng.IntN(3) {
			clause = append(clause, literal())
		}
		p.clauses = append(p.clauses, clause)
	}
	for range rng.IntN(6) {
		x := rng.IntN(p.n)
		y := (x + 1 + rng.IntN(p.n-1)) % p.n
		d := way{x: Half(2*x + rng.IntN(2)), y: Half(2*y + rng.IntN(2)), d: rng.Int64N(p.high+2) - p.high/2}
		for range rng.IntN(3) {
			if g := literal(); g.Half/2 != d.x/2 && g.Half/2 != d.y/2 && (len(d.guards) == 0 || d.guards[0].Half/2 != g.Half/2) {
				d.guards = append(d.guards, g)
			}
		}
		p.ways = append(p.ways, d)
	}
	for range rng.IntN(3) {
		s := sum{most: rng.Int64N(p.high*int64(p.n)) - p.high}
		for x := range p.n {
			if rng.IntN(2) == 0 {
				s.halves = append(s.halves, Half(2*x+rng.IntN(2)))
			}
		}
		if len(s.halves) > 0 {
			p.sums = append(p.sums, s)
		}
	}
	return p
}

// holds says whether values keep everything.
func (p *puzzle) holds(values []int64) bool {
	of := func(h Half) int64 { return values[h/2] * (1 - 2*int64(h&1)) }
	truth := func(l Literal) bool { return of(l.Half) >= l.At }
	for _, clause := range p.clauses {
		some := false
		for _, l := range clause {
			some = some || truth(l)
		}
		if !some {
			return false
		}
	}
	for _, d := range p.ways {
		all := true
		for _, g := range d.guards {
			all = all && truth(g)
		}
		if all && of(d.y) < of(d.x)+d.d {
			return false
		}
	}
	for _, s := range p.sums {
		total := int64(0)
		for _, h := range s.halves {
			total += of(h)
		}
		if total > s.most {
			return false
		}
	}
	return true
}

// least tries everything: the least value of the first variable, or −1.
func (p *puzzle) least() int64 {
	values := make([]int64, p.n)
	best := int64(-1)
	var try func(k int)
	try = func(k int) {
		if k == p.n {
			if p.holds(values) && (best < 0 || values[0] < best) {
				best = values[0]
			}
			return
		}
		for v := range p.high + 1 {
			values[k] = v
			try(k + 1)
		}
	}
	try(0)
	return best
}

func (p *puzzle) engine() *Engine {
	e := New(0)
	for range p.n {
		e.NewVariable(0, p.high, true)
	}
	for _, c := range p.clauses {
		e.AddClause(c...)
	}
	for _, d := range p.ways {
		e.AddDifference(d.x, d.y, d.d, d.guards...)
	}
	for k := range p.sums {
		e.AddPropagator(&p.sums[k], p.sums[k].halves...)
	}
	return e
}

// tally says whether what was asked was hard.
type tally struct {
	solvable  int
	conflicts int64
}

func (y tally) String() string {
	return fmt.Sprintf("%d solvable, %d conflicts", y.solvable, y.conflicts)
}

// take counts an answer, which must be right; −1 is that there is none.
func (y *tally) take(t *testing.T, seed uint64, e *Engine, got, want int64) {
	t.Helper()
	if got != want {
		t.Fatalf("seed %d: the least is %d, the engine says %d", seed, want, got)
	}
	if want >= 0 {
		y.solvable++
	}
	y.conflicts += e.Conflicts
}

// TestPuzzles asks for the least value of a variable from below, as proofs of makespans
// do, and holds the answer against trying everything.
func TestPuzzles(t *testing.T) {
	var tally tally
	for seed := range uint64(3000) {
		p := newPuzzle(rand.New(rand.NewPCG(seed, 1)))
		want := p.least()
		e := p.engine()
		e.limit = 2 // forget often
		got := int64(-1)
		for ask := int64(0); ask <= p.high && got < 0; ask++ {
			switch e.Solve(AtMost(0, ask), func(int64) bool { return true }) {
			case Solved:
				values := make([]int64, p.n)
				for k := range values {
					values[k] = e.Low(Half(2 * k))
				}
				if !p.holds(values) {
					t.Fatalf("seed %d: %v is no solution", seed, values)
				}
				got = values[0]
			case Infeasible:
				ask = p.high
			case Refuted:
				if e.Low(0) <= ask {
					t.Fatalf("seed %d: %d is refuted, but the bound is %d", seed, ask, e.Low(0))
				}
			}
		}
		tally.take(t, seed, e, got, want)
	}
	if t.Log(tally); tally.solvable < 1000 || tally.conflicts < 500 {
		t.Errorf("too easy: %v", tally)
	}
}

// pigeons has no solution, which only search finds out.
func pigeons() (e *Engine, some Literal) {
	e = New(0)
	const holes = 7
	var in [holes + 1][holes]Literal
	for k := range in {
		for h := range in[k] {
			in[k][h] = e.NewBoolean()
		}
		e.AddClause(in[k][:]...)
	}
	for h := range holes {
		for k := range in {
			for i := range k {
				e.AddClause(in[k][h].Not(), in[i][h].Not())
			}
		}
	}
	return e, in[0][0]
}

// BenchmarkPigeons is the whole search.
func BenchmarkPigeons(b *testing.B) {
	conflicts := int64(0)
	for b.Loop() {
		e, some := pigeons()
		e.Solve(some, func(int64) bool { return true })
		conflicts += e.Conflicts
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(conflicts), "ns/conflict")
}

// TestPigeons refutes them with clauses forgotten and restarts on the way, and goes on
// after it was stopped.
func TestPigeons(t *testing.T) {
	e, some := pigeons()
	e.limit = 50
	stops := 0
	for {
		until := e.Conflicts + 300
		status := e.Solve(some, func(int64) bool { return e.Conflicts < until })
		if status == Stopped {
			stops++
			continue
		}
		if status == Refuted {
			status = e.Solve(some.Not(), func(int64) bool { return true })
		}
		if status != Infeasible {
			t.Fatalf("%v", status)
		}
		break
	}
	if stops == 0 {
		t.Error("it was never stopped")
	}
}

func TestLuby(t *testing.T) {
	for k, want := range []int64{1, 1, 2, 1, 1, 2, 4, 1, 1, 2, 1, 1, 2, 4, 8} {
		if got := luby(int64(k + 1)); got != want {
			t.Errorf("luby(%d) = %d, want %d", k+1, got, want)
		}
	}
}

// A literal may vouch for others only where it came before them: here x ≥ 3 makes b and
// b makes x ≥ 5, and a conflict needs b and x ≥ 5. Had each been dropped for the other,
// what is learned would forbid q, which is possible.
func TestVouchersComeBefore(t *testing.T) {
	e := New(0)
	p, q, r, s, b := e.NewBoolean(), e.NewBoolean(), e.NewBoolean(), e.NewBoolean(), e.NewBoolean()
	x := e.NewVariable(0, 10, false)
	e.AddClause(p.Not(), AtLeast(x, 3))
	e.AddClause(AtMost(x, 2), b)
	e.AddClause(b.Not(), AtLeast(x, 5))
	e.AddClause(q.Not(), r)
	e.AddClause(q.Not(), s)
	e.AddClause(r.Not(), s.Not(), b.Not(), AtMost(x, 4))
	e.Prefer(p.Half, 1)
	e.Prefer(q.Half, 1)
	more := func(int64) bool { return true }
	e.Solve(AtLeast(x, 0), more)
	if got := e.Solve(q, more); got != Solved {
		t.Fatalf("q is %v, but p = 0, q = r = s = 1, b = 0, x = 0 keeps all clauses", got)
	}
}
