package model

import (
	"fmt"
	"slices"

	"berth/model/integer"
)

// prices finds the unit of cost and scales the fetch rows and open costs with it.
func (c *compiler) prices() error {
	w := c.in.Weights
	c.fetch = newTerm(w.Fetch, 1)
	c.reads = newTerm(w.Fetch, 2) // reads × price
	c.move = newTerm(w.Move, 1)
	c.open = newTerm(w.Open, 1)
	c.unplaced = newTerm(1_000_000, 1)
	c.wishes = newTerm(1_000_000, 1)
	c.flows = newTerm(w.Traffic, 3) // volume × distance × share
	for k := range c.p.Costs {
		c.fetch.see(c.p.Costs[k].Rest)
		for _, v := range c.p.Costs[k].Values {
			c.fetch.see(v)
		}
	}
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		if t.Unplaced != nil {
			c.unplaced.see(int64(*t.Unplaced))
		}
		if len(t.Current) > 0 {
			c.move.see(int64(moveCost(t)))
		}
		for _, r := range t.Reads {
			c.reads.see(int64(r.Reads), int64(readPrice(t)))
		}
	}
	for j := range c.in.Nodes {
		c.open.see(int64(c.in.Nodes[j].OpenCost))
	}
	for k := range c.in.Rules {
		if weight := c.in.Rules[k].Weight; weight != nil {
			c.wishes.see(int64(*weight))
		}
	}
	c.seeTraffic()
	var err error
	if c.p.unit, err = settle(c.fetch, c.reads, c.move, c.open, c.unplaced, c.wishes, c.flows); err != nil {
		return &DocumentError{Path: "weights", Found: "numbers of very different size", Want: err.Error()}
	}
	return c.scaleRows()
}

// seeTraffic notes what traffic can cost: every share of every pair, over every
// distance.
func (c *compiler) seeTraffic() {
	share := int64(0)
	seen := map[[2]int]bool{}
	for _, t := range c.in.Traffic {
		a, b := c.in.Tasks[c.task[t.Between[0]]].Replicas, c.in.Tasks[c.task[t.Between[1]]].Replicas
		if pair := [2]int{a, b}; !seen[pair] {
			seen[pair] = true
			share = integer.GCD(share, shareDivisor(a, b))
		}
	}
	share = max(share, 1)
	if len(c.in.Traffic) == 0 {
		share = shareScale
	}
	c.p.Full = shareScale / share
	for _, d := range c.distances {
		c.distanceUnit = integer.GCD(c.distanceUnit, int64(d.Cost))
	}
	for _, b := range c.in.Network.Between {
		c.distanceUnit = integer.GCD(c.distanceUnit, int64(b.Cost))
	}
	c.distanceUnit = max(c.distanceUnit, 1)
	for _, t := range c.in.Traffic {
		c.flows.see(int64(t.Volume), c.distanceUnit, share)
	}
}

// shareDivisor divides every share that a pair of a and b replicas can have.
func shareDivisor(a, b int) int64 {
	divisor := int64(shareScale)
	for _, n := range []int{a, b} {
		for k := 1; k < n && divisor > 1; k++ {
			divisor = integer.GCD(divisor, shareScale*int64(k)/int64(n))
		}
	}
	return divisor
}

func moveCost(t *Task) Decimal {
	if t.MoveCost == nil {
		return 1_000_000
	}
	return *t.MoveCost
}

func readPrice(t *Task) Decimal {
	if t.Fetch == nil {
		return 1_000_000
	}
	return t.Fetch.Rest
}

func (c *compiler) scaleRows() error {
	for k := range c.p.Costs {
		row := &c.p.Costs[k]
		var err error
		if row.Rest, err = c.fetch.of(row.Rest); err != nil {
			return tooMany("tasks")
		}
		for e, v := range row.Values {
			if row.Values[e], err = c.fetch.of(v); err != nil {
				return tooMany("tasks")
			}
		}
	}
	// The keys of the rows are of the old numbers: number them anew.
	c.costs = newInterner()
	rows := c.p.Costs
	c.p.Costs = nil
	renumber := make([]int32, len(rows))
	for k := range rows {
		renumber[k] = c.addCost(rows[k])
	}
	for i := range c.fetchRow {
		c.fetchRow[i] = renumber[c.fetchRow[i]]
	}
	for j := range c.in.Nodes {
		cost, err := c.open.of(int64(c.in.Nodes[j].OpenCost))
		if err != nil {
			return tooMany(fmt.Sprintf("nodes[%d].openCost", j))
		}
		c.p.Open = append(c.p.Open, cost)
		uplink := NoLimit
		if up := c.in.Nodes[j].Uplink; up != nil {
			uplink = int64(*up)
		}
		c.p.Uplink = append(c.p.Uplink, uplink)
	}
	return nil
}

func tooMany(path string) error {
	return &DocumentError{Path: path, Found: "a number too large beside the others", Want: errDigits.Error()}
}

// tasks fills in the tasks of the original.
func (c *compiler) tasks() error {
	o := c.p.original
	for i := range c.in.Tasks {
		t, s := &c.in.Tasks[i], &o.tasks[i]
		s.fetch, s.allowed, s.apart, s.unplaced = c.fetchRow[i], c.allowed[i], -1, NoLimit
		if t.Apart != "" {
			s.apart = c.topology(t.Apart)
		}
		var err error
		if t.Unplaced != nil {
			if s.unplaced, err = c.unplaced.of(int64(*t.Unplaced)); err != nil {
				return tooMany(fmt.Sprintf("tasks[%d].unplaced", i))
			}
		}
		s.current.From = int32(len(o.current))
		if len(t.Current) > 0 {
			if s.moveCost, err = c.move.of(int64(moveCost(t))); err != nil {
				return tooMany(fmt.Sprintf("tasks[%d].moveCost", i))
			}
			for _, name := range t.Current {
				o.current = append(o.current, c.node[name])
			}
			slices.Sort(o.current[s.current.From:])
		}
		s.current.To = int32(len(o.current))
		s.reads.From = int32(len(o.reads))
		for _, r := range t.Reads {
			cost, err := c.reads.of(int64(r.Reads), int64(readPrice(t)))
			if err != nil {
				return tooMany(fmt.Sprintf("tasks[%d].reads", i))
			}
			o.reads = append(o.reads, taskReads{c.node[r.Node], cost, int64(r.Reads)})
		}
		s.reads.To = int32(len(o.reads))
		slices.SortFunc(o.reads[s.reads.From:], func(a, b taskReads) int { return int(a.node - b.node) })
	}
	return nil
}

func (c *compiler) rules() error {
	for k := range c.in.Rules {
		r := &c.in.Rules[k]
		rule := taskRule{kind: r.Kind, topology: c.topology(r.Topology), maxSkew: int64(r.MaxSkew), hard: r.Weight == nil}
		for _, name := range r.Tasks {
			rule.tasks = append(rule.tasks, c.task[name])
		}
		if !rule.hard {
			var err error
			if rule.weight, err = c.wishes.of(int64(*r.Weight)); err != nil {
				return tooMany(fmt.Sprintf("rules[%d].weight", k))
			}
		}
		c.p.original.rules = append(c.p.original.rules, rule)
	}
	return nil
}

func (c *compiler) traffic() error {
	for k, t := range c.in.Traffic {
		price, err := c.flows.of(int64(t.Volume), c.distanceUnit, shareScale/c.p.Full)
		if err != nil {
			return tooMany(fmt.Sprintf("traffic[%d].volume", k))
		}
		c.p.original.traffic = append(c.p.original.traffic, taskTraffic{c.task[t.Between[0]], c.task[t.Between[1]], price})
	}
	if c.p.Matrix = c.matrix(); c.p.Matrix != nil {
		c.p.Levels = []Level{{Topology: 0}, {Topology: -1, Distance: slices.Max(c.p.Matrix)}}
	}
	for k, d := range c.distances {
		level := Level{Topology: -1, Distance: int64(d.Cost) / c.distanceUnit}
		if k < len(c.distances)-1 {
			level.Topology = c.topology(d.Same)
		}
		c.p.Levels = append(c.p.Levels, level)
	}
	return nil
}

// totals refuses problems in which a sum could leave int64.
func (c *compiler) totals() error {
	o := c.p.original
	var cost, reads total
	loads := make([]total, len(c.p.Resources))
	dearest := make([]int64, len(c.p.Costs))
	for k := range dearest {
		dearest[k] = c.p.Costs[k].most()
	}
	for i := range o.tasks {
		t := &o.tasks[i]
		n := int64(t.replicas)
		cost.add(n, dearest[t.fetch])
		cost.add(n, t.moveCost)
		cost.add(n, max(t.unplaced, 0))
		for _, r := range o.reads[t.reads.From:t.reads.To] {
			cost.add(r.cost)
			reads.add(r.reads)
		}
		demand := &c.p.Demands[t.demand]
		for r := range loads {
			loads[r].add(n, demand.most(r))
		}
	}
	for _, v := range c.p.Open {
		cost.add(v)
	}
	farthest := c.p.Farthest()
	for _, t := range o.traffic {
		cost.add(t.price, c.p.Full, farthest)
	}
	for _, r := range o.rules {
		n := int64(len(r.tasks))
		switch r.kind {
		case Affinity:
			cost.add(r.weight, n)
		case AntiAffinity:
			cost.add(r.weight, n, n)
		case Spread:
			for _, t := range r.tasks {
				cost.add(r.weight, int64(o.tasks[t].replicas))
			}
		}
	}
	if cost.over {
		return &DocumentError{Path: "", Found: "costs that can add up to more than 2⁶¹ in their smallest unit", Want: errDigits.Error()}
	}
	if reads.over {
		return &DocumentError{Path: "tasks", Found: "reads that add up to more than 64 bits hold", Want: "smaller numbers of reads, in thousands for example"}
	}
	for r := range loads {
		if loads[r].over {
			return &DocumentError{Path: "tasks", Found: "demands of " + c.p.Resources[r] + " that add up to more than 64 bits hold", Want: "coarser amounts"}
		}
	}
	return nil
}

// most returns the largest cost of the row.
func (r *CostRow) most() int64 {
	m := r.Rest
	for _, v := range r.Values {
		m = max(m, v)
	}
	return m
}

// most returns the largest demand of resource k in the row.
func (r *DemandRow) most(k int) int64 {
	m := r.Rest[k]
	for e := k; e < len(r.Values); e += len(r.Rest) {
		m = max(m, r.Values[e])
	}
	return m
}
