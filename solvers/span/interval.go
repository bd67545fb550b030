package span

import (
	"cmp"
	"slices"

	"berth/model"
	"berth/search"
)

// mostTasks bounds the workflows whose intervals are looked at.
const mostTasks = 2000

// refute raises the bound as long as assuming it as the makespan leaves more work in some
// interval than all nodes can do. If a makespan cannot be, no shorter one can. O(log
// horizon · tasks² · log tasks).
func (e *ends) refute(b *search.Board) {
	if len(e.w.Tasks) > mostTasks {
		return
	}
	low, high := e.known(b)
	tasks := e.windows()
	holds := func(makespan int64) bool { return fits(tasks, makespan, int64(e.w.Nodes)) }
	step := int64(1)
	for low < high && !holds(min(low+step-1, high-1)) {
		low = min(low+step, high)
		step *= 2
		if !e.count(b) {
			return
		}
	}
	top := min(low+step, high) // holds, or is the incumbent
	for low < top {
		middle := low + (top-low)/2
		if holds(middle) {
			top = middle
		} else {
			low = middle + 1
		}
		if !e.count(b) {
			break
		}
	}
	b.Raise(low)
}

// known is a bound of the makespan, and one that need not be asked about: the incumbent's,
// or one that is longer than any has to be.
func (e *ends) known(b *search.Board) (low, high int64) {
	_, cost := b.Schedule()
	return b.Bound(), min(cost, e.w.Horizon+1)
}

func (e *ends) count(b *search.Board) bool {
	n := int64(len(e.w.Tasks))
	return b.Work(n * n * 20)
}

// window is the least that a task needs: it begins after head, and tail remains to be
// done when it is over.
type window struct{ head, work, tail int64 }

func (e *ends) windows() []window {
	n := e.w.Nodes
	var list []window
	for t := range e.w.Tasks {
		v := window{model.Never, model.Never, model.Never}
		for j := range n {
			if d := e.w.Duration[t*n+j]; d < model.Never {
				v.head = min(v.head, e.head[t*n+j])
				v.work = min(v.work, d)
				v.tail = min(v.tail, e.tail[t*n+j])
			}
		}
		if v.work > 0 && v.work < model.Never {
			list = append(list, v)
		}
	}
	return list
}

// corner is where the work that must be done up to some time begins to grow faster or
// slower.
type corner struct {
	at    int64
	slope int64
}

// fits says whether, with everything over by makespan, no interval is asked for more than
// the nodes have. Of a task that begins between head and latest = makespan − tail − work,
// the interval from a to b holds at least min(work, b − a, head + work − a, b − latest).
// For every a that is a head or a latest begin, b is swept: the work grows by one a unit
// of time from latest (or a, if that is later) on, until it is all that must lie behind
// a.
func fits(tasks []window, makespan, nodes int64) bool {
	var corners []corner
	begins := make([]int64, 0, 2*len(tasks))
	for _, t := range tasks {
		latest := makespan - t.tail - t.work
		if latest < t.head {
			return false
		}
		begins = append(begins, t.head, latest)
	}
	slices.Sort(begins)
	for _, a := range slices.Compact(begins) {
		corners = corners[:0]
		for _, t := range tasks {
			latest := makespan - t.tail - t.work
			behind := min(t.work, t.head+t.work-a) // that lies behind a at least, however early it begins
			if behind <= 0 {
				continue
			}
			from := max(latest, a)
			corners = append(corners, corner{from, 1}, corner{from + behind, -1})
		}
		slices.SortFunc(corners, func(x, y corner) int { return cmp.Compare(x.at, y.at) })
		work, slope, at := int64(0), int64(0), a
		for _, c := range corners {
			work += slope * (c.at - at)
			if (work+nodes-1)/nodes > c.at-a { // their product may leave 64 bits
				return false
			}
			slope += c.slope
			at = c.at
		}
	}
	return true
}
