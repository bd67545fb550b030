//go:build cgo

package colgen

import (
	"math"
	"slices"
)

// fleet is a number of nodes of each kind.
type fleet struct {
	count  []int32
	rent   int64
	bound  int64 // no placement on it costs less
	best   *valuation
	worked int64 // so long it has been searched; −1: not even its program is solved
}

// within says whether a fleet is part of another.
func (f *fleet) within(other *fleet) bool {
	for k, n := range f.count {
		if n > other.count[k] {
			return false
		}
	}
	return true
}

// valuation is what is known from prices of the copies: what these are worth in all, and what
// a node of each kind takes at most.
type valuation struct {
	u     []int64
	worth int64
	gain  []int64
}

// of is what a fleet's copies cost at least.
func (v *valuation) of(f *fleet) int64 {
	value := v.worth
	for k, gain := range v.gain {
		value -= gain * int64(f.count[k])
	}
	return value
}

// fleets is the list of all fleets whose bound is between two limits.
type fleets struct {
	rents   []int64 // by kind, times 1<<shift
	there   []int32 // nodes of a kind
	dearest int64   // no copies cost more in all
	known   []*valuation
	list    []*fleet
	reach   int64 // whatever is below that has been on the list
	wide    int64 // how far the list is to reach at a time
	work    int64
}

const (
	mostFleets = 100_000
	mostSteps  = 5_000_000 // of a walk through fleets
	mostKnown  = 100       // valuations that a walk looks at
	nearest    = 200       // the list first reaches 1/nearest of the bound above it
)

func newFleets(in *instance, p *program) fleets {
	f := fleets{rents: p.rents, dearest: in.dearest << in.shift, reach: math.MinInt64}
	for _, open := range in.open {
		f.dearest -= open
	}
	for _, nodes := range p.kinds {
		f.there = append(f.there, int32(len(nodes)))
	}
	return f
}

// note holds a valuation against the list.
func (f *fleets) note(v *valuation) {
	for _, x := range f.list {
		f.raise(x, v)
	}
	f.work += int64(2 * len(f.list) * len(f.rents))
}

// keep has fleets that are not on the list yet held against a valuation. None is ever given up: by
// less than was known, a fleet would be below what the list has passed.
func (f *fleets) keep(v *valuation) {
	if len(f.known) < mostKnown {
		f.known = append(f.known, v)
	}
}

// raise raises the bound of a fleet by a valuation. Copies that would cost more than they can
// have no place.
func (f *fleets) raise(x *fleet, v *valuation) {
	value := v.of(x)
	if x.best == nil || value > x.best.of(x) {
		x.best = v
	}
	if value > f.dearest {
		x.bound = infeasible
	} else {
		x.bound = max(x.bound, x.rent+value)
	}
}

// lowest is the lowest bound there is: of the list, or where that ends.
func (f *fleets) lowest() int64 {
	lowest := f.reach
	for _, x := range f.list {
		lowest = min(lowest, x.bound)
	}
	return lowest
}

// least is how many nodes of kind k are used at least: of those that cost nothing there is no
// reason to do without any.
func (f *fleets) least(k int) int32 {
	if f.rents[k] == 0 {
		return f.there[k]
	}
	return 0
}

// wanted strikes off what is above highest, and where nothing is left makes the list reach
// farther. It says whether any fleet is left at all, and whether they are few enough to list.
func (f *fleets) wanted(highest int64) (some, few bool) {
	f.list = slices.DeleteFunc(f.list, func(x *fleet) bool { return x.bound > highest })
	for len(f.list) == 0 && f.reach <= highest {
		if !f.extend(highest) {
			return true, false
		}
	}
	return len(f.list) > 0, true
}

// extend lists the fleets beyond reach, as far as they are not too many.
func (f *fleets) extend(highest int64) bool {
	if f.reach == math.MinInt64 {
		w := walk{fleets: f, from: f.reach, to: highest, cheapest: true}
		if !w.run() {
			return false
		}
		f.reach, f.wide = w.to+1, max((w.to+1)/nearest, 1)
	}
	for ; f.wide > 0; f.wide /= 8 {
		w := walk{fleets: f, from: f.reach, to: min(f.reach+f.wide, highest)}
		if w.run() {
			f.list, f.reach = w.list, w.to+1
			f.wide *= 2
			return true
		}
	}
	return false
}

// walk goes through all fleets whose bound lies between two limits, kind by kind, as far as the
// kinds to come can still take what is left.
type walk struct {
	*fleets
	from, to int64
	cheapest bool // only the cheapest is listed; the limit is just below it in the end
	steps    int
	list     []*fleet
	count    []int32
	left     []int64 // by valuation: its worth less what the kinds so far take
	rest     [][]rest
}

// rest is what a valuation says of the kinds from one on.
type rest struct {
	take int64   // they take no more in all
	save int64   // … and lower the bound by no more
	rate float64 // rent for what is taken, where it is least
}

// run says whether it came to an end.
func (w *walk) run() bool {
	w.steps, w.list, w.count, w.left, w.rest = mostSteps, nil, make([]int32, len(w.rents)), nil, nil
	for _, v := range w.known {
		w.left = append(w.left, v.worth)
		rests := make([]rest, len(w.rents)+1)
		rests[len(w.rents)].rate = math.Inf(1)
		for k := len(w.rents) - 1; k >= 0; k-- {
			r := rests[k+1]
			r.take += v.gain[k] * int64(w.there[k])
			r.save += max(v.gain[k]-w.rents[k], 0) * int64(w.there[k])
			if v.gain[k] > 0 {
				r.rate = min(r.rate, float64(w.rents[k])/float64(v.gain[k]))
			}
			rests[k] = r
		}
		w.rest = append(w.rest, rests)
	}
	w.visit(0, 0)
	w.work += int64(mostSteps-w.steps) * int64(5*len(w.left)+20)
	return w.steps > 0 && len(w.list) <= mostFleets
}

// visit decides how many of kind k and of those after it.
func (w *walk) visit(k int, rent int64) {
	if w.steps--; w.steps <= 0 || len(w.list) > mostFleets || w.hopeless(k, rent) {
		return
	}
	if k == len(w.rents) {
		w.meet(&fleet{count: slices.Clone(w.count), rent: rent, bound: rent, worked: -1})
		return
	}
	for n := w.least(k); n <= w.there[k]; n++ {
		w.count[k] = n
		w.take(k, int64(n))
		w.visit(k+1, rent+w.rents[k]*int64(n))
		w.take(k, -int64(n))
	}
	w.count[k] = 0
}

func (w *walk) take(k int, n int64) {
	for t, v := range w.known {
		w.left[t] -= v.gain[k] * n
	}
}

// hopeless says whether every choice of the kinds from k on is above the limit.
func (w *walk) hopeless(k int, rent int64) bool {
	if rent > w.to {
		return true
	}
	for t, left := range w.left {
		r := &w.rest[t][k]
		if left-r.take > w.dearest || rent+left-r.save > w.to {
			return true
		}
		// Rounding errors are far smaller than what is taken off for them.
		if more := left - w.dearest; more > 0 && float64(rent)+(1-1e-9)*r.rate*float64(more) > float64(w.to)+1 {
			return true
		}
	}
	return false
}

// meet lists a fleet between the limits.
func (w *walk) meet(f *fleet) {
	for _, v := range w.known {
		w.raise(f, v)
	}
	switch {
	case f.bound < w.from || f.bound > w.to:
	case w.cheapest:
		w.to, w.list = f.bound-1, append(w.list[:0], f)
	default:
		w.list = append(w.list, f)
	}
}
