package heuristics

import "berth/search"

// repair makes a placement feasible where it can: the local search of walk.go,
// with prices that start high and only rise, from the copies that are missing or
// that break something, until nothing is broken or its work is used up. It is the
// last resort of the constructions, and says whether it succeeded.
func repair(s *state, board *search.Board) bool {
	if len(s.at) == 0 {
		return s.feasible()
	}
	w := newWalk(s, board, repairStream)
	w.limit = repairWork + repairCopyWork*int64(len(s.at))
	for k := range w.prices.load {
		w.prices.load[k] *= repairPrice
	}
	for k := range w.prices.send {
		w.prices.send[k] *= repairPrice
	}
	for k := range w.prices.rule {
		w.prices.rule[k] *= repairPrice
	}
	w.prices.apart *= repairPrice
	w.prices.missing *= repairPrice
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
