package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// reduce makes what methods work on out of the original: affinity groups merged
// and identical tasks joined to items, impossible nodes cut from domains, rules
// and traffic restated over items, interchangeable nodes recognised.
func (c *compiler) reduce() error {
	p := c.p
	c.merge()
	c.restateRules()
	c.restateTraffic()
	c.cutBySize()
	p.NodeClass = p.nodeClasses()
	p.Features = p.features()
	p.Impossible = c.impossible()
	r := &p.Report
	r.Nodes, r.Tasks, r.Replicas = len(p.NodeNames), len(p.original.tasks), p.original.replicas
	r.Rules, r.Traffic = len(p.original.rules), len(p.original.traffic)
	r.Items, r.Copies = len(p.Items), p.Copies
	classes := map[int32]bool{}
	for _, class := range p.NodeClass {
		classes[class] = true
	}
	r.NodeClasses = len(classes)
	for i := range p.Items {
		switch size := p.Domains[p.Items[i].Domain].Size; {
		case size == 0:
			r.NeverPlaced += int(p.Items[i].Count)
		case size == 1 && p.Items[i].Unplaced == NoLimit:
			r.Forced += int(p.Items[i].Count)
		}
	}
	return nil
}

// merge makes the items: one of every group of tasks under hard affinity to a
// node, one of every other task, and one of all tasks that are alike and bound to
// nothing.
func (c *compiler) merge() {
	p, o := c.p, c.p.original
	group := c.affinityGroups()
	bound := c.boundTasks()
	o.itemOf = make([]int32, len(o.tasks))
	alike := newInterner()
	itemOfKey := []int32{}
	members := [][]int32{} // by item
	for t := range o.tasks {
		g := group[t]
		if g != nil && g[0] != int32(t) {
			continue
		}
		if g == nil && !bound[t] {
			c.likeness(alike, int32(t))
			id, fresh := alike.intern()
			if !fresh {
				i := itemOfKey[id]
				o.itemOf[t] = i
				members[i] = append(members[i], int32(t))
				p.Report.Identical += int(o.tasks[t].replicas)
				continue
			}
			itemOfKey = append(itemOfKey, int32(len(members)))
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
		*item = Item{First: int32(p.Copies), Apart: -1, Rebates: c.emptySpan(len(p.Rebates)), Sends: c.emptySpan(len(p.Sends))}
		if group[first] != nil {
			c.groupItem(item, tasks)
		} else {
			c.taskItem(item, tasks, bound[first])
		}
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
		bound[t] = s.reads.To > s.reads.From || s.replicas > 1 && (s.apart >= 0 || s.current.To > s.current.From)
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

// likeness writes what makes two unbound tasks alike into the key.
func (c *compiler) likeness(n *interner, t int32) {
	s := &c.p.original.tasks[t]
	n.start()
	n.put(int64(s.fetch))
	n.put(int64(s.demand))
	n.put(int64(s.allowed))
	n.put(s.unplaced)
	if s.current.To > s.current.From {
		n.put(s.moveCost)
		n.put(int64(c.p.original.current[s.current.From]))
	}
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

// plus returns the row with an amount added on every node but one.
func (c *compiler) plus(row CostRow, amount int64, except int32) CostRow {
	sum := CostRow{Rest: row.Rest + amount, Nodes: slices.Clone(row.Nodes), Values: slices.Clone(row.Values)}
	for k := range sum.Values {
		sum.Values[k] += amount
	}
	if except == NoPlace {
		return sum
	}
	value := row.At(except)
	if sum.Nodes == nil && sum.Values != nil {
		sum.Values[except] = value
		return sparseCost(sum.Values)
	}
	if k := find(sum.Nodes, except); k >= 0 {
		sum.Values[k] = value
	} else {
		sum.Nodes, sum.Values = append(sum.Nodes, except), append(sum.Values, value)
	}
	return sortRow(sum, len(c.in.Nodes))
}

// payReads adds the reads of tasks that go together. Every rack that reads pays
// unless a copy is there: with one copy that is a cost row, with several a rebate
// for the first on each rack.
func (c *compiler) payReads(item *Item, tasks []int32) {
	p, o := c.p, c.p.original
	costs := make(map[int32]int64)
	loads := make(map[int32]int64)
	all := int64(0)
	for _, t := range tasks {
		s := &o.tasks[t]
		for _, r := range o.reads[s.reads.From:s.reads.To] {
			costs[r.node] += r.cost
			loads[r.node] += r.reads
			all += r.cost
		}
	}
	for node := range int32(len(c.in.Nodes)) {
		if loads[node] > 0 && p.Uplink[node] != NoLimit {
			p.Sends = append(p.Sends, Send{node, loads[node]})
		}
	}
	item.Sends.To = int32(len(p.Sends))
	if item.Count > 1 {
		p.Offset += all
		for node := range int32(len(c.in.Nodes)) {
			if costs[node] > 0 {
				p.Rebates = append(p.Rebates, Rebate{node, 1, costs[node]})
			}
		}
		item.Rebates.To = int32(len(p.Rebates))
		return
	}
	dense := make([]int64, len(c.in.Nodes))
	p.Costs[item.Cost].addTo(dense, 1)
	for node := range dense {
		dense[node] += all - costs[int32(node)]
	}
	item.Cost = c.addCost(sparseCost(dense))
	if item.Unplaced != NoLimit {
		item.Unplaced += all
	}
}

// groupItem makes the item of an affinity group: one copy with the sum of
// everything.
func (c *compiler) groupItem(item *Item, tasks []int32) {
	p, o := c.p, c.p.original
	n := len(p.Resources)
	cost := make([]int64, len(c.in.Nodes))
	demand := make([]int64, len(c.in.Nodes)*n)
	item.Count, item.Bound = 1, true
	reads, clash := false, false
	for _, t := range tasks {
		s := &o.tasks[t]
		times := int64(s.replicas)
		p.Costs[s.fetch].addTo(cost, times)
		row := &p.Demands[s.demand]
		for j := range c.in.Nodes {
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
		for j := range cost {
			if len(today) > 0 {
				here := int64(0)
				for _, node := range today {
					if node == int32(j) {
						here++
					}
				}
				cost[j] += s.moveCost * (times - min(times, here))
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

// restateRules turns rules over tasks into constraints over items.
func (c *compiler) restateRules() {
	p, o := c.p, c.p.original
	for k := range o.rules {
		r := &o.rules[k]
		if !r.hard && r.weight == 0 || r.kind == Affinity && r.hard && r.topology == 0 {
			continue
		}
		con := Constraint{Kind: r.kind, Topology: r.topology, MaxSkew: r.maxSkew, Weight: r.weight, Rule: k}
		at := map[int32]int{}
		for _, t := range r.tasks {
			i := o.itemOf[t]
			times := int64(1)
			if r.kind == Spread && c.isGroup(i) {
				times = int64(o.tasks[t].replicas)
			}
			if m, ok := at[i]; ok {
				con.Members[m].Times += times
				continue
			}
			at[i] = len(con.Members)
			con.Members = append(con.Members, Member{i, times})
		}
		if r.kind == AntiAffinity {
			for _, m := range con.Members {
				if m.Times == 1 {
					continue
				}
				if r.hard {
					c.forbid(&p.Items[m.Item])
				}
				c.surcharge(&p.Items[m.Item], r.weight*(m.Times*(m.Times-1)/2))
			}
		}
		alone := len(con.Members) == 1
		if alone && (r.kind == AntiAffinity || r.kind == Affinity && p.Items[con.Members[0].Item].Count == 1) {
			continue
		}
		p.Constraints = append(p.Constraints, con)
	}
}

// isGroup says whether an item is an affinity group.
func (c *compiler) isGroup(i int32) bool { return c.p.original.stands[c.p.Items[i].First] < 0 }

// restateTraffic turns traffic between tasks into pairs of items. What flows
// inside one item costs the same wherever it is.
func (c *compiler) restateTraffic() {
	p, o := c.p, c.p.original
	at := map[[2]int32]int{}
	for _, t := range o.traffic {
		if t.price == 0 {
			continue
		}
		a, b := o.itemOf[t.a], o.itemOf[t.b]
		if a == b {
			c.surcharge(&p.Items[a], t.price*p.Full*p.Levels[0].Distance)
			continue
		}
		key := [2]int32{min(a, b), max(a, b)}
		if k, ok := at[key]; ok {
			p.Pairs[k].Price += t.price
			continue
		}
		at[key] = len(p.Pairs)
		p.Pairs = append(p.Pairs, Pair{key[0], key[1], t.price})
	}
}

// cutBySize takes the nodes from every domain that are too small for one copy.
func (c *compiler) cutBySize() {
	p := c.p
	n := len(p.Resources)
	least := make([]int64, n)
	for r := range least {
		least[r] = math.MaxInt64
		for j := range p.NodeNames {
			least[r] = min(least[r], p.Capacity[j*n+r])
		}
	}
	cut := map[[2]int32]int32{}
	for i := range p.Items {
		item := &p.Items[i]
		row := &p.Demands[item.Demand]
		p.Report.CutBySelector += int(item.Count) * (len(p.NodeNames) - p.Domains[item.Domain].Size)
		if row.Values == nil && fits(row.Rest, least) {
			continue
		}
		key := [2]int32{item.Demand, item.Domain}
		to, known := cut[key]
		if !known {
			words := make([]uint64, (len(p.NodeNames)+63)/64)
			for _, j := range p.Domains[item.Domain].Nodes() {
				if fits(row.On(j), p.Capacity[int(j)*n:]) {
					words[j>>6] |= 1 << (uint(j) & 63)
				}
			}
			to = c.addDomain(words)
			cut[key] = to
		}
		p.Report.CutBySize += int(item.Count) * (p.Domains[item.Domain].Size - p.Domains[to].Size)
		item.Domain = to
	}
	p.Report.CutBySelector = max(p.Report.CutBySelector-p.Report.CutByNetwork, 0)
}

func fits(demand, capacity []int64) bool {
	for r, d := range demand {
		if d > capacity[r] {
			return false
		}
	}
	return true
}

// nodeClasses finds nodes that no row, domain, capacity or place tells apart. Two
// nodes are in one class when everything that is said of them is the same; what is
// said is collected by node as a text.
func (p *Problem) nodeClasses() []int32 {
	said := make([]mark, len(p.NodeNames))
	n := len(p.Resources)
	for j := range said {
		for _, v := range p.Capacity[j*n : j*n+n] {
			said[j].add(1, v)
		}
		said[j].add(2, p.Open[j])
		said[j].add(3, p.Uplink[j])
		for k := 1; k < len(p.Topologies); k++ {
			said[j].add(4, int64(p.Topologies[k].Place[j]))
		}
	}
	var usedCost, usedDemand, usedDomain []bool
	usedCost, usedDemand, usedDomain = make([]bool, len(p.Costs)), make([]bool, len(p.Demands)), make([]bool, len(p.Domains))
	for i := range p.Items {
		item := &p.Items[i]
		usedCost[item.Cost], usedDemand[item.Demand], usedDomain[item.Domain] = true, true, true
		for _, r := range p.Rebates[item.Rebates.From:item.Rebates.To] {
			said[r.Node].add(int64(i), int64(r.Upto), r.Amount)
		}
		for _, s := range p.Sends[item.Sends.From:item.Sends.To] {
			said[s.Node].add(^int64(i), s.Reads)
		}
	}
	for k := range p.Costs {
		if row := &p.Costs[k]; usedCost[k] {
			mention(said, row.Nodes, row.Values, 1, int64(k)<<2|1)
		}
	}
	for k := range p.Demands {
		if row := &p.Demands[k]; usedDemand[k] {
			mention(said, row.Nodes, row.Values, n, int64(k)<<2|2)
		}
	}
	for k := range p.Domains {
		if usedDomain[k] && p.Domains[k].Words != nil {
			for _, j := range p.Domains[k].Nodes() {
				said[j].add(int64(k)<<2 | 3)
			}
		}
	}
	ids := map[mark]int32{}
	class := make([]int32, len(said))
	for j := range said {
		id, ok := ids[said[j]]
		if !ok {
			id = int32(len(ids))
			ids[said[j]] = id
		}
		class[j] = id
	}
	return class
}

// mention adds what a row says of its nodes, n values each.
func mention(said []mark, nodes []int32, values []int64, n int, about int64) {
	if values == nil {
		return
	}
	if nodes == nil {
		for j := range said {
			said[j].add(about, values[j*n:j*n+n]...)
		}
		return
	}
	for e, j := range nodes {
		said[j].add(about, values[e*n:e*n+n]...)
	}
}

// mark is a 128-bit digest of what is said of a node, in order.
type mark [2]uint64

func (m *mark) add(about int64, values ...int64) {
	m.mix(uint64(about))
	for _, v := range values {
		m.mix(uint64(v))
	}
}

// mix is the finaliser of splitmix64 (Steele, Lea, Flood 2014), on two lanes with
// different constants.
func (m *mark) mix(v uint64) {
	for lane, salt := range [2]uint64{0x9e3779b97f4a7c15, 0xc2b2ae3d27d4eb4f} {
		x := m[lane]*salt + v + salt
		x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
		x = (x ^ x>>27) * 0x94d049bb133111eb
		m[lane] = x ^ x>>31
	}
}

// features lists what occurs in the problem.
func (p *Problem) features() Feature {
	var f Feature
	set := func(feature Feature, occurs bool) {
		if occurs {
			f |= feature
		}
	}
	set(SeveralResources, len(p.Resources) > 1)
	for i := range p.Items {
		item := &p.Items[i]
		set(UnlikeDemands, p.Demands[item.Demand].Values != nil)
		set(Selectors, item.Domain != 0)
		set(Copies, item.Count > 1)
		set(Apart, item.Apart >= 0)
		set(LeavingOut, item.Unplaced != NoLimit)
		set(Stays, item.Rebates.To > item.Rebates.From)
		set(Uplinks, item.Sends.To > item.Sends.From)
	}
	for k := range p.Constraints {
		con := &p.Constraints[k]
		set(Wishes, con.Weight > 0)
		set(Conflicts, con.Weight == 0 && con.Kind == AntiAffinity)
		set(Together, con.Weight == 0 && con.Kind == Affinity)
		set(Spreading, con.Weight == 0 && con.Kind == Spread)
	}
	for _, pair := range p.Pairs {
		set(TrafficOn, true)
		set(Shares, p.Items[pair.A].Count > 1 || p.Items[pair.B].Count > 1)
		set(Distances, len(p.Levels) != 2 || p.Levels[0].Topology != 0)
	}
	for _, v := range p.Open {
		set(OpenCosts, v > 0)
	}
	return f
}

// impossible says in plain words why nothing can be feasible, where that shows
// without a search.
func (c *compiler) impossible() string {
	p := c.p
	n := len(p.Resources)
	need := make([]int64, n)
	for i := range p.Items {
		item := &p.Items[i]
		if item.Unplaced != NoLimit {
			continue
		}
		if p.Domains[item.Domain].Size == 0 {
			return c.whyNowhere(i)
		}
		if top := item.Apart; top >= 0 && int(item.Count) > len(p.Topologies[top].Names) {
			return fmt.Sprintf("task %s needs %d different %ss for its replicas, there are %d",
				p.Label(int32(i)), item.Count, p.Topologies[top].Key, len(p.Topologies[top].Names))
		}
		for r := range need {
			need[r] += int64(item.Count) * p.Demands[item.Demand].least(r)
		}
	}
	for r, resource := range p.Resources {
		have := int64(0)
		for j := range p.NodeNames {
			if have += p.Capacity[j*n+r]; have >= need[r] {
				break
			}
		}
		if have < need[r] {
			return fmt.Sprintf("the tasks that must be placed need %s of %s in all, the nodes have %s: %s are missing",
				p.Amount(r, need[r]), resource, p.Amount(r, have), p.Amount(r, need[r]-have))
		}
	}
	return ""
}

func (c *compiler) whyNowhere(i int) string {
	p, item := c.p, &c.p.Items[i]
	name := p.Label(int32(i))
	group := c.isGroup(int32(i))
	allowed := int32(0)
	for _, t := range p.TasksOf(int32(i)) {
		allowed = c.intersect(allowed, p.original.tasks[t].allowed)
		if s := &p.original.tasks[t]; group && s.apart >= 0 && s.replicas > 1 {
			return fmt.Sprintf("task %s: affinity asks for one node, apart for several", p.original.names[t])
		}
	}
	if p.Domains[allowed].Size == 0 {
		return fmt.Sprintf("no node is allowed for %s by `on` and the network", name)
	}
	demand := &p.Demands[item.Demand]
	short := []string{}
	for r, resource := range p.Resources {
		room, least := false, demand.least(r)
		for _, j := range p.Domains[allowed].Nodes() {
			room = room || demand.On(j)[r] <= p.Capacity[int(j)*len(p.Resources)+r]
		}
		if !room {
			short = append(short, fmt.Sprintf("%s of %s", p.Amount(r, least), resource))
		}
	}
	if len(short) > 0 {
		return fmt.Sprintf("%s needs %s, more than any node that is allowed for it has", name, strings.Join(short, " and "))
	}
	for j := range p.NodeNames {
		if p.Domains[allowed].Has(int32(j)) && fits(demand.On(int32(j)), p.Capacity[j*len(p.Resources):]) {
			return fmt.Sprintf("%s: affinity and anti-affinity contradict each other", name)
		}
	}
	return fmt.Sprintf("%s fits no node that is allowed for it: none has enough of every resource", name)
}

// least returns the smallest demand of resource k in the row.
func (r *DemandRow) least(k int) int64 {
	m := r.Rest[k]
	if r.Nodes == nil && r.Values != nil {
		m = r.Values[k]
	}
	for e := k; e < len(r.Values); e += len(r.Rest) {
		m = min(m, r.Values[e])
	}
	return m
}
