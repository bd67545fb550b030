package colgen

// Which nodes are used. Where nodes cost something to use, a bound on single nodes takes
// as much of each as it needs, 13.2 nodes in all; but all that is asked for has to find room
// on those that are used,
//
//	Σ_j room(j)·(is j used?) ≥ Σ_i need(i)·copies(i) − Σ room of the nodes that cost nothing,
//
// for each resource, and "is j used?" is 0 or 1 (the total demand constraint of capacitated
// plant location: G. Cornuéjols, R. Sridharan and J.M. Thizy, A comparison of heuristics and
// relaxations for the capacitated plant location problem, European Journal of Operational
// Research 50, 1991). Two sorts of cuts come of that, over the nodes that are not used. How
// much of their price can be saved at most is a knapsack with all these rows, which is solved
// exactly: where items cost the same everywhere, that cut has the bound at what the cheapest
// nodes cost that could hold everything. And each row is rounded (rounding.go), which says
// that 14 are needed, or which of unlike ones. In the bound such a cut changes the price of
// using a node. need(i) is the least that a copy takes anywhere, nothing where it may be left
// out.
type openings struct {
	group *group  // the nodes that cost something; no items
	ones  []int64 // at most one of each is not used
	rows  []capacity

	pack  knapsack
	parts []int64 // the prices in small integers, …
	unit  int64   // … each so many steps of cost
	most  int64   // of these is saved, or −1 as long as nobody asked
}

// savingSteps ends a search for what can be saved that takes too long.
const savingSteps = 50_000

// newOpenings finds the rows; there are none where less than two nodes cost something.
func (in *instance) newOpenings() *openings {
	o, everywhere, dearest := &openings{group: &group{}, most: -1}, &group{}, int64(0)
	for _, open := range in.open {
		dearest = max(dearest, open>>in.shift)
	}
	o.unit = dearest/maxDivisor + 1
	for j, open := range in.open {
		everywhere.nodes = append(everywhere.nodes, int32(j))
		if open > 0 {
			o.group.nodes, o.ones = append(o.group.nodes, int32(j)), append(o.ones, 1)
			o.parts = append(o.parts, open>>in.shift/o.unit)
		}
	}
	if len(o.ones) < 2 {
		return o
	}
	in.fill(everywhere)
	for r := range in.resources {
		if row, some := in.unused(o.group.nodes, everywhere, r); some {
			o.rows = append(o.rows, row)
		}
	}
	return o
}

// unused is the row of one resource, Σ room(j)·(is j not used?) ≤ Σ room(j) − what these
// nodes have to hold of all that is everywhere, if that is anything.
func (in *instance) unused(nodes []int32, everywhere *group, r int) (row capacity, some bool) {
	least, hold := everywhere.rows[r].need[:len(everywhere.items)], int64(0)
	for t, need := range least {
		hold += need * everywhere.top[t]
	}
	holds := func(j int) int64 {
		most := int64(0)
		for t, i := range everywhere.items {
			most += least[t] * int64(in.most[j*in.items+int(i)])
		}
		return min(most, in.room[j*in.resources+r])
	}
	for j, open := range in.open {
		if open == 0 {
			hold -= holds(j)
		}
	}
	if hold <= 0 {
		return capacity{}, false
	}
	row.room = -hold
	for _, j := range nodes {
		need := min(holds(int(j)), hold)
		row.need = append(row.need, need)
		row.room += need
	}
	return row, row.room >= 0
}

// separate returns cuts that how much of each node is used violates.
func (o *openings) separate(in *instance, used []float64) (cuts []*cut) {
	if len(o.rows) == 0 {
		return nil
	}
	y, saved := make([]float64, len(o.ones)), 0.0
	for t, j := range o.group.nodes {
		y[t] = 1 - min(used[j], 1)
		saved += float64(o.parts[t]) * y[t]
	}
	if over := saved - float64(o.savable()); over > violated { // however little: it is the bound itself
		c := o.saving(in)
		c.violation = over / c.norm
		cuts = append(cuts, c)
	}
	for _, row := range o.rows {
		if m := (rounding{capacity: row, top: o.ones, y: y}); m.separate() {
			factor, right := m.inequality()
			c := o.cut(in, factor, right)
			c.violation = m.violation()
			cuts = append(cuts, c)
		}
	}
	return cuts
}

// saving is the cut on what can be saved, where there are rows.
func (o *openings) saving(in *instance) *cut { return o.cut(in, o.parts, o.savable()) }

// savable is the most that not using nodes can save of the prices.
func (o *openings) savable() int64 {
	if o.most < 0 {
		o.most, _ = o.saved(o.parts)
	}
	return o.most
}

// cut makes a cut of Σ factor·(is not used) ≤ right.
func (o *openings) cut(in *instance, factor []int64, right int64) *cut {
	c := newCut(in, o.group, factor, right)
	c.uses = make([]int64, in.nodes)
	for t, f := range factor {
		c.uses[o.group.nodes[t]] = -f
		c.right -= f
	}
	return c
}

// saved returns the most that not using nodes can save at these prices, or, where that takes
// too long, a bound on it, and a set of nodes, by place in the group, that saves as much, or
// nearly.
func (o *openings) saved(prices []int64) (most int64, set []int32) {
	room, left := make([]int64, len(o.rows)), make([]int64, len(o.rows))
	for r, row := range o.rows {
		room[r], left[r] = row.room, row.room
	}
	var entries []entry
	var need []int64
	var part []float64
	for t, price := range prices {
		if price <= 0 {
			continue
		}
		entries = append(entries, entry{item: int32(t), copies: 1, profit: price})
		for r, row := range o.rows {
			need = append(need, row.need[t])
			part = append(part, float64(row.need[t])/float64(max(room[r], 1)))
		}
	}
	k := &o.pack
	k.load(entries, need, part, left, room, make([]float64, len(o.rows)))
	exact := k.solve(0, k.top+1, savingSteps)
	for t, n := range k.chosen {
		if n > 0 {
			most += k.entries[t].profit
			set = append(set, k.entries[t].item)
		}
	}
	if !exact {
		most = k.top >> k.fine // what is saved is whole
	}
	return most, set
}
