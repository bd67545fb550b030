//go:build cgo

package colgen

import "slices"

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
	cost, gain int64
}

// packer solves the knapsacks of nodes, one after the other.
type packer struct {
	*census
	knapsack knapsack
	offers   []offer // what gains something, of one size
	options  []held  // … and what the entries are
	costs    []int64 // by option
	entries  []entry
	need     []int64
	part     []float64
	room     []int64
	without  int32 // the index of a stay that is passed over
	work     int64
}

// packSteps is how long a knapsack is searched, beside one step for each entry, before it is
// solved by stages.
const packSteps = 500

// pack finds the best pattern of a node at prices u. prices are those of the node's resources, kept
// from call to call; stages are for so much work at most.
func (w *packer) pack(j int, u []int64, prices []float64, stages int64) packed {
	resources := len(w.problem.Resources)
	return w.packInto(j, u, prices, w.problem.Capacity[j*resources:][:resources], stages)
}

// packInto is pack for so much room.
func (w *packer) packInto(j int, u []int64, prices []float64, room []int64, stages int64) packed {
	w.list(j, u, room)
	best := packed{pattern: pattern{node: int32(j)}}
	if len(w.entries) == 0 {
		return best
	}
	k := &w.knapsack
	w.room = append(w.room[:0], room...)
	k.load(w.entries, w.need, w.part, w.room, room, prices)
	exact := k.settle(packSteps+len(w.entries), stages)
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
		best.bound = k.most()
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
	stays := w.stays[j]
	for size, kinds := range w.sizes {
		w.offers = w.offers[:0]
		for _, k := range kinds {
			if price, cost := w.priceOn(u, k, j), w.guestOn(j, k); price > cost {
				w.offer(held{k, guests, w.most(k)}, cost, price-cost)
			}
		}
		for n := len(w.stays[j]) - len(stays); len(stays) > 0 && w.kinds[stays[0].kind].size == int32(size); n++ {
			at := stays[0]
			if price := w.priceOn(u, at.kind, j); price > at.cost && int32(n) != w.without {
				w.offer(held{at.kind, int32(n), min(at.copies, w.most(at.kind))}, at.cost, price-at.cost)
			}
			stays = stays[1:]
		}
		if len(w.offers) > 0 {
			w.enter(j, room)
		}
	}
	w.work += int64(2*len(w.kinds) + 20*len(w.entries))
}

// offer adds to the offers, those that gain most in front.
func (w *packer) offer(o held, cost, gain int64) {
	n := len(w.offers)
	w.offers = append(w.offers, offer{o, cost, gain})
	for ; n > 0 && w.offers[n-1].gain < gain; n-- {
		w.offers[n-1], w.offers[n] = w.offers[n], w.offers[n-1]
		w.work += 4
	}
}

// enter makes entries of the offers, all of one size, as many as fit.
func (w *packer) enter(j int, room []int64) {
	demand := w.kinds[w.offers[0].kind].demand.On(int32(j))
	fits := int64(w.problem.Copies)
	for r, need := range demand {
		if need > 0 {
			fits = min(fits, room[r]/need)
		}
	}
	for n, o := range w.offers {
		if fits == 0 {
			break
		}
		if w.kinds[o.kind].single && w.offered(o.kind, n) {
			continue
		}
		o.copies = int32(min(int64(o.copies), fits))
		fits -= int64(o.copies)
		w.entries = append(w.entries, entry{item: int32(len(w.options)), copies: o.copies, profit: o.gain})
		w.options, w.costs = append(w.options, o.held), append(w.costs, o.cost)
		for r, need := range demand {
			w.need = append(w.need, need)
			w.part = append(w.part, float64(need)/float64(max(room[r], 1)))
		}
	}
}

// offered says whether a copy of a kind is among the first offers: it gains more, and there may be
// one only.
func (w *packer) offered(k int32, offers int) bool {
	return slices.ContainsFunc(w.offers[:offers], func(o offer) bool { return o.kind == k })
}
