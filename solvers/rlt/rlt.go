// Package rlt is the method rlt: bounds by the level-1 reformulation-linearisation of
// the quadratic assignment of copies to nodes, and branch and bound on top of it. It is
// made for traffic over distances that are more than "on one node or not".
//
// A state is a copy on a node of its domain, or left out. The cost of two states of
// different copies is booked in two places, a part with each of them, so that each state
// has a matrix of its own: what the others cost beside it. What the others pay at least,
// row by row, is moved from a state's matrix to the state; what the states of a copy pay
// at least goes to the bound; and what is left of one state's matrix is handed to the
// other side of each pair, which may be able to use it (ascent.go). After P. Hahn, T.
// Grant: Lower bounds for the quadratic assignment problem based upon a dual
// formulation, Operations Research 46, 1998, and P. Hahn, B.-J. Kim, M. Guignard, J.
// Smith, Y.-R. Zhu: An algorithm for the generalized quadratic assignment problem,
// Computational Optimization and Applications 40, 2008. The order in which copies take
// and give, forth and back, with equal parts for those still to come, is that of V.
// Kolmogorov: Convergent tree-reweighted message passing for energy minimization, IEEE
// Transactions on Pattern Analysis and Machine Intelligence 28, 2006.
//
// Beside each state the capacities of the nodes hold for the other copies too. They are
// priced, with prices of its own for each state (room.go), as A. Pessoa, P. Hahn, M.
// Guignard, Y.-R. Zhu price them in Algorithms for the generalized quadratic assignment
// problem combining Lagrangean decomposition and the reformulation-linearization
// technique, European Journal of Operational Research 206, 2010; there by subgradients,
// here one price at a time, each where it is best.
//
// All of that are exact integers, in fractions of the problem's unit of cost: each step
// moves a cost from one place to another, or adds a price times a room that no placement
// exceeds. So the bound holds at any moment, whatever the steps are.
//
// A state that the bound shows to be too dear is closed, and so are two states together; what
// each other copy has to pay at least beside them counts.
// The tree (tree.go) puts a copy on each node that is left to it, one after the other,
// the cheapest first; a table (table.go) shrinks with each copy that is placed.
//
// Cost: a pass takes a few operations for each two states, so O(copies² · nodes²), and
// as much memory. The engine withdraws (search.ErrTooLarge) where that is too much.
package rlt

import (
	"context"
	"fmt"

	"berth/model"
	"berth/search"
)

// Method is the registry's row of this package.
var Method = &search.Method{
	Name:   "rlt",
	Short:  "level-1 reformulation bounds and branch and bound, for traffic over distances",
	Source: "Hahn, Grant 1998; Hahn and others 2008; Pessoa and others 2010; Kolmogorov 2006",
	Proves: true,
	Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart | model.Conflicts |
		model.Together | model.TrafficOn | model.Distances | model.Matrix | model.LeavingOut,
	Run: run,
}

// mostBytes is the memory that the tables of a path down the tree may take.
const mostBytes = 1 << 30

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	states, copies := int64(0), int64(p.Copies)
	for i := range p.Items {
		it := &p.Items[i]
		states += int64(it.Count) * int64(p.Domains[it.Domain].Size+1)
	}
	bytes := 8 * states * (states + 2*int64(len(p.Capacity))) * (copies/3 + 2)
	if states > 1<<16 || bytes > mostBytes {
		return fmt.Errorf("rlt: %d pairs of copy and node are too many: %w", states, search.ErrTooLarge)
	}
	if err := b.Reserve("rlt", bytes); err != nil {
		return err
	}
	t := &tree{problem: p, board: b}
	root, possible := newTable(p)
	if !possible {
		b.Exhausted()
		return nil
	}
	total := root.total()
	if total > mostInAll {
		return fmt.Errorf("rlt: costs that add up to %d units are too large: %w", total, search.ErrTooLarge)
	}
	t.shift = root.scale(total)
	t.search(ctx, root)
	return nil
}
