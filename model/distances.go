package model

import (
	"fmt"
	"slices"
)

// Distances between single nodes: read, checked, written and compiled. In a document
// they are a map by node of maps by node, each pair once or both ways.

// between reads distances by node and node. A pair that comes both ways is kept once, a
// 0 from a node to itself not at all.
func (d *decoder) between() []NodeDistance {
	list := []NodeDistance{}
	seen := map[[2]string]Decimal{}
	for from := range d.members("of distances by node and node") {
		for to := range d.members("of distances by node") {
			cost := d.decimal()
			key := [2]string{min(from, to), max(from, to)}
			earlier, known := seen[key]
			switch {
			case known && earlier != cost:
				d.fail(fmt.Sprintf("%s, and %s the other way", cost, earlier), "one distance for both ways")
			case !known && (from != to || cost != 0):
				list = append(list, NodeDistance{[2]string{from, to}, cost})
			}
			seen[key] = cost
		}
	}
	return list
}

// between writes distances, each pair once, by the names of its nodes.
func (e *emitter) between(list []NodeDistance) {
	list = slices.Clone(list)
	for k := range list {
		slices.Sort(list[k].Nodes[:])
	}
	slices.SortFunc(list, func(a, b NodeDistance) int { return slices.Compare(a.Nodes[:], b.Nodes[:]) })
	e.key("distance", true)
	e.beginMap(true)
	for k := range list {
		if k == 0 || list[k].Nodes[0] != list[k-1].Nodes[0] {
			if k > 0 {
				e.finish()
			}
			e.key(list[k].Nodes[0], false)
			e.beginMap(false)
		}
		e.decimalMember(list[k].Nodes[1], list[k].Cost)
	}
	e.finish()
	e.finish()
}

// checkBetween holds distances between nodes to be of every pair, and of no pair twice.
func (c *checker) checkBetween() {
	net := &c.in.Network
	if net.Between == nil {
		return
	}
	c.under(in("network"), in("distance"))
	if len(net.Distance) > 0 {
		c.fail("levels and distances between nodes", "one of the two")
	}
	seen := make(map[[2]string]bool, len(net.Between))
	for _, b := range net.Between {
		from, to := b.Nodes[0], b.Nodes[1]
		if !c.node(from, in(from)) || !c.node(to, in(from), in(to)) {
			return
		}
		key := [2]string{min(from, to), max(from, to)}
		switch {
		case from == to:
			c.fail("a distance of node "+Quote(from)+" to itself", "none: what stays on a node costs nothing", in(from), in(to))
		case seen[key]:
			c.fail(fmt.Sprintf("nodes %s and %s a second time", Quote(from), Quote(to)), "every pair of nodes once", in(from), in(to))
		}
		seen[key] = true
		c.amount(b.Cost, in(from), in(to))
	}
	c.checkEveryPair(seen)
	c.checkSingle()
}

// checkEveryPair finds the first pair of nodes that is missing.
func (c *checker) checkEveryPair(seen map[[2]string]bool) {
	for k := range c.in.Nodes {
		for j := range c.in.Nodes[:k] {
			from, to := c.in.Nodes[j].Name, c.in.Nodes[k].Name
			if c.fault == nil && !seen[[2]string{min(from, to), max(from, to)}] {
				c.fail(fmt.Sprintf("no distance between nodes %s and %s", Quote(from), Quote(to)),
					"one for every pair of nodes; or levels, such as {same: rack, cost: 1}")
			}
			if c.fault != nil {
				return
			}
		}
	}
}

// checkSingle holds tasks with traffic to one replica: how much of a volume flows
// between which replicas is said for levels alone.
func (c *checker) checkSingle() {
	for k := range c.in.Traffic {
		for n, name := range c.in.Traffic[k].Between {
			i, known := c.tasks[name]
			if known && c.in.Tasks[i].Replicas > 1 {
				c.under(in("traffic"), at(k))
				c.fail(fmt.Sprintf("task %s of %d replicas over distances between nodes", Quote(name), c.in.Tasks[i].Replicas),
					"tasks of one replica; or levels of distance, over which replicas share what flows", in("between"), at(n))
			}
		}
	}
}

// levels returns the levels of distance; nil where single nodes have distances that
// differ.
func (c *compiler) levels() []Distance {
	net := &c.in.Network
	if len(net.Between) > 0 {
		first := net.Between[0].Cost
		if slices.ContainsFunc(net.Between, func(b NodeDistance) bool { return b.Cost != first }) {
			return nil
		}
		return []Distance{{Same: nodeTopology}, {Cost: first}}
	}
	if len(net.Distance) == 0 {
		return []Distance{{Same: nodeTopology}, {Cost: DecimalOne}}
	}
	return net.Distance
}

// matrix is the distances between single nodes; nil where levels say them.
func (c *compiler) matrix() []int64 {
	if c.distances != nil {
		return nil
	}
	n := len(c.in.Nodes)
	matrix := make([]int64, n*n)
	for _, b := range c.in.Network.Between {
		x, y := int(c.node[b.Nodes[0]]), int(c.node[b.Nodes[1]])
		matrix[x*n+y] = int64(b.Cost) / c.distanceUnit
		matrix[y*n+x] = matrix[x*n+y]
	}
	return matrix
}

// Distance is what one unit of traffic costs between two nodes. O(levels).
func (p *Problem) Distance(x, y int32) int64 {
	if p.Matrix != nil {
		return p.Matrix[int(x)*len(p.NodeNames)+int(y)]
	}
	for _, l := range p.Levels {
		if l.Topology < 0 || p.Topologies[l.Topology].Place[x] == p.Topologies[l.Topology].Place[y] {
			return l.Distance
		}
	}
	return 0
}

// Farthest is the largest distance there is.
func (p *Problem) Farthest() int64 {
	if len(p.Levels) == 0 {
		return 0
	}
	return p.Levels[len(p.Levels)-1].Distance
}
