package sizing

import "math"

// Lock is a service that hands out one lock: whoever has it holds it for Hold in the
// mean, and who comes meanwhile waits. With arrivals at random and exponential holding
// it is M/M/1. Of a load λ it is busy ρ = λ·Hold of the time, and the wait
//
//	W = ρ·Hold/(1−ρ),   d ln W / d ln λ = 1/(1−ρ)
//
// explodes: at 90 % busy, 1 % more requests mean 10 % more waiting, at 99 % the wait
// doubles. (L. Kleinrock, Queueing Systems I, 1975, 3.2.)
type Lock struct{ Hold float64 }

// Waiting is what who wants the lock meets.
type Waiting struct {
	Load    float64
	Busy    float64 // share of the time; and of requests that wait
	Wait    float64 // mean, of all requests
	Longest float64 // the wait that 1 of 100 requests exceeds
	Steep   float64
}

// At says what is met at a load.
func (l Lock) At(load float64) (Waiting, error) {
	if err := first(positive("hold", l.Hold), notNegative("load", load)); err != nil {
		return Waiting{}, err
	}
	busy := load * l.Hold
	if busy >= 1 {
		return Waiting{}, refuse("load", "a load below "+number(1/l.Hold)+", "+number(math.Floor(busy)+1)+" locks, or a hold below "+number(1/load),
			"%s requests that hold the lock for %s each keep it busy for more time than there is", number(load), number(l.Hold))
	}
	w := Waiting{Load: load, Busy: busy, Wait: busy * l.Hold / (1 - busy), Steep: 1 / (1 - busy)}
	if busy > 0.01 {
		w.Longest = l.Hold / (1 - busy) * math.Log(busy/0.01)
	}
	return w, nil
}

// Capacity is the largest load at which the mean wait is at most wait: ρ = wait/(wait +
// Hold).
func (l Lock) Capacity(wait float64) (float64, error) {
	if err := first(positive("hold", l.Hold), notNegative("wait", wait)); err != nil {
		return 0, err
	}
	return wait / (wait + l.Hold) / l.Hold, nil
}

// Locks is how many locks a load takes so that the mean wait is at most wait, when it is
// divided among them evenly.
func (l Lock) Locks(load, wait float64) (int, error) {
	each, err := l.Capacity(wait)
	if err := first(err, notNegative("load", load), positive("wait", wait)); err != nil {
		return 0, err
	}
	locks := math.Ceil(load / each * (1 - 1e-12))
	if locks > math.MaxInt32 {
		return 0, refuse("load", "at most "+number(math.MaxInt32*each), "%s takes %s locks", number(load), number(locks))
	}
	return max(int(locks), 1), nil
}
