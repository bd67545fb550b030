//go:build cgo

package lp

import (
	"math"
	"slices"

	"berth/solvers/lp/safe"
)

// Guessed cutoffs. Instead of the best solution, ask for one below a value not far
// above the root's bound: with so tight a cutoff, fixing by reduced cost removes
// most variables and most nodes are pruned. A "no" is a bound; a "yes" is a good
// incumbent early, and if the search ends, the optimum (the question is that of
// Posta, Ferland, Michelon, "An exact method with variable fixing for solving the
// generalized assignment problem", Computational Optimization and Applications
// 2012; they raise the value one by one, here it is chosen by how much it fixes,
// and by the gap, and a question that takes too much work is given up for a larger value).
// Where another has proven more than the root shows, they begin there.

// Parameters of the guesses.
const (
	guessSteps = 8000 // iterations of the root's relaxation for the first question
	guessFixes = 0.6  // share of the variables that the first value fixes
	guessLeast = 0.15 // a value that fixes fewer is no use
	guesses    = 5
	guessParts = 10              // of the gap: a value is at least one of them above the bound
	maxRoom    = safe.Limit >> 2 // so that no sum overflows
)

// assumed is the host of a search below a guessed cutoff.
type assumed struct {
	confined
	below int64
}

func (a *assumed) cutoff() int64 { return min(a.below, a.host.cutoff()) }

// questions is what was asked so far in the search of a program; it outlives the
// cores that the program is reduced to.
type questions struct {
	asked int
	bound int64 // proven by a "no"
	room  int64 // above the bound, for the next one
	steps int64
}

// guess asks the questions that are left and fixes what the answers allow. solved
// says that the search is to go on.
func (t *tree) guess(q *questions) (outcome, error) {
	if q.asked == 0 {
		*q = questions{bound: t.rootBound, room: t.firstRoom(), steps: guessSteps}
	}
	for ; q.asked < guesses; q.asked++ {
		t.rootBound = max(t.rootBound, q.bound)
		others := t.host.lower() > t.rootBound // who proved that need not know a solution near it
		if others {
			t.rootBound, q.room = t.host.lower(), t.core.step
		}
		cutoff := t.host.cutoff()
		if cutoff != noCutoff {
			q.room = max(q.room, min((cutoff-t.rootBound)/guessParts, maxRoom))
		}
		below := t.rootBound + q.room
		if below >= cutoff {
			break
		}
		d := t.fixedBelow(below)
		if !others && float64(len(d.Trail)) < guessLeast*float64(len(d.Value)) {
			break
		}
		before := t.host.cutoff()
		host := &assumed{confined{host: t.host, allowed: q.steps * t.relax.unit}, below}
		c, cuts := t.core.reduced(d, t.cuts())
		e := &engine{host: host, program: t.program, costs: t.costs, level: guessSearch, alarm: t.alarm}
		done, err := e.reduce(c, cuts)
		if err != nil || host.halted {
			return halted, err
		}
		q.room = min(2*q.room, maxRoom)
		if done {
			q.bound = min(below, t.host.cutoff())
			t.host.raise(q.bound)
		} else {
			q.steps *= 2
		}
		if t.host.cutoff() < before || !done && t.host.incumbent() != nil {
			q.asked++
			break
		}
	}
	t.rootBound = max(t.rootBound, q.bound)
	t.seen = t.host.cutoff()
	known := t.alarm.holds(t)
	_, _, ok := t.fixReduced(&t.root, nil)
	if err := t.alarm.kept(t, known, ok, &node{bound: t.rootBound}); err != nil || !ok {
		return pruned, err
	}
	return solved, nil
}

// firstRoom returns how far above the bound the first value lies.
func (t *tree) firstRoom() int64 {
	reduced := make([]float64, len(t.core.cost))
	for j := range reduced {
		reduced[j] = math.Abs(t.root.Reduced(int32(j)))
	}
	slices.Sort(reduced)
	room := int64(reduced[int(float64(len(reduced))*(1-guessFixes))])
	return min(max(room, t.core.step), maxRoom)
}

// fixedBelow returns the root's domain with what must hold below a cost.
func (t *tree) fixedBelow(below int64) *safe.Domain {
	d := safe.NewDomain(t.core.rows, len(t.core.cost))
	limit := t.core.limit(below)
	for j, v := range t.domain.Value {
		if v == safe.Free {
			v = t.root.Fixed(int32(j), limit)
		}
		if v != safe.Free {
			d.Fix(int32(j), v)
		}
	}
	return d
}
