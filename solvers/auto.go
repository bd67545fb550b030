package solvers

import (
	"context"
	"errors"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/lagrange"
	"berth/solvers/lp"
)

// Auto runs side by side what is fit for the problem: the exact engines that do not
// lack what occurs in it or find it too large, and constructions followed by local
// search. Each sees what the others find.
var Auto = &search.Method{
	Name:    "auto",
	Short:   "what is fit for the problem, side by side: exact engines, and constructions with local search",
	Proves:  true,
	Handles: model.AllFeatures,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		var rivals []*search.Method
		chain := []*search.Method{heuristics.PenaltyFirst, heuristics.BestFit, heuristics.Regret, heuristics.Descent}
		if lagrange.Method.Lacks(p) == 0 {
			prover, improver, err := lagrange.Sides(p)
			switch {
			case err == nil:
				rivals = append(rivals, prover)
				chain = []*search.Method{heuristics.PenaltyFirst, improver, heuristics.BestFit, heuristics.Regret, heuristics.Descent}
			case !errors.Is(err, search.ErrTooLarge):
				return err
			}
		}
		for _, m := range lp.Methods() {
			if m.Lacks(p) == 0 {
				rivals = append(rivals, modest(m))
			}
		}
		return search.Race(ctx, b, append(rivals, inTurn(chain))...)
	},
}

// inTurn is the side of auto that finds placements: constructions for something to
// hold on to, and improvement.
func inTurn(chain []*search.Method) *search.Method {
	return &search.Method{
		Name:    "auto",
		Handles: model.AllFeatures,
		Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
			for _, m := range chain {
				back := b.Named(m.Name)
				err := m.Run(ctx, p, b)
				back()
				if err != nil || !b.Work(0) {
					return err
				}
			}
			return nil
		},
	}
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
