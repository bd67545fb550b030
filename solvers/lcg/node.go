package lcg

import (
	"cmp"
	"slices"

	"berth/solvers/lcg/engine"
)

// node holds that one node does no more than it can in any interval: the tasks that run
// there and lie within an interval fit into it, and a task that would not fit beside them
// runs elsewhere. O(tasks³) at worst, of those that run there.
type node struct {
	items   []item
	here    []engine.Literal // by item
	running []placed         // by falling latest end
	open    []placed
	begins  []int64
	lits    []engine.Literal
}

// placed is a task by its bounds, if it runs here.
type placed struct {
	item
	here           engine.Literal
	earliest, last int64 // begin and end
}

// Propagate implements engine.Propagator.
func (n *node) Propagate(e *engine.Engine) bool {
	n.running, n.open, n.begins = n.running[:0], n.open[:0], n.begins[:0]
	for k, i := range n.items {
		if i.time == 0 || e.False(n.here[k]) {
			continue
		}
		p := placed{i, n.here[k], e.Low(i.start), e.High(i.start) + i.time}
		if e.True(p.here) {
			n.running = append(n.running, p)
			n.begins = append(n.begins, p.earliest)
		} else {
			n.open = append(n.open, p)
		}
	}
	slices.SortFunc(n.running, func(a, b placed) int { return cmp.Compare(a.last, b.last) })
	for k := range n.running {
		if !n.fits(e, n.running[k].earliest, -1) {
			return false
		}
	}
	for k := range n.open {
		if !n.excludes(e, k) {
			return false
		}
	}
	e.Steps(int64(3*len(n.running)*len(n.running)*(1+len(n.open)) + 5*len(n.items)))
	return true
}

// fits checks the intervals from a on. With a task that is open, it checks those with
// that task, and sends it elsewhere if one does not fit.
func (n *node) fits(e *engine.Engine, a int64, open int) bool {
	work, need := int64(0), int64(0)
	if open >= 0 {
		work, need = n.open[open].time, n.open[open].last
	}
	for k := range n.running {
		p := &n.running[k]
		if p.earliest >= a {
			work += p.time
		}
		b := max(p.last, need)
		if work == 0 || k+1 < len(n.running) && n.running[k+1].last <= b || a+work <= b {
			continue
		}
		lits := n.lits[:0]
		for _, q := range n.running[:k+1] {
			if q.earliest >= a {
				lits = append(lits, q.here, engine.AtLeast(q.start, a), engine.AtMost(q.start, a+work-1-q.time))
			}
		}
		n.lits = lits
		if open < 0 {
			return e.Refuse(lits)
		}
		o := &n.open[open]
		n.lits = append(lits, engine.AtLeast(o.start, a), engine.AtMost(o.start, a+work-1-o.time))
		return e.Imply(o.here.Not(), n.lits)
	}
	return true
}

// excludes sends an open task elsewhere if it fits nowhere beside what runs here.
func (n *node) excludes(e *engine.Engine, k int) bool {
	o := &n.open[k]
	if !n.fits(e, o.earliest, k) {
		return false
	}
	for _, a := range n.begins {
		if a < o.earliest && e.False(o.here) {
			return true
		}
		if a < o.earliest && !n.fits(e, a, k) {
			return false
		}
	}
	return true
}
