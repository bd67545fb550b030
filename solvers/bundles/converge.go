//go:build cgo

package bundles

import (
	"math"

	"berth/solvers/clp"
)

// Column generation at a node of the tree: bundles that pay enter the program until none
// does, and each exact pricing gives a bound.

const (
	nearby      = 0.01          // it is worth looking for placements at so small a gap
	perRound    = 15            // bundles of a class that enter in a round
	exactSteps  = 5_000_000_000 // of a pricing
	roughSteps  = 20_000_000    // of the first, which needs not be exact
	mostPull    = 0.5           // how far points are pulled from the duals to the center, until that brings nothing
	stalledPull = 0.3           // … and what part of that where the last bundles have not changed the program's value …
	unmoved     = 0.01          // … by so much
	enoughFound = 30            // bundles of a class end its pricing where the bound is not needed yet
	nearAs      = 8             // the program has converged when it is within 1/nearAs of a step of the bound …
	nearGap     = 0.03          // … or so much of what is left above it
	lpSlice     = 500           // iterations of CLP before the first look at the clock
)

// center is a point with its bound.
type center struct {
	high int64
	best point
	tops []int64 // by class: no bundle is worth more
}

// begin finds a first center: what the bundles of the best placement cost is divided
// among their items.
func (t *tree) begin() {
	best, _ := t.board.Best()
	if best == nil {
		return
	}
	t.at.item, t.at.fill = make([]int64, t.items+t.links), make([]int64, len(t.classes))
	for _, b := range t.bundlesOf(best) {
		c := &t.classes[b.class]
		if c.wide {
			continue
		}
		for _, in := range b.in {
			for n := range in.copies {
				t.at.item[in.item] += c.cost[in.item][n] << t.shift / int64(t.copies[in.item])
			}
		}
		for _, tie := range c.ties {
			if b.copies(tie.a) >= tie.copiesA && b.copies(tie.b) >= tie.copiesB {
				t.at.item[tie.a] -= tie.worth << t.shift / int64(2*t.copies[tie.a])
				t.at.item[tie.b] -= tie.worth << t.shift / int64(2*t.copies[tie.b])
			}
		}
	}
	t.floor = make([]int64, len(t.classes))
	t.price(roughSteps)
}

// between sets the point at which bundles are priced: the duals, or a point that is
// pulled so far from them towards the center (A. Pessoa, R. Sadykov, E. Uchoa and F. Vanderbeck, Automation and combination
// of linear-programming based stabilization techniques in column generation, INFORMS
// Journal on Computing 30, 2018). What is worth more than the limits there pays at
// the duals too, and where nothing is, the bound there is better than the center's.
func (t *tree) between(pull float64) {
	t.at.set(&t.point)
	t.floor = append(t.floor[:0], t.fill...)
	if t.high != math.MinInt64 {
		mix := func(at, best []int64) {
			for k := range at {
				at[k] += int64(math.Round(float64(pull * float64(best[k]-at[k]))))
			}
		}
		mix(t.at.item, t.best.item)
		mix(t.at.sum, t.best.sum)
		mix(t.floor, t.tops)
	}
	slack := t.slack()
	for k := range t.floor {
		t.floor[k] += slack
	}
}

// converge generates bundles until no more pay, and says whether the node is closed.
func (t *tree) converge() bool {
	pull, last := mostPull, math.Inf(1)
	for {
		if t.closed() {
			return true
		}
		if !t.run() {
			return false
		}
		t.read()
		part := 1.0
		if t.objective() > last-unmoved {
			part = stalledPull
		}
		last = t.objective()
		for added := 0; added == 0; {
			t.between(pull * part)
			before := t.high
			if added = t.price(exactSteps); added == 0 {
				pull /= 2
			}
			if t.stopped {
				return false
			}
			if t.closed() {
				return true
			}
			if t.depth == 0 && t.high > before {
				t.raise(t.stepsUp(t.high))
				if t.early(); t.stopped || t.closed() {
					return !t.stopped
				}
			}
			if added == 0 && (t.near() || t.high <= before) {
				if t.lacks() {
					break
				}
				return false
			}
		}
	}
}

// early looks for a placement before the program has converged, where its value is new
// and the bound near: the better the best, the sooner the bound meets it.
func (t *tree) early() {
	if t.pool != nil || t.links > 0 {
		return
	}
	value, bound := t.objective(), t.bound()
	if t.dove*rarely < t.worked && value < t.dived-wholeAt && value < float64(t.highest())+wholeAt && value-bound < nearby*(float64(t.base)+value) {
		t.dived = value
		t.choose(t.used())
		if t.dive(); !t.stopped && !t.closed() && t.run() {
			t.read()
		}
	}
}

// bound is the bound as a number.
func (t *tree) bound() float64 { return float64(t.high) / float64(int64(1)<<t.shift) }

// near says whether bound and program are so near each other that more rounds bring
// next to nothing.
func (t *tree) near() bool {
	value := t.objective()
	gap := value - t.bound()
	return gap < t.tolerance() || gap < 0.5 && float64(t.stepsUp(t.high)) >= value-wholeAt
}

// tolerance is how far from the bound the program may stay, in steps.
func (t *tree) tolerance() float64 {
	part := nearGap
	if t.rough {
		part = roughGap
	}
	return max(1./nearAs, part*(float64(t.highest())-t.objective()))
}

// run solves the master. It returns false where the search has to stop.
func (t *tree) run() bool {
	for iterations := lpSlice; ; iterations *= 2 {
		status := t.model.Primal(t.model.Within(t.board.Left(), iterations))
		if !t.tick(t.model.Work()) {
			return false
		}
		if status == clp.Optimal {
			return true
		}
		if status != clp.Stopped {
			t.stopped = true
			return false
		}
	}
}

// slack is how much more than nothing a bundle has to gain to enter the master, in
// units of multipliers: so little that all of them together do not matter, and 0 where costs
// are so large that a unit each would.
func (t *tree) slack() int64 {
	places := int64(0)
	for k := range t.classes {
		places += int64(t.classes[k].count)
	}
	return int64(float64(int64(1)<<t.shift)*t.tolerance()) / (4 * places)
}

// used lists the bundles that the program uses.
func (t *tree) used() (list []*bundle) {
	for c, x := range t.values[t.extra:] {
		if x > wholeAt {
			list = append(list, t.columns[c])
		}
	}
	return list
}

// price computes the Lagrangian bound at the present point, and adds bundles
// that pay there.
//
//	L(π) = Σ copies(i)·π(i) − Σ_k count(k)·max{ 0, worth of a bundle of class k }
//
// is a lower bound for all π (A.M. Geoffrion, Lagrangean relaxation for integer
// programming, Mathematical Programming Study 2, 1974), and in integers exact.
// Sums join in like items.
func (t *tree) price(steps int64) int {
	t.top = append(t.top[:0], t.floor...)
	var bundles []*bundle
	if t.pool != nil {
		bundles = t.scan()
	} else {
		bundles = t.search(steps)
	}
	value := int64(0)
	for i, n := range t.copies {
		value += t.at.item[i] * int64(n)
	}
	for n, s := range t.sums {
		value += max(t.at.sum[n], 0)*int64(s.low) + min(t.at.sum[n], 0)*int64(s.top)
	}
	for k, top := range t.top {
		value -= int64(t.classes[k].count) * top
	}
	if value > t.high {
		t.high = value
		t.best.set(&t.at)
		t.tops = append(t.tops[:0], t.top...)
	}
	return t.add(bundles)
}

// search prices all classes depth first.
func (t *tree) search(steps int64) (bundles []*bundle) {
	for k, s := range t.sacks {
		c := &t.classes[k]
		found := 0
		p := t.prepare(s, t.floor[k], true, steps)
		p.found = func(chosen []int32) bool {
			bundles = append(bundles, t.bundle(int32(k), unpack(s, chosen)))
			found++
			return found < enoughFound
		}
		p.run(c.room, s.weigh(t.instance, &t.at), c.open<<t.shift)
		t.top[k] = p.bound
		t.spent += p.steps
		if t.stopped {
			return nil
		}
	}
	return bundles
}

// prepare readies the pricing for a sack.
func (t *tree) prepare(s *sack, threshold int64, rising bool, limit int64) *pricing {
	p := &t.pricing
	p.sack, p.resources, p.threshold, p.rising, p.limit = s, t.resources, threshold, rising, limit
	return p
}

// scan prices all classes by looking at every bundle of the pool.
func (t *tree) scan() (bundles []*bundle) {
	for k := range t.top {
		t.top[k] = 0
	}
	type paying struct {
		bundle *bundle
		worth  int64
	}
	lists, weigher := make([][]paying, len(t.classes)), t.weigher(&t.at, t.sums)
	for _, b := range t.pool {
		worth := weigher.worth(b, min(t.top[b.class], t.floor[b.class]))
		t.top[b.class] = max(t.top[b.class], worth)
		if worth > t.floor[b.class] {
			lists[b.class] = append(lists[b.class], paying{b, worth})
		}
	}
	for _, list := range lists {
		for _, b := range best(list, func(b paying) int64 { return b.worth }, perRound) {
			bundles = append(bundles, b.bundle)
		}
	}
	t.tick(int64(20*len(t.pool)) + weigher.steps)
	return bundles
}

func (c *center) clone() center {
	d := center{high: c.high, tops: append([]int64(nil), c.tops...)}
	d.best.set(&c.best)
	return d
}
