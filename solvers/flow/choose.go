package flow

import (
	"cmp"
	"math"
	"slices"

	"berth/model/integer"
)

// market is a network with a price for a slot of each node, and what is where.
type market struct {
	*network
	price []int64
	order []int32 // the nodes but outside, by price
	at    []int32 // node of each copy
	load  []int64 // slots taken by node
	empty []int64 // slots by node that are counted as left empty
}

func newMarket(n *network, price []int64) *market {
	m := &market{
		network: n, price: price, order: make([]int32, n.nodes-1),
		at: make([]int32, n.copies), load: make([]int64, n.nodes), empty: make([]int64, n.nodes),
	}
	for j := range m.order {
		m.order[j] = int32(j)
	}
	return m
}

func (m *market) sort() {
	slices.SortFunc(m.order, func(a, b int32) int {
		if c := cmp.Compare(m.price[a], m.price[b]); c != 0 {
			return c
		}
		return cmp.Compare(a, b)
	})
}

// choose has every copy take its cheapest node, the slot's price included, whether
// there is room or not; among equal ones the node with the most room. Then what is
// left of the slots is said to be empty where that is cheapest. It returns false
// where some item cannot be placed at all.
// O(copies · (entries + copies of the item)), and O(nodes) more where prices are equal.
func (m *market) choose() bool {
	m.sort()
	clear(m.load)
	for i := range m.items {
		it := &m.items[i]
		nodes := m.at[it.first : it.first+it.count]
		for c := range nodes {
			j := m.cheapest(it, nodes[:c])
			if j < 0 {
				return false
			}
			nodes[c] = j
			m.load[j] += it.size
		}
	}
	m.leaveEmpty()
	return true
}

// cheapest returns the node where one more copy of an item costs least, however dear its
// slots are, or −1 where none may be.
func (m *market) cheapest(it *item, placed []int32) int32 {
	best, bestCost, bestRoom := int32(-1), int64(math.MaxInt64), int64(0)
	take := func(j int32, cost int64) {
		room := m.slots[j] - m.load[j]
		if cost < bestCost || cost == bestCost && room > bestRoom {
			best, bestCost, bestRoom = j, cost, room
		}
	}
	for k, e := range m.entries[it.from:it.to] {
		if k > 0 && m.entries[int(it.from)+k-1].node == e.node {
			continue
		}
		if cost := m.costFrom(it, it.from+int32(k), it.there(placed, e.node)); cost < forbidden {
			take(e.node, cost+it.size*m.price[e.node])
		}
	}
	if it.rest == forbidden {
		return best
	}
	found := int64(math.MaxInt64)
	for _, j := range m.order {
		if m.price[j] > found || it.rest+it.size*m.price[j] > bestCost {
			break
		}
		if m.named(it, j) || it.apart && slices.Contains(placed, j) {
			continue
		}
		found = m.price[j]
		take(j, it.rest+it.size*found)
	}
	return best
}

// named says whether an item has an entry for node j.
func (n *network) named(it *item, j int32) bool {
	for _, e := range n.entries[it.from:it.to] {
		if e.node >= j {
			return e.node == j
		}
	}
	return false
}

// leaveEmpty spreads the empty slots over the nodes of the lowest price, first
// where there is room.
func (m *market) leaveEmpty() {
	clear(m.empty)
	lowest := m.lowest()
	left := m.spare()
	for j, price := range m.price {
		if price == lowest {
			m.empty[j] = min(max(m.slots[j]-m.load[j], 0), left)
			left -= m.empty[j]
		}
	}
	for j, price := range m.price {
		if price == lowest {
			m.empty[j] += left
			return
		}
	}
}

func (m *market) lowest() int64 { return slices.Min(m.price) }

// excess is how many more slots of node j are taken or empty than it has.
func (m *market) excess(j int) int64 { return m.load[j] + m.empty[j] - m.slots[j] }

// cost is what the placement costs, relief included.
func (m *market) cost() int64 {
	var sum int64
	for i := range m.items {
		it := &m.items[i]
		nodes := m.at[it.first : it.first+it.count]
		for c, j := range nodes {
			sum += m.costAt(it, j, it.there(nodes[:c], j))
		}
	}
	return sum
}

// bound is a lower bound on the cost of every placement that fits into the slots:
// each copy on its cheapest node at the prices, each empty slot on the cheapest,
// less what all slots are worth. It uses the prices and nothing else.
func (m *market) bound() integer.Wide {
	m.sort()
	var sum integer.Wide
	var placed []int32
	for i := range m.items {
		it := &m.items[i]
		if it.alike {
			j := m.cheapest(it, nil)
			sum = sum.Plus(integer.Product(int64(it.count), m.costAt(it, j, 0)+it.size*m.price[j]))
			continue
		}
		placed = placed[:0]
		for range it.count {
			j := m.cheapest(it, placed)
			sum = sum.Plus(integer.FromInt(m.costAt(it, j, it.there(placed, j))+it.size*m.price[j], 0))
			placed = append(placed, j)
		}
	}
	for j, s := range m.slots {
		sum = sum.Minus(integer.Product(s, m.price[j]))
	}
	return sum.Plus(integer.Product(m.spare(), m.lowest()))
}
