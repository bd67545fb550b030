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
// from the best of them and proofs. Of what is large it makes only the quick lists.
func autoSchedule(ctx context.Context, p *model.Problem, b *search.Board) error {
	lists := slices.DeleteFunc(schedule.Lists(), func(m *search.Method) bool { return m == schedule.HEFT })
	if len(p.Workflow.Tasks)*p.Workflow.Nodes > manySlots {
		lists = []*search.Method{schedule.Backward, schedule.PEFT}
	}
	methods := append([]*search.Method{schedule.HEFT, span.Method}, lists...)
	if err := inTurn(ctx, p, b, methods...); err != nil || !b.Work(0) {
		return err
	}
	return search.Race(ctx, b, schedule.Reorder, modest(lcg.Method))
}

// manySlots is from how many pairs of task and node on a workflow is large.
const manySlots = 100_000
