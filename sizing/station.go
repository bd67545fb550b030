package sizing

import (
	"math"

	"gonum.org/v1/gonum/mathext"
)

// Station is a server as its requests see it: workers that take from one queue,
// first come first served, at random (Poisson) arrivals.
//
//   - One worker, Variation 1 (M/M/1): response times are exponential with the rate
//     μ−λ. Exact. (L. Kleinrock, Queueing Systems I, 1975, 3.2.)
//   - Several workers, Variation 1 (M/M/c): a request waits with the probability C of
//     Erlang's delay formula, then exponentially with the rate cμ−λ, and is served
//     exponentially. Exact. (A. K. Erlang 1917; Kleinrock I, 3.5.)
//   - One worker, another Variation (M/G/1): the mean is Pollaczek and Khinchine's and
//     exact; so is the variance where service times are gamma distributed (Kleinrock I,
//     5.7). The tail is an approximation: a gamma distribution with that mean and
//     variance, which is exact for Variation 1 and for an idle server.
//   - Several workers, another Variation (M/G/c): the mean wait of M/M/c times
//     (1+Variation)/2 (A. Lee, P. Longton, Operational Research Quarterly 10, 1959), an
//     exponential wait for those who wait, and the tail as for M/G/1.
//
// How far the approximations are off is in docs/sizing.md.
type Station struct {
	Rate      float64 // requests per unit of time that one worker serves
	Workers   int
	Variation float64 // of service times: variance over squared mean; 1: exponential, 0: constant
}

// MostWorkers is how many workers a station may have: Erlang's formula takes a step
// for each.
const MostWorkers = 1_000_000

// Check refuses a station that cannot be.
func (s Station) Check() error {
	return first(
		positive("rate", s.Rate),
		within("workers", s.Workers, 1, MostWorkers),
		notNegative("variation", s.Variation),
	)
}

// Limit is the load at which the queue never ends.
func (s Station) Limit() float64 { return s.Rate * float64(s.Workers) }

// checkLoad refuses a load that the station cannot carry for long.
func (s Station) checkLoad(load float64) error {
	if err := first(s.Check(), notNegative("load", load)); err != nil {
		return err
	}
	if load >= s.Limit() {
		most := "a load below " + number(s.Limit())
		if need := math.Floor(load/s.Rate) + 1; need <= MostWorkers {
			most += ", or " + number(need) + " workers"
		}
		return refuse("load", most, "%s is not below what the server serves at the most, %s", number(load), number(s.Limit()))
	}
	return nil
}

// Waits is the share of requests that find all workers busy. O(workers).
func (s Station) Waits(load float64) (float64, error) {
	if err := s.checkLoad(load); err != nil {
		return 0, err
	}
	return s.waits(load), nil
}

// Mean is the mean response time, waiting and service, at a load. O(workers).
func (s Station) Mean(load float64) (float64, error) {
	if err := s.checkLoad(load); err != nil {
		return 0, err
	}
	mean, _ := s.moments(load)
	return mean, nil
}

// Beyond is the share of responses that take longer than a time. O(workers).
func (s Station) Beyond(load, time float64) (float64, error) {
	if err := first(s.checkLoad(load), notNegative("time", time)); err != nil {
		return 0, err
	}
	return s.beyond(load, time), nil
}

// Quantile is the time within which a share of the responses come.
func (s Station) Quantile(load, part float64) (float64, error) {
	if err := first(s.checkLoad(load), checkShare(part)); err != nil {
		return 0, err
	}
	return quantile(1/s.Rate, part, func(time float64) float64 { return s.beyond(load, time) }), nil
}

// quantile is the least time of which beyond is at most 1-part. scale is where to
// begin to look.
func quantile(scale, part float64, beyond func(time float64) float64) float64 {
	high := scale
	for beyond(high) > 1-part {
		high *= 2
	}
	return bisect(0, high, func(time float64) bool { return beyond(time) > 1-part })
}

// waits is Erlang's delay formula.
func (s Station) waits(load float64) float64 {
	c, a := float64(s.Workers), load/s.Rate
	if s.Workers == 1 {
		return a
	}
	lost := s.lost(a)
	return c * lost / (c - a*(1-lost))
}

// lost is Erlang's loss formula by its recursion over the workers.
func (s Station) lost(a float64) float64 {
	lost := 1.0
	for k := range s.Workers {
		lost = a * lost / (float64(k+1) + a*lost)
		if lost == 0 { // in floating point, and so with more workers
			break
		}
	}
	return lost
}

// moments are mean and variance of the response time.
func (s Station) moments(load float64) (mean, variance float64) {
	m, v := 1/s.Rate, s.Variation
	serve := v * m * m
	if load == 0 {
		return m, serve
	}
	waits, spare := s.waits(load), s.Limit()-load
	if waits == 0 { // in floating point: many workers, hardly any load
		return m, serve
	}
	wait := (1 + v) / 2 * waits / spare
	if s.Workers == 1 {
		third := m * m * m * (1 + v) * (1 + 2*v)
		return m + wait, wait*wait + load*third/(3*spare*m) + serve
	}
	return m + wait, wait*wait*(2/waits-1) + serve
}

// beyond is the tail of the response time.
func (s Station) beyond(load, time float64) float64 {
	if s.Variation != 1 {
		mean, variance := s.moments(load)
		return gammaBeyond(mean, variance, time)
	}
	if s.Workers == 1 {
		return math.Exp(-(s.Rate - load) * time)
	}
	a, served := load/s.Rate, s.Rate*time
	// The wait has the rate μ(1+d), the service the rate μ.
	d := float64(s.Workers-1) - a
	late := math.Exp(-served)
	var both float64
	switch {
	case served*math.Abs(d) < 1e-12:
		both = late * served
	case served*math.Abs(d) < 1:
		both = -late * math.Expm1(-served*d) / d
	default:
		both = (late - math.Exp(-served*(1+d))) / d
	}
	return late + s.waits(load)*both
}

// gammaBeyond is the tail of the gamma distribution with a mean and a variance.
func gammaBeyond(mean, variance, time float64) float64 {
	shape := mean * mean / variance
	if variance == 0 || shape > 1e12 {
		if time < mean {
			return 1
		}
		return 0
	}
	return mathext.GammaIncRegComp(shape, time*mean/variance)
}
