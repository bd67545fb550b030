package flow

import (
	"container/heap"
	"math"
	"slices"

	"berth/search"
)

// branch is a node of the tree: what is fixed, and the best multipliers known.
type branch struct {
	bound int64     // in units of cost above the offset
	many  []float64 // by node of the network
	fixes []fix
}

// fix says of an entry with reads that a copy is there, or that none is.
type fix struct {
	entry int32
	there bool
}

// forced counts the copies that have to be there.
func (b *branch) forced() int {
	n := 0
	for _, f := range b.fixes {
		if f.there {
			n++
		}
	}
	return n
}

// force is how much cheaper a forced copy becomes: more than all moves together cost
// that make room for it, one on each node, with costs and reliefs up to fineBits.
const (
	fineBits = 37
	force    = 1 << costBits
)

// search is branch and bound, the lowest bound first.
func (u *uplinks) search() {
	root := &branch{bound: math.MinInt64, many: make([]float64, u.nodes), fixes: u.indispensable()}
	open := &branches{root}
	pace := 1.
	for nodes := 0; open.Len() > 0; nodes++ {
		node := heap.Pop(open).(*branch)
		if u.ruledOut(node) {
			break
		}
		undo := u.fix(node.fixes)
		goOn := u.climb(node, pace)
		if goOn && !u.ruledOut(node) && nodes%pressEvery == 0 {
			goOn = u.press(node)
			if best, _ := u.board.Best(); goOn && best == nil {
				goOn = u.dive(node)
			}
		}
		undo()
		if !goOn {
			return
		}
		pace = laterPace
		if !u.ruledOut(node) {
			u.split(node, open)
		}
		if open.Len() > 0 {
			u.raise(min((*open)[0].bound, u.kept))
		}
	}
	if u.kept < math.MaxInt64 {
		u.raise(u.kept)
		return
	}
	u.board.Exhausted()
}

// dive fixes copies that come and go, one after the other and without coming back, in
// search of a first placement. It returns false where work said stop.
func (u *uplinks) dive(node *branch) bool {
	deep := &branch{bound: node.bound, many: slices.Clone(node.many), fixes: slices.Clone(node.fixes)}
	for {
		e := u.undecided(deep)
		if e < 0 {
			return true
		}
		there := fix{e, true}
		deep.fixes = append(deep.fixes, there)
		defer u.fix([]fix{there})()
		if !u.climb(deep, divePace) {
			return false
		}
		if best, _ := u.board.Best(); best != nil || u.ruledOut(deep) {
			return true
		}
	}
}

// indispensable lists copies without which their readers alone would send out more than
// the uplink carries.
func (u *uplinks) indispensable() []fix {
	var fixes []fix
	for e := range u.entries {
		if entry := &u.entries[e]; entry.reads > u.limit[entry.node] {
			fixes = append(fixes, fix{int32(e), true})
		}
	}
	return fixes
}

// split puts the two sides of a node's undecided entry among the open ones. Where all is
// fixed there are none: the flow is a placement that was offered, or none is allowed, and
// its multipliers would go on rising. Where not all can be fixed the node is given up.
func (u *uplinks) split(node *branch, open *branches) {
	e := u.undecided(node)
	if e < 0 {
		if u.large > 1 && !u.listed {
			u.kept = min(u.kept, node.bound)
		}
		return
	}
	for _, there := range []bool{false, true} {
		child := &branch{bound: node.bound, many: slices.Clone(node.many), fixes: append(slices.Clone(node.fixes), fix{e, there})}
		heap.Push(open, child)
	}
}

const (
	laterPace  = 0.5     // the first step below the root
	divePace   = 1. / 16 // and in a dive
	pressEvery = 16      // nodes
)

// ruledOut says that nothing below a node is better than the incumbent.
func (u *uplinks) ruledOut(node *branch) bool {
	_, cost := u.board.Best()
	return node.bound == math.MaxInt64 || cost != search.NoCost && node.bound >= cost-u.problem.Offset
}

// raise reports a bound.
func (u *uplinks) raise(bound int64) {
	if bound == math.MaxInt64 || bound == math.MinInt64 {
		return
	}
	u.board.RaiseBelow(u.problem.Offset + bound)
}

// undecided is the entry to branch on, or −1: the one with the most reads on an uplink
// that is short whose copy came and went in the last flows; else, where copies are
// unlike, the one on the margin; else one with reads that is not fixed.
func (u *uplinks) undecided(node *branch) int32 {
	fixed := make(map[int32]bool, len(node.fixes))
	for _, f := range node.fixes {
		fixed[f.entry] = true
	}
	best, score := int32(-1), -1.
	for e := range u.entries {
		entry := &u.entries[e]
		if entry.reads == 0 || u.total[entry.node] <= u.limit[entry.node] || fixed[int32(e)] {
			continue
		}
		// A little for what has not changed at all, so that nothing is left out.
		unsure := min(u.served[e], 1-u.served[e]) + unchanged
		if u.large > 1 && unsure < unsettled {
			continue
		}
		if s := unsure * float64(entry.reads); s > score {
			best, score = int32(e), s
		}
	}
	if best < 0 && u.listed {
		return u.marginal(fixed)
	}
	return best
}

const (
	unchanged = 1e-6
	unsettled = 0.05
)

// marginal is the entry, not fixed, for which it matters least whether a copy is there,
// against what its slots cost: of such a copy the linear relaxation has a part on
// each of two nodes.
func (u *uplinks) marginal(fixed map[int32]bool) int32 {
	m, best, score := u.last, int32(-1), -1.
	lowest := m.lowest()
	for i := range u.items {
		it := &u.items[i]
		nodes := m.at[it.first : it.first+it.count]
		dearest, cheapest := int64(-forbidden), int64(forbidden)
		for pass := range 2 {
			for e := it.from; e < it.to; e++ {
				j := u.entries[e].node
				if fixed[e] || int(j) == u.nodes-1 && pass == 1 || u.entries[e].cost >= forbidden {
					continue
				}
				rent := it.size * (m.price[j] - lowest)
				total := m.costAt(it, j, 0) + rent
				there := slices.Contains(nodes, j)
				switch {
				case pass == 0 && there:
					dearest = max(dearest, total)
				case pass == 0:
					cheapest = min(cheapest, total)
				default:
					away := total - dearest
					if there {
						away = cheapest - total
					}
					if s := float64(rent+it.size) / float64(max(away, 0)+rent/64+1); s > score {
						best, score = e, s
					}
				}
			}
		}
	}
	return best
}

// fix changes entries as fixes say, and returns what changes them back. A forced
// copy is so cheap that a flow without it has a bound above everything.
func (u *uplinks) fix(fixes []fix) (undo func()) {
	type saved struct {
		at int32
		entry
	}
	var before []saved
	for _, f := range fixes {
		it := &u.items[u.itemOf[f.entry]]
		for e := it.from; e < it.to; e++ {
			switch entry := &u.entries[e]; {
			case entry.node != u.entries[f.entry].node:
			case !f.there:
				before = append(before, saved{e, *entry})
				entry.cost, entry.reads = forbidden, 0
			case e == f.entry:
				before = append(before, saved{e, *entry})
				entry.cost -= force
			}
		}
	}
	return func() {
		for _, s := range before {
			u.entries[s.at] = s.entry
		}
	}
}

// branches is a heap of nodes by bound.
type branches []*branch

func (b branches) Len() int           { return len(b) }
func (b branches) Less(i, k int) bool { return b[i].bound < b[k].bound }
func (b branches) Swap(i, k int)      { b[i], b[k] = b[k], b[i] }
func (b *branches) Push(node any)     { *b = append(*b, node.(*branch)) }
func (b *branches) Pop() any {
	old := *b
	last := old[len(old)-1]
	*b = old[:len(old)-1]
	return last
}
