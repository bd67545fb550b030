package model

import (
	"fmt"
)

func (c *checker) checkNodes() {
	if len(c.in.Nodes) == 0 {
		c.fail("no nodes", "at least one node", "nodes")
	}
	if want := wantName(c.in.Name); want != "" {
		c.fail(shorten(c.in.Name), want, "name")
	}
	for j := range c.in.Nodes {
		n := &c.in.Nodes[j]
		c.newName(n.Name, "node", c.nodes, "nodes", j)
		if n.Name == everyOther {
			c.fail(`"*"`, "another name: this one stands for the other nodes", "nodes", j, "name")
		}
		c.resources(n.Capacity, "nodes", j, "capacity")
		c.labels(n.Labels, "nodes", j, "labels")
		for _, l := range n.Labels {
			if l.Key == nodeTopology {
				c.failKey("the label node", "another key: this one stands for the node itself", "nodes", j, "labels", l.Key)
			}
			c.keys[l.Key] = true
		}
		c.amount(n.OpenCost, "nodes", j, "openCost")
		c.optionalAmount(n.Uplink, "nodes", j, "uplink")
		if c.fault != nil {
			return
		}
	}
}

func (c *checker) checkTasks() {
	replicas := 0
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		c.newName(t.Name, "task", c.tasks, "tasks", i)
		if t.Replicas < 1 {
			c.fail(countOf(t.Replicas, "replica"), "at least 1", "tasks", i, "replicas")
		}
		if replicas += t.Replicas; replicas > maxReplicas {
			c.fail(fmt.Sprintf("%d replicas up to here", replicas), fmt.Sprintf("at most %d in all", maxReplicas), "tasks", i, "replicas")
		}
		c.checkTask(t, i)
		c.checkTogether(t, i)
		if c.fault != nil {
			return
		}
	}
}

// checkTask looks at each field of a task by itself.
func (c *checker) checkTask(t *Task, i int) {
	c.resources(t.Demand, "tasks", i, "demand")
	c.topology(t.Apart, "tasks", i, "apart")
	c.optionalAmount(t.MoveCost, "tasks", i, "moveCost")
	c.optionalAmount(t.Unplaced, "tasks", i, "unplaced")
	c.distinctNodes(t.Home, i, "home")
	for k, name := range t.Current {
		c.node(name, "tasks", i, "current", k)
	}
	for k := range t.DemandOn {
		d := &t.DemandOn[k]
		c.nodeKey(d.Node, "tasks", i, "demandOn")
		c.resources(d.Demand, "tasks", i, "demandOn", d.Node)
	}
	c.uniqueSorted(len(t.DemandOn), func(k int) string { return t.DemandOn[k].Node }, "tasks", i, "demandOn")
	for _, r := range t.Reads {
		c.nodeKey(r.Node, "tasks", i, "reads")
		c.amount(r.Reads, "tasks", i, "reads", r.Node)
	}
	c.uniqueSorted(len(t.Reads), func(k int) string { return t.Reads[k].Node }, "tasks", i, "reads")
	if t.Fetch != nil {
		c.checkFetch(t.Fetch, i)
	}
	if t.Data != nil {
		c.quantity(*t.Data, "tasks", i, "data")
	}
	if t.On != nil {
		c.checkSelector(t.On, i)
	}
}

// nodeKey checks a node that is the key of a map.
func (c *checker) nodeKey(name string, path ...any) {
	if c.fault == nil && !c.node(name, append(path, name)...) {
		c.fault.onKey = true
	}
}

func (c *checker) checkFetch(f *Fetch, i int) {
	c.amount(f.Rest, "tasks", i, "fetch")
	for _, on := range f.On {
		c.nodeKey(on.Node, "tasks", i, "fetch")
		c.amount(on.Price, "tasks", i, "fetch", on.Node)
	}
	c.uniqueSorted(len(f.On), func(k int) string { return f.On[k].Node }, "tasks", i, "fetch")
}

func (c *checker) checkSelector(on *Selector, i int) {
	switch {
	case len(on.Nodes) == 0 && len(on.Labels) == 0:
		c.fail("an empty choice", "labels or nodes; leave on out to allow every node", "tasks", i, "on")
	case len(on.Nodes) > 0 && len(on.Labels) > 0:
		c.fail("labels beside nodes", "one of them", "tasks", i, "on")
	}
	c.distinctNodes(on.Nodes, i, "on")
	c.labels(on.Labels, "tasks", i, "on")
	for _, l := range on.Labels {
		if !c.keys[l.Key] {
			c.failKey(shorten(l.Key), orNearest("a label that some node carries", l.Key, c.labelKeys),
				"tasks", i, "on", l.Key)
		}
	}
}

// checkTogether looks for fields of a task that contradict one another.
func (c *checker) checkTogether(t *Task, i int) {
	byNode := t.Fetch != nil && len(t.Fetch.On) > 0
	switch {
	case len(t.Current) > t.Replicas:
		c.fail(fmt.Sprintf("%s for %s", countOf(len(t.Current), "node"), countOf(t.Replicas, "replica")),
			"at most one node for each replica", "tasks", i, "current")
	case t.MoveCost != nil && len(t.Current) == 0:
		c.fail("moveCost without current", "current: the node where it runs today", "tasks", i, "moveCost")
	case t.Data != nil && t.Fetch != nil:
		c.fail("fetch beside data", "one of them: data gives the penalty by the network", "tasks", i, "fetch")
	case t.Data != nil && len(t.Home) == 0:
		c.fail("data without home", "home: the node where the data is", "tasks", i, "data")
	case t.Reads != nil && len(t.Home) > 0:
		c.fail("reads beside home", "one of them: a chunk has no home", "tasks", i, "reads")
	case t.Reads != nil && t.Data != nil:
		c.fail("reads beside data", "one of them", "tasks", i, "reads")
	case t.Reads != nil && byNode:
		c.fail("fetch by node beside reads", "one number: what a read from elsewhere costs", "tasks", i, "fetch")
	}
}
