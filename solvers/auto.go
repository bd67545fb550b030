package solvers

import (
	"context"
	"errors"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/colgen"
	"berth/solvers/flow"
	"berth/solvers/lagrange"
	"berth/solvers/lp"
	"berth/solvers/prices"
)

// Auto runs side by side what is fit for the problem: the exact engines that do not
// lack what occurs in it or find it too large, and constructions followed by local
// search. Each sees what the others find. Before that, copies that all take the same
// room are solved as a flow, and what is large and linear is priced: that takes both
// threads, soon has a bound and a placement near it, and ends.
var Auto = &search.Method{
	Name:    "auto",
	Short:   "what is fit for the problem, side by side: exact engines, and constructions with local search",
	Proves:  true,
	Handles: model.AllFeatures | model.Schedules,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if p.Workflow != nil {
			return autoSchedule(ctx, p, b)
		}
		if flow.Method.Lacks(p) == 0 {
			if err := inTurn(ctx, p, b, modest(flow.Method)); err != nil || !b.Work(0) {
				return err
			}
		}
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
		prover, improver, err := linear(p)
		if err != nil {
			return err
		}
		pairs, classic := len(p.Items)*len(p.NodeNames), prover != nil && prover.Name == lagrange.Method.Name
		if prover != nil {
			rivals = append(rivals, prover)
			if classic || pairs <= manyPairs {
				finders = slices.Insert(finders, 1, improver)
			}
		}
		var exact []*search.Method
		if prover == nil || classic || pairs <= fewPairs {
			exact = lp.Methods()
		}
		if p.Features&model.Uplinks != 0 {
			exact = append(exact, flow.Uplinks)
		}
		for _, m := range exact {
			if m.Lacks(p) == 0 {
				rivals = append(rivals, modest(m))
			}
		}
		return search.Race(ctx, b, append(rivals, searcher(finders))...)
	},
}

const (
	manyCopies = 5000    // from so many on a problem is large
	manyPairs  = 300_000 // of item and node: with more, the start of colgen's improver takes too long
	fewPairs   = 300     // up to so many, lp is a match for colgen
)

// linear returns the two sides of the exact engine for linear costs that takes the
// problem: lagrange where it can, else colgen. Both are nil where neither does.
func linear(p *model.Problem) (prover, improver *search.Method, err error) {
	if lagrange.Method.Lacks(p) == 0 {
		prover, improver, err = lagrange.Sides(p)
		if err == nil || !errors.Is(err, search.ErrTooLarge) {
			return prover, improver, err
		}
	}
	for _, m := range colgen.Methods() {
		if m.Lacks(p) == 0 {
			prover, improver, err = colgen.Sides(p)
			if err == nil || !errors.Is(err, search.ErrTooLarge) {
				return prover, improver, err
			}
		}
	}
	return nil, nil, nil
}

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
