package lcg

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/lcg/engine"
)

// item is a task to a propagator: when it begins, and how long it takes at least.
type item struct {
	start engine.Half
	time  int64
}

// timetable holds that at no time more tasks run than there are nodes: where all nodes
// surely run tasks, no other task can.
//
// Source: A. Schutt, T. Feydy, P.J. Stuckey and M.G. Wallace, Explaining the cumulative
// propagator, Constraints 16(3), 2011: one point in time explains every conclusion, but for tasks
// that are very short. O(tasks · log tasks + tasks · busy times).
type timetable struct {
	items          []item
	nodes          int
	byHigh, byDone sorted // by the latest begin, and by the earliest end
	events         []event
	full           []busy
	lits           []engine.Literal
}

func newTimetable(items []item, nodes int) *timetable {
	return &timetable{items: items, nodes: nodes, byHigh: newSorted(len(items)), byDone: newSorted(len(items))}
}

// event is a time at which a task that surely runs begins or ends.
type event struct {
	at     int64
	change int
}

// busy is a time during which all nodes surely run tasks.
type busy struct{ from, to int64 }

// Propagate implements engine.Propagator.
func (t *timetable) Propagate(e *engine.Engine) bool {
	t.full = t.full[:0]
	t.findEvents(e)
	e.Steps(int64(12*len(t.items) + 8*len(t.events)))
	running := 0
	for k, v := range t.events {
		running += v.change
		if running > t.nodes {
			return e.Refuse(t.cover(e, t.lits[:0], v.at, -1))
		}
		if running == t.nodes && t.events[k+1].at > v.at {
			if last := len(t.full) - 1; last >= 0 && t.full[last].to == v.at {
				t.full[last].to = t.events[k+1].at
			} else {
				t.full = append(t.full, busy{v.at, t.events[k+1].at})
			}
		}
	}
	if len(t.full) == 0 {
		return true
	}
	for _, i := range t.items {
		if i.time > 0 && e.Low(i.start) < e.High(i.start) && !(t.later(e, i) && t.earlier(e, i)) {
			return false
		}
	}
	return true
}

// findEvents finds them in the order of time, ends before begins.
func (t *timetable) findEvents(e *engine.Engine) {
	t.byHigh.update(func(k int32) int64 { return e.High(t.items[k].start) })
	t.byDone.update(func(k int32) int64 { return e.Low(t.items[k].start) + t.items[k].time })
	t.events = t.events[:0]
	ends := t.byDone
	end := func(until int64) {
		for ; len(ends) > 0 && ends[0].at <= until; ends = ends[1:] {
			if e.High(t.items[ends[0].item].start) < ends[0].at {
				t.events = append(t.events, event{ends[0].at, -1})
			}
		}
	}
	for _, begin := range t.byHigh {
		if i := t.items[begin.item]; begin.at < e.Low(i.start)+i.time {
			end(begin.at)
			t.events = append(t.events, event{begin.at, 1})
		}
	}
	end(math.MaxInt64)
}

// later moves the earliest begin of a task out of busy times.
func (t *timetable) later(e *engine.Engine, i item) bool {
	k, _ := slices.BinarySearchFunc(t.full, e.Low(i.start), func(b busy, at int64) int { return cmp.Compare(b.to, at+1) })
	for ; k < len(t.full); k++ {
		for b := t.full[k]; ; {
			low := e.Low(i.start)
			if low >= b.to || low+i.time <= b.from {
				break
			}
			at := min(b.to, low+i.time) - 1
			if e.High(i.start) <= at { // it is one of those that surely run then, or soon will be
				return true
			}
			t.lits = t.cover(e, t.lits[:0], at, i.start)
			until := at
			if (b.to-low)/mostSteps > i.time {
				until = t.onward(e, at)
			}
			t.lits = append(t.lits, engine.AtLeast(i.start, at+1-i.time))
			if !e.Imply(engine.AtLeast(i.start, until+1), t.lits) {
				return false
			}
		}
		if e.Low(i.start)+i.time <= t.full[k].from {
			return true
		}
	}
	return true
}

// earlier moves the latest begin of a task out of busy times.
func (t *timetable) earlier(e *engine.Engine, i item) bool {
	for k := len(t.full) - 1; k >= 0; k-- {
		for b := t.full[k]; ; {
			high := e.High(i.start)
			if high+i.time <= b.from || high >= b.to {
				break
			}
			at := max(b.from, high)
			if e.Low(i.start)+i.time > at {
				return true
			}
			t.lits = t.cover(e, t.lits[:0], at, i.start)
			from := at
			if (high-b.from)/mostSteps > i.time {
				from = t.back(e)
			}
			t.lits = append(t.lits, engine.AtMost(i.start, at))
			if !e.Imply(engine.AtMost(i.start, from-i.time), t.lits) {
				return false
			}
		}
		if e.High(i.start) >= t.full[k].to {
			return true
		}
	}
	return true
}

// mostSteps bounds how often a task is moved by no more than its own time through one busy
// time: a task that would take more steps leaves what the same tasks fill at once.
const mostSteps = 100

// onward makes what covers a time cover it for as long as these tasks all run, and returns
// the last time of that.
func (t *timetable) onward(e *engine.Engine, at int64) int64 {
	until := int64(math.MaxInt64)
	for k := 1; k < len(t.lits); k += 2 {
		until = min(until, e.Low(t.lits[k].Half)+at-t.lits[k].At)
	}
	for k := 1; k < len(t.lits); k += 2 {
		t.lits[k].At += until - at
	}
	return until
}

// back makes what covers a time cover it from the moment when these tasks all run, and
// returns that.
func (t *timetable) back(e *engine.Engine) int64 {
	from := int64(math.MinInt64)
	for k := 0; k < len(t.lits); k += 2 {
		from = max(from, e.High(t.lits[k].Half.Not()))
	}
	for k := 0; k < len(t.lits); k += 2 {
		t.lits[k] = engine.AtMost(t.lits[k].Half.Not(), from)
	}
	return from
}

// cover appends why tasks surely run at a time: as many as there are nodes, without one
// that is excepted; or one more, if none is.
func (t *timetable) cover(e *engine.Engine, to []engine.Literal, at int64, except engine.Half) []engine.Literal {
	want := t.nodes
	if except < 0 {
		want++
	}
	for _, i := range t.items {
		if want > 0 && i.start != except && e.High(i.start) <= at && at < e.Low(i.start)+i.time {
			to = append(to, engine.AtMost(i.start, at), engine.AtLeast(i.start, at+1-i.time))
			want--
		}
	}
	return to
}
