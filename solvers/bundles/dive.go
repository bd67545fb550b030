//go:build cgo

package bundles

import (
	"math"

	"berth/solvers/clp"
)

// diveNodes is how many programs a dive solves.
const diveNodes = 60

// dive looks for a placement among the bundles at hand: a small depth-first search
// that uses the bundle next that the program uses most, or, where that fails, not.
func (t *tree) dive() {
	left := diveNodes
	t.dip(&left)
	t.sync(t.decided, t.pool)
}

// dip looks below a node of the dive.
func (t *tree) dip(left *int) {
	if *left--; *left < 0 || t.stopped {
		return
	}
	t.model.SetCutoff(float64(t.highest()) + 0.5)
	status := t.model.Dual(1 << 20)
	t.model.SetCutoff(clp.Infinity)
	if !t.tick(t.model.Work()) || status != clp.Optimal {
		return
	}
	if t.model.Objective() > float64(t.highest())+wholeAt {
		return
	}
	t.values = t.model.Values(t.values[:0])
	if used, ok := t.whole(); ok {
		t.offer(used)
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
	t.dip(left)
	t.limit(choice, lower, floor)
	t.dip(left)
	t.limit(choice, lower, upper)
}
