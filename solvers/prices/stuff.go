package prices

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"berth/search"
)

// A placement on a set of nodes that all but fills them. A node is worth what it costs only if
// it is full, and in several resources at once; copies that find a node one by one leave gaps
// that fit nothing. So each node first takes the best set of those that have it as their
// cheapest (polish.go). Then nodes are filled up one after the other, those with the dearest room
// first, out of all copies that are nowhere yet (pack.go): among many there are some that take
// just what the node has left (the minimum bin slack heuristic of J.N.D. Gupta and J.C. Ho, A new
// heuristic algorithm for the one-dimensional bin-packing problem, Production Planning & Control
// 10, 1999, with several resources, and worth instead of slack).
//
// That a copy is nowhere is not out of the question meanwhile, as it is elsewhere, but counts what
// a place is worth at the prices, and a little more: sweeps and chains (chains.go) then leave over
// what is dearest to place, which is little. For that, nodes are opened and shut, each with all
// that follows on the nodes that it touches, where that pays; and what is left over then counts
// twice as much.

const (
	firstMore = 0.1 // of the rent, that being nowhere counts more than a place
	moreBy    = 2
	lastMore  = 1000
	manyTurns = 100 // nodes that are opened or shut
)

// stuffing is a placement on some nodes.
type stuffing struct {
	*chains
	shut   []bool    // by node: nothing may be there
	level  []float64 // by resource: the rent of a unit in the mean
	value  []float64 // by item: what a copy pays at least
	home   []int32   // by item: its cheapest node, if that has a name and was not looked at so far
	regret []float64 // by item: what the next one costs more
	packer
}

// newStuffing begins with no copy anywhere, at some prices.
func (c *consolidation) newStuffing(shut []bool, prices []float64) *stuffing {
	t := &stuffing{
		shut: make([]bool, c.outside), level: c.level(shut, prices), packer: newPacker(c.resources),
		value: make([]float64, len(c.items)), home: make([]int32, len(c.items)), regret: make([]float64, len(c.items)),
	}
	for j, shut := range shut {
		for k := j * c.resources; shut && k < (j+1)*c.resources; k++ {
			prices[k] = beyond
		}
	}
	c.take(prices, c.board)
	t.chains = newChains(newPolisher(newState(c.ledger, c.board)))
	for j, shut := range shut {
		if shut {
			t.set(int32(j), true)
		}
	}
	t.space.sort()
	t.apart, t.floor, t.guests = true, c.floor, maxTwins
	t.rng = rand.New(rand.NewPCG(c.board.Seed(), c.begun))
	c.begun++
	t.appraise()
	return t
}

// level is the rent of a unit of each resource in the mean of the nodes that are not shut.
func (s *smoother) level(shut []bool, prices []float64) []float64 {
	level, all := make([]float64, s.resources), make([]float64, s.resources)
	for j, shut := range shut {
		for r := 0; !shut && r < s.resources; r++ {
			k := j*s.resources + r
			level[r] += float64(prices[k] * s.capacity[k])
			all[r] += s.capacity[k]
		}
	}
	for r := range level {
		level[r] /= max(all[r], 1)
	}
	return level
}

// appraise sets what copies pay at least at the prices of the ledger.
func (s *stuffing) appraise() {
	s.work += int64(len(s.option)+len(s.items)) * 8
	for i := range s.items {
		least, second, node := s.least(&s.items[i])
		s.value[i] = float64(least) / s.unit()
		s.home[i], s.regret[i] = node, 0
		if second != nowhere && node != nobody {
			s.regret[i] = float64(second-least) / s.unit()
		}
	}
}

// count sets the penalties for copies that are nowhere: what they pay at least, and more times
// the rent of what they take.
func (s *stuffing) count(more float64) {
	for i := range s.items {
		it, value := &s.items[i], s.value[i]
		for r, size := range s.takes(it.kind, 0) {
			value += float64(float64(more*s.level[r]) * float64(size))
		}
		if s.home[i] == nobody {
			value += s.regret[i]
		}
		s.setOut(int32(i), min(value, farOut*float64(s.dearest+1)))
	}
}

// letGo raises the penalties of the copies whose cheapest node is j, by what their next one costs
// more: on j they find no place.
func (s *stuffing) letGo(j int32) {
	for _, i := range s.want[s.from[j]:s.from[j+1]] {
		if s.home[i] == j {
			s.home[i] = nobody
			s.setOut(i, s.out[i]+s.regret[i])
		}
	}
}

// stuff fills the nodes. It returns false where the board says stop.
func (s *stuffing) stuff() bool {
	order := s.dearestFirst()
	s.rents, s.guests = 1, 0
	for _, j := range order {
		s.letGo(j)
		s.polish(j)
		if s.trail = s.trail[:0]; !s.goOn() {
			return false
		}
	}
	s.guests = maxTwins
	for _, j := range order {
		s.pack(j)
		s.polish(j)
		if s.trail = s.trail[:0]; !s.goOn() {
			return false
		}
	}
	for j, shut := range s.shut {
		if shut {
			s.letGo(int32(j))
		}
	}
	return true
}

// dearestFirst lists the nodes that are not shut by falling rent.
func (s *stuffing) dearestFirst() (order []int32) {
	rent := make([]float64, s.outside)
	for j := range s.outside {
		if s.shut[j] {
			continue
		}
		order = append(order, j)
		for r, mean := range s.mean {
			rent[j] += float64(s.lambda[int(j)*s.resources+r] * mean)
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(rent[b], rent[a]), cmp.Compare(a, b)) })
	return order
}

// whole is what the placement costs, if no copy is nowhere.
func (s *stuffing) whole() int64 {
	if len(s.gone) > 0 {
		return search.NoCost
	}
	return s.cost
}

// choose opens and shuts nodes, the likeliest first, until nothing is left over.
func (s *stuffing) choose(likely []int32) {
	s.floor = 0
	for j := range s.outside {
		s.letGo(j)
	}
	for more := firstMore; more < lastMore && !s.stopped; more *= moreBy {
		s.count(more)
		if more > firstMore {
			s.sweeps()
		}
		for s.turnAll(likely) {
			s.sweeps()
		}
		if len(s.gone) == 0 {
			return
		}
	}
}

// turnAll opens or shuts the likeliest nodes, each where that pays, and says whether any did.
func (s *stuffing) turnAll(likely []int32) (better bool) {
	for _, j := range likely[:min(len(likely), manyTurns)] {
		if s.turn(j) {
			better = true
		}
		if !s.goOn() {
			return false
		}
	}
	return better
}

// turn opens node j, or shuts it, where that pays.
func (s *stuffing) turn(j int32) bool {
	today := s.today()
	s.set(j, !s.shut[j])
	if s.shut[j] {
		for len(s.on[j]) > 0 {
			c := s.on[j][len(s.on[j])-1]
			s.move(c, nobody)
			if to, v := s.state.best(s.itemAt(c), j, choice, 0); to != nobody && v < s.out[s.itemOf[c]] {
				s.move(c, to)
			}
		}
	} else {
		copy(s.lambda[int(j)*s.resources:][:s.resources], s.level)
		s.rents = 1
		s.pack(j)
	}
	s.pursue()
	better := s.gain(today) > tiny
	if !better {
		s.undo(0)
		s.set(j, !s.shut[j])
	} else if !s.shut[j] {
		s.space.sort()
	}
	s.trail = s.trail[:0]
	return better
}

// set shuts or opens node j.
func (s *stuffing) set(j int32, shut bool) {
	s.shut[j] = shut
	for k := int(j) * s.resources; k < int(j+1)*s.resources; k++ {
		if shut {
			s.free[k] -= s.room[k]
		} else {
			s.free[k] += s.room[k]
		}
	}
	s.space.update(j)
}
