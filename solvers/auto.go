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
// search. Each sees what the others find; of three, the engine that is made for the
// problem gets half of the work. Before that, copies that all take the same room are
// solved as a flow, and what is large and linear is priced: that takes both threads,
// soon has a bound and a placement near it, and ends.
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
		var exact []*search.Method
		grouped := p.Features&model.SeveralResources != 0
		if lagrange.Method.Lacks(p) == 0 {
			prover, improver, err := lagrange.Sides(p)
			switch {
			case err == nil:
				finders = slices.Insert(finders, 1, improver)
				if grouped = inGroups(p); !grouped || len(colgen.Methods()) == 0 {
					exact = append(exact, prover)
				}
			case !errors.Is(err, search.ErrTooLarge):
				return err
			}
		}
		if p.Features&model.Uplinks != 0 {
			exact = append(exact, flow.Uplinks)
		}
		if grouped {
			exact = append(exact, colgen.Methods()...)
		}
		var rivals []*search.Method
		for _, m := range append(exact, lp.Methods()...) {
			if m.Lacks(p) == 0 {
				rivals = append(rivals, modest(m))
			}
		}
		rivals = slices.Insert(rivals, min(len(rivals), 1), searcher(finders))
		if len(rivals) == 3 {
			rivals[0].Share, rivals[1].Share = 3, 2
		}
		return search.Race(ctx, b, rivals...)
	},
}

const (
	manyCopies = 5000 // from how many on a problem is large
	manyAlike  = 10   // nodes come in groups where one pair in so many costs an item the same
)

// inGroups says whether nodes come in groups that cost the items the same, such as
// racks. What keeps such a group from being filled evenly no bound on single nodes
// sees, and colgen cuts it off.
func inGroups(p *model.Problem) bool {
	alike, pairs := 0, 0
	costs := make([]int64, 0, len(p.NodeNames))
	for i := range p.Items {
		costs = costs[:0]
		for j := range int32(len(p.NodeNames)) {
			if p.Domains[p.Items[i].Domain].Has(j) {
				costs = append(costs, p.Costs[p.Items[i].Cost].At(j))
			}
		}
		slices.Sort(costs)
		pairs += len(costs) * (len(costs) - 1) / 2
		for first, k := 0, 1; k < len(costs); k++ {
			if costs[k] != costs[first] {
				first = k
			}
			alike += k - first
		}
	}
	return alike > 0 && alike*manyAlike >= pairs
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
