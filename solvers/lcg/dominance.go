package lcg

import (
	"slices"

	"berth/model"
)

// On one node, some tasks can always run before others: a schedule in which they do not
// can be changed into one in which they do and that is no longer. What applies to whole
// graphs, fork and join, is used alone, and otherwise what applies to pairs.

// queue returns numbers by which, on every node, tasks can be sorted: in a fork, where
// all results come from one task, by when the result arrives, and in a join, where all go
// to one, those first whose results travel longest. The one task is the centre. There are
// none if the workflow is neither, or if windows or several kinds of routes forbid it.
//
// Source: J.R. Jackson, Scheduling a production line to minimize maximum tardiness, UCLA
// 1955, and the same read backwards.
func queue(w *model.Workflow) (number []int64, centre int32) {
	number = make([]int64, len(w.Tasks))
	if w.Routes() > 2 || slices.ContainsFunc(w.Release, func(r int64) bool { return r > 0 }) ||
		slices.ContainsFunc(w.Deadline, func(d int64) bool { return d < model.Never }) {
		return nil, -1
	}
	if len(w.Edges) == 0 {
		return number, -1
	}
	fork, join := true, true
	for k := range w.Edges {
		fork = fork && w.Edges[k].From == w.Edges[0].From
		join = join && w.Edges[k].To == w.Edges[0].To
	}
	for t := range number { // those that the centre has nothing to do with
		number[t] = -1
		if !fork {
			number[t] = 1
		}
	}
	for k := range w.Edges {
		e := &w.Edges[k]
		time := int64(0)
		if w.Routes() == 2 {
			time = w.MessageOver(e, 1)
		}
		if fork {
			number[e.To] = time
		} else {
			number[e.From] = -time
		}
	}
	if fork {
		return number, w.Edges[0].From
	}
	if join {
		return number, w.Edges[0].To
	}
	return nil, -1
}

// first says whether, of two tasks on one node, neither of which comes after the other,
// s can always run before t.
func (q *program) first(s, t int32) bool {
	if q.queue != nil {
		a, b := q.queue[s], q.queue[t]
		return s != q.centre && t != q.centre && (a < b || a == b && s < t)
	}
	return q.sooner(s, t) && (s < t || !q.sooner(t, s))
}

// sooner says whether two tasks that take the same time can swap, on one node, if s is
// behind t: nothing that s waits for arrives later than for t, and whatever waits for t
// waits as long for s.
func (q *program) sooner(s, t int32) bool {
	w := q.w
	if w.Release[s] > w.Release[t] || w.Deadline[s] > w.Deadline[t] ||
		!slices.Equal(w.Duration[int(s)*w.Nodes:int(s+1)*w.Nodes], w.Duration[int(t)*w.Nodes:int(t+1)*w.Nodes]) {
		return false
	}
	for _, k := range w.InEdges[w.In[s].From:w.In[s].To] {
		e := &w.Edges[k]
		if !slices.ContainsFunc(w.InEdges[w.In[t].From:w.In[t].To], func(other int32) bool {
			return w.Edges[other].From == e.From && q.noLonger(e, &w.Edges[other])
		}) {
			return false
		}
	}
	for k := w.Out[t].From; k < w.Out[t].To; k++ {
		e := &w.Edges[k]
		if !slices.ContainsFunc(w.Edges[w.Out[s].From:w.Out[s].To], func(other model.Edge) bool {
			return other.To == e.To && q.noLonger(e, &other)
		}) {
			return false
		}
	}
	return true
}

// noLonger says whether one result takes no longer than another over every route.
func (q *program) noLonger(e, than *model.Edge) bool {
	for r := range int32(q.w.Routes()) {
		if q.w.MessageOver(e, r) > q.w.MessageOver(than, r) {
			return false
		}
	}
	return true
}
