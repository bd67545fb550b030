package heuristics

import "berth/search"

// repair makes a placement feasible where it can: the local search of walk.go,
// with prices that start high, looking only at copies that are missing or part of
// what is broken, until nothing is or its work is used up. It is the last resort
// of the constructions, and says whether it succeeded. After a construction that is
// blind to costs it is so too, to leave the placement what it was in character.
func repair(s *state, board *search.Board, blind bool, work int64) bool {
	if len(s.at) == 0 {
		return s.feasible()
	}
	w := newWalk(s, board, repairStream)
	w.limit = work
	w.prices.scale(repairPrice)
	w.blind, w.narrow = blind, true
	for round := 0; !w.feasible(); round++ {
		w.adapt()
		if round >= blockPatience && !w.moveBlocks() {
			break
		}
		if round%repairPatience == repairPatience-1 {
			w.kick()
		}
		if !w.settle() {
			break
		}
	}
	return w.feasible() && w.board.Work(0)
}

// patientWork is what a construction spends on its repair.
func (s *state) patientWork() int64 {
	copies := int64(len(s.at))
	return min(repairWork, repairPairWork*copies*int64(len(s.held))) + repairCopyWork*copies
}

const (
	repairWork     = 300_000_000
	repairPairWork = 300_000 // where there are few pairs of copy and node, exact methods are soon done
	repairCopyWork = 2_000
	repairPrice    = 8
	repairPatience = 4
	blockPatience  = 12 // rounds in which copies move one by one only, which keeps costs lower
)
