package colgen

import (
	"cmp"
	"math"
	"slices"
)

// The knapsack by stages. Where many sets are worth nearly the same, the search of knapsack.go
// comes to the same room left on many ways. Here an entry is decided at a time for all states at
// once, a state being the room that is left and what is lost so far; of two states the one that is
// worth less and has no more room of any resource left is dropped, and so is one that has lost too
// much (D. Pisinger, A minimal algorithm for the 0-1 knapsack problem, Operations
// Research 45, 1997; H.M. Weingartner and D.N. Ness, Methods for the solution of the
// multidimensional 0/1 knapsack problem, Operations Research 15, 1967). Room that all entries to
// come cannot fill is lost at once, so that states which differ in nothing else become one.
//
// Cost: O(entries · states · log states), and of whole amounts there are at most as many states
// as different rooms of the scarce resources. Of more than two resources the others have to be left
// in equal parts for one state to dominate another.
type stages struct {
	states        []state   // of the stage, those with most room of the first resource in front
	before        []state   // … and of the one before
	came          []arrival // of all stages
	starts        []int     // where each begins in that
	first, second int       // resources that decide most
	heads         []head
	stairs        map[[mostStaged]int64]*stair
	until         int64 // work of the knapsack when it is given up
}

type state struct {
	left  [mostStaged]int64
	loss  int64
	lacks int64 // how much less than the bound its copies are worth: the loss, and the price of all room left
	from  arrival
}

// arrival is the state of the stage before, and how many copies were taken.
type arrival struct {
	state  int32
	copies int32
}

// head is the next state of those that take so many copies.
type head struct {
	state
	at int // in the stage before; −1: there is none
}

// stair says whom the states so far dominate, of those that have the same of all resources but
// two: each step has less room of the second than the last, and lacks less. Of one resource the
// states come in that order.
type stair []step

type step struct{ room, lacks int64 }

const (
	mostStaged  = 4         // resources
	mostStates  = 100_000   // of a stage
	mostArrived = 2_000_000 // of all
	stageWork   = 100_000_000
	movesAtOnce = 4     // steps of a stair that are moved in one unit of work
	stagedSteps = 2_000 // of a search before
	stageBytes  = 2*mostStates*(8*mostStaged+24) + 8*mostArrived
)

// stage looks for a set that loses less than limit, as solve does, with so much work at most. It
// says whether it came to an end; then best and chosen are as after solve. Otherwise no set loses
// less than least.
func (s *knapsack) stage(limit, work int64) (least int64, ended bool) {
	if s.resources == 0 || s.resources > mostStaged || s.foes != nil && slices.ContainsFunc(s.entries, func(e entry) bool { return len(s.foes[e.item]) > 0 }) {
		return 0, false
	}
	g := &s.stages
	if g.stairs == nil {
		g.stairs = map[[mostStaged]int64]*stair{}
	}
	g.order(s)
	g.came, g.starts = g.came[:0], g.starts[:0]
	var start state
	copy(start.left[:], s.left)
	s.best = limit
	if s.squander(&start, 0); start.loss >= limit {
		return limit, true
	}
	g.states = append(g.states[:0], start)
	g.until = s.work + work
	for t := range s.entries {
		if len(g.came)+len(g.states) > mostArrived {
			return leastLoss(g.states), false
		}
		g.starts = append(g.starts, len(g.came))
		for n := range g.states {
			g.came = append(g.came, g.states[n].from)
		}
		if !s.decide(t) {
			return leastLoss(g.before), false
		}
	}
	if len(g.states) == 0 {
		return limit, true
	}
	last := slices.MinFunc(g.states, func(a, b state) int { return cmp.Compare(a.loss, b.loss) })
	s.best = last.loss
	for t, from := len(s.entries)-1, last.from; t >= 0; t-- {
		s.chosen[t] = from.copies
		from = g.came[g.starts[t]+int(from.state)]
	}
	return s.best, true
}

// leastLoss is what every set loses at least that comes of some states.
func leastLoss(states []state) int64 {
	least := int64(math.MaxInt64)
	for n := range states {
		least = min(least, states[n].loss)
	}
	return least
}

// order finds the resources that decide most: those with the largest prices for all that is left.
func (g *stages) order(s *knapsack) {
	var by []int
	for r := range s.resources {
		by = append(by, r)
	}
	slices.SortStableFunc(by, func(a, b int) int { return cmp.Compare(s.price[b]*s.left[b], s.price[a]*s.left[a]) })
	g.first, g.second = by[0], by[min(1, len(by)-1)]
}

// squander takes off what the entries from t on cannot fill.
func (s *knapsack) squander(x *state, t int) {
	for r, price := range s.price {
		if idle := x.left[r] - s.behind[t*s.resources+r]; idle > 0 {
			x.loss += price * idle
			x.left[r] -= idle
		}
	}
}

// decide makes the states after entry t. Those that take the same number of copies stay in order,
// so all of them are merged. It returns false where they become too many, or take too long.
func (s *knapsack) decide(t int) bool {
	g := &s.stages
	g.states, g.before = g.before[:0], g.states
	clear(g.stairs)
	g.heads = g.heads[:0]
	for range s.entries[t].copies + 1 {
		g.heads = append(g.heads, head{at: -1})
		s.advance(t, len(g.heads)-1)
	}
	var group *stair
	var others [mostStaged]int64
	for {
		best := -1
		for n := range g.heads {
			h := &g.heads[n]
			if h.at < len(g.before) && (best < 0 || h.left[g.first] > g.heads[best].left[g.first] || h.left[g.first] == g.heads[best].left[g.first] && h.lacks < g.heads[best].lacks) {
				best = n
			}
		}
		if best < 0 {
			return true
		}
		if len(g.states) == mostStates || s.work > g.until {
			return false
		}
		x := &g.heads[best].state
		key := x.left
		key[g.first], key[g.second] = 0, 0
		if group == nil || key != others {
			if others, group = key, g.stairs[key]; group == nil {
				group = new(stair)
				g.stairs[key] = group
			}
		}
		moved, admitted := group.admits(x.left[g.second], x.lacks)
		if admitted {
			g.states = append(g.states, *x)
		}
		s.work += int64(moved / movesAtOnce)
		s.advance(t, best)
	}
}

// advance goes to the next state with so many copies of entry t that fits and has not lost too
// much.
func (s *knapsack) advance(t, copies int) {
	g, e := &s.stages, &s.entries[t]
	need := s.need[t*s.resources:][:s.resources]
	h := &g.heads[copies]
	lost := -e.rest * int64(copies)
	if e.rest > 0 {
		lost += e.worth()
	}
next:
	for h.at++; h.at < len(g.before); h.at++ {
		s.work += 12
		h.state = g.before[h.at]
		h.from = arrival{int32(h.at), int32(copies)}
		for r, n := range need {
			if h.left[r] -= n * int64(copies); h.left[r] < 0 {
				continue next
			}
		}
		h.loss += lost
		if s.squander(&h.state, t+1); h.loss >= s.best {
			continue
		}
		h.lacks = h.loss
		for r, price := range s.price {
			h.lacks += price * h.left[r]
		}
		return
	}
}

// admits says whether nobody on the stair dominates a state, which then is on it, and how many
// steps were moved for that.
func (g *stair) admits(room, lacks int64) (moved int, admitted bool) {
	stair := *g
	at, found := slices.BinarySearchFunc(stair, room, func(s step, room int64) int { return cmp.Compare(room, s.room) })
	last := at - 1 // of those with as much room, who lacks least
	if found {
		last = at
	}
	if last >= 0 && stair[last].lacks <= lacks {
		return 0, false
	}
	end := at
	for end < len(stair) && stair[end].lacks >= lacks {
		end++
	}
	*g = slices.Replace(stair, at, end, step{room, lacks})
	return len(stair) - end, true
}
