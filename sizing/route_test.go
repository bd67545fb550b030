package sizing_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/sizing"
	"berth/sizing/queue"
)

func exponential(rates ...float64) []sizing.Station {
	stations := make([]sizing.Station, len(rates))
	for k, rate := range rates {
		stations[k] = sizing.Station{Rate: rate, Workers: 1, Variation: 1}
	}
	return stations
}

// randomFleet draws servers of very different speed.
func randomFleet(rng *rand.Rand, n, workers int, variation float64) (stations []sizing.Station, limit float64) {
	for range n {
		s := sizing.Station{Rate: math.Exp(rng.NormFloat64()), Workers: 1 + rng.IntN(workers), Variation: 1}
		if variation > 0 {
			s.Variation = variation * rng.Float64()
		}
		stations = append(stations, s)
		limit += s.Limit()
	}
	return stations, limit
}

// TestSquareRootByHand: μ = 4 and 1, load 1. Leaving out the slow one gives the mean
// 1/3; using both would need the slow one to have 1 − (5−1)/3 < 0.
func TestSquareRootByHand(t *testing.T) {
	r := sizing.Routing{Stations: exponential(4, 1), Load: 1}
	best, err := r.Best()
	if err != nil || best.Rates[0] != 1 || best.Rates[1] != 0 || math.Abs(best.Value-1.0/3) > 1e-12 {
		t.Errorf("load 1: %+v, %v", best, err)
	}
	// Load 3: spare 2 shared as 2:1 gives rates 4−4/3 and 1−2/3.
	r.Load = 3
	best, err = r.Best()
	want := []float64{4 - 4.0/3, 1 - 2.0/3}
	if err != nil || math.Abs(best.Rates[0]-want[0]) > 1e-12 || math.Abs(best.Rates[1]-want[1]) > 1e-12 {
		t.Errorf("load 3: %+v, %v", best, err)
	}
}

// TestMinimiserMeetsClosedForm: asked without the closed form, the minimiser finds it.
func TestMinimiserMeetsClosedForm(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 1))
	for _, n := range []int{1, 2, 3, 10, 100, 1000} {
		for _, full := range []float64{1e-6, 0.1, 0.5, 0.9, 0.999, 0.99999} {
			if n == 1000 && full != 0.9 {
				continue
			}
			stations, limit := randomFleet(rng, n, 1, 0)
			unit := []float64{1e-9, 1, 1e9}[rng.IntN(3)] // of time
			for k := range stations {
				stations[k].Rate *= unit
			}
			limit *= unit
			r := sizing.Routing{Stations: stations, Load: full * limit}
			exact, err := r.Best()
			if err != nil {
				t.Fatal(err)
			}
			found, err := sizing.Minimise(&r)
			if err != nil {
				t.Fatal(err)
			}
			if d := found.Value/exact.Value - 1; math.Abs(d) > 1e-9 || found.Bound > exact.Value*(1+1e-9) || found.Bound < exact.Value*(1-1e-9) {
				t.Errorf("%d servers, %g full: off by %g, bound off by %g", n, full, d, found.Bound/exact.Value-1)
			}
		}
	}
}

// otherRates moves proportional rates about at random.
func otherRates(rng *rand.Rand, r *sizing.Routing) []float64 {
	rates, err := r.Proportional()
	if err != nil {
		panic(err)
	}
	for range 2 * len(rates) {
		from, to := rng.IntN(len(rates)), rng.IntN(len(rates))
		pinned := 0.0
		if r.Pinned != nil {
			pinned = r.Pinned[from] * r.Load
		}
		most := min(rates[from]-pinned, r.Stations[to].Limit()*(1-1e-6)-rates[to])
		moved := max(most, 0) * rng.Float64()
		rates[from] -= moved
		rates[to] += moved
	}
	return rates
}

// TestBestBeatsTheRules over fleets of every sort, for the mean and for a quantile, and
// no bound lies above what is found.
func TestBestBeatsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		variation := rapid.SampledFrom([]float64{0, 0, 0, 3}).Draw(t, "variation")
		stations, limit := randomFleet(rng, rapid.IntRange(1, 6).Draw(t, "servers"), rapid.SampledFrom([]int{1, 4}).Draw(t, "workers"), variation)
		r := sizing.Routing{Stations: stations, Load: limit * rapid.Float64Range(0.001, 0.98).Draw(t, "full")}
		if rapid.Bool().Draw(t, "pin") {
			r.Pinned = make([]float64, len(stations))
			r.Pinned[0] = min(0.9, 0.9*stations[0].Limit()/r.Load) * rng.Float64()
		}
		mean, err := r.Best()
		if err != nil {
			t.Fatal(err)
		}
		late, err := r.BestQuantile(0.95)
		if err != nil {
			t.Fatal(err)
		}
		for name, rule := range map[string]func() ([]float64, error){"proportional": r.Proportional, "equal spare": r.EqualSpare} {
			rates, err := rule()
			if err != nil {
				t.Fatal(err)
			}
			if v, err := r.Mean(rates); err != nil || v < mean.Value*(1-1e-9) || v < mean.Bound*(1-1e-9) {
				t.Errorf("%s: mean %g, best %g, bound %g, %v", name, v, mean.Value, mean.Bound, err)
			}
			if v, err := r.Quantile(rates, 0.95); err != nil || v < late.Value*(1-1e-9) || v < late.Bound*(1-1e-9) {
				t.Errorf("%s: quantile %g, best %g, bound %g, %v", name, v, late.Value, late.Bound, err)
			}
		}
		if mean.Value-mean.Bound > 1e-6*mean.Value || late.Bound > 0 && late.Value-late.Bound > 1e-5*late.Value || late.Bound == 0 && variation == 0 {
			t.Errorf("mean %g, bound %g; quantile %g, bound %g", mean.Value, mean.Bound, late.Value, late.Bound)
		}
		for range 5 { // nor does any other routing
			rates := otherRates(rng, &r)
			if v, err := r.Mean(rates); err != nil || v < mean.Bound*(1-1e-9) || v < mean.Value*(1-1e-9) {
				t.Errorf("rates %v: mean %g, best %g, bound %g, %v", rates, v, mean.Value, mean.Bound, err)
			}
			if v, err := r.Quantile(rates, 0.95); err != nil || v < late.Bound*(1-1e-9) || late.Bound > 0 && v < late.Value*(1-1e-5) {
				t.Errorf("rates %v: quantile %g, best %g, bound %g, %v", rates, v, late.Value, late.Bound, err)
			}
		}
		for _, best := range []sizing.Routes{mean, late} {
			sum := 0.0
			for i, rate := range best.Rates {
				sum += rate
				if r.Pinned != nil && rate < r.Pinned[i]*r.Load*(1-1e-12) {
					t.Errorf("server %d gets %g, less than what is pinned", i, rate)
				}
			}
			if math.Abs(sum-r.Load) > 1e-9*r.Load {
				t.Errorf("rates add up to %g, the load is %g", sum, r.Load)
			}
		}
	})
}

// TestRoutingAgainstSimulation: what is said of each rule is what happens.
func TestRoutingAgainstSimulation(t *testing.T) {
	for _, c := range []struct {
		name     string
		stations []sizing.Station
	}{
		{"M/M/1", exponential(1, 2, 4, 8)},
		{"M/M/c", []sizing.Station{{Rate: 1, Workers: 8, Variation: 1}, {Rate: 4, Workers: 1, Variation: 1}, {Rate: 2, Workers: 2, Variation: 1}}},
	} {
		limit := 0.0
		for _, s := range c.stations {
			limit += s.Limit()
		}
		for _, full := range []float64{0.05, 0.5, 0.85} {
			r := sizing.Routing{Stations: c.stations, Load: full * limit}
			best, err := r.Best()
			if err != nil {
				t.Fatal(err)
			}
			proportional, _ := r.Proportional()
			spare, _ := r.EqualSpare()
			for name, rates := range map[string][]float64{"best": best.Rates, "proportional": proportional, "equal spare": spare} {
				mean, err := r.Mean(rates)
				if err != nil {
					t.Fatal(err)
				}
				late, err := r.Quantile(rates, 0.95)
				if err != nil {
					t.Fatal(err)
				}
				seen, err := queue.Run(queue.Requests{Stations: c.stations, Rates: rates, Count: 200_000, Within: late, Seed: 5})
				if err != nil {
					t.Fatal(err)
				}
				if !seen.Response.Holds(mean) || !seen.Late.Holds(0.05) {
					t.Errorf("%s, %s, %g full: mean %g, seen %+v; 5%% late, seen %+v", c.name, name, full, mean, seen.Response, seen.Late)
				}
			}
		}
	}
}

// TestHardlyAnyLoad: what is said stays true for loads far below the rounding of limits.
func TestHardlyAnyLoad(t *testing.T) {
	for _, stations := range [][]sizing.Station{
		exponential(3, 5, 7), {{Rate: 3, Workers: 4, Variation: 1}, {Rate: 7, Workers: 1, Variation: 1}, {Rate: 5, Workers: 2, Variation: 0.3}},
	} {
		for _, load := range []float64{1e-9, 1e-15, 1e-100, 1e-300} {
			r := sizing.Routing{Stations: stations, Load: load}
			best, err := r.Best()
			if err != nil {
				t.Fatal(err)
			}
			mean, err := r.Mean(best.Rates)
			if err != nil || !near(mean, 1.0/7, 1e-6) {
				t.Errorf("load %g: rates %v, mean %g, %v", load, best.Rates, mean, err)
			}
			late, err := r.BestQuantile(0.9)
			if err != nil || !near(late.Value, math.Log(10)/7, 0.2) {
				t.Errorf("load %g: quantile %+v, %v", load, late, err)
			}
			even, err := r.Proportional()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := r.Mean(even); err != nil || !near(even[1]/even[0], stations[1].Limit()/stations[0].Limit(), 1e-9) {
				t.Errorf("load %g: proportional %v, %v", load, even, err)
			}
		}
	}
}

func TestRoutingEdges(t *testing.T) {
	r := sizing.Routing{Stations: exponential(1, 2), Load: 0}
	best, err := r.Best()
	if err != nil || best.Value != 0.5 || best.Rates[0]+best.Rates[1] != 0 {
		t.Errorf("no load: %+v, %v", best, err)
	}
	late, err := r.BestQuantile(0.95)
	if err != nil || math.Abs(late.Value-math.Log(20)/2) > 1e-12 {
		t.Errorf("no load, quantile: %+v, %v", late, err)
	}
	r = sizing.Routing{Stations: exponential(1, 2), Load: 1, Pinned: []float64{0.5, 0.5}}
	best, err = r.Best()
	if err != nil || best.Rates[0] != 0.5 || best.Rates[1] != 0.5 {
		t.Errorf("all pinned: %+v, %v", best, err)
	}
	nan := math.NaN()
	for name, c := range map[string]struct {
		r    sizing.Routing
		want string
	}{
		"none":          {sizing.Routing{Load: 1}, "at least one"},
		"too much":      {sizing.Routing{Stations: exponential(1, 2), Load: 3}, "servers for more than 0 more"},
		"negative":      {sizing.Routing{Stations: exponential(1, 2), Load: -1}, "load: -1"},
		"not a number":  {sizing.Routing{Stations: exponential(1, 2), Load: nan}, "load: NaN"},
		"a bad server":  {sizing.Routing{Stations: exponential(1, -2), Load: 0.5}, "server 2: rate: -2"},
		"pinned beyond": {sizing.Routing{Stations: exponential(1, 2), Load: 2, Pinned: []float64{0.5, 0}}, "a share below 0.5"},
		"pinned more":   {sizing.Routing{Stations: exponential(5, 5), Load: 2, Pinned: []float64{0.6, 0.6}}, "at most 1"},
		"pinned short":  {sizing.Routing{Stations: exponential(5, 5), Load: 2, Pinned: []float64{0.6}}, "as many"},
	} {
		_, err := c.r.Best()
		wantRefused(t, name, err, c.want)
		_, err = c.r.BestQuantile(0.95)
		wantRefused(t, name, err, c.want)
		_, err = c.r.Proportional()
		wantRefused(t, name, err, c.want)
	}
}
