//go:build cgo

package colgen

import (
	"context"
	"math"
	"slices"

	"berth/model"
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
	mostNarrowed = 10_000      // pairs of item and node that are left
)

// narrow searches what is left for better placements.
func (s *patternSearch) narrow(ctx context.Context) {
	best, cost := s.board.Best()
	s.high = math.MinInt64 // what the packs of this evaluation come to
	if best == nil || !s.evaluate(slices.Clone(s.best)) {
		return
	}
	q, left := s.narrowed(cost)
	if !s.count() {
		return
	}
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
		for _, m := range lp.Methods() {
			if m.Run(ctx, q, own) != nil {
				return
			}
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

// narrowed is the problem with the places alone that a placement cheaper than cost may have, and how
// many pairs of item and node there are; nil: there is none.
func (s *patternSearch) narrowed(cost int64) (q *model.Problem, left int) {
	slack := (cost-1-s.base)<<s.shift - s.high     // what a placement may lose
	comes := make([]bool, len(s.guest))            // by node and kind: a guest may
	stays := slices.Repeat([]int32{-1}, len(s.of)) // by item: the node that it does not leave
	w := &s.packers[0]
	patience := max(s.stages, provingStages)
	for j := range s.nodes {
		w.without = guests
		limit := s.packs[j].bound - slack // what a node gains at least
		for size, kinds := range s.sizes {
			if len(kinds) == 0 {
				continue
			}
			rest, fits := s.roomBeside(j, size)
			if !fits {
				continue
			}
			gain := w.packInto(j, s.best, s.rooms[j], rest, patience).bound
			for _, k := range kinds {
				if price := s.guestOn(j, k); s.kinds.kinds[k].domain.Has(int32(j)) && price < math.MaxInt64 && s.priceOn(s.best, k, j)-price+gain >= limit {
					comes[j*len(s.kinds.kinds)+int(k)] = true
				}
			}
		}
		for n, at := range s.stays[j] {
			if at.copies == 1 && s.problem.Items[at.item].Count == 1 {
				w.without = int32(n)
				if w.pack(j, s.best, s.rooms[j], patience).bound < limit {
					stays[at.item] = int32(j)
				}
			}
		}
		w.without = guests
	}
	q = s.problem.Narrow(func(i, j int32) bool {
		may := comes[int(j)*len(s.kinds.kinds)+int(s.of[i])] || slices.ContainsFunc(s.stays[j], func(at stay) bool { return at.item == i })
		may = may && (stays[i] < 0 || stays[i] == j)
		if may {
			left++
		}
		return may
	})
	return q, left
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
