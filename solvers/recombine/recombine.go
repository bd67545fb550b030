//go:build cgo

// Package recombine is the methods recombine and contents. The first is annealings, and new placements made of
// what lies on single nodes in all of them.
//
// Each annealing ends in another placement of about the same cost, and each of them has
// nodes that it fills better than the others do. What lies on a node is a column: a
// number of copies of each item, with what it costs there, worth the traffic that it
// keeps on the node. A linear program chooses columns, at most one a node and no item
// more often than it has copies, and a dive makes it integral (master.go). That is the
// restricted master of M. Savelsbergh, A branch-and-price algorithm for the generalized
// assignment problem, Operations Research 45, 1997, over columns that a local search
// made, as J.-M. Rousseau, M. Gendreau and G. Pesant (Solving VRPTWs with constraint
// programming based column generation, Annals of Operations Research 130, 2004) and
// others did for vehicle routes.
//
// So that columns of different placements fit beside one another, each also stands
// there without each one of its items, and without one copy of it. Copies that no
// column holds are placed where there is room, and a short and cool annealing improves
// what comes of it.
//
// The dive asks for columns: an annealing of a single node looks for contents that are worth
// more than the multipliers say that they cost (generate.go, pricing.go). Where moves are
// limited the program asks too, before columns are chosen. The replicas that stay on the columns chosen
// are then a row of it, whose multiplier is the price of a move, and what runs today is there
// without each item, so that the program knows what it costs to take it away. Where annealings find
// nothing, searches by minimum cuts do (prove.go), and where moves are few the choice is made by branch
// and bound (tree.go) before there is a dive. Only when nothing more is found there is another annealing of all nodes,
// and two of three may make half as many moves more or twice as many.
//
// The multipliers also give a bound: the method contents (prove.go, limit.go), and this one where
// moves are limited.
//
// Only what is on one node enters a column: the method refuses distances of more than one
// level, and rules beyond single nodes.
package recombine

import (
	"context"
	"fmt"

	"berth/heuristics"
	"berth/model"
	"berth/search"
)

const handles = model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart |
	model.Conflicts | model.TrafficOn | model.Shares | model.OpenCosts | model.Stays | model.MoveLimit

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method { return append(Finders(), Bounds()...) }

// Finders returns those of Methods that find placements.
func Finders() []*search.Method {
	return []*search.Method{{
		Name:    "recombine",
		Short:   "annealings, and placements made of what lies on single nodes in all of them",
		Source:  "M. Savelsbergh: Operations Research 45, 1997",
		Handles: handles | model.LeavingOut,
		Run:     run,
	}}
}

// Bounds returns those that raise the bound.
func Bounds() []*search.Method {
	return []*search.Method{{
		Name:    "contents",
		Short:   "a bound where items exchange traffic, from what may lie on single nodes",
		Source:  "Geoffrion 1974; Picard 1976",
		Handles: handles,
		Run:     prove,
	}}
}

const (
	quickRun  = 100  // proposals a copy in the first annealing where moves are limited and many,
	warmRun   = 500  // and else
	freeRuns  = 3    // annealings before the first choice where moves are not limited
	growth    = 4    // from one to the next
	longRun   = 4000 // and in the longest
	polishing = 500  // in the one that improves a choice of columns,
	coolPart  = 0.92 // which begins in this part of a run
	smallest  = 1 << 14

	mostCopies = 6000 // the linear programs of larger problems take longer than they gain
)

func run(_ context.Context, p *model.Problem, b *search.Board) error {
	if p.Copies > mostCopies {
		return fmt.Errorf("recombine: %d copies are more than %d: %w", p.Copies, mostCopies, search.ErrTooLarge)
	}
	a := heuristics.NewAnnealing(p, b)
	if a == nil || a.Core() == 0 {
		return nil
	}
	pool := newPool(p, b.Seed())
	copies := int64(a.Core())
	length, longest := max(warmRun*copies, smallest), max(longRun*copies, smallest)
	moves := int64(0) // that are allowed, where they are limited
	few, more := freeRuns, 0
	if p.MustStay > 0 {
		longest, moves, few = length, int64(*p.Given.MaxMoves), 1
		if !pool.near {
			length, more = max(quickRun*copies, smallest), 1
		}
		pool.addToday()
	}
	for runs := 0; ; {
		if runs < few || pool.spent || p.MustStay == 0 {
			if left := a.Left(); left > 0 && left < length {
				length = max(left/2, smallest)
			}
			a.Allow(int64((runs+more)%3) * moves / 2)
			runs++
			if !a.Run(length, a.Warmth(length)) {
				return nil
			}
			pool.add(a.Placement())
			length, pool.spent = min(growth*length, longest), false
			if runs < few {
				continue
			}
		}
		if best, _ := b.Best(); best != nil {
			pool.add(best)
		}
		chosen, err := pool.choose(b)
		if err != nil || !b.Work(0) {
			return err
		}
		if chosen == nil {
			pool.spent = true
			continue
		}
		a.Allow(0)
		a.Set(chosen)
		if !a.Offer() {
			return nil
		}
		if best, _ := b.Best(); best != nil {
			a.Set(best)
		}
		if !a.Run(max(polishing*copies, smallest), coolPart) {
			return nil
		}
		pool.add(a.Placement())
	}
}
