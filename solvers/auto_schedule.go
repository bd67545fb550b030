package solvers

import (
	"context"
	"slices"

	"berth/heuristics/schedule"
	"berth/model"
	"berth/search"
	"berth/solvers/lcg"
	"berth/solvers/span"
)

// autoSchedule is Auto on a workflow: bounds and lists, and then, side by side, annealing
// from the best of them, of what has many tasks twice, and proofs. Of what is large it
// makes only the quick lists.
func autoSchedule(ctx context.Context, p *model.Problem, b *search.Board) error {
	lists := slices.DeleteFunc(schedule.Lists(), func(m *search.Method) bool { return m == schedule.HEFT })
	if len(p.Workflow.Tasks)*p.Workflow.Nodes > manySlots {
		lists = []*search.Method{schedule.Backward, schedule.PEFT}
	}
	methods := append([]*search.Method{schedule.HEFT, span.Method}, lists...)
	if err := inTurn(ctx, p, b, methods...); err != nil || !b.Work(0) {
		return err
	}
	prover := modest(lcg.Method)
	if len(p.Workflow.Tasks) <= fewTasks || p.Interchangeable() {
		prover.Share = proverShare
		return search.Race(ctx, b, schedule.Reorder, prover)
	}
	one, other := *schedule.Reorder, *schedule.Other
	one.Share, other.Share = 2, 2
	return search.Race(ctx, b, &one, &other, prover)
}

const (
	manySlots = 100_000 // from how many pairs of task and node on a workflow is large
	fewTasks  = 40      // with more, where nodes or results matter, proofs are rare, and most work goes to schedules

	proverShare = 3 // where proofs are likely: most of what annealing closes, lcg closes sooner
)
