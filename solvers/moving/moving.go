// Package moving orders the moves from where everything runs today to a placement, so
// that on the way no node is over capacity and no hard rule is broken.
//
// Moves are made in waves. During a wave a replica that moves is on both of its nodes;
// model.VerifyPlan says exactly what has to hold. Where moves wait for one another in a
// circle, a replica has to go to a third node first: a hop, which is a move more.
//
//   - state.go: where everything is, and whether a step may be made.
//   - greedy.go: waves of the moves that can be made at once, and hops where none can,
//     tried in several orders.
//   - exact.go: the fewest moves, by A* over the states (Hart, Nilsson and Raphael, "A
//     Formal Basis for the Heuristic Determination of Minimum Cost Paths", IEEE
//     Transactions on Systems Science and Cybernetics 1968), and the proof that there is
//     no order at all.
//   - bound.go: how many hops any order takes at least.
//   - knot.go: where there is no order, the capacity that would make one.
package moving

import (
	"context"

	"berth/model"
)

// Options say how the moves are to be made.
type Options struct {
	Parallel int   // most moves in a wave; 0: any number
	Work     int64 // most work, in units of about a nanosecond
}

// Result is an order of moves, or why there is none.
type Result struct {
	Plan       *model.Plan // nil: none was found
	Impossible bool        // proven: there is no order
	Hops       int         // moves of the plan beyond those that lead to the placement
	LeastHops  int         // no order has fewer
	Knots      []Knot      // where there is no plan: capacity that would make one, the least first
}

// Knot is an amount of a resource on one node with which there is an order.
type Knot struct {
	Node     string
	Resource string
	Add      string
	Least    bool // proven: less would not do
	share    float64
}

// Order looks for an order of moves to the nodes of a placement, which must be one that
// the judge accepts. The problem is not changed.
func Order(ctx context.Context, p *model.Problem, target []int32, o Options) *Result {
	work := o.Work
	goOn := func(units int64) bool {
		work -= units
		return work > 0 && ctx.Err() == nil
	}
	m := newMover(p, target, o.Parallel, goOn)
	r := &Result{LeastHops: m.leastHops()}
	best := m.greedy()
	if exact, settled := m.exact(best); settled {
		if exact == nil {
			r.Impossible = true
		} else {
			best = exact
			r.LeastHops = best.moves() - m.needed()
		}
	}
	if best == nil {
		work = o.Work
		r.Knots = m.knots()
		return r
	}
	r.Hops = best.moves() - m.needed()
	r.Plan = m.document(best, m.needed()+r.LeastHops)
	return r
}

// document writes waves as a plan.
func (m *mover) document(w waves, fewest int) *model.Plan {
	plan := &model.Plan{
		Instance: m.p.Name, InstanceDigest: m.p.Digest, Given: m.p.Given, Parallel: m.parallel, Fewest: fewest,
		Waves: [][]model.Move{}, Placement: m.p.PlacementOf(m.target),
	}
	at := append([]int32(nil), m.today...)
	name := func(node int32) string {
		if node == model.NoPlace {
			return ""
		}
		return m.p.NodeNames[node]
	}
	for _, wave := range w {
		var list []model.Move
		for _, s := range wave {
			list = append(list, model.Move{Task: m.p.TaskName(m.taskOf[s.slot]), From: name(at[s.slot]), To: name(s.to)})
			at[s.slot] = s.to
		}
		plan.Waves = append(plan.Waves, list)
	}
	return plan
}
