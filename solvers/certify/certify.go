// Package certify makes certificates: proofs of bounds that package proof can follow.
package certify

import (
	"errors"
	"fmt"
	"io"

	"berth/encode"
	"berth/model"
	"berth/proof"
	"berth/search"
	"berth/solvers/lagrange"
	"berth/solvers/learn"
	"berth/solvers/lp"
)

// Certificate is a proof of a bound.
type Certificate struct {
	// Bound is what it proves, in units of cost; search.NoCost: that nothing is feasible.
	Bound int64

	problem *model.Problem
	below   int64 // what costs that or more was left out; search.NoCost: nothing was
	steps   func(*proof.Writer)
}

// Write writes it as package proof reads it.
func (c *Certificate) Write(w io.Writer) error {
	number := func(cost int64) *string {
		if cost == search.NoCost {
			return nil
		}
		text := c.problem.Format(cost)
		return &text
	}
	out := proof.NewWriter(w, proof.Head{Digest: c.problem.Digest, Given: c.problem.Given.String(), Bound: number(c.Bound), Below: number(c.below)})
	c.steps(out)
	return out.End()
}

// Limit is what the making of a certificate may take.
type Limit struct {
	// Work returns what counts work and says whether to go on, until a share of what is left
	// in all is used.
	Work func(share float64) func(units int64) bool
	// Spare is how many bytes of memory may be used.
	Spare int64
}

// What a term of a program takes: that of placements in the making, and that of schedules with the
// clauses, the relaxation and the checker's rows that are made of it at once.
const (
	placementTermBytes = 40
	scheduleTermBytes  = 190
)

// errMemory fails a program that is larger than that.
func errMemory(what string) error {
	return fmt.Errorf("%w: the limit of memory leaves no room for %s; give it more --memory", search.ErrTooLarge, what)
}

// Fits fails, with search.ErrTooLarge, where a problem is too large, as far as that can be
// told without making its program.
func Fits(p *model.Problem) error {
	if p.Workflow != nil {
		return nil
	}
	if err := proof.Fits(p); err != nil {
		return fmt.Errorf("%w: %w", search.ErrTooLarge, err)
	}
	if linear(p) {
		return nil
	}
	_, _, err := lp.Fits(p)
	return err
}

// linear says whether only capacities tie the copies of a placement, so that prices of what nodes
// have show bounds.
func linear(p *model.Problem) bool { return p.Impossible == "" && lagrange.Method.Lacks(p) == 0 }

// Make looks for a proof that nothing costs less than a bound, search.NoCost for that
// nothing is feasible. What it proves is less where the limit came first, and nil where that
// is nothing. An error means that the problem is too large (search.ErrTooLarge), or that the
// bound is wrong.
func Make(p *model.Problem, bound int64, limit Limit) (*Certificate, error) {
	if p.Workflow != nil {
		return ofSchedules(p, bound, limit)
	}
	if err := Fits(p); err != nil {
		return nil, err
	}
	if _, terms := encode.Estimate(p); terms > limit.Spare/placementTermBytes {
		return nil, errMemory("the program of placements")
	}
	makers := []maker{relaxed}
	switch {
	case bound == search.NoCost:
	case p.Features&model.OpenCosts != 0:
		makers = []maker{counted, relaxed}
	case linear(p) && lagrange.Grouped(p):
		makers = []maker{relaxed, lagrangian, priced}
	case linear(p):
		makers = []maker{lagrangian, relaxed, priced}
	}
	g, best := encode.Build(p), &Certificate{Bound: search.NoBound, problem: p, below: bound}
	var tooLarge error
	for k, prove := range makers {
		share := 1.0
		if k < len(makers)-1 {
			share = makerShare
		}
		proven, steps, err := prove(g, bound, limit.Work(share))
		switch {
		case errors.Is(err, search.ErrTooLarge):
			tooLarge = err
		case err != nil:
			return nil, err
		case proven > best.Bound:
			best.Bound, best.steps = proven, steps
		}
		if best.Bound == bound {
			break
		}
	}
	if best.Bound == search.NoBound {
		return nil, tooLarge
	}
	return best, nil
}

// makerShare is the share of what is left of the limit that each maker has but the last.
const makerShare = 0.7

// maker looks for steps that show a bound of a placement, search.NoCost for that nothing is feasible.
// It returns the bound that they show, search.NoBound for none.
type maker func(g *encode.Program, bound int64, more func(int64) bool) (proven int64, steps func(*proof.Writer), err error)

// lagrangian makes those that need the nodes' knapsacks only.
func lagrangian(g *encode.Program, bound int64, more func(int64) bool) (int64, func(*proof.Writer), error) {
	c, err := lagrange.Certify(g, bound, more)
	if err != nil {
		return search.NoBound, nil, err
	}
	return c.Proven, c.Write, nil
}

// relaxed makes those that need linear relaxations and branching.
func relaxed(g *encode.Program, bound int64, more func(int64) bool) (int64, func(*proof.Writer), error) {
	if _, _, err := lp.Fits(g.Problem); err != nil {
		return search.NoBound, nil, err
	}
	c, err := lp.Certify(g, bound, more)
	if err != nil {
		return search.NoBound, nil, err
	}
	return c.Proven(), c.Write, nil
}

// The shares of the limit in which clauses are learned about a workflow's program at first,
// and in which relaxations are solved then; what is left is for learning. Much is settled at
// once by one, and much that is counting by the other.
const (
	firstShare   = 0.05
	relaxedShare = 0.2
)

// ofSchedules proves that no schedule ends before the bound. Where neither relaxations nor
// learning settle that, what the longest way and all work take is proven: without a search.
func ofSchedules(p *model.Problem, bound int64, limit Limit) (*Certificate, error) {
	if bound <= 0 {
		return &Certificate{Bound: bound, problem: p, below: search.NoCost, steps: func(*proof.Writer) {}}, nil
	}
	below := &bound
	if bound == search.NoCost {
		below = nil
	}
	more, terms := limit.Work(1), limit.Spare/scheduleTermBytes
	goOn := func() bool { return more(0) }
	g := proof.Schedules(p, below, encode.Allowance{Terms: terms, GoOn: goOn})
	switch {
	case g != nil:
	case !goOn():
		return nil, nil
	case terms < proof.MostTerms:
		return nil, errMemory("the program of schedules that end before " + p.Format(bound))
	default:
		return nil, fmt.Errorf("%w: the program of schedules that end before %s has too many terms", search.ErrTooLarge, p.Format(bound))
	}
	steps, err := refute(g, limit)
	switch {
	case err != nil:
		return nil, err
	case steps == nil && g.Offset > 0:
		bound, steps = g.Offset, func(*proof.Writer) {}
	case steps == nil:
		return nil, nil
	}
	return &Certificate{Bound: bound, problem: p, below: search.NoCost, steps: steps}, nil
}

// refute returns the steps that show that a program has no solution, nil where the limit came
// first.
func refute(g *encode.Program, limit Limit) (steps func(*proof.Writer), err error) {
	s := learn.New(g)
	refuted, err := s.Refute(limit.Work(firstShare))
	if err == nil && !refuted {
		c, wrong := lp.Certify(g, search.NoCost, limit.Work(relaxedShare))
		if wrong != nil || c.Proven() == search.NoCost {
			return c.Write, wrong
		}
		refuted, err = s.Refute(limit.Work(1))
	}
	if !refuted {
		return nil, err
	}
	return s.Write, nil
}
