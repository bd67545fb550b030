package prices

import (
	"cmp"
	"math"
	"slices"

	"berth/model"
)

// state is a placement in the making: where every copy is, what is free, who is on
// each node, and the cost.
type state struct {
	*ledger
	lambda []float64 // the prices, in units of cost
	at     []int32   // by copy: its node, or nobody's
	on     [][]int32 // by node: its copies
	slot   []int32   // by copy: its index there
	free   []int64   // by node and resource
	cost   int64     // of the copies that are somewhere
	lost   int       // copies that are nowhere
	space  *space
	mean []float64
	kappa float64
}

// nobody is the node of a copy that has none yet.
const nobody int32 = -2

func newState(l *ledger) *state {
	s := &state{
		ledger: l, lambda: make([]float64, len(l.price)), at: make([]int32, len(l.itemOf)),
		on: make([][]int32, l.nodes), slot: make([]int32, len(l.itemOf)), free: slices.Clone(l.room),
		cost: l.problem.Offset, lost: len(l.itemOf),
	}
	for k, price := range l.price {
		s.lambda[k] = float64(price) / l.unit()
	}
	for c := range s.at {
		s.at[c] = nobody
	}
	s.space = newSpace(s)
	return s
}

// costOn returns what a copy of an item pays on node j; nowhere if it may not be there.
func (in *instance) costOn(it *item, j int32) int64 {
	for _, o := range in.options(it) {
		if o.node == j {
			return o.cost
		}
	}
	return in.rest[it.choice]
}

// move takes copy c from where it is to node j, which may be nobody's, at these costs.
func (s *state) move(c, j int32, before, after int64) {
	kind := s.items[s.itemOf[c]].kind
	if old := s.at[c]; old != nobody {
		free := s.free[int(old)*s.resources:]
		for r, size := range s.takes(kind, old) {
			free[r] += size
		}
		list := s.on[old]
		last := list[len(list)-1]
		list[s.slot[c]], s.slot[last] = last, s.slot[c]
		s.on[old] = list[:len(list)-1]
		s.cost -= before
		s.lost++
		s.space.update(old)
	}
	s.at[c] = j
	if j == nobody {
		return
	}
	free := s.free[int(j)*s.resources:]
	for r, size := range s.takes(kind, j) {
		free[r] -= size
	}
	s.slot[c] = int32(len(s.on[j]))
	s.on[j] = append(s.on[j], c)
	s.cost += after
	s.lost--
	s.space.update(j)
}

// fits says whether a copy of kind k has room on node j.
func (s *state) fits(k, j int32) bool {
	free := s.free[int(j)*s.resources:]
	for r, size := range s.takes(k, j) {
		if size > free[r] {
			return false
		}
	}
	return true
}

// priceOf is the price of what a copy of kind k takes on node j, in units of cost.
func (s *state) priceOf(k, j int32) float64 {
	prices, sum := s.lambda[int(j)*s.resources:], 0.0
	for r, size := range s.takes(k, j) {
		sum += float64(prices[r] * float64(size))
	}
	return sum
}

// best returns the cheapest node with room for a copy of an item, other than one,
// at its cost plus so much of the price there.
func (s *state) best(it *item, but int32, theta float64) (node int32, cost int64, value float64) {
	node, value = nobody, math.Inf(1)
	rank := value
	for _, o := range s.options(it) {
		if v := float64(o.cost); o.node != but && v < rank && s.fits(it.kind, o.node) {
			v += theta * s.priceOf(it.kind, o.node)
			if w := v + s.pressure(it.kind, o.node); w < rank {
				node, cost, value, rank = o.node, o.cost, v, w
			}
		}
	}
	if rest := s.rest[it.choice]; rest != nowhere && float64(rest) < value {
		if j := s.space.find(it.kind, but); j != nobody {
			if v := float64(rest) + theta*s.priceOf(it.kind, j); v < value {
				node, cost, value = j, rest, v
			}
		}
	}
	return node, cost, value
}

// placement restates the nodes of all copies for the problem.
func (s *state) placement() model.Placement {
	pl := make(model.Placement, len(s.at))
	for c, j := range s.at {
		pl[c] = j
		if j == s.outside {
			pl[c] = model.NoPlace
		}
	}
	return pl
}

// fill places all copies, those first that lose most, at the prices, where they do
// not get their best node.
func (s *state) fill() {
	type ranked struct {
		regret float64
		copy   int32
	}
	list := make([]ranked, 0, len(s.at))
	for i := range s.items {
		it := &s.items[i]
		first, second := math.Inf(1), math.Inf(1)
		see := func(v float64) {
			if v < first {
				first, second = v, first
			} else {
				second = min(second, v)
			}
		}
		for _, o := range s.options(it) {
			see(float64(o.cost) + s.priceOf(it.kind, o.node))
		}
		away := false
		if rest := s.rest[it.choice]; rest != nowhere {
			v := float64(rest) + float64(s.low[it.kind])/s.unit()
			away = v < first
			see(v)
		}
		if away {
			first = second + 1
		}
		for c := it.first; c < it.first+it.count; c++ {
			list = append(list, ranked{second - first, c})
		}
	}
	slices.SortFunc(list, func(a, b ranked) int {
		if a.regret != b.regret {
			return cmp.Compare(b.regret, a.regret)
		}
		return cmp.Compare(a.copy, b.copy)
	})
	for _, r := range list {
		it := &s.items[s.itemOf[r.copy]]
		if j, cost, _ := s.best(it, nobody, 1); j != nobody {
			s.move(r.copy, j, 0, cost)
		}
	}
}


func (s *state) pressure(k, j int32) float64 {
	sum := 0.0
	at := int(j)*s.resources
	for r, size := range s.takes(k, j) {
		if room := s.room[at+r]; room > 0 {
			sum += float64(size)/s.mean[r]*float64(room-s.free[at+r])/float64(room)
		}
	}
	return sum*s.kappa
}
