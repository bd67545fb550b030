// Package sat is the method sat: placements by a SAT solver.
//
// The problem's program becomes clauses (package encode/sat), and gini answers
// whether they can be satisfied (package oracle). Each answer "yes" is a
// placement; then only cheaper ones are allowed, and it is asked again, until the
// answer is "no": solution-improving search, as in Eén and Sörensson, "Translating
// Pseudo-Boolean Constraints into SAT" (JSAT 2006). The last placement is optimal.
//
//   - A row whose totalizer is small is encoded once (encoding.go). Of any other row a
//     coarse totalizer is kept, with its values rounded down, and what slips
//     through is forbidden cover by cover (sat.Lazy). So are the limits on the cost.
//   - The prices of a Lagrangian relaxation (lagrange.go) make the cost speak for
//     the rows, and knapsack tables at such prices fix most of what is left near the
//     bound (knapsack.go). Where the relaxation is good, the placement is found there,
//     by questions that start at the bound: ten times faster and more on the assignment
//     problems of OR-Library.
//   - Nodes that are alike are put in order (symmetry.go).
//
// Few clauses for the cost beat exact ones: a limit of 10,000 instead of 50,000
// made task allocation problems 3 to 10 times faster.
//
// gini has no limit in steps: see package oracle for how --work stops it at the
// same point every time.
package sat

import (
	"context"
	"fmt"
	"math"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
	"berth/model/integer"
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

// How long each question is tried: the first has quickWork; one near the bound has nearWork
// and half of all work done so far. The first step above the bound is one of firstStep parts of
// the gap; each is twice as large as the one before, and there are nearSteps of them at most.
// Below the incumbent the clauses are written anew when room for the cost is left of only one of
// so many parts.
const (
	quickWork = 500_000_000
	nearWork  = 300_000_000
	firstStep = 64
	nearSteps = 16
	anew      = 4
)

// A program above these sizes is refused: gini would need minutes to read it.
const (
	mostVars  = 1_000_000
	mostTerms = 5_000_000
)

// What a variable and a term take, in bytes, in the program and in first clauses.
const (
	varBytes  = 1000
	termBytes = 500
)

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	vars, terms := encode.Estimate(p)
	if vars > mostVars || terms > mostTerms {
		return fmt.Errorf("sat: %w: %d variables and %d terms, at most %d and %d are taken; use a heuristic, or auto", search.ErrTooLarge,
			vars, terms, mostVars, mostTerms)
	}
	if err := b.Reserve("sat: its clauses", vars*varBytes+terms*termBytes); err != nil {
		return err
	}
	return newSolver(p, b).solve()
}

func newSolver(p *model.Problem, b *search.Board) *solver {
	g := encode.Build(p)
	sharpen(g)
	return &solver{p: p, b: b, g: g, sizes: usual}
}

// solver is a run of the method.
type solver struct {
	p      *model.Problem
	b      *search.Board
	g      *encode.Program
	prices *priced                    // nil where they leave int64
	fixed  func(most int64) []sat.Lit // what holds for all that costs at most that, without the offset; or nil
	*encoding
	sizes  sizes
	oracle *oracle.Oracle
	work   int64 // done so far
}

// solve asks for a placement at any cost, then for one near the bound, then for
// better ones until there is none. Where the first is not found soon, it may be
// easier near the bound, where much is fixed. Where one is known, any other is no gain.
func (s *solver) solve() error {
	if _, best := s.b.Best(); best == search.NoCost {
		if done, err := s.anywhere(quickWork); done || err != nil {
			return err
		}
	}
	if !s.relax() {
		return nil
	}
	if err := s.near(); err != nil || !s.b.Work(0) {
		return err
	}
	if _, best := s.b.Best(); best == search.NoCost {
		if done, err := s.anywhere(math.MaxInt64); done || err != nil {
			return err
		}
	}
	return s.below()
}

// anywhere asks for a placement at any cost, and says whether all is done.
func (s *solver) anywhere(work int64) (done bool, err error) {
	s.restate(search.NoCost)
	answer, err := s.ask(work)
	if answer == oracle.No {
		s.b.Exhausted()
	}
	return !s.b.Work(0), err
}

// near asks for a placement that costs what the bound is, then for one that costs
// a little more, and so on: where the bound is good the clauses are few, and the
// answer is quick. A question that is not is left alone. After a yes it asks for
// less again.
func (s *solver) near() error {
	first := max(s.gap()/firstStep, 1)
	for step, k := int64(0), 0; k < nearSteps; k++ {
		most := s.b.Bound() + step
		if _, best := s.b.Best(); most >= best-1 {
			return nil
		}
		s.restate(most)
		answer, err := s.ask(s.work/2 + nearWork)
		if err != nil || !s.b.Work(0) {
			return err
		}
		switch answer {
		case oracle.Yes:
			step /= 4
			continue
		case oracle.No:
			s.b.Raise(most + 1)
		}
		step = max(2*step, first)
	}
	return nil
}

// gap is the distance of bound and incumbent, or, without one, a guess at it.
func (s *solver) gap() int64 {
	if _, best := s.b.Best(); best != search.NoCost {
		return best - s.b.Bound()
	}
	return max(s.b.Bound(), -s.b.Bound()) / 4
}

// below asks for better and better placements until there is none. The clauses are
// written anew where the room below the incumbent has become much smaller.
func (s *solver) below() error {
	_, best := s.b.Best()
	s.restate(best - 1)
	room := best - s.b.Bound()
	for {
		answer, err := s.ask(math.MaxInt64)
		if answer == oracle.No {
			s.b.Exhausted()
		}
		if err != nil || answer != oracle.Yes || !s.b.Work(0) {
			return err
		}
		if _, best = s.b.Best(); best-s.b.Bound() < room/anew {
			room = best - s.b.Bound()
			s.restate(best - 1)
		} else {
			s.lower(best - 1)
		}
	}
}

// ask says whether there is a placement that the clauses allow, and offers it. It
// gives up after so much work.
func (s *solver) ask(most int64) (oracle.Answer, error) {
	end := integer.AddCapped(s.work, most)
	goOn := func(work int64) bool { return s.goOn(work) && s.work < end }
	for s.oracle.Read(&s.Encoder.CNF, goOn) {
		if answer := s.oracle.Solve(nil, goOn); answer != oracle.Yes {
			return answer, nil
		}
		if found, err := s.take(); found || err != nil {
			return oracle.Yes, err
		}
	}
	return oracle.Stopped, nil
}

// relax finds prices for the rows and raises the bound to what they prove. It says
// whether to go on.
func (s *solver) relax() bool {
	const rounds = 500
	r := newRelaxation(s.g)
	aim := math.Inf(1)
	if _, best := s.b.Best(); best != search.NoCost {
		aim = float64(best - s.g.Offset)
	}
	u := r.ascend(make([]float64, len(r.rows)), aim, rounds, s.goOn)
	if prices, ok := r.round(u); ok && s.b.Work(0) {
		s.prices = prices
		s.b.Raise(r.bound(prices) + s.g.Offset)
	}
	other, start := r.second(u)
	if other == nil || !s.b.Work(0) {
		return s.b.Work(0)
	}
	x, ok := other.regrets(other.ascend(start, aim, rounds, s.goOn), s.goOn)
	if ok && s.b.Work(0) {
		s.fixed = func(most int64) []sat.Lit { return x.fixed(r, most) }
		s.b.Raise(x.bound() + s.g.Offset)
	}
	return s.b.Work(0)
}

func (s *solver) goOn(work int64) bool {
	s.work += work
	return s.b.Work(work)
}

// restate writes all clauses anew, with another limit on the cost.
func (s *solver) restate(most int64) {
	var fixed []sat.Lit
	if s.fixed != nil && most != search.NoCost {
		fixed = s.fixed(most - s.g.Offset)
	}
	s.encoding = newEncoding(s.g, most, s.prices, fixed, s.sizes, s.goOn)
	s.oracle = oracle.New()
}

// take brings in the answer "yes": a placement, or a clause against what it breaks, and
// says which. Helping variables may say more than they must, so a placement can be
// better even where the assignment is above a limit on the cost; and where somebody else has
// found a better one since the limit was written, one within the limit is no news.
func (s *solver) take() (found bool, err error) {
	if s.forbidRows(s.oracle.Value) {
		return false, nil
	}
	pl, err := s.g.Decode(func(v int32) bool { return s.oracle.Value(sat.Positive(v)) })
	if err != nil {
		return false, fmt.Errorf("sat: clauses and program disagree: %w", err)
	}
	cost := s.p.Evaluate(pl).Cost
	if s.b.Offer(pl, cost) || s.allows(cost) {
		return true, nil
	}
	if s.b.Work(0) && !s.forbidCost(s.oracle.Value) {
		return false, fmt.Errorf("sat: clauses and program disagree on a placement that costs %s", s.p.Format(cost))
	}
	return false, nil
}
