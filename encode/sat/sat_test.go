package sat

import (
	"testing"

	"github.com/irifrance/gini"
	"github.com/irifrance/gini/z"
	"pgregory.net/rapid"

	"berth/encode"
)

// drawProgram draws a program of at most ten variables: one-hot groups, a falling
// sequence, and rows with coefficients of both signs over any of them.
func drawProgram(t *rapid.T) *encode.Program {
	g := &encode.Program{Vars: make([]encode.Var, rapid.IntRange(2, 10).Draw(t, "vars"))}
	n := len(g.Vars)
	for v := range g.Vars {
		g.Vars[v].Cost = rapid.Int64Range(-9, 9).Draw(t, "cost")
	}
	from := 0
	for from < n && rapid.Bool().Draw(t, "group") {
		to := min(n, from+rapid.IntRange(1, 5).Draw(t, "size"))
		r := encode.Row{Sense: encode.AtMost, RHS: 1}
		if rapid.Bool().Draw(t, "exact") {
			r.Sense = encode.Equal
		}
		for v := from; v < to; v++ {
			r.Terms = append(r.Terms, encode.Term{Var: int32(v), Coef: 1})
		}
		g.Rows = append(g.Rows, r)
		from = to - rapid.IntRange(0, 1).Draw(t, "overlap")
	}
	for v := from + 1; v < n && rapid.Bool().Draw(t, "falls"); v++ {
		fall := encode.Row{Sense: encode.AtLeast, Terms: []encode.Term{{Var: int32(v - 1), Coef: 1}, {Var: int32(v), Coef: -1}}}
		if rapid.Bool().Draw(t, "other way") {
			fall.Sense, fall.Terms[0].Coef, fall.Terms[1].Coef = encode.AtMost, -1, 1
		}
		g.Rows = append(g.Rows, fall)
	}
	for range rapid.IntRange(1, 3).Draw(t, "rows") {
		g.Rows = append(g.Rows, drawRow(t, n))
	}
	return g
}

func drawRow(t *rapid.T, n int) encode.Row {
	high := rapid.SampledFrom([]int64{1, 3, 40}).Draw(t, "largest")
	low := rapid.SampledFrom([]int64{-high, 1}).Draw(t, "smallest")
	r := encode.Row{Sense: encode.Sense(rapid.IntRange(0, 2).Draw(t, "sense"))}
	least, most := int64(0), int64(0)
	for v := range n {
		if c := rapid.Int64Range(low, high).Draw(t, "coef"); c != 0 && rapid.IntRange(0, 3).Draw(t, "in") > 0 {
			r.Terms = append(r.Terms, encode.Term{Var: int32(v), Coef: c})
			least, most = least+min(c, 0), most+max(c, 0)
		}
	}
	r.RHS = rapid.Int64Range(least-1, most+1).Draw(t, "rhs")
	return r
}

// satisfies says whether the bits of x satisfy every row.
func satisfies(g *encode.Program, x uint) bool {
	for _, r := range g.Rows {
		sum := value(r.Terms, x)
		if sum > r.RHS && r.Sense != encode.AtLeast || sum < r.RHS && r.Sense != encode.AtMost {
			return false
		}
	}
	return true
}

func value(terms []encode.Term, x uint) int64 {
	sum := int64(0)
	for _, t := range terms {
		if x>>t.Var&1 == 1 {
			sum += t.Coef
		}
	}
	return sum
}

// solver holds the clauses in gini and asks it about assignments.
type solver struct {
	*gini.Gini
	from int
	no   bool // without any assumption; gini must not be asked again after that
}

func (s *solver) read(c *CNF) {
	c.Since(s.from, func(clause []Lit) {
		for _, l := range clause {
			s.Add(z.Dimacs2Lit(int(l)))
		}
		s.Add(0)
	})
	s.from = c.Len()
}

// extends says whether the bits of x extend to a solution of the clauses in which
// the further literals hold.
func (s *solver) extends(n int, x uint, further ...Lit) bool {
	for v := range int32(n) {
		l := Positive(v)
		if x>>v&1 == 0 {
			l = -l
		}
		further = append(further, l)
	}
	for _, l := range []int{1, -1} { // a clause that says nothing, so that gini forgets its last conflict
		s.Add(z.Dimacs2Lit(l))
	}
	s.Add(0)
	for _, l := range further {
		s.Assume(z.Dimacs2Lit(int(l)))
	}
	if s.no || s.Solve() == 1 {
		return !s.no
	}
	s.no = len(s.Why(nil)) == 0
	return false
}

func checkSame(t *rapid.T, g *encode.Program, c *CNF, feasible func(x uint) bool) {
	s := &solver{Gini: gini.New()}
	s.read(c)
	for x := range uint(1) << len(g.Vars) {
		if got, want := s.extends(len(g.Vars), x), feasible(x); got != want {
			t.Fatalf("assignment %b: clauses say %v, rows say %v\n%+v", x, got, want, g.Rows)
		}
	}
}

func TestClausesHaveTheSolutionsOfTheProgram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawProgram(t)
		checkSame(t, g, Clauses(g, nil), func(x uint) bool { return satisfies(g, x) })
		g.Offset = rapid.Int64Range(-5, 5).Draw(t, "offset")
		most := rapid.Int64Range(-20, 20).Draw(t, "at most")
		checkSame(t, g, Clauses(g, &most), func(x uint) bool {
			return satisfies(g, x) && value(Objective(g), x)+g.Offset <= most
		})
	})
}

func TestAdderHasTheSolutionsOfTheProgram(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawProgram(t)
		e := NewEncoder(g)
		for k := range g.Rows {
			for _, s := range e.Sums(&g.Rows[k]) {
				if !e.settle(s) {
					e.adder(s)
				}
			}
		}
		checkSame(t, g, &e.CNF, func(x uint) bool { return satisfies(g, x) })
	})
}

func TestTotalizerFollowsItsLimitDown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := drawProgram(t)
		row := g.Rows[len(g.Rows)-1]
		g.Rows = g.Rows[:len(g.Rows)-1]
		e := NewEncoder(g)
		for k := range g.Rows {
			for _, s := range e.Sums(&g.Rows[k]) {
				e.AddWhole(s)
			}
		}
		sum := e.Sum(row.Terms, row.RHS)
		shift := row.RHS - sum.Limit
		unit := rapid.Int64Range(1, 4).Draw(t, "unit")
		total, ok := e.NewTotalizer(sum, unit, 1_000_000)
		if !ok {
			t.Fatal("a totalizer over ten variables does not fit into a million clauses")
		}
		limit := sum.Limit
		var further []Lit
		if limit > 0 {
			limit = rapid.Int64Range(0, limit).Draw(t, "limit")
			if rapid.Bool().Draw(t, "always") {
				e.Lower(total, limit, 0)
			} else {
				further = append(further, e.New())
				e.Lower(total, limit, further[0])
			}
		}
		s := &solver{Gini: gini.New()}
		s.read(&e.CNF)
		for x := range uint(1) << len(g.Vars) {
			rows, left := satisfies(g, x), value(row.Terms, x)-shift
			got := s.extends(len(g.Vars), x, further...)
			if want := rows && left <= limit; want && !got || got && (!rows || unit == 1 && !want) {
				t.Fatalf("assignment %b, %d against %d in units of %d: clauses say %v, rows say %v\n%+v", x, left, limit, unit, got, want, g.Rows)
			}
		}
	})
}
