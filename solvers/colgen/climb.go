//go:build cgo

package colgen

import "math"

// The start where nodes cost something to use. The program over pairs (root.go) spreads the
// price of a node over all the room that it has, which is far below the bound, and at 100,000
// pairs it takes longer than anybody waits. So the multipliers climb from simple ones by the
// volume algorithm: along a mean of subgradients, which is also a point that nearly solves the
// program over columns (F. Barahona and R. Anbil, The volume algorithm: producing primal
// solutions with a subgradient method, Mathematical Programming 87, 2000). The mean is
// rounded to placements (round.go, consolidate.go).
//
// Departures: the step goes to an aim that is so much above the best bound, which comes
// nearer after steps in vain and moves away where much is gained; no placement is needed.
// The knapsacks are not solved to the end on the way, but at last. Cost: a few hundred rounds
// of prices, 2 s for 1000 items on 100 nodes.
type climber struct {
	*engine
	lack  []float64 // in the mean, by item and then by cut: how far its row is from being kept
	mean  []float64 // by pair: copies
	best  point
	high  int64   // the bound there
	ahead float64 // how far above it the aim is
}

const (
	aheadAtFirst = 0.05 // of the bound
	aheadAtLast  = 5e-4 // of the bound
	newest       = 0.3  // what the last subgradient counts in the mean
	inVain       = 8    // rounds until the aim is nearer …
	vainAtFirst  = 32   // … and until there is nothing to climb
	nearer       = 0.7
	farther      = 1.1
	mostClimbs   = 2000 // rounds
	dearest      = 4 * maxPrice
)

// start finds multipliers to begin with. It returns false where the run has to stop.
func (e *engine) start() bool {
	if e.priced() {
		return e.climb()
	}
	return e.begin()
}

// climb is start where nodes have prices. It leaves the mean in begun.
func (e *engine) climb() bool {
	if o := e.openings; len(o.rows) > 0 {
		e.keep(o.saving(e.instance), 0)
	}
	c := &climber{engine: e, lack: make([]float64, e.items+len(e.w)), mean: make([]float64, len(e.hi))}
	e.begun = c.mean
	e.hasty = true
	going := c.depart() && c.ascend()
	e.hasty = false
	e.set(&c.best)
	if !going || !e.evaluate() {
		return false
	}
	e.offerMean()
	return e.tick(0)
}

// depart goes to the better of two points: one at which all that is paid is what the cut on
// savings says, and one at which each copy pays its share of the node where that is
// cheapest.
func (c *climber) depart() bool {
	if len(c.w) > 0 {
		c.w[0] = c.step() * c.openings.unit
	}
	if !c.evaluate() {
		return false
	}
	c.note()
	for i := range c.u {
		least := int64(math.MaxInt64)
		for j := range c.nodes {
			if k := j*c.items + i; c.hi[k] > 0 {
				least = min(least, c.cost[k]+int64(c.shareOf(k)*float64(c.open[j])))
			}
		}
		c.u[i] = least
	}
	clear(c.w)
	if !c.evaluate() {
		return false
	}
	if c.value > c.high {
		c.note()
	}
	c.host.raise(max(c.stepsUp(c.high), 0))
	c.set(&c.best)
	c.ahead = aheadAtFirst * float64(c.high)
	return c.evaluate()
}

// shareOf is the part of a node's room that a copy of a pair takes, in the mean of the
// resources.
func (c *climber) shareOf(pair int) (share float64) {
	for _, part := range c.part[pair*c.resources:][:c.resources] {
		share += part / float64(c.resources)
	}
	return share
}

// note keeps the present point as the best.
func (c *climber) note() {
	c.best.set(&c.point)
	c.high = c.value
}

// ascend climbs from the best point. It returns false where the run has to stop.
func (c *climber) ascend() bool {
	idle, first := 0, c.high
	for n := 0; n < mostClimbs && c.ahead > aheadAtLast*float64(c.high); n++ {
		if n == vainAtFirst && c.high == first {
			break
		}
		weight := newest
		if n == 0 {
			weight = 1
		}
		c.blend(weight)
		c.move()
		if !c.evaluate() {
			return false
		}
		if c.value > c.high {
			if float64(c.value-c.high) > c.ahead/10 {
				c.ahead *= farther
			}
			idle = 0
			c.note()
		} else if idle++; idle == inVain {
			c.ahead, idle = c.ahead*nearer, 0
			c.host.raise(max(c.stepsUp(c.high), 0))
			c.set(&c.best)
			if !c.evaluate() {
				return false
			}
		}
	}
	return true
}

// blend takes what the nodes hold now into the mean, with a weight.
func (c *climber) blend(weight float64) {
	for k := range c.mean {
		c.mean[k] *= 1 - weight
	}
	for r := range c.lack {
		c.lack[r] *= 1 - weight
	}
	for i, n := range c.copies {
		c.lack[i] += weight * float64(n)
	}
	for k, cut := range c.cuts {
		c.lack[c.items+k] -= weight * float64(cut.right) / cut.norm
	}
	for j := range c.sacks {
		s := &c.sacks[j]
		for _, t := range s.in {
			c.lack[t.item] -= weight * float64(t.copies)
			c.mean[j*c.items+int(t.item)] += weight * float64(t.copies)
		}
		if len(s.in) == 0 && s.gain <= 0 {
			continue
		}
		for _, cut := range c.atNode[j] {
			c.lack[c.items+cut.index] += weight * float64(cut.sum(int32(j), s.in)) / cut.norm
		}
	}
	c.tally += int64(len(c.mean))
}

// move makes a step along what is lacking, as long as it would have to be to meet the aim.
func (c *climber) move() {
	norm := 0.0
	for _, d := range c.lack {
		norm += float64(d * d)
	}
	length := (float64(c.high-c.value) + c.ahead) / max(norm, 1e-9)
	by := func(lack float64) int64 { return int64(math.Round(min(max(length*lack, -maxPrice), maxPrice))) }
	for i := range c.u {
		c.u[i] = min(max(c.u[i]+by(c.lack[i]), -dearest), dearest)
	}
	for k, cut := range c.cuts { // where it counts in full, nodes cost nothing
		c.w[k] = min(max(c.w[k]+by(c.lack[c.items+k]/cut.norm), 0), c.step()*c.openings.unit)
	}
}
