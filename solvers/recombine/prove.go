//go:build cgo

package recombine

import (
	"context"
	"fmt"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/clp"
)

// prove raises the bound: at multipliers near those of the master, by what no contents of a
// node are worth more than (limit.go). What that finds are columns too, and the multipliers
// follow the master with them.
func prove(_ context.Context, p *model.Problem, b *search.Board) error {
	if p.Copies > mostCopies {
		return fmt.Errorf("contents: %d copies are more than %d: %w", p.Copies, mostCopies, search.ErrTooLarge)
	}
	a := heuristics.NewAnnealing(p, b)
	if a == nil || a.Core() == 0 || !a.Run(max(warmRun*int64(a.Core()), smallest), 0) {
		return nil
	}
	pool := newPool(p, b.Seed())
	pool.add(a.Placement())
	if best, _ := b.Best(); best != nil {
		pool.add(best)
	}
	if p.MustStay > 0 {
		pool.addToday()
	}
	m, g, err := pool.open(b)
	if m == nil {
		return err
	}
	defer m.Close()
	for looks := 0; !pool.spent && pool.steps == firstSteps && (p.MustStay == 0 || looks < fewLooks); looks++ {
		if !g.generate(m, b) {
			return nil
		}
	}
	c := g.climbing(m)
	for {
		known, before := len(pool.columns), m.Objective()
		if !c.step(m, b) || !g.extend(m, known) || !b.Work(int64(m.Iterations())*pivotWork) {
			return nil
		}
		if !c.turn(before-m.Objective() > leastGain*math.Abs(before), len(pool.columns) > known) {
			return nil
		}
	}
}

// climb is the search for the multipliers whose bound is best: each step goes from the best
// so far some way towards those of the master (P. Wentges, Weighted Dantzig-Wolfe
// decomposition for linear mixed-integer programming, International Transactions in
// Operational Research 4, 1997), the farther the more often that was no good, and then a little
// again as long as there are new columns. It begins with the mean of many, which lies between
// extremes.
type climb struct {
	*generator
	best   []float64 // multipliers of the rows
	bound  int64     // theirs
	pull   float64   // how far the next step goes
	better bool      // the last one was
}

// climbing returns the climb of the pool as it stood at the end of the last row of rounds, or a new one.
func (g *generator) climbing(m *clp.Model) *climb {
	if g.mean == nil {
		g.follow(m)
	}
	c := g.climb
	if c == nil || len(c.best) != len(g.mean) {
		c = &climb{best: slices.Clone(g.mean), pull: firstPull, bound: math.MinInt64}
	} else {
		for r := range c.best {
			c.best[r] *= c.unit / g.unit
		}
	}
	c.generator, g.climb = g, c
	return c
}

// turn sets how far the next step goes. gained: the master gained by the last one; found: that
// had new columns. It returns false where another step would be of no use.
func (c *climb) turn(gained, found bool) bool {
	switch {
	case c.better:
	case gained:
		c.pull = max(c.pull/2, leastPull)
	case c.pull < 1:
		c.pull = min(morePull*c.pull, 1)
	case !found:
		return false
	default:
		c.pull = firstPull
	}
	return true
}

const (
	fewLooks  = 2 // rows of rounds before the climb, where moves are limited
	firstPull = 0.2
	leastPull = 0.05
	mostPull  = 0.3 // after a step that was better
	morePull  = 1.5 // and how much more than the one before
)

// step bounds what contents of each class are worth, dividing where that raises the bound
// of the whole most, until the multipliers are seen to be no better than the best, or
// little is missing. What is worth more than the master knows are columns then; where moves are
// limited, that is enough, and else annealings begin with them. It returns
// false where the board stopped it.
func (c *climb) step(m *clp.Model, b *search.Board) bool {
	c.center = m.Duals(c.center[:0])
	for r, v := range c.best {
		c.center[r] = v + float64(c.pull*(c.center[r]-v))
	}
	multiplier, stay := c.integers()
	most, known := make([]int64, len(c.nodes)), make([]int64, len(c.nodes))
	classes := make([]*limiter, len(c.nodes))
	c.kept = 0
	for k := range classes {
		l := newLimiter(c.pool)
		classes[k] = l
		l.enter(int32(k), multiplier, stay)
		l.enough = max(c.whole(-c.center[k]), 0)
		l.begin()
		if !b.Work(lookWork * l.looks) {
			return false
		}
	}
	master := int64(m.Objective()*c.unit) + c.base()
	bound, going := int64(0), true
	for going {
		widest, k := int64(0), -1
		for class, l := range classes {
			most[class], _ = l.limit()
			known[class] = l.floor()
			width := int64(c.nodes[class]) * (most[class] - l.floor())
			if width > widest && !l.stuck {
				widest, k = width, class
			}
		}
		bound = c.lowerBound(multiplier, stay, most)
		if c.problem.Features&model.LeavingOut == 0 {
			b.RaiseBelow(bound)
		}
		highest := c.lowerBound(multiplier, stay, known)
		if k < 0 || highest <= c.bound || missingPart*(highest-bound) <= master-highest {
			break
		}
		l := classes[k]
		l.looks = 0
		l.stuck = !l.divide()
		going = b.Work(lookWork * l.looks)
	}
	found := make([][][]part, len(classes))
	for class, l := range classes {
		found[class] = l.found
		for _, in := range l.found {
			c.addColumn(int32(class), in)
		}
	}
	if c.problem.MustStay == 0 {
		going = going && b.Work(c.priceFrom(found, c.steps))
	}
	if bound > c.bound {
		c.best, c.bound, c.pull = slices.Clone(c.center), bound, min(morePull*c.pull, mostPull)
		c.better = true
	} else {
		c.better = false
	}
	return going
}

const (
	lookWork    = 2       // units of work by arc
	missingPart = 2       // what is missing is little where it is such a part of what the multipliers lack
	highest     = 1 << 58 // multipliers of all copies together are not more
)
