package rlt

import (
	"cmp"
	"context"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/powers"
)

// tree is the search below the root: copies are placed one after the other.
type tree struct {
	problem   *model.Problem
	board     *search.Board
	shift     int             // so many bits of a cost are fractions
	placement model.Placement // of the copies that are placed
	target    int64           // the most that a placement may cost that is asked for
	work      int64           // of all passes
	gap       float64         // from the root's bound to the cutoff, when the question was asked
}

// A table is raised for as long as the gap would close within this number of passes, forth and
// back, at the rate of the last.
const (
	rootPatience = 300
	patience     = 4

	workPerCost  = 4    // units of work that a pair of states takes in a pass
	lastQuestion = 0.01 // a gap so small is closed at once
	quick        = 1e9  // else a question takes no more work than that,
	mostGrowth   = 3    // or than so many times that of the one before, as far as can be told

	farGrows = 5. // the exponent by which a search grows over the gap of a question, when a unit is chosen

	beginWork = 250_000 // how long it looks for a placement to begin with, unless there is one: by pair of copies
)

// search raises the root's bound, and then asks whether there is a placement in the lower
// half of what is left of the gap, or less where that would take much longer than the question
// before: the lower the cutoff, the more is closed. Each "no" raises the bound (Posta, Ferland
// and Michelon 2012).
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
	last, before := t.units(root.bound), workPerCost*int64(len(root.states)*len(root.states)) // what was answered, and the work
	step := int64(math.MaxInt64)
	for open && going && !t.board.Done() {
		low := max(t.units(root.bound), t.board.Bound())
		_, cost := t.board.Best()
		t.target = math.MaxInt64
		if cost != search.NoCost && float64(cost-low) > lastQuestion*float64(max(cost, 1)) {
			t.target = low + max(min((cost-low)/2, step), 1)
		}
		began := t.work
		t.gap = float64(max(t.cutoff()-root.bound, 1))
		if !t.branch(root.clone()) {
			return
		}
		if t.target == math.MaxInt64 {
			t.board.Exhausted()
			return
		}
		t.board.RaiseBelow(t.target + 1)
		if took := t.work - began; took > before {
			step = int64(float64(t.target-last) * powers.Log(max(mostGrowth, quick/float64(took))) / powers.Log(float64(took)/float64(before)))
			last, before = t.target, took
		}
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
	if !tab.weigh(t.cutoff()) {
		return true
	}
	unit := tab.choose(t.cutoff(), t.gap)
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
		work := workPerCost*int64(to-from)*int64(len(tab.states)) + 100
		t.work += work
		if !t.board.Work(work) {
			return true, false
		}
	}
	return true, true
}

// choose returns the unit whose open states are likely to leave the least to search: the
// farther the bound with a state is from the cutoff, as a part of gap, the more.
func (t *table) choose(cutoff int64, gap float64) int32 {
	best, least := int32(0), math.Inf(1)
	for unit := range int32(len(t.copies)) {
		from, to := t.of(unit)
		sum := 0.
		for s := from; s < to; s++ {
			if t.own[s] < forbidden && t.dear[s] <= cutoff {
				sum += powers.Exp(farGrows * float64(cutoff-t.dear[s]) / gap)
			}
		}
		if sum < least {
			best, least = unit, sum
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
