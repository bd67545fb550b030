package sizing

// aim is what a routing minimises.
type aim interface {
	// value is what rates achieve.
	value(r *Routing, rates []float64) float64
	// idle is what one server achieves that has nothing to do.
	idle(s Station) float64
	// slopes are the derivatives of value by each rate.
	slopes(r *Routing, rates []float64, value float64, slopes []float64)
	// bound is a value that no rates are below.
	bound(r *Routing, rates []float64, value float64) float64
}

// meanAim is the mean response time.
type meanAim struct{}

func (meanAim) value(r *Routing, rates []float64) float64 {
	sum := 0.0
	for i, s := range r.Stations {
		if rates[i] > 0 {
			sum += rates[i] / r.Load * mean(s, rates[i])
		}
	}
	return sum
}

func (meanAim) idle(s Station) float64 { return 1 / s.Rate }

func (meanAim) slopes(r *Routing, rates []float64, _ float64, slopes []float64) {
	for i, s := range r.Stations {
		slopes[i] = marginal(s, rates[i], mean) / r.Load
	}
}

func (meanAim) bound(r *Routing, rates []float64, value float64) float64 {
	return min(r.dual(rates, mean)/r.Load, value)
}

func mean(s Station, load float64) float64 {
	mean, _ := s.moments(load)
	return mean
}

// quantileAim is the time within which a share of all responses come.
type quantileAim struct{ share float64 }

func (a quantileAim) value(r *Routing, rates []float64) float64 {
	longest := 0.0
	for i, s := range r.Stations {
		if rates[i] > 0 {
			longest = max(longest, 1/s.Rate)
		}
	}
	return quantile(longest, a.share, func(time float64) float64 { return r.beyond(rates, time) })
}

// beyond is the share of all responses that take longer than a time.
func (r *Routing) beyond(rates []float64, time float64) float64 {
	late := 0.0
	for i, s := range r.Stations {
		if rates[i] > 0 {
			late += rates[i] / r.Load * s.beyond(rates[i], time)
		}
	}
	return late
}

func (a quantileAim) idle(s Station) float64 {
	return quantile(1/s.Rate, a.share, func(time float64) float64 { return s.beyond(0, time) })
}

// slopes follow from Σ λ_i·P_i(> q) = ε·load by the theorem on implicit functions.
func (quantileAim) slopes(r *Routing, rates []float64, value float64, slopes []float64) {
	steep := slope(value, value, func(time float64) float64 { return r.beyond(rates, time) })
	for i, s := range r.Stations {
		slopes[i] = marginal(s, rates[i], later(value)) / r.Load / -steep
	}
}

// later is the share of responses that take longer than a time.
func later(time float64) func(s Station, load float64) float64 {
	return func(s Station, load float64) float64 { return s.beyond(load, time) }
}

// bound is a time a little less within which no rates bring the share: there the
// share of late responses, which is convex in the rates, is too large everywhere. The
// approximate tails of other variations than 1 need not be convex, and have no bound.
func (a quantileAim) bound(r *Routing, rates []float64, value float64) float64 {
	for _, s := range r.Stations {
		if s.Variation != 1 {
			return 0
		}
	}
	for less := 1e-10; less < 1; less *= 4 {
		time := value * (1 - less)
		if r.dual(rates, later(time)) > (1-a.share)*r.Load {
			return time
		}
	}
	return 0
}

// marginal is the derivative of load·f(load).
func marginal(s Station, load float64, f func(s Station, load float64) float64) float64 {
	if load == 0 {
		return f(s, 0)
	}
	return f(s, load) + load*slope(load, min(load, s.Limit()-load), func(load float64) float64 { return f(s, load) })
}

// slope is the derivative of f at a point, from four values near by: the error is of
// the fifth derivative times (room/1000)⁴.
func slope(at, room float64, f func(float64) float64) float64 {
	h := room / 1000
	return (8*(f(at+h)-f(at-h)) - (f(at+2*h) - f(at-2*h))) / (12 * h)
}
