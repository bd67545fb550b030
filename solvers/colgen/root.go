//go:build cgo

package colgen

import (
	"math"

	"berth/solvers/clp"
)

// The start where nodes cost nothing (else: climb.go): the linear program over pairs of item
// and node, with cuts on groups and on single nodes. It is far weaker than the bound, but its duals are where the
// bound is nearly best, and they are had in a fraction of the time that climbing
// there from nothing would take.

const (
	rootRounds = 8
	slice      = 500  // iterations of CLP before the first look at the clock
	tooDear    = 0.03 // of the bound: columns with larger reduced costs are left out
	little     = 2e-3 // a round of cuts that gains less of the bound is the last
)

// relaxation is the program over pairs.
type relaxation struct {
	*engine
	model   *clp.Model
	columns []int32 // pairs
	column  []int32 // by pair, -1: none
	rooms   int     // the first row of rooms; items are before it
	cuts    []*cut  // the rows behind the rooms
	first   int
	value   []float64 // by pair
}

// begin finds multipliers and cuts from the program over pairs. It returns false
// where the run has to stop, or the program has no solution.
func (e *engine) begin() bool {
	p := &relaxation{engine: e, column: make([]int32, len(e.hi))}
	groups := e.groupsOf
	single := make([]*group, 0, e.nodes)
	for j := range e.nodes {
		if j != e.outside {
			g := &group{nodes: []int32{int32(j)}}
			e.fill(g)
			single = append(single, g)
		}
	}
	if err := p.make(); err != nil {
		return false
	}
	defer p.model.Close()
	plain := point{} // the duals without cuts
	last := math.Inf(-1)
	for range rootRounds {
		if !e.run(p.model, false) {
			return false
		}
		now := p.model.Objective()
		if now-last < little*math.Abs(now) {
			break
		}
		if p.value == nil {
			p.take()
			plain.set(&p.point)
			p.thin(now * tooDear)
		}
		last = now
		p.read()
		var cuts []*cut
		for _, g := range groups {
			cuts = append(cuts, e.separate(g, p.value, nil)...)
		}
		for _, g := range single {
			cuts = append(cuts, e.separate(g, p.value, nil)...)
		}
		if len(cuts) == 0 || p.add(cuts) != nil {
			break
		}
	}
	if !e.run(p.model, false) {
		return false
	}
	p.take()
	p.keepCuts()
	p.read()
	e.begun = p.value
	if !e.evaluate() {
		return false
	}
	// Cuts raise multipliers, and columns that were left out may pay then.
	cut, high := point{}, e.value
	cut.set(&e.point)
	e.set(&plain)
	e.w = append(e.w, make([]int64, len(cut.w))...)
	if !e.evaluate() {
		return false
	}
	if e.value < high {
		e.set(&cut)
	}
	return true
}

// run solves a program to its end. It returns false where the run has to stop or the program was
// not solved.
func (e *engine) run(m *clp.Model, primal bool) bool { return simplex(m, primal, e.host.left, e.tick) }

// simplex solves a program to its end, in slices: work counts what was done and says whether to go
// on, and left how much more may be. It returns false where not, or the program was not solved.
func simplex(m *clp.Model, primal bool, left func() int64, work func(units int64) bool) bool {
	for iterations := slice; ; iterations *= 2 {
		status, most := clp.Stopped, m.Within(left(), iterations)
		if primal {
			status = m.Primal(most)
		} else {
			status = m.Dual(most)
		}
		if !work(m.Work()) {
			return false
		}
		if status != clp.Stopped {
			return status == clp.Optimal
		}
	}
}

// unit is a step of cost as a multiplier.
func (e *engine) unit() float64 { return float64(e.step()) }

func (p *relaxation) make() error {
	var rows, columns []clp.Vector
	for _, n := range p.copies {
		rows = append(rows, clp.Vector{Lower: float64(n), Upper: float64(n)})
	}
	p.rooms = len(rows)
	for range p.nodes * p.resources {
		rows = append(rows, clp.Vector{Lower: -clp.Infinity, Upper: 1})
	}
	p.first = len(rows)
	for k, n := range p.hi {
		p.column[k] = -1
		if n == 0 {
			continue
		}
		j := k / p.items
		v := clp.Vector{Index: []int32{int32(k % p.items)}, Value: []float64{1}, Upper: float64(n), Cost: float64(p.cost[k]) / p.unit()}
		for r := range p.resources {
			if part := p.part[k*p.resources+r]; part > 0 {
				v.Index = append(v.Index, int32(p.rooms+j*p.resources+r))
				v.Value = append(v.Value, part)
			}
		}
		p.column[k] = int32(len(columns))
		p.columns = append(p.columns, int32(k))
		columns = append(columns, v)
	}
	var err error
	p.model, err = clp.New(rows, columns)
	return err
}

// thin takes away columns whose reduced cost is above limit. The bound needs no
// column: it only begins where this program ends.
func (p *relaxation) thin(limit float64) {
	var gone []int32
	kept := p.columns[:0]
	for t, d := range p.model.ReducedCosts(nil)[:len(p.columns)] {
		if k := p.columns[t]; d > limit {
			gone = append(gone, int32(t))
			p.column[k] = -1
		} else {
			p.column[k] = int32(len(kept))
			kept = append(kept, k)
		}
	}
	p.columns = kept
	if p.model.DeleteColumns(gone) != nil {
		p.columns = nil
	}
}

// read takes the values of all pairs.
func (p *relaxation) read() {
	p.value = make([]float64, len(p.hi))
	values := p.model.Values(nil)
	for t, k := range p.columns {
		p.value[k] = values[t]
	}
}

// add appends cuts as rows.
func (p *relaxation) add(cuts []*cut) error {
	var rows []clp.Vector
	for _, c := range cuts {
		row := clp.Vector{Lower: -clp.Infinity, Upper: float64(c.right) / c.norm}
		for t, i := range c.items {
			for _, j := range c.group.nodes {
				if column := p.column[int(j)*p.items+int(i)]; column >= 0 {
					row.Index = append(row.Index, column)
					row.Value = append(row.Value, float64(c.factor[t])/c.norm)
				}
			}
		}
		rows = append(rows, row)
	}
	p.cuts = append(p.cuts, cuts...)
	return p.model.AddRows(rows)
}

// take makes multipliers of the duals.
func (p *relaxation) take() {
	duals := p.model.Duals(nil)
	for i := range p.u {
		p.u[i] = int64(math.Round(duals[i] * p.unit()))
	}
	for j := range p.sacks {
		for r := range p.sacks[j].prices {
			p.sacks[j].prices[r] = max(-duals[p.rooms+j*p.resources+r]*p.unit(), 0)
		}
	}
}

// keepCuts keeps the cuts on groups that count.
func (p *relaxation) keepCuts() {
	duals := p.model.Duals(nil)
	for t, c := range p.cuts {
		w := int64(math.Round(-duals[p.first+t] / c.norm * p.unit()))
		if len(c.group.nodes) > 1 && w > 0 {
			p.keep(c, w)
		}
	}
}
