package model

import "math"

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
		if p.Matrix != nil && len(p.Pairs) > 0 {
			said[j].add(5, int64(j)) // which nodes are alike in their distances is not looked for
		}
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
		if p.MustStay > 0 {
			for _, r := range p.Runs[item.Runs.From:item.Runs.To] {
				said[r.Node].add(math.MinInt64+int64(i), int64(r.Upto), r.Replicas)
			}
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

// NodesByClass lists the nodes of each class, in the order in which the classes first occur. O(nodes).
func (p *Problem) NodesByClass() (nodes [][]int32) {
	at := map[int32]int{}
	for j, class := range p.NodeClass {
		k, known := at[class]
		if !known {
			k = len(nodes)
			at[class] = k
			nodes = append(nodes, nil)
		}
		nodes[k] = append(nodes[k], int32(j))
	}
	return nodes
}
