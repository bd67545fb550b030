package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

var (
	inf = math.Inf(1)
	nan = math.NaN()
)

// near fails unless two numbers are the same but for rounding; NaN equals NaN.
func near(t interface {
	Helper()
	Errorf(string, ...any)
}, what string, got, want float64,
) {
	t.Helper()
	if math.IsNaN(got) && math.IsNaN(want) || got == want {
		return
	}
	if !(math.Abs(got-want) <= 1e-9*max(1, math.Abs(want))) {
		t.Errorf("%s = %.12g, want %.12g", what, got, want)
	}
}

func TestShiftedGeometricMean(t *testing.T) {
	for _, c := range []struct {
		values []float64
		shift  float64
		want   float64
	}{
		{nil, 1, nan},
		{[]float64{5}, 1, 5},
		{[]float64{1, 3}, 1, math.Sqrt(2*4) - 1},
		{[]float64{0, 0, 0}, 1, 0},
		{[]float64{1, 10, 100}, 0, 10},
		{[]float64{0, 99}, 1, 9}, // √(1·100) − 1
		{[]float64{1, inf}, 1, inf},
		{[]float64{1, nan}, 1, nan},
	} {
		near(t, "mean", ShiftedGeometricMean(c.values, c.shift), c.want)
	}
}

func TestPAR(t *testing.T) {
	seconds, limits, solved := []float64{2, 60, 4}, []float64{60, 60, 100}, []bool{true, false, false}
	near(t, "PAR10", PAR(seconds, limits, solved, 10), (2+600+1000)/3.0)
	near(t, "PAR1", PAR(seconds, limits, solved, 1), (2+60+100)/3.0)
	near(t, "PAR10 of nothing", PAR(nil, nil, nil, 10), nan)
	near(t, "PAR10 of one", PAR([]float64{3}, []float64{9}, []bool{true}, 10), 3)
}

func TestQuantile(t *testing.T) {
	for _, c := range []struct {
		sorted []float64
		q      float64
		want   float64
	}{
		{nil, 0.5, nan},
		{[]float64{7}, 0.25, 7},
		{[]float64{1, 2, 3, 4}, 0.25, 1.75},
		{[]float64{1, 2, 3, 4}, 0.5, 2.5},
		{[]float64{1, 2, 3, 4}, 1, 4},
		{[]float64{1, 2, 3, 4}, 0, 1},
		{[]float64{1, 2, 3, 4, 5}, 0.5, 3},
		{[]float64{1, inf}, 0, 1},
		{[]float64{1, inf}, 0.5, inf},
		{[]float64{inf, inf}, 0.5, inf},
		{[]float64{1, 2, inf}, 0.5, 2},
		{[]float64{2, 2, 2}, 0.3, 2},
	} {
		near(t, "quantile", quantile(c.sorted, c.q), c.want)
	}
	lower, median, upper := Quartiles([]float64{5, 1, 4, 2, 3})
	near(t, "lower", lower, 2)
	near(t, "median", median, 3)
	near(t, "upper", upper, 4)
}

func TestMeansKeepToTheirValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1e4), 1, 30).Draw(t, "values")
		shift := rapid.Float64Range(0.01, 100).Draw(t, "shift")
		mean := ShiftedGeometricMean(values, shift)
		least, most := slices.Min(values), slices.Max(values)
		if mean < least-1e-6 || mean > most+1e-6 {
			t.Errorf("mean %g of values from %g to %g", mean, least, most)
		}
		if mean > Mean(values)+1e-6 {
			t.Errorf("geometric mean %g above the arithmetic %g", mean, Mean(values))
		}
		near(t, "mean of everything twice", ShiftedGeometricMean(slices.Concat(values, values), shift), mean)
		shuffled := rapid.Permutation(values).Draw(t, "shuffled")
		near(t, "mean in another order", ShiftedGeometricMean(shuffled, shift), mean)
		lower, median, upper := Quartiles(shuffled)
		if lower < least || lower > median || median > upper || upper > most {
			t.Errorf("quartiles %g %g %g of values from %g to %g", lower, median, upper, least, most)
		}
	})
}
