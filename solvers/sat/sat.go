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
	"berth/heuristics"
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
	for _, start := range []*search.Method{heuristics.PenaltyFirst, heuristics.Regret} {
		if err := start.Run(ctx, p, b); err != nil {
			return err
		}
		if !b.Work(0) {
			return nil
		}
	}
	s := &solver{p: p, b: b, g: encode.Build(p)}
	return s.solve()
}

// solver is a run of the method.
type solver struct {
	p    *model.Problem
	b    *search.Board
	g    *encode.Program
	cost *priced // nil where it leaves int64
	*encoding
	oracle *oracle.Oracle
}

// solve asks until the answer is no.
func (s *solver) solve() error {
	if !s.relax() {
		return nil
	}
	s.restate()
	for {
		if !s.b.Work(s.oracle.Read(&s.Encoder.CNF)) {
			return nil
		}
		switch s.oracle.Solve(nil, s.b.Work) {
		case oracle.No:
			s.b.Exhausted()
			return nil
		case oracle.Stopped:
			return nil
		}
		if err := s.take(); err != nil {
			return err
		}
		if _, cost := s.b.Best(); cost != search.NoCost {
			s.allowBelow(cost)
		}
	}
}

// relax finds prices for the rows and raises the bound to what they prove. It says
// whether to go on.
func (s *solver) relax() bool {
	r := newRelaxation(s.g)
	aim := float64(s.b.Bound()) * 1.05
	if _, cost := s.b.Best(); cost != search.NoCost {
		aim = float64(cost)
	}
	u := r.ascend(aim-float64(s.g.Offset), s.b.Work)
	if !s.b.Work(0) {
		return false
	}
	var ok bool
	if s.cost, ok = r.round(u); ok {
		bound := r.bound(s.cost) + s.g.Offset
		if _, cost := s.b.Best(); bound > cost {
			bound = cost
		}
		s.b.Raise(bound)
	}
	return s.b.Work(0)
}

// restate writes all clauses anew, with what is known now of the cost.
func (s *solver) restate() {
	s.encoding = newEncoding(s.g)
	s.oracle = oracle.New()
	if _, cost := s.b.Best(); cost != search.NoCost {
		s.limitCost(cost, s.cost)
	}
}

// allowBelow allows only what costs less than the incumbent. The clauses are
// written anew where they were made for much larger costs.
func (s *solver) allowBelow(cost int64) {
	if s.ceilings == nil || s.roomy(cost) {
		s.restate()
		return
	}
	s.lower(cost)
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
