package solvers

import (
	"context"

	"berth/heuristics/schedule"
	"berth/model"
	"berth/search"
)

// autoSchedule is Auto on a workflow.
func autoSchedule(ctx context.Context, p *model.Problem, b *search.Board) error {
	return inTurn(ctx, p, b, schedule.HEFT)
}
