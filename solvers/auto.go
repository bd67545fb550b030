package solvers

import (
	"context"
	"errors"

	"berth/heuristics"
	"berth/model"
	"berth/search"
	"berth/solvers/lp"
	"berth/solvers/sat"
)

// Auto looks at what occurs in a problem and picks from the other methods: first
// quick constructions, one after the other, for something to hold on to; then
// exact engines and local search side by side, each seeing what the others find.
var Auto = &search.Method{
	Name:    "auto",
	Short:   "picks by what occurs in the problem: constructions, then exact engines beside local search",
	Proves:  true,
	Handles: model.AllFeatures,
	Run:     auto,
}

func auto(ctx context.Context, p *model.Problem, b *search.Board) error {
	for _, m := range []*search.Method{heuristics.PenaltyFirst, heuristics.BestFit, heuristics.Regret} {
		back := b.Named(m.Name)
		err := m.Run(ctx, p, b)
		back()
		if err != nil {
			return err
		}
		if !b.Work(0) {
			return nil
		}
	}
	rivals := append(lp.Methods(), sat.Methods()...)
	for k, m := range rivals {
		rivals[k] = optional(m)
	}
	return search.Race(ctx, b, append(rivals, heuristics.Descent)...)
}

// optional returns the method made to withdraw quietly from what is too large for
// it.
func optional(m *search.Method) *search.Method {
	modest := *m
	modest.Run = func(ctx context.Context, p *model.Problem, b *search.Board) error {
		err := m.Run(ctx, p, b)
		if errors.Is(err, search.ErrTooLarge) {
			return nil
		}
		return err
	}
	return &modest
}
