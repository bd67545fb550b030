// Package safe turns the floating-point multipliers of a linear programming code
// into claims that hold exactly.
//
// For a program min cost·x over rows and 0/1 bounds, any multipliers y of the rows
// with the right signs (y ≤ 0 where the left side may only be smaller) give the
// Lagrangian bound
//
//	L(y) = Σ_r y_r·rhs_r + Σ_j min over x_j's bounds of (cost_j − Σ_r y_r·a_rj)·x_j
//
// (Neumaier and Shcherbina, "Safe bounds in linear and mixed-integer linear
// programming", Mathematical Programming 2004; Jansson, "Rigorous lower and upper
// bounds in linear programming", SIAM Journal on Optimization 2004). They bound
// the error of floating-point sums by directed rounding; here all data are
// integers, so the multipliers are rounded to a common denominator 2^shift, as
// large as 128-bit sums allow, and L is computed without any error. Rounded duals
// lose about 2^-shift times the coefficients: nothing that shows after rounding up
// to an integer. The same sum without the costs proves infeasibility (Farkas): it
// is then a lower bound on 0, and a positive one is a contradiction.
//
// Cost: one multiplication of 64 to 128 bits for each coefficient of a row whose
// multiplier is not 0.
package safe

import (
	"math"
	"math/bits"
	"slices"

	"berth/model/integer"
	"berth/proof"
)

// Free, and 0 or 1, is what a variable may be.
const Free int8 = -1

// Limit bounds what enters: the sum of |coefficients| and the right side of each
// row, and the sum of |costs|, are at most Limit; there are at most 2^24 rows.
const Limit int64 = 1 << 60

// The multipliers, scaled, have at most this many bits: with Limit and the number
// of rows no sum passes 2^126.
const multiplierBits = 40

// Row is Σ Coefs·Vars ≤ RHS, or = RHS. It is not changed once made.
type Row struct {
	Vars  []int32
	Coefs []int64
	RHS   int64
	Equal bool
	Name  proof.Name // the row of the program that it is or comes from
}

// Prover computes the exact value of multipliers. It keeps its memory between
// calls; the zero value is ready.
type Prover struct {
	shift   uint
	costs   bool         // they counted
	rounded []int64      // multipliers, by row
	right   integer.Wide // Σ_r y_r·rhs_r, times 2^shift
	total   integer.Wide
	reduced []integer.Wide // cost_j − Σ_r y_r·a_rj, by variable, times 2^shift
}

// Bound computes L for the rows' multipliers and the costs, which are nil for the
// proof of infeasibility. value holds what each variable may be.
func (p *Prover) Bound(rows []*Row, cost []int64, value []int8, multipliers []float64) {
	p.shift, p.costs, p.rounded = shiftFor(cost, multipliers), cost != nil, p.rounded[:0]
	scale := math.Ldexp(1, int(p.shift))
	if cost == nil {
		scale = farkasScale(multipliers)
	}
	p.reduced = append(p.reduced[:0], make([]integer.Wide, len(value))...)
	for j, c := range cost {
		p.reduced[j] = integer.FromInt(c, p.shift)
	}
	p.total = integer.Wide{}
	for r, row := range rows {
		y := rounded(multipliers[r]*scale, row.Equal)
		p.rounded = append(p.rounded, y)
		if y == 0 {
			continue
		}
		p.total = p.total.Plus(integer.Product(y, row.RHS))
		for k, j := range row.Vars {
			p.reduced[j] = p.reduced[j].Minus(integer.Product(y, row.Coefs[k]))
		}
	}
	p.right = p.total
	for j, v := range value {
		if v == 1 || v == Free && p.reduced[j].Sign() < 0 {
			p.total = p.total.Plus(p.reduced[j])
		}
	}
}

// Multipliers returns those of the last Bound by row, to be divided by the denominator; it is
// 0 where costs did not count.
func (p *Prover) Multipliers() (denominator int64, byRow []int64) {
	if p.costs {
		denominator = 1 << p.shift
	}
	return denominator, p.rounded
}

// Clone returns a copy that keeps the last Bound.
func (p *Prover) Clone() Prover {
	return Prover{shift: p.shift, costs: p.costs, rounded: slices.Clone(p.rounded), right: p.right, total: p.total, reduced: slices.Clone(p.reduced)}
}

// shiftFor returns the largest denominator that keeps all sums in range.
func shiftFor(cost []int64, multipliers []float64) uint {
	if cost == nil {
		return 0
	}
	shift := multiplierBits
	if largest := largest(multipliers); largest > 0 {
		shift = min(shift, multiplierBits-1-math.Ilogb(largest))
	}
	costBits := 0
	for _, c := range cost {
		costBits = max(costBits, bits.Len64(uint64(max(c, -c))))
	}
	return uint(max(min(shift, 90-costBits), 0))
}

// farkasScale brings multipliers, of which only the direction counts, into range.
func farkasScale(multipliers []float64) float64 {
	largest := largest(multipliers)
	if largest == 0 {
		return 0
	}
	return math.Ldexp(1, min(multiplierBits-2-math.Ilogb(largest), 1000))
}

func largest(multipliers []float64) float64 {
	most := 0.0
	for _, y := range multipliers {
		if y = math.Abs(y); y > most && !math.IsInf(y, 0) {
			most = y
		}
	}
	return most
}

// rounded returns the integer next to y, or 0 where the sign is wrong.
func rounded(y float64, equal bool) int64 {
	const most = 1 << multiplierBits
	switch {
	case math.IsNaN(y) || y > 0 && !equal:
		return 0
	case y > most:
		return most
	case y < -most:
		return -most
	}
	return int64(math.RoundToEven(y))
}

// Above reports whether the value of the last Bound is larger than limit: then no
// assignment costs limit or less.
func (p *Prover) Above(limit int64) bool { return integer.FromInt(limit, p.shift).Less(p.total) }

// Ceil returns the value of the last Bound with costs, rounded up to the next integer, or
// the end of the range next to it in which all assignments cost: -Limit to Limit.
func (p *Prover) Ceil() int64 { return min(max(p.total.CeilShift(p.shift), -Limit), Limit) }

// Infeasible reports whether the last Bound, computed without costs, proves that
// no assignment satisfies the rows.
func (p *Prover) Infeasible() bool { return p.total.Sign() > 0 }

// Fixed returns which value variable j, if free, must have in every assignment of
// cost at most limit, or Free.
func (p *Prover) Fixed(j int32, limit int64) int8 {
	if !integer.FromInt(limit, p.shift).Less(p.total.Plus(p.reduced[j].Abs())) {
		return Free
	}
	switch p.reduced[j].Sign() {
	case 1:
		return 0
	case -1:
		return 1
	}
	return Free
}

// Coefficients of a row that the last Bound leaves have so many bits, and those with so many
// fewer are left out.
const (
	learntBits = 36
	learntTiny = 30
)

// Row returns what the multipliers of the last Bound say of all assignments whose cost, if costs
// counted, is at most limit:
//
//	Σ_j (cost_j − Σ_r y_r·a_rj)·x_j ≤ limit − Σ_r y_r·rhs_r,
//
// a sum of rows that holds whatever else is fixed; with coefficients rounded down, and nil
// where that says nothing.
func (p *Prover) Row(limit int64) *Row {
	right, largest := integer.Wide{}.Minus(p.right), 0.0
	if p.costs {
		right = right.Plus(integer.FromInt(limit, p.shift))
	}
	for _, r := range p.reduced {
		largest = max(largest, r.Abs().Float(0))
	}
	if largest == 0 {
		return nil
	}
	unit := uint(max(math.Ilogb(largest)+1-learntBits, 0))
	tiny := integer.FromInt(1, unit+learntBits-learntTiny)
	row, most := &Row{}, int64(0)
	for j, r := range p.reduced {
		switch {
		case r.Abs().Less(tiny):
			if r.Sign() < 0 {
				right = right.Minus(r)
			}
		default:
			a := -integer.Wide{}.Minus(r).CeilShift(unit)
			row.Vars, row.Coefs = append(row.Vars, int32(j)), append(row.Coefs, a)
			most += max(a, 0)
		}
	}
	row.RHS = -integer.Wide{}.Minus(right).CeilShift(unit)
	if row.RHS >= most || row.RHS < -Limit {
		return nil
	}
	return Sorted(row, 1)
}

// Reduced returns about what the reduced cost of a variable is.
func (p *Prover) Reduced(j int32) float64 {
	return p.reduced[j].Float(p.shift)
}
