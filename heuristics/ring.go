package heuristics

import (
	"context"

	"berth/model"
	"berth/search"
	"berth/sizing/ring"
)

// Ring: consistent hashing with virtual nodes and bounded loads.
//
// What a system without an optimiser does. Each node owns points on a ring of
// 2^64, in number proportional to its capacity; a copy hashes to the ring and goes
// to the owner of the next point clockwise (Karger and others, Consistent hashing
// and random trees, STOC 1997). No node takes more than its fair share and a
// quarter: what would exceed it walks on to the next point (Mirrokni, Thorup,
// Zadimoghaddam, Consistent hashing with bounded loads, SODA 2018). When nodes
// come or go, few copies move.
//
// Departures: capacity is a bound beside the fair share, so are hard rules; where
// a walk round the ring finds no node within its share, a second one asks for room
// only. A copy with a price for being left out is left out where that is cheaper.
// Nothing else about costs is looked at. Points carry the names of nodes and items
// their index, so the seed and the document decide everything.
//
// Expected O(log points + 1/ε) a copy while there is room; a walk is at most all
// points.
var Ring = &search.Method{
	Name:    "ring",
	Short:   "consistent hashing with virtual nodes by capacity and bounded loads",
	Source:  "D. Karger and others, STOC 1997; V. Mirrokni, M. Thorup, M. Zadimoghaddam, SODA 2018",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		b.blind = true
		r := newRing(b)
		for i := range p.Items {
			if !b.placeItem(int32(i), r.walk) {
				return nil
			}
		}
		b.finish()
		return nil
	},
}

const (
	pointsPerNode = 64   // of a node with the mean capacity
	fairAndMore   = 1.25 // times its fair share is what a node takes first
)

type ringWalk struct {
	*builder
	ring  *ring.Ring
	bound []int64 // of the load, by node and resource
	seed  uint64
}

func newRing(b *builder) *ringWalk {
	r := &ringWalk{builder: b, seed: ring.Mix(b.board.Seed())}
	r.ring = ring.New(r.seed, b.p.NodeNames, r.virtual())
	r.bound = r.fairShares()
	return r
}

// virtual returns how many points each node gets: by its mean capacity over the
// resources, each as a part of the mean of all nodes, at least one.
func (r *ringWalk) virtual() []int {
	resources := len(r.p.Resources)
	points := make([]int, len(r.held))
	total := r.totals(r.p.Capacity)
	for j := range points {
		share := 0.0
		for k := range resources {
			share += float64(r.p.Capacity[j*resources+k]) / max(total[k], 1)
		}
		if resources == 0 {
			share = 1 / float64(len(points))
		}
		points[j] = max(int(share/float64(max(resources, 1))*float64(pointsPerNode*len(points))), 1)
	}
	return points
}

// totals sums capacities by resource.
func (r *ringWalk) totals(amounts []int64) []float64 {
	total := make([]float64, len(r.p.Resources))
	for k, amount := range amounts {
		total[k%len(total)] += float64(amount)
	}
	return total
}

// fairShares is the first bound on each load: the part of the capacity that all
// nodes would use if they were equally full, and a quarter more.
func (r *ringWalk) fairShares() []int64 {
	need := make([]float64, len(r.p.Resources))
	usual := usualDemand(r.p)
	for k := range need {
		need[k] = float64(usual[k]) * float64(r.p.Copies)
	}
	total := r.totals(r.p.Capacity)
	bound := make([]int64, len(r.p.Capacity))
	for k, capacity := range r.p.Capacity {
		part := need[k%len(need)] / max(total[k%len(need)], 1) * fairAndMore
		bound[k] = min(int64(part*float64(capacity))+1, capacity)
	}
	return bound
}

// walk goes round the ring from a copy's hash to the first node that takes it.
func (r *ringWalk) walk(i, c int32) int32 {
	it := &r.p.Items[i]
	demand, domain := &r.p.Demands[it.Demand], &r.p.Domains[it.Domain]
	start := ring.Mix(ring.Mix(r.seed+uint64(i)) + uint64(c-it.First))
	if demand.Values == nil && r.room.Next(demand.Rest, 0) < 0 {
		return model.NoPlace
	}
	spare := model.NoPlace
	for j := range r.ring.Walk(start) {
		r.spent += 10
		if j == spare || !domain.Has(j) || !r.fits(i, j) {
			continue
		}
		if r.within(j, demand.On(j)) {
			return r.orLeaveOut(i, c, j)
		}
		if spare < 0 {
			spare = j
		}
	}
	return r.orLeaveOut(i, c, spare)
}

// within says whether node j stays within its bound with demand more.
func (r *ringWalk) within(j int32, demand []int64) bool {
	base := int(j) * len(demand)
	for k, amount := range demand {
		if r.load[base+k] > 0 && r.load[base+k]+amount > r.bound[base+k] {
			return false
		}
	}
	return true
}
