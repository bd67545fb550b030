//go:build cgo

package lp

import (
	"cmp"
	"slices"

	"berth/encode"
	"berth/solvers/lp/safe"
)

// The primal heuristic: a dive. From a solved relaxation the variable nearest to 1
// among those that place something is set to 1, with all others above sure, what
// follows is propagated, and the relaxation is solved again, until it is integral
// or empty; then the last step is taken back, a few times, and its variable set to
// 0. (Fractional diving, as surveyed
// by Berthold, "Primal heuristics for mixed integer programs", TU Berlin 2006.)

const (
	sure       = 0.9
	maxRetries = 12  // of a dive: its last step undone and the variable set to 0
	diveShare  = 5   // dives may take one iteration in so many
	diveEvery  = 10  // nodes between dives without an incumbent …
	diveRarely = 100 // … and with one
)

// diveDue says whether it is time for a dive.
func (t *tree) diveDue() bool {
	if t.scribe != nil {
		return false
	}
	every := int64(diveEvery)
	if t.host.incumbent() != nil {
		every = diveRarely
	}
	return t.evaluated-t.dived >= every && t.diving*diveShare <= t.spent
}

// dive looks for a solution below the present node and returns to it; the
// relaxation must be solved again.
func (t *tree) dive() (outcome, error) {
	t.dived = t.evaluated
	mark, basis, spent := len(t.domain.Trail), t.relax.packBasis(), t.spent
	defer func() {
		t.undo(mark)
		t.relax.setBasis(basis)
		t.diving += t.spent - spent
	}()
	var list []int32
	for retries := 0; ; {
		value := t.relax.load()
		list = t.fractional(value, list[:0])
		if len(list) == 0 {
			return solved, t.offer(value)
		}
		t.order(list, value)
		step := len(t.domain.Trail)
		for k, j := range list {
			if k > 0 && value[j] < sure {
				break
			}
			if t.domain.Value[j] == safe.Free && !t.fix(j, 1) && !t.fix(j, 0) {
				return solved, nil
			}
		}
		end := t.solve()
		for ; end == pruned && retries < maxRetries; retries++ {
			t.undo(step)
			if !t.fix(list[0], 0) {
				return solved, nil
			}
			end = t.solve()
		}
		if end != solved {
			return end, nil
		}
	}
}

// order sorts columns: those that place something first, then by falling value.
func (t *tree) order(list []int32, value []float64) {
	rank := func(j int32) int {
		if t.program.Vars[t.core.origin[j]].Kind == encode.Copy {
			return 0
		}
		return 1
	}
	slices.SortFunc(list, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(value[b], value[a]), cmp.Compare(a, b))
	})
}
