package sizing_test

import (
	"flag"
	"testing"

	"berth/sizing"
	"berth/sizing/queue"
)

var table = flag.Bool("table", false, "compute the table of docs/sizing.md: takes minutes")

// TestApproximations computes by how much the capacities of M/G/1 and M/G/c are off: the
// load that is said to make 5 % late against the load that does in a simulation.
func TestApproximations(t *testing.T) {
	if !*table {
		t.Skip("run it with -v -table for the table of docs/sizing.md")
	}
	for _, variation := range []float64{0, 0.25, 0.5, 2, 4, 10} {
		for _, workers := range []int{1, 2, 8} {
			s := sizing.Station{Rate: 1, Workers: workers, Variation: variation}
			idle, err := s.Quantile(0, 0.95)
			if err != nil {
				t.Fatal(err)
			}
			for _, times := range []float64{1.2, 2, 5} {
				p := sizing.Promise{Within: times * idle, Share: 0.95}
				said, err := s.Capacity(p)
				if err != nil {
					t.Fatal(err)
				}
				low, high := 0.0, s.Limit()
				for range 12 {
					load := (low + high) / 2
					seen, err := queue.Run(queue.Requests{Stations: []sizing.Station{s}, Rates: []float64{load}, Count: 200_000, Within: p.Within, Seed: 1})
					if err != nil {
						t.Fatal(err)
					}
					if seen.Late.Mean > 0.05 {
						high = load
					} else {
						low = load
					}
				}
				t.Logf("variation %g, %d workers, %g times the idle: said %.4g, true %.4g, %+.0f %%", variation, workers, times, said, low, 100*(said/low-1))
			}
		}
	}
}
