package sizing

import "math"

// Promise is what is held about response times: a share of the responses comes within
// a time.
type Promise struct {
	Within float64
	Share  float64 // such as 0.95
}

// checkShare refuses a share that no response time or every one keeps.
func checkShare(part float64) error {
	if !(part > 0 && part < 1) {
		return refuse("share", "a share above 0 and below 1, such as 0.95 or 95%", "%s", number(part))
	}
	return nil
}

// Check refuses a promise that means nothing.
func (p Promise) Check() error { return first(positive("within", p.Within), checkShare(p.Share)) }

// Capacity is the effective capacity: the largest load at which the station keeps a
// promise. It is less than what the station serves at the most, and the steeper so, the
// fewer workers there are and the tighter the promise is: a node that is filled to its
// limit keeps no promise at all.
//
// With one worker and exponential service, P(response > t) = e^−(μ−λ)t, so that the
// capacity is μ − ln(1/ε)/t. Otherwise the tail grows with the load and the capacity is
// found by bisection, to the last bits.
//
// A promise that an idle station breaks is refused, with the rate that would keep it.
func (s Station) Capacity(p Promise) (float64, error) {
	if err := first(s.Check(), p.Check()); err != nil {
		return 0, err
	}
	late := 1 - p.Share
	if s.beyond(0, p.Within) > late {
		idle := quantile(1/s.Rate, p.Share, func(time float64) float64 { return s.beyond(0, time) })
		return 0, refuse("within", "at least "+number(idle)+", or a rate of "+number(s.Rate*idle/p.Within),
			"%s is broken even when nothing waits, with %s of the responses late", number(p.Within), number(s.beyond(0, p.Within)))
	}
	if s.Workers == 1 && s.Variation == 1 {
		return max(s.Rate+math.Log(late)/p.Within, 0), nil
	}
	return bisect(0, math.Nextafter(s.Limit(), 0), func(load float64) bool { return s.beyond(load, p.Within) <= late }), nil
}
