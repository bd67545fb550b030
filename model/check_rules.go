package model

import "fmt"

func (c *checker) checkRules() {
	for k := range c.in.Rules {
		r := &c.in.Rules[k]
		kind := r.Kind.String()
		c.under(in("rules"), at(k))
		c.topology(r.Topology, in("topology"))
		c.optionalAmount(r.Weight, in("weight"))
		seen := make(map[string]bool, len(r.Tasks))
		for n, name := range r.Tasks {
			c.task(name, in(kind), at(n))
			if seen[name] {
				c.fail(Quote(name)+" a second time", "every task once in a rule", in(kind), at(n))
			}
			seen[name] = true
		}
		fewest := 1
		if r.Kind == AntiAffinity {
			fewest = 2
		}
		if len(r.Tasks) < fewest {
			want := "at least " + countOf(fewest, "task")
			if fewest == 2 {
				want += "; to keep the replicas of one task apart, give it apart: node"
			}
			c.fail(countOf(len(r.Tasks), "task"), want, in(kind))
		}
		if (r.Kind == Spread) != (r.MaxSkew >= 1) {
			c.fail(fmt.Sprintf("a maxSkew of %d", r.MaxSkew), "1 or more with spread, none without", in("maxSkew"))
		}
	}
}

func (c *checker) checkTraffic() {
	for k := range c.in.Traffic {
		t := &c.in.Traffic[k]
		c.under(in("traffic"), at(k))
		c.pair(t.Between, c.task, "traffic to itself", "two tasks")
		c.amount(t.Volume, in("volume"))
	}
}

// pair checks the two ends of traffic or of a link.
func (c *checker) pair(ends [2]string, known func(string, ...step) bool, loop, want string) {
	if c.fault != nil {
		return
	}
	for n, name := range ends {
		if !known(name, in("between"), at(n)) {
			return
		}
	}
	if ends[0] == ends[1] {
		c.fail(loop+", "+Quote(ends[0]), want, in("between"))
	}
}

func (c *checker) checkNetwork() {
	net := &c.in.Network
	c.checkDistance(net.Distance)
	c.checkBetween()
	for k := range net.Links {
		l := &net.Links[k]
		c.under(in("network"), in("links"), at(k))
		c.pair(l.Between, c.node, "a link from a node to itself", "two nodes")
		c.line(l.Line)
	}
	if net.Default != nil {
		c.under(in("network"), in("default"))
		c.line(*net.Default)
	}
}

func (c *checker) line(l Line) {
	c.amount(l.Latency, in("latency"))
	if l.Bandwidth == nil {
		return
	}
	c.quantity(*l.Bandwidth, in("bandwidth"))
	if *l.Bandwidth == (Quantity{}) {
		c.fail("a bandwidth of 0", "more than 0; leave the link out where nothing passes", in("bandwidth"))
	}
}

// checkDistance holds the levels of distance to what makes their costs add up:
// they never fall, and a place of one level lies within a place of the next.
func (c *checker) checkDistance(levels []Distance) {
	last := len(levels) - 1
	c.under(in("network"), in("distance"))
	if len(levels) > maxLevels {
		c.fail(countOf(len(levels), "level"), fmt.Sprintf("at most %d", maxLevels))
	}
	for k, level := range levels {
		c.under(in("network"), in("distance"), at(k))
		c.amount(level.Cost, in("cost"))
		switch {
		case k < last && level.Same == "":
			c.fail("a level without same before the last", "same: node, or a label")
		case k == last && level.Same != "":
			c.fail("a last level with same", "a level without it at the end: what the rest costs", in("same"))
		case k > 0 && level.Cost < levels[k-1].Cost:
			c.fail(fmt.Sprintf("%s after %s", level.Cost, levels[k-1].Cost), "a cost that does not fall from level to level",
				in("cost"))
		}
		c.topology(level.Same, in("same"))
		if c.fault == nil && k > 0 && k < last {
			c.checkNested(levels[k-1].Same, level.Same)
		}
	}
}

// checkNested holds that nodes of one inner place share the outer place.
func (c *checker) checkNested(inner, outer string) {
	if inner == outer {
		c.fail(Quote(outer)+" a second time", "every level once", in("same"))
	}
	first := map[string]*Node{} // by inner place
	for j := range c.in.Nodes {
		n := &c.in.Nodes[j]
		place, ok := n.Label(inner)
		if !ok {
			continue // a place of its own lies within any
		}
		if first[place] == nil {
			first[place] = n
		} else if !samePlace(first[place], n, outer) {
			c.fail(fmt.Sprintf("nodes %s and %s with the same %s but not the same %s", Quote(first[place].Name), Quote(n.Name), inner, outer),
				"levels from narrow to wide, each within the next", in("same"))
			return
		}
	}
}

// samePlace reports whether two different nodes carry the label with one value.
func samePlace(a, b *Node, key string) bool {
	left, ok := a.Label(key)
	right, also := b.Label(key)
	return ok && also && left == right
}

func (c *checker) checkWeights() {
	w := &c.in.Weights
	c.under(in("weights"))
	for k, value := range []Decimal{w.Fetch, w.Traffic, w.Move, w.Open} {
		c.amount(value, in(weightsFields[k].name))
	}
}
