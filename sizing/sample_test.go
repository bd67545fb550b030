package sizing_test

import (
	"math"
	"strings"
	"testing"

	"berth/sizing"
	"berth/sizing/queue"
)

// TestSampleRecoversTheStation: responses are simulated at one load, and what is fitted
// to them has the capacity of the station that made them, within the interval and what
// a sample of waits can tell.
func TestSampleRecoversTheStation(t *testing.T) {
	p := sizing.Promise{Within: 0.4, Share: 0.95}
	for _, c := range []struct {
		station sizing.Station
		full    float64
	}{
		{sizing.Station{Rate: 20, Workers: 1, Variation: 1}, 0},
		{sizing.Station{Rate: 20, Workers: 1, Variation: 1}, 0.5},
		{sizing.Station{Rate: 20, Workers: 1, Variation: 0.2}, 0.6},
		{sizing.Station{Rate: 20, Workers: 1, Variation: 3}, 0.3},
		{sizing.Station{Rate: 20, Workers: 4, Variation: 1}, 0.7},
	} {
		load := c.full * c.station.Limit()
		responses, err := queue.Responses(c.station, load, 50_000, 3)
		if err != nil {
			t.Fatal(err)
		}
		sample := sizing.Sample{Responses: responses, Load: load, Workers: c.station.Workers}
		want, err := c.station.Capacity(p)
		if err != nil {
			t.Fatal(err)
		}
		got, margin, err := sample.Capacity(p)
		if err != nil {
			t.Errorf("%+v: %v", c, err)
			continue
		}
		if math.Abs(got-want) > margin+0.02*want || margin > 0.1*want {
			fit, _ := sample.Fit()
			t.Errorf("%+v: capacity %g ± %g, want %g; fitted %+v", c, got, margin, want, fit)
		}
	}
}

func TestSampleEdges(t *testing.T) {
	same := make([]float64, 400)
	for k := range same {
		same[k] = 0.1
	}
	// Constant times of an idle server.
	station, err := (&sizing.Sample{Responses: same, Workers: 1}).Fit()
	if err != nil || !near(station.Rate, 10, 1e-9) || station.Variation > 1e-9 {
		t.Errorf("constant: %+v, %v", station, err)
	}
	bad := append([]float64{}, same...)
	bad[17] = math.NaN()
	for name, c := range map[string]struct {
		s    sizing.Sample
		want string
	}{
		"few":              {sizing.Sample{Responses: same[:199], Workers: 1}, "200 or more"},
		"NaN":              {sizing.Sample{Responses: bad, Workers: 1}, "response 18"},
		"zeros":            {sizing.Sample{Responses: make([]float64, 400), Workers: 1}, "a clock that is finer"},
		"no workers":       {sizing.Sample{Responses: same}, "workers"},
		"load":             {sizing.Sample{Responses: same, Workers: 1, Load: -1}, "load: -1"},
		"too even to wait": {sizing.Sample{Responses: same, Workers: 1, Load: 8}, "even constant service times"},
	} {
		_, err := c.s.Fit()
		wantRefused(t, name, err, c.want)
		_, _, err = c.s.Capacity(sizing.Promise{Within: 1, Share: 0.95})
		wantRefused(t, name, err, c.want)
	}
}

func TestReadSample(t *testing.T) {
	got, err := sizing.ReadSample(strings.NewReader("# measured at noon\n12ms\n\n0.5\n 1.5s \n"))
	if err != nil || len(got) != 3 || got[0] != 0.012 || got[1] != 0.5 || got[2] != 1.5 {
		t.Errorf("read %v, %v", got, err)
	}
	for text, want := range map[string]string{
		"1\ntwo\n":                 `line 2: found "two"; want a time such as 50ms`,
		"-1\n":                     "0 or more",
		"NaN\n":                    "0 or more",
		"Inf\n":                    "0 or more",
		strings.Repeat("1", 1<<17): "line 1",
	} {
		if _, err := sizing.ReadSample(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: %v; want %q", text, err, want)
		}
	}
}

func FuzzReadSample(f *testing.F) {
	f.Add("12ms\n0.5\n# x\n")
	f.Fuzz(func(t *testing.T, text string) {
		values, err := sizing.ReadSample(strings.NewReader(text))
		for _, v := range values {
			if err == nil && (!(v >= 0) || math.IsInf(v, 0)) {
				t.Errorf("read %g", v)
			}
		}
	})
}
