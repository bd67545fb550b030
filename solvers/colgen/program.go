//go:build cgo

package colgen

import (
	"math"
	"slices"

	"berth/solvers/clp"
)

// program is the linear program over sets of copies on the nodes of a fleet, one for all fleets:
//
//	min Σ rent(k)·n(k) + Σ cost(s)·x(s)
//	Σ copies(i,s)·x(s) ≥ copies(i) for each item,   Σ x(s) ≤ n(k) for each kind k
//
// with copies that are left out, and artificial ones, which are dear. For a fleet the n are fixed.
// Its sets come from the knapsacks, at points between its duals and the best valuation of the
// fleet (P. Wentges, Weighted Dantzig-Wolfe decomposition for linear mixed-integer programming,
// International Transactions in Operational Research 4, 1997).
type program struct {
	*engine // of one node of each kind, which costs nothing
	kinds   [][]int32
	leave   []int64 // by item: the price of leaving a copy out; nil: there is none
	model   *clp.Model
	pool    map[string]bool
	columns []*column // behind the artificial and the left ones
	first   int       // how many those are, with the numbers of nodes
	rents   []int64   // by kind
	dear    int64     // what an artificial copy costs, in steps
	solves  int
	primal  bool // sets have been added, or costs changed, since the last solve

	// What it is solved for.
	from, to []int32 // nodes of each kind
	best     *valuation
	high     int64 // what that says
	pull     float64

	values []float64
	duals  []float64
}

const (
	dearAtFirst = 1 << 10 // steps
	dearer      = 8
	dearestCopy = 1 << 21
	leastPull   = 0.05
	setsCost    = 4 // so much longer than others a program takes that has many columns for its rows
	mostSets    = 20_000
	pays        = 1e-6 // in steps: a set pays if it gains more
)

func newProgram(in *instance, h host, kinds [][]int32) (*program, error) {
	p := &program{kinds: kinds, pool: map[string]bool{}, dear: dearAtFirst}
	one := *in
	one.nodes, one.outside, one.open = len(kinds), -1, make([]int64, len(kinds))
	one.cost, one.most, one.need, one.part, one.room = nil, nil, nil, nil, nil
	for _, nodes := range kinds {
		p.rents = append(p.rents, in.open[nodes[0]])
		from, to := int(nodes[0])*in.items, int(nodes[0]+1)*in.items
		one.cost, one.most = append(one.cost, in.cost[from:to]...), append(one.most, in.most[from:to]...)
		one.need = append(one.need, in.need[from*in.resources:to*in.resources]...)
		one.part = append(one.part, in.part[from*in.resources:to*in.resources]...)
		one.room = append(one.room, in.room[int(nodes[0])*in.resources:][:in.resources]...)
	}
	p.engine = newEngine(&one, h)
	p.failed = false // a node of each kind need not hold everything
	for i := range p.slots {
		p.slots[i] = math.MaxInt32
	}
	p.staged = true
	if in.outside >= 0 {
		for i := range in.items {
			left := int64(math.MaxInt64)
			if k := in.outside*in.items + i; in.most[k] > 0 {
				left = in.cost[k]
			}
			p.leave = append(p.leave, left)
		}
	}
	return p, p.make()
}

// make makes the model without sets.
func (p *program) make() (err error) {
	var rows, columns []clp.Vector
	add := func(i int, cost float64) {
		columns = append(columns, clp.Vector{Index: []int32{int32(i)}, Value: []float64{1}, Upper: clp.Infinity, Cost: cost})
	}
	for i, n := range p.copies {
		rows = append(rows, clp.Vector{Lower: float64(n), Upper: clp.Infinity})
		add(i, float64(p.dear))
	}
	for i, left := range p.leave {
		if left < math.MaxInt64 {
			add(i, float64(left)/p.unit())
		}
	}
	for k, rent := range p.rents {
		rows = append(rows, clp.Vector{Lower: -clp.Infinity})
		columns = append(columns, clp.Vector{Index: []int32{int32(p.items + k)}, Value: []float64{-1}, Cost: float64(rent) / p.unit()})
	}
	p.first = len(columns)
	p.model, err = clp.New(rows, columns)
	return err
}

// needs is a valuation by what copies take of a resource, as evaluate has it.
func (p *program) needs(r int) *valuation {
	u, most := make([]int64, p.items), int64(1)
	for i := range u {
		u[i] = math.MaxInt64
		for k := i; k < len(p.most); k += p.items {
			if p.most[k] > 0 {
				u[i] = min(u[i], p.need[k*p.resources+r])
			}
		}
		if u[i] == math.MaxInt64 {
			u[i] = 0
		}
		most = max(most, u[i])
	}
	for i := range u {
		u[i] *= max(maxPrice/most, 1) // beside that, what copies cost hardly counts
	}
	return p.evaluate(u)
}

// evaluate computes what each kind takes at prices u. Where the run has to stop it may lack some.
func (p *program) evaluate(u []int64) *valuation {
	v := &valuation{u: u}
	copy(p.u, u)
	for i, price := range u {
		v.worth += price * int64(p.copies[i])
		if p.leave != nil {
			v.worth -= max(price-p.leave[i], 0) * int64(p.copies[i])
		}
	}
	for k := range p.kinds {
		p.solve(k)
		v.gain = append(v.gain, p.sacks[k].bound)
		if !p.tick(0) {
			break
		}
	}
	return v
}

// choose sets the program up for fleets with between from and to nodes of each kind; best is the
// best valuation that is known of them.
func (p *program) choose(from, to []int32, best *valuation) {
	if len(p.columns) > mostSets {
		p.forget()
	}
	p.from, p.to, p.best = from, to, best
	for k := range p.kinds {
		p.model.SetBounds(int32(p.first-len(p.kinds)+k), float64(from[k]), float64(to[k]))
	}
	p.high, p.pull, p.primal = math.MinInt64, pull, false
	if best != nil {
		p.high = p.value(best)
	}
}

// forget takes all sets out of the model that the last solution does not use.
func (p *program) forget() {
	var gone []int32
	p.values = p.model.Values(p.values[:0])
	kept := p.columns[:0]
	for c, column := range p.columns {
		if p.values[p.first+c] > wholeAt {
			kept = append(kept, column)
		} else {
			delete(p.pool, column.key())
			gone = append(gone, int32(p.first+c))
		}
	}
	p.columns = kept
	if p.model.DeleteColumns(gone) != nil {
		p.stopped = true
	}
}

// value is what a valuation says that everything costs at least.
func (p *program) value(v *valuation) int64 {
	value := v.worth
	for k, gain := range v.gain {
		if net := p.rents[k] - gain; net < 0 {
			value += net * int64(p.to[k])
		} else {
			value += net * int64(p.from[k])
		}
	}
	return value
}

// step solves the program and adds sets that pay. It says whether a better valuation came of it
// than any before, and whether there is nothing more to come.
func (p *program) step() (better, converged bool) {
	if !p.resolve() {
		return false, true
	}
	p.duals = p.model.Duals(p.duals[:0])
	ceiling := int64(math.Floor((p.model.Objective() - wholeAt) * p.unit())) // no valuation comes above it
	for {
		v := p.evaluate(p.between())
		if p.stopped {
			return false, true
		}
		if value := p.value(v); value > p.high {
			p.high, p.best, better = value, v, true
		}
		p.primal = p.gather()
		switch {
		case p.stepsUp(p.high) >= p.stepsUp(ceiling) && !p.primal:
			return better, !p.dearer()
		case p.primal || better && p.pull > 0:
			return better, false
		case p.pull == 0:
			return better, !p.dearer()
		}
		if p.pull /= 2; p.pull < leastPull {
			p.pull = 0
		}
	}
}

// resolve solves the model. It returns false where the run has to stop.
func (p *program) resolve() bool {
	p.solves++
	if !p.run(p.model, p.primal) {
		p.stopped = true
	}
	p.tally += setsCost * p.model.Work()
	return !p.stopped
}

// between is a point between the duals and the best valuation.
func (p *program) between() []int64 {
	u := make([]int64, p.items)
	for i := range u {
		dual := p.duals[i] * p.unit()
		if p.best != nil && p.pull > 0 {
			dual += float64(p.pull * (float64(p.best.u[i]) - dual))
		}
		u[i] = max(int64(math.Round(dual)), 0)
	}
	return u
}

// gather adds the sets of the last evaluation that pay at the duals, and says whether there
// were any.
func (p *program) gather() bool {
	var columns []clp.Vector
	for k := range p.kinds {
		c := &column{node: int32(k), in: slices.Clone(p.sacks[k].in)}
		slices.SortFunc(c.in, func(a, b taking) int { return int(a.item - b.item) })
		gain := p.duals[p.items+k]
		v := clp.Vector{Index: []int32{int32(p.items + k)}, Value: []float64{1}, Upper: clp.Infinity}
		for _, t := range c.in {
			cost := float64(p.cost[k*p.items+int(t.item)]) / p.unit()
			gain += float64((p.duals[t.item] - cost) * float64(t.copies))
			v.Cost += float64(cost * float64(t.copies))
			v.Index, v.Value = append(v.Index, t.item), append(v.Value, float64(t.copies))
		}
		if key := c.key(); gain > pays && !p.pool[key] {
			p.pool[key] = true
			p.columns, columns = append(p.columns, c), append(columns, v)
		}
	}
	if len(columns) > 0 && p.model.AddColumns(columns) != nil {
		p.stopped = true
	}
	return len(columns) > 0
}

// dearer makes artificial copies dearer where the program uses them and could yet cost less
// than what is wanted; false: it does not.
func (p *program) dearer() bool {
	p.values = p.model.Values(p.values[:0])
	if p.dear >= dearestCopy || !slices.ContainsFunc(p.values[:p.items], func(x float64) bool { return x > wholeAt }) {
		return false
	}
	p.dear *= dearer
	p.primal = true
	for i := range p.items {
		p.model.SetCost(int32(i), float64(p.dear))
	}
	return true
}
