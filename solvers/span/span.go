// Package span bounds the makespan of a workflow from below without a search: by
// longest chains with the least that messages can take, by how much work there is for
// all nodes together, by what all that comes before a task takes together, by work that must
// fall into an interval, and by what a makespan leaves to each task.
package span

import (
	"context"

	"berth/model"
	"berth/search"
)

// Method raises these bounds one after the other and ends.
//
// Source: E.B. Fernandez and B. Bussell, Bounds on the number of processors and time for
// multiprocessor optimal schedules, IEEE Transactions on Computers C-22(8), 1973, for the
// intervals. Departures: a makespan is assumed and refuted instead of being added to, as
// in destructive bounds (R. Klein and A. Scholl, European Journal of Operational
// Research 112(2), 1999), and heads and tails know nodes and messages.
var Method = &search.Method{
	Name: "span", Short: "bounds of a workflow: longest chains, all work over all nodes, work that an interval must hold",
	Source: "Fernandez and Bussell 1973; Klein and Scholl 1999", Handles: model.Schedules,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		if e := soon(p.Workflow, b); e != nil {
			e.narrow(b)
		}
		return nil
	},
}

// Soon raises all of them but the last, which takes longest: of a small workflow a search has
// shown more by then, and on alike nodes that one shows nothing more.
var Soon = &search.Method{
	Name: Method.Name, Short: Method.Short, Source: Method.Source, Handles: Method.Handles,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		soon(p.Workflow, b)
		return nil
	},
}

// soon raises all bounds but the last. It returns nil if the board says stop.
func soon(w *model.Workflow, b *search.Board) *ends {
	if len(w.Tasks) == 0 {
		return nil
	}
	e := newEnds(w, nil)
	b.Raise(e.chains())
	if !b.Work(e.steps) {
		return nil
	}
	bound, price := load(w, w.Duration)
	b.Raise(bound)
	if !b.Work(int64(len(w.Tasks)) * int64(w.Nodes) * loadRounds) {
		return nil
	}
	if len(w.Tasks)*(len(w.Tasks)+len(w.Edges)) <= mostTogether {
		e = newEnds(w, price)
		b.Raise(e.chains())
	}
	b.Raise(e.all(newCrowd(w, price)))
	if !b.Work(e.steps) {
		return nil
	}
	e.refute(b)
	if !b.Work(0) {
		return nil
	}
	return e
}

// ends are, by task and node, the least time that must pass before a task can begin
// there, and after it has ended there.
type ends struct {
	w          *model.Workflow
	head, tail []int64 // [task*Nodes+node]; Never: it does not run there
	steps      int64   // of work that making them took
}

// mostTogether bounds tasks · (tasks + edges) up to which all that comes before a task is
// looked at together.
const mostTogether = 20_000_000

// mostExact bounds edges · nodes² up to which every pair of nodes is looked at. Where all are
// joined alike, nothing depends on the pair.
const mostExact = 20_000_000

// newEnds finds them; with prices of time (load.go) also by what all that comes before a task
// takes together.
func newEnds(w *model.Workflow, price []int64) *ends {
	e := &ends{w: w, steps: int64(len(w.Edges)+len(w.Tasks)) * int64(w.Nodes) * 10}
	e.head = e.heads(w, price)
	e.tail = e.heads(w.Reversed(), price)
	return e
}

// heads is how soon each task can begin on each node. Releases count on the way.
func (e *ends) heads(w *model.Workflow, price []int64) []int64 {
	n := w.Nodes
	soonest := make([]int64, len(w.Tasks))
	var together *crowd
	if price != nil {
		together = newCrowd(w, price)
	}
	head := make([]int64, len(w.Tasks)*n)
	var j join
	var sources []source
	routes := between(w)
	exact := len(routes) > 1 && len(w.Edges)*n*n <= mostExact
	for place, t := range w.Order {
		own := head[int(t)*n : int(t+1)*n]
		sources = sources[:0]
		for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
			sources = append(sources, newSource(w, &w.Edges[k], routes, head))
		}
		for node := range own {
			j.arrival = j.arrival[:0]
			for k := range sources {
				j.arrival = append(j.arrival, sources[k].seen(w, head, node, exact))
			}
			own[node] = max(w.Release[t], j.soonest())
		}
		if together != nil && w.In[t].To-w.In[t].From > 1 {
			done := together.before(t, place, soonest)
			for j := range own {
				own[j] = max(own[j], done)
			}
		}
		soonest[t] = lowest(own, w.Duration[int(t)*n:int(t+1)*n])
	}
	if together != nil {
		e.steps += together.steps
	}
	return head
}

// lowest is the least of what holds for a task on each of the nodes that can run it.
func lowest(of, duration []int64) int64 {
	least := model.Never
	for j, d := range duration {
		if d < model.Never {
			least = min(least, of[j])
		}
	}
	return least
}

// all is the least time that all tasks take together, each behind its head and before its
// tail.
func (e *ends) all(c *crowd) int64 {
	c.member = c.member[:0]
	for t := range e.w.Tasks {
		c.member = append(c.member, e.member(t, e.w.Duration))
	}
	return c.bound()
}

// member is task t with the least head and way of the nodes that run it by these durations.
func (e *ends) member(t int, duration []int64) member {
	from, to := t*e.w.Nodes, (t+1)*e.w.Nodes
	runs := duration[from:to]
	return member{int32(t), lowest(e.head[from:to], runs), lowest(e.tail[from:to], runs)}
}

// chains is the longest that a task must take with what is before and after it, each
// task on the node that is best for it.
func (e *ends) chains() int64 {
	longest := int64(0)
	n := e.w.Nodes
	for t := range e.w.Tasks {
		least := model.Never
		for j := range n {
			if d := e.w.Duration[t*n+j]; d < model.Never {
				least = min(least, e.head[t*n+j]+d+e.tail[t*n+j])
			}
		}
		longest = max(longest, least)
	}
	return longest
}

// Ends is, by task and node (task · Nodes + node), the least time in ticks that must pass
// before a task can begin there and after it has ended there; model.Never where it does not
// run.
func Ends(w *model.Workflow) (head, tail []int64) {
	_, price := load(w, w.Duration)
	e := newEnds(w, price)
	return e.head, e.tail
}
