//go:build cgo

package recombine

import (
	"math"
	"slices"

	"berth/search"
	"berth/solvers/clp"
)

// Columns are generated at multipliers that lag behind those of the master, which jump
// about while many columns fit beside one another equally well (A. Pessoa, R. Sadykov, E.
// Uchoa and F. Vanderbeck, Automation and combination of linear-programming based
// stabilization techniques in column generation, INFORMS Journal on Computing 30, 2018).
// Everything found is kept: what does not pay now may later. Pricing proves nothing, so
// where it finds nothing more it looks longer, and in the end gives up.

const (
	mostRounds  = 30   // before a look at what the columns are good for
	mostIdle    = 6    // rounds without gain, before pricing takes longer
	leastGain   = 1e-5 // of a round, in parts of the master's value
	firstSteps  = 8    // of the annealing of a node, by item,
	mostSteps   = 64   // and of the longest
	follow      = 0.3  // how far multipliers go towards those of the master in a round
	todayEvery  = 4    // rounds from one to the next in which pricing also begins with what runs today
	coldestNode = 0.0003
)

// hottest are the first temperatures of pricing in turn, and coldestNode is the last, in
// parts of what all traffic is for each node.
var hottest = [...]float64{0.1, 0.3, 0.03}

// generator adds columns to a pool.
type generator struct {
	*sack
	row    []int32 // see rows
	unit   float64
	items  []int32 // that columns may hold
	heat   float64 // what all traffic is for each node
	center []float64
	worth  []float64 // multipliers by item
}

// generate prices columns and solves the master with them, for some rounds or until that
// brings nothing more. It returns false where the board stopped it.
func (o *pool) generate(m *clp.Model, row []int32, unit float64, b *search.Board) bool {
	g := generator{sack: newSack(o), row: row, unit: unit, worth: make([]float64, len(o.problem.Items))}
	for i, r := range row[:len(o.problem.Items)] {
		if r > 0 || o.loose(int32(i)) {
			g.items = append(g.items, int32(i))
		}
	}
	for _, pair := range o.problem.Pairs {
		g.heat += float64(pair.Price) * float64(o.problem.Full) * float64(o.whole)
	}
	g.heat /= unit * float64(len(o.problem.NodeNames))
	for range mostRounds {
		known, before := len(o.columns), m.Objective()
		work := g.price(m)
		var vectors []clp.Vector
		for k := known; k < len(o.columns); k++ {
			vectors = append(vectors, o.vector(&o.columns[k], row, unit))
		}
		if m.AddColumns(vectors) != nil {
			return false
		}
		status := m.Primal(iterations)
		if !b.Work(work+int64(m.Iterations())*pivotWork) || status != clp.Optimal {
			return false
		}
		o.rounds++
		if o.idle++; before-m.Objective() > leastGain*math.Abs(before) {
			o.idle = 0
		}
		if o.idle == mostIdle {
			o.idle = 0
			if o.steps *= 2; o.steps > mostSteps {
				o.steps, o.spent = firstSteps, true
				return true
			}
		}
	}
	return true
}

// price adds to the pool what pricing finds at multipliers near those of the master, and
// returns how much work that was.
func (g *generator) price(m *clp.Model) (work int64) {
	duals, values := m.Duals(nil), m.Values(nil)
	if g.center == nil {
		g.center = slices.Clone(duals)
	}
	for r, v := range duals {
		g.center[r] += float64(follow * (v - g.center[r]))
	}
	for _, i := range g.items {
		if r := g.row[i]; r > 0 {
			g.worth[i] = g.center[r]
		}
	}
	stay := 0.
	if g.problem.MustStay > 0 {
		stay = g.center[g.row[len(g.row)-1]]
	}
	starts := make([][][]part, len(g.nodes))
	for k, v := range values {
		if c := &g.columns[k]; v > tiny {
			starts[c.class] = append(starts[c.class], c.in)
		}
	}
	steps := g.steps * len(g.items)
	hot := hottest[g.rounds%len(hottest)] * g.heat
	for class := range int32(len(g.nodes)) {
		g.enter(class, g.items, g.worth, stay, g.unit)
		work += int64(g.problem.Copies) * enterWork
		if g.problem.MustStay > 0 && g.rounds%todayEvery == 0 {
			starts[class] = append(starts[class], g.today(class))
		}
		for _, in := range starts[class] {
			g.addColumn(class, g.anneal(in, steps, hot, coldestNode*g.heat))
			work += int64(steps) * stepWork
		}
	}
	return work
}

// today lists what runs on a node of the class today.
func (s *sack) today(class int32) (in []part) {
	p := s.problem
	for _, i := range s.items {
		for _, r := range p.Runs[p.Items[i].Runs.From:p.Items[i].Runs.To] {
			if r.Node == s.node[class] {
				in = append(in, part{i, r.Upto})
			}
		}
	}
	return in
}
