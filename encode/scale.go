package encode

import (
	"math"
	"slices"

	"berth/model/integer"
)

// Scale brings the objective of a file back to costs: a file counts in steps, from
// a cost of its own.
type Scale struct {
	Unit int64 // the units of cost that the objective counts one for, above 0
	Zero int64 // the cost, in units, at which the objective is 0
}

// Scale returns the scale of the formats that hold the objective as it is: LP, MPS
// and OPB. It leaves out Offset.
func (g *Program) Scale() Scale { return Scale{g.costUnit(), g.Offset} }

// RaisedScale returns the scale of the formats without negative costs, WCNF and
// WCSP: each variable there counts from its cheaper value.
func (g *Program) RaisedScale() Scale {
	s := g.Scale()
	for v := range g.Vars {
		s.Zero += min(g.Vars[v].Cost, 0)
	}
	return s
}

// Narrow says whether 32 bits hold every cost of a file and what the terms of each row come to, and
// every time that is a whole number: clasp and Gecode take nothing else.
func (g *Program) Narrow() bool {
	narrow := func(terms []Term) bool {
		sum := int64(0)
		for _, t := range terms {
			size, most := max(t.Coef, -t.Coef), max(g.Vars[t.Var].Most, 1)
			if size > (math.MaxInt32-sum)/most {
				return false
			}
			sum += size * most
		}
		return true
	}
	if !g.NarrowCosts() {
		return false
	}
	if g.windows != nil && g.windows.limit > math.MaxInt32 && slices.ContainsFunc(g.Vars, Var.whole) {
		return false
	}
	for k := range g.Rows {
		if !narrow(g.Rows[k].Terms) {
			return false
		}
	}
	return true
}

// NarrowCosts says whether 32 bits hold every cost of a file, which is what clasp asks of WCNF.
func (g *Program) NarrowCosts() bool {
	return !slices.ContainsFunc(g.objective(), func(t Term) bool { return max(t.Coef, -t.Coef) > math.MaxInt32 })
}

// Coarse says whether a time has so many ticks that solvers which compute in floating point,
// and keep rows to within a millionth, no longer tell one from the next.
func (g *Program) Coarse() bool {
	const most = 1_000_000
	return slices.ContainsFunc(g.Vars, func(v Var) bool { return v.Most > most })
}

// Vast says whether costs may come to more than 2^53 of what a file counts them in, beyond which
// numbers in floating point have gaps.
func (g *Program) Vast() bool {
	sum, unit := int64(0), g.costUnit()
	for v := range g.Vars {
		sum = integer.AddCapped(sum, max(g.Vars[v].Cost, -g.Vars[v].Cost)/unit)
	}
	return sum > 1<<53
}

// costUnit is what divides all costs.
func (g *Program) costUnit() int64 {
	unit := int64(0)
	for v := range g.Vars {
		unit = integer.GCD(unit, g.Vars[v].Cost)
	}
	return max(unit, 1)
}
