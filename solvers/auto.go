package solvers

import (
	"context"
	"errors"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/colgen"
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
		exact := append([]*search.Method{lagrange.Method}, lp.Methods()...)
		if p.Features&model.SeveralResources != 0 {
			exact = append(exact, colgen.Methods()...)
		}
		var rivals []*search.Method
		for _, m := range exact {
			if m.Lacks(p) == 0 {
				rivals = append(rivals, modest(m))
			}
		}
		return search.Race(ctx, b, append(rivals, searcher)...)
	},
}

// searcher is the side of auto that finds placements: constructions for something
// to hold on to, then local search.
var searcher = &search.Method{
	Name:    "auto",
	Handles: model.AllFeatures,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		for _, m := range []*search.Method{heuristics.PenaltyFirst, heuristics.BestFit, heuristics.Regret, heuristics.Descent} {
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
