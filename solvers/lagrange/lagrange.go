// Package lagrange is the method lagrange, the exact engine for placements whose
// cost is linear and whose nodes each have one resource that can run out: the
// generalized assignment problem and its relatives.
//
// The rows "each task once" are dualised, and each node's knapsack is solved
// exactly, in integers: a bound as strong as that of column generation (bound.go,
// knapsack.go). The same tables price every pair of task and node, and what would
// pass the cutoff is fixed (pricing.go, fixing.go). The lower the cutoff the more
// that is, so the engine does not look for the best placement: it asks whether
// there is one at the bound, then one step above, and so on. Each "no" is a bound,
// and the first "yes" is the optimum (tree.go). After M. Posta, J.A. Ferland and
// P. Michelon, An exact method with variable fixing for solving the generalized
// assignment problem, Computational Optimization and Applications 52, 2012.
//
// Departures: multipliers are integers, so that no rounding needs an excuse; a
// task is fixed by the penalties of all its nodes together; branches are chosen by
// what fixing removes behind them (probe.go); questions grow wider while they are
// easy; copies that can change places are kept in order; leaving a copy out is one
// more node, without capacity.
//
// A round of multipliers costs a scan of all open pairs of task and node and the
// tables of the knapsacks' cores. The engine withdraws (search.ErrTooLarge) where
// two resources of one node can both run out, and from millions of pairs.
//
// The files, in the order of a run: instance.go (the problem restated), domains.go
// (which nodes are left to a task), knapsack.go, pricing.go, table.go and rows.go
// (the knapsacks), bound.go (the multipliers), fixing.go, tree.go (the questions and
// their searches), probe.go (branching), host.go (whom they report to), repair.go and
// dive.go (placements from the knapsacks), lns.go, pick.go, piece.go and relink.go (better
// ones), plunge.go, mixture.go and pack.go (better ones from nodes that are filled one after
// the other), narrow.go (better ones near the bound's prices), moves.go (a bound where moves are
// limited).
package lagrange

import (
	"context"
	"slices"

	"berth/model"
	"berth/search"
)

const (
	name    = "lagrange"
	handles = model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.LeavingOut
)

// Method is the registry's row of the exact engine. It proves on one side, and
// improves placements by lns on the other.
var Method = &search.Method{
	Name:    name,
	Short:   "exact Lagrangian bounds, fixing and questions, for linear costs and one scarce resource a node",
	Source:  "Posta, Ferland, Michelon 2012",
	Proves:  true,
	Handles: handles,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		prover, improver, err := Sides(p, b)
		if err != nil {
			return err
		}
		return search.Race(ctx, b, prover, improver)
	},
}

// Sides returns the two sides of the engine on a problem, for a race: one that
// proves, and one that improves placements. It fails with search.ErrTooLarge where
// the problem is too large for it, or for the board's limit of memory.
func Sides(p *model.Problem, b *search.Board) (prover, improver *search.Method, err error) {
	in, err := newInstance(p, b)
	if err != nil {
		return nil, nil, err
	}
	start := new(opening)
	side := func(name string, run func(in *instance, b *search.Board, start *opening) error) *search.Method {
		return &search.Method{Name: name, Handles: handles, Run: func(_ context.Context, _ *model.Problem, b *search.Board) error {
			return run(in, b, start)
		}}
	}
	prover = side(name, prove)
	prover.Proves = true
	return prover, side(Improver.Name, improve), nil
}

// prove finds the optimum, or that there is no placement.
func prove(in *instance, b *search.Board, start *opening) error {
	defer start.end()
	e := newRunEngine(in, b)
	if e.begin() {
		start.keep(e)
		start.end()
		e.prove(e.stepsUp(e.value))
	}
	return e.lost
}

// opening is what one side leaves to the other of the first multipliers, so that they are
// found once.
type opening struct {
	u      []int64 // nil: there were none
	share  []float64
	weight float64
	over   bool
}

func (o *opening) keep(e *engine) {
	o.u, o.share, o.weight = slices.Clone(e.u), slices.Clone(e.share), e.weight
}

func (o *opening) end() { o.over = true }

// follow begins where the other side began, or for itself where there is none or it came to
// nothing. It returns false when that was all there is to do.
func (e *engine) follow(o *opening) bool {
	if o == nil || o.u == nil {
		return e.begin()
	}
	copy(e.u, o.u)
	copy(e.share, o.share)
	e.weight = o.weight
	return e.begun(func() bool { return e.evaluate() && e.fix() })
}

// begin finds the first multipliers and raises the bound. It returns false when that
// was all there is to do.
func (e *engine) begin() bool { return e.begun(e.start) }

// begun raises the bound after a start, which says whether nothing wanted is left. It returns
// false when that was all there is to do.
func (e *engine) begun(start func() (closed bool)) bool {
	e.aim()
	closed := e.failed || start()
	switch {
	case e.stopped:
	case closed:
		e.host.exhausted()
	default:
		e.host.raise(e.stepsUp(e.value))
	}
	return !closed && !e.stopped
}
