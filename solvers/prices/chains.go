package prices

import (
	"math/rand/v2"

	"berth/model"
	"berth/search"
)

// From one node to the next. Sweeps polish every node: the first counts what other
// nodes' rooms are worth and so makes room where it is needed, those after it count
// cost alone, until nothing changes. What is left to gain takes steps on several
// nodes at once. A chain begins with a step on one node that pays only at the prices
// of other nodes' rooms, drawn at random around the true ones, and then lets every
// node that it touched, and those that these touch, take the best step by cost. It
// is kept where the cost has fallen in the end, else all of it is taken back: the
// ejection chains of F. Glover (Discrete Applied Mathematics 65, 1996), each link an
// exact step.
//
// Cost: a sweep is a polish a node; a chain is one to two dozen of them.

// chains is the search for better placements.
type chains struct {
	*polisher
	rng     *rand.Rand
	queue   []int32 // nodes that changed
	queued  []bool
	offered int64 // work done when the last placement was offered
	known   int64 // the cost of the last placement offered
	floor   int64 // nothing costs less
	apart   bool  // what others know is on other nodes, as it is where these are settled
}

const (
	maxSweeps  = 12
	chainLinks = 24  // nodes that a chain polishes at most
	lowRents   = 0.2 // rents that a chain begins with: from this
	highRents  = 1.4 // to this
	fruitless  = 3   // chains end after so many passes that gain
	little     = 15  // less than 1/2^little of the cost
	judgeWork  = 200 // units that judging a placement costs, by copy
)

func newChains(p *polisher) *chains {
	return &chains{polisher: p, rng: rand.New(rand.NewPCG(p.board.Seed(), 1)), queued: make([]bool, p.nodes), known: search.NoCost}
}

// improve polishes every node once by cost, and offers what comes out. It returns
// false where the board says stop.
func (s *chains) improve() bool {
	s.sweep(0)
	if s.fallBack() {
		s.sweep(1)
		s.sweep(0)
	}
	s.offer()
	return !s.stopped
}

// fallBack goes to the best placement on the board where some copies have no node:
// steps keep what has one, so that the search goes on from something whole.
func (s *chains) fallBack() bool {
	if len(s.gone) == 0 || s.apart || s.settled {
		return false
	}
	best, _ := s.board.Best()
	return s.takeOver(best)
}

// takeOver goes to a placement, if there is one.
func (s *chains) takeOver(pl model.Placement) bool {
	if pl == nil || s.stopped {
		return false
	}
	for c, j := range pl {
		if j == model.NoPlace {
			j = s.outside
		}
		s.put(int32(c), j)
	}
	return true
}

// search improves for as long as that helps.
func (s *chains) search() {
	if !s.atLeast() {
		s.sweeps()
	}
	if s.fallBack() {
		s.sweeps()
	}
	for idle := 0; idle < fruitless && !s.stopped && !s.atLeast(); idle++ {
		s.offerSeldom()
		today := s.today()
		for j := range s.outside {
			if s.chain(j); !s.goOn() {
				return
			}
		}
		if s.gain(today) > float64(today.cost>>little) {
			idle = -1
		}
	}
	s.offer()
}

// atLeast says whether nothing is left to gain.
func (s *chains) atLeast() bool { return len(s.gone) == 0 && s.cost <= s.floor }

// sweeps makes room once, and then polishes until nothing changes.
func (s *chains) sweeps() {
	s.sweep(1)
	for n := 0; n < maxSweeps && !s.atLeast() && s.sweep(0) > 0; n++ {
		s.offerSeldom()
	}
}

// sweep polishes every node at so much of the others' rents, and returns on how many
// it found something.
func (s *chains) sweep(rents float64) (better int) {
	s.rents = rents
	for j := range s.outside {
		if s.stopped {
			return better
		}
		if s.polish(j) {
			better++
		}
		s.trail = s.trail[:0]
		s.goOn()
	}
	return better
}

// chain begins a chain on node j, and takes it back where it does not pay.
func (s *chains) chain(j int32) {
	today := s.today()
	s.rents = lowRents + float64((highRents-lowRents)*s.rng.Float64())
	if !s.polish(j) {
		return
	}
	s.pursue()
	if s.gain(today) <= 0 {
		s.undo(0)
	}
	s.trail = s.trail[:0]
}

// pursue polishes the nodes of the steps on the trail by cost, and those that these change.
func (s *chains) pursue() {
	s.rents = 0
	seen := s.follow(0)
	for link := 0; link < len(s.queue); link++ {
		node := s.queue[link]
		s.queued[node] = false
		if link < chainLinks && s.polish(node) {
			seen = s.follow(seen)
		}
	}
	s.queue = s.queue[:0]
}

// follow queues the nodes of the steps on the trail from one on, and returns the
// trail's length.
func (s *chains) follow(from int) int {
	for _, step := range s.trail[from:] {
		for _, j := range [2]int32{step.node, s.at[step.copy]} {
			if j >= 0 && j != s.outside && !s.queued[j] {
				s.queued[j] = true
				s.queue = append(s.queue, j)
			}
		}
	}
	return len(s.trail)
}

// offerSeldom offers the placement where it has cost more work than judging it will
// since the last one.
func (s *chains) offerSeldom() {
	if s.known == search.NoCost || s.done-s.offered >= judgeWork*int64(len(s.at)) {
		s.offer()
	}
}

// offer reports the placement where it is better than the last one and has a node
// for every copy.
func (s *chains) offer() {
	if s.stopped || len(s.gone) > 0 || s.cost >= s.known {
		return
	}
	s.known, s.offered = s.cost, s.done
	s.board.Offer(s.placement(), s.cost)
}
