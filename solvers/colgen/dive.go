//go:build cgo

package colgen

import (
	"math"

	"berth/solvers/clp"
)

// A dive rounds the solution of a fleet's program: of the sets that are used in part, the one that
// is used most is used once more for good, the program is solved again, with sets that pay then,
// and so on, until it is whole (of cutting stock R.W. Haessler, A heuristic programming solution to a
// nonlinear cutting stock problem, Management Science 17, 1971).

const mostDiveSteps = 5 // of pricing after each set

// dive says whether it came to a solution in whole sets. That may use artificial copies.
func (p *program) dive() bool {
	defer func() {
		for c := range p.columns {
			p.model.SetBounds(int32(p.first+c), 0, clp.Infinity)
		}
	}()
	p.primal = false
	for !p.stopped {
		for n := 0; ; n++ {
			if !p.resolve() {
				return false
			}
			if n == mostDiveSteps {
				break
			}
			p.duals, p.pull = p.model.Duals(p.duals[:0]), 0
			p.evaluate(p.between())
			if p.primal = p.gather(); !p.primal || p.stopped {
				break
			}
		}
		p.values, p.primal = p.model.Values(p.values[:0]), false
		best, most := -1, 0.0
		for c := range p.columns {
			x := p.values[p.first+c]
			if part := x - math.Floor(x+wholeAt); part > most+wholeAt {
				best, most = c, part
			}
		}
		if best < 0 {
			return true
		}
		p.model.SetBounds(int32(p.first+best), math.Ceil(p.values[p.first+best]-wholeAt), clp.Infinity)
	}
	return false
}

// spread is what the sets of the last solution put where, by pair of item and node.
func (p *program) spread() []float64 {
	nodes := 0
	for _, list := range p.kinds {
		nodes += len(list)
	}
	x, next := make([]float64, (nodes+1)*p.items), make([]int, len(p.kinds))
	for c, column := range p.columns {
		for range int(math.Round(p.values[p.first+c])) {
			k := column.node
			j := int(p.kinds[k][next[k]])
			next[k]++
			for _, t := range column.in {
				x[j*p.items+int(t.item)] = float64(t.copies)
			}
		}
	}
	return x
}
