package lagrange

import (
	"cmp"
	"slices"
)

// Branching by probes. A task is put on a node, or not there, and what fixing then
// removes is counted, multipliers as they are. The pair with the largest product of
// both counts makes the smallest tree (P. Refalo, Impact-based search strategies
// for constraint programming, CP 2004). Where one answer leaves nothing, the other
// one holds, and the search is a branch ahead.
//
// Only pairs that the knapsacks disagree about are probed: a large task that would
// raise the bound on both sides. A probe costs the knapsacks that it touches, once
// or twice; what it changes is kept before and put back after. On problems of type
// d the trees become three to five times smaller.

// probes is how many pairs are probed in a node of the tree.
const probes = 8

// memory keeps a knapsack as it was before a probe.
type memory struct {
	node    int32
	sack    sack
	in      []int32
	taken   []bool
	penalty []int64
}

// candidate is a pair to be probed.
type candidate struct {
	task, node int32
	score      float64
}

// branch picks an open task and a node to put it on, or not there. On the way it
// fixes what probes show. It returns true when no placement within the cutoff is
// left. When no task is open any more, it picks none.
func (e *engine) branch() (task, node int32, closed bool) {
	for e.open.size > 0 {
		best, fixed := 0, false
		for _, c := range e.candidates() {
			with, never := e.probe(c, true)
			without, always := e.probe(c, false)
			if never && always {
				e.scribe.refute(e, c, true)
				e.scribe.price(e)
				return 0, 0, true
			}
			if never || always {
				e.scribe.refute(e, c, never)
				if e.decide(c, always) {
					return 0, 0, true
				}
				fixed = true
				break
			}
			if with*without > best {
				best, task, node = with*without, c.task, c.node
			}
		}
		if !fixed {
			return task, node, false
		}
	}
	return 0, 0, false
}

// candidates lists what to probe, the best first: large tasks that the knapsacks
// disagree about, each with the node that took it most often, where both answers
// raise the bound.
func (e *engine) candidates() []candidate {
	list := e.ranked[:0]
	for _, i := range e.open.all() {
		at, most := e.favourite(i)
		with, without := e.rises(i, at)
		size := 1 + float64(e.need[int(at)*e.tasks+int(i)])
		score := (1.02 - most) * (1.02 - most) * float64(with+without+e.step()/10) * size
		if e.drawn != nil {
			score *= e.drawn.ExpFloat64()
		}
		if len(list) == probes {
			if score <= list[probes-1].score {
				continue
			}
			list = list[:probes-1]
		}
		c := candidate{i, at, score}
		place, _ := slices.BinarySearchFunc(list, c, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
		list = slices.Insert(list, place, c)
	}
	e.ranked = list
	return list
}

// probe decides a pair for a moment. It returns how many steps fixing takes from
// there, and whether nothing is left.
func (e *engine) probe(c candidate, put bool) (removed int, closed bool) {
	mark, value := len(e.trail), e.value
	e.probing, e.kept = true, e.kept[:0]
	closed = e.decide(c, put)
	if !closed && e.open.size == 0 {
		e.offer(e.at)
		closed = true
	}
	removed = len(e.trail) - mark
	e.undo(mark)
	e.probing = false
	for _, m := range e.kept {
		e.putBack(m)
	}
	clear(e.stale)
	clear(e.dirty)
	e.value = value
	return removed, closed
}

// decide puts a task on a node, or not there, and fixes what follows. It returns
// true when nothing is left.
func (e *engine) decide(c candidate, put bool) (closed bool) {
	if !put {
		e.dear = append(e.dear[:0], c.node)
		if !e.drop(c.task, e.dear) {
			return true
		}
	} else {
		for _, j := range e.nodesOf[c.task].all() {
			if e.taken[int(j)*e.tasks+int(c.task)] {
				e.dirty[j] = true
			}
		}
		e.assign(c.task, c.node)
		e.dirty[c.node] = true
	}
	if e.failed {
		return true
	}
	e.renew()
	return e.fix()
}

// keep remembers the knapsack of node j, once in a probe.
func (e *engine) keep(j int32) {
	if !e.probing || slices.ContainsFunc(e.kept, func(m *memory) bool { return m.node == j }) {
		return
	}
	if len(e.kept) == len(e.memories) {
		e.memories = append(e.memories, &memory{})
	}
	m := e.memories[len(e.kept)]
	row := int(j) * e.tasks
	m.node, m.sack, m.in = j, e.sacks[j], append(m.in[:0], e.sacks[j].in...)
	m.taken = append(m.taken[:0], e.taken[row:row+e.tasks]...)
	m.penalty = append(m.penalty[:0], e.penalty[row:row+e.tasks]...)
	e.kept = append(e.kept, m)
}

// putBack restores a knapsack.
func (e *engine) putBack(m *memory) {
	row := int(m.node) * e.tasks
	in := append(e.sacks[m.node].in[:0], m.in...)
	e.sacks[m.node] = m.sack
	e.sacks[m.node].in = in
	copy(e.taken[row:], m.taken)
	copy(e.penalty[row:], m.penalty)
	e.work += int64(len(m.taken)) / 4
}
