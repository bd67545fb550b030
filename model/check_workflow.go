package model

import (
	"fmt"
	"slices"
	"strings"
)

// checkWorkflow looks at what a workflow has and a placement has not, and the other
// way round.
func (c *checker) checkWorkflow() {
	if !c.in.Workflow {
		c.checkNoWorkflow()
		return
	}
	c.under()
	switch {
	case len(c.in.Rules) > 0:
		c.fail("rules in a workflow", "none: they are for placements", in("rules"))
	case len(c.in.Traffic) > 0:
		c.fail("traffic in a workflow", "none: what flows is the data of dependencies", in("traffic"))
	case c.in.Weights != (Weights{DecimalOne, DecimalOne, DecimalOne, DecimalOne}):
		c.fail("weights in a workflow", "none: its cost is the makespan alone", in("weights"))
	case len(c.in.Network.Distance) > 0 || c.in.Network.Between != nil:
		c.fail("distance in a workflow", "links and default: what messages take", in("network"), in("distance"))
	}
	for j := range c.in.Nodes {
		n := &c.in.Nodes[j]
		c.under(in("nodes"), at(j))
		switch {
		case len(n.Labels) > 0 || n.OpenCost != 0 || n.Uplink != nil:
			c.fail("labels, openCost or uplink in a workflow", "none of them: they are for placements")
		case n.Speed != nil && *n.Speed <= 0:
			c.fail(n.Speed.String(), "a speed above 0; leave the node out where it does nothing", in("speed"))
		}
	}
	for i := range c.in.Tasks {
		c.under(in("tasks"), at(i))
		c.checkRun(&c.in.Tasks[i])
		if c.fault != nil {
			return
		}
	}
	c.checkDependencies()
}

// checkNoWorkflow refuses in a placement what only a workflow may have.
func (c *checker) checkNoWorkflow() {
	c.under()
	if len(c.in.Dependencies) > 0 {
		c.fail("dependencies in a placement", "a workflow: its tasks wait for one another", in("dependencies"))
	}
	for j := range c.in.Nodes {
		if c.in.Nodes[j].Speed != nil {
			c.fail("speed in a placement", "a workflow: its tasks take time", in("nodes"), at(j), in("speed"))
		}
	}
	for i := range c.in.Tasks {
		if t := &c.in.Tasks[i]; t.Work != nil || t.Durations != nil || t.Release != 0 || t.Deadline != nil {
			c.fail("work, duration, release or deadline in a placement", "a workflow: its tasks take time", in("tasks"), at(i))
			return
		}
	}
}

// checkRun looks at when and how long a task of a workflow runs.
func (c *checker) checkRun(t *Task) {
	foreign := t.DemandOn != nil || t.Replicas != 1 || t.Apart != "" || t.Home != nil || t.Fetch != nil || t.Data != nil ||
		t.Current != nil || t.MoveCost != nil || t.On != nil || t.Unplaced != nil || t.Reads != nil
	switch {
	case foreign:
		c.fail("a task of a placement", "work or duration, demand, release and deadline alone")
	case t.Work != nil && t.Durations != nil:
		c.fail("duration beside work", "one of them: work is divided by the speed of the node", in("duration"))
	case t.Work == nil && t.Durations == nil:
		c.fail("a task without work and without duration", "one of them: how long it runs")
	case t.Work == nil && len(t.Durations) == 0:
		c.fail("no node", "how long it runs on each node that may run it", in("duration"))
	case t.Deadline != nil && *t.Deadline < t.Release:
		c.fail(t.Deadline.String(), "a deadline not before the release, "+t.Release.String(), in("deadline"))
	}
	c.optionalAmount(t.Work, in("work"))
	c.round++
	for _, on := range t.Durations {
		c.nodeKey(on.Node, "duration")
		c.amount(on.Time, in("duration"), in(on.Node))
	}
	c.amount(t.Release, in("release"))
	c.optionalAmount(t.Deadline, in("deadline"))
}

// checkDependencies looks at the ends of dependencies, and for tasks that wait for
// themselves.
func (c *checker) checkDependencies() {
	seen := make(map[[2]int]int, len(c.in.Dependencies))
	next := make([][]int, len(c.in.Tasks))
	for k := range c.in.Dependencies {
		d := &c.in.Dependencies[k]
		c.under(in("dependencies"), at(k))
		if !c.task(d.From, in("from")) || !c.task(d.To, in("to")) {
			return
		}
		c.quantity(d.Data, in("data"))
		ends := [2]int{c.tasks[d.From], c.tasks[d.To]}
		earlier, twice := seen[ends]
		switch {
		case ends[0] == ends[1]:
			c.fail("a dependency of "+Quote(d.From)+" on itself", "two tasks")
		case twice:
			c.fail("a second dependency of "+Quote(d.To)+" on "+Quote(d.From),
				fmt.Sprintf("one, with all the data: dependencies[%d] has the same ends", earlier))
		}
		if c.fault != nil {
			return
		}
		seen[ends] = k
		next[ends[0]] = append(next[ends[0]], ends[1])
	}
	if circle := circleIn(next); circle != nil {
		var names []string
		for _, i := range circle {
			names = append(names, c.in.Tasks[i].Name)
		}
		if len(names) > 8 {
			names = append(names[:7], fmt.Sprintf("%d more", len(names)-8), names[0])
		}
		c.under()
		c.fail("tasks that wait for one another in a circle: "+strings.Join(names, " → "),
			"dependencies without a circle: take one of these out",
			in("dependencies"), at(seen[[2]int{circle[0], circle[1]}]))
	}
}

// circleIn returns the tasks of a circle, the first again at the end; nil where there
// is none. O(tasks + dependencies).
func circleIn(next [][]int) []int {
	before := make([]int, len(next))
	for _, list := range next {
		for _, to := range list {
			before[to]++
		}
	}
	var ready []int
	for i, n := range before {
		if n == 0 {
			ready = append(ready, i)
		}
	}
	left := len(next)
	for len(ready) > 0 {
		i := ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		left--
		for _, to := range next[i] {
			if before[to]--; before[to] == 0 {
				ready = append(ready, to)
			}
		}
	}
	if left == 0 {
		return nil
	}
	// Every task that is left waits for one that is left: going back comes round.
	waitsFor := make([]int, len(next))
	last := -1
	for i, list := range next {
		if before[i] == 0 {
			continue
		}
		for _, to := range list {
			waitsFor[to] = i
		}
		last = i
	}
	seen := make([]bool, len(next))
	i := last
	for ; !seen[i]; i = waitsFor[i] {
		seen[i] = true
	}
	circle := []int{i}
	for j := waitsFor[i]; j != i; j = waitsFor[j] {
		circle = append(circle, j)
	}
	circle = append(circle, i)
	slices.Reverse(circle)
	return circle
}
