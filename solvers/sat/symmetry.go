package sat

import (
	"slices"

	"berth/encode"
	"berth/encode/sat"
)

// Nodes of one class can swap what they hold and nothing changes, so of all
// placements that differ only in that, one is enough: the one in which the nodes
// of a class are in the order of the first item that each of them holds, empty
// ones last. An item may then be on a node only if that item or one before it is
// on the node before (value precedence: Law and Lee, "Symmetry Breaking Constraints
// for Value Symmetries in Constraint Satisfaction", Constraints 2006). It is said
// with a literal for "one of the first items is on this node": three clauses an item
// and node.

// place is an item that may be on a node, with the variable that says so.
type place struct{ item, variable int32 }

// breakSymmetry adds the order of nodes in every class.
func breakSymmetry(e *sat.Encoder, g *encode.Program) {
	on := make([][]place, len(g.Problem.NodeNames))
	for v := range g.Vars {
		if x := &g.Vars[v]; x.Kind == encode.Copy && x.Nth == 1 {
			on[x.Place] = append(on[x.Place], place{x.Item, int32(v)})
		}
	}
	last := map[int32]int{} // by class, its node before
	for j := range on {
		class := g.Problem.NodeClass[j]
		if before, known := last[class]; known {
			orderNodes(e, on[before], on[j])
		}
		last[class] = j
	}
}

// orderNodes says that the first item on a node is not after the first on the
// next one.
func orderNodes(e *sat.Encoder, node, next []place) {
	if !slices.EqualFunc(node, next, func(a, b place) bool { return a.item == b.item }) {
		return // nothing is lost but the gain
	}
	var some sat.Lit // one of the items so far is on node
	for k, at := range node {
		here := e.New()
		clause := []sat.Lit{-here, sat.Positive(at.variable)}
		if k > 0 {
			clause = append(clause, some)
		}
		e.Add(clause...)
		e.Add(-sat.Positive(next[k].variable), here)
		some = here
	}
}
