package heuristics

import (
	"cmp"
	"math"
	"slices"

	"berth/model"
)

// Eviction: a copy that is left out goes to a node that has too little room for it, and
// copies from there to others that have, as few as will do. That is how room in many small
// pieces is put together again. Where none of them fits anywhere else, room is made for one of
// them in the same way.

const (
	evictNodes   = 24 // nodes that are tried for a copy,
	againNodes   = 6  // and for one that makes room,
	againCopies  = 4  // of so many
	evictRounds  = 3  // over what is still out; in the second, room is made for one that makes room, and so on
	mostEvicted  = 12 // copies that make room for one
	evictionTold = 20 // units of work that looking at a copy takes, besides its tries
	evictAgain   = 4  // times the work of a repair, as long as it places copies
)

// makeRoom places copies that are left out where that saves something, those first that save
// most for their size, until it has used up its work, or has placed nothing for too long. It
// returns false where the board stopped it.
func (b *builder) makeRoom() bool {
	inVain := b.patientWork()
	left, inAll := inVain, evictAgain*inVain
	if b.on == nil {
		b.state.list()
	}
	sizes := b.sizes()
	worth := func(c int32) float64 {
		i := b.itemOf[c]
		return float64(b.p.Items[i].Unplaced) / float64(max(sizes[i], 1))
	}
	for depth := range evictRounds {
		var out []int32
		for c, j := range b.at {
			if j == model.NoPlace {
				out = append(out, int32(c))
			}
		}
		slices.SortStableFunc(out, func(c, d int32) int { return cmp.Compare(worth(d), worth(c)) })
		before := b.cost
		for _, c := range out {
			if min(left, inAll) <= 0 {
				return b.report()
			}
			begun := b.spent
			b.patience = begun + min(left, inAll)
			b.makeRoomFor(c, depth)
			took := b.spent - begun
			left, inAll = left-took, inAll-took
			if b.at[c] != model.NoPlace {
				left = inVain
			}
			if !b.goOn() {
				return false
			}
		}
		if depth > 0 && b.cost == before {
			break
		}
	}
	return true
}

// makeRoomFor places a copy on the node where that saves most, if it can.
func (b *builder) makeRoomFor(c int32, depth int) {
	best := b.cost
	var copies, nodes []int32 // what moves, and where to
	for _, j := range b.nearlyFits(c, evictNodes) {
		if b.evict(c, j, best, depth) && b.feasible() {
			best, copies, nodes = b.cost, copies[:0], nodes[:0]
			for _, s := range b.evicted {
				copies, nodes = append(copies, s.copy), append(nodes, b.at[s.copy])
			}
		}
		b.takeBack(0)
	}
	for k, c := range copies {
		b.put(c, nodes[k])
	}
}

// evict puts a copy on a node and moves others from there until that breaks nothing. It gives
// up where the whole would cost enough or more; what it moved is to be taken back then.
func (b *builder) evict(c, j int32, enough int64, depth int) bool {
	breaches := b.breaches
	b.evictTo(c, j)
	for n := 0; b.overloaded(j) || b.breaches > breaches; n++ {
		if b.cost >= enough || n == mostEvicted || b.spent > b.patience {
			return false
		}
		if k, to := b.easiest(j); k >= 0 {
			b.evictTo(k, to)
		} else if depth == 0 || !b.evictAnyhow(j, enough, depth-1) {
			return false
		}
	}
	return b.cost < enough
}

func (b *builder) evictTo(c, j int32) {
	b.evicted = append(b.evicted, step{c, b.at[c]})
	b.put(c, j)
}

// takeBack takes back all evictions after the first n.
func (b *builder) takeBack(n int) {
	for k := len(b.evicted) - 1; k >= n; k-- {
		b.put(b.evicted[k].copy, b.evicted[k].from)
	}
	b.evicted = b.evicted[:n]
}

// easiest returns the copy on a node that costs least elsewhere for what its leaving mends,
// and where it goes; −1 where none fits elsewhere.
func (b *builder) easiest(j int32) (best, to int32) {
	best, least := int32(-1), math.Inf(1)
	for _, k := range b.on[j] {
		if b.spent += evictionTold; b.evicted.has(k) {
			continue
		}
		i := b.itemOf[k]
		for _, t := range b.candidates(i) {
			if t == j || !b.fits(i, t) {
				continue
			}
			if d := b.try(k, t); d.penalty < 0 {
				if score := float64(d.cost+1) / float64(-d.penalty); score < least {
					best, to, least = k, t, score
				}
			}
		}
	}
	return best, to
}

// evictAnyhow moves a copy from a node to another that has too little room for it, by
// evictions there.
func (b *builder) evictAnyhow(j int32, enough int64, depth int) bool {
	type relief struct {
		copy  int32
		score float64
	}
	var list []relief
	for _, k := range b.on[j] {
		if mends := b.relief(j, 1, b.p.Demands[b.p.Items[b.itemOf[k]].Demand].On(j)); mends < 0 && !b.evicted.has(k) {
			list = append(list, relief{k, float64(mends)})
		}
	}
	slices.SortStableFunc(list, func(x, y relief) int { return cmp.Compare(x.score, y.score) })
	for _, r := range list[:min(len(list), againCopies)] {
		for _, t := range b.nearlyFits(r.copy, againNodes) {
			mark := len(b.evicted)
			if t != j && b.evict(r.copy, t, enough, depth) {
				return true
			}
			b.takeBack(mark)
		}
	}
	return false
}

// nearlyFits lists so many nodes for a copy, those first that have room for the largest part of it.
func (b *builder) nearlyFits(c int32, most int) []int32 {
	it := &b.p.Items[b.itemOf[c]]
	all := b.nodesOf(it)
	list, part := make([]int32, 0, len(all)), make([]float64, len(b.held))
	for _, j := range all {
		if part[j] = b.partThatFits(it, j); part[j] >= 0 {
			list = append(list, j)
		}
	}
	slices.SortStableFunc(list, func(j, k int32) int { return cmp.Compare(part[k], part[j]) })
	b.spent += int64(20 * len(list))
	return list[:min(len(list), most)]
}

// partThatFits is how much of a copy there is room for on a node, at most 1; below 0 where it is
// larger than the node, or too much is there already.
func (b *builder) partThatFits(it *model.Item, j int32) float64 {
	least := 1.
	for r, need := range b.p.Demands[it.Demand].On(j) {
		k := int(j)*len(b.p.Resources) + r
		if need > b.p.Capacity[k] {
			return -1
		}
		if need > 0 {
			least = min(least, float64(b.p.Capacity[k]-b.load[k])/float64(need))
		}
	}
	return least
}
