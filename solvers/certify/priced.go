package certify

import (
	"context"
	"math"
	"math/bits"

	"berth/encode"
	"berth/model/integer"
	"berth/proof"
	"berth/search"
	"berth/solvers/prices"
)

// The precision of prices: a step of cost is divided into 1<<fineness, or fewer where numbers
// would be above mostPrice.
const (
	fineness  = 20
	mostPrice = proof.MostPrice >> 1
)

// priced makes steps of one price: capacities have those that prices finds, and a copy pays what
// its cheapest node asks for. That is a bound within a fraction of a percent of the best also where
// no other search comes to its first.
func priced(g *encode.Program, bound int64, more func(int64) bool) (int64, func(*proof.Writer), error) {
	found, err := prices.Find(context.Background(), g.Problem, more)
	if err != nil {
		return search.NoBound, nil, err
	}
	l := newLine(g, found)
	if l == nil {
		return search.NoBound, nil, nil
	}
	return min(l.bound, bound), func(w *proof.Writer) { w.Price(l.denominator, l.rows) }, nil
}

// line is one price, with the bound that it shows.
type line struct {
	denominator int64
	rows        []proof.Multiplier
	bound       int64
}

// newLine rounds prices, by node and resource, to multipliers; nil where numbers are too large.
func newLine(g *encode.Program, found []float64) *line {
	p, scale := g.Problem, g.Scale()
	largest := float64(scale.Unit)
	for v := range g.Vars {
		largest = max(largest, math.Abs(float64(g.Vars[v].Cost)))
	}
	price := make([]float64, len(g.Rows)) // of a unit of the row
	for r := range g.Rows {
		if row := &g.Rows[r]; row.Origin.Kind == encode.Capacity {
			price[r] = found[int(row.Origin.A)*len(p.Resources)+int(row.Origin.B)] * float64(perUnit(g, row))
			largest = max(largest, price[r])
		}
	}
	shift := min(fineness, bits.Len64(mostPrice)-1-bits.Len64(uint64(largest)))
	if largest >= mostPrice || shift < 0 {
		return nil
	}
	l := &line{denominator: scale.Unit << shift}
	pays := make([]integer.Wide, len(g.Vars))
	for v := range g.Vars {
		pays[v] = integer.FromInt(g.Vars[v].Cost, uint(shift))
	}
	total := integer.Wide{}
	for r := range g.Rows {
		row, y := &g.Rows[r], int64(math.Round(math.Ldexp(price[r], shift)))
		if y == 0 {
			continue
		}
		l.rows = append(l.rows, proof.Multiplier{Row: proof.Name(r), By: -y})
		total = total.Minus(integer.Product(y, row.RHS))
		for _, t := range row.Terms {
			pays[t.Var] = pays[t.Var].Plus(integer.Product(y, t.Coef))
		}
	}
	for r := range g.Rows {
		row := &g.Rows[r]
		if row.Origin.Kind != encode.Assignment || len(row.Terms) == 0 {
			continue
		}
		least := pays[row.Terms[0].Var]
		for _, t := range row.Terms {
			if pays[t.Var].Less(least) {
				least = pays[t.Var]
			}
		}
		y := least.CeilShift(0)
		if max(y, -y) > proof.MostPrice {
			return nil
		}
		l.rows = append(l.rows, proof.Multiplier{Row: proof.Name(r), By: y})
		total = total.Plus(integer.Product(y, row.RHS))
	}
	steps := -integer.FloorDiv(-total.CeilShift(uint(shift)), scale.Unit)
	l.bound = scale.Zero + steps*scale.Unit
	return l
}
