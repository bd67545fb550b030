//go:build cgo

// Package relax is the method relax.
//
// The linear relaxation of a problem's 0/1 program, solved once by
// github.com/lanl/clp, a binding of CLP. Its duals give a bound, recomputed in
// exact integers (package safe); its values give a placement by rounding: the
// variables that place something are taken by falling value, each is set to 1
// unless a row forbids it, then the rest is set as the rows and the costs want it.
// The rounding may fail; the bound never does.
//
// That binding can only load a program and solve it; its calls do not keep their
// object alive by themselves, and its memory is returned by finalizers. So the
// objects live in one function here, kept alive to its end.
//
// Cost: one solve of the dual simplex; a pass over the rows' terms for the rest.
package relax

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"

	"github.com/lanl/clp"

	"berth/encode"
	"berth/model"
	"berth/search"
	"berth/solvers/lp/safe"
)

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:    "relax",
		Short:   "the linear relaxation, solved once (CLP): an exact bound and a rounded placement",
		Source:  "Neumaier, Shcherbina 2004",
		Handles: model.AllFeatures,
		Run:     run,
	}}
}

// Programs with more than this are refused.
const (
	maxVars  = 1_000_000
	maxTerms = 10_000_000
)

// What a variable and a term take, in bytes, with CLP's copy of the program.
const (
	varBytes  = 400
	termBytes = 80
)

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	vars, terms := encode.Estimate(p)
	if vars > maxVars || terms > maxTerms {
		return fmt.Errorf("relax: %w: the program would have about %d variables and %d terms (at most %d and %d): "+
			"use a heuristic such as descent, or auto, which picks one", search.ErrTooLarge, vars, terms, maxVars, maxTerms)
	}
	if err := b.Reserve("relax: its program", vars*varBytes+terms*termBytes); err != nil {
		return err
	}
	if !b.Work(1) {
		return nil
	}
	g := encode.Build(p)
	rows, cost, err := safe.Take(g)
	if err != nil {
		return fmt.Errorf("relax: %w: %w", search.ErrTooLarge, err)
	}
	s, ok := relaxation(rows, cost, b.Work)
	if !ok {
		return nil
	}
	var prover safe.Prover
	free := slices.Repeat([]int8{safe.Free}, len(cost))
	prover.Bound(rows, cost, free, s.dual)
	b.RaiseBelow(g.Offset + prover.Ceil())
	value, ok := round(g, rows, cost, s.value)
	if !ok {
		return nil
	}
	pl, err := g.Decode(func(v int32) bool { return value[v] == 1 })
	if err != nil {
		return fmt.Errorf("relax: a rounded solution of the program: %w", err)
	}
	b.Offer(pl, p.Evaluate(pl).Cost)
	return nil
}

// solution is the optimum of a relaxation: values of the columns and duals of the
// rows, in the program's units.
type solution struct{ value, dual []float64 }

// sliceWork is about how much work is done between two looks at the limits.
const sliceWork = 20_000_000

// relaxation solves the linear program; ok is false where the limits ended it or
// CLP finds no optimum.
func relaxation(rows []*safe.Row, cost []int64, work func(int64) bool) (s solution, ok bool) {
	shift := safe.CostScale(cost)
	simplex, matrix := clp.NewSimplex(), clp.NewPackedMatrix()
	defer runtime.KeepAlive(simplex)
	defer runtime.KeepAlive(matrix)
	entries := load(simplex, matrix, rows, cost, shift)
	unit := int64(1000 + 20*len(rows) + 3*len(cost) + 3*entries)
	slice := int(max(sliceWork/unit, 10))
	for limit := slice; ; limit += slice {
		simplex.SetMaxIterations(limit)
		status := simplex.Dual(clp.NoValuesPass, clp.NoStartFinishOptions)
		if !work(int64(slice) * unit) {
			return s, false
		}
		if status == clp.Optimal {
			break
		}
		if status != stoppedByLimit {
			return s, false
		}
	}
	s = solution{simplex.PrimalColumnSolution(), simplex.DualRowSolution()}
	for r, row := range rows {
		s.dual[r] = math.Ldexp(s.dual[r], shift-safe.RowScale(row))
	}
	return s, true
}

// stoppedByLimit is CLP's status after its limit of iterations.
const stoppedByLimit = 3

// round sets the variables one by one, propagating: those that place something by
// falling value to 1 where the rows allow it, the others to what costs less.
func round(g *encode.Program, rows []*safe.Row, cost []int64, value []float64) ([]int8, bool) {
	d := safe.NewDomain(rows, len(cost))
	if !d.Propagate() {
		return nil, false
	}
	order := make([]int32, len(cost))
	for j := range order {
		order[j] = int32(j)
	}
	rank := func(j int32) float64 {
		if g.Vars[j].Kind == encode.Copy {
			return 1 + value[j]
		}
		return 0
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(rank(b), rank(a)) })
	for _, j := range order {
		if d.Value[j] != safe.Free {
			continue
		}
		wish := int8(0)
		if g.Vars[j].Kind == encode.Copy || cost[j] < 0 {
			wish = 1
		}
		if !d.Try(j, wish) && !d.Try(j, 1-wish) {
			return nil, false
		}
	}
	return d.Value, true
}

// load fills the simplex and returns the number of coefficients.
func load(simplex *clp.Simplex, matrix *clp.PackedMatrix, rows []*safe.Row, cost []int64, shift int) int {
	columns := make([][]clp.Nonzero, len(cost))
	limits := make([]clp.Bounds, len(rows))
	entries := 0
	for r, row := range rows {
		scale := -safe.RowScale(row)
		right := math.Ldexp(float64(row.RHS), scale)
		limits[r] = clp.Bounds{Lower: math.Inf(-1), Upper: right}
		if row.Equal {
			limits[r].Lower = right
		}
		for k, j := range row.Vars {
			columns[j] = append(columns[j], clp.Nonzero{Index: r, Value: math.Ldexp(float64(row.Coefs[k]), scale)})
		}
		entries += len(row.Vars)
	}
	matrix.SetDimensions(len(rows), 0)
	matrix.Reserve(len(cost), entries, false)
	objective := make([]float64, len(cost))
	for j, column := range columns {
		matrix.AppendColumn(column)
		objective[j] = math.Ldexp(float64(cost[j]), -shift)
	}
	simplex.LoadProblem(matrix, slices.Repeat([]clp.Bounds{{Lower: 0, Upper: 1}}, len(cost)), objective, limits, nil)
	return entries
}
