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
		q.on[t] = make([]engine.Literal, w.Nodes)
		some := make([]engine.Literal, 0, w.Nodes)
		for j := range int32(w.Nodes) {
			x := q.e.NewBoolean()
			q.on[t][j] = x
			if w.DurationOn(t, j) >= model.Never {
				q.e.AddClause(x.Not())
				continue
			}
			for _, other := range some {
				q.e.AddClause(x.Not(), other.Not())
			}
			some = append(some, x)
			q.slower(t, j)
		}
		q.e.AddClause(some...)
	}
	q.symmetry(p)
	q.queue, q.centre = queue(w)
	for k := range w.Edges {
		q.message(&w.Edges[k])
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

// slower adds what holds where a task, or what waits for it, takes longer on a node than it would at best.
func (q *program) slower(t, j int32) {
	w := q.w
	time := w.DurationOn(t, j)
	if w.Deadline[t] < model.Never {
		q.e.AddClause(q.on[t][j].Not(), engine.AtMost(q.start[t], w.Deadline[t]-time))
	}
	if rest := time + q.after[int(t)*w.Nodes+int(j)]; rest > q.g.tail[t] {
		q.e.AddDifference(q.start[t], q.end, rest, q.on[t][j])
	}
	if time == q.g.least[t] {
		return
	}
	for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
		q.e.AddDifference(q.start[t], q.start[e.To], time, q.on[t][j])
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
func (q *program) together(s, t int32) engine.Literal {
	e := q.e.NewBoolean()
	for j := range q.w.Nodes {
		x, y := q.on[s][j], q.on[t][j]
		q.e.AddClause(x.Not(), y.Not(), e)
		q.e.AddClause(e.Not(), x.Not(), y)
		q.e.AddClause(e.Not(), y.Not(), x)
	}
	return e
}

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
		q.e.AddDifference(from, to, q.g.least[e.From]+least, apart)
		for a, x := range q.on[e.From] {
			if time := w.DurationOn(e.From, int32(a)); time > q.g.least[e.From] && time < model.Never {
				q.e.AddDifference(from, to, time+least, apart, x)
			}
		}
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
	first, second := q.apart(s, t)
	switch {
	case q.first(s, t):
		q.e.AddClause(second.Not())
	case q.first(t, s):
		q.e.AddClause(first.Not())
	}
}

// apart makes the literals that two tasks share a node in the one order and in the other, one
// of which holds if they share one.
func (q *program) apart(s, t int32) (first, second engine.Literal) {
	shared := q.together(s, t)
	first, second = q.e.NewBoolean(), q.e.NewBoolean()
	q.e.AddClause(first.Not(), shared)
	q.e.AddClause(second.Not(), shared)
	q.e.AddClause(first.Not(), second.Not())
	q.e.AddClause(shared.Not(), first, second)
	q.behind(s, t, first)
	q.behind(t, s, second)
	return first, second
}

// behind adds that a task begins when another has ended, if they share a node in that
// order.
func (q *program) behind(s, t int32, order engine.Literal) {
	q.e.AddDifference(q.start[s], q.start[t], q.g.least[s], order)
	for j, x := range q.on[s] {
		if time := q.w.DurationOn(s, int32(j)); time > q.g.least[s] && time < model.Never {
			q.e.AddDifference(q.start[s], q.start[t], time, order, x)
		}
	}
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
