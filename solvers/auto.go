package solvers

import (
	"context"
	"errors"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
	"berth/solvers/colgen"
	"berth/solvers/lagrange"
	"berth/solvers/lp"
	"berth/solvers/prices"
)

// Auto runs side by side what is fit for the problem: the exact engines that do not
// lack what occurs in it or find it too large, and constructions followed by local
// search. Each sees what the others find. What is large and linear is priced first:
// that takes both threads, soon has a bound and a placement near it, and ends.
var Auto = &search.Method{
	Name:    "auto",
	Short:   "what is fit for the problem, side by side: exact engines, and constructions with local search",
	Proves:  true,
	Handles: model.AllFeatures,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if p.Copies >= manyCopies && prices.Method.Lacks(p) == 0 {
			if err := inTurn(ctx, p, b, modest(prices.Method)); err != nil || !b.Work(0) {
				return err
			}
		}
		finders := []*search.Method{heuristics.PenaltyFirst, heuristics.BestFit, heuristics.Regret, heuristics.Descent}
		if p.MustStay > 0 {
			finders = []*search.Method{heuristics.Stay, heuristics.Descent}
		}
		var rivals []*search.Method
		if lagrange.Method.Lacks(p) == 0 {
			prover, improver, err := lagrange.Sides(p)
			switch {
			case err == nil:
				rivals = append(rivals, prover)
				finders = slices.Insert(finders, 1, improver)
			case !errors.Is(err, search.ErrTooLarge):
				return err
			}
		}
		exact := lp.Methods()
		if p.Features&model.SeveralResources != 0 {
			exact = append(exact, colgen.Methods()...)
		}
		if p.Features&model.TrafficOn != 0 {
			exact = append(exact, bundles.Methods()...)
		}
		for _, m := range exact {
			if m.Lacks(p) == 0 {
				rivals = append(rivals, modest(m))
			}
		}
		return search.Race(ctx, b, append(rivals, searcher(finders))...)
	},
}

// manyCopies is from how many copies on a problem is large.
const manyCopies = 5000

// searcher is the side of auto that finds placements: constructions for something
// to hold on to, then improvement.
func searcher(finders []*search.Method) *search.Method {
	return &search.Method{
		Name:    "auto",
		Handles: model.AllFeatures,
		Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
			return inTurn(ctx, p, b, finders...)
		},
	}
}

// inTurn runs methods one after the other, for as long as the board says so.
func inTurn(ctx context.Context, p *model.Problem, b *search.Board, methods ...*search.Method) error {
	for _, m := range methods {
		back := b.Named(m.Name)
		err := m.Run(ctx, p, b)
		back()
		if err != nil || !b.Work(0) {
			return err
		}
	}
	return nil
}

// modest returns the method made to withdraw quietly from what is too large for
// it.
func modest(m *search.Method) *search.Method {
	quiet := *m
	quiet.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if err := m.Run(ctx, p, b); !errors.Is(err, search.ErrTooLarge) {
			return err
		}
		return nil
	}
	return &quiet
}
