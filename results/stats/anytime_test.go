package stats

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestPrimalGap(t *testing.T) {
	for _, c := range []struct{ value, best, want float64 }{
		{100, 100, 0},
		{0, 0, 0},
		{200, 100, 0.5},
		{100, 0, 1},
		{0, -5, 1},
		{5, -5, 1},
		{-50, -100, 0.5},
	} {
		near(t, "gap", PrimalGap(c.value, c.best), c.want)
	}
}

func TestPrimalIntegral(t *testing.T) {
	for _, c := range []struct {
		name     string
		at, gaps []float64
		end      float64
		want     float64
	}{
		{"never an incumbent", nil, nil, 10, 10},
		{"best at once", []float64{0}, []float64{0}, 10, 0},
		{"two steps", []float64{1, 4}, []float64{0.5, 0.25}, 10, 1 + 3*0.5 + 6*0.25},
		{"after the end", []float64{1, 40}, []float64{0.5, 0}, 10, 1 + 9*0.5},
		{"first after the end", []float64{20}, []float64{0}, 10, 10},
		{"two at once", []float64{2, 2}, []float64{0.5, 0}, 10, 2},
		{"no time", []float64{0}, []float64{1}, 0, 0},
	} {
		near(t, c.name, PrimalIntegral(c.at, c.gaps, c.end), c.want)
	}
}

func TestStepAt(t *testing.T) {
	at, values := []float64{1, 2, 2, 5}, []float64{0.9, 0.5, 0.4, 0}
	got := StepAt(at, values, 1, []float64{0.5, 1, 1.5, 2, 4.9, 5, 100})
	if want := []float64{1, 0.9, 0.9, 0.4, 0.4, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	if got := StepAt(nil, nil, 1, []float64{1, 2}); !slices.Equal(got, []float64{1, 1}) {
		t.Errorf("%v of no steps", got)
	}
}

// The integral of a step function from its values at many moments.
func TestPrimalIntegralIsTheAreaOfTheSteps(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 6).Draw(t, "steps")
		at, gaps := make([]float64, n), make([]float64, n)
		for k := range n {
			at[k] = float64(rapid.IntRange(0, 120).Draw(t, "at"))
			gaps[k] = rapid.Float64Range(0, 1).Draw(t, "gap")
		}
		slices.Sort(at)
		moments := make([]float64, 100)
		for k := range moments {
			moments[k] = float64(k) + 0.5 // steps are at whole moments
		}
		area := 0.0
		for _, gap := range StepAt(at, gaps, 1, moments) {
			area += gap
		}
		near(t, "area", PrimalIntegral(at, gaps, 100), area)
	})
}

func TestLogSpaced(t *testing.T) {
	for k, got := range LogSpaced(0.01, 100, 5) {
		near(t, "moment", got, math.Pow10(k-2))
	}
	if got := LogSpaced(3, 3, 3); !slices.Equal(got, []float64{3, 3, 3}) {
		t.Errorf("%v from 3 to 3", got)
	}
	if got := LogSpaced(1, 8, 1); !slices.Equal(got, []float64{8}) {
		t.Errorf("%v is one moment from 1 to 8", got)
	}
	if got := LogSpaced(1, 8, 0); len(got) != 0 {
		t.Errorf("%v is no moment", got)
	}
}

func TestRatios(t *testing.T) {
	got := Ratios([][]float64{
		{1, 4, inf, nan, inf},
		{2, 2, 3, 5, inf},
		{nan, 2, 6, nan, nan},
	})
	want := [][]float64{
		{1, 2, inf, nan, inf},
		{2, 1, 1, 1, inf},
		{nan, 1, 2, nan, nan},
	}
	for m := range want {
		for p := range want[m] {
			near(t, "ratio", got[m][p], want[m][p])
		}
	}
	if len(Ratios(nil)) != 0 {
		t.Error("no methods have ratios")
	}
}
