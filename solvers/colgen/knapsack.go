package colgen

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// The knapsack of one node over any number of resources: which copies, at these
// profits, are worth most together? Tables over two or three capacities grow with
// their product, so this is a search instead, and one that is usually short.
//
// With a price λ(r) for each resource, any set that fits is worth
//
//	Σ_r λ(r)·room(r) + Σ_i rest(i)·x(i) − Σ_r λ(r)·(room left),  rest(i) = profit(i) − Σ_r λ(r)·need(i,r)
//
// so it loses, against the bound in which every item with rest > 0 is in, |rest| for
// every copy that is on the other side, and λ for all room that it leaves. The best
// set loses least. The search decides the items with the largest |rest| first: the
// wrong side costs them too much, and only the few whose rest is near 0 remain (the
// core of E. Balas and E. Zemel, An algorithm for large zero-one knapsack problems,
// Operations Research 28, 1980; for several resources J. Puchinger, G.R. Raidl and
// U. Pferschy, The multidimensional knapsack problem: structure and algorithms,
// INFORMS Journal on Computing 22, 2010). The prices come from an exact walk along
// edges of the dual, beginning at those of the last call. All of it is in integers
// but the choice of λ, and every λ ≥ 0 is right.
//
// Items that may not share the node are foes. Of a clique of foes only the best
// counts in the bound, and who passes over it loses the difference to the next.
//
// The same search with one item held on its other side says what that costs, and
// whatever sets it meets speak for all their items. Cost: some hundred steps of
// 10 ns for 30 profitable items of which 10 fit; it grows exponentially with the
// core. A search that takes too long is given up, and what the prices alone prove
// is used.
type knapsack struct {
	resources int
	entries   []entry // profitable, those decided first in front
	need      []int64 // by entry and resource
	part      []float64
	behind    []int64   // behind[t*resources+r]: what entries t and later can take
	price     []int64   // λ, times 1<<fine
	share     []float64 // of the node's room that is left, by resource
	fine      uint
	top       int64 // the bound, times 1<<fine

	left   []int64 // room, during a search
	best   int64   // least loss met, or the limit below which to look
	taken  []int32 // copies by entry, during a search …
	chosen []int32 // … and of the best set
	steps  int     // that this search has left

	blocked []int32   // by item: foes of it that are taken
	busy    []int32   // by clique: members with rest > 0 that are taken
	foes    [][]int32 // by item, nil: none
	clique  []int32   // by item, -1: none

	held, low, high int         // an entry that is held to so many copies; held < 0: none
	meet            func(int64) // called with every set that is met, its copies in taken

	singles []single // the entries and an end, where that is all they are; else empty
	prices  [2]int64 // λ of theirs, times 1<<fine

	stages stages
	kinks  []kink
	work   int64
}

// entry is an item that pays.
type entry struct {
	item   int32
	copies int32
	profit int64
	rest   int64 // times 1<<fine
	skip   int64 // what is lost, times 1<<fine, when it is not taken, and none of its clique with rest > 0 before it
	clique int32 // -1: none
}

// worth is what the entry adds to the bound if all its copies are in.
func (e *entry) worth() int64 { return e.rest * int64(e.copies) }

// A search that takes too long is ended: one for the best set, and one for what it
// costs to hold an item on its other side, of which there are many.
const (
	solveSteps = 10_000
	hastySteps = 50 // beyond one an entry
	fewEntries = 64 // more are sorted in another way
	holdSteps  = 1_000
)

// load takes over items with their profits, which are positive, and the room that is
// left of a node's, which it keeps. prices are the λ of the last time in units of
// profit for all the node's room; they are improved in place.
func (s *knapsack) load(entries []entry, need []int64, part []float64, left, room []int64, prices []float64) {
	s.resources, s.left = len(room), left
	s.share = s.share[:0]
	for r := range room {
		s.share = append(s.share, float64(left[r])/float64(max(room[r], 1)))
	}
	total := int64(1)
	for t := range entries {
		total += entries[t].profit * int64(entries[t].copies)
	}
	s.fine = uint(min(max(60-bits.Len64(uint64(total)*uint64(len(room)+3)), 0), 20))
	s.entries, s.need, s.part = entries, need, part
	s.descend(prices)
	s.price = append(s.price[:0], make([]int64, s.resources)...)
	s.top = 0
	for r, room := range room {
		if room > 0 && prices[r] > 0 {
			s.price[r] = int64(math.Ldexp(min(prices[r], float64(total)), int(s.fine)) / float64(room))
			s.top += s.price[r] * left[r]
		}
	}
	for t := range entries {
		e := &entries[t]
		e.rest = e.profit << s.fine
		for r, price := range s.price {
			e.rest -= price * need[t*s.resources+r]
		}
	}
	s.order()
	s.rate()
	s.flatten()
	s.taken = append(s.taken[:0], make([]int32, len(entries))...)
	s.chosen = append(s.chosen[:0], s.taken...)
	s.held, s.meet = -1, nil
}

// rate completes the bound. Of a clique only the best member counts in it: who skips
// that one loses the difference to the next.
func (s *knapsack) rate() {
	for t := range s.entries {
		e := &s.entries[t]
		e.clique, e.skip = -1, max(e.worth(), 0)
		if s.clique != nil {
			e.clique = s.clique[e.item]
		}
		first := e.rest > 0
		if e.clique >= 0 && e.rest > 0 {
			for k := t - 1; k >= 0; k-- { // in order of worth
				if before := &s.entries[k]; before.clique == e.clique && before.rest > 0 {
					before.skip -= e.worth()
					first = false
					break
				}
			}
		}
		if first {
			s.top += e.worth()
		}
	}
}

// order sorts the entries by what their copies are worth or cost, largest first, and
// sums up needs from behind.
func (s *knapsack) order() {
	n := len(s.entries)
	if n > fewEntries {
		s.sort()
		s.work += int64(n * 40)
	} else {
		for a := 1; a < n; a++ { // few, and nearly in order
			for b := a; b > 0 && magnitude(s.entries[b].worth()) > magnitude(s.entries[b-1].worth()); b-- {
				s.entries[b], s.entries[b-1] = s.entries[b-1], s.entries[b]
				for r := range s.resources {
					x, y := b*s.resources+r, (b-1)*s.resources+r
					s.need[x], s.need[y] = s.need[y], s.need[x]
					s.part[x], s.part[y] = s.part[y], s.part[x]
				}
			}
		}
		s.work += int64(n * (n/8 + 4))
	}
	s.behind = append(s.behind[:0], make([]int64, (n+1)*s.resources)...)
	for t := n - 1; t >= 0; t-- {
		for r := range s.resources {
			s.behind[t*s.resources+r] = s.behind[(t+1)*s.resources+r] + s.need[t*s.resources+r]*int64(s.entries[t].copies)
		}
	}
}

// sort sorts entries that are many as order does those that are few.
func (s *knapsack) sort() {
	places := make([]int, len(s.entries))
	for t := range places {
		places[t] = t
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Compare(magnitude(s.entries[b].worth()), magnitude(s.entries[a].worth()))
	})
	entries, need, part := slices.Clone(s.entries), slices.Clone(s.need), slices.Clone(s.part)
	for t, from := range places {
		s.entries[t] = entries[from]
		copy(s.need[t*s.resources:][:s.resources], need[from*s.resources:])
		copy(s.part[t*s.resources:][:s.resources], part[from*s.resources:])
	}
}

func magnitude(a int64) int64 { return max(a, -a) }

// solve looks for the set with the least loss below limit, where lost is lost already, and says
// whether it had looked everywhere within the given number of steps. The least loss is then in
// best, which is limit where there is no such set.
func (s *knapsack) solve(lost, limit int64, steps int) bool {
	s.best, s.steps = limit, steps
	if len(s.singles) > 0 {
		var left [2]int64
		copy(left[:], s.left)
		s.searchSingles(0, lost, left)
	} else {
		s.search(0, lost)
	}
	s.work += int64(steps-s.steps) * 12
	return s.steps > 0
}

// settle looks for the best set of all within so many steps and, where that does not end, by stages
// with so much work. It says whether it came to an end; else most says no more than what was shown.
func (s *knapsack) settle(steps int, stages int64) (exact bool) {
	exact = s.solve(0, s.top+1, steps)
	if !exact && stages > 0 {
		least := int64(0)
		if least, exact = s.stage(s.best, stages); !exact {
			s.top -= least
		}
	}
	return exact
}

// most is what no set is worth more than.
func (s *knapsack) most() int64 { return -(-s.top >> s.fine) }

// search decides the entries from t on.
func (s *knapsack) search(t int, loss int64) {
	if s.steps--; s.steps <= 0 {
		return
	}
	slack := int64(0)
	for r, price := range s.price {
		if idle := s.left[r] - s.behind[t*s.resources+r]; idle > 0 {
			slack += price * idle
		}
	}
	if loss+slack >= s.best {
		return
	}
	if t == len(s.entries) {
		s.found(loss + slack)
		return
	}
	e := &s.entries[t]
	low, high := int32(0), e.copies
	if t == s.held {
		low, high = int32(s.low), int32(s.high)
	}
	skip := e.skip
	if e.clique >= 0 && s.busy[e.clique] > 0 {
		skip, high = 0, 0
	} else if s.foes != nil && s.blocked[e.item] > 0 {
		high = 0
	}
	need := s.need[t*s.resources:][:s.resources]
	for r, n := range need {
		if n > 0 {
			high = int32(min(int64(high), s.left[r]/n))
		}
	}
	if high < low {
		return
	}
	if e.rest > 0 {
		for n := high; n >= max(low, 1); n-- {
			extra := int64(e.copies-n) * e.rest
			if loss+extra >= s.best {
				break
			}
			s.with(t, n, need, loss+extra)
		}
		if low == 0 && loss+skip < s.best {
			s.with(t, 0, need, loss+skip)
		}
	} else {
		for n := low; n <= high; n++ {
			extra := int64(n) * -e.rest
			if loss+extra >= s.best {
				break
			}
			s.with(t, n, need, loss+extra)
		}
	}
	s.taken[t] = 0
}

// found keeps the set that is taken, and what it loses.
func (s *knapsack) found(loss int64) {
	s.best = loss
	copy(s.chosen, s.taken)
	if s.meet != nil {
		s.meet(loss)
	}
}

// with goes on with n copies of entry t.
func (s *knapsack) with(t int, n int32, need []int64, loss int64) {
	s.taken[t] = n
	if n == 0 {
		s.search(t+1, loss)
		return
	}
	for r := range need {
		s.left[r] -= int64(n) * need[r]
	}
	e := &s.entries[t]
	s.block(e.item, 1)
	if e.clique >= 0 && e.rest > 0 {
		s.busy[e.clique]++
		s.search(t+1, loss)
		s.busy[e.clique]--
	} else {
		s.search(t+1, loss)
	}
	s.block(e.item, -1)
	for r := range need {
		s.left[r] += int64(n) * need[r]
	}
}

// block counts an item among those that are taken, for its foes; −1 takes that back.
func (s *knapsack) block(i, by int32) {
	if s.foes == nil {
		return
	}
	for _, k := range s.foes[i] {
		s.blocked[k] += by
	}
}

// kink is where an item changes sides along a line of prices.
type kink struct {
	at    float64
	bend  float64 // by how much the slope rises there
	entry int
}

// descend improves prices, in units of profit for the whole room, by exact
// searches along lines: the axes, then the edges on which the item of the last kink
// keeps a rest of 0. For two resources that is the dual simplex method.
func (s *knapsack) descend(prices []float64) {
	line := make([]float64, s.resources)
	for range 4 {
		moved := false
		for r := range prices {
			clear(line)
			line[r] = 1
			last := s.along(prices, line)
			for range 6 {
				if last < 0 {
					break
				}
				moved = true
				s.edge(line, last, r)
				last = s.along(prices, line)
			}
		}
		if !moved {
			return
		}
	}
}

// edge makes line the direction of axis r on which entry t keeps its rest.
func (s *knapsack) edge(line []float64, t, r int) {
	part := s.part[t*s.resources:][:s.resources]
	norm := 0.0
	for _, p := range part {
		norm += float64(p * p)
	}
	for q := range line {
		line[q] = -part[q] * part[r] / norm
	}
	line[r]++
}

// along moves prices to the lowest point of the bound on a line, either way, and
// returns the entry whose kink that is; -1 where it did not move or met no kink.
func (s *knapsack) along(prices, line []float64) int {
	rest := func(t int) (value, rate float64) {
		value = float64(s.entries[t].profit)
		for r, p := range s.part[t*s.resources:][:s.resources] {
			value -= float64(p * prices[r])
			rate -= float64(p * line[r])
		}
		return value, rate
	}
	s.work += int64(len(s.entries) * s.resources * 4)
	ahead, back := 0.0, 0.0 // slopes both ways
	for r := range line {
		ahead += float64(line[r] * s.share[r])
		back -= float64(line[r] * s.share[r])
		if prices[r] <= 0 && line[r] < 0 {
			ahead = math.Inf(1)
		}
		if prices[r] <= 0 && line[r] > 0 {
			back = math.Inf(1)
		}
	}
	scale := 0.0
	for t := range s.entries {
		value, rate := rest(t)
		copies := float64(s.entries[t].copies)
		near := 1e-9 * float64(s.entries[t].profit)
		scale = max(scale, math.Abs(rate))
		if value > near || value >= -near && rate > 0 {
			ahead += float64(copies * rate)
		}
		if value > near || value >= -near && rate < 0 {
			back -= float64(copies * rate)
		}
	}
	slope := ahead
	switch {
	case ahead < -1e-9*scale:
	case back < -1e-9*scale:
		slope = back
		for r := range line {
			line[r] = -line[r]
		}
	default:
		return -1
	}
	end := math.Inf(1)
	for r := range line {
		if line[r] < 0 {
			end = min(end, -prices[r]/line[r])
		}
	}
	s.kinks = s.kinks[:0]
	for t := range s.entries {
		value, rate := rest(t)
		near := 1e-9 * float64(s.entries[t].profit)
		if value > near && rate < 0 || value < -near && rate > 0 {
			s.kinks = append(s.kinks, kink{-value / rate, math.Abs(rate) * float64(s.entries[t].copies), t})
		}
	}
	slices.SortFunc(s.kinks, func(a, b kink) int {
		switch {
		case a.at < b.at:
			return -1
		case a.at > b.at:
			return 1
		}
		return a.entry - b.entry
	})
	at, last := 0.0, -1
	for _, k := range s.kinks {
		if k.at >= end {
			break
		}
		at, last = k.at, k.entry
		if slope += k.bend; slope >= 0 {
			break
		}
	}
	if slope < 0 {
		if math.IsInf(end, 1) {
			return -1
		}
		at, last = end, -1
	}
	for r := range prices {
		prices[r] = max(prices[r]+float64(at*line[r]), 0)
	}
	return last
}
