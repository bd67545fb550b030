//go:build cgo

package colgen

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/heuristics"
)

// Where nodes cost something to use, most of what a placement costs may lie in which of them
// it uses, and a search that moves copy by copy hardly comes to another set of them. The rows
// of openings.go say which sets may hold everything. Cheap ones are drawn, by prices that vary
// a little. Then they are tried, the cheapest first: all other nodes are shut, and a descent
// looks for a placement on what is left; a longer one each time around.

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
	shut []bool // the others
	cost int64  // what it costs to use the nodes, and every copy at its cheapest there
}

// consolidate looks for placements on cheap sets of nodes. It returns false where the run has
// to stop.
func (e *engine) consolidate(ctx context.Context, h onBoard) bool {
	p := h.problem
	usages := e.drawUsages(h.board.Seed())
	work := firstPack * int64(p.Copies) * int64(p.Copies)
	for range packRounds {
		for n, u := range usages {
			if u.cost>>e.shift > h.highest() {
				break
			}
			q := p.Within(u.shut[:len(p.NodeNames)])
			if _, going := heuristics.DescentAside(ctx, q, h.board, work, h.board.Seed()+uint64(n)); !going {
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
	for n := range draws {
		a := slices.Clone(o.parts)
		for t := range a {
			a[t] += int64(float64(a[t]) * float64(n) / draws / varied * (2*rng.Float64() - 1))
		}
		_, set := o.saved(a)
		u := usage{shut: make([]bool, e.nodes)}
		for _, t := range set {
			u.shut[o.group.nodes[t]] = true
		}
		known := slices.ContainsFunc(usages, func(other usage) bool { return slices.Equal(u.shut, other.shut) })
		if !known && e.rate(&u) {
			usages = append(usages, u)
		}
	}
	slices.SortStableFunc(usages, func(a, b usage) int { return cmp.Compare(a.cost, b.cost) })
	return usages
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
