package flow

import (
	"cmp"
	"math"
	"slices"

	"berth/model/integer"
)

// settle moves copies along cheapest paths from nodes with more than they have room
// for to nodes with room, until all fits: successive shortest paths with potentials
// (Edmonds, Karp, Journal of the ACM 1972), on the nodes alone. From a to b leads
// the cheapest move of any copy from a to b; as Tokuyama and Nakano (SIAM Journal
// on Computing 1995) use it, that keeps the graph as small as the nodes are few. The
// prices are the potentials: after each round they have changed by the distances,
// all moves on shortest paths cost nothing, and units are sent along paths of such
// moves until there are none. What is where stays the cheapest at the prices all the
// while, so that in the end the prices prove the placement optimal.
//
// Copies of unlike sizes pay by the slot, and move whole all the same, where that leaves
// less too much on the nodes. In the end a node has too much by a part of a copy at the
// most where others have too little: the prices are near the best, and the placement is
// near one that fits.
//
// impossible says that some unit cannot get anywhere: nothing is feasible.
// done is false where work said stop.
// A round is O(copies · (entries + nodes at worst) + nodes²), a unit O(nodes²).
func (m *market) settle(work func(int64) bool) (done, impossible bool) {
	p := &paths{market: m, moves: make([][]move, m.nodes*m.nodes), dear: make([]int64, m.nodes*m.nodes), from: make([]int32, m.nodes), extra: make([]int64, m.nodes)}
	for p.crowded() {
		p.weigh()
		lowered, reached := p.reprice()
		if !reached {
			return true, true
		}
		p.sort()
		p.collect()
		for p.send() {
			p.sent++
		}
		if p.sent == 0 && !lowered {
			break // what is too much is less than what could move
		}
		if !work(int64(4*m.copies+m.nodes*m.nodes) + p.sent*int64(m.nodes*m.nodes/4)) {
			return false, false
		}
		p.sent = 0
	}
	return true, false
}

// paths is what settle needs beside the market.
type paths struct {
	*market
	dear  []int64  // dear[a*nodes+b]: what the cheapest move from a to b costs, prices included
	moves [][]move // moves[a*nodes+b]: moves from a to b that cost nothing, or did
	sent  int64
	from  []int32 // scratch of send: where a node was reached from
	queue []int32
	extra []int64 // scratch of relieves, by node
}

// move is a copy of an item that may change its node; item −1 is an empty slot.
type move struct{ item, copy int32 }

func (p *paths) crowded() bool {
	for j := range p.nodes {
		if p.excess(j) > 0 {
			return true
		}
	}
	return false
}

// weigh fills dear.
func (p *paths) weigh() {
	for k := range p.dear {
		p.dear[k] = math.MaxInt64
	}
	for a := range p.nodes {
		for b := range p.nodes {
			if p.empty[a] > 0 && a != b {
				p.dear[a*p.nodes+b] = p.price[b] - p.price[a]
			}
		}
	}
	covered := make([]int64, p.nodes)
	for a := range covered {
		covered[a] = math.MinInt64
	}
	for k := 0; k < len(p.items); k += sparse {
		p.weighItem(&p.items[k], covered)
	}
	for i := range p.items {
		p.weighItem(&p.items[i], covered)
	}
}

// sparse: every so manyeth item is weighed before the others, so that most of these
// need no look at all nodes.
const sparse = 61

// weighItem lowers dear to what moves of an item cost by the slot. covered[a] says for which gain
// of leaving a, at least, no node without an entry is left to lower.
func (p *paths) weighItem(it *item, covered []int64) {
	if it.size == 0 {
		return
	}
	nodes := p.at[it.first : it.first+it.count]
	for c, a := range nodes {
		if it.alike && c > 0 && nodes[c-1] == a {
			continue
		}
		row := p.dear[int(a)*p.nodes : int(a+1)*p.nodes]
		paid := p.paid(it, nodes, a)
		for k := it.from; k < it.to; k++ {
			b := p.entries[k].node
			if b == a || k > it.from && p.entries[k-1].node == b {
				continue
			}
			if cost := p.costFrom(it, k, it.there(nodes, b)); cost < forbidden {
				row[b] = min(row[b], max(p.price[b]-p.price[a]-it.each(paid-cost), 0))
			}
		}
		gain := p.price[a] + it.each(paid-it.rest)
		if it.rest == forbidden || gain <= covered[a] {
			continue
		}
		low := int64(math.MaxInt64)
		for _, b := range p.order {
			if b == a {
				continue
			}
			if !p.named(it, b) && !(it.apart && it.there(nodes, b) > 0) {
				row[b] = min(row[b], max(p.price[b]-gain, 0))
			}
			if row[b] == math.MaxInt64 {
				low = math.MinInt64
			} else {
				low = min(low, p.price[b]-row[b])
			}
		}
		covered[a] = max(covered[a], low)
	}
}

// each is what an amount is for each slot of a copy, rounded down.
func (it *item) each(amount int64) int64 {
	if it.size == 1 {
		return amount
	}
	return integer.FloorDiv(amount, it.size)
}

// paid is what the dearest of an item's copies on node a costs: what leaving saves.
func (p *paths) paid(it *item, nodes []int32, a int32) int64 {
	return p.costAt(it, a, max(it.there(nodes, a)-1, 0))
}

// reprice finds the distances from all nodes with too much (Dijkstra, dense) and
// lowers prices by them, as far as the farthest node with room. It says whether that
// changed any, and whether a node with room can be reached.
func (p *paths) reprice() (lowered, reached bool) {
	n := p.nodes
	far := make([]int64, n)
	closed := make([]bool, n)
	for j := range far {
		far[j] = math.MaxInt64
		if p.excess(j) > 0 {
			far[j] = 0
		}
	}
	limit := int64(-1)
	for {
		a := -1
		for j := range far {
			if !closed[j] && far[j] < math.MaxInt64 && (a < 0 || far[j] < far[a]) {
				a = j
			}
		}
		if a < 0 {
			break
		}
		closed[a] = true
		if p.excess(a) < 0 {
			limit = far[a]
		}
		for b := range far {
			if d := p.dear[a*n+b]; d < math.MaxInt64 {
				far[b] = min(far[b], far[a]+d)
			}
		}
	}
	for j := range p.price {
		p.price[j] -= max(min(far[j], limit), 0)
	}
	return limit > 0, limit >= 0
}

// collect lists moves that cost nothing, up to a number for each pair of nodes.
func (p *paths) collect() {
	n := p.nodes
	for k := range p.moves {
		p.moves[k] = p.moves[k][:0]
	}
	room := max(allMoves/(n*n), 1)
	for i := range p.items {
		it := &p.items[i]
		nodes := p.at[it.first : it.first+it.count]
		for c, a := range nodes {
			p.free(int32(i), int32(c), a, room)
		}
	}
}

// allMoves is how many moves are listed at a time.
const allMoves = 1 << 23

// free lists the moves of a copy on node a that cost nothing, where fewer than room
// are listed.
func (p *paths) free(i, c, a int32, room int) {
	it := &p.items[i]
	if it.size == 0 {
		return
	}
	nodes := p.at[it.first : it.first+it.count]
	paid := p.paid(it, nodes, a)
	add := func(b int32) {
		if list := &p.moves[int(a)*p.nodes+int(b)]; len(*list) < room {
			*list = append(*list, move{i, c})
		}
	}
	for k, e := range p.entries[it.from:it.to] {
		if e.node == a || k > 0 && p.entries[int(it.from)+k-1].node == e.node {
			continue
		}
		if p.saves(it, p.costFrom(it, it.from+int32(k), it.there(nodes, e.node)), paid, a, e.node) {
			add(e.node)
		}
	}
	if it.rest == forbidden {
		return
	}
	price := p.price[a] + it.each(paid-it.rest)
	first := 0
	if p.large == 1 { // what is cheaper is taken
		first = p.firstAt(price)
	}
	for k := first; k < len(p.order) && p.price[p.order[k]] <= price; k++ {
		if b := p.order[k]; b != a && !p.named(it, b) && !(it.apart && it.there(nodes, b) > 0) {
			add(b)
		}
	}
}

// saves says whether a copy that pays paid on node a may go to node b, where it costs cost, at
// no higher price by the slot, rents included.
func (p *paths) saves(it *item, cost, paid int64, a, b int32) bool {
	return cost < forbidden && p.price[b] <= p.price[a]+it.each(paid-cost)
}

// firstAt is the first of order whose price is not below one.
func (p *paths) firstAt(price int64) int {
	k, _ := slices.BinarySearchFunc(p.order, price, func(j int32, price int64) int { return cmp.Compare(p.price[j], price) })
	return k
}

// head returns a move from a to b that costs nothing now, dropping those that no
// longer do.
func (p *paths) head(a, b int32) (move, bool) {
	list := &p.moves[int(a)*p.nodes+int(b)]
	for len(*list) > 0 {
		v := (*list)[len(*list)-1]
		it := &p.items[v.item]
		nodes := p.at[it.first : it.first+it.count]
		if nodes[v.copy] == a {
			if p.saves(it, p.costAt(it, b, it.there(nodes, b)), p.paid(it, nodes, a), a, b) {
				return v, true
			}
		}
		*list = (*list)[:len(*list)-1]
	}
	if p.empty[a] > 0 && p.price[a] == p.price[b] {
		return move{item: -1}, true
	}
	return move{}, false
}

// send sends one copy, or others in its stead, along the path of the fewest free moves
// from a node with too much to one with room. It returns false where there is none.
func (p *paths) send() bool {
	n := p.nodes
	p.queue = p.queue[:0]
	for j := range p.from {
		p.from[j] = unseen
		if p.excess(j) > 0 {
			p.from[j] = source
			p.queue = append(p.queue, int32(j))
		}
	}
	for k := 0; k < len(p.queue); k++ {
		a := p.queue[k]
		for b := range int32(n) {
			for p.from[b] == unseen {
				if _, ok := p.head(a, b); !ok {
					break
				}
				p.from[b] = a
				if p.excess(int(b)) >= 0 {
					p.queue = append(p.queue, b)
					break
				}
				if path := p.path(b); p.relieves(path) {
					for _, s := range path {
						p.make(s)
					}
					return true
				}
				p.from[b] = unseen
				if !p.drop(a, b) {
					break
				}
			}
		}
	}
	return false
}

const (
	unseen int32 = -2
	source int32 = -1
)

// drop forgets the move that head returned; that of an empty slot it cannot.
func (p *paths) drop(a, b int32) bool {
	list := &p.moves[int(a)*p.nodes+int(b)]
	if len(*list) == 0 {
		return false
	}
	*list = (*list)[:len(*list)-1]
	return true
}

// step is a move on a path, of so many slots.
type step struct {
	move
	from, to int32
	size     int64
}

// path returns the path that ends at b, from its end. A path that uses an item twice
// is cut short: its copy goes straight to where the second one would, which costs
// nothing either.
func (p *paths) path(b int32) []step {
	var path []step
	for p.from[b] != source {
		a := p.from[b]
		v, _ := p.head(a, b)
		path = append(path, step{move: v, from: a, to: b})
		for k, later := range path[:len(path)-1] {
			if v.item >= 0 && later.item == v.item && !p.items[v.item].alike {
				path = append(path[:k], step{move: v, from: a, to: later.to})
				break
			}
		}
		b = a
	}
	arriving := min(p.excess(int(b)), p.large)
	for k := range slices.Backward(path) {
		s := &path[k]
		if s.item >= 0 {
			s.size = p.items[s.item].size
		} else {
			s.size = min(p.empty[s.from], arriving)
		}
		arriving = s.size
	}
	return path
}

// relieves says whether a path leaves less too much on all nodes together, as it
// always does where copies are alike.
func (p *paths) relieves(path []step) bool {
	for _, s := range path {
		p.extra[s.from] -= s.size
		p.extra[s.to] += s.size
	}
	var more int64
	for _, s := range path {
		for _, j := range [2]int32{s.from, s.to} {
			before := p.excess(int(j))
			more += max(before+p.extra[j], 0) - max(before, 0)
			p.extra[j] = 0
		}
	}
	return more < 0
}

// make makes a move, and lists what has become free by it.
func (p *paths) make(s step) {
	if s.item < 0 {
		p.empty[s.to] += s.size
		p.empty[s.from] -= s.size
		return
	}
	it := &p.items[s.item]
	nodes := p.at[it.first : it.first+it.count]
	p.load[s.from] -= s.size
	nodes[s.copy] = s.to
	p.load[s.to] += s.size
	if it.alike {
		p.free(s.item, s.copy, s.to, math.MaxInt)
		return
	}
	for c, a := range nodes {
		p.free(s.item, int32(c), a, math.MaxInt)
	}
}
