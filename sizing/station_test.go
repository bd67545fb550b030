package sizing_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"berth/sizing"
	"berth/sizing/queue"
)

func near(got, want, relative float64) bool {
	return math.Abs(got-want) <= relative*math.Max(math.Abs(want), 1e-300)
}

// states computes the mean response of M/M/c from the equations of balance, state by
// state, without Erlang's formulas.
func states(rate float64, workers int, load float64) float64 {
	weight, sum, number := 1.0, 1.0, 0.0
	for n := 1; n < 1_000_000; n++ {
		weight *= load / (rate * float64(min(n, workers)))
		sum += weight
		number += float64(n) * weight
		if weight*float64(n) < 1e-18*sum && n > workers {
			break
		}
	}
	return number / sum / load // by Little's law
}

func TestMeanAgainstBalance(t *testing.T) {
	for _, workers := range []int{1, 2, 3, 10, 100} {
		for _, full := range []float64{1e-6, 0.1, 0.5, 0.9, 0.99} {
			s := sizing.Station{Rate: 2.5, Workers: workers, Variation: 1}
			load := full * s.Limit()
			got, err := s.Mean(load)
			if want := states(2.5, workers, load); err != nil || !near(got, want, 1e-9) {
				t.Errorf("%d workers, %g full: mean %.12g, want %.12g, %v", workers, full, got, want, err)
			}
		}
	}
}

func TestClosedForms(t *testing.T) {
	s := sizing.Station{Rate: 10, Workers: 1, Variation: 1}
	// P(T > t) = e^−(10−4)·0.5.
	if got, err := s.Beyond(4, 0.5); err != nil || !near(got, math.Exp(-3), 1e-12) {
		t.Errorf("M/M/1 tail %g, %v", got, err)
	}
	// 10 − ln 20 / 0.5.
	if got, err := s.Capacity(sizing.Promise{Within: 0.5, Share: 0.95}); err != nil || !near(got, 10-math.Log(20)/0.5, 1e-12) {
		t.Errorf("M/M/1 capacity %g, %v", got, err)
	}
	// Erlang C of 2 workers is 2ρ²/(1+ρ).
	two := sizing.Station{Rate: 1, Workers: 2, Variation: 1}
	if got, err := two.Waits(1.2); err != nil || !near(got, 2*0.36/1.6, 1e-12) {
		t.Errorf("M/M/2 waits %g, %v", got, err)
	}
	// Pollaczek and Khinchine, M/D/1 half full: wait 0.5/(2·0.5)·m.
	constant := sizing.Station{Rate: 4, Workers: 1}
	if got, err := constant.Mean(2); err != nil || !near(got, 0.25+0.125, 1e-12) {
		t.Errorf("M/D/1 mean %g, %v", got, err)
	}
	// A gamma of variation 1 is exponential: the approximation meets the exact form.
	if got, err := (sizing.Station{Rate: 10, Workers: 1, Variation: 1 + 1e-12}).Beyond(4, 0.5); err != nil || !near(got, math.Exp(-3), 1e-9) {
		t.Errorf("M/G/1 with variation 1: tail %g, %v", got, err)
	}
	// The tail of M/M/c where wait and service have the same rate: d = c−1−a = 0.
	if got, err := two.Beyond(1, 3); err != nil || !near(got, math.Exp(-3)*(1+3*2*0.25/1.5), 1e-9) {
		t.Errorf("M/M/2 at load 1: tail %g, %v", got, err)
	}
}

// TestCapacityIsTheEdge: at the capacity the promise is kept to the last bits, above it
// is broken, whatever the station.
func TestCapacityIsTheEdge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := sizing.Station{
			Rate:      rapid.Float64Range(1e-3, 1e6).Draw(t, "rate"),
			Workers:   rapid.SampledFrom([]int{1, 1, 2, 7, 64, 5000}).Draw(t, "workers"),
			Variation: rapid.SampledFrom([]float64{0, 0.1, 1, 1, 3, 20}).Draw(t, "variation"),
		}
		p := sizing.Promise{Within: rapid.Float64Range(0.1, 1000).Draw(t, "within") / s.Rate, Share: rapid.SampledFrom([]float64{0.5, 0.95, 0.999}).Draw(t, "share")}
		idle, err := s.Quantile(0, p.Share)
		if err != nil {
			t.Fatal(err)
		}
		capacity, err := s.Capacity(p)
		if p.Within < idle*(1-1e-9) {
			if err == nil {
				t.Fatalf("capacity %g, though an idle server takes %g", capacity, idle)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if capacity < 0 || capacity >= s.Limit() {
			t.Fatalf("capacity %g of %g", capacity, s.Limit())
		}
		late, err := s.Beyond(capacity, p.Within)
		if err != nil || late > (1-p.Share)*(1+1e-9) {
			t.Errorf("at the capacity %g are late, %v", late, err)
		}
		if more := capacity + 1e-9*s.Limit(); more < s.Limit() {
			if late, err := s.Beyond(more, p.Within); err != nil || late < (1-p.Share)*(1-1e-9) {
				t.Errorf("beyond the capacity %g are late, %v", late, err)
			}
		}
	})
}

// TestStationsAgainstSimulation: exact models lie in the interval. For the others, the
// mean of one worker does too, and the share of late responses is off by what
// docs/sizing.md states.
func TestStationsAgainstSimulation(t *testing.T) {
	for _, workers := range []int{1, 2, 8} {
		for _, variation := range []float64{0, 0.5, 1, 2, 4} {
			s := sizing.Station{Rate: 1, Workers: workers, Variation: variation}
			idle, err := s.Quantile(0, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			p := sizing.Promise{Within: 2 * idle, Share: 0.95}
			load, err := s.Capacity(p)
			if err != nil {
				t.Fatal(err)
			}
			seen, err := queue.Run(queue.Requests{Stations: []sizing.Station{s}, Rates: []float64{load}, Count: 100_000, Within: p.Within, Seed: 11})
			if err != nil {
				t.Fatal(err)
			}
			mean, err := s.Mean(load)
			if err != nil {
				t.Fatal(err)
			}
			if variation == 1 && !seen.Late.Holds(0.05) || (variation == 1 || workers == 1) && !seen.Response.Holds(mean) {
				t.Errorf("%+v at %g: mean %g, seen %+v; late 0.05, seen %+v", s, load, mean, seen.Response, seen.Late)
			}
			if d := max(math.Abs(seen.Late.Mean-0.05)-seen.Late.Margin, 0); d > 0.01 {
				t.Errorf("%+v at %g: late 0.05, seen %+v", s, load, seen.Late)
			}
		}
	}
}

func TestStationEdges(t *testing.T) {
	many := sizing.Station{Rate: 1, Workers: 5000, Variation: 1}
	if got, err := many.Mean(0); err != nil || got != 1 {
		t.Errorf("no load: mean %g, %v", got, err)
	}
	if got, err := many.Waits(2500); err != nil || got != 0 && got > 1e-100 {
		t.Errorf("half full: waits %g, %v", got, err)
	}
	// Halfin and Whitt: with spare √c the wait has a probability of 1/(1+√2π·Φ(1)·e^½)
	// in the limit (Operations Research 29, 1981).
	limit := 1 / (1 + math.Sqrt(2*math.Pi)*0.8413447460685429*math.Exp(0.5))
	if got, err := (sizing.Station{Rate: 1, Workers: 1_000_000, Variation: 1}).Waits(1_000_000 - 1000); err != nil || !near(got, limit, 2e-3) {
		t.Errorf("a million workers: waits %g, want about %g, %v", got, limit, err)
	}
	if got, err := many.Mean(math.Nextafter(5000, 0)); err != nil || !(got > 1e9) || math.IsInf(got, 0) {
		t.Errorf("at the edge of saturation: mean %g, %v", got, err)
	}
	one := sizing.Station{Rate: 3, Workers: 1, Variation: 1}
	nan, inf := math.NaN(), math.Inf(1)
	for name, c := range map[string]struct {
		s    sizing.Station
		load float64
		want string
	}{
		"no rate":          {sizing.Station{Workers: 1}, 0, "rate: 0"},
		"negative rate":    {sizing.Station{Rate: -1, Workers: 1}, 0, "rate: -1"},
		"rate NaN":         {sizing.Station{Rate: nan, Workers: 1}, 0, "rate: NaN"},
		"rate infinite":    {sizing.Station{Rate: inf, Workers: 1}, 0, "rate: +Inf"},
		"no workers":       {sizing.Station{Rate: 1}, 0, "from 1"},
		"too many workers": {sizing.Station{Rate: 1, Workers: 1_000_001}, 0, "to 1000000"},
		"variation":        {sizing.Station{Rate: 1, Workers: 1, Variation: -1}, 0, "variation: -1"},
		"load negative":    {one, -1, "load: -1"},
		"load NaN":         {one, nan, "load: NaN"},
		"saturated":        {one, 3, "a load below 3, or 2 workers"},
		"far beyond":       {one, 30, "11 workers"},
		"hopeless":         {one, 1e12, "a load below 3"},
	} {
		_, err := c.s.Mean(c.load)
		wantRefused(t, name, err, c.want)
		_, err = c.s.Beyond(c.load, 1)
		wantRefused(t, name, err, c.want)
		_, err = c.s.Quantile(c.load, 0.5)
		wantRefused(t, name, err, c.want)
		_, err = c.s.Waits(c.load)
		wantRefused(t, name, err, c.want)
	}
	for name, c := range map[string]struct {
		p    sizing.Promise
		want string
	}{
		"no time":    {sizing.Promise{Share: 0.95}, "within: 0"},
		"all":        {sizing.Promise{Within: 1, Share: 1}, "below 1"},
		"none":       {sizing.Promise{Within: 1, Share: 0}, "above 0"},
		"NaN":        {sizing.Promise{Within: nan, Share: 0.5}, "within: NaN"},
		"impossible": {sizing.Promise{Within: 0.5, Share: 0.95}, "at least 0.998577, or a rate of 5.99146"},
	} {
		_, err := one.Capacity(c.p)
		wantRefused(t, name, err, c.want)
	}
	// The rate that the refusal names suffices, just.
	if got, err := (sizing.Station{Rate: 5.99147, Workers: 1, Variation: 1}).Capacity(sizing.Promise{Within: 0.5, Share: 0.95}); err != nil || got > 1e-4 {
		t.Errorf("at the rate that was named: %g, %v", got, err)
	}
}
