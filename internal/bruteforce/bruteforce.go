// Package bruteforce solves tiny placement problems by trying everything. It is
// the yardstick that tests hold every other method against, so it is kept too
// simple to be wrong: it enumerates and lets the judge decide.
package bruteforce

import (
	"math"
	"slices"

	"berth/model"
)

// MaxLeaves is how many placements Solve is willing to judge.
const MaxLeaves = 2_000_000

// Solve returns a placement of least cost and its cost, or nil and 0 where no
// placement is feasible. ok is false, and nothing was tried, where there could be
// more than MaxLeaves placements.
//
// The copies of an item are interchangeable, so what it enumerates is how many of
// them go to each node of the item's domain and how many stay out. Capacities are
// the only thing it prunes by; the cost and all rules come from Problem.Evaluate.
func Solve(p *model.Problem) (best model.Placement, cost int64, ok bool) {
	return solve(p, func(item *model.Item) []int32 { return p.Domains[item.Domain].Nodes() })
}

// SolveEverywhere is Solve without trust in the domains: it tries every node for
// every item, so that a domain which lost a node of the optimum is found out.
func SolveEverywhere(p *model.Problem) (best model.Placement, cost int64, ok bool) {
	all := make([]int32, len(p.NodeNames))
	for j := range all {
		all[j] = int32(j)
	}
	return solve(p, func(*model.Item) []int32 { return all })
}

func solve(p *model.Problem, nodes func(*model.Item) []int32) (model.Placement, int64, bool) {
	s := &search{
		p: p, nodes: make([][]int32, len(p.Items)), cost: math.MaxInt64,
		free: slices.Clone(p.Capacity), placement: make(model.Placement, p.Copies),
	}
	leaves := 1.0
	for i := range p.Items {
		item := &p.Items[i]
		s.nodes[i] = nodes(item)
		choices := len(s.nodes[i])
		if item.Unplaced != model.NoLimit {
			choices++
		}
		leaves *= combinations(int(item.Count)+choices-1, choices-1)
	}
	if leaves > MaxLeaves {
		return nil, 0, false
	}
	s.item(0)
	if s.best == nil {
		return nil, 0, true
	}
	return s.best, s.cost, true
}

// combinations returns n over k, near enough to compare with a limit.
func combinations(n, k int) float64 {
	if k < 0 || n < k {
		return 0
	}
	result := 1.0
	for f := 1; f <= k; f++ {
		result = result * float64(n-k+f) / float64(f)
	}
	return result
}

type search struct {
	p         *model.Problem
	nodes     [][]int32 // by item
	free      []int64   // by node and resource
	placement model.Placement
	best      model.Placement
	cost      int64
}

// item places item i and those behind it in every way.
func (s *search) item(i int) {
	if i == len(s.p.Items) {
		s.judge()
		return
	}
	item := &s.p.Items[i]
	s.spread(i, 0, item.First, item.First+item.Count)
}

// spread distributes the copies [copy, end) of item i over its nodes from the
// k-th on; what is left after the last node stays out.
func (s *search) spread(i, k int, copy, end int32) {
	item := &s.p.Items[i]
	if copy == end || k == len(s.nodes[i]) {
		if copy < end && item.Unplaced == model.NoLimit {
			return
		}
		for c := copy; c < end; c++ {
			s.placement[c] = model.NoPlace
		}
		s.item(i + 1)
		return
	}
	node := s.nodes[i][k]
	row := &s.p.Demands[item.Demand]
	demand := row.On(node)
	free := s.free[int(node)*len(demand):][:len(demand)]
	s.spread(i, k+1, copy, end)
	taken := copy
	for taken < end && s.take(free, demand) {
		s.placement[taken] = node
		taken++
		s.spread(i, k+1, taken, end)
	}
	for ; taken > copy; taken-- {
		for r, d := range demand {
			free[r] += d
		}
	}
}

// take uses up the demand where it fits.
func (s *search) take(free, demand []int64) bool {
	for r, d := range demand {
		if d > free[r] {
			return false
		}
	}
	for r, d := range demand {
		free[r] -= d
	}
	return true
}

// judge keeps the placement where it is feasible and the cheapest so far.
func (s *search) judge() {
	verdict := s.p.Evaluate(s.placement)
	if len(verdict.Violations) == 0 && verdict.Cost < s.cost {
		s.best, s.cost = slices.Clone(s.placement), verdict.Cost
	}
}
