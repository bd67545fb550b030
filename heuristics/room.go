package heuristics

// room knows how much is free on each node and finds the next node that a demand
// fits on: a tree over the nodes, with the most that is free below by resource. A
// branch may hold enough of each resource on different nodes, so a search can
// come back from it with nothing; O(log nodes) all the same in practice.
type room struct {
	nodes, leaves int
	resources     int
	free          []int64 // by tree node (leaves at leaves+j) and resource
}

func newRoom(s *state) *room {
	m := &room{nodes: len(s.held), leaves: 1, resources: len(s.p.Resources)}
	for m.leaves < m.nodes {
		m.leaves *= 2
	}
	m.free = make([]int64, 2*m.leaves*m.resources)
	for k := range m.free {
		m.free[k] = -1
	}
	base := m.leaves * m.resources
	for k, capacity := range s.p.Capacity {
		m.free[base+k] = capacity - s.load[k]
	}
	for v := m.leaves - 1; v > 0; v-- {
		m.pull(v)
	}
	return m
}

func (m *room) pull(v int) bool {
	changed := false
	for r := range m.resources {
		most := max(m.free[2*v*m.resources+r], m.free[(2*v+1)*m.resources+r])
		changed = changed || m.free[v*m.resources+r] != most
		m.free[v*m.resources+r] = most
	}
	return changed
}

// update takes over what is free on node j. O(log nodes).
func (m *room) update(s *state, j int32) {
	v := m.leaves + int(j)
	for r := range m.resources {
		k := int(j)*m.resources + r
		m.free[v*m.resources+r] = s.p.Capacity[k] - s.load[k]
	}
	for v >>= 1; v > 0 && m.pull(v); v >>= 1 {
	}
}

// next returns the first node from `from` on with room for demand, or −1.
func (m *room) next(demand []int64, from int) int32 {
	if from >= m.nodes {
		return -1
	}
	if m.resources == 0 {
		return int32(from)
	}
	v := m.leaves + from
	for {
		if m.below(v, demand) {
			if v >= m.leaves {
				return int32(v - m.leaves)
			}
			v *= 2
			continue
		}
		for v&1 == 1 {
			v >>= 1
		}
		if v == 0 {
			return -1
		}
		v++
	}
}

func (m *room) below(v int, demand []int64) bool {
	for r, amount := range demand {
		if m.free[v*m.resources+r] < amount {
			return false
		}
	}
	return true
}
