package heuristics

import (
	"context"

	"berth/model"
	"berth/search"
)

// Descent: iterated local search by shifts, swaps and ejection chains, through
// infeasible ground.
//
// After M. Yagiura, T. Ibaraki, F. Glover: An ejection chain approach for the
// generalized assignment problem, INFORMS Journal on Computing 16, 2004. A step
// may overload a node or break a rule at a price; prices rise where something
// stays broken and fall while nothing is (adapt.go), so the search keeps crossing
// the border of what is feasible, where the good placements are.
//
// A round kicks a few copies to places of chance (kick.go), lets all that this
// concerns settle (walk.go), and keeps the result unless it is worse by more than
// a small slack; else it is undone, step by step, so a round costs what it touches
// and not the size of the problem. After many rounds in vain the search goes back
// to the best placement known to anybody on the board.
//
// Departures: one list of chains instead of three nested neighbourhoods (a swap is
// a chain of two that leads back); prices for every feature of a problem, each
// capacity and rule its own; targets by sample where there are many nodes; path
// relinking is left out.
//
// It starts from the board's best, else from what penalty first leaves, or from what
// runs today where that has to stay, whole or not, and ends when the board says so.
var Descent = &search.Method{
	Name:    "descent",
	Short:   "local search by shifts, swaps and ejection chains with adaptive penalties",
	Source:  "M. Yagiura, T. Ibaraki, F. Glover: INFORMS Journal on Computing 16, 2004",
	Handles: model.AllFeatures,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		s := startState(p, board)
		if s == nil {
			return nil
		}
		if !hasChoice(p) {
			if s.feasible() {
				board.Offer(s.at, s.cost)
			}
			return nil
		}
		d := &descent{walk: newWalk(s, board, walkStream), best: make([]int32, len(s.at)), bestCost: search.NoCost}
		d.watch = d.note
		d.run()
		return nil
	},
}

// descent is a walk with a memory of the best.
type descent struct {
	*walk
	best     []int32
	bestCost int64
	copied   int64 // work done when best was last taken
	idle     int   // rounds since then
}

const (
	patience     = 500 // rounds in vain before going back to the best, and
	perCopy      = 2   // for each copy
	slackPart    = 32  // a round may lose up to this part of what a copy usually matters
	judgeWork    = 100 // units that taking and judging a placement costs, by copy
	adaptStride  = 1024
	roundWork    = 20 // units that a round costs even if nothing can move
	firstPrice   = 4  // the first descent keeps to what is feasible
	startShuffle = 8  // kicks when going back to the best
)

// startState is the board's best, or else what a construction leaves; nil where the
// board stopped it.
func startState(p *model.Problem, board *search.Board) *state {
	if best, _ := board.Best(); best != nil {
		return newStateOf(p, best)
	}
	b := newBuilder(p, board)
	place := b.placeByPenalty
	if p.MustStay > 0 {
		place = b.placeWhereItRuns
	}
	if !place() {
		return nil
	}
	return b.start()
}

// hasChoice says whether any copy can be in more than one way.
func hasChoice(p *model.Problem) bool {
	for i := range p.Items {
		if p.Domains[p.Items[i].Domain].Size > 1 || p.Items[i].Unplaced != model.NoLimit {
			return true
		}
	}
	return false
}

func (d *descent) run() {
	d.note()
	d.prices.scale(firstPrice)
	d.pushAll()
	stride := 1 + (len(d.load)+len(d.rules)+len(d.at))/adaptStride
	for round := 0; d.settle(); round++ {
		d.spent += roundWork
		if d.gain > d.slack() {
			d.undo(0)
		}
		d.note()
		d.trail, d.gain = d.trail[:0], 0
		if round%stride == 0 {
			d.adapt()
			if d.bestCost == search.NoCost && !d.moveBlocks() {
				return
			}
		}
		if d.idle++; d.idle > patience+perCopy*len(d.at) {
			d.restart()
		}
		d.kick()
	}
}

// slack is how much worse than before a round may end, drawn anew each time.
func (d *descent) slack() int64 {
	return d.rng.Int64N(d.prices.typical/slackPart + 1)
}

// note remembers and offers the state where it is the best yet. In large problems
// it waits until the search has done as much work as that costs.
func (d *descent) note() {
	if !d.feasible() || d.cost >= d.bestCost {
		return
	}
	if d.bestCost != search.NoCost && d.done+d.spent-d.copied < judgeWork*int64(len(d.at)) {
		return
	}
	copy(d.best, d.at)
	d.bestCost, d.copied, d.idle = d.cost, d.done+d.spent, 0
	d.spent += judgeWork * int64(len(d.at)) / 4
	d.board.Offer(d.best, d.bestCost)
}

// restart goes back to the best placement on the board, and a little away from it.
func (d *descent) restart() {
	d.idle = 0
	best, cost := d.board.Best()
	if best == nil {
		return
	}
	if cost < d.bestCost {
		copy(d.best, best)
		d.bestCost = cost
	}
	for c, j := range best {
		d.move(int32(c), j)
	}
	d.spent += tryWork * int64(len(d.at))
	for range startShuffle {
		d.kick()
	}
	d.trail, d.gain = d.trail[:0], 0
}
