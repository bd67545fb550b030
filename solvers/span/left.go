package span

import (
	"berth/model"
	"berth/search"
)

// mostNarrowed bounds the pairs of task and node for which narrow looks at makespans,
// nearness is the part of the bound that its first step is, and mostRounds how often it looks
// again at what is left.
const (
	mostNarrowed = 100_000
	nearness     = 2000
	mostRounds   = 4
)

// narrow raises the bound as long as an assumed makespan is refuted by what it leaves to each
// task: those nodes where the task fits between what must come before it there and after it.
func (e *ends) narrow(b *search.Board) {
	if len(e.w.Duration) > mostNarrowed {
		return
	}
	low, high := e.known(b)
	going := true
	refuted := func(makespan int64) bool {
		left, steps := e.left(makespan)
		if left != nil {
			e = left // what a makespan leaves, a shorter one leaves no more of
		}
		going = b.Work(steps) && going
		return left == nil
	}
	for at, step := low, int64(0); low < high && going; at, step = low+step, max(2*step, low/nearness) {
		if at = min(at, high-1); !refuted(at) {
			high = at
			break
		}
		low = at + 1
	}
	for low < high && going {
		if middle := low + (high-low)/2; refuted(middle) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	b.Raise(low)
}

// left is what must pass before and after each task if all is over by a makespan, where each
// has only those nodes that this leaves to it, again and again as long as that leaves fewer. It
// is nil if there is no such schedule: a task has no node, some tasks are too many for the
// nodes that are left to them, or what is left takes longer.
func (e *ends) left(makespan int64) (_ *ends, steps int64) {
	for range mostRounds {
		w := *e.w
		w.Duration = make([]int64, len(e.w.Duration))
		fewer := false
		for k, d := range e.w.Duration {
			if w.Duration[k] = d; d < model.Never && e.head[k]+d+e.tail[k] > makespan {
				w.Duration[k], fewer = model.Never, true
			}
		}
		holds, counted := e.hold(&w, makespan)
		steps += counted
		if !holds {
			return nil, steps
		}
		if !fewer {
			break
		}
		bound, price := load(&w, w.Duration)
		steps += int64(len(w.Duration)) * loadRounds
		if bound > makespan {
			return nil, steps
		}
		e = newEnds(&w, price)
		steps += e.steps
		if e.chains() > makespan || e.all(newCrowd(&w, price)) > makespan {
			return nil, steps
		}
	}
	return e, steps
}
