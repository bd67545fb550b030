package model

import (
	"slices"
)

// merge makes the items: one of every group of tasks under hard affinity to a
// node, one of every other task, and one of all tasks that are alike and bound to
// nothing.
func (c *compiler) merge() {
	p, o := c.p, c.p.original
	group := c.affinityGroups()
	bound := c.boundTasks()
	o.itemOf = make([]int32, len(o.tasks))
	alike := map[likeness]int32{} // items
	members := [][]int32{}        // by item
	for t := range o.tasks {
		g := group[t]
		if g != nil && g[0] != int32(t) {
			continue
		}
		if g == nil && !bound[t] {
			key := c.likenessOf(int32(t))
			if i, known := alike[key]; known {
				o.itemOf[t] = i
				members[i] = append(members[i], int32(t))
				p.Report.Identical += int(o.tasks[t].replicas)
				continue
			}
			alike[key] = int32(len(members))
		}
		if g == nil {
			g = []int32{int32(t)}
			p.Report.Identical += int(o.tasks[t].replicas) - 1
		} else {
			p.Report.Merged += len(g)
		}
		for _, member := range g {
			o.itemOf[member] = int32(len(members))
		}
		members = append(members, g)
	}
	p.Items = make([]Item, len(members))
	for i, tasks := range members {
		first := tasks[0]
		item := &p.Items[i]
		*item = Item{First: int32(p.Copies), Apart: -1, Rebates: c.emptySpan(len(p.Rebates)), Sends: c.emptySpan(len(p.Sends)), Runs: c.emptySpan(len(p.Runs))}
		if group[first] != nil {
			c.groupItem(item, tasks)
		} else {
			c.taskItem(item, tasks, bound[first])
		}
		c.noteRuns(item, tasks)
		p.Copies += int(item.Count)
	}
}

func (c *compiler) emptySpan(at int) Span { return Span{int32(at), int32(at)} }

// affinityGroups joins tasks under hard affinity to a node: it returns the group
// by task, in ascending order; nil for a task that is in none.
func (c *compiler) affinityGroups() [][]int32 {
	o := c.p.original
	group := make([][]int32, len(o.tasks))
	for _, r := range o.rules {
		if r.kind != Affinity || !r.hard || r.topology != 0 {
			continue
		}
		joined := slices.Clone(r.tasks)
		for _, t := range r.tasks {
			joined = append(joined, group[t]...)
		}
		slices.Sort(joined)
		joined = slices.Compact(joined)
		for _, t := range joined {
			group[t] = joined
		}
	}
	return group
}

// boundTasks marks the tasks that differ from others by more than their rows.
func (c *compiler) boundTasks() []bool {
	o := c.p.original
	bound := make([]bool, len(o.tasks))
	for t := range o.tasks {
		s := &o.tasks[t]
		runs := s.current.To > s.current.From
		bound[t] = s.reads.To > s.reads.From || s.replicas > 1 && (s.apart >= 0 || runs) || runs && c.p.MustStay > 0
	}
	for _, r := range o.rules {
		for _, t := range r.tasks {
			bound[t] = true
		}
	}
	for _, t := range o.traffic {
		bound[t.a], bound[t.b] = true, true
	}
	return bound
}

// likeness is all that tells an unbound task from others.
type likeness struct {
	fetch, demand, allowed, today int32
	unplaced, moveCost            int64
}

func (c *compiler) likenessOf(t int32) likeness {
	s := &c.p.original.tasks[t]
	key := likeness{s.fetch, s.demand, s.allowed, NoPlace, s.unplaced, s.moveCost}
	if s.current.To > s.current.From {
		key.today = c.p.original.current[s.current.From]
	}
	return key
}

// taskItem makes the item of one task, or of several unbound ones that are alike.
func (c *compiler) taskItem(item *Item, tasks []int32, bound bool) {
	o := c.p.original
	s := &o.tasks[tasks[0]]
	item.Cost, item.Demand, item.Domain, item.Unplaced, item.Bound = s.fetch, s.demand, s.allowed, s.unplaced, bound
	if s.replicas > 1 {
		item.Apart = s.apart
	}
	for _, t := range tasks {
		for k := range o.tasks[t].replicas {
			o.stands = append(o.stands, o.tasks[t].first+k)
		}
		item.Count += o.tasks[t].replicas
	}
	if s.current.To > s.current.From {
		c.payMoves(item, s)
	}
	if s.reads.To > s.reads.From {
		c.payReads(item, tasks)
	}
}

// noteRuns notes where an item runs today.
func (c *compiler) noteRuns(item *Item, tasks []int32) {
	p, o := c.p, c.p.original
	var today []int32
	for _, t := range tasks {
		today = append(today, o.current[o.tasks[t].current.From:o.tasks[t].current.To]...)
	}
	slices.Sort(today)
	for from := 0; from < len(today); {
		to := from
		for to < len(today) && today[to] == today[from] {
			to++
		}
		run := Run{today[from], int32(to - from), 1}
		if item.Count == 1 {
			run.Upto, run.Replicas = 1, int64(to-from)
		}
		p.Runs = append(p.Runs, run)
		from = to
	}
	item.Runs.To = int32(len(p.Runs))
}

// payMoves adds the cost of moving. One replica pays on every node but its own;
// of several, each pays and those that stay get it back.
func (c *compiler) payMoves(item *Item, s *originalTask) {
	p, o := c.p, c.p.original
	row := p.Costs[item.Cost]
	today := o.current[s.current.From:s.current.To]
	if s.moveCost == 0 {
		return
	}
	if s.replicas == 1 {
		item.Cost = c.addCost(c.plus(row, s.moveCost, today[0]))
		return
	}
	item.Cost = c.addCost(c.plus(row, s.moveCost, NoPlace))
	for from := 0; from < len(today); {
		to := from
		for to < len(today) && today[to] == today[from] {
			to++
		}
		p.Rebates = append(p.Rebates, Rebate{today[from], int32(to - from), s.moveCost})
		from = to
	}
	item.Rebates.To = int32(len(p.Rebates))
}

// plus returns the row with an amount added on every node but one, or on every
// node where that is NoPlace.
func (c *compiler) plus(row CostRow, amount int64, except int32) CostRow {
	sum := CostRow{Rest: row.Rest + amount, Nodes: slices.Clone(row.Nodes), Values: slices.Clone(row.Values)}
	for k := range sum.Values {
		sum.Values[k] += amount
	}
	if except == NoPlace {
		return sum
	}
	return c.normal(c.with(sum, except, row.At(except)))
}

// with sets the cost on one node in a row that is the caller's own.
func (c *compiler) with(row CostRow, node int32, value int64) CostRow {
	if row.Nodes == nil && row.Values != nil {
		row.Values[node] = value
		return row
	}
	k, found := slices.BinarySearch(row.Nodes, node)
	if found {
		row.Values[k] = value
		return row
	}
	row.Nodes, row.Values = slices.Insert(row.Nodes, k, node), slices.Insert(row.Values, k, value)
	return row
}

// normal brings a row whose exceptions changed into the form that rows have.
func (c *compiler) normal(row CostRow) CostRow {
	if row.Nodes == nil && row.Values != nil {
		return sparseCost(row.Values)
	}
	return sortRow(row, len(c.in.Nodes))
}

// payReads adds the reads of tasks that go together. Every rack that reads pays
// unless a copy is there: with one copy that is a cost row, with several a rebate
// for the first on each rack.
func (c *compiler) payReads(item *Item, tasks []int32) {
	p := c.p
	reads, all := c.sumReads(tasks)
	for _, r := range reads {
		if r.reads > 0 && p.Uplink[r.node] != NoLimit {
			p.Sends = append(p.Sends, Send{r.node, r.reads})
		}
	}
	item.Sends.To = int32(len(p.Sends))
	if item.Count > 1 {
		p.Offset += all
		for _, r := range reads {
			if r.cost > 0 {
				p.Rebates = append(p.Rebates, Rebate{r.node, 1, r.cost})
			}
		}
		item.Rebates.To = int32(len(p.Rebates))
		return
	}
	row := c.plus(p.Costs[item.Cost], all, NoPlace)
	for _, r := range reads {
		row = c.with(row, r.node, row.At(r.node)-r.cost)
	}
	item.Cost = c.addCost(c.normal(row))
	if item.Unplaced != NoLimit {
		item.Unplaced += all
	}
}

// sumReads adds up the reads of tasks by node, ascending, and what they all cost.
func (c *compiler) sumReads(tasks []int32) (reads []taskReads, all int64) {
	o := c.p.original
	for _, t := range tasks {
		reads = append(reads, o.reads[o.tasks[t].reads.From:o.tasks[t].reads.To]...)
	}
	slices.SortFunc(reads, func(a, b taskReads) int { return int(a.node - b.node) })
	sums := reads[:0]
	for _, r := range reads {
		all += r.cost
		if last := len(sums) - 1; last >= 0 && sums[last].node == r.node {
			sums[last].cost += r.cost
			sums[last].reads += r.reads
			continue
		}
		sums = append(sums, r)
	}
	return sums, all
}

// groupItem makes the item of an affinity group: one copy with the sum of
// everything.
func (c *compiler) groupItem(item *Item, tasks []int32) {
	p, o := c.p, c.p.original
	n := len(p.Resources)
	nodes := len(c.in.Nodes)
	if c.sameEverywhere(tasks) {
		nodes = 1 // stands for all of them
	}
	cost := make([]int64, nodes)
	demand := make([]int64, nodes*n)
	item.Count, item.Bound = 1, true
	reads, clash := false, false
	for _, t := range tasks {
		s := &o.tasks[t]
		times := int64(s.replicas)
		p.Costs[s.fetch].addTo(cost, times)
		row := &p.Demands[s.demand]
		for j := range nodes {
			for r, d := range row.On(int32(j)) {
				demand[j*n+r] += times * d
			}
		}
		item.Domain = c.intersect(item.Domain, s.allowed)
		switch {
		case s.unplaced == NoLimit:
			item.Unplaced = NoLimit
		case item.Unplaced != NoLimit:
			item.Unplaced += times * s.unplaced
		}
		today := o.current[s.current.From:s.current.To]
		if len(today) > 0 {
			for j := range cost {
				cost[j] += s.moveCost * (times - min(times, occurrences(today, int32(j))))
			}
		}
		reads = reads || s.reads.To > s.reads.From
		clash = clash || s.apart >= 0 && s.replicas > 1
	}
	o.groups = append(o.groups, tasks)
	o.stands = append(o.stands, ^int32(len(o.groups)-1))
	item.Demand = c.addDemand(sparseDemand(demand, n))
	if n == 0 {
		item.Demand = c.addDemand(DemandRow{})
	}
	item.Cost = c.addCost(sparseCost(cost))
	if reads {
		c.payReads(item, tasks)
	}
	if clash {
		c.forbid(item)
	}
}

// occurrences counts how often a node is in a list.
func occurrences(nodes []int32, node int32) int64 {
	n := int64(0)
	for _, other := range nodes {
		if other == node {
			n++
		}
	}
	return n
}

// sameEverywhere says whether tasks take and cost the same on every node.
func (c *compiler) sameEverywhere(tasks []int32) bool {
	for _, t := range tasks {
		s := &c.p.original.tasks[t]
		if c.p.Costs[s.fetch].Values != nil || c.p.Demands[s.demand].Values != nil || s.current.To > s.current.From {
			return false
		}
	}
	return true
}

// forbid leaves an item no node: what it stands for contradicts itself.
func (c *compiler) forbid(item *Item) {
	item.Domain = c.addDomain(make([]uint64, (len(c.in.Nodes)+63)/64))
}

// surcharge adds an amount to what a copy pays wherever it is.
func (c *compiler) surcharge(item *Item, amount int64) {
	if amount != 0 {
		item.Cost = c.addCost(c.plus(c.p.Costs[item.Cost], amount, NoPlace))
	}
}

// isGroup says whether an item is an affinity group.
func (c *compiler) isGroup(i int32) bool { return c.p.original.stands[c.p.Items[i].First] < 0 }
