package span

import (
	"cmp"
	"slices"

	"berth/model"
)

// join bounds when all results that a task waits for can be on one node. Those of tasks
// that ran there are there at once, but such tasks run one after the other; all other
// results take a message.
//
// Source: the choice of what is near and what is far is that of H. Jung, L. Kirousis and P.
// Spirakis, Lower bounds and efficient algorithms for multiprocessor scheduling of dags with
// communication delays, SPAA 1989. Departures: nodes differ, and tasks that ran on the node
// are scheduled by when each can begin there, which is exact for one node.
type join struct {
	arrival []arrival
	near    []arrival // on the node, the latest begin first
}

// arrival is a result as it is seen from a node: when the task that makes it can begin
// there and how long it takes there, and when the result is there if it ran elsewhere.
type arrival struct{ begin, time, far int64 }

// mostNear bounds the tasks that are looked at on the node.
const mostNear = 50

// soonest is the least time by which all arrivals can be there. Whatever it is, the results
// that are later from afar come from the node. O(arrivals · log arrivals + mostNear²).
func (j *join) soonest() int64 {
	switch len(j.arrival) {
	case 0:
		return 0
	case 1:
		a := j.arrival[0]
		return min(a.begin+a.time, a.far, model.Never)
	}
	slices.SortFunc(j.arrival, func(a, b arrival) int { return cmp.Compare(b.far, a.far) })
	best, done := model.Never, int64(0) // done: when the node has done what is near
	j.near = j.near[:0]
	for _, a := range j.arrival {
		best = min(best, max(done, a.far))
		if a.far <= done || len(j.near) == mostNear {
			break
		}
		done = j.add(a)
	}
	return min(best, done)
}

// add puts a task on the node and returns when all there can be done.
func (j *join) add(a arrival) int64 {
	at, _ := slices.BinarySearchFunc(j.near, a, func(b, a arrival) int { return cmp.Compare(a.begin, b.begin) })
	j.near = slices.Insert(j.near, at, a)
	done, load := int64(0), int64(0)
	for _, b := range j.near {
		load = min(load+b.time, model.Never)
		done = max(done, min(b.begin+load, model.Never))
	}
	return done
}

// source is where a result comes from: the soonest that it can be ready on any node, on
// which, and on any other.
type source struct {
	edge          *model.Edge
	first, second int64
	on            int
	least         int64 // that its message takes between any two nodes
}

func newSource(w *model.Workflow, e *model.Edge, routes []int32, head []int64) source {
	s := source{edge: e, first: model.Never, second: model.Never, on: -1, least: leastMessage(w, e, routes)}
	for i := range w.Nodes {
		ready := min(head[int(e.From)*w.Nodes+i]+w.DurationOn(e.From, int32(i)), model.Never)
		switch {
		case ready < s.first:
			s.first, s.second, s.on = ready, s.first, i
		case ready < s.second:
			s.second = ready
		}
	}
	return s
}

// seen is how the result is seen from a node: exactly, or with the least that its message
// takes between any two nodes. O(nodes) exactly.
func (s *source) seen(w *model.Workflow, head []int64, node int, exact bool) arrival {
	n := w.Nodes
	a := arrival{begin: head[int(s.edge.From)*n+node], time: w.DurationOn(s.edge.From, int32(node)), far: model.Never}
	switch {
	case !exact && node == s.on:
		a.far = min(s.second+s.least, model.Never)
	case !exact:
		a.far = min(s.first+s.least, model.Never)
	default:
		for i := range n {
			if ready := head[int(s.edge.From)*n+i] + w.DurationOn(s.edge.From, int32(i)); i != node && ready < a.far {
				a.far = min(a.far, ready+w.Message(s.edge, int32(i), int32(node)))
			}
		}
	}
	return a
}

// between lists the routes that join different nodes; route 0 is among them where one is
// reached in no time. O(nodes²).
func between(w *model.Workflow) (routes []int32) {
	joins := make([]bool, w.Routes())
	for a := range int32(w.Nodes) {
		for b := range int32(w.Nodes) {
			if a != b {
				joins[w.Route(a, b)] = true
			}
		}
	}
	for r, is := range joins {
		if is {
			routes = append(routes, int32(r))
		}
	}
	return routes
}

// leastMessage is the least that a result takes over some routes.
func leastMessage(w *model.Workflow, e *model.Edge, routes []int32) int64 {
	least := model.Never
	for _, r := range routes {
		least = min(least, w.MessageOver(e, r))
	}
	return least
}
