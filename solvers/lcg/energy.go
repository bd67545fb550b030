package lcg

import (
	"slices"

	"berth/solvers/lcg/engine"
)

// energy holds that no interval is asked for more work than all nodes can do in it, and
// moves tasks out of intervals that have no room left for them.
//
// Source: P. Baptiste, C. Le Pape and W. Nuijten, Satisfiability tests and time-bound
// adjustments for cumulative scheduling problems, Annals of Operations Research 92, 1999;
// explanations after A. Schutt and others 2011. Departures: intervals begin where a task
// that is not fixed begins at the earliest, and, before any decision but on the makespan,
// at the latest; explanations give away what work there is beyond need; the ends of
// intervals are merged from rows that are kept sorted; tasks that an interval after the other
// moves by little are left alone in the end, since others keep nodes from what they cannot do. O(tasks²), and tasks for each interval
// that is nearly full.
type energy struct {
	items  []item // that take time
	nodes  int64
	wide   int64  // an interval as long as that has room for twice all work
	views  []view // by item
	begins []int64
	lits   []engine.Literal

	// By time: the latest begin and end, the earliest end, and earliest and latest together, see from.
	byHigh, byLast, byDone, byBoth sorted

	corners, high, last, done, both, some, more []int64
}

func newEnergy(items []item, nodes int) *energy {
	n := &energy{nodes: int64(nodes)}
	for _, i := range items {
		if i.time > 0 {
			n.items = append(n.items, i)
			n.wide += 2 * i.time
		}
	}
	n.wide = n.wide/n.nodes + 1
	n.views = make([]view, len(n.items))
	n.byHigh, n.byLast = newSorted(len(n.items)), newSorted(len(n.items))
	n.byDone, n.byBoth = newSorted(len(n.items)), newSorted(len(n.items))
	return n
}

// view is a task by its bounds.
type view struct {
	item
	low, high int64
}

// part is how much of a task an interval holds at least.
func (v *view) part(a, b int64) int64 {
	return max(0, min(v.time, b-a, v.low+v.time-a, b-v.high))
}

// Propagate implements engine.Propagator.
func (n *energy) Propagate(e *engine.Engine) bool {
	if e.Creeps() {
		return true
	}
	n.begins = n.begins[:0]
	longest := int64(0)
	for k, i := range n.items {
		v := view{i, e.Low(i.start), e.High(i.start)}
		n.views[k] = v
		if v.low < v.high {
			longest = max(longest, i.time)
			if n.begins = append(n.begins, v.low); e.Level() <= 1 {
				n.begins = append(n.begins, v.high)
			}
		}
	}
	slices.Sort(n.begins)
	n.begins = slices.Compact(n.begins)
	n.byHigh.update(func(k int32) int64 { return n.views[k].high })
	n.byLast.update(func(k int32) int64 { return n.views[k].high + n.views[k].time })
	n.byDone.update(func(k int32) int64 { return n.views[k].low + n.views[k].time })
	n.byBoth.update(func(k int32) int64 { return n.views[k].low + n.views[k].high + n.views[k].time })
	e.Steps(int64(40 * len(n.views)))
	for _, a := range n.begins {
		if !n.from(e, a, longest) {
			return false
		}
	}
	return true
}

// from looks at all intervals from a on. The work that must lie in one grows, as its end
// moves, by one a unit of time for every task from its latest begin on until all that must
// lie behind a is there: the corners. They are kept as twice the time, and one more where
// the work begins to grow.
func (n *energy) from(e *engine.Engine, a, longest int64) bool {
	e.Steps(int64(2 * len(n.views)))
	if n.roomy(a, longest) {
		return true
	}
	e.Steps(int64(16 * len(n.views)))
	n.findCorners(a)
	work, slope, at := int64(0), int64(0), a
	for k, c := range n.corners {
		b := c >> 1
		work += slope * (b - at)
		at = b
		if c&1 == 1 {
			slope++
		} else {
			slope--
		}
		if k+1 < len(n.corners) && n.corners[k+1]>>1 == b || b == a {
			continue
		}
		room := n.room(b-a) - work
		if room < 0 {
			return e.Refuse(n.because(e, a, b, -room-1, -1))
		}
		if room < longest && !n.squeeze(e, a, b, room) {
			return false
		}
	}
	return true
}

// roomy says that no interval from a on asks for anything, by what is quick to see: fewer tasks than
// nodes must begin before its end, so that one node is left to whatever else might run in it; or
// these together leave room for the longest.
func (n *energy) roomy(a, longest int64) bool {
	tasks, work := int64(0), int64(0)
	for _, t := range n.byHigh {
		v := &n.views[t.item]
		if v.low+v.time <= a {
			continue
		}
		tasks++
		work += min(v.time, v.low+v.time-a)
		if tasks >= n.nodes && n.room(max(t.at-a, 0)+1)-work < longest {
			return false
		}
	}
	return true
}

// room is what all nodes can do in some time, or, of what is longer than ever matters and might leave
// 64 bits, enough.
func (n *energy) room(time int64) int64 { return n.nodes * min(time, n.wide) }

// findCorners finds them, each row in order. Where the work of a task begins to grow, at
// high or a, it grows for all of its time if it begins at a or later; else for what of it
// lies behind a at least.
func (n *energy) findCorners(a int64) {
	n.high, n.last, n.done, n.both = n.high[:0], n.last[:0], n.done[:0], n.both[:0]
	for _, t := range n.byHigh {
		if v := &n.views[t.item]; v.low+v.time > a {
			n.high = append(n.high, 2*max(t.at, a)+1)
		}
	}
	for _, t := range n.byLast {
		if n.views[t.item].low >= a {
			n.last = append(n.last, 2*t.at)
		}
	}
	for _, t := range n.byDone {
		if t.at > a && n.views[t.item].high < a {
			n.done = append(n.done, 2*t.at)
		}
	}
	for _, t := range n.byBoth {
		if v := &n.views[t.item]; v.low < a && v.low+v.time > a && v.high >= a {
			n.both = append(n.both, 2*(t.at-a))
		}
	}
	n.some = merged(n.some[:0], n.done, n.both)
	n.more = merged(n.more[:0], n.some, n.last)
	n.corners = merged(n.corners[:0], n.more, n.high)
}

// squeeze moves tasks of which the interval would have to hold more than there is room for.
func (n *energy) squeeze(e *engine.Engine, a, b, room int64) bool {
	e.Steps(int64(2 * len(n.views)))
	for k := range n.views {
		v := &n.views[k]
		if v.low == v.high {
			continue
		}
		free := room + v.part(a, b) // for all of this task
		most := min(v.time, b-a)
		if most <= free {
			continue
		}
		if min(most, v.low+v.time-a) > free && v.low < b-free && v.low+v.time > a {
			lits := append(n.because(e, a, b, 0, v.start), engine.AtLeast(v.start, a+free+1-v.time))
			if !e.Imply(engine.AtLeast(v.start, b-free), lits) {
				return false
			}
		}
		if min(most, b-v.high) > free && v.high+v.time > a+free && v.high < b {
			lits := append(n.because(e, a, b, 0, v.start), engine.AtMost(v.start, b-free-1))
			if !e.Imply(engine.AtMost(v.start, a+free-v.time), lits) {
				return false
			}
		}
	}
	return true
}

// because is why the interval holds so much work, without a task that is excepted; so
// much of it may be given away.
func (n *energy) because(e *engine.Engine, a, b, spare int64, except engine.Half) []engine.Literal {
	lits := n.lits[:0]
	for k := range n.views {
		v := &n.views[k]
		part := v.part(a, b)
		if part == 0 || v.start == except {
			continue
		}
		give := min(part, spare)
		spare -= give
		if part -= give; part > 0 {
			lits = append(lits, engine.AtLeast(v.start, a+part-v.time), engine.AtMost(v.start, b-part))
		}
	}
	n.lits = lits
	e.Steps(int64(2 * len(n.views)))
	return lits
}
