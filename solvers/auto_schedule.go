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
// from the best of them and proofs, and, of what has many tasks, stretches of what is found
// made anew; or, where a stretch is too little of it, a second annealing. Of what is large it
// makes only the quick lists, and of what is small only the quick bounds.
func autoSchedule(ctx context.Context, p *model.Problem, b *search.Board) error {
	slots := len(p.Workflow.Tasks) * p.Workflow.Nodes
	lists := slices.DeleteFunc(schedule.Lists(), func(m *search.Method) bool { return m == schedule.HEFT })
	if slots > manySlots {
		lists = []*search.Method{schedule.Backward, schedule.PEFT}
	}
	few := len(p.Workflow.Tasks) <= fewTasks || p.Interchangeable()
	bounds := span.Method
	if few && p.Workflow.Nodes <= fewNodes {
		bounds = span.Soon
	}
	methods := append([]*search.Method{schedule.HEFT, bounds}, lists...)
	if err := inTurn(ctx, p, b, methods...); err != nil || !b.Work(0) {
		return err
	}
	prover := modest(lcg.Method)
	if few {
		prover.Share, prover.Lead = proverShare, proverLead
		return search.Race(ctx, b, prover, schedule.Reorder)
	}
	one, beside := *schedule.Reorder, *lcg.Stretches
	if slots > fewSlots || p.Workflow.Nodes > fewNodes {
		beside = *schedule.Other
	}
	prover.Share, one.Share, beside.Share = longShare, longShare, longShare
	return search.Race(ctx, b, prover, &one, &beside)
}

const (
	manySlots = 100_000 // from how many pairs of task and node on a workflow is large
	fewSlots  = 20_000  // up to so many, and
	fewNodes  = 32      // on up to so many nodes, stretches are made anew, and proofs come sooner than the last of the bounds
	fewTasks  = 40      // with more, where nodes or results matter, two thirds of the work go to schedules

	proverShare = 3    // where proofs are likely: most of what annealing closes, lcg closes sooner
	proverLead  = 10e6 // and, of what is easy, all of it before annealing begins
	longShare   = 2    // of each where they are rare: alike, but fewer and longer laps find better schedules
)
