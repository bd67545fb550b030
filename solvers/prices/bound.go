package prices

import (
	"math"
	"math/bits"
	"slices"

	"berth/model/integer"
	"berth/search"
)

// The bound. With a price l(j,r) ≥ 0 on every unit of resource r of node j,
//
//	Σ items  count · min over the nodes j of (cost on j + Σ_r l(j,r)·demand) − Σ_jr l(j,r)·capacity
//
// is below the cost of every placement: whoever keeps the capacities pays at most
// what the last sum takes off (H. Everett, Generalized Lagrange multiplier method
// for solving problems of optimum allocation of resources, Operations Research 11,
// 1963). It holds for any prices, so they are rounded to integers over 1<<shift,
// and all else is exact: what one copy pays stays below 2^62, sums have 128 bits.
//
// A node that costs something to use takes from the sum what its capacity is worth less that
// price, or nothing where it is better not used. But all that is there waits for the node to be
// used, and can be charged for that, and only there. That is the relaxation with a row "on it only
// if it is used" for each copy and each node that it names. With any price u for a place of each
// copy, not above what it pays on nodes that are not in question, the bound is
//
//	Σ items  count · u  −  Σ_j max { 0, Σ items  count · max(0, u − price on j) + Σ_r l(j,r)·capacity − open(j) }
//
// for nodes in question, and u is chosen by how much of each node the search uses (edge.go).
//
// Of a set of nodes on which a copy costs and takes the same, only those matter
// whose prices are not matched by another's in every resource: the front, which is
// short.
//
// Cost: one pass over the named nodes of all choices, and one over a front for each
// kind.

// parts is how many pieces the work on items and kinds is cut into: each piece is
// summed by itself, and the sums are added in order, on any number of threads.
const parts = 8

// The bits of a copy's price.
const (
	costBits = 52 // costs are scaled up to so many,
	loadBits = 60 // prices of what it takes are bounded by so many
)

// beyond is above the cost of every placement.
const beyond = 1 << 61

// ledger is what the exact prices are kept in.
type ledger struct {
	*instance
	shift   uint
	highest []int64   // by resource: no price is above this
	price   []int64   // by node and resource; nothing on the node outside
	front   [][]int32 // by set
	low     []int64   // by kind: the price of the cheapest node of its set
	total   [parts]integer.Wide
	used    []float64             // by node: how much of it is used, as far as that is in question; nil where it is in none
	spared  [parts][]integer.Wide // by node in question: what copies pay less there than at their edge
	prices  [parts][]int64        // of an item's options
	shares  [parts][]float64      // … and how much of each is used
}

func newLedger(in *instance) *ledger {
	l := &ledger{
		instance: in, highest: make([]int64, in.resources),
		price: make([]int64, len(in.room)),
		front: make([][]int32, len(in.sets)), low: make([]int64, len(in.kinds)),
	}
	l.shift = uint(max(costBits-bits.Len64(uint64(in.dearest)), 0))
	largest := in.largest()
	for r := range l.highest {
		l.highest[r] = 1 << loadBits / int64(in.resources) / max(largest[r], 1)
	}
	return l
}

// largest returns the most that a copy takes, by resource.
func (in *instance) largest() []int64 {
	most := make([]int64, in.resources)
	for k, size := range in.size {
		most[k%in.resources] = max(most[k%in.resources], size)
	}
	for k := range in.kinds {
		row := in.kinds[k].unlike
		if row == nil {
			continue
		}
		for r := range most {
			most[r] = max(most[r], row.Rest[r])
		}
		for e, size := range row.Values {
			most[e%in.resources] = max(most[e%in.resources], size)
		}
	}
	return most
}

// unit is what one unit of cost is in exact prices.
func (l *ledger) unit() float64 { return math.Ldexp(1, int(l.shift)) }

// take rounds prices in units of cost, and finds what the cheapest node of each
// kind's set costs.
func (l *ledger) take(prices []float64, b *search.Board) {
	unit := l.unit()
	for k, price := range prices {
		most := l.highest[k%l.resources]
		if rounded := math.Round(float64(price * unit)); rounded < float64(most) {
			most = int64(rounded)
		}
		l.price[k] = max(most, 0)
	}
	clear(l.price[int(l.outside)*l.resources:])
	b.Each(parts, func(part int) {
		for s := part; s < len(l.sets); s += parts {
			l.front[s] = l.frontOf(l.sets[s].nodes, l.front[s][:0])
		}
	})
	b.Each(parts, func(part int) {
		for k := part; k < len(l.kinds); k += parts {
			l.low[k] = l.cheapest(int32(k))
		}
	})
}

// frontOf appends the nodes of a set that no other undercuts in every resource.
func (l *ledger) frontOf(nodes, front []int32) []int32 {
	for _, j := range nodes {
		if slices.ContainsFunc(front, func(other int32) bool { return l.undercuts(other, j) }) {
			continue
		}
		front = slices.DeleteFunc(front, func(other int32) bool { return l.undercuts(j, other) })
		front = append(front, j)
	}
	return front
}

// undercuts says whether no price of node a is above that of node b.
func (l *ledger) undercuts(a, b int32) bool {
	for r := range l.resources {
		if l.price[int(a)*l.resources+r] > l.price[int(b)*l.resources+r] {
			return false
		}
	}
	return true
}

// of returns the price of what a copy of kind k takes on node j.
func (l *ledger) of(k, j int32) int64 {
	sum := int64(0)
	prices := l.price[int(j)*l.resources:]
	for r, size := range l.takes(k, j) {
		sum += prices[r] * size
	}
	return sum
}

// bound returns the bound that the prices give.
func (l *ledger) bound(b *search.Board) int64 {
	b.Each(parts, func(part int) {
		if l.used != nil {
			l.spared[part] = slices.Grow(l.spared[part][:0], l.nodes)[:l.nodes]
			clear(l.spared[part])
		}
		var total integer.Wide
		from, to := piece(len(l.items), part)
		for i := from; i < to; i++ {
			it := &l.items[i]
			if u := l.edge(it, part); u != nowhere {
				total = total.Plus(integer.Product(int64(it.count), u))
			}
		}
		l.total[part] = total
	})
	total := integer.FromInt(l.problem.Offset, l.shift)
	for _, t := range l.total {
		total = total.Plus(t)
	}
	for j := range l.nodes {
		total = total.Plus(l.node(j))
	}
	switch {
	case total.Sign() <= 0:
		return 0
	case integer.FromInt(beyond, l.shift).Less(total):
		return beyond
	}
	return total.CeilShift(l.shift)
}

// node returns what node j adds to the bound.
func (l *ledger) node(j int) integer.Wide {
	used := integer.Wide{}
	for r, price := range l.price[j*l.resources:][:l.resources] {
		if price > 0 {
			used = used.Minus(integer.Product(price, l.room[j*l.resources+r]))
		}
	}
	if !l.inQuestion(int32(j)) {
		return used
	}
	used = used.Plus(integer.FromInt(l.open[j], l.shift))
	for part := range l.spared {
		used = used.Minus(l.spared[part][j])
	}
	if used.Sign() > 0 {
		return integer.Wide{}
	}
	return used
}

// piece returns the range of one part of n things.
func piece(n, part int) (from, to int) { return n * part / parts, n * (part + 1) / parts }

// cheapest returns the price of the cheapest node of a kind's set; nowhere if it
// has none.
func (l *ledger) cheapest(k int32) int64 {
	set := l.kinds[k].set
	if set == nobody {
		return nowhere
	}
	nodes := l.front[set]
	if l.kinds[k].unlike != nil {
		nodes = l.sets[set].nodes
	}
	least := int64(nowhere)
	for _, j := range nodes {
		least = min(least, l.of(k, j))
	}
	return least
}

// edge returns the price that a place is worth to a copy of an item, which is what it pays at
// least where no node is in question; nowhere if it has none. It notes what is saved on nodes in
// question.
func (l *ledger) edge(it *item, part int) int64 {
	u := int64(nowhere)
	if rest := l.rest[it.choice]; rest != nowhere {
		u = rest<<l.shift + l.low[it.kind]
	}
	options := l.options(it)
	if l.used == nil {
		for _, o := range options {
			u = min(u, o.cost<<l.shift+l.of(it.kind, o.node))
		}
		return u
	}
	prices, shares := l.prices[part][:0], l.shares[part][:0]
	for _, o := range options {
		prices = append(prices, o.cost<<l.shift+l.of(it.kind, o.node))
		shares = append(shares, l.part(o.node))
	}
	l.prices[part], l.shares[part] = prices, shares
	if len(options) > 0 {
		u = edge(prices, shares, u, u != nowhere)
	}
	for n, o := range options {
		if prices[n] < u { // only where it is in question
			l.spared[part][o.node] = l.spared[part][o.node].Plus(integer.Product(int64(it.count), u-prices[n]))
		}
	}
	return u
}

// least returns what a copy pays at least at these prices, and next to that; nowhere if it
// has no node. node is the cheapest where that is named.
func (l *ledger) least(it *item) (least, second int64, node int32) {
	least, second, node = nowhere, nowhere, nobody
	if rest := l.rest[it.choice]; rest != nowhere {
		least = rest<<l.shift + l.low[it.kind]
	}
	for _, o := range l.options(it) {
		switch price := o.cost<<l.shift + l.of(it.kind, o.node); {
		case price < least:
			least, second, node = price, least, o.node
		case price < second:
			second = price
		}
	}
	return least, second, node
}
