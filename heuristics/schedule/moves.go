package schedule

import (
	"math/rand/v2"

	"berth/model"
)

// walk makes random changes of an order and keeps those that are not worse than a limit.
type walk struct {
	*order
	rng    *rand.Rand
	old    []int64 // the ends of all tasks before the change
	on     []int32 // nodes that run a task, by task, from place to place: see nodesOf
	from   []int32 // into on, by task
	inside stretch
	undo   struct {
		task    int32   // moved, or -1
		place   int     // where it was, or where the segment begins
		segment []int32 // the tasks of a stretch that was made anew
		members []int32 // of other nodes now …
		nodes   []int32 // … and before
	}
}

func newWalk(o *order, rng *rand.Rand) *walk {
	w := &walk{order: o, rng: rng, old: make([]int64, len(o.w.Tasks)), from: []int32{0}}
	for t := range int32(len(o.w.Tasks)) {
		for j := range int32(o.w.Nodes) {
			if o.w.DurationOn(t, j) < model.Never {
				w.on = append(w.on, j)
			}
		}
		w.from = append(w.from, int32(len(w.on)))
	}
	return w
}

// begin takes over an order.
func (w *walk) begin(seq, node []int32) {
	w.set(seq, node)
	copy(w.old, w.finish)
}

// nodesOf are the nodes that can run a task.
func (w *walk) nodesOf(task int32) []int32 { return w.on[w.from[task]:w.from[task+1]] }

// The shares of the kinds of change, in percent, and of those that begin on a longest
// way.
const (
	sharePlace    = 42 // another place on the same node
	shareNode     = 42 // another node, half of the time at another place
	shareCluster  = 8
	shareCritical = 70
	mostMembers   = 6 // of a cluster that gets another node together
)

// step makes a change at random and keeps it if the cost stays within the limit. It
// says whether it was kept.
func (w *walk) step(limit int64) bool {
	task := w.seq[w.rng.IntN(len(w.seq))]
	if len(w.critical) > 0 && w.rng.IntN(100) < shareCritical {
		task = w.critical[w.rng.IntN(len(w.critical))]
	}
	w.undo.task, w.undo.members, w.undo.nodes, w.undo.segment = -1, w.undo.members[:0], w.undo.nodes[:0], w.undo.segment[:0]
	var first, last int
	var changed bool
	switch kind := w.rng.IntN(100); {
	case kind < sharePlace:
		first, last, changed = w.otherPlace(task)
	case kind < sharePlace+shareNode:
		first, last, changed = w.otherNode(task)
	case kind < sharePlace+shareNode+shareCluster:
		first, last, changed = w.cluster(task)
	default:
		first, last, changed = w.rebuild()
	}
	if !changed {
		return false
	}
	makespan, late, ok := w.evaluate(first, last, limit)
	if !ok {
		w.revert(first, w.old)
		w.putBack()
		return false
	}
	w.makespan, w.late = makespan, late
	for _, t := range w.seq[first:] {
		w.old[t] = w.finish[t]
	}
	w.retail()
	return true
}

// putBack undoes the change.
func (w *walk) putBack() {
	for k, t := range w.undo.members {
		w.node[t] = w.undo.nodes[k]
	}
	if w.undo.task >= 0 {
		w.move(w.undo.task, w.undo.place)
	}
	for k, t := range w.undo.segment {
		w.seq[w.undo.place+k], w.pos[t] = t, int32(w.undo.place+k)
	}
}

// otherPlace moves a task before or behind another one of its node.
func (w *walk) otherPlace(task int32) (first, last int, changed bool) {
	low, high := w.room(task)
	at := int(w.pos[task])
	if low == high {
		return 0, 0, false
	}
	to := low + w.rng.IntN(high-low+1)
	passed := false
	for k := min(at, to); k <= max(at, to) && !passed; k++ {
		passed = k != at && w.node[w.seq[k]] == w.node[task]
	}
	if !passed {
		return 0, 0, false
	}
	w.undo.task, w.undo.place = task, at
	w.move(task, to)
	return min(at, to), max(at, to), true
}

// otherNode gives a task another node: that of a task it exchanges results with, or any.
func (w *walk) otherNode(task int32) (first, last int, changed bool) {
	j := w.target(task)
	if j < 0 {
		return 0, 0, false
	}
	w.reassign(task, j)
	at := int(w.pos[task])
	to := at
	if w.rng.IntN(2) == 0 {
		low, high := w.room(task)
		to = low + w.rng.IntN(high-low+1)
		w.undo.task, w.undo.place = task, at
		w.move(task, to)
	}
	return min(at, to), max(at, to), true
}

// target picks a node for a task other than its own; -1 where there is none.
func (w *walk) target(task int32) int32 {
	if w.rng.IntN(2) == 0 {
		if other := w.neighbour(task); other >= 0 {
			if j := w.node[other]; j != w.node[task] && w.w.DurationOn(task, j) < model.Never {
				return j
			}
		}
	}
	nodes := w.nodesOf(task)
	j := nodes[w.rng.IntN(len(nodes))]
	if j == w.node[task] {
		return -1
	}
	return j
}

// neighbour picks a task that the task waits for or that waits for it; -1 where there
// is none.
func (w *walk) neighbour(task int32) int32 {
	in, out := w.w.In[task], w.w.Out[task]
	before, after := int(in.To-in.From), int(out.To-out.From)
	if before+after == 0 {
		return -1
	}
	if k := w.rng.IntN(before + after); k < before {
		return w.in[int(in.From)+k].from
	} else {
		return w.out[int(out.From)+k-before].to
	}
}

func (w *walk) reassign(task, node int32) {
	w.undo.members = append(w.undo.members, task)
	w.undo.nodes = append(w.undo.nodes, w.node[task])
	w.node[task] = node
}

// cluster gives several tasks of one node that exchange results another node together.
func (w *walk) cluster(task int32) (first, last int, changed bool) {
	j, own := w.target(task), w.node[task]
	if j < 0 {
		return 0, 0, false
	}
	w.reassign(task, j)
	at := int(w.pos[task])
	first, last = at, at
	for range 1 + w.rng.IntN(mostMembers-1) {
		other := w.neighbour(w.undo.members[w.rng.IntN(len(w.undo.members))])
		if other < 0 || w.node[other] != own || w.w.DurationOn(other, j) >= model.Never {
			continue
		}
		w.reassign(other, j)
		first, last = min(first, int(w.pos[other])), max(last, int(w.pos[other]))
	}
	return first, last, true
}
