package sizing

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/gonum/optimize"
)

// Routing asks which rate of requests each of several servers should get. Requests
// choose their server at random, independently of one another and of the queues, with
// fixed probabilities.
//
// The least mean response time minimises Σ λ_i·T_i(λ_i), a convex function, over rates
// of at least what is pinned that add up to the load. Where every server is M/M/1 and
// nothing is pinned, the square-root rule is the answer. Otherwise the rates are written
// as pinned_i + rest·y_i²/Σy², which keeps them feasible and lets them become 0, and
// gonum's L-BFGS (J. Nocedal, Mathematics of Computation 35, 1980) minimises over y from
// proportional rates. The least quantile q of all responses solves Σ λ_i·P_i(> q) =
// ε·load and is minimised likewise, its derivative taken from that equation; where its terms are
// convex, rates of equal marginal cost at that time end the search.
//
// Every answer carries a bound, from the Lagrangian dual of the demand that the rates
// add up to the load (H. Everett, Operations Research 11, 1963). It is computed in
// floating point and good to about nine digits.
type Routing struct {
	Stations []Station
	Load     float64
	Pinned   []float64 // the part of the load that each server gets at least; nil: nothing
}

// Routes are rates and what they achieve: a mean response time, or a quantile.
type Routes struct {
	Rates []float64
	Value float64
	Bound float64 // no rates achieve less; 0 for a quantile where a variation is not 1
}

// Check refuses a routing that cannot be.
func (r *Routing) Check() error {
	if len(r.Stations) == 0 {
		return refuse("servers", "at least one", "there are none")
	}
	if err := notNegative("load", r.Load); err != nil {
		return err
	}
	if r.Pinned != nil && len(r.Pinned) != len(r.Stations) {
		return refuse("pinned", fmt.Sprintf("as many as there are servers, %d", len(r.Stations)), "%d shares", len(r.Pinned))
	}
	limit, pinned := 0.0, 0.0
	for i, s := range r.Stations {
		part := 0.0
		if r.Pinned != nil {
			part = r.Pinned[i]
		}
		if err := first(s.Check(), share("pinned", part)); err != nil {
			return fmt.Errorf("server %d: %w", i+1, err)
		}
		limit += s.Limit()
		pinned += part
		if part > 0 && part*r.Load >= s.Limit() {
			return refuse("pinned", "a share below "+number(s.Limit()/r.Load), "server %d serves %s at the most and %s is pinned to it", i+1, number(s.Limit()), number(part*r.Load))
		}
	}
	if pinned > 1+1e-12 {
		return refuse("pinned", "shares that add up to at most 1", "they add up to %s", number(pinned))
	}
	if r.Load >= limit {
		return refuse("load", fmt.Sprintf("less than that, or servers for more than %s more", number(r.Load-limit)), "%s is not below what all servers together serve at the most, %s", number(r.Load), number(limit))
	}
	return nil
}

func (r *Routing) pinned(i int) float64 {
	if r.Pinned == nil {
		return 0
	}
	return r.Pinned[i] * r.Load
}

// Mean is the mean response time of all requests at these rates.
func (r *Routing) Mean(rates []float64) (float64, error) {
	if err := r.checkRates(rates); err != nil {
		return 0, err
	}
	return r.value(meanAim{}, rates), nil
}

// Quantile is the time within which a share of all responses come.
func (r *Routing) Quantile(rates []float64, part float64) (float64, error) {
	if err := first(r.checkRates(rates), checkShare(part)); err != nil {
		return 0, err
	}
	return r.value(quantileAim{part}, rates), nil
}

func (r *Routing) checkRates(rates []float64) error {
	if err := r.Check(); err != nil {
		return err
	}
	if len(rates) != len(r.Stations) {
		return refuse("rates", fmt.Sprintf("as many as there are servers, %d", len(r.Stations)), "%d rates", len(rates))
	}
	sum := 0.0
	for i, s := range r.Stations {
		if err := s.checkLoad(rates[i]); err != nil {
			return fmt.Errorf("server %d: %w", i+1, err)
		}
		sum += rates[i]
	}
	if !(math.Abs(sum-r.Load) <= 1e-6*r.Load) {
		return refuse("rates", "rates that add up to the load, "+number(r.Load), "they add up to %s", number(sum))
	}
	return nil
}

// Best returns the rates with the least mean response time.
func (r *Routing) Best() (Routes, error) {
	if r.closedForm() {
		rates, err := r.squareRoot()
		if err != nil {
			return Routes{}, err
		}
		value := r.value(meanAim{}, rates)
		return Routes{rates, value, value}, nil
	}
	return r.minimise(meanAim{})
}

// BestQuantile returns the rates with which a share of all responses come soonest.
func (r *Routing) BestQuantile(part float64) (Routes, error) {
	if err := checkShare(part); err != nil {
		return Routes{}, err
	}
	return r.minimise(quantileAim{part})
}

func (r *Routing) value(a aim, rates []float64) float64 {
	if r.Load > 0 {
		return a.value(r, rates)
	}
	best := math.Inf(1) // the first request goes where it is served best
	for _, s := range r.Stations {
		best = min(best, a.idle(s))
	}
	return best
}

// minimise finds the best rates for an aim.
func (r *Routing) minimise(a aim) (Routes, error) {
	rates, err := r.Proportional()
	if err != nil {
		return Routes{}, err
	}
	rest := 0.0
	for i := range rates {
		rest += rates[i] - r.pinned(i)
	}
	if rest <= 1e-12*r.Load || len(rates) == 1 {
		value := r.value(a, rates)
		return Routes{rates, value, value}, nil
	}
	// Values are in units of the first, so that the unit of time does not matter.
	b := &ball{r: r, a: a, rest: rest, unit: r.value(a, rates), rates: rates, slopes: make([]float64, len(rates))}
	best, err := b.descend()
	if err != nil {
		return Routes{}, err
	}
	if q, is := a.(quantileAim); is && !slices.ContainsFunc(r.Stations, func(s Station) bool { return s.Variation != 1 }) {
		best = r.even(q, best)
	}
	for i, rate := range best.Rates {
		if rate-r.pinned(i) < 1e-12*rest { // what is left of a rate that goes to 0
			best.Rates[i] = r.pinned(i)
		}
	}
	best.Value = a.value(r, best.Rates)
	best.Bound = min(best.Bound, best.Value)
	return best, nil
}

const restarts = 10

// even improves rates near the load that servers can bear at most: where a server is full its
// slope drowns in the digits, and a search by slopes ends early.
func (r *Routing) even(q quantileAim, best Routes) Routes {
	for range restarts {
		level := r.level(later(best.Value))
		if level == nil {
			break
		}
		value := r.value(q, level)
		if value >= best.Value*(1-1e-12) {
			break
		}
		best = Routes{level, value, max(best.Bound, q.bound(r, level, value))}
	}
	return best
}

// ball is the space in which rates are looked for: whatever y is, rest·y²/Σy² goes to the servers
// beside what is pinned to them, so that nothing constrains y.
type ball struct {
	r             *Routing
	a             aim
	rest, unit    float64
	rates, slopes []float64 // those of the last y
}

// spread sets the rates of y and returns the sum of its squares.
func (b *ball) spread(y []float64) (squares float64) {
	for _, v := range y {
		squares += v * v
	}
	for i, v := range y {
		b.rates[i] = b.r.pinned(i) + b.rest*v*v/squares
	}
	return squares
}

func (b *ball) at(y []float64) float64 {
	b.spread(y)
	for i, s := range b.r.Stations {
		if b.rates[i] >= s.Limit() {
			return math.Inf(1)
		}
	}
	return b.a.value(b.r, b.rates) / b.unit
}

func (b *ball) gradient(gradient, y []float64) {
	squares := b.spread(y)
	b.a.slopes(b.r, b.rates, b.a.value(b.r, b.rates), b.slopes)
	mean := 0.0
	for i, v := range y {
		mean += b.slopes[i] * v * v / squares
	}
	for i, v := range y {
		gradient[i] = 2 * b.rest * v * (b.slopes[i] - mean) / squares / b.unit
	}
}

// descend follows slopes from the rates that b begins with.
func (b *ball) descend() (Routes, error) {
	best := Routes{slices.Clone(b.rates), b.unit, b.a.bound(b.r, b.rates, b.unit)}
	y := make([]float64, len(b.rates))
	for i := range y {
		y[i] = math.Sqrt((b.rates[i] - b.r.pinned(i)) / b.rest)
	}
	for range restarts {
		// An error means that the line search is at the end of the digits.
		found, err := optimize.Minimize(optimize.Problem{Func: b.at, Grad: b.gradient}, y,
			&optimize.Settings{GradientThreshold: 1e-12, MajorIterations: 3000}, &optimize.LBFGS{})
		if found == nil {
			return Routes{}, fmt.Errorf("routing: %w", err)
		}
		b.spread(found.X)
		if value := b.a.value(b.r, b.rates); value < best.Value {
			best = Routes{slices.Clone(b.rates), value, b.a.bound(b.r, b.rates, value)}
		}
		if best.Bound == 0 || best.Value-best.Bound <= 1e-9*best.Value {
			break
		}
		// A server at 0 has no slope in y: it is given a little, in case it should
		// have more.
		largest := 0.0
		for _, v := range found.X {
			largest = max(largest, math.Abs(v))
		}
		for i, v := range found.X {
			y[i] = max(math.Abs(v), 1e-4*largest)
		}
	}
	return best, nil
}

// level returns the rates at which one request more costs the same on every server that has
// more than is pinned to it, which minimises Σ λ_i·f(λ_i) for convex terms; nil for a load so
// small that no price tells it from none.
func (r *Routing) level(f func(s Station, load float64) float64) []float64 {
	rates := make([]float64, len(r.Stations))
	sum := func(price float64) (sum float64) {
		for i := range rates {
			rates[i], _ = r.rateAt(i, price, f)
			sum += rates[i]
		}
		return sum
	}
	dear := 1.0
	for sum(dear) < r.Load && dear < 1e12 {
		dear *= 2
	}
	free, rest := sum(bisect(0, dear, func(price float64) bool { return sum(price) <= r.Load })), r.Load
	for i := range rates {
		free, rest = free-r.pinned(i), rest-r.pinned(i)
	}
	if free <= 0 {
		return nil
	}
	for i := range rates { // what the digits leave
		rates[i] = r.pinned(i) + (rates[i]-r.pinned(i))*rest/free
	}
	return rates
}

// rateAt is the largest rate at which one request more costs a server no more than the price,
// and the largest that it can be: next to its limit what a server's marginal cost is drowns in
// the digits.
func (r *Routing) rateAt(i int, price float64, f func(s Station, load float64) float64) (rate, full float64) {
	s := r.Stations[i]
	full = max(s.Limit()*(1-1e-8), r.pinned(i))
	return bisect(r.pinned(i), full, func(rate float64) bool { return marginal(s, rate, f) <= price }), full
}

// dual is a number that Σ λ_i·f(λ_i) is not below, whatever the rates, for convex terms:
// each is minimised for itself with the price of a request taken off, and the load is
// paid for at that price, which is what a request costs at the given rates.
func (r *Routing) dual(rates []float64, f func(s Station, load float64) float64) float64 {
	price, load := 0.0, 0.0
	for i, s := range r.Stations {
		free := max(rates[i]-r.pinned(i), 0)
		price += free * marginal(s, rates[i], f)
		load += free
	}
	price /= load
	least := price * r.Load
	for i, s := range r.Stations {
		rate, full := r.rateAt(i, price, f)
		least += rate*f(s, rate) - rate*price
		if rate == full { // from here to the limit λ·f(λ) does not fall
			least -= (s.Limit() - full) * price
		}
	}
	return least
}
