package sizing

import "math"

// Heartbeat is a node that says every Period that it lives, and a watcher that suspects
// it when nothing has come for a timeout.
//
// A heartbeat takes Delay and, on top of it, a time that is exponential with the mean
// Jitter. Of two heartbeats in a row the gap at the watcher is the period and the
// difference of two such times, which has Laplace's law: for x ≥ 0
//
//	P(gap > Period + x) = ½·e^(−x/Jitter),   P(gap < Period − x) likewise.
//
// Each gap longer than the timeout is a false alarm; being memoryless, it lasts Jitter
// in the mean. A crash comes at a random moment of a period, half a period after the
// last heartbeat was sent, which arrives Delay + Jitter later; the timeout runs from
// there: detection takes timeout + Delay + Jitter − Period/2 in the mean. It takes no time
// where the node is suspected already, as it can be where c = timeout + Delay is below the
// period; the mean is then
//
//	(c²/2 + Jitter·c + Jitter²·(1 − e^((c − Period)/Jitter))) / Period
//
// Heartbeats that overtake one another, which takes jitter about as long as the period,
// make false alarms rarer than said. The measures are those of W. Chen, S. Toueg, M.
// Aguilera, On the quality of service of failure detectors, IEEE Transactions on Computers
// 51, 2002.
type Heartbeat struct{ Period, Jitter, Delay float64 }

// Detection is what a timeout gives.
type Detection struct {
	Timeout  float64
	PerBeat  float64
	Between  float64 // in the mean; +Inf without any
	Mistaken float64 // in the mean
	Detects  float64 // in the mean
}

func (h Heartbeat) check() error {
	return first(positive("period", h.Period), notNegative("jitter", h.Jitter), notNegative("delay", h.Delay))
}

// With says what comes of a timeout.
func (h Heartbeat) With(timeout float64) (Detection, error) {
	if err := first(h.check(), notNegative("timeout", timeout)); err != nil {
		return Detection{}, err
	}
	d := Detection{Timeout: timeout, Mistaken: h.Jitter, Detects: h.detects(timeout)}
	switch late := timeout - h.Period; {
	case late < 0 && h.Jitter == 0:
		return Detection{}, refuse("timeout", "more than "+number(h.Period), "%s is shorter than the period: every heartbeat comes too late", number(timeout))
	case late < 0:
		d.PerBeat = 1 - math.Exp(late/h.Jitter)/2
		// The alarm lasts until the gap ends, whose tail begins at its centre.
		d.Mistaken = (-late + h.Jitter*math.Exp(late/h.Jitter)/2) / d.PerBeat
	case h.Jitter > 0:
		d.PerBeat = math.Exp(-late/h.Jitter) / 2
	}
	d.Between = h.Period / d.PerBeat
	return d, nil
}

// detects is the mean time from a crash to the last suspicion.
func (h Heartbeat) detects(timeout float64) float64 {
	c := timeout + h.Delay
	if c >= h.Period {
		return c + h.Jitter - h.Period/2
	}
	late := 0.0 // what heartbeats add that come after the crash
	if h.Jitter > 0 {
		late = h.Jitter * h.Jitter * -math.Expm1((c-h.Period)/h.Jitter)
	}
	return (c*c/2 + h.Jitter*c + late) / h.Period
}

// For returns the least timeout with at most one false alarm in so much time, in the
// mean: Period + Jitter·ln(between/(2·Period)).
func (h Heartbeat) For(between float64) (Detection, error) {
	if err := first(h.check(), positive("between", between)); err != nil {
		return Detection{}, err
	}
	if between < 2*h.Period {
		return Detection{}, refuse("between", number(2*h.Period)+" or more", "one false alarm in %s is one in less than two periods", number(between))
	}
	return h.With(h.Period + h.Jitter*math.Log(between/(2*h.Period)))
}
