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
// at the latest; explanations give away what work there is beyond need. O(tasks² · log
// tasks), and tasks for each interval that is nearly full.
type energy struct {
	items   []item
	nodes   int64
	views   []view
	corners []int64
	begins  []int64
	lits    []engine.Literal
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
	n.views, n.begins = n.views[:0], n.begins[:0]
	longest := int64(0)
	for _, i := range n.items {
		if i.time == 0 {
			continue
		}
		v := view{i, e.Low(i.start), e.High(i.start)}
		n.views = append(n.views, v)
		if v.low < v.high {
			longest = max(longest, i.time)
			if n.begins = append(n.begins, v.low); e.Level() <= 1 {
				n.begins = append(n.begins, v.high)
			}
		}
	}
	slices.Sort(n.begins)
	n.begins = slices.Compact(n.begins)
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
	n.corners = n.corners[:0]
	for k := range n.views {
		v := &n.views[k]
		behind := min(v.time, v.low+v.time-a)
		if behind <= 0 {
			continue
		}
		begin := max(v.high, a)
		n.corners = append(n.corners, 2*begin+1, 2*(begin+behind))
	}
	slices.Sort(n.corners)
	e.Steps(int64(30*len(n.corners) + len(n.views)))
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
		room := n.nodes*(b-a) - work
		if room < 0 {
			return e.Refuse(n.because(e, a, b, -room-1, -1))
		}
		if room < longest && !n.squeeze(e, a, b, room) {
			return false
		}
	}
	return true
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
