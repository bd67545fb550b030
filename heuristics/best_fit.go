package heuristics

import (
	"context"
	"math"

	"berth/model"
	"berth/search"
)

// Best fit, decreasing: the largest item first, each to the node that it fits on
// with the least left free.
//
// The second classic of bin packing (Johnson 1973), as blind to costs as first
// fit. With several resources "free" is the sum over them, each as a part of the
// node's capacity. O(nodes) a copy, a compare for each node that is not tighter
// than the best so far.
var BestFit = &search.Method{
	Name:    "best-fit",
	Short:   "the largest items first, each on the fullest node with room",
	Source:  "D. S. Johnson: Near-optimal bin packing algorithms, MIT 1973",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		b.blind = true
		if b.placeTightest() {
			b.finish()
		}
		return nil
	},
}

// placeTightest places what is out, the largest first, each copy on the fullest node
// that takes it. It returns false where the board stopped it.
func (b *builder) placeTightest() bool {
	slack := make([]int64, len(b.held))
	for j := range slack {
		slack[j] = b.slack(int32(j))
	}
	for _, i := range descending(b.sizes()) {
		it := &b.p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			if b.at[c] != model.NoPlace {
				continue
			}
			if j := b.orLeaveOut(i, c, b.tightest(i, slack)); j >= 0 {
				b.put(c, j)
				slack[j] = b.slack(j)
			}
			if !b.goOn() {
				return false
			}
		}
	}
	return true
}

// tightest returns the node with the least slack that item i fits on.
func (b *builder) tightest(i int32, slack []int64) int32 {
	best, node := int64(math.MaxInt64), model.NoPlace
	nodes := b.nodesOf(&b.p.Items[i])
	b.spent += int64(2 * len(nodes))
	for _, j := range nodes {
		if slack[j] < best && b.fits(i, j) {
			best, node = slack[j], j
		}
	}
	return node
}

// slack is what is free on node j, the sum over the resources of its part of the
// capacity, in 2^-30 parts.
func (b *builder) slack(j int32) int64 {
	var sum int64
	resources := len(b.p.Resources)
	for k := int(j) * resources; k < (int(j)+1)*resources; k++ {
		if capacity := b.p.Capacity[k]; capacity > 0 {
			sum += int64(float64(capacity-b.load[k]) / float64(capacity) * (1 << 30))
		}
	}
	return sum
}
