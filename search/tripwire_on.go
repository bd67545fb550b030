//go:build tripwire

package search

import (
	"sync"

	"berth/model"
)

// Tripwire says whether the program was built with the tag tripwire, under which
// tests may Hang a known optimum into the runs. Engines compare what they cut,
// fix and prune with it where `if search.Tripwire` says so.
const Tripwire = true

var known sync.Map // *model.Problem → model.Placement or model.Schedule

// Hang makes a placement known to all later runs on this problem: a bound above
// its cost, or a claim that nothing is feasible, ends them with an error.
func Hang(p *model.Problem, pl model.Placement) { known.Store(p, pl) }

// HangSchedule is Hang for a workflow.
func HangSchedule(p *model.Problem, s model.Schedule) { known.Store(p, s) }

// Known returns the placement that was hung in for this problem, and its cost; for a
// workflow the cost alone, see KnownSchedule.
func (b *Board) Known() (model.Placement, int64) {
	if s := b.KnownSchedule(); s != nil {
		return nil, b.problem.EvaluateSchedule(s).Cost
	}
	pl, ok := known.Load(b.problem)
	if !ok {
		return nil, NoCost
	}
	placement := pl.(model.Placement)
	return placement, b.problem.Evaluate(placement).Cost
}

// KnownSchedule returns the schedule that was hung in for this workflow.
func (b *Board) KnownSchedule() model.Schedule {
	if s, ok := known.Load(b.problem); ok && b.problem.Workflow != nil {
		return s.(model.Schedule)
	}
	return nil
}
