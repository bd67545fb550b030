//go:build cgo

package recombine

import (
	"context"
	"fmt"
	"math"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/clp"
)

// prove raises the bound: at the multipliers of the master by what no contents of a node
// are worth more than (limit.go). What that finds is a column too, and the multipliers
// follow the master with it.
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
	m, g, err := pool.open(b)
	if m == nil {
		return err
	}
	defer m.Close()
	for !pool.spent {
		if !g.generate(m, b) {
			return nil
		}
	}
	for idle := 0; idle < mostIdle; idle++ {
		known := len(pool.columns)
		if !pool.limit(m, g, b) || !g.extend(m, known) {
			return nil
		}
		if len(pool.columns) > known {
			idle = -1
		}
	}
	return nil
}

// limit bounds what contents of each class are worth, dividing where that raises the bound
// of the whole most, until better contents than the master knows are most of what is
// missing. Those are columns then. It returns false where the board stopped it.
func (o *pool) limit(m *clp.Model, g *generator, b *search.Board) bool {
	p := o.problem
	largest := float64(highest / (int64(p.Copies) + p.MustStay + 1))
	whole := func(v float64) int64 { return int64(math.Round(min(max(v*g.unit, -largest), largest))) }
	stay := max(whole(g.follow(m)), 0)
	multiplier, most := make([]int64, len(p.Items)), make([]int64, len(o.nodes))
	for i := range multiplier {
		multiplier[i] = p.Costs[p.Items[i].Cost].Least()
		if g.row[i] > 0 {
			multiplier[i] = whole(g.worth[i])
		}
	}
	classes := make([]*limiter, len(o.nodes))
	for k := range classes {
		l := newLimiter(o)
		classes[k] = l
		l.enter(int32(k), multiplier, stay)
		l.enough = max(whole(-g.center[k]), 0)
		l.begin()
		if !b.Work(lookWork * l.looks) {
			return false
		}
	}
	for {
		missing, known, widest, k := int64(0), int64(0), int64(0), -1
		for class, l := range classes {
			most[class], _ = l.limit()
			known += int64(o.nodes[class]) * max(l.best-l.enough, 0)
			width := int64(o.nodes[class]) * (most[class] - max(l.best, l.enough))
			missing += width
			if width > widest && !l.stuck {
				widest, k = width, class
			}
		}
		b.RaiseBelow(o.lowerBound(multiplier, stay, most))
		if k < 0 || known > missing {
			break
		}
		l := classes[k]
		l.looks, l.stuck = 0, !l.divide()
		if !b.Work(lookWork * l.looks) {
			return false
		}
	}
	for class, l := range classes {
		if l.best > l.enough {
			o.addColumn(int32(class), l.in)
		}
	}
	return true
}

const (
	lookWork = 2       // units of work by arc
	highest  = 1 << 58 // multipliers of all copies together are not more
)
