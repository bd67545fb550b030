package heuristics

import (
	"berth/model"
	"berth/search"
)

// tradePart is the part of the work of a repair that copies may trade places in, one in so many.
const tradePart = 4

// Mend repairs a placement that breaks capacities, uplinks or rules, with copies that trade
// places and with moves that cost little, offers what comes of it, and returns that; nil where it did not
// succeed within so many units of work. The placement is not changed.
func Mend(p *model.Problem, board *search.Board, pl model.Placement, work int64) model.Placement {
	s := newStateOf(p, pl)
	s.trade(work / tradePart)
	if !s.feasible() && !repair(s, board, false, work) {
		return nil
	}
	board.Offer(s.at, s.cost)
	return s.at
}
