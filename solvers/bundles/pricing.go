//go:build cgo

package bundles

import "slices"

// Pricing: the bundle of a class that is worth most, a knapsack with quadratic worth.
//
// It is searched depth first. The bound splits the worth of every edge between its
// ends (any split that is not negative will do: A. Caprara, D. Pisinger and P. Toth,
// Exact solution of the quadratic knapsack problem, INFORMS Journal on Computing 11,
// 1999), so that what is left is a linear knapsack, and prices the room: with shares
// a, and sizes s as one mix of all resources,
//
//	worth(chosen) + θ·(room left) + Σ over undecided v of max(0, potential(v) − θ·s(v))
//
// where potential(v) is its profit, its edges to what is chosen, and its shares of
// those to what is undecided. Every θ ≥ 0 and every split give a bound; the split and
// the mix are tuned by subgradient steps, again wherever the tree below proves large
// (split.go). What would fall below the threshold if it came in, or was left out, is
// decided at once. All of it is in integers, so bounds are exact.
//
// The next vertex is one that is worth much and has much to gain from others, since the
// bound is weakest where such are undecided; it is taken in first. Where no edges are
// left, it is the one worth most for its size. A search ends early after so many steps;
// it then says what no bundle exceeds.
type pricing struct {
	*sack
	resources int
	profit    []int64 // by vertex
	threshold int64   // only bundles worth more are looked for
	floor     int64   // the same at the start: those that are met on the way are found too
	rising    bool    // the threshold rises to the best that is found
	found     func(chosen []int32) bool
	limit     int64 // steps; a step is about a nanosecond
	tick      func(units int64) bool

	frames  []*frame
	reach   []int64 // by vertex: the worth of its edges, of either sign
	rest    []int64 // by vertex: its potential less the price of its room
	chosen  []int32
	in      []bool
	steps   int64
	counted int64
	ended   bool
	bound   int64 // after an early end: no bundle is worth more
}

// frame is a node of the search: what is undecided, given what is chosen.
type frame struct {
	list      []int32 // undecided vertices
	open      []bool  // the same, by vertex
	potential []int64 // by vertex
	share     []int64 // by edge
	size      []int64 // by vertex: the mix of sizes
	left      []int64 // room, by resource
	room      int64   // … and in the mix
	worth     int64   // of what is chosen
	theta     int64   // price of the mix, in 1/fine
	own       bool    // share and size are its own, in ownShare and ownSize
	ownShare  []int64
	ownSize   []int64
}

// fine is how finely the price of the mix is set.
const fineBits = 8

// run searches. profit is the worth of each vertex by itself.
func (p *pricing) run(room []int64, profit []int64, open int64) {
	p.profit, p.chosen, p.steps, p.counted, p.ended = profit, p.chosen[:0], 0, 0, false
	p.bound, p.floor = p.threshold, p.threshold
	if len(p.in) < p.vertices {
		p.in = make([]bool, p.vertices)
	}
	f := p.frame(0)
	f.list = f.list[:0]
	f.worth, f.theta = -open, 0
	f.left = append(f.left[:0], room...)
	for v := range p.vertices {
		f.open[v] = true
		f.list = append(f.list, int32(v))
		f.potential[v] = profit[v]
		for e := p.start[v]; e < p.start[v+1]; e++ {
			f.potential[v] += p.share[e]
		}
	}
	f.share, f.own = p.share, false
	p.reaches()
	p.tune(f, firstRounds)
	copy(p.share, f.share)
	p.explore(0)
	p.count(0)
}

// frame returns the frame of a depth.
func (p *pricing) frame(depth int) *frame {
	for len(p.frames) <= depth {
		p.frames = append(p.frames, &frame{})
	}
	f := p.frames[depth]
	if len(f.open) != p.vertices {
		*f = frame{open: make([]bool, p.vertices), potential: make([]int64, p.vertices)}
	}
	return f
}

// count counts steps, and ends the search where it has to stop.
func (p *pricing) count(steps int64) {
	p.steps += steps
	if p.steps-p.counted > 100_000 || steps == 0 {
		if !p.tick(p.steps - p.counted) {
			p.ended = true
		}
		p.counted = p.steps
	}
	if p.steps > p.limit {
		p.ended = true
	}
}

// The first tuning below a frame comes after so many steps there, and each further
// one after so many times more.
const (
	patience = 50_000
	growth   = 3
)

// explore finds all bundles that are worth more than the threshold and hold what is
// chosen, and anything of the list.
func (p *pricing) explore(depth int) {
	f := p.frames[depth]
	next := p.steps + patience
	for from := p.steps; ; {
		p.count(int64(len(f.list)) + 50)
		bound := p.minimise(f)
		if bound <= p.threshold {
			return
		}
		if p.ended {
			p.bound = max(p.bound, bound)
			return
		}
		if p.steps > next && len(f.list) > 3 {
			p.tune(f, laterRounds)
			next = p.steps + growth*(p.steps-from)
			continue
		}
		must, v, closed := p.fix(f, bound)
		if closed {
			continue
		}
		if len(f.list) == 0 {
			return
		}
		if must >= 0 {
			v = must
		} else if v < 0 {
			v = p.best(f)
		}
		for p.before[v] >= 0 && !p.in[p.before[v]] {
			v = p.before[v]
		}
		child := p.include(f, v, depth+1)
		if child.worth > p.floor && !p.found(p.chosen) {
			p.ended = true
		}
		if child.worth > p.threshold {
			p.bound = max(p.bound, child.worth)
			if p.rising {
				p.threshold = child.worth
			}
		}
		p.explore(depth + 1)
		p.chosen, p.in[v] = p.chosen[:len(p.chosen)-1], false
		if must >= 0 {
			return
		}
		p.drop(f, v)
		f.compact()
	}
}

// mostPrices is how many prices of the mix are tried in a node.
const mostPrices = 3

// minimise returns the least bound over θ, or one that is not above the threshold.
// It leaves the price in the frame.
func (p *pricing) minimise(f *frame) int64 {
	theta, low, high := f.theta, int64(0), int64(-1)
	lowSlope, highSlope := int64(0), int64(0)
	best := int64(1) << 62
	for range mostPrices {
		sum, used := f.evaluate(theta)
		bound := f.worth + (theta*f.room+1<<fineBits-1)>>fineBits + sum
		if bound < best {
			best, f.theta = bound, theta
			if best <= p.threshold {
				return best
			}
		}
		slope := f.room - used
		switch {
		case slope < 0:
			low, lowSlope = theta, slope
		case slope > 0 && theta > 0:
			high, highSlope = theta, slope
		default:
			return best
		}
		switch {
		case high < 0:
			theta += theta/2 + 16
		case lowSlope == 0:
			theta = 0
		default:
			theta = low + int64(float64(high-low)*(float64(-lowSlope)/float64(highSlope-lowSlope)))
			theta = min(max(theta, low+1), high-1)
		}
		if high >= 0 && high-low <= 1 {
			return best
		}
		p.count(int64(len(f.list)))
	}
	return best
}

// evaluate returns what the list adds to the bound at a price, and how much room of
// the mix that takes.
func (f *frame) evaluate(theta int64) (sum, used int64) {
	potential, sizes := f.potential, f.size
	for _, v := range f.list {
		size := sizes[v]
		rest := potential[v] - theta*size>>fineBits
		mask := -rest >> 63 // all ones where rest > 0
		sum += rest & mask
		used += size & mask
	}
	return sum, used
}

// best returns the vertex that is worth most for its size.
func (p *pricing) best(f *frame) int32 {
	best := f.list[0]
	for _, v := range f.list[1:] {
		// Both sides are at most 2⁴⁴ · 2¹⁶, and potentials may be negative.
		if f.potential[v]*(f.size[best]+1) > f.potential[best]*(f.size[v]+1) {
			best = v
		}
	}
	return best
}

// drop takes a vertex off the undecided ones, and all that come after it.
func (p *pricing) drop(f *frame, v int32) {
	for ; v >= 0 && f.open[v]; v = p.after[v] {
		f.open[v] = false
		for e := p.start[v]; e < p.start[v+1]; e++ {
			f.potential[p.to[e]] -= f.share[p.twin[e]]
		}
		for _, n := range p.among[v] {
			p.miss(f, &p.subsets[n], v)
		}
	}
}

// Of a subset with one vertex in, the next pays; where two are undecided, half of it is
// booked with each.

// meet books what a subset pays in a frame that has just taken v in.
func (p *pricing) meet(f *frame, q *subset, v int32) {
	a, b := q.others(v)
	if b >= 0 && p.in[b] || a < 0 {
		a, b = b, a
	}
	first := q.price / 2 // of the first of two
	switch in, open := p.in[a], b >= 0 && f.open[b]; {
	case in && b >= 0 && p.in[b]:
	case in:
		f.worth -= q.price
		if open && v < b {
			f.potential[b] += q.price - first
		} else if open {
			f.potential[b] += first
		}
	case f.open[a] && open:
		f.potential[min(a, b)] -= first
		f.potential[max(a, b)] -= q.price - first
	case f.open[a]:
		f.potential[a] -= q.price
	case open:
		f.potential[b] -= q.price
	}
}

// miss books what a subset pays in a frame that has just dropped v.
func (p *pricing) miss(f *frame, q *subset, v int32) {
	a, b := q.others(v)
	if a < 0 || b < 0 {
		return
	}
	if p.in[b] {
		a, b = b, a
	}
	if !p.in[a] || !f.open[b] {
		return
	}
	first := q.price / 2
	if v < b {
		f.potential[b] -= first
	} else {
		f.potential[b] -= q.price - first
	}
}

// compact takes dropped vertices off the list.
func (f *frame) compact() {
	kept := f.list[:0]
	for _, v := range f.list {
		if f.open[v] {
			kept = append(kept, v)
		}
	}
	f.list = kept
}

// include makes the frame in which v is chosen too, and chooses it.
func (p *pricing) include(f *frame, v int32, depth int) *frame {
	c := p.frame(depth)
	c.share, c.size, c.own = f.share, f.size, false
	c.room, c.theta = f.room-f.size[v], f.theta
	c.worth = f.worth + p.profit[v]
	c.left = c.left[:0]
	for r, left := range f.left {
		c.left = append(c.left, left-p.need[int(v)*p.resources+r])
	}
	copy(c.potential, f.potential)
	for e := p.start[v]; e < p.start[v+1]; e++ {
		to := p.to[e]
		if p.in[to] {
			c.worth += p.worth[e]
		}
		c.potential[to] += p.worth[e] - c.share[p.twin[e]]
	}
	copy(c.open, f.open)
	c.open[v] = false
	p.in[v] = true
	p.chosen = append(p.chosen, v)
	for _, n := range p.among[v] {
		p.meet(c, &p.subsets[n], v)
	}
	row := p.clash[int(v)*p.words:][:p.words]
	c.list = append(c.list[:0], f.list...)
	for _, w := range f.list {
		if w != v && (row[w>>6]>>(uint(w)&63)&1 == 1 || !p.fits(c.left, w)) {
			p.drop(c, w)
		}
	}
	c.compact()
	p.count(int64(3*len(f.list) + p.vertices/4))
	return c
}

// owns gives the frame a split and a mix of its own.
func (f *frame) owns() {
	if f.own {
		return
	}
	f.ownShare = append(f.ownShare[:0], f.share...)
	f.ownSize = append(f.ownSize[:0], f.size...)
	f.share, f.size, f.own = f.ownShare, f.ownSize, true
}

// mix makes the sizes of a frame from prices of its resources.
func (p *pricing) mix(f *frame, prices []int64) {
	f.owns()
	f.ownSize = slices.Grow(f.ownSize[:0], p.vertices)[:p.vertices]
	f.size = f.ownSize
	f.room = unitRoom
	total := int64(0)
	for _, t := range prices {
		total += t
	}
	parts := make([]int64, p.resources)
	for r := range parts {
		parts[r] = (1 << mixBits) / int64(max(p.resources, 1))
		if total > 0 {
			parts[r] = int64(float64(prices[r]) / float64(total) * (1 << mixBits))
		}
	}
	for _, v := range f.list {
		size := int64(0)
		for r, m := range parts {
			size += m * p.part(f, v, r)
		}
		f.size[v] = size >> mixBits
	}
	f.theta = total << fineBits / unitRoom
}

// mixBits is how finely resources are mixed.
const mixBits = 10

// part is what a vertex takes of the room that is left, of resource r, in 1/unitRoom.
func (p *pricing) part(f *frame, v int32, r int) int64 {
	return part(p.need[int(v)*p.resources+r], f.left[r])
}
