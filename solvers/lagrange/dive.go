package lagrange

import (
	"cmp"
	"slices"
)

// A dive makes a first placement. Tasks that the knapsacks agree about most are put
// where these want them, a part of the open ones at a time; then the multipliers
// adapt to that, and so on (as column generation is dived with: R. Sadykov and
// others, Primal heuristics for branch and price: the assets of diving methods,
// INFORMS Journal on Computing 31, 2019). There is no way back: what does not fit
// in the end is inserted elsewhere, or lost. Chance may lead later dives elsewhere.

const (
	batches    = 12   // a level takes one in so many of the open tasks
	diveRounds = 20   // of multipliers on a level
	diveTries  = 4    // batches that are taken back
	astray     = 0.3  // how much chance adds to a share, at most
	diveGap    = 5000 // fixing allows one part in so many above the bound
)

// choice is a task with the node that takes it most often, and how often.
type choice struct {
	task, node int32
	share      float64
}

// dive leaves in the repairer what it comes to, with tasks that are lost, and says
// whether it got that far. Where a batch leads nowhere it is taken back, and less is
// taken and more allowed.
func (e *engine) dive() bool {
	mark := len(e.trail)
	copy(e.saved[0], e.u)
	question := e.question
	level, gap, part := mark, max(1, (e.base+e.stepsUp(e.value))/diveGap), 1.0
	for tries := 0; e.open.size > 0 && !e.stopped && tries < diveTries; {
		e.question = min(e.stepsUp(e.value)+gap, e.dearest)
		e.cutoff = e.question << e.shift
		if e.failed || e.climb(diveRounds) {
			e.undo(level)
			e.resolve()
			part, gap = part/4, gap*2
			tries++
		} else {
			level = len(e.trail)
			part = min(1, part*2)
		}
		if e.open.size > 0 {
			e.assignMost(part)
		}
	}
	if e.failed {
		e.undo(level)
		e.resolve()
	}
	placed := !e.stopped && e.fill()
	e.undo(mark)
	e.question = question
	e.aim()
	copy(e.u, e.saved[0])
	e.resolve()
	return placed
}

// assignMost puts a part of the open tasks where the knapsacks want them.
func (e *engine) assignMost(part float64) {
	e.choices = e.choices[:0]
	for _, i := range e.open.all() {
		node, share := e.favourite(i)
		if e.chance != nil {
			share += astray * e.chance.Float64()
		}
		e.choices = append(e.choices, choice{i, node, share})
	}
	slices.SortFunc(e.choices, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.share, a.share), cmp.Compare(a.task, b.task))
	})
	for _, c := range e.choices[:1+int(part*float64(len(e.choices))/batches)] {
		if e.at[c.task] < 0 && e.has(c.task, c.node) && e.need[int(c.node)*e.tasks+int(c.task)] <= e.spare[c.node] {
			e.assign(c.task, c.node)
		}
	}
	if !e.failed {
		e.resolve()
	}
}

// favourite returns the node that took an open task most often of late, and in
// which part of the rounds.
func (e *engine) favourite(i int32) (node int32, share float64) {
	total, most := 0.0, -1.0
	for _, j := range e.nodesOf[i].all() {
		s := e.share[int(j)*e.tasks+int(i)]
		total += s
		if s > most {
			most, node = s, j
		}
	}
	if total > 0 {
		most /= total
	}
	return node, most
}
