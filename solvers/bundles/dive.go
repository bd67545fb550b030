//go:build cgo

package bundles

import (
	"math"
	"slices"

	"berth/solvers/clp"
)

const (
	far         = 0.05        // a gap of so much is large
	diveNodes   = 60          // programs that a dive solves
	diveRounds  = 3           // of quick searches for more bundles in each of them
	diveTop     = 4           // down to here a dive after one in vain may leave out bundles,
	mostWithout = 2           // and at most so many
	rarely      = 5           // dives that wait for their turn take one unit of work in so many
	leastDive   = 200_000_000 // units that a dive may take at the start
)

// dive looks for a placement: a small depth-first search that uses the bundle next that
// the program uses most, or, at the top, leaves it out; after a dive in vain, near the top.
// Quick searches add bundles of the items that are still free (R. Sadykov, F. Vanderbeck,
// A. Pessoa, I. Tahiri and E. Uchoa, Primal heuristics for branch and price: the assets of
// diving methods, INFORMS Journal on Computing 31, 2019). Where all bundles are known, it
// looks everywhere. It uses only what a wanted placement can hold. Below the root, and with
// rows of links, where its programs take long, it has to wait for its turn; and it ends after
// a share of the work, but not as long as the gap is large. The solution of the node stays
// what it was.
func (t *tree) dive() {
	if (t.links > 0 || t.depth > 0) && t.dove*rarely > t.worked {
		return
	}
	left, before, values := diveNodes, t.worked, slices.Clone(t.values)
	t.until = before + before/rarely + leastDive
	if bound := t.bound(); float64(t.highest())-bound > far*math.Abs(float64(t.base)+bound) {
		t.until = math.MaxInt64
	}
	t.wide, t.vain = t.vain, true
	t.dip(&left, 0, 0)
	t.sync(t.decided, t.pool)
	t.values = append(t.values[:0], values...)
	t.pad()
	t.dove += t.worked - before
}

// dip looks below a node of the dive. depth is how many decisions led there, without how many of
// these were to use a bundle no more than it is, and left how many nodes may still be looked at.
func (t *tree) dip(left *int, depth, without int) {
	if *left--; *left < 0 || t.worked > t.until || !t.solveDip() {
		return
	}
	for round := 0; t.pool == nil && round < diveRounds; round++ {
		t.read()
		t.between(0)
		t.forget()
		if t.addGreedy() == 0 {
			break
		}
		if !t.solveDip() {
			return
		}
	}
	if t.objective() > float64(t.highest())+wholeAt {
		return
	}
	t.values = t.model.Values(t.values[:0])
	if used, ok := t.whole(); ok {
		t.offer(used)
		t.vain = false
		return
	}
	choice, most := -1, 0.0
	for c := range t.columns {
		x := t.values[t.extra+c]
		if part := x - math.Floor(x+wholeAt); part > most && part > wholeAt {
			choice, most = c, part
		}
	}
	if choice < 0 {
		return
	}
	floor := math.Floor(t.values[t.extra+choice] + wholeAt)
	lower, upper := t.lower[choice], t.upper[choice]
	t.limit(choice, floor+1, upper)
	t.dip(left, depth+1, without)
	if t.pool != nil || depth == 0 || t.wide && depth < diveTop && without < mostWithout {
		t.limit(choice, lower, floor)
		t.dip(left, depth+1, without+1)
	}
	t.limit(choice, lower, upper)
}

// solveDip solves the program of a node of the dive. It returns false where nothing
// wanted is there, or the search has to stop.
func (t *tree) solveDip() bool {
	t.cutoff(float64(t.highest()) + 0.5)
	status := t.model.Dual(t.model.Within(t.board.Left(), 1<<20))
	t.cutoff(clp.Infinity)
	return t.tick(t.model.Work()) && status == clp.Optimal
}

// forget makes items worthless whose only copy is in a bundle that the dive uses.
func (t *tree) forget() {
	for c, b := range t.columns {
		if t.lower[c] < 1 || b.wide {
			continue
		}
		for _, in := range b.in {
			if t.single(in.item) {
				t.at.item[in.item] = -t.widest << t.shift
			}
		}
	}
}
