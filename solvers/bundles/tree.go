//go:build cgo

package bundles

import (
	"math"

	"berth/model"
	"berth/search"
)

// tree is the master with a search.
type tree struct {
	*master
	aim
	board   *search.Board
	problem *model.Problem
	pricing pricing
	stopped bool
	gaveUp  bool // some part was left unsearched

	// The node that is looked at.
	decided *decisions
	sacks   []*sack
	pool    []*bundle // all bundles that a wanted placement can hold; nil: not known
	center            // where its bound is best
	at      point     // where bundles are priced now …
	floor   []int64   // … and by class, how much one has to be worth there
	top     []int64   // … and what none exceeds
	depth   int
	rough   bool // the program need not converge yet

	spent   int64   // steps of exact pricing
	dived   float64 // value of the program when it last looked for a placement
	worked  int64   // units in all …
	dove    int64   // … and in dives
	vain    bool    // the last dive found nothing,
	wide    bool    // and so this one leaves out more
	until   int64   // … when the present one ends
	skip    int     // nodes before the next enumeration
	skipped int     // … and before the last that failed
	failed  int64   // the gap of that
	many    int64   // … and of the last early one that failed
}

// mostColumns is how many columns a program begins with.
const mostColumns = 1500

// tick counts work, and says whether to go on.
func (t *tree) tick(units int64) bool {
	t.worked += units
	if !t.board.Work(units) {
		t.stopped = true
	}
	return !t.stopped
}

// solve runs the search from the start to its end.
func (t *tree) solve() error {
	t.pricing.tick = t.tick
	t.dived, t.failed = math.Inf(1), math.MaxInt64
	t.explore(newDecisions(t.instance), nil, center{high: math.MinInt64})
	for !t.stopped && !t.gaveUp {
		if t.highest() < t.target || t.target == math.MaxInt64 {
			t.board.Exhausted()
			break
		}
		t.aimHigh()
		t.explore(t.root.clone(), nil, t.from.clone())
	}
	return nil
}

// explore searches depth first under the decisions. pool are all bundles that a wanted
// placement can hold there, or nil; from is what is known of the bound. Where there are too
// many to list, it adds subset rows, at the root aims lower, and then branches.
func (t *tree) explore(d *decisions, pool []*bundle, from center) {
	t.enter(d, pool, from)
	if t.high == math.MinInt64 {
		t.begin()
	}
	if t.agree() || t.stopped {
		return
	}
	if t.settled() {
		return
	}
	for tightened := false; ; tightened = true {
		if t.pool == nil {
			t.choose(t.used())
			if !t.run() {
				return
			}
			t.read()
		}
		if t.depth == 0 && (t.pool != nil || !t.aimed()) || t.depth > 0 && t.pool == nil {
			t.dive()
			if t.stopped || t.closed() {
				return
			}
		}
		if t.pool != nil {
			t.pool = t.sieve(t.pool)
			break
		}
		if t.depth == 0 {
			t.root, t.from = t.decided.clone(), t.center.clone()
		}
		if pool := t.list(); pool != nil {
			t.keep(pool)
			t.explore(d, pool, t.center)
			return
		}
		if tightened || t.links > 0 {
			if t.aimLow() {
				continue
			}
			break
		}
		if t.tighten(t.subsets, leastLift) || t.stopped {
			return
		}
		if t.settled() {
			return
		}
	}
	if t.stopped {
		return
	}
	sides := t.branch(t.values)
	if sides == nil {
		t.gaveUp = true
		return
	}
	pool, from = t.pool, t.center.clone()
	t.depth++
	for _, side := range sides {
		t.explore(side, pool, from.clone())
		if t.stopped {
			break
		}
	}
	t.depth--
}

// settled offers the solution where it is whole, and says whether the node is closed then.
// As nothing that costs as much is wanted any more, the program has to converge for that.
func (t *tree) settled() bool {
	used, ok := t.whole()
	return ok && t.offer(used) && (t.closed() || t.converge() || t.stopped)
}

// enter makes a node the one that is looked at.
func (t *tree) enter(d *decisions, pool []*bundle, from center) {
	t.decided, t.pool, t.center = d, pool, from
	if pool == nil {
		t.pack()
	} else if t.depth > 0 {
		t.pool = t.sieve(pool)
	}
	t.show()
	t.tick(int64(50 * (len(t.columns) + len(pool))))
}

// pack makes the pricing problems of a node.
func (t *tree) pack() {
	t.sacks = t.sacks[:0]
	for k := range t.classes {
		t.sacks = append(t.sacks, newSack(t.instance, int32(k), t.decided))
	}
}

// show makes the program that of the node.
func (t *tree) show() {
	if t.pool == nil {
		t.choose(nil)
	}
	t.sync(t.decided, t.pool)
	for len(t.best.sum) < len(t.sums) {
		t.best.sum = append(t.best.sum, 0)
	}
}

// choose makes the columns of the program those that a wanted placement of the node can
// hold, of all bundles that are known, and those it uses; if there are too many, those
// worth most. The fewer there are, the quicker the program is solved.
func (t *tree) choose(used []*bundle) {
	if t.high == math.MinInt64 {
		return
	}
	list := t.sieve(t.known)
	if len(list) > mostColumns {
		weigher := t.weigher(&t.best, t.decided.sums)
		list = best(list, func(b *bundle) int64 { return weigher.worth(b, math.MinInt64) - t.tops[b.class] }, mostColumns)
	}
	list = append(list, used...)
	t.keep(list)
	t.add(list)
	t.tick(int64(50 * len(list)))
}

// closed says whether nothing wanted is left in the node.
func (t *tree) closed() bool { return t.high != math.MinInt64 && t.stepsUp(t.high) > t.highest() }
