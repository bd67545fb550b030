// Package lcg proves how short a workflow can be: it asks an engine that learns from
// conflicts whether a schedule within some makespan exists.
package lcg

import (
	"context"
	"fmt"

	"berth/model"
	"berth/search"
	"berth/solvers/lcg/engine"
)

// Method asks about makespans halfway to the incumbent, where a refutation raises the bound, or
// less far where that was too hard, and in turn just below the incumbent.
//
// Source: O. Ohrimenko, P.J. Stuckey and M. Codish, Constraints 14(3), 2009; A. Schutt, T.
// Feydy, P.J. Stuckey and M.G. Wallace, Explaining the cumulative propagator, Constraints
// 16(3), 2011.
var Method = &search.Method{
	Name: "lcg", Short: "proves makespans by a search that learns from conflicts", Proves: true,
	Source: "Ohrimenko, Stuckey and Codish 2009; Schutt and others 2011", Handles: model.Schedules,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		w := p.Workflow
		if len(w.Tasks) == 0 {
			b.OfferSchedule(model.Schedule{}, 0)
			b.Exhausted()
			return nil
		}
		if len(w.Tasks) > mostTasks || len(w.Tasks)*len(w.Tasks)*w.Nodes > mostPairs && !p.Interchangeable() {
			return fmt.Errorf("lcg: %w: %d tasks on %d nodes", search.ErrTooLarge, len(w.Tasks), w.Nodes)
		}
		(&asking{b: b, high: w.Horizon}).run(p)
		return nil
	},
}

// mostTasks bounds the workflows that are looked at, and mostPairs the pairs of tasks on
// every node, where nodes or results matter.
const (
	mostTasks = 300
	mostPairs = 600_000
)

// asking is a run of Method.
type asking struct {
	b     *search.Board
	q     *program
	high  int64 // makespans up to here are asked about
	going bool
}

const (
	firstTurn = 300       // conflicts that the first question may take
	halfway   = int64(2)  // questions above the bound are at most half of the way to the incumbent …
	leastPart = int64(64) // … and at least so small a part of it
)

func (a *asking) run(p *model.Problem) {
	low := max(a.b.Bound(), 0)
	if _, cost := a.b.Schedule(); cost != search.NoCost {
		a.high = cost - 1
	}
	a.going = true
	if s := newStar(p); s != nil && a.enumerate(s, low) {
		return
	}
	low = max(low, a.b.Bound())
	a.q = newProgram(p, low, a.high)
	e, part := a.q.e, halfway
	for turn := int64(0); a.going; turn++ {
		if !a.meet() {
			a.b.Exhausted()
			return
		}
		low, high := e.Low(a.q.end), e.High(a.q.end)
		climbs, target := turn%4 < 3, high
		if climbs {
			target = low + (high-low)/part
		}
		until := e.Conflicts + firstTurn*(1+turn/4)
		switch e.Solve(engine.AtMost(a.q.end, target), func(steps int64) bool {
			a.going = a.b.Work(steps)
			return a.going && e.Conflicts < until && !a.better(target)
		}) {
		case engine.Solved:
			s, makespan := a.q.schedule()
			a.b.OfferSchedule(s, makespan)
		case engine.Infeasible:
			a.b.Exhausted()
			return
		case engine.Refuted:
			if climbs {
				part = max(part*2/3, halfway)
			}
		case engine.Stopped:
			if climbs && !a.better(target) {
				part = min(2*part, leastPart)
			}
		}
		a.going = a.going && a.b.Work(0)
	}
}

// enumerate settles a fork or a join, or raises the bound. It says whether it is settled.
func (a *asking) enumerate(s *star, low int64) bool {
	for step := int64(0); low <= a.high; step = 2*step + 1 {
		limit := min(low+step, a.high)
		best, makespan, known := s.within(limit, func(units int64) bool {
			a.going = a.going && a.b.Work(units)
			return a.going
		})
		if !known {
			return !a.going
		}
		if best != nil {
			a.b.OfferSchedule(best, makespan)
			a.b.Raise(makespan)
			return true
		}
		low = limit + 1
		if _, cost := a.b.Schedule(); cost <= low {
			a.b.Exhausted()
			return true
		}
		a.b.Raise(low)
	}
	a.b.Exhausted()
	return true
}

// better says whether somebody else found a schedule within a makespan.
func (a *asking) better(makespan int64) bool {
	_, cost := a.b.Schedule()
	return cost <= makespan
}

// meet takes over what is known of the makespan, and tells what the engine knows. False:
// nothing is better than the incumbent.
func (a *asking) meet() bool {
	if _, cost := a.b.Schedule(); cost <= a.high {
		a.high = cost - 1
		a.q.e.AddClause(engine.AtMost(a.q.end, a.high))
	}
	a.q.e.AddClause(engine.AtLeast(a.q.end, a.b.Bound()))
	if !a.q.e.Settle() {
		return false
	}
	a.b.Raise(a.q.e.Low(a.q.end))
	return true
}
