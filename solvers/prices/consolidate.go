package prices

import (
	"cmp"
	"math"
	"slices"

	"berth/heuristics"
	"berth/search"
)

// Where nodes cost something, the prices say what each is worth, which is hardly ever about what
// it costs: the linear relaxation uses all nodes but a few in full or not at all. A set of
// nodes that has room for everything loses, against the bound, what the nodes are worth that
// are on the wrong side, and the room that is left, at its price: the best one is found as that
// of one node's copies is (core.go). All other nodes are shut, and what remains is a problem
// without such prices.
//
// With hardly more room than all takes not everything finds a place, or it is a dear one; so
// sets have to have some room to spare, twice as much each time until that does not pay any
// more, and then the best of it is looked for between those.

const (
	maxSets   = 100_000 // sums that are tried for a set of nodes
	mendWork  = 300_000_000
	leastRoom = 0.001 // to spare
	wider     = 2     // sets in vain that end the search
	between   = 2     // times that it goes between
)

// consolidation is the search for a set of nodes.
type consolidation struct {
	*smoother
	shut   [][]bool // the sets so far
	trials []trial  // by rising room
}

// trial is what came of a set with so much room to spare.
type trial struct {
	spare float64
	cost  int64
}

// consolidate looks for placements on the best sets of nodes.
func (s *smoother) consolidate() error {
	c := &consolidation{smoother: s}
	best, vain := search.NoCost, 0
	for spare := 0.0; spare <= 1 && vain < wider; spare = max(2*spare, leastRoom) {
		cost, going, err := c.try(spare)
		if err != nil || !going {
			return err
		}
		switch {
		case cost == known || cost == search.NoCost && best == search.NoCost:
		case cost < best:
			best, vain = cost, 0
		default:
			vain++
		}
	}
	for range between {
		less, here, more := c.around()
		for _, other := range [2]float64{less, more} {
			if _, going, err := c.try((here + other) / 2); err != nil || !going {
				return err
			}
		}
	}
	return nil
}

// around returns how much there was to spare in the best trial, and in those next to it.
func (c *consolidation) around() (less, here, more float64) {
	at := 0
	for n, t := range c.trials {
		if t.cost < c.trials[at].cost {
			at = n
		}
	}
	return c.trials[max(at-1, 0)].spare, c.trials[at].spare, c.trials[min(at+1, len(c.trials)-1)].spare
}

// known stands for the cost of a set that was tried before.
const known = -1

// try looks for a placement on the best set with so much room to spare, and returns its cost.
func (c *consolidation) try(spare float64) (cost int64, going bool, err error) {
	shut := c.selectNodes(spare)
	if slices.ContainsFunc(c.shut, func(other []bool) bool { return slices.Equal(shut, other) }) {
		return known, true, nil
	}
	c.shut = append(c.shut, shut)
	cost, going, err = c.within(shut)
	at, _ := slices.BinarySearchFunc(c.trials, spare, func(t trial, spare float64) int { return cmp.Compare(t.spare, spare) })
	c.trials = slices.Insert(c.trials, at, trial{spare, cost})
	return cost, going, err
}

// selection is a search for nodes to use.
type selection struct {
	core
	ranked []int32 // nodes, those first that are worth about what they cost
	shut   []bool  // by node
}

// selectNodes says which nodes are best shut where the others have so much more room than all
// takes.
func (s *smoother) selectNodes(spare float64) []bool {
	c := &selection{core: newCore(s.resources), shut: make([]bool, s.outside)}
	worth := make([]float64, s.outside)
	for r := range c.q {
		c.q[r] = math.Inf(1)
	}
	for j := range s.outside {
		worth[j] = s.worth(j)
		c.shut[j] = worth[j] <= 0
		c.ranked = append(c.ranked, j)
		for r := range c.left {
			k := int(j)*s.resources + r
			c.left[r] -= int64(s.sums[0].load[k] * (1 + spare))
			if !c.shut[j] {
				c.left[r] += s.room[k]
				c.q[r] = min(c.q[r], s.ahead[k]) // more is paid where copies cannot well go elsewhere
			}
		}
	}
	slices.SortFunc(c.ranked, func(a, b int32) int {
		return cmp.Or(cmp.Compare(math.Abs(worth[a]), math.Abs(worth[b])), cmp.Compare(a, b))
	})
	for _, j := range c.ranked {
		c.worth = append(c.worth, math.Abs(worth[j]))
		for _, room := range s.room[int(j)*s.resources:][:s.resources] {
			if !c.shut[j] {
				room = -room
			}
			c.turn = append(c.turn, room)
		}
	}
	turned := c.more()
	if c.enumerate(maxSets) {
		turned = c.best
	}
	for _, n := range turned {
		c.shut[c.ranked[n]] = !c.shut[c.ranked[n]]
	}
	return c.shut
}

// more lists the first of the nodes that are shut, as many as there is too little room, and
// sets what is lost by using them.
func (c *selection) more() (opened []int32) {
	left := slices.Clone(c.left)
	c.loss = 0
	for n, j := range c.ranked {
		if len(left) == 0 || slices.Min(left) >= 0 {
			break
		}
		if !c.shut[j] {
			continue
		}
		opened = append(opened, int32(n))
		c.loss += c.worth[n]
		for r := range left {
			left[r] += c.turn[n*len(left)+r]
		}
	}
	for r, left := range left {
		if left > 0 {
			c.loss += float64(c.q[r] * float64(left))
		}
	}
	return opened
}

// within looks for a placement on the nodes that are not shut, and returns its cost.
func (s *smoother) within(shut []bool) (cost int64, going bool, err error) {
	q := s.problem.Within(shut)
	if q == nil {
		return search.NoCost, true, nil
	}
	in, err := newInstance(q, s.board)
	if err != nil {
		return 0, false, err
	}
	in.settled = true
	sub := newSmoother(newLedger(in), s.board)
	if !sub.cool(coldest) || !sub.settle() {
		return 0, false, nil
	}
	final := sub.place()
	if final == nil {
		return 0, false, nil
	}
	final.search()
	if final.lost > 0 && !final.stopped && final.takeOver(heuristics.Mend(q, s.board, final.placement(), mendWork)) {
		final.search()
	}
	cost = final.cost
	if final.lost > 0 {
		cost = search.NoCost
	}
	return cost, !final.stopped, nil
}
