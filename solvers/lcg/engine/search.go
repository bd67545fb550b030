package engine

// Status is how a search ended.
type Status int

// A search ends with a solution, to be read from the lower bounds; because what was
// assumed cannot be; because nothing at all is feasible; or because it was stopped.
const (
	Solved Status = iota
	Refuted
	Infeasible
	Stopped
)

// restartUnit is how many conflicts the shortest run between restarts has.
const restartUnit = 100

// Solve looks for values that keep everything, with an assumption. It calls more after
// every conflict, and now and then between, with what it has done since the last call,
// in units of about a nanosecond; when that returns false it stops. It may be called
// again: what it learned stays.
//
// Restarts after M. Luby, A. Sinclair and D. Zuckerman, Optimal speedup of Las Vegas
// algorithms, Information Processing Letters 47, 1993.
func (e *Engine) Solve(assume Literal, more func(steps int64) bool) Status {
	for run := int64(1); ; run++ {
		if !e.Settle() {
			return Infeasible
		}
		if e.learned > e.limit {
			if e.forget(); !e.Settle() {
				return Infeasible
			}
		}
		for left := luby(run) * restartUnit; left > 0; {
			if !e.propagate() {
				if !e.learn() {
					e.dead = true
					return Infeasible
				}
				left--
				if !e.report(more) {
					return Stopped
				}
				continue
			}
			if e.False(assume) {
				if !e.Settle() {
					return Infeasible
				}
				return Refuted
			}
			if !e.True(assume) {
				e.back(0)
				e.decide(assume)
				continue
			}
			if e.steps > 200_000 && !e.report(more) {
				return Stopped
			}
			l, open := e.pick()
			if !open {
				return Solved
			}
			e.decide(l)
		}
	}
}

func (e *Engine) report(more func(int64) bool) bool {
	steps := e.steps
	e.steps = 0
	if more(steps) {
		return true
	}
	e.back(0)
	return false
}

// luby is 1 1 2 1 1 2 4 …
func luby(k int64) int64 {
	for {
		power := int64(1)
		for 2*power-1 < k {
			power *= 2
		}
		if 2*power-1 == k {
			return power
		}
		k -= power - 1
	}
}

// pick chooses the next decision: the variable that took part in most conflicts lately. If
// it has two values left, it gets the one that it had last, otherwise its least. False:
// all are fixed.
func (e *Engine) pick() (Literal, bool) {
	x, any := e.order.top(e.low)
	if !any {
		return Literal{}, false
	}
	low, high := e.low[x], -e.low[x^1]
	if low+1 == high && e.value[x/2] >= high {
		return AtLeast(x, high), true
	}
	return AtMost(x, low), true
}
