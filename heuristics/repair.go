package heuristics

import "berth/search"

// repair makes a placement feasible where it can: the local search of walk.go,
// with prices that start high, looking only at copies that are missing or part of
// what is broken, until nothing is or its work is used up. It is the last resort
// of the constructions, and says whether it succeeded. Costs play no part, so that
// the placement stays the one of the construction in character.
func repair(s *state, board *search.Board) bool {
	if len(s.at) == 0 {
		return s.feasible()
	}
	w := newWalk(s, board, repairStream)
	w.limit = repairWork + repairCopyWork*int64(len(s.at))
	w.prices.scale(repairPrice)
	w.blind = true
	for round := 0; !w.feasible(); round++ {
		w.adapt()
		if round%repairPatience == repairPatience-1 {
			w.kick()
		}
		if !w.settle() {
			break
		}
	}
	return w.feasible() && w.board.Work(0)
}

const (
	repairWork     = 300_000_000
	repairCopyWork = 2_000
	repairPrice    = 8
	repairPatience = 4
)
