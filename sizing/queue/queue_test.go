package queue

import (
	"math"
	"strings"
	"testing"

	"berth/sizing"
)

// TestRunRepeats: the same seed gives the same numbers, another one others, near by.
func TestRunRepeats(t *testing.T) {
	r := Requests{Stations: []sizing.Station{{Rate: 1, Workers: 1, Variation: 0.3}, {Rate: 2, Workers: 2}}, Rates: []float64{0.4, 3}, Count: 20_000, Within: 2, Seed: 1}
	first, err := Run(r)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Run(r); err != nil || again != first {
		t.Errorf("%+v and %+v, %v", first, again, err)
	}
	r.Seed = 2
	if other, err := Run(r); err != nil || other == first || math.Abs(other.Response.Mean-first.Response.Mean) > first.Response.Margin+other.Response.Margin {
		t.Errorf("%+v and %+v, %v", first, other, err)
	}
}

// TestServiceTimes have the mean and the variation that the station says.
func TestServiceTimes(t *testing.T) {
	for _, variation := range []float64{0, 0.2, 1, 4} {
		s := sizing.Station{Rate: 2, Workers: 1, Variation: variation}
		times, err := Responses(s, 0, 100_000, 3)
		if err != nil {
			t.Fatal(err)
		}
		sum, squares := 0.0, 0.0
		for _, v := range times {
			sum += v
			squares += v * v
		}
		n := float64(len(times))
		mean := sum / n
		if got := squares/n/(mean*mean) - 1; math.Abs(mean-0.5) > 0.01 || math.Abs(got-variation) > 0.05*variation+1e-6 {
			t.Errorf("variation %g: mean %g, variation %g", variation, mean, got)
		}
	}
}

func TestChoose(t *testing.T) {
	rates := []float64{1, 1, 3} // the second gets nothing
	for point, want := range map[float64]int{0: 0, 0.99: 0, 1: 2, 2.5: 2, 3: 2} {
		if got := choose(rates, point); got != want {
			t.Errorf("point %g: station %d, want %d", point, got, want)
		}
	}
}

func TestRefuses(t *testing.T) {
	one := []sizing.Station{{Rate: 1, Workers: 1}}
	for name, c := range map[string]struct {
		r    Requests
		want string
	}{
		"saturated":   {Requests{Stations: one, Rates: []float64{1}, Count: 100}, "station 0: load: 1"},
		"no requests": {Requests{Stations: one, Rates: []float64{0}, Count: 100}, "no station gets"},
		"few":         {Requests{Stations: one, Rates: []float64{0.5}, Count: 3}, "at least 20"},
		"no rate":     {Requests{Stations: one, Count: 100}, "a rate a station"},
	} {
		if _, err := Run(c.r); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", name, err, c.want)
		}
	}
	if _, err := Responses(one[0], 2, 10, 1); err == nil {
		t.Error("a saturated station responded")
	}
}
