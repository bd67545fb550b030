package schedule

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// walk makes random changes of an order and keeps those that are not worse than a limit.
type walk struct {
	*order
	rng      *rand.Rand
	on       []int32 // nodes that run a task, by task, from place to place: see nodesOf
	from     []int32 // into on, by task
	critical []int32 // tasks of a longest way
	fresh    bool    // critical is of the order as it is
	inside   stretch
	tried    []int32  // nodes, see some
	prior    []int32  // by node, see priors
	ready    []int64  // by node, see sides
	after    []int64  // by node, see sides
	changed  []member // tasks that were taken out of their rows
	sorted   []int32  // these by place, see settle
	undo     struct {
		task    int32   // moved, or -1
		place   int32   // where it was, or where the segment begins
		segment []int32 // the tasks of a stretch that was made anew
	}
}

// member is how a changed task stood before.
type member struct{ task, place, node, before, behind int32 }

func newWalk(o *order, rng *rand.Rand) *walk {
	w := &walk{
		order: o, rng: rng, from: []int32{0}, inside: newStretch(o.w),
		prior: make([]int32, o.w.Nodes), ready: make([]int64, o.w.Nodes), after: make([]int64, o.w.Nodes),
	}
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
	w.fresh = false
}

// nodesOf are the nodes that can run a task.
func (w *walk) nodesOf(task int32) []int32 { return w.on[w.from[task]:w.from[task+1]] }

// The shares of the kinds of change, in percent, and of those that begin on a longest
// way.
const (
	sharePlace    = 13 // another place on the same node
	shareNode     = 15 // another node, half of the time at another place
	shareGap      = 48 // the best of some gaps on other nodes
	shareSwap     = 12 // the node of a task that stands nearby, for its own
	shareCluster  = 6
	shareCritical = 70
	mostPartners  = 5 // that a task may be swapped with
	mostMembers   = 6 // of a cluster that gets another node together
	shareRebuild  = 100 - sharePlace - shareNode - shareGap - shareSwap - shareCluster
)

// longOrder is from how many tasks on no stretch is rebuilt: what stands together in so long
// an order has little to do with one another.
const longOrder = 2000

// step makes a change at random and keeps it if the cost stays within the limit. It
// says whether it was kept.
func (w *walk) step(limit int64) bool {
	task := w.seq[w.rng.IntN(len(w.seq))]
	if w.rng.IntN(100) < shareCritical {
		task = w.hanging()
	}
	w.undo.task, w.undo.segment, w.changed = -1, w.undo.segment[:0], w.changed[:0]
	kinds := 100
	if len(w.seq) >= longOrder {
		kinds -= shareRebuild
	}
	var made bool
	switch kind := w.rng.IntN(kinds); {
	case kind < sharePlace:
		made = w.otherPlace(task)
	case kind < sharePlace+shareNode:
		made = w.otherNode(task)
	case kind < sharePlace+shareNode+shareGap:
		made = w.otherGap(task)
	case kind < sharePlace+shareNode+shareGap+shareSwap:
		made = w.swap(task)
	case kind < sharePlace+shareNode+shareGap+shareSwap+shareCluster:
		made = w.cluster(task)
	default:
		made = w.rebuild()
	}
	if !made {
		return false
	}
	makespan, late, ok := w.evaluate(w.settle(), limit)
	if !ok {
		w.revert()
		w.putBack()
		return false
	}
	w.makespan, w.late, w.fresh = makespan, late, false
	for _, m := range w.changed {
		w.mark(m.task)
		w.markSources(m.task)
		for _, p := range [2]int32{m.before, w.before[m.task]} {
			if p >= 0 {
				w.mark(p)
			}
		}
	}
	w.retail()
	return true
}

// hanging picks a task of a longest way.
func (w *walk) hanging() int32 {
	if !w.fresh {
		w.fresh = true
		w.longest()
	}
	return w.critical[w.rng.IntN(len(w.critical))]
}

// longest walks a longest way back from its end, by chance where there are several.
func (w *walk) longest() {
	w.critical = w.critical[:0]
	count := 0
	pick := func(old, next int32) int32 {
		if count++; w.rng.IntN(count) == 0 {
			return next
		}
		return old
	}
	at := int32(-1)
	for _, t := range w.final {
		if t >= 0 && w.finish[t] == w.makespan {
			at = pick(at, t)
		}
	}
	for at >= 0 {
		w.critical = append(w.critical, at)
		start, j, next := w.start(at), w.node[at], int32(-1)
		count = 0
		if p := w.before[at]; p >= 0 && w.finish[p] == start {
			next = pick(next, p)
		}
		span := w.w.In[at]
		for _, e := range w.in[span.From:span.To] {
			if w.finish[e.from]+w.message(e.base, e.edge, w.node[e.from], j) == start {
				next = pick(next, e.from)
			}
		}
		at = next
	}
	w.steps += int64(len(w.critical))
}

// take takes a task out of the row of its node.
func (w *walk) take(t int32) {
	w.changed = append(w.changed, member{t, w.pos[t], w.node[t], w.before[t], w.behind[t]})
	w.detach(t)
}

// reassign takes a task out and gives it another node.
func (w *walk) reassign(task, node int32) {
	w.take(task)
	w.node[task] = node
}

// shift takes a task to another place, and notes where it was.
func (w *walk) shift(task, to int32) {
	w.undo.task, w.undo.place = task, w.pos[task]
	w.move(task, to)
}

// settle puts what was taken out into the rows of its nodes, marks what has to be
// computed again, and returns the last place that the change touches.
func (w *walk) settle() (last int32) {
	w.sorted = w.sorted[:0]
	for _, m := range w.changed {
		w.sorted = append(w.sorted, m.task)
	}
	slices.SortFunc(w.sorted, func(a, b int32) int { return cmp.Compare(w.pos[a], w.pos[b]) })
	for _, t := range w.sorted {
		w.attach(t)
	}
	for _, m := range w.changed {
		last = max(last, m.place, w.pos[m.task])
		w.mark(m.task)
		if m.behind >= 0 {
			w.mark(m.behind)
		}
		if n := w.behind[m.task]; n >= 0 {
			w.mark(n)
		}
		if m.node != w.node[m.task] {
			span := w.w.Out[m.task]
			for _, e := range w.out[span.From:span.To] {
				w.mark(e.to)
			}
		}
	}
	return last
}

// putBack undoes the change.
func (w *walk) putBack() {
	for _, m := range w.changed {
		w.detach(m.task)
	}
	w.restore()
}

// restore puts everything back to where it was before it was taken.
func (w *walk) restore() {
	if w.undo.task >= 0 {
		w.move(w.undo.task, w.undo.place)
	}
	for k, t := range w.undo.segment {
		w.seq[w.undo.place+int32(k)], w.pos[t] = t, w.undo.place+int32(k)
	}
	for _, m := range slices.Backward(w.changed) {
		w.node[m.task] = m.node
		w.insert(m.task, m.before, m.behind)
	}
}

// otherPlace moves a task before or behind another one of its node.
func (w *walk) otherPlace(task int32) bool {
	low, high := w.room(task)
	p, n := w.before[task], w.behind[task]
	passes := func(to int32) bool { return p >= 0 && to <= w.pos[p] || n >= 0 && to >= w.pos[n] }
	if !passes(low) && !passes(high) {
		return false
	}
	to := low + w.rng.Int32N(high-low+1)
	if !passes(to) {
		return false
	}
	w.take(task)
	w.shift(task, to)
	return true
}

// otherNode gives a task another node: that of a task it exchanges results with, or any.
func (w *walk) otherNode(task int32) bool {
	j := w.target(task)
	if j < 0 {
		return false
	}
	w.reassign(task, j)
	if w.rng.IntN(2) == 0 {
		low, high := w.room(task)
		w.shift(task, low+w.rng.Int32N(high-low+1))
	}
	return true
}

// swap exchanges the nodes of a task and of another that stands nearby: where all nodes are
// busy, what is taken to one has to make room there. Of some others it takes the one with which
// the longer of the two ways, each as long as it was but for the times of the tasks, is shortest.
func (w *walk) swap(task int32) bool {
	i, reach := w.node[task], int32(w.w.Nodes)
	partner, least := int32(-1), model.Never
	for range mostPartners {
		k := w.pos[task] - reach + w.rng.Int32N(2*reach+1)
		if k < 0 || k >= int32(len(w.seq)) {
			continue
		}
		other := w.seq[k]
		j := w.node[other]
		here, there := w.w.DurationOn(other, i), w.w.DurationOn(task, j)
		if i == j || here >= model.Never || there >= model.Never {
			continue
		}
		way := max(w.start(task)+here+w.tail[task], w.start(other)+there+w.tail[other])
		if way < least {
			partner, least = other, way
		}
	}
	if partner < 0 {
		return false
	}
	j := w.node[partner]
	w.reassign(task, j)
	w.reassign(partner, i)
	return true
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

// cluster gives several tasks of one node that exchange results another node together.
func (w *walk) cluster(task int32) bool {
	j, own := w.target(task), w.node[task]
	if j < 0 {
		return false
	}
	w.reassign(task, j)
	for range 1 + w.rng.IntN(mostMembers-1) {
		other := w.neighbour(w.changed[w.rng.IntN(len(w.changed))].task)
		if other < 0 || w.node[other] != own || w.w.DurationOn(other, j) >= model.Never {
			continue
		}
		w.reassign(other, j)
	}
	return true
}
