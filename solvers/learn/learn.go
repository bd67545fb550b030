// Package learn proves bounds of a 0/1 program by a search that learns clauses from its
// conflicts, and leaves a proof: every clause follows from the rows and those before it by
// fixing variables one after the other, so that a checker that does only that can follow
// (E. Goldberg and Y. Novikov, Verification of proofs of unsatisfiability for CNF formulas,
// DATE 2003). It is for programs whose relaxation says little, such as those of workflows
// with messages.
//
// Rows that are clauses are clauses of the engine, all others are propagated by what their
// literals that are not false sum to (D. Chai and A. Kuehlmann, A fast pseudo-Boolean
// constraint solver, DAC 2003). A falling sequence of variables, "at least k", is one
// integer variable.
package learn

import (
	"errors"

	"berth/encode"
	"berth/proof"
	"berth/solvers/lcg/engine"
)

// Search is a program in an engine, with what was learned of it.
type Search struct {
	engine  *engine.Engine
	always  engine.Literal   // a literal that holds
	one     []engine.Literal // by variable of the program: that it is 1
	first   []int32          // by half of the engine: the variable that says "at least 1"
	clauses []clause
}

// clause is literals of a program: variables with the value that one of them has.
type clause struct {
	variables []int32
	values    []int8
}

// Refute looks for any solution of the program and says whether there is none. more counts
// work and says whether to go on; a search that it stopped may be taken up again. An error
// means that there is a solution.
func (s *Search) Refute(more func(units int64) bool) (bool, error) {
	status := s.engine.Solve(s.always, more)
	if status == engine.Solved {
		return false, errors.New("the program has a solution")
	}
	return status != engine.Stopped, nil
}

// Write writes the steps of a refutation.
func (s *Search) Write(w *proof.Writer) {
	for _, c := range s.clauses {
		w.Learn(c.variables, c.values)
	}
}

// New begins a search.
func New(g *encode.Program) *Search {
	s := &Search{engine: engine.New(len(g.Vars)), one: make([]engine.Literal, len(g.Vars))}
	s.engine.Learned = s.learned
	for v := 0; v < len(g.Vars); {
		n := sequence(g, v)
		x := s.engine.NewVariable(0, int64(n), true)
		for k := range n {
			s.one[v+k] = engine.AtLeast(x, int64(k+1))
		}
		s.first = append(s.first, int32(v), int32(v))
		v += n
	}
	s.always = engine.AtLeast(s.engine.NewVariable(1, 1, false), 1)
	for k := range g.Rows {
		r := &g.Rows[k]
		if r.Sense != encode.AtMost {
			s.add(r.Terms, 1, r.RHS)
		}
		if r.Sense != encode.AtLeast {
			s.add(r.Terms, -1, -r.RHS)
		}
	}
	return s
}

// sequence returns how many variables from one on are a time, which the program's rows keep
// in falling order.
func sequence(g *encode.Program, from int) int {
	n := 1
	switch v := g.Vars[from]; v.Kind {
	case encode.Begins, encode.Ends, encode.Makespan:
		for v.Nth > 0 && from+n < len(g.Vars) {
			next := g.Vars[from+n]
			if next.Kind != v.Kind || next.Item != v.Item || next.Nth != v.Nth+int32(n) {
				break
			}
			n++
		}
	}
	return n
}

// learned keeps a clause of the engine, in variables of the program.
func (s *Search) learned(literals []engine.Literal) {
	c := clause{make([]int32, len(literals)), make([]int8, len(literals))}
	for k, l := range literals {
		if l.Half&1 == 0 {
			c.variables[k], c.values[k] = s.first[l.Half]+int32(l.At)-1, 1
		} else { // at most −At: not at least one more
			c.variables[k], c.values[k] = s.first[l.Half]+int32(-l.At), 0
		}
	}
	s.clauses = append(s.clauses, c)
}

// add adds the row Σ sign·terms ≥ right.
func (s *Search) add(terms []encode.Term, sign, right int64) {
	r := row{least: right}
	for _, t := range terms {
		coef, l := sign*t.Coef, s.one[t.Var]
		if coef < 0 { // coef·x = coef + |coef|·(1 − x)
			r.least -= coef
			coef, l = -coef, l.Not()
		}
		r.terms = append(r.terms, term{l, coef})
	}
	r.sort()
	switch {
	case r.least <= 0:
	case len(r.terms) == 0 || r.terms[len(r.terms)-1].coef >= r.least:
		s.addClause(r.terms)
	default:
		wake := make([]engine.Half, len(r.terms))
		for k, t := range r.terms {
			wake[k] = t.literal.Half.Not()
		}
		s.engine.AddPropagator(&r, wake...)
	}
}

// addClause adds a clause, if it is not one that a sequence always keeps.
func (s *Search) addClause(terms []term) {
	if len(terms) == 2 {
		a, b := terms[0].literal, terms[1].literal
		if a.Half == b.Half.Not() && a.At+b.At <= 1 {
			return
		}
	}
	literals := make([]engine.Literal, len(terms))
	for k, t := range terms {
		literals[k] = t.literal
	}
	s.engine.AddClause(literals...)
}
