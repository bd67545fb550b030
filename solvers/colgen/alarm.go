//go:build cgo

package colgen

import (
	"fmt"
	"slices"

	"berth/model"
)

// alarm is a known placement that the search must not lose while nothing as good is
// found: see search.Tripwire.
type alarm struct {
	at    []int32 // copies by pair; nil: none is known
	steps int64
}

// newAlarm restates a known placement.
func newAlarm(in *instance, p *model.Problem, known model.Placement, cost int64) alarm {
	return alarm{at: in.restate(p, known), steps: cost - in.base}
}

// in says whether domains, rows and cutoff allow the placement.
func (a *alarm) in(e *engine) bool {
	if a.at == nil || a.steps<<e.shift > e.cutoff {
		return false
	}
	for k, n := range a.at {
		if n < e.lo[k] || n > e.hi[k] {
			return false
		}
	}
	for j, opened := range e.opened {
		if opened && !a.uses(e, j) {
			return false
		}
	}
	for _, c := range e.cuts {
		sum := int64(0)
		for _, j := range c.group.nodes {
			for t, i := range c.items {
				sum += c.factor[t] * int64(a.at[int(j)*e.items+int(i)])
			}
			if c.uses != nil && a.uses(e, int(j)) {
				sum += c.uses[j]
			}
		}
		if sum > c.right {
			return false
		}
	}
	return true
}

// uses says whether the placement has anything on node j.
func (a *alarm) uses(e *engine, j int) bool {
	return slices.ContainsFunc(a.at[j*e.items:][:e.items], func(n int32) bool { return n > 0 })
}

// check looks at a node of the tree after it was tightened, if the known placement was in
// it before.
func (a *alarm) check(e *engine, closed bool) error {
	if e.stopped || a.steps<<e.shift > e.cutoff || !closed && a.in(e) {
		return nil
	}
	return fmt.Errorf("colgen: a node with bound %d lost the known placement, which costs %d and is within the cutoff %d",
		e.value, a.steps<<e.shift, e.cutoff)
}
