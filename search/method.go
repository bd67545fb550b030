package search

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"berth/model"
)

// Method is a row of the registry: a way to find placements, or bounds, or both.
type Method struct {
	Name    string
	Short   string        // what it does, in one line
	Source  string        // the paper it follows, if any
	Proves  bool          // given time, it ends with a proof
	Handles model.Feature // it is never run on a problem with any other
	Share   int64         // of the work in a race, beside the shares of its rivals; 0 counts as 1
	Lead    int64         // … and how much it may do before it first meets them
	// Run works until it has nothing more to add, ctx ends or Work says stop.
	// An error means that it could not do its work at all.
	Run func(ctx context.Context, p *model.Problem, b *Board) error
}

// Lacks returns the features of the problem that the method does not handle. One that
// handles Schedules alone is for workflows.
func (m *Method) Lacks(p *model.Problem) model.Feature {
	if m.Handles == model.Schedules && p.Workflow == nil {
		return model.Placements
	}
	return p.Features &^ m.Handles
}

// Result is what a run leaves.
type Result struct {
	Status    model.Status
	Placement model.Placement // nil without an incumbent
	Schedule  model.Schedule  // of a workflow, instead of Placement
	Cost      int64           // NoCost without an incumbent
	Bound     int64           // NoBound if none is known
	Events    []Event         // the trajectory
	Work      int64
	Seconds   float64
	Memory    bool // the limit of memory ended the run
}

// Claim lowers the bound of a result that has a placement, or raises it, to what was shown
// otherwise, and the status and the trajectory with it.
func (r *Result) Claim(bound int64) {
	r.Bound = bound
	switch {
	case r.Cost == NoCost:
	case bound >= r.Cost:
		r.Status = model.Optimal
	default:
		r.Status = model.Feasible
	}
	for k := range r.Events {
		r.Events[k].Bound = min(r.Events[k].Bound, bound)
	}
}

// Run runs one method on a problem until it returns or the limits end it. It
// fails with an error when the method cannot handle the problem, when it crashes,
// and when the board caught it in an untruth; the result then holds what was
// judged before.
func Run(ctx context.Context, p *model.Problem, method *Method, limits Limits, seed uint64, threads int, observe func(Event)) (*Result, error) {
	if lacks := method.Lacks(p); lacks != 0 {
		return nil, fmt.Errorf("method %s does not handle %v", method.Name, lacks.Names())
	}
	b := NewBoard(ctx, p, limits, seed, threads, observe)
	defer b.run.cancel()
	defer b.Named(method.Name)()
	var err error
	if !b.infeasible {
		err = b.execute(b.run.ctx, method)
	}
	if b.run.failure != nil {
		err = b.run.failure
	}
	return b.result(), err
}

// execute runs the method on this board, turning a crash into an error.
func (b *Board) execute(ctx context.Context, method *Method) (err error) {
	defer func() {
		if cause := recover(); cause != nil {
			err = fmt.Errorf("search: method %s crashed: %v\n%s", method.Name, cause, debug.Stack())
		}
	}()
	return method.Run(ctx, b.problem, b)
}

func (b *Board) result() *Result {
	r := &Result{
		Status: model.Unknown, Placement: b.best, Schedule: b.schedule, Cost: b.cost, Bound: b.bound,
		Events: b.log, Work: b.work, Seconds: time.Since(b.run.start).Seconds(),
		Memory: errors.Is(context.Cause(b.run.ctx), ErrMemory),
	}
	switch {
	case b.infeasible:
		r.Status = model.Infeasible
	case b.cost != NoCost && b.bound >= b.cost:
		r.Status = model.Optimal
	case b.cost != NoCost:
		r.Status = model.Feasible
	}
	return r
}

// ErrTooLarge is wrapped by the error of a method that could handle a problem but
// for its size.
var ErrTooLarge = errors.New("too large")

// ErrUnfit stands for ErrTooLarge, which it is to errors.Is, where a method does not handle a
// problem at any size, and its features do not tell.
var ErrUnfit error = unfit{}

type unfit struct{}

func (unfit) Error() string        { return "which the method does not handle" }
func (unfit) Is(target error) bool { return target == ErrTooLarge }
