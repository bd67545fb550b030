package prices

import (
	"cmp"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
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
//
// On a set of nodes a placement is made as where no node costs anything, and repaired. Where that is
// not near what is the least there, because nodes have to be all but full, one is made that fills
// them (stuff.go); what then finds no place is repaired or, where that is dear and it is little, gets
// other nodes.
//
// Where copies cost the same everywhere, only room counts, and what a set costs is known before. A
// set is passed over that is no better than what is known, or has no room even for parts of copies.

const (
	maxSets   = 100_000 // sums that are tried for a set of nodes
	sumWork   = 20      // units that one takes
	mendWork  = 300_000_000
	fillWork  = 100_000_000 // for mending where nodes were filled
	mendedFor = 1.001       // of what it should cost: repairing was not dear
	stuffings = 4           // placements that are begun on a set of nodes, of which the best goes on, …
	stuffed   = 10_000      // … unless they have more copies together
	closeBy   = 1.002       // of what is the least on a set of nodes: nothing else is tried there
	mostOut   = 0.05        // of the copies may have no place at once, for that to be tried,
	mostLeft  = 0.025       // of the copies may have no place for a repair,
	fewLeft   = 0.01        // so many for other nodes
	leastRoom = 0.001       // to spare
	warm      = 8           // prices of a set of nodes begin with so much more heat than those before ended with
	wider     = 2           // sets in vain that end the search
	between   = 3           // times that it goes between
)

// consolidation is the search for a set of nodes.
type consolidation struct {
	*smoother
	shut   [][]bool // the sets so far
	trials []trial  // by rising room
	begun  uint64   // placements
	floor  int64    // nothing costs less on the last set
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
	shut, likely := c.selectNodes(spare)
	if !c.board.Work(0) {
		return 0, false, nil
	}
	if slices.ContainsFunc(c.shut, func(other []bool) bool { return slices.Equal(shut, other) }) {
		return known, true, nil
	}
	c.shut = append(c.shut, shut)
	cost, going, err = c.within(shut, likely)
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
// takes, and lists all, those first that are worth about what they cost.
func (s *smoother) selectNodes(spare float64) (shut []bool, ranked []int32) {
	c := &selection{core: newCore(s.resources), shut: make([]bool, s.outside)}
	worth := s.saved()
	for r := range c.q {
		c.q[r] = math.Inf(1)
	}
	for j := range s.outside {
		worth[j] -= float64(s.open[j])
		for k := int(j) * s.resources; k < int(j+1)*s.resources; k++ {
			worth[j] += float64(s.best[k] * s.capacity[k])
		}
		c.shut[j] = worth[j] <= 0
		c.ranked = append(c.ranked, j)
		for r := range c.left {
			k := int(j)*s.resources + r
			c.left[r] -= int64(s.sums[0].load[k] * (1 + spare))
			if !c.shut[j] {
				c.left[r] += s.room[k]
				c.q[r] = min(c.q[r], s.best[k]) // more is paid where copies cannot well go elsewhere
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
	s.board.Work(int64(c.sums) * sumWork)
	for _, n := range turned {
		c.shut[c.ranked[n]] = !c.shut[c.ranked[n]]
	}
	return c.shut, c.ranked
}

// saved is what all copies together, each on its cheapest node, pay less there than on their next.
func (s *smoother) saved() []float64 {
	saved := make([]float64, s.nodes)
	s.take(s.best, s.board)
	for i := range s.items {
		it := &s.items[i]
		if least, second, node := s.least(it); node != nobody && second != nowhere {
			saved[node] += float64(float64(it.count)*float64(second-least)) / s.unit()
		}
	}
	return saved
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

// within looks for a placement on the nodes that are not shut, or on likely ones, and returns its
// cost.
func (c *consolidation) within(shut []bool, likely []int32) (cost int64, going bool, err error) {
	q := c.problem.Within(shut)
	if q == nil {
		return search.NoCost, true, nil
	}
	price := c.priceOf(shut)
	if price+c.highest() < c.bound {
		return search.NoCost, true, nil // it has no room for all
	}
	_, best := c.board.Best()
	sub, err := c.settledOn(q, min(best-price, c.highest()+1))
	switch {
	case sub == nil || err != nil:
		return 0, false, err
	case sub.bound > c.highest():
		return search.NoCost, true, nil // not even parts of copies have room
	case sub.bound+price >= best:
		return sub.bound + price, true, nil
	}
	c.floor = sub.bound + price
	alike := sub.valueOf(sub.best, shut) < c.valueOf(c.best, shut)/2 // copies cost the same wherever they are
	switch {
	case !alike:
		cost = sub.plain(q, c.floor)
		if float64(cost) < float64(closeBy*float64(c.floor)) || !c.board.Work(0) {
			return cost, c.board.Work(0), nil
		}
	case !c.unlike(): // nothing counts but that all have room
		cost = sub.mended(q)
		return cost, c.board.Work(0), nil
	default: // no price says what is to be full
		cost = search.NoCost
		copy(sub.best, c.best)
	}
	prices := slices.Clone(sub.best)
	final := c.begin(shut, prices)
	if final == nil {
		return 0, false, nil
	}
	over := final.over()
	switch {
	case len(final.gone) == 0:
		final.search()
		cost = min(cost, final.whole())
	case over < mostLeft:
		should := float64(final.cost) + final.lost
		mended := c.mend(q, final.placement(), shut, prices)
		if over < fewLeft && float64(mended) > float64(mendedFor*should) {
			c.take(c.best, c.board)
			final.appraise()
			final.choose(likely)
			final.search()
			mended = min(mended, final.whole())
		}
		cost = min(cost, mended)
	}
	return cost, c.board.Work(0), nil
}

// settledOn finds the best prices where the only nodes are those of problem q, or such whose bound
// reaches the limit; nil where the board says stop.
func (c *consolidation) settledOn(q *model.Problem, limit int64) (*smoother, error) {
	in, err := newInstance(q, c.board)
	if err != nil {
		return nil, err
	}
	in.settled = true
	s := newSmoother(newLedger(in), c.board)
	copy(s.prices, c.best)
	copy(s.ahead, c.best)
	s.heat, s.limit = min(s.heat, warm*c.heat), limit
	if !s.cool(coldest) || !s.settle() {
		return nil, nil
	}
	return s, nil
}

// plain makes a placement like where no node costs anything, and returns its cost; unless many
// copies have no place at once. None costs less than floor.
func (s *smoother) plain(q *model.Problem, floor int64) int64 {
	final := s.place()
	if final == nil || final.over() > mostOut {
		return search.NoCost
	}
	final.floor = floor
	final.search()
	if over := final.over(); over > 0 && over < mostOut && !final.stopped && final.takeOver(heuristics.Mend(q, s.board, final.placement(), mendWork)) {
		final.search()
	}
	if len(final.gone) > 0 {
		return search.NoCost
	}
	return final.cost
}

// mended makes a placement whole as it is begun, and returns its cost.
func (s *smoother) mended(q *model.Problem) int64 {
	final := s.place()
	if final == nil {
		return search.NoCost
	}
	final.sweep(1)
	final.sweep(0)
	if len(final.gone) > 0 && !final.takeOver(heuristics.Mend(q, s.board, final.placement(), mendWork)) {
		return search.NoCost
	}
	final.offer()
	return final.cost
}

// highest is what copies cost at most, all together, without what nodes cost.
func (c *consolidation) highest() int64 {
	sum := c.problem.Offset
	for i := range c.items {
		it := &c.items[i]
		most := int64(0)
		if rest := c.rest[it.choice]; rest != nowhere {
			most = rest
		}
		for _, o := range c.options(it) {
			most = max(most, o.cost)
		}
		sum += int64(it.count) * most
	}
	return sum
}

// unlike says whether some copies take more on one node than on another.
func (c *consolidation) unlike() bool {
	return slices.ContainsFunc(c.kinds, func(k kind) bool { return k.unlike != nil })
}

// priceOf is what the nodes cost that are not shut.
func (c *consolidation) priceOf(shut []bool) (sum int64) {
	for j, shut := range shut {
		if !shut {
			sum += c.open[j]
		}
	}
	return sum
}

// valueOf is what the room of nodes that are not shut is worth at some prices.
func (s *smoother) valueOf(prices []float64, shut []bool) (sum float64) {
	for j, shut := range shut {
		for k := j * s.resources; !shut && k < (j+1)*s.resources; k++ {
			sum += float64(prices[k] * s.capacity[k])
		}
	}
	return sum
}

// begin returns the best of a few placements on the nodes that are not shut, in which some copies
// may be nowhere; nil where the board says stop.
func (c *consolidation) begin(shut []bool, prices []float64) (best *stuffing) {
	for range min(max(stuffed/len(c.itemOf), 1), stuffings) {
		next := c.newStuffing(shut, prices)
		next.count(firstMore)
		if !next.stuff() {
			return nil
		}
		next.sweeps()
		if best == nil || next.gain(best.today()) > 0 {
			best = next
		}
		if len(best.gone) == 0 || best.over() > fewLeft {
			break
		}
	}
	return best
}

// mend makes a placement whole on the nodes that are not shut, and returns its cost.
func (c *consolidation) mend(q *model.Problem, pl model.Placement, shut []bool, prices []float64) int64 {
	mended := heuristics.Mend(q, c.board, pl, fillWork)
	if mended == nil || !c.board.Work(0) {
		return search.NoCost
	}
	s := c.newStuffing(shut, prices)
	s.takeOver(mended)
	s.search()
	return s.whole()
}
