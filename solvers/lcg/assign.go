package lcg

import (
	"slices"

	"berth/model"
	"berth/solvers/lcg/engine"
)

// assign adds what depends on nodes: which one runs each task, which tasks share one,
// and in which order they run there.
func (q *program) assign(p *model.Problem) {
	w := q.w
	n := int32(len(w.Tasks))
	q.on = make([][]engine.Literal, n)
	for t := range n {
		q.on[t] = q.e.NewChoice(w.Nodes)
		for j, x := range q.on[t] {
			if w.DurationOn(t, int32(j)) >= model.Never {
				q.e.AddClause(x.Not())
			}
		}
		q.done = append(q.done, q.ending(t))
		q.unlike(t)
	}
	q.symmetry(p)
	q.queue, q.centre = queue(w)
	for k := range w.Edges {
		e := &w.Edges[k]
		q.following(q.done[e.From], e.To, 0)
		q.message(e)
	}
	for s := range n {
		for t := range s {
			if !q.g.after[s].has(t) && !q.g.before[s].has(t) {
				q.disjoint(s, t)
			}
		}
	}
	all := make([]int32, n)
	for t := range all {
		all[t] = int32(t)
	}
	for j := range w.Nodes {
		q.load(j, all)
	}
	if w.Nodes >= len(w.Tasks) || w.Nodes > mostRooms {
		return
	}
	var wake []engine.Half
	for t, x := range q.start {
		wake = append(wake, x, x.Not())
		for _, on := range q.on[t] {
			wake = append(wake, on.Not().Half)
		}
	}
	q.e.AddPropagator(newRooms(q), wake...)
}

// mostRooms bounds the nodes whose first begins and last ends are held against all work.
const mostRooms = 64

// ending is when a task has ended: a variable of its own, if that depends on where it runs.
func (q *program) ending(t int32) moment {
	least, most := model.Never, int64(0)
	for j, x := range q.on[t] {
		if time := q.w.DurationOn(t, int32(j)); !q.e.False(x) {
			least, most = min(least, time), max(most, time)
		}
	}
	if least >= most {
		return moment{q.start[t], most}
	}
	m := moment{of: q.e.NewVariable(q.e.Low(q.start[t])+least, min(q.e.High(q.start[t])+most, q.e.High(q.end)), false)}
	q.e.AddDifference(q.start[t], m.of, least)
	q.e.AddDifference(m.of, q.end, 0)
	for j, x := range q.on[t] {
		if time := q.w.DurationOn(t, int32(j)); !q.e.False(x) && time > least {
			q.e.AddDifference(q.start[t], m.of, time, x)
		}
	}
	return m
}

// unlike adds what holds of a task on some nodes only: when it can begin there, and what
// must pass when it has.
func (q *program) unlike(t int32) {
	for j, x := range q.on[t] {
		if q.e.False(x) {
			continue
		}
		time, k := q.w.DurationOn(t, int32(j)), int(t)*q.w.Nodes+j
		if q.w.Deadline[t] < model.Never {
			q.e.AddClause(x.Not(), engine.AtMost(q.start[t], q.w.Deadline[t]-time))
		}
		q.e.AddClause(x.Not(), engine.AtLeast(q.start[t], q.before[k]))
		if rest := time + q.after[k]; rest > q.g.tail[t] {
			q.e.AddDifference(q.start[t], q.end, rest, x)
		}
	}
}

// symmetry numbers the nodes that are alike by the first task that they run:
// the first in the order of the dependencies, or against it if fewer tasks end it than begin it.
func (q *program) symmetry(p *model.Problem) {
	w := q.w
	order := slices.Clone(w.Order)
	sources, sinks := 0, 0
	for t := range w.Tasks {
		if w.In[t].From == w.In[t].To {
			sources++
		}
		if w.Out[t].From == w.Out[t].To {
			sinks++
		}
	}
	if sinks < sources {
		slices.Reverse(order)
	}
	previous := map[int32]int{} // the node of a class before, by class
	for j, class := range p.NodeClass {
		before, any := previous[class]
		previous[class] = j
		if !any {
			continue
		}
		for k, t := range order {
			clause := []engine.Literal{q.on[t][j].Not()}
			for _, s := range order[:k] {
				clause = append(clause, q.on[s][before])
			}
			q.e.AddClause(clause...)
		}
	}
}

// together makes the literal that two tasks share a node.
func (q *program) together(s, t int32) engine.Literal { return q.e.NewSame(q.on[s], q.on[t]) }

// leastMessage is the shortest time that a result takes between two nodes that run the
// one and the other task; Never if nothing connects such nodes.
func (q *program) leastMessage(e *model.Edge) int64 {
	w := q.w
	least := model.Never
	for a := range int32(w.Nodes) {
		for b := range int32(w.Nodes) {
			if a != b && w.DurationOn(e.From, a) < model.Never && w.DurationOn(e.To, b) < model.Never {
				least = min(least, w.Message(e, a, b))
			}
		}
	}
	return least
}

// message adds the time that a result takes between nodes.
func (q *program) message(e *model.Edge) {
	w := q.w
	least := q.leastMessage(e)
	from, to := q.start[e.From], q.start[e.To]
	if least > 0 {
		apart := q.together(e.From, e.To).Not()
		if least >= model.Never {
			q.e.AddClause(apart.Not())
			return
		}
		q.following(q.done[e.From], e.To, least, apart)
	}
	for a, x := range q.on[e.From] {
		for b, y := range q.on[e.To] {
			time := w.Message(e, int32(a), int32(b))
			switch {
			case a == b || time <= least || q.e.False(x) || q.e.False(y):
			case time >= model.Never:
				q.e.AddClause(x.Not(), y.Not())
			default:
				q.e.AddDifference(from, to, w.DurationOn(e.From, int32(a))+time, x, y)
			}
		}
	}
}

// disjoint adds that two tasks, of which neither waits for the other, run one after the
// other if they share a node.
func (q *program) disjoint(s, t int32) {
	first, second, known := q.apart(s, t)
	switch {
	case !known:
	case q.first(s, t):
		q.e.AddClause(second.Not())
	case q.first(t, s):
		q.e.AddClause(first.Not())
	}
}

// apart makes the literals that two tasks share a node in the one order and in the other, one
// of which holds if they share one. Where one is surely over when the other begins there are
// none.
func (q *program) apart(s, t int32) (first, second engine.Literal, known bool) {
	if q.over(s, t) || q.over(t, s) {
		return first, second, false
	}
	shared := q.together(s, t)
	first, second = q.e.NewBoolean(), q.e.NewBoolean()
	q.e.AddClause(first.Not(), shared)
	q.e.AddClause(second.Not(), shared)
	q.e.AddClause(first.Not(), second.Not())
	q.e.AddClause(shared.Not(), first, second)
	q.following(q.done[s], t, 0, first)
	q.following(q.done[t], s, 0, second)
	return first, second, true
}

// over says whether a task must have ended when another can begin.
func (q *program) over(s, t int32) bool {
	return q.e.High(q.done[s].of)+q.done[s].later <= q.e.Low(q.start[t])
}

// following adds that a task begins so long after a moment, if all guards hold.
func (q *program) following(m moment, t int32, time int64, guards ...engine.Literal) {
	q.e.AddDifference(m.of, q.start[t], m.later+time, guards...)
}

// load adds what a node can do, of some tasks.
func (q *program) load(j int, tasks []int32) {
	n := &node{}
	var wake []engine.Half
	for _, t := range tasks {
		x := q.start[t]
		if time := q.w.DurationOn(t, int32(j)); time < model.Never {
			n.items = append(n.items, item{x, time})
			n.here = append(n.here, q.on[t][j])
			wake = append(wake, x, x.Not(), q.on[t][j].Half)
		}
	}
	q.e.AddPropagator(n, wake...)
}

// nodeOf is the node that runs a task in the solution.
func (q *program) nodeOf(t int32) int32 {
	for j, x := range q.on[t] {
		if q.e.True(x) {
			return int32(j)
		}
	}
	return -1
}
