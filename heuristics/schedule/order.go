package schedule

import (
	"math/bits"
	"slices"

	"berth/model"
)

// order is a complete schedule as an order of all tasks and a node for each: every task
// begins as soon as the one before it on its node has ended and all that it needs is
// there. After a change only what the change reaches is computed again: tasks whose
// begin may have moved are marked by their places and taken in the order of these, and
// what ends as before marks nothing further. Evaluation ends early when it shows that the
// result is worse than a limit. For that, the longest way from each task to the end is
// kept: behind the last place that a change touches these ways are still right.
type order struct {
	w      *model.Workflow
	seq    []int32 // the tasks, each behind those that it waits for
	pos    []int32 // by task, into seq
	node   []int32 // by task
	finish []int64 // by task
	tail   []int64 // by task: the longest way from its end to the end of all

	before, behind []int32 // by task: its neighbours on its node; −1: none
	head, final    []int32 // by node: the first and the last task there; −1: none

	makespan int64
	late     int64 // by how much deadlines are missed, in all

	in     []inEdge // by the tasks' spans
	out    []outEdge
	times  []int64 // of messages; nil: ask the workflow
	routes int
	dated  []int32  // tasks with a deadline
	marked []uint64 // by place, a bit each
	was    []ended  // what the last evaluation has changed
	steps  int64    // of work: tasks evaluated, and as much for the rest
}

// inEdge is what a task waits for, outEdge what waits for it; base is where the times of
// the result begin.
type (
	inEdge  struct{ from, base, edge int32 }
	outEdge struct{ to, base, edge int32 }
)

// ended is when a task ended before a change.
type ended struct {
	task   int32
	finish int64
}

// lateWeight is how much more a missed deadline costs than a longer makespan; mostLate
// keeps the cost within 64 bits where results never arrive.
const (
	lateWeight = 8
	mostLate   = model.Never / 64
)

// evaluationSteps is what making a change and beginning to evaluate it counts.
const evaluationSteps = 10

func newOrder(w *model.Workflow) *order {
	n := len(w.Tasks)
	o := &order{
		w: w, pos: make([]int32, n), node: make([]int32, n), finish: make([]int64, n), tail: make([]int64, n),
		before: make([]int32, n), behind: make([]int32, n), head: make([]int32, w.Nodes), final: make([]int32, w.Nodes),
		times: w.Times(), routes: w.Routes(), marked: make([]uint64, n/64+1),
	}
	for _, k := range w.InEdges {
		e := &w.Edges[k]
		o.in = append(o.in, inEdge{e.From, e.Size * int32(o.routes), k})
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		o.out = append(o.out, outEdge{e.To, e.Size * int32(o.routes), int32(k)})
	}
	for t, deadline := range w.Deadline {
		if deadline < model.Never {
			o.dated = append(o.dated, int32(t))
		}
	}
	return o
}

// set takes over an order and the nodes of all tasks. O(tasks + edges).
func (o *order) set(seq, node []int32) {
	o.seq = append(o.seq[:0], seq...)
	copy(o.node, node)
	for j := range o.head {
		o.head[j], o.final[j] = -1, -1
	}
	for k, t := range o.seq {
		o.pos[t] = int32(k)
		o.insert(t, o.final[o.node[t]], -1)
		o.finish[t] = o.ends(t)
	}
	for _, t := range slices.Backward(o.seq) {
		o.tail[t] = o.rest(t)
	}
	o.makespan, o.late = o.last(), o.lateness()
	o.steps += int64(2 * len(o.seq))
}

// cost is what a search makes small.
func (o *order) cost() int64 { return min(o.makespan+lateWeight*o.late, model.Never) }

// ends is when a task ends, given when those before it do. O(what it waits for).
func (o *order) ends(t int32) int64 {
	w, nodes := o.w, o.w.Nodes
	j := o.node[t]
	start := w.Release[t]
	if p := o.before[t]; p >= 0 {
		start = max(start, o.finish[p])
	}
	span := w.In[t]
	if o.times != nil {
		from := w.RouteTable()[int(j)*nodes : int(j+1)*nodes]
		for _, e := range o.in[span.From:span.To] {
			start = max(start, o.finish[e.from]+o.times[e.base+from[o.node[e.from]]])
		}
	} else {
		for _, e := range o.in[span.From:span.To] {
			start = max(start, o.finish[e.from]+w.Message(&w.Edges[e.edge], o.node[e.from], j))
		}
	}
	return min(start+w.Duration[int(t)*nodes+int(j)], model.Never)
}

// rest is the longest way from the end of a task to the end of all, given those of the
// tasks behind it. O(what waits for it).
func (o *order) rest(t int32) int64 {
	w, nodes := o.w, o.w.Nodes
	j := o.node[t]
	tail := int64(0)
	if n := o.behind[t]; n >= 0 {
		tail = o.tail[n] + w.Duration[int(n)*nodes+int(j)]
	}
	span := w.Out[t]
	for _, e := range o.out[span.From:span.To] {
		to := o.node[e.to]
		tail = max(tail, o.message(e.base, e.edge, j, to)+w.Duration[int(e.to)*nodes+int(to)]+o.tail[e.to])
	}
	return min(tail, model.Never)
}

// message is how long a result takes between two nodes.
func (o *order) message(base, edge, from, to int32) int64 {
	if o.times != nil {
		return o.times[base+o.w.RouteTable()[int(from)*o.w.Nodes+int(to)]]
	}
	return o.w.Message(&o.w.Edges[edge], from, to)
}

// start is when a task begins.
func (o *order) start(t int32) int64 {
	return o.finish[t] - o.w.Duration[int(t)*o.w.Nodes+int(o.node[t])]
}

// last is when the last task ends.
func (o *order) last() int64 {
	last := int64(0)
	for _, t := range o.final {
		if t >= 0 {
			last = max(last, o.finish[t])
		}
	}
	return last
}

// lateness adds up by how much deadlines are missed.
func (o *order) lateness() int64 {
	late := int64(0)
	for _, t := range o.dated {
		late = min(late+max(0, o.finish[t]-o.w.Deadline[t]), mostLate)
	}
	return late
}

// mark notes that a task is to be computed again.
func (o *order) mark(t int32) { o.marked[o.pos[t]>>6] |= 1 << (o.pos[t] & 63) }

// evaluate computes when marked tasks end, and all that follows from it, where no task
// behind place last was moved or got another node. It gives up, with false, when the cost
// will be above the limit; then revert must follow.
func (o *order) evaluate(last int32, limit int64) (makespan, late int64, ok bool) {
	o.was = o.was[:0]
	steps := int64(evaluationSteps)
	for word := range o.marked {
		for o.marked[word] != 0 {
			place := word<<6 + bits.TrailingZeros64(o.marked[word])
			o.marked[word] &= o.marked[word] - 1
			t := o.seq[place]
			f := o.ends(t)
			steps++
			if f == o.finish[t] {
				continue
			}
			o.was = append(o.was, ended{t, o.finish[t]})
			o.finish[t] = f
			if int32(place) > last {
				f += o.tail[t]
			}
			if f > limit {
				clear(o.marked[word:])
				o.steps += steps
				return 0, 0, false
			}
			if n := o.behind[t]; n >= 0 {
				o.mark(n)
			}
			span := o.w.Out[t]
			for _, e := range o.out[span.From:span.To] {
				o.mark(e.to)
			}
		}
	}
	o.steps += steps
	makespan, late = o.last(), o.lateness()
	return makespan, late, makespan+lateWeight*late <= limit
}

// revert puts back the ends that the last evaluation has changed.
func (o *order) revert() {
	for _, e := range o.was {
		o.finish[e.task] = e.finish
	}
}

// retail computes the ways to the end from marked tasks, and all that follows from it.
func (o *order) retail() {
	for word := len(o.marked) - 1; word >= 0; word-- {
		for o.marked[word] != 0 {
			bit := 63 - bits.LeadingZeros64(o.marked[word])
			o.marked[word] &^= 1 << bit
			t := o.seq[word<<6+bit]
			tail := o.rest(t)
			o.steps++
			if tail == o.tail[t] {
				continue
			}
			o.tail[t] = tail
			if p := o.before[t]; p >= 0 {
				o.mark(p)
			}
			o.markSources(t)
		}
	}
}

// markSources marks what a task waits for.
func (o *order) markSources(t int32) {
	span := o.w.In[t]
	for _, e := range o.in[span.From:span.To] {
		o.mark(e.from)
	}
}

// detach takes a task out of the row of its node.
func (o *order) detach(t int32) { o.join(o.node[t], o.before[t], o.behind[t]) }

// insert puts a task between two neighbours on its node.
func (o *order) insert(t, p, n int32) {
	j := o.node[t]
	o.join(j, p, t)
	o.join(j, t, n)
}

// join makes two tasks neighbours on a node; −1: an end of its row.
func (o *order) join(j, p, n int32) {
	if p >= 0 {
		o.behind[p] = n
	} else {
		o.head[j] = n
	}
	if n >= 0 {
		o.before[n] = p
	} else {
		o.final[j] = p
	}
}

// attach puts a task into the row of its node, by its place.
func (o *order) attach(t int32) {
	j, p := o.node[t], int32(-1)
	n := o.head[j]
	if n >= 0 && o.pos[n] < o.pos[t] {
		k := o.pos[t] - 1
		for o.node[o.seq[k]] != j {
			k--
		}
		p = o.seq[k]
		n = o.behind[p]
	}
	o.insert(t, p, n)
}

// move takes a task to another place, those between making room.
func (o *order) move(task, to int32) {
	from := o.pos[task]
	for k := from; k < to; k++ {
		o.seq[k] = o.seq[k+1]
		o.pos[o.seq[k]] = k
	}
	for k := from; k > to; k-- {
		o.seq[k] = o.seq[k-1]
		o.pos[o.seq[k]] = k
	}
	o.seq[to], o.pos[task] = task, to
}

// room is the places that a task can be moved to: behind all that it waits for and
// before all that wait for it.
func (o *order) room(task int32) (low, high int32) {
	low, high = 0, int32(len(o.seq)-1)
	for _, e := range o.in[o.w.In[task].From:o.w.In[task].To] {
		low = max(low, o.pos[e.from]+1)
	}
	for _, e := range o.out[o.w.Out[task].From:o.w.Out[task].To] {
		high = min(high, o.pos[e.to]-1)
	}
	return low, high
}

// schedule writes down when and where all tasks run.
func (o *order) schedule() model.Schedule {
	s := make(model.Schedule, len(o.seq))
	for t := range s {
		s[t] = model.Slot{Node: o.node[t], Start: o.start(int32(t))}
	}
	return s
}
