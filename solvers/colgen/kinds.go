//go:build cgo

package colgen

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// kinds is a placement problem restated for the method patterns. Copies that differ in nothing but
// where they run today are of one kind: away from there, one costs what the other does. A copy of
// kind k on node j is a guest, which costs guest(k,j), or stays where it runs, which costs what
// that says; both beside its item's fee, which is paid in any case. No placement costs less in
// these terms than in its own, whatever was put into one kind: guest(k,j) is the least of all items
// of the kind, and rules but those that allow one copy on a node are left to others.
type kinds struct {
	problem *model.Problem
	nodes   int
	kinds   []kind
	of      []int32  // by item
	stays   [][]stay // by node
	guest   []int64  // by node and kind [j*len(kinds)+k], in steps
	base    int64    // all fees
	leaving int64    // the most that leaving saves a copy of, in steps
	shift   uint     // prices and costs are in steps of cost over 1<<shift
}

type kind struct {
	items   []int32
	copies  int64
	out     int64 // copies that may be left out …
	leftOut int64 // … and what that costs at least, in steps
	demand  *model.DemandRow
	domain  *model.Domain
	size    int32 // its demand, by number
	single  bool  // a node holds one copy at most
}

// stay is so many copies of a kind that may stay on a node, and what each costs there.
type stay struct {
	kind, item, copies int32
	cost               int64
}

// sameness is what the items of a kind have in common.
type sameness struct {
	demand, domain int32
	fetch          *model.CostRow
	rule           int // of those that allow one on a node; −1 − item: its own; 0: none
}

const (
	maxGuests  = 5_000_000 // pairs of kind and node
	priceBits  = 20        // of a step of cost, where costs leave room for them
	largestSum = 50        // bits of what all copies may cost
)

// newKinds restates a problem. It fails with search.ErrTooLarge where there are too many kinds, or
// costs too large.
func newKinds(p *model.Problem) (*kinds, error) {
	s := &kinds{problem: p, nodes: len(p.NodeNames), of: make([]int32, len(p.Items)), stays: make([][]stay, len(p.NodeNames))}
	s.sort()
	if len(s.kinds)*s.nodes > maxGuests {
		return nil, fmt.Errorf("patterns: %d kinds of copies on %d nodes: %w", len(s.kinds), s.nodes, search.ErrTooLarge)
	}
	s.guest = slices.Repeat([]int64{math.MaxInt64}, s.nodes*len(s.kinds))
	for k := range s.kinds {
		s.kinds[k].leftOut = math.MaxInt64
	}
	s.base = p.Offset
	for i := range p.Items {
		s.load(int32(i))
	}
	return s, s.scale()
}

// sort finds the kinds.
func (s *kinds) sort() {
	p := s.problem
	rule := make([]int, len(p.Items))
	for c := range p.Constraints {
		if r := &p.Constraints[c]; r.Kind == model.AntiAffinity && r.Weight == 0 {
			for _, m := range r.Members {
				if item := &p.Items[m.Item]; item.Count == 1 || item.Apart >= 0 { // else its own copies may share a node
					rule[m.Item] = c + 1
				}
			}
		}
	}
	kindOf := map[sameness]int32{}
	for i := range p.Items {
		item := &p.Items[i]
		key := sameness{item.Demand, item.Domain, p.FetchRow(int(p.TasksOf(int32(i))[0])), rule[i]}
		if key.rule == 0 && item.Apart >= 0 {
			key.rule = -1 - i
		}
		k, known := kindOf[key]
		if !known {
			k = int32(len(s.kinds))
			kindOf[key] = k
			s.kinds = append(s.kinds, kind{size: item.Demand, demand: &p.Demands[item.Demand], domain: &p.Domains[item.Domain], single: key.rule != 0})
		}
		s.of[i] = k
		s.kinds[k].items = append(s.kinds[k].items, int32(i))
		s.kinds[k].copies += int64(item.Count)
	}
}

// homes lists where copies of an item cost less than others do: where it runs, or has a rebate.
func (s *kinds) homes(i int32) (homes []stay) {
	item := &s.problem.Items[i]
	row := &s.problem.Costs[item.Cost]
	for _, r := range s.problem.Rebates[item.Rebates.From:item.Rebates.To] {
		homes = append(homes, stay{r.Node, i, r.Upto, row.At(r.Node) - r.Amount})
	}
	for _, r := range s.problem.Runs[item.Runs.From:item.Runs.To] {
		if !slices.ContainsFunc(homes, func(h stay) bool { return h.kind == r.Node }) {
			homes = append(homes, stay{r.Node, i, item.Count, row.At(r.Node)})
		}
	}
	return homes // with the node for the kind
}

// load adds an item: its fee is the least that it costs as a guest.
func (s *kinds) load(i int32) {
	item := &s.problem.Items[i]
	k, row := &s.kinds[s.of[i]], &s.problem.Costs[item.Cost]
	homes := s.homes(i)
	isGuest := func(j int32) bool {
		return k.domain.Has(j) && (item.Rebates.To > item.Rebates.From || !slices.ContainsFunc(homes, func(h stay) bool { return h.kind == j }))
	}
	fee := int64(math.MaxInt64)
	for j := range int32(s.nodes) {
		if isGuest(j) {
			fee = min(fee, row.At(j))
		}
	}
	if fee == math.MaxInt64 { // it may be nowhere else
		fee = 0
	}
	for j := range int32(s.nodes) {
		if isGuest(j) {
			at := int(j)*len(s.kinds) + int(s.of[i])
			s.guest[at] = min(s.guest[at], row.At(j)-fee)
		}
	}
	for _, h := range homes {
		if k.domain.Has(h.kind) {
			s.stays[h.kind] = append(s.stays[h.kind], stay{s.of[i], i, h.copies, h.cost - fee})
		}
	}
	s.base += fee * int64(item.Count)
	if item.Unplaced != model.NoLimit {
		k.out += int64(item.Count)
		k.leftOut = min(k.leftOut, item.Unplaced-fee)
	}
}

// scale brings costs to steps.
func (s *kinds) scale() error {
	largest := int64(1)
	each := func(f func(cost *int64)) {
		for n := range s.guest {
			if s.guest[n] < math.MaxInt64 {
				f(&s.guest[n])
			}
		}
		for j := range s.stays {
			for n := range s.stays[j] {
				f(&s.stays[j][n].cost)
			}
		}
		for k := range s.kinds {
			if s.kinds[k].out > 0 {
				f(&s.kinds[k].leftOut)
			}
		}
	}
	each(func(cost *int64) { largest = max(largest, magnitude(*cost)) })
	room := largestSum - bits.Len64(uint64(largest)) - bits.Len64(uint64(s.problem.Copies+1))
	if room < 0 {
		return fmt.Errorf("patterns: costs of up to %d for %d copies: %w", largest, s.problem.Copies, search.ErrTooLarge)
	}
	s.shift = uint(min(room, priceBits))
	each(func(cost *int64) { *cost <<= s.shift })
	for j := range s.stays {
		for _, at := range s.stays[j] {
			s.leaving = max(s.leaving, -at.cost)
		}
	}
	return nil
}

// guestOn is what a guest of a kind costs on a node; math.MaxInt64 where it may not be there.
func (s *kinds) guestOn(j int, k int32) int64 { return s.guest[j*len(s.kinds)+int(k)] }

// most is how many copies of a kind a node holds at most, if there is room.
func (s *kinds) most(k int32) int32 {
	if s.kinds[k].single {
		return 1
	}
	return int32(min(s.kinds[k].copies, math.MaxInt32))
}

// fits says how many copies of what a kind takes fit on an empty node.
func (s *kinds) fits(j int, k int32) int64 {
	most := int64(s.problem.Copies)
	r := len(s.problem.Resources)
	room := s.problem.Capacity[j*r:][:r]
	for n, need := range s.kinds[k].demand.On(int32(j)) {
		if need > 0 {
			most = min(most, room[n]/need)
		}
	}
	return most
}

// bound brings a value in steps to the cost that it says everything has at least.
func (s *kinds) bound(steps int64) int64 { return s.base - integer.FloorDiv(-steps, 1<<s.shift) }
