//go:build cgo

// Package colgen is the method colgen.
package colgen

import (
	"context"

	"berth/model"
	"berth/search"
)

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:    "colgen",
		Short:   "branch and price over exact knapsacks, with cuts on groups of nodes, for linear costs and any resources",
		Source:  "Savelsbergh 1997; Marchand, Wolsey 2001; Posta, Ferland, Michelon 2012",
		Proves:  true,
		Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart | model.LeavingOut | model.OpenCosts,
		Run:     run,
	}}
}

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p)
	if err != nil {
		return err
	}
	t := &tree{master: newMaster(newEngine(in, onBoard{in, p, b}))}
	defer t.close()
	if search.Tripwire {
		if known, cost := b.Known(); known != nil {
			t.alarm = newAlarm(in, p, known, cost)
		}
	}
	return t.solve()
}

// onBoard is the host of a whole problem.
type onBoard struct {
	*instance
	problem *model.Problem
	board   *search.Board
}

func (h onBoard) work(units int64) bool { return h.board.Work(units) }

func (h onBoard) highest() int64 {
	if _, cost := h.board.Best(); cost != search.NoCost {
		return cost - h.base - 1
	}
	return h.dearest
}

func (h onBoard) offer(at []int32, steps int64) bool {
	return h.board.Offer(h.placement(at), h.base+steps)
}

func (h onBoard) raise(steps int64) {
	_, cost := h.board.Best()
	h.board.Raise(min(h.base+steps, cost))
}

func (h onBoard) exhausted() { h.board.Exhausted() }

// placement restates copies by pair for the problem.
func (h onBoard) placement(at []int32) model.Placement {
	pl := make(model.Placement, 0, h.problem.Copies)
	for i := range h.items {
		for j := range h.nodes {
			node := int32(j)
			if j == h.outside {
				node = model.NoPlace
			}
			for range at[j*h.items+i] {
				pl = append(pl, node)
			}
		}
	}
	return pl
}
