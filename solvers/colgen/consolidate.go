//go:build cgo

package colgen

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/heuristics"
	"berth/model"
)

// Where nodes cost something to use, most of what a placement costs may lie in which of them
// it uses, and a search that moves copy by copy hardly comes to another set of them. The rows
// of openings.go say which sets may hold everything. Of these, the cheapest is drawn by what
// the nodes cost, and others by what they cost less what their knapsack is worth at the
// multipliers of the bound, which are varied a little. Then they are tried, the cheapest first:
// all other nodes are shut, what the bound had in the mean is rounded to a placement on what is
// left, and a descent goes on from there; a longer one each time around.

const (
	draws      = 24
	varied     = 32 // prices vary by 1/varied, at most
	firstPack  = 1_000
	packGrowth = 4
	packRounds = 3

	streamOfUsage = 0x757365
)

// usage is a set of nodes that may hold everything.
type usage struct {
	shut  []bool          // the others
	cost  int64           // what it costs to use the nodes, and every copy at its cheapest there
	start model.Placement // rounded; nil where that left a copy out
}

// consolidate looks for placements on cheap sets of nodes. It returns false where the run has
// to stop.
func (e *engine) consolidate(ctx context.Context, h onBoard) bool {
	p := h.problem
	usages := e.drawUsages(h.board.Seed())
	for n := range usages {
		u := &usages[n]
		if at := e.rounded(e.begun, u.shut); e.whole(at) {
			h.offer(at, e.steps(at))
			u.start = h.placement(at)
		}
	}
	work := firstPack * int64(p.Copies) * int64(p.Copies)
	for range packRounds {
		for n, u := range usages {
			if u.cost>>e.shift > h.highest() {
				break
			}
			q := p.Within(u.shut[:len(p.NodeNames)])
			if _, going := heuristics.DescentAside(ctx, q, h.board, u.start, work, h.board.Seed()+uint64(n)); !going {
				return false
			}
		}
		work *= packGrowth
	}
	return e.tick(0)
}

// drawUsages returns different sets of nodes that may hold everything, the cheapest first.
func (e *engine) drawUsages(seed uint64) (usages []usage) {
	o := e.openings
	if len(o.rows) == 0 {
		return nil
	}
	rng := rand.New(rand.NewPCG(seed, streamOfUsage))
	reduced := e.reducedPrices()
	for n := range draws {
		prices := slices.Clone(o.parts)
		if n > 0 {
			for t, price := range reduced {
				prices[t] = price + int64(float64(o.parts[t])*float64(n-1)/draws/varied*(2*rng.Float64()-1))
			}
		}
		u := usage{shut: e.shutAt(prices)}
		known := slices.ContainsFunc(usages, func(other usage) bool { return slices.Equal(u.shut, other.shut) })
		if !known && e.rate(&u) {
			usages = append(usages, u)
		}
	}
	slices.SortStableFunc(usages, func(a, b usage) int { return cmp.Compare(a.cost, b.cost) })
	return usages
}

// reducedPrices is what the nodes that have prices cost less what their knapsack is worth.
func (e *engine) reducedPrices() (prices []int64) {
	o := e.openings
	for t, j := range o.group.nodes {
		prices = append(prices, o.parts[t]-(e.sacks[j].net+e.price[j])>>e.shift/o.unit)
	}
	return prices
}

// shutAt says which nodes are best not used at these prices.
func (e *engine) shutAt(prices []int64) []bool {
	shut := make([]bool, e.nodes)
	_, set := e.openings.saved(prices)
	for _, t := range set {
		shut[e.openings.group.nodes[t]] = true
	}
	return shut
}

// offerMean reports what the mean is rounded to on the nodes that are best used now.
func (e *engine) offerMean() {
	if at := e.rounded(e.begun, e.shutAt(e.reducedPrices())); e.whole(at) {
		e.host.offer(at, e.steps(at))
	}
}

// rate computes what the nodes cost at least, and says whether every item has one.
func (e *engine) rate(u *usage) bool {
	for j, open := range e.open {
		if !u.shut[j] {
			u.cost += open
		}
	}
	for i, copies := range e.copies {
		least := int64(math.MaxInt64)
		for j, shut := range u.shut {
			if k := j*e.items + i; !shut && e.most[k] > 0 {
				least = min(least, e.cost[k])
			}
		}
		if least == math.MaxInt64 {
			return false
		}
		u.cost += least * int64(copies)
	}
	e.tally += int64(len(e.most))
	return true
}
