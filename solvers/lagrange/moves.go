package lagrange

import (
	"context"
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// Moves is the registry's row of the method moves.
//
// A bound where only so many replicas may leave where they run today. That row, "so
// many stay", is dualised beside the rows of the tasks: a price μ makes each replica
// that stays cheaper by μ, and as many times μ as have to stay is added (A.M.
// Geoffrion, Lagrangean relaxation for integer programming, Mathematical Programming
// Study 2, 1974). What is left is the problem without that row, whose bound is
// bound.go's. As a function of μ it is concave; golden sections find its best place,
// the multipliers of the tasks going along (J. Kiefer, Sequential minimax search for
// a maximum, Proceedings of the AMS 4, 1953).
//
// It finds no placements and proves no optimum by itself. Cost: some twenty short
// ascents and a long one; see there what a round costs.
var Moves = &search.Method{
	Name:    "moves",
	Short:   "a bound where moves are limited, for linear costs and one scarce resource a node",
	Source:  "Geoffrion 1974",
	Handles: handles | model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		in, err := newInstance(p, b)
		if err != nil {
			return err
		}
		newMover(in, b).search()
		return nil
	},
}

const (
	sections   = 18   // prices of a move that are tried after the first two
	wideRounds = 400  // of multipliers for the first price …
	fewRounds  = 120  // … for each other …
	allRounds  = 2000 // … and for the best
	golden     = 0.6180339887498949
)

// mover is the search for the best price of a move.
type mover struct {
	*engine
	runs  []run
	price int64 // μ, in the engine's steps
}

// run is a pair of a copy and a node that runs one like it today.
type run struct {
	pair     int
	replicas int64 // that stay with the copy
}

func newMover(in *instance, b *search.Board) *mover {
	m := &mover{engine: newEngine(in, onBoard{in, b})}
	for i := range in.problem.Items {
		item := &in.problem.Items[i]
		for _, r := range in.problem.Runs[item.Runs.From:item.Runs.To] {
			for c := item.First; c < item.First+item.Count; c++ {
				if k := int(r.Node)*in.tasks + int(c); in.need[k] != never {
					m.runs = append(m.runs, run{k, r.Replicas})
				}
			}
		}
	}
	for i := range m.u {
		m.u[i] = m.secondCheapest(int32(i))
	}
	return m
}

// search raises the bound by golden sections over the price, then by a long ascent.
func (m *mover) search() {
	if m.failed || m.tasks == 0 {
		return
	}
	low, high := 0.0, m.highestPrice()
	atLow := low + (1-golden)*(high-low)
	atHigh := low + golden*(high-low)
	valueLow, valueHigh := m.try(atLow, wideRounds), m.try(atHigh, fewRounds)
	for range sections {
		if m.stopped {
			return
		}
		if valueLow >= valueHigh {
			high, atHigh, valueHigh = atHigh, atLow, valueLow
			atLow = low + (1-golden)*(high-low)
			valueLow = m.try(atLow, fewRounds)
		} else {
			low, atLow, valueLow = atLow, atHigh, valueHigh
			atHigh = low + golden*(high-low)
			valueHigh = m.try(atHigh, fewRounds)
		}
	}
	best := atLow
	if valueHigh > valueLow {
		best = atHigh
	}
	m.try(best, allRounds)
}

// highestPrice is what a move is worth at most in the search: more than a few of the
// dearest places, as far as the knapsacks take such numbers.
func (m *mover) highestPrice() float64 {
	together := int64(1)
	for _, r := range m.runs {
		together = max(together, r.replicas)
	}
	return float64(min(4*slices.Max(m.cost)+m.step(), maxPrice/together))
}

// try sets the price and climbs, and reports the bound. It returns the bound in the
// engine's steps.
func (m *mover) try(price float64, rounds int) float64 {
	change := int64(price) - m.price
	m.price += change
	for _, r := range m.runs {
		m.cost[r.pair] -= change * r.replicas
		if m.at[r.pair%m.tasks] == int32(r.pair/m.tasks) {
			m.forced -= change * r.replicas
		}
	}
	best := m.ascend(rounds)
	if best == unevaluated {
		return math.Inf(-1)
	}
	value := best + m.price*m.problem.MustStay
	m.host.raise(m.stepsUp(value))
	return float64(value)
}

// ascend improves the multipliers by so many rounds and leaves them at the best it
// met, whose value it returns. Steps go as in start.
func (e *engine) ascend(rounds int) int64 {
	p := e.newPace()
	clear(e.direction)
	copy(e.bestU, e.u)
	for r := 0; r < rounds && p.ahead > e.step()/nearest && e.evaluate(); r++ {
		if e.met(&p, patience/2) {
			continue
		}
		if e.cover() {
			break
		}
		e.move(1, p.best+p.ahead)
	}
	copy(e.u, e.bestU)
	return p.best
}
