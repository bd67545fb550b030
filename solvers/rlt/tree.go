package rlt

import (
	"cmp"
	"context"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
)

// tree is the search below the root: copies are placed one after the other.
type tree struct {
	problem   *model.Problem
	board     *search.Board
	shift     int             // so many bits of a cost are fractions
	placement model.Placement // of the copies that are placed
	target    int64           // the most that a placement may cost that is asked for
}

// A table is raised for as long as the gap would close within so many passes, forth and
// back, at the rate of the last.
const (
	rootPatience = 300
	patience     = 1

	workPerCost  = 4    // units of work that a pair of states takes in a pass
	lastQuestion = 0.01 // a gap so small is closed at once

	beginWork = 250_000 // how long it looks for a placement to begin with, unless there is one: by pair of copies
)

// search raises the root's bound, and then asks whether there is a placement in the lower
// half of what is left of the gap: the lower the cutoff, the more is closed. Each "no"
// raises the bound (Posta, Ferland and Michelon 2012).
func (t *tree) search(ctx context.Context, root *table) {
	t.placement = make(model.Placement, t.problem.Copies)
	t.target = math.MaxInt64
	if best, _ := t.board.Best(); best == nil {
		copies := int64(t.problem.Copies)
		heuristics.TabuAside(ctx, t.problem, t.board, beginWork*copies*copies)
	}
	if !t.board.Work(0) {
		return
	}
	open, going := t.raise(root, rootPatience)
	if !open {
		t.board.Exhausted()
	}
	for open && going && !t.board.Done() {
		low := max(t.units(root.bound), t.board.Bound())
		_, cost := t.board.Best()
		t.target = math.MaxInt64
		if cost != search.NoCost && float64(cost-low) > lastQuestion*float64(max(cost, 1)) {
			t.target = low + (cost-low)/2
		}
		if !t.branch(root.clone()) {
			return
		}
		if t.target == math.MaxInt64 {
			t.board.Exhausted()
			return
		}
		t.board.RaiseBelow(t.target + 1)
	}
}

// units is a bound in units of cost.
func (t *tree) units(bound int64) int64 {
	return t.problem.Offset + (bound+1<<t.shift-1)>>t.shift
}

// cutoff is the most, in fractions, that a placement may cost that is asked for.
func (t *tree) cutoff() int64 {
	most := t.target
	if _, cost := t.board.Best(); cost != search.NoCost {
		most = min(most, cost-1)
	}
	if most == math.MaxInt64 {
		return mostInAll << 2
	}
	return (most - t.problem.Offset) << t.shift
}

// branch searches the placements that a table leaves. It returns false where the board
// ended it.
func (t *tree) branch(tab *table) bool {
	open, going := t.raise(tab, patience)
	if !open || !going {
		return going
	}
	if len(tab.copies) == 0 {
		t.offer()
		return t.board.Work(int64(len(t.placement)) * 100)
	}
	unit := tab.choose()
	from, to := tab.of(unit)
	var order []int32
	for s := from; s < to; s++ {
		if tab.own[s] < forbidden {
			order = append(order, s)
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(tab.dear[a], tab.dear[b]) })
	for _, s := range order {
		if tab.dear[s] > t.cutoff() {
			continue
		}
		t.placement[tab.copies[unit]] = tab.states[s].node
		rest, possible := tab.place(s)
		if possible && !t.branch(rest) {
			return false
		}
	}
	return true
}

// raise makes passes for as long as they promise something. It returns whether
// placements below the cutoff are left, and whether to go on.
func (t *tree) raise(tab *table, within int64) (open, going bool) {
	for {
		before := tab.bound
		for pass := range 2 {
			if open, going := t.pass(tab, pass == 1); !open || !going {
				return open, going
			}
		}
		if within == rootPatience {
			t.board.RaiseBelow(t.units(tab.bound))
		}
		gap := t.cutoff() - tab.bound
		if gain := tab.bound - before; gain <= 0 || gain < min(gap, max(tab.bound, 1<<t.shift))/within {
			return true, true
		}
	}
}

// pass goes through the units in one order or the other.
func (t *tree) pass(tab *table, back bool) (open, going bool) {
	n := int32(len(tab.copies))
	for k := range n {
		unit := k
		if back {
			unit = n - 1 - k
		}
		if !tab.take(unit, t.cutoff()) {
			return false, true
		}
		tab.give(unit, back)
		from, to := tab.of(unit)
		if !t.board.Work(workPerCost*int64(to-from)*int64(len(tab.states)) + 100) {
			return true, false
		}
	}
	return true, true
}

// choose returns the unit with the fewest open states, of several that where they cost
// most.
func (t *table) choose() int32 {
	best, fewest, most := int32(0), int32(math.MaxInt32), int64(0)
	for unit := range int32(len(t.copies)) {
		from, to := t.of(unit)
		count, sum := int32(0), int64(0)
		for s := from; s < to; s++ {
			if t.own[s] < forbidden {
				count++
				sum += t.own[s] >> 12
			}
		}
		if count < fewest || count == fewest && sum > most {
			best, fewest, most = unit, count, sum
		}
	}
	return best
}

// offer offers the placement, if it holds: room is priced, and need not suffice.
func (t *tree) offer() {
	verdict := t.problem.Evaluate(t.placement)
	if len(verdict.Violations) == 0 {
		t.board.Offer(t.placement, verdict.Cost)
	}
}
