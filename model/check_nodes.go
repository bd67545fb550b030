package model

import (
	"fmt"
)

func (c *checker) checkNodes() {
	if len(c.in.Nodes) == 0 {
		c.fail("no nodes", "at least one node", in("nodes"))
	}
	if want := wantName(c.in.Name); want != "" {
		c.fail(Quote(c.in.Name), want, in("name"))
	}
	for j := range c.in.Nodes {
		n := &c.in.Nodes[j]
		c.under(in("nodes"), at(j))
		c.newName(n.Name, "node", c.nodes, j)
		if n.Name == everyOther {
			c.fail(`"*"`, "another name: this one stands for the other nodes", in("name"))
		}
		c.resources(n.Capacity, in("capacity"))
		c.labels(n.Labels, in("labels"))
		for _, l := range n.Labels {
			if l.Key == nodeTopology {
				c.failKey("the label node", "another key: this one stands for the node itself", in("labels"), in(l.Key))
			}
			c.keys[l.Key] = true
		}
		c.amount(n.OpenCost, in("openCost"))
		c.optionalAmount(n.Uplink, in("uplink"))
		if c.fault != nil {
			return
		}
	}
}

func (c *checker) checkTasks() {
	replicas := 0
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		c.under(in("tasks"), at(i))
		c.newName(t.Name, "task", c.tasks, i)
		if t.Replicas < 1 {
			c.fail(countOf(t.Replicas, "replica"), "at least 1", in("replicas"))
		}
		if replicas += t.Replicas; replicas > maxReplicas {
			c.fail(fmt.Sprintf("%d replicas up to here", replicas), fmt.Sprintf("at most %d in all", maxReplicas), in("replicas"))
		}
		c.checkTask(t)
		c.checkTogether(t)
		if c.fault != nil {
			return
		}
	}
}

// checkTask looks at each field of a task by itself.
func (c *checker) checkTask(t *Task) {
	c.resources(t.Demand, in("demand"))
	c.topology(t.Apart, in("apart"))
	c.optionalAmount(t.MoveCost, in("moveCost"))
	c.optionalAmount(t.Unplaced, in("unplaced"))
	c.distinctNodes(t.Home, "home")
	for k, name := range t.Current {
		c.node(name, in("current"), at(k))
	}
	c.round++
	for k := range t.DemandOn {
		d := &t.DemandOn[k]
		c.nodeKey(d.Node, "demandOn")
		c.resources(d.Demand, in("demandOn"), in(d.Node))
	}
	c.round++
	for _, r := range t.Reads {
		c.nodeKey(r.Node, "reads")
		c.amount(r.Reads, in("reads"), in(r.Node))
	}
	if t.Fetch != nil {
		c.checkFetch(t.Fetch)
	}
	if t.Data != nil {
		c.quantity(*t.Data, in("data"))
	}
	if t.On != nil {
		c.checkSelector(t.On)
	}
}

// nodeKey checks a node that is a key of the map that this round is for.
func (c *checker) nodeKey(name, field string) {
	if c.fault != nil {
		return
	}
	if !c.node(name, in(field), in(name)) {
		c.fault.onKey = true
	} else if c.again(name) {
		c.failKey("the key "+Quote(name)+" a second time", "every key once", in(field), in(name))
	}
}

func (c *checker) checkFetch(f *Fetch) {
	c.amount(f.Rest, in("fetch"))
	c.round++
	for _, on := range f.On {
		c.nodeKey(on.Node, "fetch")
		c.amount(on.Price, in("fetch"), in(on.Node))
	}
}

func (c *checker) checkSelector(on *Selector) {
	switch {
	case len(on.Nodes) == 0 && len(on.Labels) == 0:
		c.fail("an empty choice", "labels or nodes; leave on out to allow every node", in("on"))
	case len(on.Nodes) > 0 && len(on.Labels) > 0:
		c.fail("labels beside nodes", "one of them", in("on"))
	}
	c.distinctNodes(on.Nodes, "on")
	c.labels(on.Labels, in("on"))
	for _, l := range on.Labels {
		if !c.keys[l.Key] {
			c.failKey(Quote(l.Key), OrNearest("a label that some node carries", l.Key, c.labelKeys),
				in("on"), in(l.Key))
		}
	}
}

// checkTogether looks for fields of a task that contradict one another.
func (c *checker) checkTogether(t *Task) {
	byNode := t.Fetch != nil && len(t.Fetch.On) > 0
	switch {
	case len(t.Current) > t.Replicas:
		c.fail(fmt.Sprintf("%s for %s", countOf(len(t.Current), "node"), countOf(t.Replicas, "replica")),
			"at most one node for each replica", in("current"))
	case t.MoveCost != nil && len(t.Current) == 0:
		c.fail("moveCost without current", "current: the node where it runs today", in("moveCost"))
	case t.Data != nil && t.Fetch != nil:
		c.fail("fetch beside data", "one of them: data gives the penalty by the network", in("fetch"))
	case t.Data != nil && len(t.Home) == 0:
		c.fail("data without home", "home: the node where the data is", in("data"))
	case t.Reads != nil && len(t.Home) > 0:
		c.fail("reads beside home", "one of them: a chunk has no home", in("reads"))
	case t.Reads != nil && t.Data != nil:
		c.fail("reads beside data", "one of them", in("reads"))
	case t.Reads != nil && byNode:
		c.fail("fetch by node beside reads", "one number: what a read from elsewhere costs", in("fetch"))
	}
}
