// Package sat is the method sat: placements by a SAT solver.
//
// The problem's program becomes clauses (package encode/sat), and gini answers
// whether they can be satisfied (package oracle). Each answer "yes" is a
// placement; then only cheaper ones are allowed, and it is asked again, until the
// answer is "no": solution-improving search, as in Eén and Sörensson's minisat+
// (JSAT 2006). The last placement is then optimal.
//
//   - A row whose totalizer is small is encoded once (encoding.go). Of any other row a
//     coarse totalizer is kept, with its values rounded down, and what slips
//     through is forbidden cover by cover (sat.Lazy).
//   - The limit on the cost is a totalizer with outputs, over one-hot groups with
//     what each pays at least taken off; and a second one over costs that have the
//     prices of a Lagrangian relaxation in them (lagrange.go). Where the linear
//     relaxation is good, the second does nearly all the work.
//   - Nodes that are alike are put in order (symmetry.go).
//
// Core-guided search and bisection on the cost were tried against this and proved
// nothing more; the relaxation's bound is the only one that is raised on the way.
//
// gini has no limit in steps: see package oracle for how --work stops it at the
// same point every time.
package sat

import (
	"context"
	"fmt"

	"berth/encode"
	"berth/model"
	"berth/search"
	"berth/solvers/sat/oracle"
)

// Methods lists the methods of this package.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:    "sat",
		Short:   "clauses for a SAT solver, the cost tightened from above",
		Source:  "Eén and Sörensson 2006; Joshi, Martins and Manquinho 2015",
		Proves:  true,
		Handles: model.AllFeatures,
		Run:     run,
	}}
}

// The first question after the relaxation is how many-th of the gap above the
// bound, and how many times further the next one is after a no.
const (
	firstStrides = 16
	strideGrowth = 2
)

// A program above these sizes is refused: gini would need minutes to read it.
const (
	mostVars  = 2_000_000
	mostTerms = 20_000_000
)

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	if vars, terms := encode.Estimate(p); vars > mostVars || terms > mostTerms {
		return fmt.Errorf("sat: the problem is too large for clauses: %d variables and %d terms, at most %d and %d are taken; use a heuristic, or auto",
			vars, terms, mostVars, mostTerms)
	}
	s := &solver{p: p, b: b, g: encode.Build(p)}
	return s.solve()
}

// solver is a run of the method.
type solver struct {
	p      *model.Problem
	b      *search.Board
	g      *encode.Program
	prices *priced // nil where they leave int64
	*encoding
	oracle *oracle.Oracle
	most   int64 // the clauses allow this cost and no more; NoCost: any
	stride int64 // how far above the bound the next question is to be
}

// solve asks for a placement at any cost, then for ones that are little above the
// bound, or else, once that is shown to be impossible, further above it.
func (s *solver) solve() error {
	s.restate(search.NoCost)
	for s.b.Work(s.oracle.Read(&s.Encoder.CNF)) {
		switch s.oracle.Solve(nil, s.b.Work) {
		case oracle.Stopped:
			return nil
		case oracle.No:
			if _, cost := s.b.Best(); s.most >= cost-1 {
				s.b.Exhausted()
				return nil
			}
			s.b.Raise(s.most + 1)
			s.stride *= strideGrowth
			s.ask()
		default:
			if err := s.take(); err != nil {
				return err
			}
			if !s.b.Work(0) {
				return nil
			}
			s.ask()
		}
	}
	return nil
}

// relax finds prices for the rows and raises the bound to what they prove. It says
// whether to go on.
func (s *solver) relax() bool {
	r := newRelaxation(s.g)
	_, best := s.b.Best()
	u := r.ascend(float64(best-s.g.Offset), s.b.Work)
	if !s.b.Work(0) {
		return false
	}
	var ok bool
	if s.prices, ok = r.round(u); ok {
		s.b.Raise(r.bound(s.prices) + s.g.Offset)
	}
	return s.b.Work(0)
}

// ask states the next question: is there a placement that costs less than the
// incumbent, or at most a stride more than the bound?
func (s *solver) ask() {
	_, best := s.b.Best()
	if best == search.NoCost {
		return
	}
	if s.stride == 0 {
		if !s.relax() {
			return
		}
		s.stride = max((best-s.b.Bound())/firstStrides, 1)
	}
	most := best - 1
	if s.b.Bound() < most-s.stride {
		most = s.b.Bound() + s.stride
	}
	switch {
	case s.most == search.NoCost || most > s.most:
		s.restate(most)
	case most < s.most:
		s.lower(most)
		s.most = most
	}
}

// restate writes all clauses anew for another limit on the cost.
func (s *solver) restate(most int64) {
	s.encoding = newEncoding(s.g)
	s.oracle = oracle.New()
	if s.most = most; most != search.NoCost {
		s.limitCost(most, s.prices)
	}
}

// take brings in the answer "yes": a clause against what it breaks, or a better
// placement. Helping variables may say more than they must, so a placement can be
// better even where the assignment is above a limit on the cost.
func (s *solver) take() error {
	if s.forbidRows(s.oracle.Value) {
		return nil
	}
	pl, err := s.g.Decode(func(v int32) bool { return s.oracle.Value(positive(v)) })
	if err != nil {
		return fmt.Errorf("sat: clauses and program disagree: %w", err)
	}
	if cost := s.p.Evaluate(pl).Cost; !s.b.Offer(pl, cost) && !s.forbidCost(s.oracle.Value) {
		return fmt.Errorf("sat: clauses and program disagree on a placement that costs %s", s.p.Format(cost))
	}
	return nil
}
