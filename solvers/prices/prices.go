// Package prices is the method prices, for very large problems of linear cost: a
// million tasks on ten thousand nodes. It finds placements and proves how good they
// are, to a fraction of a percent.
//
// Every unit of every resource of every node gets a price. At given prices each copy
// takes its cheapest node, rent included, whatever the others do, and what all pay
// less what the capacities are worth is a lower bound on every placement. The best
// bound is that of the linear relaxation; with a hundred copies on a node that is
// near the optimum, and its prices say nearly all of the placement too.
//
// The files, in the order of a run: instance.go (the problem restated: what tasks
// have in common is kept once), bound.go (the bound in exact integers), smooth.go,
// groups.go (how good prices are found), use.go, edge.go and consolidate.go (which nodes are
// used, where that costs something), stuff.go and pack.go (placements that all but fill them),
// fill.go (a first placement at the prices), state.go and space.go (what is where, and where
// there is room), polish.go and core.go (the best for one node, exactly), chains.go (steps
// through several nodes).
//
// Cost: about fifty passes over the named nodes of all tasks for the prices and as
// much as ten for the placement; memory for 16 bytes a named node and about 100 a
// copy. It withdraws (search.ErrTooLarge) above 10⁸ named nodes.
package prices

import (
	"context"

	"berth/heuristics"
	"berth/model"
	"berth/search"
)

// Method is the registry's row of this package.
var Method = &search.Method{
	Name:    "prices",
	Short:   "a price for every capacity: bounds and placements of very large problems, for linear costs",
	Source:  "Everett 1963; Nesterov 2005; Balas, Zemel 1980",
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.LeavingOut | model.OpenCosts | model.MoveLimit,
	Run:     run,
}

// Find returns prices of a good bound, by node and resource, in units of cost for a unit of the
// resource. more counts units of work and says whether to go on; where it was not enough, they
// are those found so far. It fails with search.ErrTooLarge where the method withdraws.
func Find(ctx context.Context, p *model.Problem, more func(units int64) bool) (prices []float64, err error) {
	climb := *Method
	climb.Run = func(_ context.Context, p *model.Problem, b *search.Board) error {
		in, err := newInstance(p, b)
		if err != nil {
			return err
		}
		s := newSmoother(newLedger(in), b)
		for heat, rounds := hottest, 0; heat > coldest && more(int64(s.rounds-rounds)*s.work); {
			heat, rounds = max(heat/2, coldest), s.rounds
			if !s.cool(heat) {
				break
			}
		}
		prices = s.best[:len(p.Capacity)]
		return nil
	}
	_, err = search.Run(ctx, p, &climb, search.Limits{}, 1, 1, nil)
	return prices, err
}

// earlyHeat is when a first placement is made, against what a copy's place usually
// matters: soon, for whoever does not wait.
const earlyHeat = 0.08

// run begins with what penalty first finds: something to show at once, and to go on
// from where little room makes a placement at the prices leave copies over. Where moves are
// limited it has a bound only: that of all placements, which prices of room know nothing beyond.
func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p, b)
	if err != nil {
		return err
	}
	if p.MustStay > 0 {
		if s := newSmoother(newLedger(in), b); s.cool(coldest) {
			s.settle()
		}
		return nil
	}
	if err := heuristics.PenaltyFirst.Run(ctx, p, b); err != nil || !b.Work(0) {
		return err
	}
	s := newSmoother(newLedger(in), b)
	if !s.cool(earlyHeat) {
		return nil
	}
	if in.open != nil {
		if s.cool(coldest) && s.settle() {
			return s.consolidate()
		}
		return nil
	}
	if first := s.place(); first == nil || !first.improve() {
		return nil
	}
	if !s.cool(coldest) || !s.settle() {
		return nil
	}
	if final := s.place(); final != nil {
		final.search()
	}
	return nil
}
