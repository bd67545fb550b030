package heuristics

import (
	"berth/model"
	"berth/search"
)

// Mend repairs a placement that breaks capacities, uplinks or rules, with moves that
// cost little, offers what comes of it, and returns that; nil where it did not
// succeed within so many units of work. The placement is not changed.
func Mend(p *model.Problem, board *search.Board, pl model.Placement, work int64) model.Placement {
	s := newStateOf(p, pl)
	if !s.feasible() && !repair(s, board, false, work) {
		return nil
	}
	board.Offer(s.at, s.cost)
	return s.at
}
