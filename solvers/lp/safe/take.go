package safe

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"

	"berth/encode"
	"berth/model/integer"
	"berth/proof"
)

// Take returns the rows and the costs of a program in the form of this package:
// rows are tidy, those of the sense at least are negated. It fails where sums could leave the
// range of the exact arithmetic.
func Take(g *encode.Program) (rows []*Row, cost []int64, err error) {
	total := int64(0)
	for v := range g.Vars {
		if !within(&total, g.Vars[v].Cost) {
			return nil, nil, fmt.Errorf("the costs sum to more than %d units: state them with fewer digits", Limit)
		}
		cost = append(cost, g.Vars[v].Cost)
	}
	for r := range g.Rows {
		row, ok := takeRow(&g.Rows[r], proof.Name(r))
		if !ok {
			return nil, nil, fmt.Errorf("row %d sums to more than %d: state its amounts in larger units", r, Limit)
		}
		rows = append(rows, row)
	}
	return rows, cost, nil
}

// within adds |n| to total and says whether that stays within the limit.
func within(total *int64, n int64) bool {
	if n < -Limit || n > Limit {
		return false
	}
	*total += max(n, -n)
	return *total <= Limit
}

func takeRow(from *encode.Row, name proof.Name) (*Row, bool) {
	sign, size, right := int64(1), int64(0), int64(0)
	if from.Sense == encode.AtLeast {
		sign = -1
	}
	if !within(&right, from.RHS) {
		return nil, false
	}
	row := &Row{
		Vars: make([]int32, len(from.Terms)), Coefs: make([]int64, len(from.Terms)),
		RHS: sign * from.RHS, Equal: from.Sense == encode.Equal, Name: name,
	}
	for k, term := range from.Terms {
		if !within(&size, term.Coef) {
			return nil, false
		}
		row.Vars[k], row.Coefs[k] = term.Var, sign*term.Coef
	}
	return Tidy(row), true
}

// Tidy divides a row by what its coefficients have in common and sorts it by
// falling size.
func Tidy(row *Row) *Row {
	common := int64(0)
	for _, a := range row.Coefs {
		common = integer.GCD(common, a)
	}
	if common == 0 || row.Equal && row.RHS%common != 0 {
		common = 1 // an equation that cannot hold stays as it is
	}
	return Sorted(row, common)
}

// Sorted returns the row divided by a number that divides its coefficients, those of
// largest size first.
func Sorted(row *Row, common int64) *Row {
	order := make([]int, len(row.Vars))
	for k := range order {
		order[k] = k
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(size(row.Coefs[b]), size(row.Coefs[a])) })
	sorted := &Row{
		Vars: make([]int32, len(order)), Coefs: make([]int64, len(order)),
		RHS: integer.FloorDiv(row.RHS, common), Equal: row.Equal, Name: row.Name,
	}
	for k, from := range order {
		sorted.Vars[k], sorted.Coefs[k] = row.Vars[from], row.Coefs[from]/common
	}
	return sorted
}

func size(a int64) int64 { return max(a, -a) }

// The largest coefficient of a scaled row and the largest scaled cost have about
// this many bits.
const (
	rowBits  = 7
	costBits = 10
)

// RowScale and CostScale return by which power of two a row, or the costs, are
// divided before a code of floating-point numbers sees them. That changes no
// digit, and the code's tolerances then mean the same whatever the units are.
func RowScale(row *Row) int { return scale(row.Coefs, rowBits) }

// CostScale is described with RowScale.
func CostScale(cost []int64) int { return scale(cost, costBits) }

func scale(numbers []int64, wanted int) int {
	most := 0
	for _, n := range numbers {
		most = max(most, bits.Len64(uint64(max(n, -n)))-wanted)
	}
	return most
}
