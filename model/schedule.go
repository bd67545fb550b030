package model

import (
	"cmp"
	"fmt"
	"slices"
)

// Slot is where and when a task of a workflow runs.
type Slot struct {
	Node  int32
	Start int64 // in ticks
}

// Schedule is the slot of every task.
type Schedule []Slot

// Finish returns when a task ends.
func (w *Workflow) Finish(s Schedule, task int32) int64 {
	return s[task].Start + w.DurationOn(task, s[task].Node)
}

// Makespan returns when the last task ends.
func (w *Workflow) Makespan(s Schedule) int64 {
	makespan := int64(0)
	for t := range s {
		makespan = max(makespan, w.Finish(s, int32(t)))
	}
	return makespan
}

// EvaluateSchedule is the judge of workflows: it recomputes when every task ends and
// every result arrives, and lists what cannot be. The cost is the makespan. Where
// tasks that take no time are concerned: on each node one task begins when the one
// before it has ended. O(edges + tasks · log tasks).
func (p *Problem) EvaluateSchedule(s Schedule) Verdict {
	return p.judgeSchedule(s, 1)
}

// judgeSchedule judges starts in a finer unit, of which a tick has so many.
func (p *Problem) judgeSchedule(s Schedule, fine int64) Verdict {
	w := p.Workflow
	if len(s) != len(w.Tasks) {
		return Verdict{Violations: []Violation{{"schedule", fmt.Sprintf("%d tasks are scheduled, the workflow has %d", len(s), len(w.Tasks))}}}
	}
	j := hearing{Problem: p, fine: fine, at: s, finish: make([]int64, len(s))}
	for t := range s {
		j.task(int32(t))
	}
	if j.lost {
		return j.Verdict
	}
	j.nodes()
	for k := range w.Edges {
		j.arrival(&w.Edges[k])
	}
	return j.Verdict
}

// hearing is a verdict on a schedule in the making.
type hearing struct {
	*Problem
	Verdict
	fine   int64
	at     Schedule
	finish []int64
	lost   bool // a task is nowhere or never: the others cannot be held against it
}

// object says what is wrong with a task.
func (j *hearing) object(t int32, format string, args ...any) {
	j.Violations = append(j.Violations, Violation{fmt.Sprintf("tasks[%d]", t), fmt.Sprintf(format, args...)})
}

// time writes a time for a message.
func (j *hearing) time(t int64) string {
	return Decimal(t * (j.Workflow.tick / j.fine)).String()
}

// task judges one task: where it runs, and its window.
func (j *hearing) task(t int32) {
	w, slot := j.Workflow, j.at[t]
	switch {
	case slot.Node < 0 || int(slot.Node) >= w.Nodes:
		j.object(t, "task %s is on node %d, which does not exist", w.Tasks[t], slot.Node)
		j.lost = true
		return
	case w.DurationOn(t, slot.Node) == Never:
		j.object(t, "task %s cannot run on node %s", w.Tasks[t], j.NodeNames[slot.Node])
		j.lost = true
		return
	case slot.Start < 0 || slot.Start > w.latest()*j.fine:
		j.object(t, "task %s starts at no time that can be", w.Tasks[t])
		j.lost = true
		return
	}
	j.finish[t] = slot.Start + w.DurationOn(t, slot.Node)*j.fine
	j.Cost = max(j.Cost, j.finish[t])
	if slot.Start < w.Release[t]*j.fine {
		j.object(t, "task %s starts at %s, before its release at %s", w.Tasks[t], j.time(slot.Start), j.time(w.Release[t]*j.fine))
	}
	if w.Deadline[t] != Never && j.finish[t] > w.Deadline[t]*j.fine {
		j.object(t, "task %s ends at %s, after its deadline at %s", w.Tasks[t], j.time(j.finish[t]), j.time(w.Deadline[t]*j.fine))
	}
}

// nodes holds that each node runs one task at a time.
func (j *hearing) nodes() {
	order := make([]int32, len(j.at))
	for t := range order {
		order[t] = int32(t)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(j.at[a].Node, j.at[b].Node), cmp.Compare(j.at[a].Start, j.at[b].Start), cmp.Compare(j.finish[a], j.finish[b]))
	})
	for k := 1; k < len(order); k++ {
		a, b := order[k-1], order[k]
		if j.at[a].Node == j.at[b].Node && j.at[b].Start < j.finish[a] {
			j.object(b, "task %s starts on node %s at %s, while %s runs there until %s",
				j.Workflow.Tasks[b], j.NodeNames[j.at[b].Node], j.time(j.at[b].Start), j.Workflow.Tasks[a], j.time(j.finish[a]))
		}
	}
}

// arrival holds that a task starts when a result that it needs has arrived.
func (j *hearing) arrival(e *Edge) {
	w := j.Workflow
	from, to := j.at[e.From], j.at[e.To]
	message := w.Message(e, from.Node, to.Node)
	if message == Never {
		j.object(e.To, "task %s on node %s waits for %s, whose node %s is not connected with it",
			w.Tasks[e.To], j.NodeNames[to.Node], w.Tasks[e.From], j.NodeNames[from.Node])
		return
	}
	if arrives := j.finish[e.From] + message*j.fine; to.Start < arrives {
		j.object(e.To, "task %s starts at %s, before the result of %s arrives at %s",
			w.Tasks[e.To], j.time(to.Start), w.Tasks[e.From], j.time(arrives))
	}
}

// Slack returns by how much each task could end later, all that follows on its node or
// waits for its result being pushed, before the makespan grows. Deadlines do not count.
// The schedule must be feasible. O(edges + tasks · log tasks).
func (w *Workflow) Slack(s Schedule) []int64 {
	order := w.Running(s)
	makespan := w.Makespan(s)
	latest := make([]int64, len(s)) // end of each task
	next := make([]int64, w.Nodes)  // latest begin of what follows on a node
	for j := range next {
		next[j] = makespan
	}
	for _, t := range slices.Backward(order) {
		j := s[t].Node
		latest[t] = next[j]
		for k := w.Out[t].From; k < w.Out[t].To; k++ {
			e := &w.Edges[k]
			latest[t] = min(latest[t], latest[e.To]-w.DurationOn(e.To, s[e.To].Node)-w.Message(e, j, s[e.To].Node))
		}
		next[j] = latest[t] - w.DurationOn(t, j)
	}
	for t := range latest {
		latest[t] -= w.Finish(s, int32(t))
	}
	return latest
}

// Running returns the tasks in the order in which they begin, those that take no time
// before what waits for them. It is an order that keeps all dependencies.
func (w *Workflow) Running(s Schedule) []int32 {
	place := make([]int, len(w.Tasks))
	for k, t := range w.Order {
		place[t] = k
	}
	order := slices.Clone(w.Order)
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(s[a].Start, s[b].Start), cmp.Compare(w.Finish(s, a), w.Finish(s, b)), cmp.Compare(place[a], place[b]))
	})
	return order
}
