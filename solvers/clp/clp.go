//go:build cgo

// Package clp is a thin binding of COIN-OR CLP, a linear programming library, for
// work that changes a program and solves it again: bounds in place, rows and
// columns added and deleted, the basis kept, read and set, solves cut into slices
// of iterations, duals and Farkas rays.
//
// A Model belongs to one goroutine at a time; different models are independent.
// CLP aborts the whole process on some bad input (an index out of range, a NaN),
// so everything that enters is checked here. All results are floating-point
// numbers: claims must be made from exact arithmetic by the caller.
package clp

/*
#cgo pkg-config: clp
#include <coin/Clp_C_Interface.h>
*/
import "C"

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"unsafe"
)

// Infinity as a bound means that there is none.
var Infinity = math.Inf(1)

// Status is how a solve ended.
type Status uint8

// The ends of a solve.
const (
	Optimal    Status = iota
	Infeasible        // no point satisfies all rows and bounds; Ray may tell why
	Unbounded
	Cutoff  // the dual objective passed the limit of SetCutoff
	Stopped // at the iteration limit; the next solve goes on from there
	Failed  // CLP gave up on numerical trouble
)

// The states of a variable in a basis. Those of the columns come first, then one
// for the slack of each row.
const (
	Free byte = iota
	Basic
	AtUpper
	AtLower
)

// Vector is a sparse row or column with its limits: indices, their values, and
// Lower ≤ activity ≤ Upper. Cost is used by columns only.
type Vector struct {
	Index        []int32
	Value        []float64
	Lower, Upper float64
	Cost         float64
}

// Model is a linear program in CLP's memory with the state of its last solve:
// minimise cost·x subject to the limits of rows and columns.
type Model struct {
	handle unsafe.Pointer
	free   runtime.Cleanup
	rows   int
	cols   int
	used   int // iterations of the last solve

	// Views of CLP's own arrays, renewed whenever their size changes.
	colLower, colUpper, rowLower, rowUpper, cost []float64
}

// New makes a model of rows, given by their limits alone, and the columns that
// hold the coefficients.
func New(rows, columns []Vector) (*Model, error) {
	m := &Model{handle: C.Clp_newModel()}
	m.free = runtime.AddCleanup(m, func(h unsafe.Pointer) { C.Clp_deleteModel(h) }, m.handle)
	C.Clp_setLogLevel(m.handle, 0)
	if err := m.AddRows(rows); err != nil {
		m.Close()
		return nil, err
	}
	if err := m.AddColumns(columns); err != nil {
		m.Close()
		return nil, err
	}
	return m, nil
}

// Close frees the memory. The model must not be used again.
func (m *Model) Close() {
	if m.handle != nil {
		m.free.Stop()
		C.Clp_deleteModel(m.handle)
		m.handle = nil
		m.colLower, m.colUpper, m.rowLower, m.rowUpper, m.cost = nil, nil, nil, nil, nil
	}
}

// Rows returns the number of rows.
func (m *Model) Rows() int { return m.rows }

// Columns returns the number of columns.
func (m *Model) Columns() int { return m.cols }

// AddRows appends rows over the existing columns. Their slacks enter the basis.
func (m *Model) AddRows(rows []Vector) error {
	if len(rows) == 0 {
		return nil
	}
	p, err := pack(rows, m.cols)
	if err != nil {
		return fmt.Errorf("clp: row %w", err)
	}
	C.Clp_addRows(m.handle, C.int(len(rows)), doubles(p.lower), doubles(p.upper),
		ints(p.start), ints(p.index), doubles(p.value))
	m.rows += len(rows)
	m.renew()
	return nil
}

// AddColumns appends columns over the existing rows, at their lower bounds.
func (m *Model) AddColumns(columns []Vector) error {
	if len(columns) == 0 {
		return nil
	}
	p, err := pack(columns, m.rows)
	if err != nil {
		return fmt.Errorf("clp: column %w", err)
	}
	C.Clp_addColumns(m.handle, C.int(len(columns)), doubles(p.lower), doubles(p.upper), doubles(p.cost),
		ints(p.start), ints(p.index), doubles(p.value))
	m.cols += len(columns)
	m.renew()
	return nil
}

// DeleteRows removes rows; the rest keep their order and state.
func (m *Model) DeleteRows(which []int32) error {
	if err := distinct(which, m.rows); err != nil || len(which) == 0 {
		return err
	}
	C.Clp_deleteRows(m.handle, C.int(len(which)), ints(which))
	m.rows -= len(which)
	m.renew()
	return nil
}

// DeleteColumns removes columns; the rest keep their order and state.
func (m *Model) DeleteColumns(which []int32) error {
	if err := distinct(which, m.cols); err != nil || len(which) == 0 {
		return err
	}
	C.Clp_deleteColumns(m.handle, C.int(len(which)), ints(which))
	m.cols -= len(which)
	m.renew()
	return nil
}

// packed is a list of vectors in CLP's compressed form.
type packed struct {
	start, index              []int32
	value, lower, upper, cost []float64
}

// pack compresses vectors whose indices lie in [0, size), or says what is wrong.
func pack(vectors []Vector, size int) (*packed, error) {
	total := 0
	for k := range vectors {
		total += len(vectors[k].Index)
	}
	if total > math.MaxInt32 {
		return nil, fmt.Errorf("list has %d coefficients; CLP takes at most %d", total, math.MaxInt32)
	}
	p := &packed{
		start: make([]int32, 1, len(vectors)+1), index: make([]int32, 0, total),
		value: make([]float64, 0, total), lower: make([]float64, len(vectors)),
		upper: make([]float64, len(vectors)), cost: make([]float64, len(vectors)),
	}
	for k := range vectors {
		v := &vectors[k]
		if err := v.check(size); err != nil {
			return nil, fmt.Errorf("%d: %w", k, err)
		}
		p.index = append(p.index, v.Index...)
		p.value = append(p.value, v.Value...)
		p.start = append(p.start, int32(len(p.index)))
		p.lower[k], p.upper[k], p.cost[k] = v.Lower, v.Upper, v.Cost
	}
	return p, nil
}

func (v *Vector) check(size int) error {
	if len(v.Index) != len(v.Value) {
		return fmt.Errorf("%d indices but %d values", len(v.Index), len(v.Value))
	}
	if err := distinct(v.Index, size); err != nil {
		return err
	}
	for _, value := range v.Value {
		if math.IsNaN(value) || math.IsInf(value, 0) {
			return fmt.Errorf("a coefficient is %v", value)
		}
	}
	if math.IsNaN(v.Cost) || math.IsInf(v.Cost, 0) {
		return fmt.Errorf("the cost is %v", v.Cost)
	}
	if math.IsNaN(v.Lower) || math.IsNaN(v.Upper) {
		return fmt.Errorf("a limit is NaN: [%v, %v]", v.Lower, v.Upper)
	}
	return nil
}

// distinct says whether all indices are in [0, size) and none occurs twice.
func distinct(index []int32, size int) error {
	ascending := true
	for k, i := range index {
		if i < 0 || int(i) >= size {
			return fmt.Errorf("clp: index %d is not in [0, %d)", i, size)
		}
		ascending = ascending && (k == 0 || index[k-1] < i)
	}
	if ascending {
		return nil
	}
	sorted := slices.Clone(index)
	slices.Sort(sorted)
	for k := 1; k < len(sorted); k++ {
		if sorted[k] == sorted[k-1] {
			return fmt.Errorf("clp: index %d occurs twice", sorted[k])
		}
	}
	return nil
}

// renew takes CLP's arrays again after their size changed.
func (m *Model) renew() {
	m.colLower = doublesAt(C.Clp_columnLower(m.handle), m.cols)
	m.colUpper = doublesAt(C.Clp_columnUpper(m.handle), m.cols)
	m.cost = doublesAt(C.Clp_objective(m.handle), m.cols)
	m.rowLower = doublesAt(C.Clp_rowLower(m.handle), m.rows)
	m.rowUpper = doublesAt(C.Clp_rowUpper(m.handle), m.rows)
}

// SetBounds changes the limits of a column. It panics if j is no column or a
// bound is NaN.
func (m *Model) SetBounds(j int32, lower, upper float64) {
	m.colLower[j], m.colUpper[j] = number(lower), number(upper)
	runtime.KeepAlive(m)
}

// SetRowBounds changes the limits of a row. It panics if r is no row or a bound is
// NaN.
func (m *Model) SetRowBounds(r int32, lower, upper float64) {
	m.rowLower[r], m.rowUpper[r] = number(lower), number(upper)
	runtime.KeepAlive(m)
}

// SetCost changes the cost of a column. It panics if j is no column or the cost is
// NaN.
func (m *Model) SetCost(j int32, cost float64) {
	m.cost[j] = number(cost)
	runtime.KeepAlive(m)
}

// number returns f unless it is NaN, which CLP must never see.
func number(f float64) float64 {
	if math.IsNaN(f) {
		panic("clp: NaN")
	}
	return f
}

// SetCutoff makes the dual simplex stop, with status Cutoff, once the objective is
// proven to exceed limit; Infinity switches that off.
func (m *Model) SetCutoff(limit float64) {
	C.Clp_setDualObjectiveLimit(m.handle, C.double(min(number(limit), math.MaxFloat64)))
	runtime.KeepAlive(m)
}

// always is CLP's code for costs that are perturbed from the first iteration on.
const always = 50

// Perturb makes solves perturb the costs from their first iteration on, and not only once they
// have made no progress for long. Where much is degenerate they take a third of the iterations.
func (m *Model) Perturb() {
	C.Clp_setPerturbation(m.handle, always)
	runtime.KeepAlive(m)
}

// Dual runs the dual simplex from the present basis for at most that many
// iterations.
func (m *Model) Dual(iterations int) Status {
	m.limit(iterations)
	C.Clp_dual(m.handle, 0)
	return m.status()
}

// Primal runs the primal simplex from the present basis for at most that many
// iterations; it is the one to use after columns were added.
func (m *Model) Primal(iterations int) Status {
	m.limit(iterations)
	C.Clp_primal(m.handle, 0)
	return m.status()
}

func (m *Model) limit(iterations int) {
	C.Clp_setNumberIterations(m.handle, 0)
	C.Clp_setMaximumIterations(m.handle, C.int(min(max(iterations, 0), math.MaxInt32)))
}

// passedLimit is CLP's secondary status for a dual objective above its limit.
const passedLimit = 1

func (m *Model) status() Status {
	defer runtime.KeepAlive(m)
	m.used = int(C.Clp_numberIterations(m.handle))
	switch C.Clp_status(m.handle) {
	case 0:
		return Optimal
	case 1:
		if C.Clp_secondaryStatus(m.handle) == passedLimit {
			return Cutoff
		}
		return Infeasible
	case 2:
		return Unbounded
	case 3:
		return Stopped
	}
	return Failed
}

// Iterations returns how many the last solve took.
func (m *Model) Iterations() int { return m.used }

// Work returns about how many units of work the last solve took.
func (m *Model) Work() int64 { return int64(m.used+1) * m.iterationWork() }

// Within returns how many iterations take no more than so much work, at most a number
// that is wanted and at least one.
func (m *Model) Within(work int64, wanted int) int {
	return int(max(min(work/m.iterationWork()-1, int64(wanted)), 1))
}

func (m *Model) iterationWork() int64 { return max(int64(m.Rows()+m.Columns()/4)*20, 1) }

// Objective returns the cost of the present point.
func (m *Model) Objective() float64 {
	defer runtime.KeepAlive(m)
	return float64(C.Clp_objectiveValue(m.handle))
}

// Values appends the value of each column to dst.
func (m *Model) Values(dst []float64) []float64 {
	defer runtime.KeepAlive(m)
	return append(dst, doublesAt(C.Clp_primalColumnSolution(m.handle), m.cols)...)
}

// Duals appends the dual of each row to dst: the change of the objective for a
// unit more on its right side, so not positive for a row bounded from above.
func (m *Model) Duals(dst []float64) []float64 {
	defer runtime.KeepAlive(m)
	return append(dst, doublesAt(C.Clp_dualRowSolution(m.handle), m.rows)...)
}

// ReducedCosts appends the reduced cost of each column to dst.
func (m *Model) ReducedCosts(dst []float64) []float64 {
	defer runtime.KeepAlive(m)
	return append(dst, doublesAt(C.Clp_dualColumnSolution(m.handle), m.cols)...)
}

// Ray appends Farkas multipliers y of the rows to dst after an infeasible solve,
// with the signs of duals: the largest (yA)x over the bounds is below the least
// y·(right side). It returns nil where CLP has none.
func (m *Model) Ray(dst []float64) []float64 {
	defer runtime.KeepAlive(m)
	ray := C.Clp_infeasibilityRay(m.handle)
	if ray == nil {
		return nil
	}
	defer C.Clp_freeRay(m.handle, ray)
	for _, y := range doublesAt(ray, m.rows) {
		dst = append(dst, -y)
	}
	return dst
}

// statusMask keeps the part of CLP's status byte that says where a variable is.
const statusMask = 7

// Basis appends the state of every column, then of every row, to dst.
func (m *Model) Basis(dst []byte) []byte {
	defer runtime.KeepAlive(m)
	from := len(dst)
	dst = append(dst, unsafe.Slice((*byte)(C.Clp_statusArray(m.handle)), m.cols+m.rows)...)
	for k := from; k < len(dst); k++ {
		dst[k] &= statusMask
	}
	return dst
}

// SetBasis makes the next solve start from a basis, in the order of Basis. It
// panics if the length is wrong. A singular basis is repaired by CLP.
func (m *Model) SetBasis(basis []byte) {
	if len(basis) != m.cols+m.rows {
		panic(fmt.Sprintf("clp: a basis of %d for %d columns and %d rows", len(basis), m.cols, m.rows))
	}
	if len(basis) > 0 {
		C.Clp_copyinStatus(m.handle, (*C.uchar)(unsafe.SliceData(basis)))
	}
	runtime.KeepAlive(m)
}

// doublesAt looks at n numbers in CLP's memory.
func doublesAt(p *C.double, n int) []float64 {
	return unsafe.Slice((*float64)(unsafe.Pointer(p)), n)
}

// doubles and ints pass Go's numbers to CLP, which copies them during the call.
func doubles(s []float64) *C.double { return (*C.double)(unsafe.Pointer(unsafe.SliceData(s))) }

func ints(s []int32) *C.int { return (*C.int)(unsafe.Pointer(unsafe.SliceData(s))) }
