// Package flow is the method flow, for copies that take the same room everywhere,
// as the chunks of a file store do: each node then has a number of slots, and the
// cheapest placement is a flow of least cost from items to nodes. Its linear program
// is integral, so that prices of slots prove the optimum, in exact integers.
//
// Uplinks make it harder: that is the method uplinks, which has bounds and placements
// by solving a flow for each set of multipliers. Unlike sizes make it harder too: the
// linear relaxation is still a flow, of slots, and leaves a part of a copy or so on
// each node over. Both are settled by branch and bound.
//
// The files: rooms.go (what takes how many slots), network.go (the problem restated), choose.go
// (what all copies do at given prices, and the bound that these prove), paths.go (to prices at
// which all fits), sample.go (prices of a large network from a part of it), uplinks.go, branch.go.
package flow

import (
	"context"

	"berth/model"
	"berth/search"
)

// Method is the registry's row of this package.
var Method = &search.Method{
	Name:    "flow",
	Short:   "flows of least cost, for copies that take room of one kind, as chunks on racks do",
	Source:  "Edmonds, Karp 1972; Tokuyama, Nakano 1995",
	Proves:  true,
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart | model.LeavingOut | model.Stays,
	Run:     run,
}

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	if nothing(p, b) {
		return nil
	}
	r, err := newRooms(p)
	if err != nil {
		return err
	}
	if r.large > 1 {
		return branchAndBound(p, r, b)
	}
	n, err := newNetwork(p, r, 1, 1)
	if err != nil {
		return err
	}
	m, done, impossible := solve(n, nil, b.Seed(), b.Work)
	switch {
	case impossible:
		b.Exhausted()
	case done:
		b.Offer(m.placement(), p.Offset+m.cost())
		b.Raise(p.Offset + m.bound().CeilShift(0))
	}
	return nil
}

// nothing answers where there is nothing to place.
func nothing(p *model.Problem, b *search.Board) bool {
	if p.Copies > 0 {
		return false
	}
	b.Offer(model.Placement{}, p.Offset)
	b.Exhausted()
	return true
}

// placement restates what is where for the problem.
func (m *market) placement() model.Placement {
	pl := make(model.Placement, len(m.at))
	for c, j := range m.at {
		pl[c] = j
		if int(j) == m.nodes-1 {
			pl[c] = model.NoPlace
		}
	}
	return pl
}
