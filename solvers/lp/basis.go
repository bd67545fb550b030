//go:build cgo

package lp

import (
	"gonum.org/v1/gonum/mat"

	"berth/solvers/clp"
)

// basis is what the relaxation rests on: the rows that are tight and the columns that are
// basic, as many. It expresses a column by rows: the multipliers with which the tight rows add up to
// that column alone among the basic ones (a row of the inverse). Most of the matrix falls apart
// into triangles, a column with one row left or a row with one column left after the other, and
// only the rest is factorized.
type basis struct {
	columns []int32   // basic
	rows    []int32   // tight
	entries [][]entry // of every basic column
	first   []pivot   // by columns that have one row left, which fixes its multiplier
	last    []pivot   // by rows that have one column left, to be solved backwards
	kernel  []pivot   // what is left, in any order
	lu      mat.LU
}

// entry is a tight row in a basic column.
type entry struct {
	row  int32 // index in rows
	coef float64
}

// pivot is a basic column with the row that is solved by it, as indices.
type pivot struct{ column, row int32 }

const (
	maxKernel      = 1000 // columns that are factorized at most
	worstCondition = 1e10 // of a kernel, beyond which nothing is made of it
)

// newBasis takes the basis of the last solution; nil where it is too large or too near to
// singular.
func newBasis(t *tree) *basis {
	states, columns := t.relax.model.Basis(nil), len(t.core.cost)
	b := &basis{}
	at := make([]int32, columns) // index in columns, from 1
	for j := range columns {
		if states[j] == clp.Basic {
			b.columns = append(b.columns, int32(j))
			at[j] = int32(len(b.columns))
		}
	}
	for r := range t.relax.rows {
		if states[columns+r] != clp.Basic {
			b.rows = append(b.rows, int32(r))
		}
	}
	if len(b.columns) != len(b.rows) {
		return nil
	}
	b.entries = make([][]entry, len(b.columns))
	inRow := make([][]int32, len(b.rows))
	for k, r := range b.rows {
		row := t.relax.rows[r]
		for m, j := range row.Vars {
			if c := at[j] - 1; c >= 0 {
				b.entries[c] = append(b.entries[c], entry{int32(k), float64(row.Coefs[m])})
				inRow[k] = append(inRow[k], c)
			}
		}
	}
	b.peel(inRow)
	if len(b.kernel) > maxKernel || !b.factorize() {
		return nil
	}
	return b
}

// peel finds the triangles.
func (b *basis) peel(inRow [][]int32) {
	columnLeft, rowLeft := make([]int, len(b.columns)), make([]int, len(b.rows))
	for c := range b.columns {
		columnLeft[c] = len(b.entries[c])
	}
	for r := range b.rows {
		rowLeft[r] = len(inRow[r])
	}
	columnDone, rowDone := make([]bool, len(b.columns)), make([]bool, len(b.rows))
	var singles []int32 // columns, or rows as their complement
	look := func(left int, name int32) {
		if left == 1 {
			singles = append(singles, name)
		}
	}
	take := func(c, r int32) {
		columnDone[c], rowDone[r] = true, true
		for _, e := range b.entries[c] {
			rowLeft[e.row]--
			if !rowDone[e.row] {
				look(rowLeft[e.row], ^e.row)
			}
		}
		for _, other := range inRow[r] {
			columnLeft[other]--
			if !columnDone[other] {
				look(columnLeft[other], other)
			}
		}
	}
	for c := range b.columns {
		look(columnLeft[c], int32(c))
	}
	for r := range b.rows {
		look(rowLeft[r], ^int32(r))
	}
	for len(singles) > 0 {
		name := singles[len(singles)-1]
		singles = singles[:len(singles)-1]
		switch {
		case name >= 0 && !columnDone[name]:
			for _, e := range b.entries[name] {
				if !rowDone[e.row] {
					b.first = append(b.first, pivot{name, e.row})
					take(name, e.row)
					break
				}
			}
		case name < 0 && !rowDone[^name]:
			for _, c := range inRow[^name] {
				if !columnDone[c] {
					b.last = append(b.last, pivot{c, ^name})
					take(c, ^name)
					break
				}
			}
		}
	}
	r := int32(0)
	for c := range b.columns {
		if columnDone[c] {
			continue
		}
		for rowDone[r] {
			r++
		}
		b.kernel = append(b.kernel, pivot{int32(c), r})
		r++
	}
}

// factorize factorizes the kernel, and says whether that went well.
func (b *basis) factorize() bool {
	n := len(b.kernel)
	if n == 0 {
		return true
	}
	at := make([]int32, len(b.rows)) // index in the kernel, from 1
	for k, p := range b.kernel {
		at[p.row] = int32(k) + 1
	}
	m := mat.NewDense(n, n, nil)
	for k, p := range b.kernel {
		for _, e := range b.entries[p.column] {
			if at[e.row] > 0 {
				m.Set(k, int(at[e.row]-1), e.coef) // a line for each column
			}
		}
	}
	b.lu.Factorize(m)
	return b.lu.Cond() < worstCondition
}

// express returns the multipliers of the tight rows for the k-th basic column, nil where that
// fails.
func (b *basis) express(k int) []float64 {
	y := make([]float64, len(b.rows))
	rest := func(c int32) float64 { // what is to come of the rows that are not known yet
		left := 0.0
		if int(c) == k {
			left = 1
		}
		for _, e := range b.entries[c] {
			left -= y[e.row] * e.coef
		}
		return left
	}
	solve := func(p pivot) {
		left := rest(p.column)
		for _, e := range b.entries[p.column] {
			if e.row == p.row {
				y[p.row] = left / e.coef
			}
		}
	}
	for _, p := range b.first {
		solve(p)
	}
	if n := len(b.kernel); n > 0 {
		right, out := mat.NewVecDense(n, nil), mat.NewVecDense(n, nil)
		for i, p := range b.kernel {
			right.SetVec(i, rest(p.column))
		}
		if b.lu.SolveVecTo(out, false, right) != nil {
			return nil
		}
		for i, p := range b.kernel {
			y[p.row] = out.AtVec(i)
		}
	}
	for i := len(b.last) - 1; i >= 0; i-- {
		solve(b.last[i])
	}
	return y
}

// work is about what making the basis takes, and one expression.
func (b *basis) work() (once, each int64) {
	n, terms := int64(len(b.kernel)), int64(0)
	for _, column := range b.entries {
		terms += int64(len(column))
	}
	return 20*terms + n*n*n/4, 4*terms + 2*n*n
}
