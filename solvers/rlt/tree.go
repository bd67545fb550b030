package rlt

import (
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// tree is the search below the root: copies are placed one after the other.
type tree struct {
	problem   *model.Problem
	board     *search.Board
	shift     int             // so many bits of a cost are fractions
	placement model.Placement // of the copies that are placed
	depth     int
}

// A table is raised for as long as the gap would close within so many passes, forth and
// back, at the rate of the last.
const (
	rootPatience = 300
	patience     = 12
	workPerCost  = 4 // units of work that a pair of states takes in a pass
)

// search raises the root's bound and then searches all placements.
func (t *tree) search(root *table) {
	t.placement = make(model.Placement, t.problem.Copies)
	t.shift = root.scale(root.total())
	root.bound = t.problem.Offset << t.shift
	if t.branch(root) {
		t.board.Exhausted()
	}
}

// cutoff is the most, in fractions, that a placement may cost that is still wanted.
func (t *tree) cutoff() int64 {
	_, cost := t.board.Best()
	if cost == search.NoCost {
		return math.MaxInt64 >> 2
	}
	return (cost - 1) << t.shift
}

// branch searches the placements that a table leaves. It returns false where the board
// ended it.
func (t *tree) branch(tab *table) bool {
	t.depth++
	defer func() { t.depth-- }()
	open, going := t.raise(tab)
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
	slices.SortStableFunc(order, func(a, b int32) int { return int(min(max(tab.own[a]-tab.own[b], -1), 1)) })
	for _, s := range order {
		if tab.bound+tab.own[s] > t.cutoff() {
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
func (t *tree) raise(tab *table) (open, going bool) {
	within := int64(patience)
	if t.depth == 1 {
		within = rootPatience
	}
	for {
		before := tab.bound
		for pass := range 2 {
			if open, going := t.pass(tab, pass == 1); !open || !going {
				return open, going
			}
		}
		if t.depth == 1 {
			t.board.RaiseBelow((tab.bound + 1<<t.shift - 1) >> t.shift)
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
				sum += t.own[s] >> 8
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
