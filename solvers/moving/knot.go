package moving

import (
	"cmp"
	"slices"

	"berth/model"
	"berth/model/integer"
)

// How many nodes are tried in a large problem, and how many ways are named.
const (
	mostKnotNodes = 12
	mostKnots     = 5
)

// knots looks for the amounts of capacity on single nodes with which there is an order:
// for each node and resource by halving what is between none and all that could be there.
func (m *mover) knots() []Knot {
	var list []Knot
	for _, j := range m.tight() {
		for r := range m.resources {
			if !m.goOn(0) {
				break // an attempt at a large problem takes its time even so
			}
			if knot, ok := m.knot(int(j), r); ok {
				list = append(list, knot)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Knot) int { return cmp.Compare(a.share, b.share) })
	return list[:min(len(list), mostKnots)]
}

// tight lists the nodes that moves lead to or from, those first that are fullest.
func (m *mover) tight() []int32 {
	load := make([]int64, len(m.capacity))
	moved := map[int32]bool{}
	for slot, j := range m.today {
		if j != model.NoPlace {
			for r, need := range m.tasks[m.taskOf[slot]].Demand.On(j) {
				load[int(j)*m.resources+r] += need
			}
		}
		if to := m.target[slot]; j != to && to != model.NoPlace {
			moved[to] = true
			if j != model.NoPlace {
				moved[j] = true
			}
		}
	}
	full := func(j int32) float64 {
		most := 0.0
		for r := range m.resources {
			k := int(j)*m.resources + r
			most = max(most, float64(load[k])/float64(max(m.capacity[k], 1)))
		}
		return most
	}
	var list []int32
	small := len(m.target)*len(m.p.NodeNames) <= mostPairs
	for j := range int32(len(m.p.NodeNames)) {
		if small || moved[j] {
			list = append(list, j)
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(full(b), full(a)) })
	if !small {
		list = list[:min(len(list), mostKnotNodes)]
	}
	return list
}

// knot finds the least capacity of a node with which there is an order.
func (m *mover) knot(j, r int) (Knot, bool) {
	k := j*m.resources + r
	step, most := int64(0), int64(0)
	for slot := range m.target {
		need := m.tasks[m.taskOf[slot]].Demand.On(int32(j))[r]
		step, most = integer.GCD(step, need), most+need
	}
	if step == 0 {
		return Knot{}, false
	}
	with := func(capacity int64) (possible, proven bool) {
		n := *m
		n.capacity = slices.Clone(m.capacity)
		n.capacity[k] = capacity
		found := n.greedy()
		if found != nil {
			return true, true
		}
		found, settled := n.exact(nil)
		return found != nil, settled
	}
	if ok, _ := with(most); most <= m.capacity[k] || !ok {
		return Knot{}, false
	}
	below, enough := m.capacity[k]/step, most/step
	least := true
	for below+1 < enough && m.goOn(0) {
		middle := below + (enough-below)/2
		possible, proven := with(middle * step)
		if possible {
			enough = middle
		} else {
			below = middle
			least = least && proven
		}
	}
	least = least && below+1 >= enough
	add := enough*step - m.capacity[k]
	return Knot{
		Node: m.p.NodeNames[j], Resource: m.p.Resources[r], Add: m.p.Amount(r, add), Least: least,
		share: float64(add) / float64(max(m.capacity[k], 1)),
	}, true
}
