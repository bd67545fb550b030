//go:build cgo

package lp

import (
	"math"

	"berth/solvers/lp/safe"
)

// Neighbourhoods: small programs that are likely to hold a better solution,
// searched like a whole one but with little work. Either all variables that the
// relaxation has at 0 or 1 are fixed there (RENS: Berthold, "RENS: the optimal
// rounding", Mathematical Programming Computation 2014), or, around an incumbent,
// those that have its value in the relaxation (RINS: Danna, Rothberg, Le Pape,
// "Exploring relaxation induced neighborhoods to improve MIP solutions",
// Mathematical Programming 2005). What such a search proves holds for the
// neighbourhood only, so nothing but its solutions leaves it.

// The work a neighbourhood gets, in iterations of the tree's own relaxation, and
// the share of variables that it must fix.
const (
	nearbySteps = 3000
	nearbyShare = 0.3
)

// confined is the host of a neighbourhood's search: it has its own limit of work
// and keeps bounds to itself.
type confined struct {
	host
	allowed int64 // units of work that it may still do
	halted  bool  // by the limits of the run
}

func (c *confined) work(units int64) bool {
	c.allowed -= units
	c.halted = c.halted || !c.host.work(units)
	return !c.halted && c.allowed > 0
}

func (c *confined) raise(int64) {}

// nearby searches the neighbourhood of the values of the relaxation, around the
// incumbent if there is one and it is asked for, and says whether it found something
// better. The tree's own state does not change.
func (t *tree) nearby(value []float64, around bool) (improved bool, end outcome, err error) {
	if t.level == nearbySearch {
		return false, solved, nil
	}
	before := t.host.cutoff()
	incumbent := t.host.incumbent()
	if before != noCutoff && incumbent == nil {
		return false, solved, nil
	}
	if !around {
		incumbent = nil
	}
	d := safe.NewDomain(t.core.rows, len(t.core.cost))
	for j, v := range value {
		whole := math.Round(v)
		near := math.Abs(v-whole) <= integral && (incumbent == nil || float64(incumbent[t.core.origin[j]]) == whole)
		if t.domain.Value[j] != safe.Free || near {
			d.Fix(int32(j), int8(whole))
		}
	}
	if !d.Propagate() || float64(len(d.Trail)) < nearbyShare*float64(len(value)) {
		return false, solved, nil
	}
	c, cuts := t.core.reduced(d, t.cuts())
	if len(c.cost) == 0 {
		return false, solved, nil
	}
	limited := &confined{host: t.host, allowed: nearbySteps * t.relax.unit}
	e := &engine{host: limited, program: t.program, costs: t.costs, level: nearbySearch}
	_, err = e.reduce(c, cuts)
	t.diving += nearbySteps - limited.allowed/t.relax.unit
	if limited.halted {
		return false, halted, err
	}
	return t.host.cutoff() < before, solved, err
}
