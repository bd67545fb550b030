//go:build cgo

// Package colgen is the method colgen: branch and price for placements whose cost is
// linear and whose nodes have any number of resources.
//
// The bound is that of a program over columns, a column being a set of copies on a
// node: the knapsack of every node is solved exactly over all its resources and
// with what may not share it (knapsack.go, bound.go). It starts from a small program
// over pairs (root.go) or, where nodes cost something, from simple multipliers (climb.go),
// climbs by a subgradient and then by a program over columns (master.go, columns.go), and closes pairs of item and node that would pass a cutoff
// (fixing.go). What no bound on single nodes sees, that copies do not fill a rack
// evenly, is cut off on groups of nodes of equal cost (cuts.go) or, where nodes cost something,
// of those that are short of the same (scarce.go), and that such nodes are used or not
// (openings.go), all by rounding (rounding.go); and what can be saved
// by not using nodes is a knapsack, solved exactly. Then questions are
// asked: is there a placement of cost z or less, for z a little above the bound,
// each by a search that branches on what copies pay (tree.go, branch.go, gains.go) and tries whole sets
// where only nodes of equal cost are left to choose from (settle.go). Every bound
// is computed in integers from rounded multipliers; the linear programs only choose
// them. Beside that, a second side finds placements: it empties some nodes and has
// them refilled by the same search (lns.go, piece.go); where nodes cost something, it
// first tries cheap sets of them (consolidate.go).
//
// The method fleet (fleet.go, fleets.go) is for nodes of few kinds that cost something: it asks how
// many of each are used, with a program of its own (program.go, dive.go), and its knapsacks are
// solved to the end (stages.go).
//
// The method patterns (patterns.go, pattern_program.go, kinds.go, pack.go, plant.go, narrow.go) is for
// clusters in which much runs: its program is over what nodes hold, too, but by kinds of copies,
// whatever rules there are.
//
// Sources are named where the techniques are. Departures: the knapsacks are searched
// and not tabulated, so that several resources and large amounts cost nothing extra;
// columns take bounded numbers of alike copies, so that replicas have no order;
// leaving a copy out is one more node.
//
// Cost: a round of prices takes about a millisecond for 20 nodes and 200 tasks, a
// node of the tree ten to a hundred of them. Searches of the knapsacks grow
// exponentially with the items that are near the edge, and are cut short. The engine
// withdraws (search.ErrTooLarge) from millions of pairs, and from replicas and tasks
// that are kept apart by more than the node.
package colgen

import (
	"context"

	"berth/model"
	"berth/search"
)

const (
	name    = "colgen"
	handles = model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart | model.Conflicts | model.LeavingOut | model.OpenCosts
)

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:    name,
		Short:   "branch and price over exact knapsacks, with cuts on groups of nodes, for linear costs and any resources",
		Source:  "Savelsbergh 1997; Marchand, Wolsey 2001; Posta, Ferland, Michelon 2012; Barahona, Anbil 2000; Shaw 1998; Sadykov et al. 2019",
		Proves:  true,
		Handles: handles,
		Run:     run,
	}}
}

// Fleets returns the row of the method fleet; none where the program was built without cgo.
func Fleets() []*search.Method {
	return []*search.Method{{
		Name:    "fleet",
		Short:   "which of few kinds of nodes to use: all their numbers, by a program over what fits on one, for linear costs",
		Source:  "Benders 1962; Gilmore, Gomory 1961; Belov, Scheithauer 2002",
		Proves:  true,
		Handles: handles,
		Run:     runFleet,
	}}
}

// Patterns returns the row of the method patterns; none where the program was built without cgo.
func Patterns() []*search.Method {
	return []*search.Method{{
		Name:    "patterns",
		Short:   "what full clusters cost at least: a program over what a node may hold, copies that differ only in where they run taken together",
		Source:  "Gilmore, Gomory 1961; Pessoa et al. 2018",
		Handles: model.AllFeatures,
		Run:     runPatterns,
	}}
}

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	prover, improver, err := Sides(p, b)
	if err != nil {
		return err
	}
	return search.Race(ctx, b, prover, improver)
}

// Sides returns the two sides of the engine on a problem, for a race: one that
// proves, and one that improves placements, from where the first began. It fails with search.ErrTooLarge where
// the problem is too large for it, or for the board's limit of memory.
func Sides(p *model.Problem, b *search.Board) (prover, improver *search.Method, err error) {
	pairs := int64(len(p.Items)) * int64(len(p.NodeNames)+1)
	if err := b.Reserve("colgen: its pairs of item and node", min(pairs, maxPairs)*int64(pairBytes+16*len(p.Resources))); err != nil {
		return nil, nil, err
	}
	in, err := newInstance(p)
	if err != nil {
		return nil, nil, err
	}
	start := new(opening)
	side := func(name string, run func(ctx context.Context, in *instance, h onBoard, start *opening) error) *search.Method {
		return &search.Method{Name: name, Handles: handles, Run: func(ctx context.Context, _ *model.Problem, b *search.Board) error {
			return run(ctx, in, onBoard{in, p, b}, start)
		}}
	}
	prover = side(name, prove)
	prover.Proves = true
	return prover, side(name+"-lns", improve), nil
}

// prove finds the optimum, or that there is no placement.
func prove(_ context.Context, in *instance, h onBoard, start *opening) error {
	defer start.end()
	t := newTree(in, h)
	defer t.close()
	if search.Tripwire {
		if known, cost := h.board.Known(); known != nil {
			t.alarm = newAlarm(in, h.problem, known, cost)
		}
	}
	if t.starts() {
		start.keep(t.engine)
	}
	start.end()
	return t.search()
}

// opening is what the proving side leaves to the other of its start, so that it is made once.
type opening struct {
	at    point
	cuts  []*cut
	begun []float64 // nil: there was no start
	over  bool
}

func (o *opening) keep(e *engine) {
	o.at.set(&e.point)
	for _, c := range e.cuts {
		own := *c
		o.cuts = append(o.cuts, &own)
	}
	o.begun = e.begun
}

func (o *opening) end() { o.over = true }

// follow begins where the proving side began. It returns false where that came to nothing, or
// the run has to stop.
func (e *engine) follow(o *opening, b *search.Board) bool {
	if !b.Await(func() bool { return o.over }) || o.begun == nil {
		return false
	}
	for k, c := range o.cuts {
		e.keep(c, o.at.w[k])
	}
	e.set(&o.at)
	e.begun = o.begun
	return e.evaluate()
}

// onBoard is the host of a whole problem.
type onBoard struct {
	*instance
	problem *model.Problem
	board   *search.Board
}

func (h onBoard) work(units int64) bool { return h.board.Work(units) }

func (h onBoard) left() int64 { return h.board.Left() }

func (h onBoard) highest() int64 {
	if _, cost := h.board.Best(); cost != search.NoCost {
		return cost - h.base - 1
	}
	return h.dearest
}

func (h onBoard) offer(at []int32, steps int64) bool {
	return h.board.Offer(h.placement(at), h.base+steps)
}

func (h onBoard) raise(steps int64) { h.board.RaiseBelow(h.base + steps) }

func (h onBoard) question(lower int64) int64 { return max(lower/width, 1) }

// Where nodes cost something, the first bound is far below what the last will be, and a stage
// goes half of the way to what is known.
func (h onBoard) stage(lower int64) int64 {
	step := lower / ahead
	if _, cost := h.board.Best(); cost != search.NoCost && h.priced() {
		step = max(step, (cost-h.base-lower)/2)
	}
	return max(step, 1)
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

// counts restates a placement of the problem as copies by pair.
func (h onBoard) counts(pl model.Placement) []int32 { return h.restate(h.problem, pl) }
