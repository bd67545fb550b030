package schedule

import (
	"slices"

	"berth/model"
)

// order is a complete schedule as an order of all tasks and a node for each: every task
// begins as soon as the one before it on its node has ended and all that it needs is
// there. Changes are made first and then evaluated: from the first place that they
// touch, since what comes before stays as it is, and with an end as soon as it shows
// that the result is worse than a limit. For that, the longest way from each task to the
// end is kept: behind the last place that a change touches these ways are still right.
type order struct {
	w      *model.Workflow
	seq    []int32 // the tasks, each behind those that it waits for
	pos    []int32 // by task, into seq
	node   []int32 // by task
	finish []int64 // by task
	tail   []int64 // by task: the longest way from its end to the end of all

	makespan int64
	late     int64   // by how much deadlines are missed, in all
	critical []int32 // tasks of longest ways

	in     []inEdge // by the tasks' spans
	out    []outEdge
	times  []int64 // of messages; nil: ask the workflow
	routes int
	dated  bool    // some task has a deadline
	free   []int64 // by node, scratch
	until  int     // the place behind what was evaluated last
	steps  int64   // of work: tasks evaluated, and as much for the rest
}

// inEdge is what a task waits for, outEdge what waits for it; base is where the times of
// the result begin.
type (
	inEdge  struct{ from, base, edge int32 }
	outEdge struct{ to, base, edge int32 }
)

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
		times: w.Times(), routes: w.Routes(), free: make([]int64, w.Nodes),
	}
	for _, k := range w.InEdges {
		e := &w.Edges[k]
		o.in = append(o.in, inEdge{e.From, e.Size * int32(o.routes), k})
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		o.out = append(o.out, outEdge{e.To, e.Size * int32(o.routes), int32(k)})
	}
	o.dated = slices.ContainsFunc(w.Deadline, func(t int64) bool { return t < model.Never })
	return o
}

// set takes over an order and the nodes of all tasks.
func (o *order) set(seq, node []int32) {
	o.seq = append(o.seq[:0], seq...)
	copy(o.node, node)
	for k, t := range o.seq {
		o.pos[t] = int32(k)
	}
	o.makespan, o.late, _ = o.evaluate(0, len(o.seq)-1, model.Never*2)
	o.retail()
}

// cost is what a search makes small.
func (o *order) cost() int64 { return min(o.makespan+lateWeight*o.late, model.Never) }

// evaluate computes when tasks end from place first on, where no task behind place last
// was moved or got another node. It gives up, with false, when the cost will be above the
// limit. What it found is in finish, which before had to hold the ends of the tasks in
// places before first; revert and retail say which is to stay. O(tasks + edges) at
// worst.
func (o *order) evaluate(first, last int, limit int64) (makespan, late int64, ok bool) {
	clear(o.free)
	w, n, nodes := o.w, len(o.seq), o.w.Nodes
	route, times := w.RouteTable(), o.times
	for _, t := range o.seq[:first] {
		f := o.finish[t]
		o.free[o.node[t]] = f
		makespan = max(makespan, f)
		if o.dated {
			late = min(late+max(0, f-w.Deadline[t]), mostLate)
		}
	}
	for k := first; k < n; k++ {
		t := o.seq[k]
		j := o.node[t]
		start := max(o.free[j], w.Release[t])
		from := route[int(j)*nodes : int(j+1)*nodes]
		span := w.In[t]
		for _, e := range o.in[span.From:span.To] {
			arrives := o.finish[e.from]
			if times != nil {
				arrives += times[e.base+from[o.node[e.from]]]
			} else {
				arrives += w.Message(&w.Edges[e.edge], o.node[e.from], j)
			}
			start = max(start, arrives)
		}
		f := min(start+w.Duration[int(t)*nodes+int(j)], model.Never)
		o.finish[t], o.free[j] = f, f
		makespan = max(makespan, f)
		if o.dated {
			late = min(late+max(0, f-w.Deadline[t]), mostLate)
		}
		way := makespan
		if k > last {
			way = max(way, f+o.tail[t])
		}
		if way+lateWeight*late > limit {
			o.until = k + 1
			o.steps += int64(k+1-first) + int64(first/8) + evaluationSteps
			return 0, 0, false
		}
	}
	o.until = n
	o.steps += int64(n-first) + int64(first/8) + evaluationSteps
	return makespan, late, true
}

// revert puts back the ends that a rejected change has overwritten: old holds them.
func (o *order) revert(first int, old []int64) {
	for _, t := range o.seq[first:o.until] {
		o.finish[t] = old[t]
	}
}

// retail computes the ways to the end, and which tasks are on the longest.
func (o *order) retail() {
	clear(o.free)
	w, nodes := o.w, o.w.Nodes
	route, times := w.RouteTable(), o.times
	o.critical = o.critical[:0]
	for _, t := range slices.Backward(o.seq) {
		j := o.node[t]
		tail := o.free[j]
		from := route[int(j)*nodes : int(j+1)*nodes]
		span := w.Out[t]
		for _, e := range o.out[span.From:span.To] {
			to := o.node[e.to]
			way := o.tail[e.to] + w.Duration[int(e.to)*nodes+int(to)]
			if times != nil {
				way += times[e.base+from[to]]
			} else {
				way += w.Message(&w.Edges[e.edge], j, to)
			}
			tail = max(tail, way)
		}
		tail = min(tail, model.Never)
		o.tail[t] = tail
		o.free[j] = min(tail+w.Duration[int(t)*nodes+int(j)], model.Never)
		if o.finish[t]+tail >= o.makespan {
			o.critical = append(o.critical, t)
		}
	}
	o.steps += int64(len(o.seq))
}

// move takes a task to another place, those between making room.
func (o *order) move(task int32, to int) {
	from := int(o.pos[task])
	for k := from; k < to; k++ {
		o.seq[k] = o.seq[k+1]
		o.pos[o.seq[k]] = int32(k)
	}
	for k := from; k > to; k-- {
		o.seq[k] = o.seq[k-1]
		o.pos[o.seq[k]] = int32(k)
	}
	o.seq[to], o.pos[task] = task, int32(to)
}

// room is the places that a task can be moved to: behind all that it waits for and
// before all that wait for it.
func (o *order) room(task int32) (low, high int) {
	low, high = 0, len(o.seq)-1
	for _, e := range o.in[o.w.In[task].From:o.w.In[task].To] {
		low = max(low, int(o.pos[e.from])+1)
	}
	for _, e := range o.out[o.w.Out[task].From:o.w.Out[task].To] {
		high = min(high, int(o.pos[e.to])-1)
	}
	return low, high
}

// schedule writes down when and where all tasks run.
func (o *order) schedule() model.Schedule {
	s := make(model.Schedule, len(o.seq))
	for t := range s {
		j := o.node[t]
		s[t] = model.Slot{Node: j, Start: o.finish[t] - o.w.DurationOn(int32(t), j)}
	}
	return s
}
