//go:build cgo

package colgen

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

// packer solves the knapsacks of nodes, one after the other.
type packer struct {
	*kinds
	knapsack knapsack
	options  []held
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

// list makes entries of all that gains something on a node.
func (w *packer) list(j int, u []int64, room []int64) {
	w.options, w.costs = w.options[:0], w.costs[:0]
	w.entries, w.need, w.part = w.entries[:0], w.need[:0], w.part[:0]
	add := func(o held, cost int64) {
		if o.copies = min(o.copies, w.fits(j, o.kind)); o.copies == 0 {
			return
		}
		w.entries = append(w.entries, entry{item: int32(len(w.options)), copies: o.copies, profit: u[o.kind] - cost})
		w.options, w.costs = append(w.options, o), append(w.costs, cost)
		for r, need := range w.kinds.kinds[o.kind].demand.On(int32(j)) {
			w.need = append(w.need, need)
			w.part = append(w.part, float64(need)/float64(max(room[r], 1)))
		}
	}
	for n, at := range w.stays[j] {
		if u[at.kind] > at.cost {
			add(held{at.kind, int32(n), at.copies}, at.cost)
		}
	}
	stays := len(w.options)
	for k := range w.kinds.kinds {
		cost := w.guestOn(j, int32(k))
		if u[k] <= cost || w.kinds.kinds[k].single && w.staysBetter(int32(k), cost, stays) {
			continue
		}
		add(held{int32(k), guests, int32(min(w.kinds.kinds[k].copies, 1<<30))}, cost)
	}
	w.work += int64(2*len(w.kinds.kinds) + 20*len(w.entries))
}

// staysBetter says whether one of the first options is a copy of a kind that costs no more here
// than a guest.
func (w *packer) staysBetter(k int32, cost int64, options int) bool {
	for n, o := range w.options[:options] {
		if o.kind == k && w.costs[n] <= cost {
			return true
		}
	}
	return false
}
