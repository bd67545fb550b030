package page_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/page"
)

func TestTicks(t *testing.T) {
	for _, c := range []struct {
		low, high float64
		most      int
		want      []float64
	}{
		{0, 1038, 6, []float64{0, 200, 400, 600, 800, 1000}},
		{0, 100, 5, []float64{0, 20, 40, 60, 80, 100}},
		{93, 131, 6, []float64{100, 110, 120, 130}},
		{7, 7, 6, []float64{7}},
		{1e17, 1e17, 1, []float64{1e17, 1e17, 1e17}}, // where numbers lie further apart than a step it ends, too
		{0, 0, 6, []float64{0}},
	} {
		if got := page.Ticks(c.low, c.high, c.most); !slices.Equal(got, c.want) {
			t.Errorf("from %g to %g: %v, want %v", c.low, c.high, got, c.want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		low := rapid.Float64Range(-1e6, 1e6).Draw(t, "low")
		high := low + rapid.Float64Range(1e-3, 1e6).Draw(t, "width")
		ticks := page.Ticks(low, high, 6)
		if len(ticks) < 1 || len(ticks) > 7 || !slices.IsSorted(ticks) {
			t.Errorf("from %g to %g: %v", low, high, ticks)
		}
	})
}
