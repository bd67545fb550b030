package simulate

import (
	"fmt"

	"berth/model"
)

// State is how far a task was when a node was lost.
type State uint8

// The states of a task.
const (
	Done    State = iota // ended, and its result is where it is needed
	Kept                 // running on another node, or not begun, and stays as it is
	Ahead                // not begun, on the lost node
	Running              // running on the lost node
	Gone                 // ended on the lost node, and its result is needed and lost
)

// String says the state in words.
func (s State) String() string {
	return [...]string{"done", "kept", "not begun", "was running", "its result was lost"}[s]
}

// Again says whether a task runs elsewhere or again.
func (s State) Again() bool { return s == Ahead || s == Running || s == Gone }

// Loss is how a schedule goes on when a node is lost.
type Loss struct {
	Node     int32
	Time     int64          // in ticks
	State    []State        // by task
	After    model.Schedule // when and where each task runs in the end: its last run
	Planned  int64          // the makespan without the loss
	Makespan int64          // with it
	Late     []int32        // tasks that miss their deadlines
}

// Lose runs a feasible schedule until a node is lost, with all that is on it: a task that
// runs there, and results that have not arrived elsewhere by then. Tasks whose results
// are lost and needed run again, and so on back. What has to move takes, in the order of
// the plan, the node on which it ends first behind all that was given out before; what is
// planned on other nodes stays there, in its order. An error names a task that no node
// can run any more. O((tasks + edges) · nodes).
func Lose(p *model.Problem, s model.Schedule, node int32, time int64) (*Loss, error) {
	w := p.Workflow
	l := &losing{Loss: Loss{Node: node, Time: time, Planned: w.Makespan(s), State: make([]State, len(s)), After: make(model.Schedule, len(s))}, w: w, plan: s}
	order := w.Running(s)
	l.sort(order)
	l.finish = make([]int64, len(s))
	free := make([]int64, w.Nodes)
	for _, t := range order {
		if !l.toBegin(t) {
			l.put(t, s[t], free)
		}
	}
	for _, t := range order {
		if !l.toBegin(t) {
			continue
		}
		best := model.Slot{Node: -1}
		finish := model.Never
		for j := range int32(w.Nodes) {
			if j == node || l.State[t] == Kept && j != s[t].Node {
				continue
			}
			start := max(free[j], time, l.arrival(t, j))
			if end := start + w.DurationOn(t, j); start < model.Never && end < finish {
				best, finish = model.Slot{Node: j, Start: start}, end
			}
		}
		if best.Node < 0 {
			return nil, fmt.Errorf("without node %s from %s on, task %s can run nowhere: no other node may run it and can get what it needs",
				p.NodeNames[node], p.Format(time), w.Tasks[t])
		}
		l.put(t, best, free)
	}
	return &l.Loss, nil
}

// losing is a Loss in the making.
type losing struct {
	Loss
	w      *model.Workflow
	plan   model.Schedule
	finish []int64 // of the last run of each task that was put
}

func (l *losing) put(t int32, slot model.Slot, free []int64) {
	l.After[t] = slot
	l.finish[t] = l.w.Finish(l.After, t)
	free[slot.Node] = max(free[slot.Node], l.finish[t])
	l.Makespan = max(l.Makespan, l.finish[t])
	if l.finish[t] > l.w.Deadline[t] {
		l.Late = append(l.Late, t)
	}
}

// sort finds the state of every task, those that need it before it.
func (l *losing) sort(order []int32) {
	w := l.w
	for k := len(order) - 1; k >= 0; k-- {
		t := order[k]
		slot, finish := l.plan[t], w.Finish(l.plan, t)
		switch {
		case slot.Node != l.Node:
			if l.State[t] = Kept; finish <= l.Time {
				l.State[t] = Done
			}
		case finish > l.Time && slot.Start < l.Time:
			l.State[t] = Running
		case finish > l.Time:
			l.State[t] = Ahead
		case l.needed(t):
			l.State[t] = Gone
		default:
			l.State[t] = Done
		}
	}
}

// needed says whether a task that ended on the lost node has to run again: something that
// is still to begin needs its result, and that is nowhere any more from where it could
// get it.
func (l *losing) needed(t int32) bool {
	w := l.w
	for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
		if l.toBegin(e.To) && !l.arrived(t, e.To) {
			return true
		}
	}
	return false
}

// toBegin says whether a task begins, or begins again, after the loss.
func (l *losing) toBegin(t int32) bool {
	return l.State[t].Again() || l.State[t] == Kept && l.plan[t].Start >= l.Time
}

// arrived says whether a result of the lost node got out in time for a task: to the node
// where that stays, or, if that is looking for a node, to any other.
func (l *losing) arrived(from, to int32) bool {
	if l.State[to] == Kept {
		return l.copied(from, l.plan[to].Node)
	}
	for j := range int32(l.w.Nodes) {
		if j != l.Node && l.copied(from, j) {
			return true
		}
	}
	return false
}

// copied says whether a result was on another node by the time of the loss, since
// something there needed it.
func (l *losing) copied(from, node int32) bool {
	w := l.w
	for k := w.Out[from].From; k < w.Out[from].To; k++ {
		e := &w.Edges[k]
		if l.plan[e.To].Node == node && w.Finish(l.plan, from)+w.Message(e, l.plan[from].Node, node) <= l.Time {
			return true
		}
	}
	return false
}

// arrival is when everything that a task needs can be on a node. Results that a task
// waited for on this very node are under way as planned; others are sent when it is
// clear that they are needed, from where they are.
func (l *losing) arrival(t, node int32) int64 {
	w := l.w
	at := w.Release[t]
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		e := &w.Edges[k]
		at = max(at, l.result(e, node))
	}
	return at
}

// result is when the result of an edge can be on a node.
func (l *losing) result(e *model.Edge, node int32) int64 {
	w := l.w
	again := l.State[e.From].Again()
	best := model.Never
	if again {
		best = min(l.finish[e.From]+w.Message(e, l.After[e.From].Node, node), model.Never)
	} else if from := l.plan[e.From].Node; from != l.Node {
		sent := l.finish[e.From]
		if l.plan[e.To].Node != node {
			sent = max(sent, l.Time)
		}
		best = min(sent+w.Message(e, from, node), model.Never)
	}
	if again || l.plan[e.From].Node == l.Node {
		if w.Finish(l.plan, e.From) > l.Time {
			return best // it never ended there
		}
		for j := range int32(w.Nodes) {
			if j != l.Node && l.copied(e.From, j) {
				best = min(best, l.Time+w.Message(e, j, node))
			}
		}
	}
	return best
}
