package lcg

import (
	"cmp"
	"slices"

	"berth/model"
	"berth/solvers/lcg/engine"
)

// program is a workflow as variables: when each task begins, and when all is over.
type program struct {
	w     *model.Workflow
	g     *graph
	e     *engine.Engine
	start []engine.Half
	end   engine.Half
	on    [][]engine.Literal // by task and node: it runs there; nil where nodes are alike and no result takes time

	queue  []int64 // see queue; nil if there is no such order
	centre int32
}

// newProgram makes the program for makespans from low to high.
func newProgram(p *model.Problem, low, high int64) *program {
	w := p.Workflow
	q := &program{w: w, g: newGraph(w), e: engine.New()}
	alike := Interchangeable(p)
	q.end = q.e.NewVariable(low, high, false)
	for t := range w.Tasks {
		last := min(high-q.g.tail[t], w.Deadline[t]-q.g.least[t])
		q.start = append(q.start, q.e.NewVariable(q.g.head[t], last, alike))
		q.e.AddDifference(q.start[t], q.end, q.g.tail[t])
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		q.e.AddDifference(q.start[e.From], q.start[e.To], q.g.least[e.From])
	}
	if alike {
		q.order()
		q.ranks()
	} else {
		q.assign(p)
	}
	q.capacity()
	return q
}

// Interchangeable says whether only times matter: nodes are all alike, results take no
// time, and no task that takes none itself has to wait for the clock. (It could have to
// begin while all nodes are busy.) Any schedule with no more tasks at a time than there
// are nodes can then be put on nodes.
func Interchangeable(p *model.Problem) bool {
	w := p.Workflow
	if slices.ContainsFunc(p.NodeClass, func(c int32) bool { return c != p.NodeClass[0] }) {
		return false
	}
	for k := range w.Edges {
		for r := range int32(w.Routes()) {
			if w.MessageOver(&w.Edges[k], r) != 0 {
				return false
			}
		}
	}
	for t, release := range w.Release {
		if release > 0 && w.DurationOn(int32(t), 0) == 0 {
			return false
		}
	}
	return true
}

// order adds what follows from the dependencies on interchangeable nodes: how far apart
// tasks are by the work between them, and which of two tasks can always be first.
func (q *program) order() {
	for s := range int32(len(q.start)) {
		q.g.after[s].each(q.g.after[s], func(t int32) {
			if apart := q.g.between(s, t); apart > 0 {
				q.e.AddDifference(q.start[s], q.start[t], q.g.least[s]+apart)
			}
		})
		for t := range int32(len(q.start)) {
			if s != t && q.g.replaces(s, t) {
				q.e.AddDifference(q.start[s], q.start[t], 0)
			}
		}
	}
}

// ranks makes the search begin as a list scheduler would: by the longest way to the end.
func (q *program) ranks() {
	longest := int64(1)
	for _, tail := range q.g.tail {
		longest = max(longest, tail)
	}
	for t, x := range q.start {
		q.e.Rank(x, float64(q.g.tail[t])/float64(longest))
	}
}

// capacity adds what all nodes can do together.
func (q *program) capacity() {
	items := make([]item, len(q.start))
	var wake []engine.Half
	for t, x := range q.start {
		items[t] = item{x, q.g.least[t]}
		wake = append(wake, x, x.Not())
	}
	if len(items) <= q.w.Nodes {
		return
	}
	q.e.AddPropagator(&timetable{items: items, nodes: q.w.Nodes}, wake...)
	q.e.AddPropagator(&energy{items: items, nodes: int64(q.w.Nodes)}, wake...)
}

// schedule reads the solution: each task on its node, or on one that is idle, as soon as
// it can in the order of the solution.
func (q *program) schedule() (model.Schedule, int64) {
	w := q.w
	order := q.sorted()
	s := make(model.Schedule, len(w.Tasks))
	free := make([]int64, w.Nodes)
	makespan := int64(0)
	for _, t := range order {
		node, begin := int32(-1), int64(0)
		if q.on != nil {
			node = q.nodeOf(t)
			begin = max(q.arrival(s, t, node), free[node])
		} else {
			node, begin = q.idle(s, t, free)
		}
		s[t] = model.Slot{Node: node, Start: begin}
		free[node] = begin + w.DurationOn(t, node)
		makespan = max(makespan, free[node])
	}
	return s, makespan
}

// sorted lists the tasks in the order of the solution. What takes no time begins, on
// interchangeable nodes, when the last task that it waits for ends: there it finds a node
// idle.
func (q *program) sorted() []int32 {
	w := q.w
	begin, time := make([]int64, len(w.Tasks)), slices.Clone(q.g.least)
	for t := range begin {
		begin[t] = q.e.Low(q.start[t])
		switch {
		case q.on != nil:
			time[t] = w.DurationOn(int32(t), q.nodeOf(int32(t)))
		case time[t] == 0:
			begin[t] = 0
			for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
				from := w.Edges[k].From
				begin[t] = max(begin[t], q.e.Low(q.start[from])+time[from])
			}
		}
	}
	order := slices.Clone(w.Order) // of those that are alike, what others wait for comes first
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(begin[a], begin[b]), cmp.Compare(min(time[a], 1), min(time[b], 1)))
	})
	return order
}

// arrival is when a task can begin on a node by what it waits for.
func (q *program) arrival(s model.Schedule, t, node int32) int64 {
	at := q.w.Release[t]
	for _, k := range q.w.InEdges[q.w.In[t].From:q.w.In[t].To] {
		e := &q.w.Edges[k]
		at = max(at, q.w.Finish(s, e.From)+q.w.Message(e, s[e.From].Node, node))
	}
	return at
}

// idle finds a node for a task on interchangeable nodes: the one that is idle for the
// shortest time when the task can begin, or the first one that is.
func (q *program) idle(s model.Schedule, t int32, free []int64) (node int32, begin int64) {
	ready := q.arrival(s, t, 0)
	node = 0
	for j := range free {
		a, b := free[j], free[node]
		if a <= ready && (b > ready || a > b) || a > ready && b > ready && a < b {
			node = int32(j)
		}
	}
	return node, max(ready, free[node])
}
