package heuristics

import (
	"cmp"
	"context"
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// Penalty first: who would pay most away from home goes home first.
//
// The penalty of an item is what its second cheapest node costs more than its
// cheapest, looking at costs alone: for a task with a home and one price
// elsewhere, that price. Items are taken by falling penalty; each goes to its
// cheapest node where that still fits, else to the cheapest that does. It is the
// opening move of Martello and Toth's MTHG (IFORS 1981) with the penalties fixed
// once: an item that has lost its home keeps its rank. (regret.go re-evaluates.)
//
// Beyond the plain heuristic: leaving out counts as a node at its price, and an
// item that traffic or rules bind is placed by what it costs beside those placed
// before. A sort and O(exceptions + log nodes) an item.
var PenaltyFirst = &search.Method{
	Name:    "penalty-first",
	Short:   "the items that would pay most away from their cheapest node go there first",
	Source:  "S. Martello, P. Toth: An algorithm for the generalized assignment problem, IFORS 1981 (without re-evaluation)",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		if b.placeByPenalty() {
			b.finish()
		}
		return nil
	},
}

// placeByPenalty places all items by falling penalty. It returns false where the
// board stopped it.
func (b *builder) placeByPenalty() bool {
	return b.placeRest(descending(b.penalties()))
}

// penalties returns by item what the second cheapest way to place a copy costs
// more than the cheapest, or the most there is where there is no second way.
func (b *builder) penalties() []int64 {
	p := b.p
	penalties := make([]int64, len(p.Items))
	for i := range p.Items {
		it := &p.Items[i]
		best := two{none, none}
		best.add(b.leaveOut(int32(i)))
		row, domain := &p.Costs[it.Cost], &p.Domains[it.Domain]
		if row.Nodes == nil && row.Values != nil {
			b.spent += int64(2 * len(row.Values))
			for _, j := range b.nodesOf(it) {
				best.add(option{j, row.Values[j]})
			}
		} else {
			rest := domain.Size
			for k, j := range row.Nodes {
				if domain.Has(j) {
					best.add(option{j, row.Values[k]})
					rest--
				}
			}
			for range min(rest, 2) {
				best.add(option{0, row.Rest})
			}
		}
		penalties[i] = math.MaxInt64
		if best.second.cost != none.cost {
			penalties[i] = best.second.cost - best.first.cost
		}
	}
	return penalties
}

// descending returns the indices of keys by falling key, equal ones by the next keys, and
// in order where those are equal too.
func descending(keys ...[]int64) []int32 {
	order := make([]int32, len(keys[0]))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int {
		for _, k := range keys {
			if k[a] != k[b] {
				return cmp.Compare(k[b], k[a])
			}
		}
		return 0
	})
	return order
}
