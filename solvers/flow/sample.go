package flow

import (
	"math/bits"
	"math/rand/v2"
)

// solve finds the cheapest placement of a network, beginning at prices, which may be
// nil. A large network gets its first prices from a random part of its items, on the
// same part of the slots: they are so near that little is left to settle.
func solve(n *network, price []int64, seed uint64, work func(int64) bool) (m *market, done, impossible bool) {
	if price == nil {
		price = make([]int64, n.nodes)
		if len(n.items) > largeSample {
			part := n.part(rand.New(rand.NewPCG(seed, uint64(len(n.items)))))
			sample, done, impossible := solve(part, nil, seed, work)
			if !done {
				return nil, false, false
			}
			if !impossible {
				price = sample.price
			}
		}
	}
	m = newMarket(n, price)
	if n.spare() < 0 || !m.choose() {
		return m, true, true
	}
	if !work(int64(n.copies) * chooseWork) {
		return nil, false, false
	}
	done, impossible = m.settle(work)
	return m, done, impossible
}

const (
	largeSample = 4000 // items from which on a sample pays
	samplePart  = 8    // it has so manyeth part of them
	chooseWork  = 100  // units for a copy
)

// part returns a network of a random part of the items and of the slots.
func (n *network) part(rng *rand.Rand) *network {
	part := &network{nodes: n.nodes, slots: make([]int64, n.nodes), large: n.large, entries: n.entries, relief: n.relief}
	for _, it := range n.items {
		if rng.IntN(samplePart) == 0 {
			it.first = int32(part.copies)
			part.copies += int(it.count)
			part.taken += it.size * int64(it.count)
			part.items = append(part.items, it)
		}
	}
	for j, s := range n.slots {
		high, low := bits.Mul64(uint64(s), uint64(part.taken))
		low, carry := bits.Add64(low, uint64(n.taken-1), 0)
		share, _ := bits.Div64(high+carry, low, uint64(n.taken))
		part.slots[j] = int64(share)
	}
	return part
}
