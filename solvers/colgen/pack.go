//go:build cgo

package colgen

import (
	"cmp"
	"slices"
)

// pattern is what a node holds.
type pattern struct {
	node int32
	in   []held
	cost int64 // in steps
}

// held is so many copies of a kind: of those that stay by the index of that, or guests.
type held struct{ kind, stay, copies int32 }

// guests is in the place of the index of a stay.
const guests int32 = -1

// packed is the best pattern of a node that was found at some prices, less what it costs.
type packed struct {
	pattern
	gain  int64
	bound int64 // no pattern gains more
}

// offer is what may be on a node, what one copy costs and gains.
type offer struct {
	held
	cost, profit int64
}

// packer solves the knapsacks of nodes, one after the other.
type packer struct {
	*kinds
	knapsack knapsack
	offers   []offer // what gains something
	options  []held  // … and what the entries are
	costs    []int64 // by option
	entries  []entry
	need     []int64
	part     []float64
	room     []int64
	work     int64
}

// packSteps is how long a knapsack is searched, beside one step for each entry, before it is
// solved by stages.
const packSteps = 500

// pack finds the best pattern of a node at prices u. prices are those of the node's resources, kept
// from call to call; stages are for so much work at most.
func (w *packer) pack(j int, u []int64, prices []float64, stages int64) packed {
	resources := len(w.problem.Resources)
	room := w.problem.Capacity[j*resources:][:resources]
	w.list(j, u, room)
	best := packed{pattern: pattern{node: int32(j)}}
	if len(w.entries) == 0 {
		return best
	}
	k := &w.knapsack
	w.room = append(w.room[:0], room...)
	k.load(w.entries, w.need, w.part, w.room, room, prices)
	exact := k.solve(0, k.top+1, packSteps+len(w.entries))
	if !exact && stages > 0 {
		least := int64(0)
		if least, exact = k.stage(k.best, stages); !exact {
			k.top -= least
		}
	}
	for t, n := range k.chosen {
		if n == 0 {
			continue
		}
		e := &k.entries[t]
		o := w.options[e.item]
		o.copies = n
		best.in = append(best.in, o)
		best.cost += w.costs[e.item] * int64(n)
		best.gain += e.profit * int64(n)
	}
	best.bound = best.gain
	if !exact {
		best.bound = -(-k.top >> k.fine)
	}
	w.work += k.work
	k.work = 0
	return best
}

// list makes entries of all that gains something on a node. Of what takes the same, no more is
// looked at than fits: what gains most.
func (w *packer) list(j int, u []int64, room []int64) {
	w.options, w.costs = w.options[:0], w.costs[:0]
	w.entries, w.need, w.part = w.entries[:0], w.need[:0], w.part[:0]
	for k := range w.kinds.kinds {
		cost := w.guestOn(j, int32(k))
		if price := w.priceOn(u, int32(k), j); price > cost {
			w.offers = append(w.offers, offer{held{int32(k), guests, w.most(int32(k))}, cost, price - cost})
		}
	}
	for n, at := range w.stays[j] {
		if price := w.priceOn(u, at.kind, j); price > at.cost {
			w.offers = append(w.offers, offer{held{at.kind, int32(n), min(at.copies, w.most(at.kind))}, at.cost, price - at.cost})
		}
	}
	w.work += int64(2*len(w.kinds.kinds) + 30*len(w.offers))
	slices.SortFunc(w.offers, func(a, b offer) int {
		return cmp.Or(cmp.Compare(w.kinds.kinds[a.kind].size, w.kinds.kinds[b.kind].size), cmp.Compare(b.profit, a.profit),
			cmp.Compare(a.kind, b.kind), cmp.Compare(b.stay, a.stay))
	})
	size, fits := int32(-1), int64(0)
	for n, o := range w.offers {
		if k := &w.kinds.kinds[o.kind]; k.size != size {
			size, fits = k.size, w.fits(j, o.kind)
		}
		if fits <= 0 || w.kinds.kinds[o.kind].single && w.offered(o.kind, n) {
			continue
		}
		o.copies = int32(min(int64(o.copies), fits))
		fits -= int64(o.copies)
		w.entries = append(w.entries, entry{item: int32(len(w.options)), copies: o.copies, profit: o.profit})
		w.options, w.costs = append(w.options, o.held), append(w.costs, o.cost)
		for r, need := range w.kinds.kinds[o.kind].demand.On(int32(j)) {
			w.need = append(w.need, need)
			w.part = append(w.part, float64(need)/float64(max(room[r], 1)))
		}
	}
	w.offers = w.offers[:0]
}

// offered says whether a copy of a kind is among the first offers: it gains more, and there may be
// one only.
func (w *packer) offered(k int32, offers int) bool {
	for n := offers - 1; n >= 0 && w.kinds.kinds[w.offers[n].kind].size == w.kinds.kinds[k].size; n-- {
		if w.offers[n].kind == k {
			return true
		}
	}
	return false
}
