package heuristics

import (
	"math"
	"math/rand/v2"
	"slices"

	"berth/model"
	"berth/search"
)

// walk is a local search over the state: what repair and descent share.
//
// It minimises the cost plus the price of what is broken, from a queue of copies
// worth a look. Looking at a copy tries, in this order, all shifts of it, and then
// ejection chains (chain). A step is written to a trail, so that it can be undone.
type walk struct {
	*state
	board *search.Board
	rng   *rand.Rand

	queue  []int32 // a ring of copies worth a look
	head   int
	length int
	queued []bool
	trail  steps
	gain   int64 // the value of all steps on the trail: negative is better

	domains [][]int32 // by domain, listed where it is asked for
	list    []int32   // scratch: targets
	copies  []int32   // scratch: a block
	starts  [chainStarts]start
	apart   []int32 // items with copies kept apart
	floor   prices  // what prices were at first

	opens  bool    // nodes cost something to use
	blind  bool    // costs do not count
	narrow bool    // only what breaks something is queued
	lowest []int64 // by cost row: no place is cheaper, nor is leaving out

	done  int64 // units of work
	limit int64
	watch func() // called now and then, between two looks
}

type step struct{ copy, from int32 }

type steps []step

// has says whether a copy was moved.
func (s steps) has(c int32) bool {
	return slices.ContainsFunc(s, func(t step) bool { return t.copy == c })
}

// start is a first step of a chain.
type start struct {
	node  int32
	value int64
}

const (
	wideDomain   = 128 // a domain up to this size is tried whole
	someExcept   = 24  // else so many exceptions of the cost row,
	somePartners = 12  // so many nodes of partners,
	someOthers   = 6   // and so many drawn by chance
	chainStarts  = 3
	chainLength  = 2  // copies that may follow the first
	chainBreadth = 48 // copies of a node that may be ejected
	walkStream   = 2
	repairStream = 3
)

func newWalk(s *state, board *search.Board, stream uint64) *walk {
	w := &walk{
		state: s, board: board, limit: math.MaxInt64,
		rng:     rand.New(rand.NewPCG(board.Seed(), stream)),
		queue:   make([]int32, len(s.at)),
		queued:  make([]bool, len(s.at)),
		domains: make([][]int32, len(s.p.Domains)),
		floor:   newPrices(s.p),
		watch:   func() {},
	}
	w.opens = s.p.Features&model.OpenCosts != 0
	w.lowest = make([]int64, len(s.p.Costs))
	for k := range w.lowest {
		w.lowest[k] = s.p.Costs[k].Least()
	}
	for i := range s.p.Items {
		it := &s.p.Items[i]
		if it.Apart >= 0 {
			w.apart = append(w.apart, int32(i))
		}
		if it.Unplaced != model.NoLimit {
			w.lowest[it.Cost] = min(w.lowest[it.Cost], it.Unplaced)
		}
	}
	if s.on == nil {
		s.list()
	}
	return w
}

// push queues a copy for a look.
func (w *walk) push(c int32) {
	if w.queued[c] {
		return
	}
	w.queued[c] = true
	w.queue[(w.head+w.length)%len(w.queue)] = c
	w.length++
}

func (w *walk) pop() int32 {
	c := w.queue[w.head]
	w.head = (w.head + 1) % len(w.queue)
	w.length--
	w.queued[c] = false
	return c
}

// pushAll queues every copy, in an order of chance.
func (w *walk) pushAll() {
	for _, c := range w.rng.Perm(len(w.at)) {
		w.push(int32(c))
	}
}

// pushNode queues copies of a node, at most chainBreadth.
func (w *walk) pushNode(j int32) {
	list := w.on[j]
	if len(list) <= chainBreadth {
		for _, c := range list {
			w.push(c)
		}
		return
	}
	for range chainBreadth {
		w.push(list[w.rng.IntN(len(list))])
	}
}

// step moves a copy and writes it on the trail.
func (w *walk) step(c, b int32, value int64) {
	a := w.at[c]
	w.trail = append(w.trail, step{c, a})
	w.gain += value
	w.move(c, b)
	w.spent += 3 * tryWork
}

// pushSince queues what the steps from the n-th on the trail concern: the copies
// moved, those they talk to, and those on nodes that are too full now.
func (w *walk) pushSince(n int) {
	for _, t := range w.trail[n:] {
		if !w.narrow {
			w.push(t.copy)
			w.pushPartners(w.itemOf[t.copy])
		}
		if b := w.at[t.copy]; b >= 0 && w.overloaded(b) {
			w.pushNode(b)
		}
	}
}

// undo takes back all steps after the first n of the trail.
func (w *walk) undo(n int) {
	for k := len(w.trail) - 1; k >= n; k-- {
		w.move(w.trail[k].copy, w.trail[k].from)
		w.spent += 3 * tryWork
	}
	w.trail = w.trail[:n]
}

func (w *walk) pushPartners(i int32) {
	for _, q := range w.partners.of(i) {
		if q.slot < 0 {
			w.push(q.first)
		}
	}
}

// settle looks at what is queued until nothing is left. It returns false where the
// work limit or the board ended it.
func (w *walk) settle() bool {
	for w.length > 0 {
		w.look(w.pop())
		if !w.tick() {
			return false
		}
	}
	return w.tick()
}

// tick reports work once enough is done and says whether to go on.
func (w *walk) tick() bool {
	if w.spent < reportedWork {
		return true
	}
	work := w.spent
	w.spent = 0
	w.done += work
	w.watch()
	return w.board.Work(work) && w.done < w.limit
}

// look improves on the place of a copy where it can: by the best shift, or by a
// chain from one of the shifts that would pay but for the overload they cause.
func (w *walk) look(c int32) {
	best := start{w.at[c], 0}
	starts := 0
	a := w.at[c]
	it := &w.p.Items[w.itemOf[c]]
	demand := &w.p.Demands[it.Demand]
	plain := w.plain(it)
	var leaving, value, burden int64
	if plain {
		leaving = w.leaving(it, a)
	}
	for _, b := range w.targets(c) {
		if b == a {
			continue
		}
		if plain {
			if value = leaving + w.costAt(it, b); value >= 0 {
				continue
			}
			burden = w.burdenAt(it, b)
			value += burden
		} else if value = w.value(c, b); value >= 0 && b >= 0 {
			burden = w.burden(b, 1, demand.On(b))
		}
		if value < best.value {
			best = start{b, value}
		}
		if value >= 0 && b >= 0 && value < burden {
			starts = w.addStart(starts, start{b, value})
		}
	}
	if best.value < 0 {
		w.step(c, best.node, best.value)
		w.pushSince(len(w.trail) - 1)
		return
	}
	for k := range starts {
		if w.chain(c, w.starts[k]) {
			return
		}
	}
}

// value is what the search gains or loses by moving copy c to node b.
func (w *walk) value(c, b int32) int64 {
	d := w.try(c, b)
	if w.blind {
		return d.penalty
	}
	return d.cost + d.penalty
}

// plain says whether the value of moving a copy is that of leaving, its cost on
// the new node, and the burden there: then much is ruled out before it is tried.
func (w *walk) plain(it *model.Item) bool { return !it.Bound && !w.opens && !w.blind }

// leaving is the value of taking a copy of a plain item from node a.
func (w *walk) leaving(it *model.Item, a int32) int64 {
	w.spent += tryWork
	if a == model.NoPlace {
		return -w.costAt(it, a)
	}
	return w.relief(a, 1, w.p.Demands[it.Demand].On(a)) - w.costAt(it, a)
}

// costAt is the value of a copy of a plain item on node b before any overload.
func (w *walk) costAt(it *model.Item, b int32) int64 {
	w.spent += plainWork
	switch {
	case b >= 0:
		row := &w.p.Costs[it.Cost]
		if row.Nodes == nil && row.Values != nil {
			return row.Values[b]
		}
		return row.At(b)
	case it.Unplaced == model.NoLimit:
		return w.prices.missing
	}
	return it.Unplaced
}

func (w *walk) burdenAt(it *model.Item, b int32) int64 {
	if b == model.NoPlace {
		return 0
	}
	w.spent += tryWork / 2
	return w.burden(b, 1, w.p.Demands[it.Demand].On(b))
}

// addStart keeps the chainStarts starts of least value, ascending.
func (w *walk) addStart(n int, s start) int {
	if n < chainStarts {
		n++
	} else if s.value >= w.starts[n-1].value {
		return n
	}
	k := n - 1
	for ; k > 0 && w.starts[k-1].value > s.value; k-- {
		w.starts[k] = w.starts[k-1]
	}
	w.starts[k] = s
	return n
}

// chain moves a copy to a node that is too full for it, then the best other copy
// from there, and so on, until the sum of the steps pays; else it takes all back.
// The second step of a swap leads to where the first came from; so swaps are
// chains (Yagiura, Ibaraki, Glover 2004).
func (w *walk) chain(c int32, first start) bool {
	mark, before := len(w.trail), w.gain
	w.step(c, first.node, first.value)
	node := first.node
	for range chainLength {
		k, next := w.ejection(node, mark, before-w.gain)
		if k < 0 {
			break
		}
		w.step(k, next.node, next.value)
		if w.gain < before {
			w.pushSince(mark)
			return true
		}
		if node = next.node; node < 0 || !w.overloaded(node) {
			break
		}
	}
	w.undo(mark)
	w.gain = before
	return false
}

// ejection returns the best move of a copy away from node j, of those not moved
// since mark; the first one below enough does. The copy is −1 where there is none.
func (w *walk) ejection(j int32, mark int, enough int64) (int32, start) {
	list := w.on[j]
	offset := 0
	if len(list) > chainBreadth {
		offset = w.rng.IntN(len(list))
	}
	ejected, best := int32(-1), start{model.NoPlace, math.MaxInt64}
	for n := range min(len(list), chainBreadth) {
		k := list[(offset+n)%len(list)]
		if w.trail[mark:].has(k) {
			continue
		}
		it := &w.p.Items[w.itemOf[k]]
		plain := w.plain(it)
		var leaving, value int64
		if plain {
			if leaving = w.leaving(it, j); leaving+w.lowest[it.Cost] >= best.value {
				continue
			}
		}
		for _, b := range w.targets(k) {
			if b == j {
				continue
			}
			if plain {
				if value = leaving + w.costAt(it, b); value >= best.value {
					continue
				}
				value += w.burdenAt(it, b)
			} else {
				value = w.value(k, b)
			}
			if value < best.value {
				ejected, best = k, start{b, value}
				if value < enough {
					return ejected, best
				}
			}
		}
	}
	return ejected, best
}
