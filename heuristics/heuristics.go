// Package heuristics holds the methods that find placements and prove nothing.
//
// A file each: penalty-first, regret, first-fit, best-fit, cluster, ring, librarian and
// stay place copy by copy (build.go is what they share); descent, tabu and anneal (with
// proposals.go) improve what there is until they are stopped. All but tabu handle every
// feature of a problem, but that a limited number may leave where they run today is for
// stay, descent and anneal only.
//
// All but tabu stand on the state (state.go, rules.go, traffic.go): a placement, whole or
// partial, feasible or not, with its exact cost and with what it breaks, and the
// change of both for moving one copy.
package heuristics

import "berth/search"

// All lists the methods of this package, the quickest first.
func All() []*search.Method { return append(constructions(), Descent, Tabu, Anneal) }

// constructions lists the methods that place copy by copy and then end, the
// quickest first.
func constructions() []*search.Method {
	return []*search.Method{PenaltyFirst, FirstFit, BestFit, Cluster, Regret, Ring, Librarian, Stay}
}
