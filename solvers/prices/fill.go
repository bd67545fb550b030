package prices

import (
	"cmp"
	"math"
	"slices"
)

// A first placement at the prices. Copies whose cheapest node, rent included, has a
// name come first, those before others that lose most with their second cheapest
// (the regret of S. Martello and P. Toth's MTHG, IFORS 1981, at prices); then come
// those that are as well off anywhere in their set, the largest first, and take the
// cheapest node with room, beginning with those that nobody else wants.
//
// Prices leave a copy the choice of several nodes at the same cost, and they do not
// say when one is full of cpu and another of memory. So a copy weighs on a node by
// what it takes of each resource times how full that is: little against what costs
// differ by, but enough to spread unlike copies evenly.
//
// Copies that find no room stay without a node. Cost: a sort, and O(named nodes +
// log nodes) a copy. It returns false where the board says stop.
func (s *state) fill() bool {
	type ranked struct {
		away bool // in its set
		key  float64
		copy int32
	}
	order := make([]ranked, 0, len(s.at))
	for i := range s.items {
		it := &s.items[i]
		first, second := math.Inf(1), math.Inf(1)
		for _, o := range s.options(it) {
			if v := float64(o.cost) + s.rent(it.kind, o.node); v < first {
				first, second = v, first
			} else {
				second = min(second, v)
			}
		}
		r := ranked{}
		if rest := s.rest[it.choice]; rest != nowhere {
			away := float64(rest) + float64(s.low[it.kind])/s.unit()
			r.away = away < first
			second = min(second, away)
		}
		if r.key = second - first; r.away {
			r.key = s.bulk(it)
		}
		for r.copy = it.first; r.copy < it.first+it.count; r.copy++ {
			order = append(order, r)
		}
	}
	slices.SortFunc(order, func(a, b ranked) int {
		if a.away != b.away {
			if a.away {
				return 1
			}
			return -1
		}
		return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.copy, b.copy))
	})
	s.work += int64(len(order)) * 200
	for k, r := range order {
		if r.away && (k == 0 || !order[k-1].away) {
			s.space.sort()
		}
		if j, _ := s.best(s.itemAt(r.copy), nobody, choice, 1); j != nobody {
			s.put(r.copy, j)
		}
		if k%1024 == 0 && !s.goOn() {
			return false
		}
	}
	return true
}

// bulk is what a copy takes in all, in copies of mean size.
func (s *state) bulk(it *item) float64 {
	sum := 0.0
	for r, size := range s.takes(it.kind, 0) {
		sum += float64(size) / s.mean[r]
	}
	return sum
}
