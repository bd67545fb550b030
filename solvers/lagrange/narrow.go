package lagrange

import (
	"math"
	"math/bits"
)

// Narrow searches. The whole problem is searched for what beats the incumbent, but of each
// task only the nodes are kept that raise L(u) by little, at the root and again in every node
// of the tree (fixing.go, with a reach). Few placements near the bound have any other, and the
// tree becomes a small part of what a proof takes: on Chu and Beasley's d20100 a reach of 1.5
// steps leaves the optimum, 6185, in a tree that 2.6G of work search to the end, where a proof
// that there is nothing at 6183 takes 21G.
//
// A depth-first search that goes wrong at the top stays wrong for long, and another way to
// branch finds at once what it does not (C.P. Gomes, B. Selman and H. Kautz, Boosting
// combinatorial search through randomization, AAAI 1998). So searches are short and begin anew,
// from multipliers that are shaken a little, with branches that are drawn. How long one may be
// is drawn, too, twice the length half as often (after M. Luby, A. Sinclair and D. Zuckerman,
// Optimal speedup of Las Vegas algorithms, Information Processing Letters 47, 1993). The reach
// grows with each search that comes to its end and shrinks with the others, which are the most.

const (
	narrowNodes = 64   // of the tree, in the shortest searches
	doublings   = 2    // the longest are twice as long so many times
	firstReach  = 0.01 // of what the incumbent costs above the bound
	reachGrowth = 1.1  // after a search that came to its end
	reachEasy   = 1.5  // after one that took less than one part in easyPart of its nodes
	reachLoss   = 0.98 // after one that did not
	shaking     = 0.1  // of the multipliers, as a part of the reach
)

// narrower is what narrow searches remember.
type narrower struct {
	reach float64 // 0 before the first
	u     []int64 // the multipliers, unshaken
}

// narrow searches what is within reach, for a while.
func (m *improver) narrow() {
	e, n := m.e, &m.narrows
	e.question = e.host.highest()
	e.aim()
	gap := float64(e.cutoff - e.value + 1)
	if n.reach == 0 {
		n.reach = firstReach * gap
	}
	n.u = append(n.u[:0], e.u...)
	for _, i := range e.open.all() {
		shaken := e.u[i] + int64(float64(shaking*n.reach)*m.rng.NormFloat64())
		e.u[i] = min(max(shaken, -steepest), steepest)
	}
	nodes := narrowNodes << min(bits.TrailingZeros64(m.rng.Uint64()), doublings)
	before := e.visited
	e.reach, e.drawn = int64(math.Ceil(n.reach)), m.rng
	ended := e.ask(e.question, nodes)
	e.reach, e.drawn = noReach, nil
	switch {
	case !ended:
		n.reach *= reachLoss
	case (e.visited-before)*easyPart < nodes:
		n.reach = min(n.reach*reachEasy, gap)
	default:
		n.reach = min(n.reach*reachGrowth, gap)
	}
	e.question = e.host.highest()
	e.aim()
	copy(e.u, n.u)
	e.resolve()
}
