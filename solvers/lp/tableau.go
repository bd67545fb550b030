//go:build cgo

package lp

import (
	"cmp"
	"math"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/solvers/lp/safe"
)

// Cuts from rows of the simplex tableau. Where the relaxation ends at a fraction, the rows that
// are tight there have a combination that says so: with the multipliers that express the
// fractional variable by them (a row of the basis' inverse), the sum of the rows is an equation
// of whole numbers, slacks included, whose right side is not whole. Rounding it (mixed integer
// rounding with every variable whole) cuts the point off: Gomory, "An algorithm for the mixed
// integer problem", RAND 1960; Nemhauser and Wolsey, "A recursive procedure to generate all cuts
// for 0-1 mixed integer programs", Mathematical Programming 1990. Where wishes and capacities
// meet, no single row has a cut, and these close most of the gap.
//
// Departures: the multipliers are rounded to a common denominator, the least at which they are
// whole where there is a small one; the sum of the rows, its rounding and the way back from the
// slacks are then computed in integers. So a cut is valid whatever the multipliers were; they only
// choose it. Of the cuts of a round those are kept that cut deepest and are not nearly parallel.
//
// Cost: that of the basis, once and for each of some dozens of fractions, and the terms of the
// rows that are summed.

const (
	tableauRows       = 150     // fractions looked at in a round
	tableauCuts       = 60      // cuts of a round
	fineness          = 1 << 12 // where no small denominator fits, it is the largest coefficient times this …
	largestDivisor    = 1 << 28 // … but no more than this
	fewestAway        = 0.02    // of a right side from whole numbers, in parts of the denominator
	leastDepth        = 1e-3    // of a cut: how far the point is beyond it
	mostParallel      = 0.5     // cosine between two cuts of a round
	mostSize          = 1 << 58 // of a sum of sizes, so that nothing overflows
	mostCoefficient   = 512     // larger ones are rounded
	smallDenominators = 240     // below which each is tried
	wholeAt           = 1e-6    // how near to a whole number a multiplier times a denominator is
)

// joining is what makes rows of several sorts meet. Where only assignments, capacities and
// traffic do, cuts of single rows do as well, and are shorter.
const joining = model.Wishes | model.Spreading | model.OpenCosts | model.Stays | model.Uplinks

// joins says whether something does.
func (t *tree) joins() bool {
	p := t.program.Problem
	return p == nil || p.Features&joining != 0
}

// tableau makes the cuts of one point of a relaxation.
type tableau struct {
	t     *tree
	value []float64
	work  int64

	coef    []int64 // of the sum of rows, by column
	seen    []bool
	touched []int32 // columns that were seen
}

func newTableau(t *tree, value []float64) *tableau {
	return &tableau{t: t, value: value, coef: make([]int64, len(value)), seen: make([]bool, len(value))}
}

// depthCut is a cut with how far the point is beyond it.
type depthCut struct {
	row   *safe.Row
	depth float64
}

// tableau returns cuts from several rows that the values, the last solution of the relaxation,
// violate.
func (t *tree) tableau(value []float64) ([]*safe.Row, bool) {
	if t.scribe != nil || t.level == nearbySearch {
		return nil, true
	}
	x := newTableau(t, value)
	found := x.halves()
	if p := &t.pause; p.left > 0 {
		p.left--
	} else if cuts := x.expressed(); len(cuts) > 0 {
		found, *p = append(found, cuts...), pause{}
	} else {
		*p = pause{p.failures + 1, p.failures + 1}
	}
	return x.best(found), t.host.work(x.work)
}

// expressed returns the cuts of rows of the tableau.
func (x *tableau) expressed() (found []depthCut) {
	b, value := newBasis(x.t), x.value
	if b == nil {
		return nil
	}
	fractions := make([]int, 0, len(b.columns))
	for k, j := range b.columns {
		if v := value[j]; v > fewestAway && v < 1-fewestAway {
			fractions = append(fractions, k)
		}
	}
	slices.SortStableFunc(fractions, func(a, c int) int {
		return cmp.Compare(math.Abs(value[b.columns[a]]-0.5), math.Abs(value[b.columns[c]]-0.5))
	})
	once, each := b.work()
	x.work += once
	for _, k := range fractions[:min(len(fractions), tableauRows)] {
		x.work += each
		if cut := x.cut(b, k); cut.row != nil {
			found = append(found, cut)
		}
	}
	return found
}

// cut returns the cut of the tableau's row of the k-th basic column.
func (x *tableau) cut(b *basis, k int) depthCut {
	y := b.express(k)
	if y == nil {
		return depthCut{}
	}
	divisor := x.denominator(b, y)
	var sum []multiple
	for m, r := range b.rows {
		f := math.Mod(y[m]*float64(divisor), float64(divisor)) // whole multiples of a row round away
		if math.IsNaN(f) {
			return depthCut{}
		}
		c := int64(math.RoundToEven(f))
		if c == 0 {
			continue
		}
		sum = append(sum, multiple{x.t.relax.rows[r], c})
	}
	return x.round(sum, divisor)
}

// multiple is a row with its multiplier.
type multiple struct {
	row   *safe.Row
	times int64
}

// denominator returns the least number that makes all multipliers whole, or a large one: a row's
// multiplier is as small as its coefficients are large.
func (x *tableau) denominator(b *basis, y []float64) int64 {
	for d := 1.0; d < smallDenominators; d++ {
		if !slices.ContainsFunc(y, func(v float64) bool { return math.Abs(v*d-math.Round(v*d)) > wholeAt*d }) {
			return int64(d)
		}
	}
	largest := int64(1)
	for m, r := range b.rows {
		if a := magnitude(x.t.relax.rows[r].Coefs[0]); math.Abs(y[m])*float64(a) > wholeAt {
			largest = max(largest, a)
		}
	}
	return fineness * min(largest, largestDivisor/fineness)
}

// round adds rows up and rounds the sum, in units of the divisor d. With x̄ for the variables,
// complemented where their value is nearer to 1, and s for the slacks, the sum is Σ a·x̄ + Σ c·s = b,
// and for the remainder f of b it follows that Σ g(a)·x̄ + Σ g(c)·s ≤ ⌊b/d⌋·(d − f), where
// g(a) = ⌊a/d⌋·(d − f) + max(a mod d − f, 0).
func (x *tableau) round(sum []multiple, d int64) depthCut {
	if large(sum, d) {
		return depthCut{}
	}
	defer x.clear()
	right := int64(0)
	for _, w := range sum {
		right += x.add(w.row, w.times)
	}
	for _, j := range x.touched {
		if x.high(j) {
			right -= x.coef[j]
		}
	}
	q := integer.FloorDiv(right, d)
	f := right - q*d
	if float64(min(f, d-f)) < fewestAway*float64(d) {
		return depthCut{}
	}
	g := func(a int64) int64 {
		q := integer.FloorDiv(a, d)
		return q*(d-f) + max(a-q*d-f, 0)
	}
	right = q * (d - f)
	for _, j := range x.touched {
		switch {
		case x.t.domain.Value[j] != safe.Free:
			x.coef[j] = 0 // x̄ is 0
		case x.high(j):
			x.coef[j] = -g(-x.coef[j])
			right += x.coef[j]
		default:
			x.coef[j] = g(x.coef[j])
		}
	}
	for _, w := range sum {
		if c := g(w.times); c != 0 && !w.row.Equal {
			right += x.add(w.row, -c)
		}
	}
	return x.measured(right)
}

// large says whether the sum of rows and its rounding in units of d could overflow.
func large(sum []multiple, d int64) bool {
	size := int64(0)
	for _, w := range sum {
		for _, a := range w.row.Coefs {
			size = integer.AddCapped(size, magnitude(a))
		}
		size = integer.AddCapped(size, magnitude(w.row.RHS))
	}
	return size > mostSize/d
}

// add adds a row to the sum and returns what that adds to its right side.
func (x *tableau) add(row *safe.Row, times int64) int64 {
	for k, j := range row.Vars {
		if !x.seen[j] {
			x.seen[j] = true
			x.touched = append(x.touched, j)
		}
		x.coef[j] += times * row.Coefs[k]
	}
	x.work += int64(2 * len(row.Vars))
	return times * row.RHS
}

// high says whether a variable counts from 1 down.
func (x *tableau) high(j int32) bool {
	v := x.t.domain.Value[j]
	return v == 1 || v == safe.Free && x.value[j] > 0.5
}

// clear forgets the sum.
func (x *tableau) clear() {
	for _, j := range x.touched {
		x.coef[j], x.seen[j] = 0, false
	}
	x.touched = x.touched[:0]
}

// measured returns the cut that the sum has become, if the point is far enough beyond it. Where
// the largest coefficient is large, all are brought to smaller ones.
func (x *tableau) measured(right int64) depthCut {
	largest, common := int64(0), int64(0)
	for _, j := range x.touched {
		if v := x.t.domain.Value[j]; v != safe.Free {
			right -= x.coef[j] * int64(v)
			x.coef[j] = 0
		}
		largest, common = max(largest, magnitude(x.coef[j])), integer.GCD(common, x.coef[j])
	}
	if largest > mostCoefficient*common {
		right = x.coarser(right, largest)
	}
	row, norm, depth := &safe.Row{RHS: right}, 0.0, 0.0
	slices.Sort(x.touched)
	for _, j := range x.touched {
		if a := x.coef[j]; a != 0 {
			row.Vars, row.Coefs = append(row.Vars, j), append(row.Coefs, a)
			norm += float64(a) * float64(a)
			depth += float64(a) * x.value[j]
		}
	}
	depth = (depth - float64(right)) / math.Sqrt(norm)
	if len(row.Vars) == 0 || len(row.Vars) > x.longest() || depth < leastDepth {
		return depthCut{}
	}
	return depthCut{safe.Tidy(row), depth}
}

// coarser divides the cut so that its largest coefficient is small. With every variable counted
// from the end that its value is nearer to, a coefficient a = q·unit + rest may become q·unit, which
// takes rest·x̄ from the left side, or (q + 1)·unit with unit − rest more on the right side, which
// takes (unit − rest)·(1 − x̄): that is done which takes less at the point.
func (x *tableau) coarser(right, largest int64) int64 {
	unit := (largest + mostCoefficient - 1) / mostCoefficient
	ends := int64(0) // what counting from 1 puts on the right side, in units
	for _, j := range x.touched {
		a, v := x.coef[j], x.value[j]
		high := x.high(j)
		if high {
			right -= a
			a, v = -a, 1-v
		}
		q := integer.FloorDiv(a, unit)
		if rest := a - q*unit; float64(rest)*v > float64(unit-rest)*(1-v) {
			q++
			right += unit - rest
		}
		if high {
			q = -q
			ends += q
		}
		x.coef[j] = q
	}
	return integer.FloorDiv(right, unit) + ends
}

// longest is how many variables a cut may have.
func (x *tableau) longest() int { return max(10, len(x.value)/8) }

// best chooses the cuts of a round.
func (x *tableau) best(found []depthCut) []*safe.Row {
	slices.SortStableFunc(found, func(a, b depthCut) int { return cmp.Compare(b.depth, a.depth) })
	var rows []*safe.Row
	dense := make([]float64, len(x.value))
	for _, cut := range found {
		if len(rows) == tableauCuts {
			break
		}
		length := norm(cut.row)
		for k, j := range cut.row.Vars {
			dense[j] = float64(cut.row.Coefs[k]) / length
		}
		parallel := slices.ContainsFunc(rows, func(other *safe.Row) bool {
			cosine := 0.0
			for k, j := range other.Vars {
				cosine += float64(other.Coefs[k]) * dense[j]
			}
			x.work += int64(len(other.Vars))
			return cosine > mostParallel*norm(other)
		})
		for _, j := range cut.row.Vars {
			dense[j] = 0
		}
		if !parallel {
			rows = append(rows, cut.row)
		}
	}
	return rows
}

// norm is the length of a row's coefficients as a vector.
func norm(row *safe.Row) float64 {
	sum := 0.0
	for _, a := range row.Coefs {
		sum += float64(a) * float64(a)
	}
	return math.Sqrt(sum)
}
