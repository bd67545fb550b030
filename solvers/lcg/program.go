package lcg

import (
	"slices"

	"berth/model"
	"berth/solvers/lcg/engine"
	"berth/solvers/span"
)

// program is a workflow as variables: when each task begins, and when all is over; and, but where
// only times matter (see fine), on which node it runs and what takes turns with it there.
type program struct {
	w     *model.Workflow
	g     *graph
	e     *engine.Engine
	start []engine.Half
	done  []moment // when each task has ended, where not only times matter
	end   engine.Half
	on    [][]engine.Literal // by task and node: it runs there; nil where only times matter

	before []int64 // by task and node: what must pass before it can begin there, where not only times matter
	after  []int64 // and when it has ended there
	queue  []int64 // see queue; nil if there is no such order
	centre int32
}

// moment is a time that is later than a variable by a constant.
type moment struct {
	of    engine.Half
	later int64
}

// newProgram makes the program for makespans from low to high.
func newProgram(p *model.Problem, low, high int64) *program {
	w := p.Workflow
	q := &program{w: w, g: newGraph(w)}
	alike := p.Interchangeable() && !fine(w)
	q.e = engine.New(q.variables(alike))
	if !alike {
		q.ends()
	}
	q.end = q.e.NewVariable(low, high, false)
	for t := range w.Tasks {
		last := min(high-q.g.tail[t], w.Deadline[t]-q.g.least[t])
		q.start = append(q.start, q.e.NewVariable(q.g.head[t], last, alike))
		q.e.AddDifference(q.start[t], q.end, q.g.tail[t])
	}
	if alike {
		for k := range w.Edges {
			e := &w.Edges[k]
			q.e.AddDifference(q.start[e.From], q.start[e.To], q.g.least[e.From])
		}
		q.order()
		q.ranks()
	} else {
		q.assign(p)
		q.prefers()
	}
	q.capacity()
	return q
}

// fine says of few tasks that their times have many ticks. Then they are better told in which order
// they run on which nodes, also where only times matter: searched by times alone, begins go on by a
// few ticks, conflict after conflict. Tried on workflows of 6 to 120 tasks and of 5 to five million
// ticks a task.
func fine(w *model.Workflow) bool {
	const few = 60
	tasks := int64(len(w.Tasks))
	return tasks <= few && tasks*tasks*int64(w.Nodes) <= mostPairs && w.Horizon > 2*tasks*tasks
}

// variables is how many variables the program has at most.
func (q *program) variables(alike bool) int {
	n := len(q.w.Tasks)
	if alike {
		return 1 + n
	}
	pairs := n * (n - 1) / 2
	for _, before := range q.g.before {
		pairs -= before.size()
	}
	return 1 + (2+q.w.Nodes)*n + len(q.w.Edges) + 3*pairs
}

// ends raises heads and tails by what messages and unlike nodes take.
func (q *program) ends() {
	n := q.w.Nodes
	q.before, q.after = span.Ends(q.w)
	for t := range q.w.Tasks {
		begin, tail := model.Never, model.Never
		for j, d := range q.w.Duration[t*n : (t+1)*n] {
			after := &q.after[t*n+j]
			*after = max(*after, q.g.tail[t]-q.g.least[t])
			if d < model.Never {
				begin, tail = min(begin, q.before[t*n+j]), min(tail, d+*after)
			}
		}
		q.g.head[t], q.g.tail[t] = max(q.g.head[t], begin), max(q.g.tail[t], tail)
	}
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
	rank := q.rank()
	for t, x := range q.start {
		q.e.Rank(x, rank[t])
	}
}

// rank is the way from the begin of each task to the end of all, as a part of the longest.
func (q *program) rank() []float64 {
	longest := float64(max(1, slices.Max(q.g.tail)))
	rank := make([]float64, len(q.g.tail))
	for t, tail := range q.g.tail {
		rank[t] = float64(tail) / longest
	}
	return rank
}

// prefers makes the search begin so where nodes differ: with each task on the node with the
// shortest way through it.
func (q *program) prefers() {
	rank := q.rank()
	for t, on := range q.on {
		if q.done[t].of == q.start[t] {
			continue
		}
		shortest, best := model.Never, on[0]
		for j, x := range on {
			k := t*q.w.Nodes + j
			if way := q.before[k] + q.w.Duration[k] + q.after[k]; !q.e.False(x) && way < shortest {
				shortest, best = way, x
			}
		}
		q.e.Prefer(best.Half, best.At)
		q.e.Rank(best.Half, rank[t])
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
	q.e.AddPropagator(newTimetable(items, q.w.Nodes), wake...)
	q.e.AddPropagator(newEnergy(items, q.w.Nodes), wake...)
}

// schedule reads the solution: each task on its node, or on one that is idle, as soon as
// it can in the order of the solution.
func (q *program) schedule() (model.Schedule, int64) {
	begin := make([]int64, len(q.start))
	var node []int32
	for t, x := range q.start {
		begin[t] = q.e.Low(x)
		if q.on != nil {
			node = append(node, q.nodeOf(int32(t)))
		}
	}
	s := q.w.Timed(begin, node)
	return s, q.w.Makespan(s)
}
