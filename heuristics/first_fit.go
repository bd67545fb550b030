package heuristics

import (
	"context"

	"berth/model"
	"berth/search"
)

// First fit, decreasing: the largest item first, each to the first node that it
// fits on.
//
// The bin-packing rule (D. S. Johnson, Near-optimal bin packing algorithms, MIT
// 1973), blind to what anything costs: the yardstick for what looking at costs
// gains. With several resources the size of an item is the sum of its demands,
// each as a part of the mean capacity; with demands that differ by node, their
// mean. A copy with a price for being left out is left out where its node would
// cost more. O(log nodes) a copy, and the nodes of its domain for a bound one.
var FirstFit = &search.Method{
	Name:    "first-fit",
	Short:   "the largest items first, each on the first node with room",
	Source:  "D. S. Johnson: Near-optimal bin packing algorithms, MIT 1973",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		b.blind = true
		for _, i := range descending(b.sizes()) {
			if !b.placeItem(i, b.first) {
				return nil
			}
		}
		b.finish()
		return nil
	},
}

// first is the choice of the first node that fits.
func (b *builder) first(i, c int32) int32 {
	it := &b.p.Items[i]
	demand, domain := &b.p.Demands[it.Demand], &b.p.Domains[it.Domain]
	if demand.Values != nil || domain.Size*narrowDomains < len(b.held) {
		for _, j := range b.nodesOf(it) {
			b.spent += 10
			if b.fits(i, j) {
				return b.orLeaveOut(i, c, j)
			}
		}
		return model.NoPlace
	}
	for j := int32(-1); ; {
		if j = int32(b.room.Next(demand.Rest, int(j)+1)); j < 0 {
			return model.NoPlace
		}
		b.spent += 50
		if domain.Has(j) && b.fits(i, j) {
			return b.orLeaveOut(i, c, j)
		}
	}
}
