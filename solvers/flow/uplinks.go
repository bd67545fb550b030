package flow

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/lp/safe"
)

// Uplinks is the registry's row of the method uplinks: a Lagrangian relaxation of
// what racks may send out, with a flow of least cost inside. What a multiplier of
// a read is worth is added to what a replica on the reader's rack saves. The bound
// is that of the linear relaxation, since flows are integral.
//
// The multipliers follow a subgradient with Polyak's step (B. T. Polyak, USSR
// Computational Mathematics and Mathematical Physics 9, 1969). Every few steps the
// flow is repaired into a placement. It ends when the steps no longer matter.
var Uplinks = &search.Method{
	Name:    "uplinks",
	Short:   "flows of least cost with multipliers for the reads that uplinks carry: bounds and placements",
	Source:  "Held, Wolfe, Crowder 1974",
	Handles: Method.Handles | model.Uplinks,
	Run:     runUplinks,
}

// uplinks is the search for multipliers.
type uplinks struct {
	*network
	problem *model.Problem
	board   *search.Board
	shift   uint    // costs are in 2^−shift units
	total   []int64 // reads by node that may be sent out
	limit   []int64
	many    []float64 // the multipliers, by node
	best    []float64 // those of the best bound
	bound   int64
	price   []int64
}

func runUplinks(_ context.Context, p *model.Problem, b *search.Board) error {
	if p.Copies == 0 {
		return nil
	}
	var unit int64
	for _, s := range p.Sends {
		unit = safe.GCD(unit, s.Reads)
	}
	unit = max(unit, 1)
	shift := fineShift(p)
	n, err := newNetwork(p, 1<<shift, unit)
	if err != nil {
		return err
	}
	u := &uplinks{
		network: n, problem: p, board: b, shift: shift, total: make([]int64, n.nodes), limit: make([]int64, n.nodes),
		many: make([]float64, n.nodes), best: make([]float64, n.nodes), bound: math.MinInt64,
	}
	for _, s := range p.Sends {
		u.total[s.Node] += s.Reads / unit
	}
	for j, limit := range p.Uplink {
		u.limit[j] = math.MaxInt64
		if limit != model.NoLimit {
			u.limit[j] = limit / unit
		}
	}
	u.climb()
	return nil
}

// fineShift is how many bits behind the point costs can have: as many as ten, where
// numbers stay small.
func fineShift(p *model.Problem) uint {
	var most int64
	for i := range p.Items {
		it := &p.Items[i]
		row := &p.Costs[it.Cost]
		most = max(most, row.Rest, -row.Rest, it.Unplaced)
		for _, v := range row.Values {
			most = max(most, v, -v)
		}
		var saved int64
		for _, r := range p.Rebates[it.Rebates.From:it.Rebates.To] {
			saved += r.Amount
		}
		most = max(most, saved)
	}
	return uint(min(max(costBits-bits.Len64(uint64(most)), 0), 10))
}

// climb follows the subgradient.
func (u *uplinks) climb() {
	pace, idle := firstPace, 0
	for step := 0; pace > lastPace; step++ {
		for j := range u.relief {
			u.relief[j] = int64(min(u.many[j], maxRelief/float64(max(u.total[j], 1))))
		}
		m, done, impossible := solve(u.network, u.price, u.board.Seed(), u.board.Work)
		if impossible {
			u.board.Exhausted()
			return
		}
		if !done {
			return
		}
		u.price = m.price
		better := u.raise(m)
		if better || step%repairEvery == 0 {
			u.place(m)
		}
		if !u.board.Work(0) {
			return
		}
		if idle++; better {
			idle = 0
		} else if idle > patience {
			pace, idle = pace/2, 0
			copy(u.many, u.best)
		}
		if !u.step(m, pace) {
			return
		}
	}
}

const (
	firstPace   = 1.0
	lastPace    = 1. / 512
	patience    = 6
	repairEvery = 4
	maxRelief   = 1 << costBits
	aim         = 1.01 // of the bound, where no placement is known
)

// raise reports the bound at today's multipliers, and says whether it is the best.
func (u *uplinks) raise(m *market) bool {
	sum := m.bound()
	for j, limit := range u.limit {
		if limit < u.total[j] {
			sum = sum.Plus(safe.Product(u.relief[j], u.total[j]-limit))
		}
	}
	bound := sum.CeilShift(u.shift)
	if bound <= u.bound {
		return false
	}
	u.bound = bound
	copy(u.best, u.many)
	_, cost := u.board.Best()
	u.board.Raise(min(u.problem.Offset+bound, cost))
	return true
}

// place offers the flow, repaired where it sends too much.
func (u *uplinks) place(m *market) {
	heuristics.Mend(u.problem, u.board, m.placement())
}

// step moves the multipliers. It returns false where there is nothing to move: the
// flow keeps to all uplinks, and sends as much as it may where a multiplier is paid.
func (u *uplinks) step(m *market, pace float64) bool {
	over := u.over(m)
	var norm float64
	for j, g := range over {
		if g < 0 && u.many[j] == 0 {
			over[j] = 0
			continue
		}
		norm += float64(g * g)
	}
	if norm == 0 {
		return false
	}
	target := float64(u.bound) * aim
	if _, cost := u.board.Best(); cost != search.NoCost {
		target = float64(cost - u.problem.Offset)
	}
	lift := max(target-float64(u.bound), math.Abs(target)*1e-5, 1)
	size := pace * lift * float64(int64(1)<<u.shift) / norm
	for j, g := range over {
		u.many[j] = max(u.many[j]+float64(size*g), 0)
	}
	return true
}

// over is by node how many reads more are sent out than the uplink carries.
func (u *uplinks) over(m *market) []float64 {
	sent := slices.Clone(u.total)
	for i := range m.items {
		it := &m.items[i]
		nodes := m.at[it.first : it.first+it.count]
		for _, e := range m.entries[it.from:it.to] {
			if e.reads > 0 && slices.Contains(nodes, e.node) {
				sent[e.node] -= e.reads
			}
		}
	}
	over := make([]float64, len(sent))
	for j, limit := range u.limit {
		if u.total[j] > limit {
			over[j] = float64(sent[j] - limit)
		}
	}
	return over
}
