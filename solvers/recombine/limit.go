//go:build cgo

package recombine

import (
	"math/bits"
	"slices"

	"berth/solvers/bundles"
)

// What no contents of a node are worth more than, at integer multipliers. The traffic
// that a node keeps is a sum of products, "at least so many copies of the one and of the
// other" (bundles.Pieces), so without its capacities the best contents are a closure
// (closure.go). The scarcest capacity has a price: of a vertex the part of the price that
// it takes of the capacity, rounded down, and the whole price is added. Every price gives a
// bound, which is convex in it. Two closures meet at the best price, one of which does not
// fit; a search takes the item in which they differ most, and looks at few and at many
// copies of it apart, always where the bound is largest (A.H. Land and A.G. Doig,
// Econometrica 28, 1960). Where the price rises or a part of the search begins, less is worth
// its place, and what flows in the cut may go on flowing (G. Gallo, M.D. Grigoriadis and R.E.
// Tarjan, A fast parametric maximum flow algorithm, SIAM Journal on Computing 18, 1989).
type limiter struct {
	*pool
	cut   closure
	looks int64 // arcs

	// The class.
	items    []int32 // that may be in
	most     []int32 // by item: copies
	first    []int32 // by item: the vertex of its first copy
	profit   []int64 // by vertex: worth by itself
	of       []int32 // by vertex: its item
	ties     []bond
	need     [][]int64 // by item
	capacity []int64

	enough int64     // what is worth no more is of no interest
	scarce int       // the resource that has a price
	stuck  bool      // the largest bound cannot be lowered
	open   []*region // that together hold all contents worth more than best
	best   int64     // worth of the best contents found
	found  [][]part  // contents that are worth more than enough and keep the rules

	cold  flow    // nothing flows
	base  flow    // of a region, at a lower price than those that it will try
	price int64   // at which the cut is
	less  []int64 // scratch: by item, what a copy of it is worth less
	set   []bool
}

// bond is what two vertices are worth together.
type bond struct {
	a, b  int32
	worth int64
}

// region is a part of the search: numbers of copies that it looks at.
type region struct {
	low, high []int32 // by item
	price     int64   // with the best bound
	bound     int64   // no contents in it are worth more
	item, at  int32   // where it is divided: at most so many, or more; item −1: nowhere
	flows     []*flow // in regions that it is a part of and in itself, for it and its parts to begin with
}

func newLimiter(o *pool) *limiter {
	n := len(o.problem.Items)
	return &limiter{pool: o, most: make([]int32, n), first: make([]int32, n), need: make([][]int64, n), less: make([]int64, n)}
}

// enter takes up a class, with the multipliers of items and of a replica that stays.
func (l *limiter) enter(class int32, multiplier []int64, stay int64) {
	p := l.problem
	j := l.node[class]
	l.capacity = some(p.Capacity[int(j)*len(p.Resources):][:len(p.Resources)])
	l.items, l.profit, l.of, l.ties = l.items[:0], l.profit[:0], l.of[:0], l.ties[:0]
	for i := range p.Items {
		it := &p.Items[i]
		l.need[i] = some(p.Demands[it.Demand].On(j))
		l.most[i], l.first[i] = l.fitting(int32(i), j, l.copies[i]), int32(len(l.profit))
		if l.most[i] == 0 {
			continue
		}
		l.items = append(l.items, int32(i))
		for range l.most[i] {
			l.profit, l.of = append(l.profit, multiplier[i]-p.Costs[it.Cost].At(j)), append(l.of, int32(i))
		}
		copies := l.profit[l.first[i]:]
		for _, r := range p.Rebates[it.Rebates.From:it.Rebates.To] {
			for n := range min(r.Upto, l.most[i]) {
				if r.Node == j {
					copies[n] += r.Amount
				}
			}
		}
		for _, r := range p.Runs[it.Runs.From:it.Runs.To] {
			for n := range min(r.Upto, l.most[i]) {
				if r.Node == j {
					copies[n] += stay * r.Replicas
				}
			}
		}
		if len(l.links[i]) == 0 && copies[0] <= 0 { // and further copies are worth no more
			l.most[i], l.items = 0, l.items[:len(l.items)-1]
			l.profit, l.of = l.profit[:l.first[i]], l.of[:l.first[i]]
		}
	}
	for _, pair := range p.Pairs {
		bundles.Pieces(p, pair, func(a, b int32, share int64) {
			if a <= l.most[pair.A] && b <= l.most[pair.B] {
				l.ties = append(l.ties, bond{l.first[pair.A] + a - 1, l.first[pair.B] + b - 1, pair.Price * l.whole * share})
			}
		})
	}
}

// none is what there is of the one resource that a problem without any is taken to have.
var none = []int64{0}

// some are amounts of resources, or 0 of one where a problem has none.
func some(amounts []int64) []int64 {
	if len(amounts) == 0 {
		return none
	}
	return amounts
}

// begin starts the search of the class that was taken up.
func (l *limiter) begin() {
	l.scarce, l.best, l.found = 0, 0, nil
	root := &region{low: make([]int32, len(l.most)), high: slices.Clone(l.most)}
	l.open = l.open[:0]
	l.lay()
	if l.bound(root); root.bound > l.floor() {
		l.open = append(l.open, root)
	}
}

// lay makes the cut of the class.
func (l *limiter) lay() {
	l.cut.reset(len(l.of))
	own := slices.Clone(l.profit)
	for _, t := range l.ties {
		own[t.a] += t.worth
		l.cut.connect(t.a, t.b, t.worth)
	}
	for v, i := range l.of {
		if int32(v) > l.first[i] {
			l.cut.needs(int32(v), int32(v)-1)
		}
	}
	for v, worth := range own {
		l.cut.value(int32(v), worth)
	}
	l.cut.order()
	l.set = slices.Grow(l.set[:0], len(own))[:len(own)]
	l.cut.save(&l.cold)
	l.looks += int64(len(l.cut.arcs))
}

// floor is what contents have to be worth more than to be of interest.
func (l *limiter) floor() int64 { return max(l.best, l.enough) }

// limit returns what no contents are worth more than, and the open region with that bound; −1
// where no region has a bound above what known contents are worth, or above what is enough.
func (l *limiter) limit() (worth int64, largest int) {
	worth, largest = l.floor(), -1
	for k, r := range l.open {
		if r.bound > worth {
			worth, largest = r.bound, k
		}
	}
	return worth, largest
}

// divide replaces the region with the largest bound by its parts. It returns false where
// there is none, or no way to divide it.
func (l *limiter) divide() bool {
	_, k := l.limit()
	if k < 0 || l.open[k].item < 0 {
		return false
	}
	r := l.open[k]
	l.open[k] = l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	few := &region{low: slices.Clone(r.low), high: slices.Clone(r.high), price: r.price, flows: r.flows}
	many := &region{low: slices.Clone(r.low), high: slices.Clone(r.high), price: r.price, flows: r.flows}
	few.high[r.item], many.low[r.item] = r.at, r.at+1
	for _, part := range []*region{few, many} {
		l.bound(part)
		if part.bound = min(part.bound, r.bound); part.bound > l.floor() {
			l.open = append(l.open, part)
		}
	}
	return true
}

// mostPrices is how many prices of the capacity a region tries.
const mostPrices = 8

// bound sets the bound of a region, and where to divide it.
func (l *limiter) bound(r *region) {
	r.item = -1
	for k := range l.capacity {
		if l.used(r.low, k) > l.capacity[k] {
			r.bound = 0
			return
		}
	}
	l.start(r, r.price)
	var over, under, best *tried
	first := r.price
	price := first
	for range mostPrices {
		now := l.try(r, price)
		if best == nil || now.bound < best.bound {
			best, r.price = now, price
		}
		fits := l.keep(now.copies)
		if best.bound <= l.floor() {
			break
		}
		if over == nil && price == 0 && !fits {
			l.scarce = l.scarcest(now.copies) // at price 0 all are alike
			now.slope = l.slope(now.copies)
		}
		if now.slope < 0 {
			over = now
			l.cut.save(&l.base)
			l.base.price, l.base.scarce = price, l.scarce
			l.remember(r)
		} else {
			under = now
		}
		if price = next(over, under, first, best.bound, l.floor()); price < 0 {
			break
		}
	}
	r.bound = best.bound
	if r.bound <= l.floor() {
		return
	}
	if over == nil {
		return
	}
	less := r.low
	if under != nil {
		less = under.copies
	}
	if l.part(r, over.copies, less); r.item < 0 {
		l.part(r, over.copies, r.low) // the two are about different resources
	}
}

// mostKept is how many arcs the flows that are remembered at the same multipliers have together.
const mostKept = 1 << 24

// remember keeps what flows, to begin with in the region and its parts.
func (l *limiter) remember(r *region) {
	if l.kept += len(l.cut.arcs); l.base.price > 0 && l.kept < mostKept {
		kept := l.base
		kept.rooms = slices.Clone(kept.rooms)
		r.flows = append(slices.Clip(r.flows), &kept)
	}
}

// start sets the cut up for a region at a price. It begins with a flow that was remembered for
// the region or one that it is a part of: the one at the highest price that is not above this.
func (l *limiter) start(r *region, price int64) {
	from := &l.cold
	for _, f := range r.flows {
		if f.scarce == l.scarce && f.price <= price && f.price > from.price {
			from = f
		}
	}
	l.cut.restore(from)
	l.price = from.price
	for _, i := range l.items {
		if r.low[i] > 0 {
			l.cut.take(l.first[i] + r.low[i] - 1)
		}
		if r.high[i] < l.most[i] {
			l.cut.drop(l.first[i] + r.high[i])
		}
	}
	l.cut.save(&l.base)
	l.base.price, l.base.scarce = l.price, l.scarce
	l.looks += int64(len(l.cut.arcs) / copyLooks)
}

// copyLooks is how many arcs are copied in the time in which one is looked at.
const copyLooks = 4

// part divides a region by the item in which the room for two contents differs most.
func (l *limiter) part(r *region, more, less []int32) {
	most := int64(0)
	for _, i := range l.items {
		high, low := min(more[i], r.high[i]), max(less[i], r.low[i])
		if d := int64(high-low) * (1 + l.need[i][l.scarce]); d > most {
			most, r.item, r.at = d, i, (high+low)/2
		}
	}
}

// tried is a price with the bound there, its slope, and the closure.
type tried struct {
	price, bound int64
	slope        float64
	copies       []int32
}

// next is the price to try after the last on either side of the best: where their two
// lines meet; −1 where that is near enough.
func next(over, under *tried, first, best, enough int64) int64 {
	switch {
	case under == nil:
		return max(2*over.price, over.bound/4, 1)
	case over == nil && under.price == 0:
		return -1
	case over == nil && 2*under.price > first:
		return under.price * 2 / 3
	case over == nil:
		return 0
	}
	there := float64(under.bound) - float64(under.slope*float64(under.price-over.price))
	step := (float64(over.bound) - there) / (under.slope - over.slope)
	value := float64(over.bound) + float64(over.slope*step)
	price := over.price + int64(step)
	if price <= over.price || price >= under.price || float64(best)-value <= float64(best-enough)/16 {
		return -1
	}
	return price
}

// used is what contents take of a resource.
func (l *limiter) used(copies []int32, resource int) (sum int64) {
	for _, i := range l.items {
		sum += int64(copies[i]) * l.need[i][resource]
	}
	return sum
}

// scarcest is the resource of which contents take the largest part.
func (l *limiter) scarcest(copies []int32) (scarce int) {
	part := -1.
	for r := range l.capacity {
		if p := float64(l.used(copies, r)) / float64(l.capacity[r]+1); p > part {
			scarce, part = r, p
		}
	}
	return scarce
}

// keep takes contents that fit as found where they are worth enough, and says whether they
// fit.
func (l *limiter) keep(copies []int32) bool {
	for r := range l.capacity {
		if l.used(copies, r) > l.capacity[r] {
			return false
		}
	}
	worth := int64(0)
	for _, i := range l.items {
		for n := range copies[i] {
			worth += l.profit[l.first[i]+n]
		}
	}
	has := func(v int32) bool { return v-l.first[l.of[v]] < copies[l.of[v]] }
	for _, t := range l.ties {
		if has(t.a) && has(t.b) {
			worth += t.worth
		}
	}
	if l.best = max(l.best, worth); worth > l.enough {
		if in := l.parts(copies); !l.clash(in) {
			l.found = append(l.found, in)
		}
	}
	return true
}

// parts lists contents that are given as copies by item.
func (l *limiter) parts(copies []int32) (in []part) {
	for _, i := range l.items {
		if copies[i] > 0 {
			in = append(in, part{i, copies[i]})
		}
	}
	return in
}

// try finds the best contents of the region that was started at a price of the scarce
// resource, whether they fit or not, and the bound.
func (l *limiter) try(r *region, price int64) *tried {
	switch {
	case price < l.base.price:
		l.start(r, price)
	case price < l.price:
		l.cut.restore(&l.base)
		l.price = l.base.price
	}
	if capacity := l.capacity[l.scarce]; capacity > 0 && price > l.price {
		for _, i := range l.items {
			need := l.need[i][l.scarce]
			l.less[i] = fraction(price, need, capacity) - fraction(l.price, need, capacity)
		}
		for v, i := range l.of {
			l.cut.lower(int32(v), l.less[i])
		}
	}
	l.price = price
	worth, looks := l.cut.solve(l.set)
	l.looks += looks + int64(len(l.of))
	copies := slices.Clone(r.low)
	for v, i := range l.of {
		if n := int32(v) - l.first[i]; n >= r.low[i] && l.set[v] {
			copies[i]++
		}
	}
	return &tried{price, price + worth, l.slope(copies), copies}
}

// slope is how the bound changes with the price.
func (l *limiter) slope(copies []int32) float64 {
	return 1 - float64(l.used(copies, l.scarce))/float64(max(l.capacity[l.scarce], 1))
}

// fraction is price·need/capacity, rounded down; need ≤ capacity.
func fraction(price, need, capacity int64) int64 {
	high, low := bits.Mul64(uint64(price), uint64(need))
	q, _ := bits.Div64(high, low, uint64(capacity))
	return int64(q)
}

// lowerBound is what every placement costs at least by the multipliers and by what no
// contents of a node of each class are worth more than (A.M. Geoffrion, Lagrangean
// relaxation for integer programming, Mathematical Programming Study 2, 1974).
func (o *pool) lowerBound(multiplier []int64, stay int64, most []int64) int64 {
	p := o.problem
	bound := p.Offset + stay*p.MustStay
	for _, pair := range p.Pairs {
		bound += pair.Price * p.Full * p.Levels[len(p.Levels)-1].Distance
	}
	for i := range p.Items {
		bound += multiplier[i] * int64(p.Items[i].Count)
	}
	for class, worth := range most {
		bound -= int64(o.nodes[class]) * max(worth-p.Open[o.node[class]], 0)
	}
	return bound
}
