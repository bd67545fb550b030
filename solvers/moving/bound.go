package moving

import "berth/model"

// leastHops is a number of moves that any order needs beyond those to the targets.
//
// Let every replica leave as soon as its target has room beside what never leaves and
// what has not left yet, whatever else arrives. What then remains is blocked until
// something hops. A set of nodes is closed where all that remains to leave them is bound
// for nodes of the set: before any of it can move, a replica has to hop out of the set.
// So each of the smallest closed sets, which have no node in common, costs a hop.
// O(moves · (resources + rounds) + nodes).
func (m *mover) leastHops() int {
	load := make([]int64, len(m.capacity))
	add := func(slot int, sign int64) {
		for r, need := range m.tasks[m.taskOf[slot]].Demand.On(m.today[slot]) {
			load[int(m.today[slot])*m.resources+r] += sign * need
		}
	}
	var remain []int
	for slot, j := range m.today {
		if j == model.NoPlace {
			continue
		}
		add(slot, 1)
		if j != m.target[slot] {
			remain = append(remain, slot)
		}
	}
	for again := true; again; {
		again = false
		kept := remain[:0]
		for _, slot := range remain {
			if m.open(slot, load) {
				add(slot, -1)
				again = true
			} else {
				kept = append(kept, slot)
			}
		}
		remain = kept
	}
	edges := make([][]int32, len(m.p.NodeNames))
	for _, slot := range remain {
		edges[m.today[slot]] = append(edges[m.today[slot]], m.targets(slot)...)
	}
	return closedSets(edges)
}

// targets are the nodes where a slot may end: those of its task that no replica stays on.
func (m *mover) targets(slot int) []int32 {
	span := m.tasks[m.taskOf[slot]].Replicas
	var list []int32
	for other := span.From; other < span.To; other++ {
		if m.today[other] != m.target[other] {
			list = append(list, m.target[other])
		}
	}
	return list
}

// open says whether a slot may leave for one of its targets at once.
func (m *mover) open(slot int, load []int64) bool {
	for _, to := range m.targets(slot) {
		if to == model.NoPlace {
			return true
		}
		fits := true
		for r, need := range m.tasks[m.taskOf[slot]].Demand.On(to) {
			k := int(to)*m.resources + r
			fits = fits && (need == 0 || load[k]+need <= m.capacity[k])
		}
		if fits {
			return true
		}
	}
	return false
}

// closedSets counts the strongly connected components of at least two nodes that no edge
// leaves (Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM Journal on
// Computing 1972).
func closedSets(edges [][]int32) int {
	t := &tarjan{edges: edges, index: make([]int, len(edges)), low: make([]int, len(edges)), component: make([]int, len(edges))}
	for j := range edges {
		if t.index[j] == 0 && len(edges[j]) > 0 {
			t.visit(int32(j))
		}
	}
	leaves, size := make([]bool, t.components+1), make([]int, t.components+1)
	for j := range edges {
		size[t.component[j]]++
		for _, to := range edges[j] {
			leaves[t.component[j]] = leaves[t.component[j]] || t.component[to] != t.component[j]
		}
	}
	n := 0
	for c := 1; c <= t.components; c++ {
		if size[c] > 1 && !leaves[c] {
			n++
		}
	}
	return n
}

type tarjan struct {
	edges      [][]int32
	index, low []int // from 1; 0: not visited
	component  []int // from 1; 0: none yet
	count      int
	components int
	stack      []int32
}

func (t *tarjan) visit(j int32) {
	t.count++
	t.index[j], t.low[j] = t.count, t.count
	t.stack = append(t.stack, j)
	for _, to := range t.edges[j] {
		switch {
		case t.index[to] == 0:
			t.visit(to)
			t.low[j] = min(t.low[j], t.low[to])
		case t.component[to] == 0:
			t.low[j] = min(t.low[j], t.index[to])
		}
	}
	if t.low[j] != t.index[j] {
		return
	}
	t.components++
	for {
		last := len(t.stack) - 1
		top := t.stack[last]
		t.stack = t.stack[:last]
		t.component[top] = t.components
		if top == j {
			return
		}
	}
}
