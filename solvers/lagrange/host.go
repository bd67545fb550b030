package lagrange

import (
	"math"

	"berth/model"
	"berth/search"
)

// host is whom a search works for: the board of the run, or an improver that has
// it search a piece of the problem. All costs are in steps above base.
type host interface {
	work(units int64) bool              // counts units of work; false: stop
	highest() int64                     // the dearest placement that is still wanted
	offer(at []int32, steps int64) bool // reports the nodes of all tasks; true: better than any before
	raise(steps int64)                  // reports a bound
	exhausted()                         // reports that nothing wanted is left
	coarse(lower int64) int64           // how wide questions are to be at least
}

// onBoard is the host of a whole problem.
type onBoard struct {
	*instance
	board *search.Board
}

func (h onBoard) work(units int64) bool { return h.board.Work(units) }

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

func (h onBoard) coarse(int64) int64 { return 1 }

func (h onBoard) exhausted() { h.board.Exhausted() }

// best restates the incumbent as nodes of tasks; nil if there is none.
func (h onBoard) best() []int32 {
	pl, cost := h.board.Best()
	if cost == search.NoCost {
		return nil
	}
	return h.sorted(pl)
}

// noLimit is above every number of tree nodes.
const noLimit = math.MaxInt >> 1

// placement restates the nodes of all tasks for the problem.
func (in *instance) placement(at []int32) model.Placement {
	pl := make(model.Placement, len(at))
	for i, j := range at {
		pl[i] = j
		if int(j) == in.outside {
			pl[i] = model.NoPlace
		}
	}
	return pl
}
