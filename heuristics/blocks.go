package heuristics

import (
	"slices"

	"berth/model"
)

// Blocks: copies that have to move together before any of them gains.
//
// A task with several replicas in a rack meets the others of an anti-affinity there
// until the last replica has left, and an affinity over racks is broken until the last
// of its members has followed. Steps of one copy see no slope there. So where a rule
// stays broken, whole blocks are tried in every place: of an affinity all copies of its
// members, of an anti-affinity the copies of a member in the place where it meets
// others, with all that affinities tie to it. In a place each copy takes the node that
// is best for it at the present prices. The block goes where that gains most, if
// anywhere; what it overloads or drives out there settles afterwards (walk.go), and what
// stays broken gets dearer (adapt.go), until another block gives way.
//
// It is the move of a whole class in weighted local search for colouring, with places
// for colours. O(places · copies of the block · nodes of a place) tries for a block.

const (
	mostPlaces = 64 // more are tried by sample, as are
	mostNodes  = 64 // those of a place
	mostCopies = 64 // a larger block stays
)

// moveBlocks tries the blocks of every rule that is broken. It returns false where the
// work limit or the board ended it.
func (w *walk) moveBlocks() bool {
	w.spent += ruleWork * int64(len(w.rules))
	for k := range w.rules {
		r := &w.rules[k]
		if r.Weight > 0 || r.Kind == model.Spread || w.broken(k) == 0 {
			continue
		}
		if r.Kind == model.Affinity {
			w.moveBlock(w.block(r.Members[0].Item, r.Topology, model.NoPlace), r.Topology)
		} else {
			w.separate(r)
		}
		if !w.tick() {
			return false
		}
	}
	return true
}

// separate moves one of the members that meet in a place, where they do first, away from
// there.
func (w *walk) separate(r *rule) {
	for _, e := range r.sum {
		if e.n < 2 {
			continue
		}
		for _, m := range r.Members {
			if w.count(m.Item, r.Topology, e.place) == 0 {
				continue
			}
			if w.moveBlock(w.block(m.Item, r.Topology, e.place), r.Topology) {
				return
			}
		}
		return
	}
}

// block lists the copies of an item in a place, or all where the place is NoPlace or a
// hard affinity ties the item to others, and all copies of those. The list is valid until
// the next call.
func (w *walk) block(i, topology, place int32) []int32 {
	tied := []int32{i}
	for n := 0; n < len(tied); n++ {
		for _, of := range w.roles.of(tied[n]) {
			r := &w.rules[of.rule]
			if r.Weight > 0 || r.Kind != model.Affinity {
				continue
			}
			for _, m := range r.Members {
				if !slices.Contains(tied, m.Item) && len(tied) <= mostCopies {
					tied = append(tied, m.Item)
				}
			}
		}
	}
	block := w.copies[:0]
	for _, i := range tied {
		it := &w.p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			if place == model.NoPlace || len(tied) > 1 || w.place(topology, w.at[c]) == place {
				block = append(block, c)
			}
		}
	}
	w.copies = block
	return block
}

// moveBlock moves a block to the place where that gains most, and says whether it gains
// anywhere.
func (w *walk) moveBlock(block []int32, topology int32) bool {
	if len(block) > mostCopies {
		return false
	}
	mark, before, best := len(w.trail), w.gain, w.gain
	places := w.p.Topologies[topology].Member
	first := w.offset(len(places), mostPlaces)
	var to []int32
	for n := range min(len(places), mostPlaces) {
		w.gather(block, places[(first+n)%len(places)])
		if w.gain < best {
			best = w.gain
			to = to[:0]
			for _, c := range block {
				to = append(to, w.at[c])
			}
		}
		w.undo(mark)
		w.gain = before
	}
	for n, j := range to {
		if c := block[n]; w.at[c] != j {
			w.step(c, j, w.value(c, j))
		}
	}
	w.pushSince(mark)
	return len(to) > 0
}

// offset draws where a sample of some begins; all are taken from the first on.
func (w *walk) offset(all, some int) int {
	if all <= some {
		return 0
	}
	return w.rng.IntN(all)
}

// gather moves each copy of a block to the node of a place that is best for it, as far
// as it may be on any.
func (w *walk) gather(block, nodes []int32) {
	first := w.offset(len(nodes), mostNodes)
	for _, c := range block {
		domain := &w.p.Domains[w.p.Items[w.itemOf[c]].Domain]
		best, value := model.NoPlace, int64(0)
		for n := range min(len(nodes), mostNodes) {
			j := nodes[(first+n)%len(nodes)]
			if !domain.Has(j) {
				continue
			}
			if v := w.value(c, j); best < 0 || v < value {
				best, value = j, v
			}
		}
		if best >= 0 && best != w.at[c] {
			w.step(c, best, value)
		}
	}
}
