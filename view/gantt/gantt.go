// Package gantt makes pictures of schedules of workflows: what runs when on which node,
// which results go where, and what the makespan hangs on.
//
//   - gantt.go: a Chart, a schedule with all that is to be seen in it.
//   - text.go: as text; svg.go: as a picture for papers; html.go with assets: as one
//     page, with zoom, beside the graph and the network.
//   - spread.go: what came of many runs with times that vary.
package gantt

import (
	"fmt"
	"slices"

	"berth/model"
)

// Chart is a solution of a workflow, judged, with all that is to be seen in it. Times
// are in ticks.
type Chart struct {
	Instance *model.Instance
	Problem  *model.Problem
	Solution *model.Solution
	Failed   []string // the claims that do not hold, in words

	Schedule model.Schedule // nil where there is none to be drawn
	Makespan int64
	Slack    []int64   // by task; nil where the schedule is not feasible
	On       [][]int32 // the tasks of each node in the order of time
	Path     []Link    // what the makespan hangs on, the last task first
	critical []bool    // by task: on Path, or moved by the event
	event    *Event
}

// Event is what happened to a schedule, of which the chart shows what came of it.
type Event struct {
	Words string  // what came of it, in a sentence
	Time  int64   // when it happened
	Moved []int32 // the tasks that run elsewhere or again: they are marked
}

// Link is a task on the path, and why it did not begin earlier.
type Link struct {
	Task int32
	Why  Why
	By   int32 // the task that it waited for, on its node or for its result; -1
	Edge int32 // into the workflow's Edges, where it waited for a result; -1
}

// Why says what a task waited for.
type Why uint8

// What a task can wait for.
const (
	Nothing Why = iota // it begins at 0 or at its release, or could have begun earlier
	Node               // for its node
	Result             // for a result
)

// New judges a solution. It fails where the solution is not one of this instance.
func New(in *model.Instance, p *model.Problem, s *model.Solution) (*Chart, error) {
	if s.InstanceDigest != p.Digest {
		return nil, fmt.Errorf("the solution was made for instance %q with digest %s; this one is called %q and has %s",
			s.Instance, s.InstanceDigest, p.Name, p.Digest)
	}
	c := &Chart{Instance: in, Problem: p, Solution: s, Failed: p.Verify(s)}
	if !s.Status.HasPlacement() {
		return c, nil
	}
	p, at, ok := p.Slots(s)
	if !ok {
		return c, nil
	}
	c.Problem = p
	c.lay(at)
	if len(p.EvaluateSchedule(at).Violations) == 0 {
		c.Slack = p.Workflow.Slack(at)
		c.trace()
	}
	return c, nil
}

// Draw makes a chart of what became of a schedule: every task runs on a node that can run
// it, and nothing else is asked.
func Draw(in *model.Instance, p *model.Problem, at model.Schedule, e Event) *Chart {
	c := &Chart{Instance: in, Problem: p, Solution: &model.Solution{}, event: &e}
	c.lay(at)
	for _, t := range e.Moved {
		c.critical[t] = true
	}
	return c
}

// lay sorts the tasks by node.
func (c *Chart) lay(at model.Schedule) {
	w := c.Problem.Workflow
	c.Schedule, c.On, c.critical = at, make([][]int32, w.Nodes), make([]bool, len(at))
	for _, t := range w.Running(at) {
		c.On[at[t].Node] = append(c.On[at[t].Node], t)
		c.Makespan = max(c.Makespan, w.Finish(at, t))
	}
}

// trace goes back from the last end to what it waited for, again and again.
func (c *Chart) trace() {
	w := c.Problem.Workflow
	order := w.Running(c.Schedule)
	at := int32(-1)
	for _, t := range slices.Backward(order) {
		if w.Finish(c.Schedule, t) == c.Makespan {
			at = t
			break
		}
	}
	for at >= 0 {
		link := c.cause(at)
		c.critical[at] = true
		c.Path = append(c.Path, link)
		at = link.By
	}
}

// cause finds what a task waited for last: a result, or else its node.
func (c *Chart) cause(t int32) Link {
	w, slot := c.Problem.Workflow, c.Schedule[t]
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		e := &w.Edges[k]
		if w.Finish(c.Schedule, e.From)+w.Message(e, c.Schedule[e.From].Node, slot.Node) == slot.Start {
			return Link{t, Result, e.From, k}
		}
	}
	row := c.On[slot.Node]
	if k := slices.Index(row, t); k > 0 && w.Finish(c.Schedule, row[k-1]) == slot.Start {
		return Link{t, Node, row[k-1], -1}
	}
	return Link{t, Nothing, -1, -1}
}

// Busy is how long a node works.
func (c *Chart) Busy(node int) int64 {
	sum := int64(0)
	for _, t := range c.On[node] {
		sum += c.Problem.Workflow.DurationOn(t, int32(node))
	}
	return sum
}

// Time writes a time in the document's numbers.
func (c *Chart) Time(ticks int64) string { return c.Problem.Format(ticks) }

// Reason says in words what a task on the path waited for.
func (c *Chart) Reason(l Link) string {
	w := c.Problem.Workflow
	switch l.Why {
	case Node:
		return "its node, busy with " + w.Tasks[l.By]
	case Result:
		from := c.Schedule[l.By].Node
		if from == c.Schedule[l.Task].Node {
			return "the result of " + w.Tasks[l.By]
		}
		e := &w.Edges[l.Edge]
		return fmt.Sprintf("the result of %s, %s on the way from %s", w.Tasks[l.By],
			c.Time(w.Message(e, from, c.Schedule[l.Task].Node)), c.Problem.NodeNames[from])
	case Nothing:
	}
	if start := c.Schedule[l.Task].Start; start == 0 {
		return "nothing: it begins at once"
	} else if start == w.Release[l.Task] {
		return "its release"
	}
	return "nothing: it could begin earlier"
}
