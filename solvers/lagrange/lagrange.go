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
// task is fixed by the penalties of all its nodes together; questions grow wider
// while they are easy; copies that can change places are kept in order; leaving a
// copy out is one more node, without capacity.
//
// A round of multipliers costs a scan of all open pairs of task and node and the
// tables of the knapsacks' cores. The engine withdraws (search.ErrTooLarge) where
// two resources of one node can both run out, and from millions of pairs.
//
// The files, in the order of a run: instance.go (the problem restated), domains.go
// (which nodes are left to a task), knapsack.go and pricing.go, bound.go (the
// multipliers), fixing.go, tree.go (the questions and their searches), repair.go
// (placements from the knapsacks).
package lagrange

import (
	"context"

	"berth/model"
	"berth/search"
)

// Method is the registry's row of this package.
var Method = &search.Method{
	Name:    "lagrange",
	Short:   "exact Lagrangian bounds, fixing and questions, for linear costs and one scarce resource a node",
	Source:  "Posta, Ferland, Michelon 2012",
	Proves:  true,
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.LeavingOut,
	Run:     run,
}

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p)
	if err != nil {
		return err
	}
	e := newRunEngine(in, b)
	e.aim()
	closed := e.failed || e.start()
	if e.stopped {
		return e.lost
	}
	if closed {
		e.host.exhausted()
		return nil
	}
	lower := e.stepsUp(e.value)
	e.host.raise(lower)
	e.prove(lower)
	return e.lost
}
