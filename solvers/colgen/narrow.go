//go:build cgo

package colgen

import (
	"context"
	"math"
	"slices"

	"berth/search"
	"berth/solvers/lp"
)

// What is left to decide, once the bound of patterns is near the cost of the best placement. A copy
// that comes to a node, or leaves it, takes room from what the node holds at the best prices, and the
// bound rises by what that loses; where it passes the cost, no better placement has it (L.A.
// Wolsey, Integer Programming, 1998, section 7.4, for one row). Mostly few copies may move then, and the
// program of lp with all rules is small.

const (
	narrowWork   = 100_000_000 // of the first search of what is left …
	narrowGrowth = 4           // … and each is so much longer than the last, …
	narrowings   = 3           // … of so many
	mostWeighed  = 100_000     // of item and node, up to which it is looked at what is left …
	mostNarrowed = 10_000      // … and up to which that is searched
)

// narrow searches what is left for better placements.
func (s *patternSearch) narrow(ctx context.Context) {
	best, cost := s.board.Best()
	s.high = math.MinInt64 // what the packs of this evaluation come to
	if best == nil || len(s.of)*s.nodes > mostWeighed || !s.evaluate(slices.Clone(s.best)) || !s.weigh(cost) {
		return
	}
	left := 0
	q := s.problem.Narrow(func(i, j int32) bool {
		may := s.mayBe(i, j)
		if may {
			left++
		}
		return may
	})
	if q == nil {
		s.board.RaiseBelow(cost)
		return
	}
	if left > mostNarrowed {
		return
	}
	work := int64(narrowWork)
	for range narrowings {
		limits := search.Limits{Work: max(min(work, s.board.Left()), 1)}
		own := search.NewBoard(ctx, q, limits, s.board.Seed(), 1, nil)
		own.Offer(best, cost)
		if lp.Methods()[0].Run(ctx, q, own) != nil {
			return
		}
		if pl, found := own.Best(); found < cost {
			best, cost = pl, found
			s.board.Offer(pl, found)
		}
		if own.Done() {
			s.board.RaiseBelow(cost)
		}
		if !s.board.Work(limits.Work-own.Left()) || s.board.Done() {
			return
		}
		work *= narrowGrowth
	}
}

// weigh finds what a placement cheaper than cost may have: which guests come to which node, and who
// may leave. It returns false where the run has to stop.
func (s *patternSearch) weigh(cost int64) bool {
	slack := (cost-1-s.base)<<s.shift - s.high // what such a placement may lose
	s.comes, s.keeps = make([]bool, len(s.guest)), slices.Repeat([]int32{-1}, len(s.of))
	w, patience := &s.packers[0], max(s.stages, provingStages)
	defer func() { w.without = guests }()
	for j := range s.nodes {
		limit := s.packs[j].bound - slack // what the node gains at least
		for size, kinds := range s.sizes {
			rest, fits := s.roomBeside(j, size)
			if len(kinds) == 0 || !fits {
				continue
			}
			gain := w.packInto(j, s.best, s.rooms[j], rest, patience).bound
			for _, k := range kinds {
				guest := s.guestOn(j, k)
				s.comes[j*len(s.kinds)+int(k)] = guest < math.MaxInt64 && s.priceOn(s.best, k, j)-guest+gain >= limit
			}
		}
		for n, at := range s.stays[j] {
			if w.without = int32(n); at.copies == 1 && s.problem.Items[at.item].Count == 1 && w.pack(j, s.best, s.rooms[j], patience).bound < limit {
				s.keeps[at.item] = int32(j)
			}
		}
		if w.without = guests; !s.count() {
			return false
		}
	}
	return true
}

// mayBe says whether a placement cheaper than the best may have an item on a node.
func (s *patternSearch) mayBe(i, j int32) bool {
	if s.keeps[i] >= 0 {
		return s.keeps[i] == j
	}
	return s.comes[int(j)*len(s.kinds)+int(s.of[i])] || slices.ContainsFunc(s.stays[j], func(at stay) bool { return at.item == i })
}

// roomBeside is the room that a node has beside a copy of a size; false: it has none for that.
func (s *patternSearch) roomBeside(j, size int) (rest []int64, fits bool) {
	demand := s.problem.Demands[size].On(int32(j))
	rest = slices.Clone(s.problem.Capacity[j*len(demand):][:len(demand)])
	for r, need := range demand {
		if rest[r] -= need; rest[r] < 0 {
			return nil, false
		}
	}
	return rest, true
}
