package search

import (
	"context"
	"fmt"
	"math"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"berth/model"
)

// NoBound and NoCost stand for a bound and an incumbent that are not there.
const (
	NoBound int64 = math.MinInt64
	NoCost  int64 = math.MaxInt64
)

// Board is where a run keeps what is known: the incumbent, the bound, the limits,
// the clock and the log. Methods report to it and to nothing else, and they read
// from it what others found.
//
// A Board belongs to one goroutine. A portfolio gives each of its members a board
// of its own through Race, and exchanges between them at fixed amounts of work,
// so that a run does not depend on how fast each of them is.
type Board struct {
	problem *model.Problem
	by      string // who reports here
	seed    uint64
	threads int
	run     *run // shared by all boards of one run

	state

	work   int64 // done on this board
	common int64 // in a race: done on all of its boards when they last met
	pause  int64 // Work slows down when work reaches this
	ends   int64 // the limit on the run is reached about here; 0: there is none
	member *member
	log    []Event
}

// state is what is known of the question.
type state struct {
	best       model.Placement
	schedule   model.Schedule // of a workflow, instead of best
	cost       int64
	bound      int64
	infeasible bool
}

// run is what all boards of one run share.
type run struct {
	ctx     context.Context
	cancel  context.CancelFunc
	memory  *memory // nil: no limit
	limits  Limits
	start   time.Time
	observe func(Event)
	stopped atomic.Bool
	mu      sync.Mutex
	failure error
}

// Limits end a run. The zero value has none.
type Limits struct {
	Deadline time.Time // on the wall clock
	Work     int64     // deterministic units of work
	Memory   int64     // bytes of the whole process
	Gap      Gap
}

// Gap is how far from proven optimal is near enough.
type Gap struct {
	Absolute int64   // in units of cost
	Relative float64 // of max(|objective|, 1)
}

// Event is a step of a run: a better incumbent or a better bound.
type Event struct {
	Seconds float64
	Work    int64 // on the board that reports
	Cost    int64 // NoCost: no incumbent yet
	Bound   int64
	By      string
}

// NewBoard starts a run on a problem. The bound begins at what every copy pays on
// its cheapest node. observe, which may be nil, is called on every event of the
// board it returns.
func NewBoard(ctx context.Context, p *model.Problem, limits Limits, seed uint64, threads int, observe func(Event)) *Board {
	free := func() {}
	if !limits.Deadline.IsZero() {
		ctx, free = context.WithDeadline(ctx, limits.Deadline)
	}
	ctx, memory, cancel := withMemory(ctx, limits.Memory)
	r := &run{ctx: ctx, cancel: cancel, memory: memory, limits: limits, start: time.Now(), observe: observe}
	context.AfterFunc(ctx, func() {
		r.stopped.Store(true)
		free()
	})
	b := &Board{
		problem: p, by: "compile", seed: seed, threads: max(threads, 1), run: r,
		state: state{cost: NoCost, bound: p.TrivialBound(), infeasible: p.Impossible != ""}, pause: math.MaxInt64,
	}
	if limits.Work > 0 {
		b.pause, b.ends = limits.Work, limits.Work
	}
	return b
}

// Seed is the seed of the run, for every source of chance in it.
func (b *Board) Seed() uint64 { return b.seed }

// Best returns the incumbent, nil if there is none, and its cost or NoCost. The
// placement is shared: copy it before changing it.
func (b *Board) Best() (model.Placement, int64) { return b.best, b.cost }

// Schedule returns the incumbent of a workflow, nil if there is none, and its makespan
// or NoCost. The schedule is shared: copy it before changing it.
func (b *Board) Schedule() (model.Schedule, int64) { return b.schedule, b.cost }

// Bound returns the best lower bound known, or NoBound.
func (b *Board) Bound() int64 { return b.bound }

// Named returns the same board under another name, for a method that runs another
// as a part of it.
func (b *Board) Named(by string) func() {
	old := b.by
	b.by = by
	return func() { b.by = old }
}

// Offer reports a placement and the cost that the method believes it has, and
// says whether it is better than the incumbent. The board judges every offer: one
// that is infeasible or costs something else is a bug of the method, and ends the
// run with an error. The board keeps a copy. O(size of the problem).
func (b *Board) Offer(pl model.Placement, cost int64) bool {
	if cost >= b.cost || !b.holds("placement", cost, b.problem.Evaluate(pl)) {
		return false
	}
	b.best, b.cost = slices.Clone(pl), cost
	b.record()
	return true
}

// OfferSchedule is Offer for a workflow, and says nothing; the cost is the makespan.
func (b *Board) OfferSchedule(s model.Schedule, cost int64) {
	if cost < b.cost && b.holds("schedule", cost, b.problem.EvaluateSchedule(s)) {
		b.schedule, b.cost = slices.Clone(s), cost
		b.record()
	}
}

// holds holds an offer against what the judge says of it and what is known.
func (b *Board) holds(what string, cost int64, verdict model.Verdict) bool {
	switch {
	case len(verdict.Violations) > 0:
		b.fail("offered an infeasible %s: %s", what, verdict.Violations[0].Text)
	case verdict.Cost != cost:
		b.fail("offered a %s at cost %s that costs %s", what, b.problem.Format(cost), b.problem.Format(verdict.Cost))
	case b.infeasible:
		b.fail("offered a feasible %s of a problem that was proven infeasible", what)
	case cost < b.bound:
		b.fail("offered a %s at cost %s, below the proven bound %s", what, b.problem.Format(cost), b.problem.Format(b.bound))
	default:
		return true
	}
	return false
}

// Raise reports that no placement costs less than bound.
func (b *Board) Raise(bound int64) {
	if bound <= b.bound {
		return
	}
	if bound > b.cost {
		b.fail("claimed the bound %s above the incumbent's cost %s", b.problem.Format(bound), b.problem.Format(b.cost))
		return
	}
	if _, cost := b.Known(); bound > cost {
		b.fail("claimed the bound %s above the known optimum %s", b.problem.Format(bound), b.problem.Format(cost))
		return
	}
	b.bound = bound
	b.record()
}

// RaiseBelow reports that no placement better than the incumbent costs less than bound:
// what a search under the incumbent's cost comes to. Above that cost it says no more
// than that nothing is better.
func (b *Board) RaiseBelow(bound int64) { b.Raise(min(bound, b.cost)) }

// Exhausted reports that the method has searched everything: nothing is better
// than the incumbent, or, without one, the problem is infeasible.
func (b *Board) Exhausted() {
	if b.cost != NoCost {
		b.Raise(b.cost)
		return
	}
	if _, cost := b.Known(); cost != NoCost {
		b.fail("claimed that no placement exists, but one is known")
		return
	}
	b.infeasible = true
}

// Work counts units of work done and says whether to go on. Methods call it every
// few thousand units; a unit is about a nanosecond's worth of their inner steps.
// After false they return soon, nil and without further reports.
func (b *Board) Work(units int64) bool {
	b.work += units
	if m := b.run.memory; m != nil && !m.look(processMemory()) {
		b.run.stopped.Store(true)
	}
	if b.work < b.pause && (b.member == nil || !b.member.late.Load()) {
		return !b.run.stopped.Load() && !b.Done()
	}
	if b.member == nil {
		return false
	}
	b.member.wait()
	return b.member != nil && !b.run.stopped.Load() && !b.Done() // with no member the race is over
}

// Await waits, in a race, until its members have met and done says yes: it is asked whenever
// they meet, and has to come true once the member that it depends on has returned. Await
// says whether to go on; outside of a race it does not wait.
func (b *Board) Await(done func() bool) bool {
	if m := b.member; m != nil {
		m.awaits = done
		m.wait()
		m.awaits = nil
	}
	return b.Work(0)
}

// Within runs f with a limit of its own: after that many units of work, Work says stop. It is
// for the board of a run, not for those of a race.
func (b *Board) Within(units int64, f func() error) error {
	before := b.pause
	b.pause = min(b.pause, b.work+min(units, math.MaxInt64-b.work))
	defer func() { b.pause = before }()
	return f()
}

// Left says how much work may still be done before a limit on it is reached, if rivals in
// a race take their shares: for steps that cannot be broken off. It repeats from run to
// run; without a limit it is math.MaxInt64.
func (b *Board) Left() int64 {
	if b.ends == 0 {
		return math.MaxInt64
	}
	return max(b.ends-b.work, 0)
}

// Spent says which part of its limits the run has used up, from 0 to 1, for methods
// that plan ahead: of work and of time, whichever is nearer its end. Without a
// deadline it repeats from run to run; without any limit it is 0.
func (b *Board) Spent() float64 {
	spent := 0.0
	if limit := b.run.limits.Work; limit > 0 {
		work := b.work
		if b.member != nil {
			work = b.common
		}
		spent = float64(work) / float64(limit)
	}
	if deadline := b.run.limits.Deadline; !deadline.IsZero() {
		spent = max(spent, time.Since(b.run.start).Seconds()/max(deadline.Sub(b.run.start).Seconds(), 1e-9))
	}
	return min(spent, 1)
}

// Done says whether the question is settled: optimal, within the gap that is
// asked for, or infeasible.
func (b *Board) Done() bool {
	if b.infeasible {
		return true
	}
	if b.cost == NoCost || b.bound == NoBound {
		return false
	}
	if b.bound >= b.cost {
		return true
	}
	gap := b.run.limits.Gap
	return b.cost-b.bound <= gap.Absolute || gap.Relative > 0 && b.problem.Gap(b.cost, b.bound) <= gap.Relative
}

func (b *Board) record() {
	b.publish(Event{
		Seconds: time.Since(b.run.start).Seconds(), Work: b.work,
		Cost: b.cost, Bound: b.bound, By: b.by,
	})
}

// fineness is into how many parts the log divides a method's work so far, where it only raises
// the bound: some do that thousands of times.
const fineness = 100

// publish logs an event, and shows it to the observer, if it tells anything new.
func (b *Board) publish(e Event) {
	n := len(b.log)
	if n > 0 {
		last := b.log[n-1]
		e.Seconds, e.Cost, e.Bound = max(e.Seconds, last.Seconds), min(e.Cost, last.Cost), max(e.Bound, last.Bound)
		if e.Cost == last.Cost && e.Bound == last.Bound {
			return
		}
	}
	if n > 1 {
		before, last := b.log[n-2], b.log[n-1]
		if before.Cost == e.Cost && before.By == e.By && last.By == e.By && e.Work-before.Work < e.Work/fineness {
			n--
		}
	}
	b.log = append(b.log[:n], e)
	if b.run.observe != nil && b.member == nil {
		b.run.observe(e)
	}
}

// fail ends the run: a method reported what is not true.
func (b *Board) fail(format string, args ...any) {
	b.run.fail(fmt.Errorf("search: method %s is wrong: it "+format, append([]any{b.by}, args...)...))
}

func (r *run) fail(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.failure == nil {
		r.failure = err
	}
	r.stopped.Store(true)
	r.cancel()
}
