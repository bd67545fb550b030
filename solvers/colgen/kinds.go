//go:build cgo

package colgen

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// census is a placement problem restated for the method patterns. Copies that differ in nothing but
// where they run today are of one kind: away from there, one costs what the other does. A copy of
// kind k on node j is a guest, which costs guest(k,j), or stays where it runs, which costs what
// that says; both beside its item's fee, which is paid in any case. No placement costs less in
// these terms than in its own, whatever was put into one kind: guest(k,j) is the least of all items
// of the kind, and rules but those that allow one copy on a node are left to others.
type census struct {
	problem *model.Problem
	nodes   int
	kinds   []kind
	of      []int32   // by item
	sizes   [][]int32 // kinds by what they take
	stays   [][]stay  // by node, in the order of sizes
	guest   []int64   // by node and kind [j*len(kinds)+k], in steps
	spreads []spreading
	prices  int   // of them there are: one a kind, then one a place of each spread
	base    int64 // all fees
	leaving int64 // what it costs a copy at most to leave, in steps
	dearest int64 // no price is more, of either sign
	shift   uint  // prices and costs are in steps of cost over 1<<shift
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
	spread  int32 // the rule that it is part of, -1: none
	times   int64 // that many replicas a copy counts there
}

// spreading is a rule that all places of a topology hold about the same of its kinds.
type spreading struct {
	place  []int32 // by node
	places int
	first  int // of its prices
	skew   int64
	most   int64 // replicas in all
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
	spread         int32
	times          int64
}

const (
	maxGuests  = 5_000_000 // pairs of kind and node
	maxSpread  = 40_000    // … with spreads, which make many kinds
	maxPlaces  = 16        // of a spread that is kept
	maxTimes   = 16        // that a copy counts in one
	priceBits  = 20        // of a step of cost, where costs leave room for them
	largestSum = 46        // bits of what all copies may cost …
	dearestSum = 50        // … and of what they may be worth, so that nothing overflows
)

// newCensus restates a problem, with its spreads or without. It fails with search.ErrTooLarge where
// there are too many kinds, or costs too large. O(items · nodes).
func newCensus(p *model.Problem, spreads bool) (*census, error) {
	s := &census{problem: p, nodes: len(p.NodeNames), of: make([]int32, len(p.Items)), stays: make([][]stay, len(p.NodeNames))}
	s.sort(spreads)
	most := maxGuests
	if spreads {
		most = maxSpread
	}
	if len(s.kinds)*s.nodes > most {
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
	for j := range s.stays {
		slices.SortStableFunc(s.stays[j], func(a, b stay) int { return cmp.Compare(s.kinds[a.kind].size, s.kinds[b.kind].size) })
	}
	return s, s.scale()
}

// sort finds the kinds.
func (s *census) sort(spreads bool) {
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
	spread, times := slices.Repeat([]int32{-1}, len(p.Items)), make([]int64, len(p.Items))
	if spreads {
		s.sortSpreads(spread, times)
	}
	kindOf := map[sameness]int32{}
	for i := range p.Items {
		item := &p.Items[i]
		key := sameness{item.Demand, item.Domain, p.FetchRow(int(p.TasksOf(int32(i))[0])), rule[i], spread[i], times[i]}
		if key.rule == 0 && item.Apart >= 0 {
			key.rule = -1 - i
		}
		k, known := kindOf[key]
		if !known {
			k = int32(len(s.kinds))
			kindOf[key] = k
			s.kinds = append(s.kinds, kind{size: item.Demand, demand: &p.Demands[item.Demand], domain: &p.Domains[item.Domain], single: key.rule != 0, spread: spread[i], times: times[i]})
		}
		s.of[i] = k
		s.kinds[k].items = append(s.kinds[k].items, int32(i))
		s.kinds[k].copies += int64(item.Count)
	}
	s.sizes = make([][]int32, len(p.Demands))
	for k := range s.kinds {
		s.sizes[s.kinds[k].size] = append(s.sizes[s.kinds[k].size], int32(k))
	}
	s.prices = len(s.kinds)
	for r := range s.spreads {
		s.spreads[r].first = s.prices
		s.prices += s.spreads[r].places
	}
}

// sortSpreads finds the spreads that are kept, those of few places whose items are in no other, and
// notes which an item is part of, and how often a copy counts there.
func (s *census) sortSpreads(spread []int32, times []int64) {
	p := s.problem
	for c := range p.Constraints {
		r := &p.Constraints[c]
		barred := slices.ContainsFunc(r.Members, func(m model.Member) bool { return spread[m.Item] >= 0 || m.Times > maxTimes })
		if r.Kind != model.Spread || r.Weight > 0 || barred || len(p.Topologies[r.Topology].Names) > maxPlaces {
			continue
		}
		kept := spreading{place: p.Topologies[r.Topology].Place, places: len(p.Topologies[r.Topology].Names)}
		for _, m := range r.Members {
			spread[m.Item], times[m.Item] = int32(len(s.spreads)), m.Times
			kept.most += m.Times * int64(p.Items[m.Item].Count)
		}
		kept.skew = min(r.MaxSkew, kept.most)
		s.spreads = append(s.spreads, kept)
	}
}

// home is where so many copies of an item cost less than guests do.
type home struct {
	node, copies int32
	cost         int64
}

// homes lists where an item runs, or has a rebate.
func (s *census) homes(i int32) (homes []home) {
	item := &s.problem.Items[i]
	row := &s.problem.Costs[item.Cost]
	for _, r := range s.problem.Rebates[item.Rebates.From:item.Rebates.To] {
		homes = append(homes, home{r.Node, r.Upto, row.At(r.Node) - r.Amount})
	}
	for _, r := range s.problem.Runs[item.Runs.From:item.Runs.To] {
		if !slices.ContainsFunc(homes, func(h home) bool { return h.node == r.Node }) {
			homes = append(homes, home{r.Node, item.Count, row.At(r.Node)})
		}
	}
	return homes
}

// load adds an item: its fee is the least that it costs as a guest.
func (s *census) load(i int32) {
	item := &s.problem.Items[i]
	k, row := &s.kinds[s.of[i]], &s.problem.Costs[item.Cost]
	homes := s.homes(i)
	isGuest := func(j int32) bool {
		return k.domain.Has(j) && (item.Rebates.To > item.Rebates.From || !slices.ContainsFunc(homes, func(h home) bool { return h.node == j }))
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
		if k.domain.Has(h.node) {
			s.stays[h.node] = append(s.stays[h.node], stay{s.of[i], i, h.copies, h.cost - fee})
		}
	}
	s.base += fee * int64(item.Count)
	if item.Unplaced != model.NoLimit {
		k.out += int64(item.Count)
		k.leftOut = min(k.leftOut, item.Unplaced-fee)
	}
}

// scale brings costs to steps.
func (s *census) scale() error {
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
	copies := bits.Len64(uint64(s.problem.Copies + 1))
	room := largestSum - bits.Len64(uint64(largest)) - copies
	if room < 0 {
		return fmt.Errorf("patterns: costs of up to %d for %d copies: %w", largest, s.problem.Copies, search.ErrTooLarge)
	}
	s.shift, s.dearest = uint(min(room, priceBits)), 1<<(dearestSum-copies)
	each(func(cost *int64) { *cost <<= s.shift })
	for j := range s.stays {
		for _, at := range s.stays[j] {
			s.leaving = max(s.leaving, -at.cost)
		}
	}
	if s.leaving == 0 { // nothing runs, or it moves for nothing
		s.leaving = largest << s.shift
	}
	return nil
}

// guestOn is what a guest of a kind costs on a node; math.MaxInt64 where it may not be there.
func (s *census) guestOn(j int, k int32) int64 { return s.guest[j*len(s.kinds)+int(k)] }

// priceOn is what a copy of a kind is worth on a node at prices u.
func (s *census) priceOn(u []int64, k int32, j int) int64 {
	kind := &s.kinds[k]
	if kind.spread < 0 {
		return u[k]
	}
	r := &s.spreads[kind.spread]
	return u[k] + kind.times*u[r.first+int(r.place[j])]
}

// least is how many replicas all places have at prices u where that costs least, and what these and
// those above cost.
func (r *spreading) least(u []int64) (replicas, worth int64) {
	sum := int64(0)
	for _, price := range u[r.first : r.first+r.places] {
		sum += price
		worth += min(price, 0) * r.skew
	}
	if sum < 0 {
		replicas = r.most
	}
	return replicas, worth + replicas*sum
}

// most is how many copies of a kind a node holds at most, if there is room.
func (s *census) most(k int32) int32 {
	if s.kinds[k].single {
		return 1
	}
	return int32(min(s.kinds[k].copies, math.MaxInt32))
}

// bound brings a value in steps to the cost that it says everything has at least.
func (s *census) bound(steps int64) int64 { return s.base - integer.FloorDiv(-steps, 1<<s.shift) }
