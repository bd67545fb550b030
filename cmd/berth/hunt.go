package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"berth/heuristics"
	"berth/heuristics/schedule"
	"berth/model"
	"berth/search"
)

// hunt is a search under the clock: it ends when it is done, when the time is up
// or when the user interrupts, and then it has something to show wherever that is
// possible.
type hunt struct {
	problem  *model.Problem
	method   *search.Method
	limits   search.Limits
	seed     uint64
	threads  int
	started  time.Time           // what seconds count from
	terminal *live               // nil: nobody watches
	warm     func(*search.Board) // offers what to begin with; nil: nothing

	mu    sync.Mutex
	known search.Result // what the board said last
}

// The search itself stops at the deadline or soon after an interrupt. A step that
// cannot be broken off gets stopGrace more; then it is left to itself. Where
// nothing was found until then, a construction gets what remains of rescueGrace.
const (
	stopGrace   = 300 * time.Millisecond
	rescueGrace = 600 * time.Millisecond
)

// run searches and returns what was found.
func (h *hunt) run(ctx context.Context) (*search.Result, error) {
	if !h.limits.Deadline.IsZero() {
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, h.limits.Deadline)
		defer cancel()
	}
	var stopped time.Time
	defer context.AfterFunc(ctx, func() {
		h.mu.Lock()
		stopped = time.Now()
		h.mu.Unlock()
	})()
	h.known = search.Result{Status: model.Unknown, Cost: search.NoCost, Bound: search.NoBound}
	result, err := await(ctx, stopGrace, func() (*search.Result, error) { return h.search(ctx, h.method, h.limits) })
	if errors.Is(err, errInterrupted) {
		result, err = h.lastKnown(), nil
	}
	if errors.Is(err, search.ErrTooLarge) {
		return nil, fmt.Errorf("%w; use --solver auto, or another of `berth methods`", err)
	}
	if err != nil {
		return nil, broken(err)
	}
	if ctx.Err() != nil || !h.limits.Deadline.IsZero() && !time.Now().Before(h.limits.Deadline) {
		result.Work = 0 // how far it came is chance
	}
	if result.Status != model.Unknown || ctx.Err() == nil {
		return result, nil
	}
	h.mu.Lock()
	if stopped.IsZero() { // the search was quicker to notice
		stopped = time.Now()
	}
	until := stopped.Add(rescueGrace)
	h.mu.Unlock()
	return h.rescue(result, until), nil
}

// search runs a method and keeps what its board knows within reach, should the
// method not return.
func (h *hunt) search(ctx context.Context, method *search.Method, limits search.Limits) (*search.Result, error) {
	var board *search.Board
	watched := *method
	watched.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
		board = b
		if h.warm != nil {
			back := b.Named("warm")
			h.warm(b)
			back()
		}
		return method.Run(ctx, p, b)
	}
	offset := time.Since(h.started).Seconds()
	result, err := search.Run(ctx, h.problem, &watched, limits, h.seed, h.threads, func(e search.Event) {
		e.Seconds += offset
		best, cost := board.Best()
		schedule, _ := board.Schedule()
		h.mu.Lock()
		defer h.mu.Unlock()
		h.known.Placement, h.known.Schedule, h.known.Cost, h.known.Bound = best, schedule, cost, board.Bound()
		h.known.Events = append(h.known.Events, e)
		h.terminal.show(e)
	})
	if result != nil {
		result.Seconds += offset
		for k := range result.Events {
			result.Events[k].Seconds += offset
		}
	}
	return result, err
}

// lastKnown is the result of a search that did not return.
func (h *hunt) lastKnown() *search.Result {
	h.mu.Lock()
	defer h.mu.Unlock()
	result := h.known
	result.Events = append([]search.Event(nil), h.known.Events...)
	result.Seconds = time.Since(h.started).Seconds()
	if result.Cost != search.NoCost {
		result.Status = model.Feasible
	}
	return &result
}

// rescuers are two rows of constructions, those first that soon have a placement of
// something large: the one row where little is bound together, the other where
// much is.
var rescuers = [2][]*search.Method{
	{heuristics.Ring, heuristics.PenaltyFirst, heuristics.Regret, schedule.HEFT},
	{heuristics.FirstFit, heuristics.BestFit, heuristics.Stay},
}

// rescue constructs placements, however poor, until a moment that is near, and
// returns the best of them. It keeps the bound that the search had.
func (h *hunt) rescue(result *search.Result, until time.Time) *search.Result {
	ctx, cancel := context.WithDeadline(context.Background(), until)
	defer cancel()
	var rows sync.WaitGroup
	for _, row := range rescuers {
		rows.Go(func() {
			for _, method := range row {
				h.construct(ctx, method, result)
			}
		})
	}
	rows.Wait()
	if result.Bound >= result.Cost {
		result.Status = model.Optimal
	}
	result.Seconds = time.Since(h.started).Seconds()
	return result
}

// construct runs a construction and keeps what it has if that is better.
func (h *hunt) construct(ctx context.Context, method *search.Method, result *search.Result) {
	if method.Lacks(h.problem) != 0 || ctx.Err() != nil {
		return
	}
	found, err := await(ctx, 0, func() (*search.Result, error) {
		return search.Run(ctx, h.problem, method, search.Limits{}, h.seed, 1, nil)
	})
	h.mu.Lock()
	defer h.mu.Unlock()
	if err != nil || found.Cost >= result.Cost {
		return
	}
	result.Placement, result.Schedule, result.Cost, result.Status = found.Placement, found.Schedule, found.Cost, model.Feasible
	result.Bound = max(result.Bound, found.Bound)
	result.Events = append(result.Events, search.Event{
		Seconds: time.Since(h.started).Seconds(), Cost: result.Cost, Bound: result.Bound, By: method.Name,
	})
}
