package colgen

// Which nodes are used. Where nodes cost something to use, a bound on single nodes takes
// as much of each as it needs, 13.2 nodes in all; but all that is asked for has to find room
// on those that are used,
//
//	Σ_j room(j)·(is j used?) ≥ Σ_i need(i)·copies(i) − Σ room of the nodes that cost nothing,
//
// for each resource, and "is j used?" is 0 or 1. Rounded (rounding.go), over the nodes that
// are not used, that says that 14 are needed, or which of unlike ones. In the bound such a
// cut changes the price of using a node. need(i) is the least that a copy takes anywhere, nothing
// where it may be left out.
type openings struct {
	group *group  // the nodes that cost something; no items
	ones  []int64 // at most one of each is not used
	rows  []capacity
}

// newOpenings finds the rows; there are none where less than two nodes cost something.
func (in *instance) newOpenings() *openings {
	o, everywhere := &openings{group: &group{}}, &group{}
	for j, open := range in.open {
		everywhere.nodes = append(everywhere.nodes, int32(j))
		if open > 0 {
			o.group.nodes, o.ones = append(o.group.nodes, int32(j)), append(o.ones, 1)
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
	least, hold := everywhere.rows[r].need, int64(0)
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
	y := make([]float64, len(o.ones))
	for t, j := range o.group.nodes {
		y[t] = 1 - min(used[j], 1)
	}
	for _, row := range o.rows {
		m := rounding{capacity: row, top: o.ones, y: y}
		if !m.separate() {
			continue
		}
		c, factor := in.newCut(o.group, &m)
		c.uses = make([]int64, in.nodes)
		for t, f := range factor {
			c.uses[o.group.nodes[t]] = -f
			c.right -= f
		}
		cuts = append(cuts, c)
	}
	return cuts
}
