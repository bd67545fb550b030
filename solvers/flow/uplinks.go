package flow

import (
	"context"
	"math"
	"math/bits"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// Uplinks is the registry's row of the method uplinks: a Lagrangian relaxation of
// what racks may send out, with a flow of least cost inside, and branch and bound on
// it. What a multiplier of a read is worth is added to what a replica on the
// reader's rack saves. The bound is that of the linear relaxation, since flows are
// integral.
//
// The multipliers follow a subgradient with Polyak's step (B. T. Polyak, USSR
// Computational Mathematics and Mathematical Physics 9, 1969). Flows are repaired
// into placements. What the relaxation cannot decide is mostly where a few chunks
// are that many read: these are branched on (branch.go).
var Uplinks = &search.Method{
	Name:    "uplinks",
	Short:   "flows of least cost with multipliers for the reads that uplinks carry, branch and bound",
	Source:  "Held, Wolfe, Crowder 1974",
	Proves:  true,
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
	itemOf  []int32   // by entry
	served  []float64 // by entry: how often a copy was there in the last flows
	ceiling int64     // no placement costs more, in units above the offset
	typical int64     // what a read costs where no uplink is short, in the costs of the network
	price   []int64   // of the last flow
	last    *market   // the last flow
	kept    int64     // the least bound of branches that are given up
}

func runUplinks(_ context.Context, p *model.Problem, b *search.Board) error {
	if nothing(p, b) {
		return nil
	}
	r, err := newRooms(p)
	if err != nil {
		return err
	}
	return branchAndBound(p, r, b)
}

// branchAndBound searches for the best placement with copies that take so much room.
func branchAndBound(p *model.Problem, r *rooms, b *search.Board) error {
	var unit int64
	for _, s := range p.Sends {
		unit = integer.GCD(unit, s.Reads)
	}
	unit = max(unit, 1)
	shift, err := fineShift(p, r.large)
	if err != nil {
		return err
	}
	if pairs := int64(p.Copies * len(p.NodeNames)); r.large > 1 && pairs <= maxPairs {
		if err := b.Reserve("flow: its pairs of copy and node", pairs*pairBytes); err != nil {
			return err
		}
	}
	n, err := newNetwork(p, r, 1<<shift, unit)
	if err != nil {
		return err
	}
	u := &uplinks{
		network: n, problem: p, board: b, shift: shift, total: make([]int64, n.nodes), limit: make([]int64, n.nodes),
		itemOf: make([]int32, len(n.entries)), served: make([]float64, len(n.entries)), kept: math.MaxInt64,
	}
	for _, s := range p.Sends {
		u.total[s.Node] += s.Reads / unit
	}
	for j := range u.limit {
		u.limit[j] = math.MaxInt64
		if j < len(p.Uplink) && p.Uplink[j] != model.NoLimit {
			u.limit[j] = p.Uplink[j] / unit
		}
	}
	for i, it := range n.items {
		for e := it.from; e < it.to; e++ {
			u.itemOf[e] = int32(i)
		}
		u.ceiling += int64(it.count) * ((n.dearest(&it) + 1<<shift - 1) >> shift)
	}
	u.typical = u.typicalRead()
	u.search()
	return nil
}

// fineShift is how many bits behind the point costs can have: as many as ten, where
// numbers stay small, and more where they are to be told apart by the slot of the
// largest copies.
func fineShift(p *model.Problem, large int64) (uint, error) {
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
	slots := bits.Len64(uint64(large - 1))
	free := fineBits - bits.Len64(uint64(most)) - slots
	if free < 0 {
		return 0, tooDear(most)
	}
	return uint(min(free, 10+slots)), nil
}

// climb follows the subgradient from the multipliers of a node, which it replaces by
// those of the best bound that it finds, and the node's bound with them. It returns
// false where work said stop.
func (u *uplinks) climb(node *branch, pace float64) bool {
	many, idle := slices.Clone(node.many), 0
	for step := 0; pace > lastPace; step++ {
		m, done, impossible := u.flow(many)
		switch {
		case impossible:
			node.bound = math.MaxInt64
			return true
		case !done:
			return false
		}
		over := u.look(m, step == 0)
		bound, better := u.bound(m, node.forced()), false
		if better = bound > node.bound || step == 0; better {
			node.bound = max(node.bound, bound)
			copy(node.many, many)
		}
		if node.bound > u.ceiling {
			node.bound = math.MaxInt64
			return true
		}
		if better && step > 0 || step%repairEvery == 0 {
			u.mend(m)
		}
		if !u.board.Work(0) {
			return false
		}
		if u.ruledOut(node) {
			return true
		}
		if idle++; better {
			idle = 0
		} else if idle > patience {
			pace, idle = pace/2, 0
			copy(many, node.many)
		}
		if !u.step(many, over, pace, node.bound) {
			return true
		}
	}
	return true
}

const (
	lastPace     = 1. / 64
	patience     = 4
	repairEvery  = 8
	presses      = 16
	harder       = 1.15
	mendWork     = 100_000
	mendCopyWork = 1000
	maxRelief    = 1 << fineBits
	aim          = 1. / 16 // of the way to the ceiling, where no placement is known
	fading       = 0.7     // of what was served before, with each flow
)

// flow is the cheapest flow at multipliers; what solve says of it is true of it.
func (u *uplinks) flow(many []float64) (m *market, done, impossible bool) {
	for j := range u.relief {
		u.relief[j] = int64(min(many[j], maxRelief/float64(max(u.total[j], 1))))
	}
	m, done, impossible = solve(u.network, u.price, u.board.Seed(), u.board.Work)
	if done && !impossible {
		u.price, u.last = m.price, m
	}
	return m, done, impossible
}

// mend offers a flow, repaired where it sends too much.
func (u *uplinks) mend(m *market) {
	heuristics.Mend(u.problem, u.board, m.placement(), mendWork+mendCopyWork*int64(u.copies))
}

// typicalRead is what a read costs in the mean over the items.
func (u *uplinks) typicalRead() int64 {
	var cost, reads int64
	for i := range u.items {
		it := &u.items[i]
		for e := it.from; e < it.to; e++ {
			if r := u.entries[e].reads; r > 0 && it.rest < forbidden {
				cost += (it.rest - u.entries[e].cost) / int64(len(u.items))
				reads += r
			}
		}
	}
	return cost / max(reads/int64(len(u.items)), 1)
}

// press raises the multipliers of uplinks that carry too much, a little more each
// time, until a flow keeps to all of them, and offers that; or at last has what is
// left repaired. It returns false where work said stop.
func (u *uplinks) press(node *branch) bool {
	many := slices.Clone(node.many)
	for step := 1; ; step++ {
		m, done, impossible := u.flow(many)
		if !done || impossible {
			return done
		}
		kept := true
		for j, over := range u.look(m, false) {
			if over > 0 {
				kept = false
				many[j] = many[j]*harder + float64(u.typical/presses)
			}
		}
		if kept || step == presses {
			u.mend(m)
			return true
		}
	}
}

// bound is the bound at today's multipliers, with so many forced copies.
func (u *uplinks) bound(m *market, forced int) int64 {
	sum := m.bound()
	for j, limit := range u.limit {
		if limit < u.total[j] {
			sum = sum.Plus(integer.Product(u.relief[j], u.total[j]-limit))
		}
	}
	return sum.Plus(integer.Product(int64(forced), force)).CeilShift(u.shift)
}

// step moves multipliers. It returns false where there is nothing to move: the flow
// keeps to all uplinks, and sends as much as it may where a multiplier is paid.
func (u *uplinks) step(many, over []float64, pace float64, bound int64) bool {
	var norm float64
	for j, g := range over {
		if g < 0 && many[j] == 0 {
			over[j] = 0
			continue
		}
		norm += float64(g * g)
	}
	if norm == 0 {
		return false
	}
	target := float64(bound) + float64(u.ceiling-bound)*aim
	if _, cost := u.board.Best(); cost != search.NoCost {
		target = float64(cost - u.problem.Offset)
	}
	lift := max(target-float64(bound), math.Abs(target)*1e-5, 1)
	size := pace * lift * float64(int64(1)<<u.shift) / norm
	for j, g := range over {
		many[j] = max(many[j]+float64(size*g), 0)
	}
	return true
}

// look brings served up to date, and returns by node how many reads more are sent
// out than the uplink carries.
func (u *uplinks) look(m *market, first bool) (over []float64) {
	sent := slices.Clone(u.total)
	for e := range u.entries {
		entry := &u.entries[e]
		if entry.reads == 0 {
			continue
		}
		it := &u.items[u.itemOf[e]]
		now := 0.
		if slices.Contains(m.at[it.first:it.first+it.count], entry.node) {
			sent[entry.node] -= entry.reads
			now = 1
		}
		if first {
			u.served[e] = now
		} else {
			u.served[e] = float64(fading*u.served[e]) + float64((1-fading)*now)
		}
	}
	over = make([]float64, len(sent))
	for j, limit := range u.limit {
		if u.total[j] > limit {
			over[j] = float64(sent[j] - limit)
		}
	}
	return over
}
