//go:build cgo

package lp

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// pseudoCosts remember how much the relaxation's objective rises when a variable
// is branched on, per unit of distance, by the program's variables, so that they
// outlive a restart. Variables seen less than reliable times each way are tried:
// both children are solved for some iterations (reliability branching: Achterberg,
// Koch, Martin, "Branching rules revisited", Operations Research Letters 2005).
type pseudoCosts struct {
	sum   [2][]float64 // rise per unit, down and up
	count [2][]int32
	total [2]float64 // over all variables
	seen  [2]float64
}

// Parameters of reliability branching.
const (
	reliable   = 4  // trials each way after which a pseudo-cost is trusted
	candidates = 40 // variables that may be tried in a node
	patience   = 6  // trials without a better score that end it
	trialSteps = 60 // iterations of a trial
	tiny       = 1e-6
)

func newPseudoCosts(variables int) *pseudoCosts {
	c := &pseudoCosts{}
	for side := range 2 {
		c.sum[side], c.count[side] = make([]float64, variables), make([]int32, variables)
	}
	return c
}

// record notes that the objective rose when the variable moved by distance.
func (c *pseudoCosts) record(variable int32, side int, rise, distance float64) {
	if distance < tiny {
		return
	}
	unit := max(rise, 0) / distance
	c.sum[side][variable] += unit
	c.count[side][variable]++
	c.total[side] += unit
	c.seen[side]++
}

// expect returns the rise per unit to expect.
func (c *pseudoCosts) expect(variable int32, side int) float64 {
	if n := c.count[side][variable]; n > 0 {
		return c.sum[side][variable] / float64(n)
	}
	if c.seen[side] > 0 {
		return c.total[side] / c.seen[side]
	}
	return 1
}

// score combines the rises of both children; the lesser one counts most.
func score(down, up float64) float64 { return max(down, tiny) * max(up, tiny) }

// choice is a variable to branch on.
type choice struct {
	column int32
	value  float64
	score  float64
}

// choose returns the column to branch on, among the fractional ones. Where a trial
// proves that one side holds nothing, it fixes the other instead and returns its
// literal in forced; the node must then be solved again.
func (t *tree) choose(value []float64, fractional []int32, basis []byte) (best choice, forced []int32, end outcome) {
	list := make([]choice, len(fractional))
	for k, j := range fractional {
		v, origin := value[j], t.core.origin[j]
		list[k] = choice{j, v, score(v*t.costs.expect(origin, 0), (1-v)*t.costs.expect(origin, 1))}
	}
	slices.SortFunc(list, func(a, b choice) int {
		return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(math.Abs(a.value-0.5), math.Abs(b.value-0.5)), cmp.Compare(a.column, b.column))
	})
	best = choice{column: -1, score: -1}
	start := t.relax.objective()
	idle, tried := 0, false
	for _, c := range list[:min(len(list), candidates)] {
		origin := t.core.origin[c.column]
		if min(t.costs.count[0][origin], t.costs.count[1][origin]) < reliable && idle < patience {
			tried = true
			var rise [2]float64
			for side := range int8(2) {
				var end outcome
				rise[side], end = t.try(c.column, side, basis, start)
				switch {
				case end == halted:
					return best, nil, halted
				case end == pruned:
					t.scribe.refuted(t.core, c.column, side)
					t.relax.setBasis(basis)
					if !t.fix(c.column, 1-side) {
						t.scribe.closed()
						return best, nil, pruned
					}
					return best, []int32{literal(c.column, 1-side)}, solved
				}
			}
			t.costs.record(origin, 0, rise[0], c.value)
			t.costs.record(origin, 1, rise[1], 1-c.value)
			c.score = score(rise[0], rise[1])
		}
		if c.score > best.score {
			best, idle = c, 0
		} else {
			idle++
		}
	}
	if tried {
		t.relax.setBasis(basis)
	}
	return best, nil, solved
}

// try solves a child for some iterations and returns how much its objective rises;
// pruned means that it is proven to hold nothing.
func (t *tree) try(j int32, v int8, basis []byte, start float64) (rise float64, end outcome) {
	mark := len(t.domain.Trail)
	if !t.fix(j, v) {
		return 0, pruned
	}
	defer t.undo(mark)
	t.relax.setBasis(basis)
	limit, set := t.limit()
	t.relax.cutoff(limit, set)
	defer t.relax.cutoff(0, false)
	status := t.relax.model.Dual(trialSteps)
	if !t.count() {
		return 0, halted
	}
	rise = max(t.relax.objective()-start, 0)
	switch status {
	case clp.Infeasible:
		if t.relax.refute(&t.prover, t.domain) {
			t.learn()
			t.scribe.trial(t)
			return 0, pruned
		}
	case clp.Cutoff, clp.Optimal, clp.Stopped:
		t.relax.prove(&t.prover, t.core, t.domain)
		if set && t.prover.Above(limit) {
			t.learn()
			t.scribe.trial(t)
			return 0, pruned
		}
	}
	return rise, solved
}

// freeColumn returns a free column, −1 if there is none: what to branch on where the
// relaxation does not help.
func (t *tree) freeColumn() int32 {
	return int32(slices.Index(t.domain.Value, safe.Free))
}
