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
// Everything found is kept: what does not pay now may later. An annealing that begins with what
// the master uses finds little where a node should hold something else altogether, so where moves
// are limited, and rounds bring nothing, a step of the climb finds columns (prove.go). Pricing proves
// nothing, so where that brings nothing either it looks longer, and in the end gives up.

const (
	firstRounds = 4    // before the first look at what the columns are good for,
	mostRounds  = 20   // and before each other
	mostIdle    = 6    // rounds without gain, before pricing takes longer
	leastGain   = 1e-5 // of a round, in parts of the master's value
	firstSteps  = 8    // of the annealing of a node, by item,
	mostSteps   = 64   // and of the longest
	pull        = 0.3  // how far multipliers go towards those of the master in a round
	meanRounds  = 16
	smallGap    = 0.01    // is little, in parts of the master's value
	gatherSteps = 16      // of each annealing of gathering, by item
	gatherCold  = 1. / 64 // the last temperature of gathering, in parts of the gap
	todayEvery  = 4       // rounds from one to the next in which pricing also begins with what runs today
	climbIdle   = 2       // rounds without gain, before the climb takes steps
	coldestNode = 0.0003
	dearMoves   = 10 // what so many moves cost is warm enough at least
)

// hottest are the first temperatures of pricing in turn, and coldestNode is the last, in
// parts of what all traffic is for each node or, of the first, what some moves cost.
var hottest = [...]float64{0.1, 0.3, 0.03}

// generator adds columns to a pool.
type generator struct {
	*sack
	row    []int32 // see rows
	unit   float64
	items  []int32 // that columns may hold
	heat   float64 // what all traffic is for each node
	center []float64
	mean   []float64 // multipliers of the master, of about the last meanRounds rounds
	meant  int       // so many, up to meanRounds
	worth  []float64 // multipliers by item
}

func newGenerator(o *pool, row []int32, unit float64) *generator {
	g := &generator{sack: newSack(o), row: row, unit: unit, worth: make([]float64, len(o.problem.Items))}
	for i, r := range row[:len(o.problem.Items)] {
		if r > 0 || o.loose(int32(i)) {
			g.items = append(g.items, int32(i))
		}
	}
	for _, pair := range o.problem.Pairs {
		g.heat += float64(pair.Price) * float64(o.problem.Full) * float64(o.whole)
	}
	g.heat /= unit * float64(len(o.problem.NodeNames))
	return g
}

// generate prices columns and solves the master with them, for some rounds or until that
// brings nothing more. It returns false where the board stopped it.
func (g *generator) generate(m *clp.Model, b *search.Board) bool {
	rounds := mostRounds
	if g.rounds == 0 {
		rounds = firstRounds
	}
	for range rounds {
		known, before := len(g.columns), m.Objective()
		var c *climb
		if g.problem.MustStay > 0 && g.idle >= climbIdle {
			c = g.climbing(m)
			if !c.step(m, b) {
				return false
			}
		} else if !b.Work(g.price(m)) {
			return false
		}
		if !g.extend(m, known) || !b.Work(int64(m.Iterations())*pivotWork) {
			return false
		}
		g.rounds++
		gained := before-m.Objective() > leastGain*math.Abs(before)
		if c != nil && !c.turn(gained, len(g.columns) > known) {
			g.spent = true
			return true
		}
		if g.idle++; gained {
			g.idle = 0
		}
		if g.idle == mostIdle {
			g.idle = 0
			if g.steps *= 2; g.steps > mostSteps {
				g.steps, g.spent = firstSteps, true
				return true
			}
			if g.problem.MustStay == 0 {
				return true // only contents asks then, whose searches find what this does not
			}
		}
	}
	return true
}

// extend solves the master with the columns from known on.
func (g *generator) extend(m *clp.Model, known int) bool {
	var vectors []clp.Vector
	for k := known; k < len(g.columns); k++ {
		vectors = append(vectors, g.vector(&g.columns[k], g.row, g.unit))
	}
	return m.AddColumns(vectors) == nil && m.Primal(iterations) == clp.Optimal
}

// price adds to the pool what pricing finds at multipliers near those of the master, and
// returns how much work that was.
func (g *generator) price(m *clp.Model) (work int64) {
	g.follow(m)
	starts, free := g.used(m), slices.Clone(g.nodes)
	for k := range g.columns {
		free[g.columns[k].class] -= g.columns[k].held
	}
	if g.problem.MustStay > 0 && g.rounds%todayEvery == 0 {
		for class := range starts {
			if free[class] > 0 {
				starts[class] = append(starts[class], g.today(int32(class)))
			}
		}
	}
	return g.priceFrom(starts, g.steps)
}

// priceFrom adds to the pool what annealings find that begin with some contents of each class, at
// the multipliers of the center. Each takes steps times as many steps as there are items.
func (g *generator) priceFrom(starts [][][]part, steps int) (work int64) {
	stay := g.weigh()
	steps *= len(g.items)
	hot := hottest[g.rounds%len(hottest)] * max(g.heat, dearMoves*stay)
	for class := range int32(len(g.nodes)) {
		if len(starts[class]) == 0 {
			continue
		}
		g.enter(class, g.items, g.worth, stay, g.unit)
		work += int64(g.problem.Copies) * enterWork
		for _, in := range starts[class] {
			g.addColumn(class, g.anneal(in, steps, hot, coldestNode*g.heat))
			work += int64(steps) * stepWork
		}
	}
	return work
}

// gather adds contents of each class that at the multipliers of the master cost no more than what
// the best placement is above it, where that is little: all columns of a better choice are
// among these. The annealings begin with what the master uses. It returns false where the board stopped it.
func (g *generator) gather(m *clp.Model, b *search.Board) bool {
	_, cost := b.Best()
	gap := float64(cost-g.base())/g.unit - m.Objective()
	if g.climb == nil || gap <= 0 || gap > smallGap*math.Abs(m.Objective()) {
		return true
	}
	known, work := len(g.columns), int64(0)
	g.center = m.Duals(nil)
	stay := g.weigh()
	starts, steps := g.used(m), gatherSteps*len(g.items)
	for class := range int32(len(g.nodes)) {
		g.enter(class, g.items, g.worth, stay, g.unit)
		work += int64(g.problem.Copies) * enterWork
		g.nearby = -g.center[class] - gap
		for _, in := range starts[class] {
			g.anneal(in, steps, gap, gap*gatherCold)
			for _, in := range g.beside {
				g.addColumn(class, in)
			}
			work += int64(steps) * stepWork
		}
	}
	g.nearby = math.Inf(1)
	return g.extend(m, known) && b.Work(work+int64(m.Iterations())*pivotWork)
}

// used lists for each class the contents that the master uses beside those that are held.
func (g *generator) used(m *clp.Model) [][][]part {
	starts := make([][][]part, len(g.nodes))
	for k, v := range m.Values(nil) {
		if c := &g.columns[k]; v > float64(c.held)+tiny {
			starts[c.class] = append(starts[c.class], c.in)
		}
	}
	return starts
}

// weigh takes the multipliers of items from the center, and returns that of a replica that stays.
func (g *generator) weigh() (stay float64) {
	for _, i := range g.items {
		if r := g.row[i]; r > 0 {
			g.worth[i] = g.center[r]
		}
	}
	if g.problem.MustStay > 0 {
		stay = g.center[g.row[len(g.row)-1]]
	}
	return stay
}

// follow moves the multipliers towards those of the master.
func (g *generator) follow(m *clp.Model) {
	duals := m.Duals(nil)
	if g.center == nil {
		g.center = slices.Clone(duals)
	}
	if g.mean == nil {
		g.mean = slices.Clone(duals)
	}
	g.meant = min(g.meant+1, meanRounds)
	for r, v := range duals {
		g.center[r] += float64(pull * (v - g.center[r]))
		g.mean[r] += (v - g.mean[r]) / float64(g.meant)
	}
}

// whole rounds a multiplier.
func (g *generator) whole(worth float64) int64 {
	return int64(math.Round(min(max(worth*g.unit, -highest), highest)))
}

// integers returns the multipliers of items and of a replica that stays, at the center; smaller
// ones where those of all copies together would be too large for integers.
func (g *generator) integers() (multiplier []int64, stay int64) {
	p := g.problem
	multiplier = make([]int64, len(p.Items))
	sum := 0.
	for i := range multiplier {
		if r := g.row[i]; r > 0 {
			sum += math.Abs(g.center[r]) * g.unit * float64(p.Items[i].Count)
		}
	}
	last := g.row[len(g.row)-1]
	if p.MustStay > 0 {
		sum += math.Abs(g.center[last]) * g.unit * float64(p.MustStay)
	}
	scale := min(highest/max(sum, 1), 1)
	for i := range multiplier {
		multiplier[i] = p.Costs[p.Items[i].Cost].Least()
		if r := g.row[i]; r > 0 {
			multiplier[i] = g.whole(float64(g.center[r] * scale))
		}
	}
	if p.MustStay > 0 {
		stay = max(g.whole(float64(g.center[last]*scale)), 0)
	}
	return multiplier, stay
}
