// Package queue lets requests arrive, wait and be served, one after the other, so
// that what the models of package sizing say can be held against what happens.
package queue

import (
	"container/heap"
	"fmt"
	"math"
	"math/rand/v2"

	"gonum.org/v1/gonum/stat/distuv"

	"berth/sizing"
)

// Requests is a stream of requests that are routed at random to stations.
type Requests struct {
	Stations []sizing.Station
	Rates    []float64 // of the requests that each station gets
	Count    int       // of requests that are counted; a fifth more come before them
	Within   float64   // a response after that is late
	Seed     uint64
}

// Estimate is a mean over a simulation with the half width of its 99 % confidence
// interval, from the means of 20 batches of consecutive requests.
type Estimate struct{ Mean, Margin float64 }

// Holds says whether a value lies in the interval.
func (e Estimate) Holds(value float64) bool { return math.Abs(value-e.Mean) <= e.Margin }

// Outcome is what a simulation found.
type Outcome struct {
	Response Estimate // time
	Late     Estimate // share of requests that took longer than Within
}

const (
	batches  = 20
	studentT = 2.861 // 99.5 % quantile of Student's t with batches-1 degrees of freedom
)

// Run simulates. Requests arrive at random (Poisson), each chooses its station by the
// rates, takes the worker that is free first, and stays as long as its service takes,
// which is gamma distributed. Each arrival is an event; departures follow from it, for
// what comes first is served first. O(count · log workers).
func Run(r Requests) (Outcome, error) {
	load := 0.0
	rates := make([]float64, len(r.Rates))
	if len(r.Rates) != len(r.Stations) || r.Count < batches {
		return Outcome{}, fmt.Errorf("queue: %d rates for %d stations and %d requests; want a rate a station and at least %d requests", len(r.Rates), len(r.Stations), r.Count, batches)
	}
	servers := make([]server, len(r.Stations))
	source := rand.NewPCG(r.Seed, 0)
	for k, s := range r.Stations {
		if _, err := s.Mean(r.Rates[k]); err != nil {
			return Outcome{}, fmt.Errorf("queue: station %d: %w", k, err)
		}
		load += r.Rates[k]
		rates[k] = load
		servers[k] = newServer(s, source)
	}
	if load == 0 {
		return Outcome{}, fmt.Errorf("queue: no station gets any requests; want a rate above 0")
	}
	chance := rand.New(source)
	now := 0.0
	var response, late batchMeans
	warm := r.Count / 5
	for k := range warm + r.Count {
		now += chance.ExpFloat64() / load
		taken := servers[choose(rates, chance.Float64()*load)].serve(now)
		if k < warm {
			continue
		}
		batch := (k - warm) * batches / r.Count
		response.add(batch, taken)
		if taken > r.Within {
			late.add(batch, 1)
		} else {
			late.add(batch, 0)
		}
	}
	return Outcome{response.estimate(), late.estimate()}, nil
}

// Responses are response times of one station at a load, in order. Without any load
// they are service times.
func Responses(s sizing.Station, load float64, count int, seed uint64) ([]float64, error) {
	if _, err := s.Mean(load); err != nil {
		return nil, fmt.Errorf("queue: %w", err)
	}
	source := rand.NewPCG(seed, 0)
	chance, server := rand.New(source), newServer(s, source)
	responses := make([]float64, 0, count)
	now := 0.0
	for k := range count/5 + count {
		if load > 0 {
			now += chance.ExpFloat64() / load
		} else {
			now = server.free[0]
		}
		if taken := server.serve(now); k >= count/5 {
			responses = append(responses, taken)
		}
	}
	return responses, nil
}

// choose finds the station whose part of the summed rates a point lies in.
func choose(rates []float64, point float64) int {
	low, high := 0, len(rates)-1
	for low < high {
		middle := (low + high) / 2
		if point < rates[middle] {
			high = middle
		} else {
			low = middle + 1
		}
	}
	return low
}

// server is a station at work: when each of its workers is free again.
type server struct {
	free times
	draw func() float64
}

func newServer(s sizing.Station, source rand.Source) server {
	v := server{free: make(times, s.Workers)}
	switch {
	case s.Variation == 0:
		v.draw = func() float64 { return 1 / s.Rate }
	case s.Variation == 1:
		chance := rand.New(source)
		v.draw = func() float64 { return chance.ExpFloat64() / s.Rate }
	default:
		law := distuv.Gamma{Alpha: 1 / s.Variation, Beta: s.Rate / s.Variation, Src: source}
		v.draw = law.Rand
	}
	return v
}

// serve takes a request and returns its response time.
func (v *server) serve(now float64) float64 {
	end := max(now, v.free[0]) + v.draw()
	v.free[0] = end
	heap.Fix(&v.free, 0)
	return end - now
}

// times is a heap, the earliest first.
type times []float64

func (t times) Len() int           { return len(t) }
func (t times) Less(i, j int) bool { return t[i] < t[j] }
func (t times) Swap(i, j int)      { t[i], t[j] = t[j], t[i] }

// Push and Pop are not used: the number of workers stays.
func (t *times) Push(any) {}

// Pop is part of the interface.
func (t *times) Pop() any { return nil }

// batchMeans gathers values by batch.
type batchMeans struct{ sum, count [batches]float64 }

func (b *batchMeans) add(batch int, value float64) {
	b.sum[batch] += value
	b.count[batch]++
}

func (b *batchMeans) estimate() Estimate {
	var e Estimate
	for k := range b.sum {
		e.Mean += b.sum[k] / b.count[k] / batches
	}
	squares := 0.0
	for k := range b.sum {
		d := b.sum[k]/b.count[k] - e.Mean
		squares += d * d
	}
	e.Margin = studentT * math.Sqrt(squares/(batches-1)/batches)
	return e
}
