package model

import (
	"cmp"
	"slices"
)

// Interchangeable says whether only times matter in a workflow: nodes are all alike,
// results take no time, and no task that takes none itself has to wait for the clock. (It
// could have to begin while all nodes are busy.) Any times with no more tasks at once
// than there are nodes can then be put on nodes, as Timed does. O(tasks + edges · routes).
func (p *Problem) Interchangeable() bool {
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

// Timed returns the schedule in which tasks begin in the order of the given times, each as
// soon as it can behind what is before it: on the given nodes, or, of a workflow that is
// Interchangeable, with nil, on nodes that are idle. Where the times are those of a
// schedule, no task ends later than there. O(edges + tasks · (nodes + log tasks)).
func (w *Workflow) Timed(begin []int64, node []int32) Schedule {
	s := make(Schedule, len(w.Tasks))
	free := make([]int64, w.Nodes)
	for _, t := range w.begun(begin, node) {
		j := int32(0)
		if node != nil {
			j = node[t]
		} else {
			j = w.idle(s, t, free)
		}
		s[t] = Slot{Node: j, Start: min(max(w.Arrived(s, t, j), free[j]), Never)}
		free[j] = w.Finish(s, t)
	}
	return s
}

// begun lists the tasks in the order of their times. What takes no time begins, where
// tasks have no nodes yet, when the last task that it waits for ends: there it finds a
// node idle.
func (w *Workflow) begun(begin []int64, node []int32) []int32 {
	begin = slices.Clone(begin)
	time := make([]int64, len(w.Tasks))
	for t := range time {
		j := int32(0)
		if node != nil {
			j = node[t]
		}
		time[t] = w.DurationOn(int32(t), j)
	}
	for _, t := range w.Order {
		if node != nil || time[t] > 0 {
			continue
		}
		begin[t] = 0
		for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
			from := w.Edges[k].From
			begin[t] = max(begin[t], begin[from]+time[from])
		}
	}
	order := slices.Clone(w.Order) // of those that are alike, what others wait for comes first
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(begin[a], begin[b]), cmp.Compare(min(time[a], 1), min(time[b], 1)))
	})
	return order
}

// Arrived returns when a task can begin on a node by its release and by what it waits for, all
// of which must have slots; Never or later where a result cannot get there. O(edges into it).
func (w *Workflow) Arrived(s Schedule, t, node int32) int64 {
	at := w.Release[t]
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		e := &w.Edges[k]
		at = max(at, w.Finish(s, e.From)+w.Message(e, s[e.From].Node, node))
	}
	return at
}

// idle finds a node for a task: the one that is idle for the shortest time when the task
// can begin, or the first one that is.
func (w *Workflow) idle(s Schedule, t int32, free []int64) int32 {
	ready := w.Arrived(s, t, 0)
	node := int32(0)
	for j := range free {
		a, b := free[j], free[node]
		if a <= ready && (b > ready || a > b) || a > ready && b > ready && a < b {
			node = int32(j)
		}
	}
	return node
}
