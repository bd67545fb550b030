//go:build cgo

package colgen

import (
	"math"
	"slices"

	"berth/search"
)

// The search. "Is there a placement of cost at most z?" is asked for z a little
// above the bound, then higher (after M. Posta, J.A. Ferland and P. Michelon, An exact
// method with variable fixing for solving the generalized assignment problem,
// Computational Optimization and Applications 52, 2012): the lowest z closes most
// pairs, its "no" is a bound, and the placement falls out of the last question. Each
// takes up to twice as long as the one before, so that all before the last take as long
// as that. Where the best placement outlived a question, it may well be the optimum, and
// the next question is whether anything better is left; that is given up for a narrower
// one where it takes much longer than the last.
//
// A node of the tree branches on what an item pays: at most v, or more. Where many
// nodes cost the same, to close one of them changes nothing, and one would never
// end; single nodes come last, in each part by itself (parts.go), and before that whole sets
// are tried (settle.go).

const (
	width       = 1250 // a question is 1/width of the bound wide
	ahead       = 60   // the cutoff of a stage is 1/ahead of the bound above it
	rootCuts    = 12   // rounds of cuts at the first root …
	innerCuts   = 1    // … and in a node of the tree
	roundEvery  = 10   // nodes of the tree
	firstRounds = 100  // of the subgradient
	easy        = 20   // nodes of the tree: where prices of nodes soon settle a question, the next is twice as wide
	mostLeft    = 8    // questions that are asked as one, with no more work than …
	longest     = 8    // … so many times that of the last
	stall       = 50   // rounds of cuts end when one gains less than 1/stall of the gap
)

// tree is the master with a search.
type tree struct {
	*master
	visited  int
	question int64 // steps: placements that cost more are not asked for
	until    int64 // work after which the question is given up
	failure  error
	alarm    alarm
	settling int64             // work of settle
	levels   map[levelRow]*cut // what branching made
	gains    gains
}

func newTree(in *instance, h host) *tree {
	return &tree{master: newMaster(newEngine(in, h)), levels: map[levelRow]*cut{}, gains: newGains(), until: math.MaxInt64}
}

// aim sets the cutoff from the question and what is still wanted.
func (t *tree) aim() {
	t.cutoff = min(t.question, t.host.highest()) << t.shift
}

// explore searches depth first in what the domains still allow. It returns how high
// the bound was there before anything was branched on.
func (t *tree) explore(depth int) (reached int64) {
	if t.outdated() {
		return 0
	}
	t.visited++
	t.aim()
	cuts := innerCuts
	if depth == 0 {
		cuts = rootCuts
	}
	if t.failed || t.tighten(cuts) || t.stopped {
		return t.cutoff + 1
	}
	reached = t.value
	if depth == 0 {
		t.remember()
	}
	if t.visited%roundEvery == 1 {
		t.round()
		t.aim()
	}
	if t.offer() {
		t.aim()
		if t.value > t.cutoff {
			return reached
		}
	}
	b := t.branch()
	if b.item < 0 {
		t.conclude()
		return reached
	}
	if b.pair >= 0 && t.fit() {
		return reached
	}
	if (b.pair >= 0 || b.whole()) && t.settle() {
		return reached
	}
	mark, from := len(t.trail), point{}
	from.set(&t.point)
	t.purge()
	at := t.stand()
	for n, side := range b.sides() {
		if n > 0 {
			t.back(&at)
		}
		t.take(&b, side)
		below := t.explore(depth + 1)
		t.undo(mark)
		t.release(&b)
		if t.stopped || t.outdated() {
			return reached
		}
		t.gains.note(&b, side, float64(max(below-reached, 0))/t.unit())
		t.restore(&from)
	}
	return reached
}

// restore goes back to a point that was made when there were perhaps fewer cuts.
func (t *tree) restore(p *point) {
	n := len(t.w)
	t.set(p)
	for len(t.w) < n {
		t.w = append(t.w, 0)
	}
}

// tighten raises the bound by columns, fixing and cuts. It returns true when nothing
// below the cutoff is left.
func (t *tree) tighten(cuts int) bool {
	inside := search.Tripwire && t.alarm.in(t.engine)
	closed := t.squeeze(cuts)
	if inside {
		if lost := t.alarm.check(t.engine, closed); lost != nil {
			t.failure, t.stopped = lost, true
		}
	}
	return closed
}

// squeeze does the work of tighten.
func (t *tree) squeeze(cuts int) (closed bool) {
	if t.fix() {
		return true
	}
	for round := 0; !t.stopped; {
		before := t.value
		closed, solved := t.optimise()
		if closed || t.stopped {
			return closed
		}
		if t.fix() || t.stopped {
			return !t.stopped
		}
		if !solved {
			return false
		}
		if !t.usable() {
			continue
		}
		if round == cuts || round > 0 && t.value-before < (t.cutoff-t.value)/stall || t.addCuts() == 0 {
			return false
		}
		if t.failure = t.grow(); t.failure != nil {
			t.stopped = true
		}
		round++
	}
	return false
}

// offer reports the last solution where it is a placement. Of several copies, halves of
// two sets can add up to whole numbers and yet hold what may share no node.
func (t *tree) offer() bool {
	at := make([]int32, len(t.x))
	for k, x := range t.x {
		n := math.Round(x)
		if math.Abs(x-n) > wholeAt || int32(n) > t.hi[k] {
			return false
		}
		at[k] = int32(n)
	}
	return t.whole(at) && t.apart(at) && t.host.offer(at, t.steps(at))
}

// conclude offers what is decided, where the program did not come to it.
func (t *tree) conclude() {
	if t.whole(t.hi) && t.evaluate() && t.value < infeasible {
		t.host.offer(t.hi, t.steps(t.hi))
	}
}

// whole says whether a placement has every copy.
func (e *engine) whole(at []int32) bool {
	sum := make([]int32, e.items)
	for k, n := range at {
		sum[k%e.items] += n
	}
	return slices.Equal(sum, e.copies)
}

// apart says whether a placement has no foes on one node.
func (e *engine) apart(at []int32) bool {
	for k, n := range at {
		if n > 0 && e.meets(at, k) {
			return false
		}
	}
	return true
}

// outdated says whether a placement as good as the question is known by now, or it took too
// long: then a lower one, which closes more pairs at its root, is better than to go on.
func (t *tree) outdated() bool { return t.host.highest() < t.question || t.spent > t.until }

// ask looks for a placement within the question. It returns false where it had to
// stop before it was clear that none is left, or the question became outdated.
func (t *tree) ask(question int64, from *point) bool {
	t.question = question
	t.aim()
	mark := len(t.trail)
	defer func() {
		t.undo(mark)
		t.list()
	}()
	t.restore(from)
	if t.fix() {
		return !t.stopped
	}
	t.list()
	if t.stopped {
		return false
	}
	if t.failure = t.build(); t.failure != nil {
		t.stopped = true
		return false
	}
	t.explore(0)
	return !t.stopped && !t.outdated()
}

// solve runs the search from the start to its end.
func (t *tree) solve() error {
	t.starts()
	return t.search()
}

// starts makes the start, and says whether it came to something.
func (t *tree) starts() bool { return !t.failed && t.start() }

// search is all that comes after the start.
func (t *tree) search() error {
	if t.failed {
		t.host.exhausted()
		return nil
	}
	if t.stopped || !t.evaluate() {
		return t.failure
	}
	lower := max(t.stepsUp(t.value), 0)
	t.host.raise(lower)
	start := point{}
	start.set(&t.point)
	for lower <= t.host.highest() {
		if lower = t.stage(lower, &start); t.stopped {
			return t.failure
		}
		t.host.raise(lower)
	}
	t.host.exhausted()
	return nil
}

// stage proves as much as the bound can rise before it meets a cutoff that is far
// above it, under which pairs are closed and cuts are found once for many
// questions. It returns the bound in steps. Multipliers and domains of a stage
// belong together: where a pair is closed, nothing keeps its profit down.
func (t *tree) stage(lower int64, start *point) int64 {
	outer := min(lower+t.host.stage(lower), t.host.highest())
	t.question = outer
	t.aim()
	t.restore(start)
	mark := len(t.trail)
	defer func() {
		t.undo(mark)
		t.list()
	}()
	if t.fix() || t.stopped {
		return outer + 1
	}
	t.list()
	if !t.ascend(firstRounds) {
		return lower
	}
	closed := t.value > t.cutoff
	if !closed {
		if t.failure = t.build(); t.failure != nil {
			t.stopped = true
			return lower
		}
		t.atRoot = true
		closed = t.tighten(rootCuts)
		t.atRoot = false
	}
	if closed || t.stopped {
		return outer + 1
	}
	t.remember()
	t.round()
	from := point{}
	from.set(&t.point)
	wide, outlived, took := int64(1), int64(-1), int64(0)
	for lower = max(lower, t.stepsUp(t.value)); lower <= min(outer, t.host.highest()); {
		t.host.raise(lower)
		width, highest := t.host.question(lower), t.host.highest()
		question := min(lower+wide*width-1, outer, highest)
		before, visited := t.spent, t.visited
		t.until = math.MaxInt64
		if highest == outlived && highest <= min(outer, lower+mostLeft*width-1) {
			question, t.until = highest, before+longest*took
		}
		outlived = highest
		if t.ask(question, &from) {
			lower, took = question+1, t.spent-before
			if wide *= 2; t.visited-visited > easy || !t.priced() {
				wide = 1
			}
		} else if t.stopped {
			return lower
		} else if t.spent > t.until {
			outlived = -1
		}
	}
	return lower
}
