package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func column(values ...float64) [][]float64 {
	rows := make([][]float64, len(values))
	for i, v := range values {
		rows[i] = []float64{v}
	}
	return rows
}

func TestBootstrapOfLittle(t *testing.T) {
	mean := []Statistic{MeanOf(0)}
	none := Bootstrap(nil, mean, 1)[0]
	near(t, "value of nothing", none.Value, nan)
	one := Bootstrap(column(3), mean, 1)[0]
	near(t, "value of one", one.Value, 3)
	if none.Bounded() || one.Bounded() {
		t.Errorf("%v and %v have ends; nobody knows how nothing, or one, would vary", none, one)
	}
	if got := Bootstrap(column(4, 4, 4), mean, 1)[0]; got != (Interval{4, 4, 4}) {
		t.Errorf("interval without spread is %v", got)
	}
	if got := Bootstrap(column(0, 10), mean, 1)[0]; got != (Interval{5, 0, 10}) {
		t.Errorf("interval of 0 and 10 is %v; a quarter of all resamples is each of its ends", got)
	}
	if got := Bootstrap(column(1, inf), mean, 1)[0]; !math.IsInf(got.Value, 1) {
		t.Errorf("mean of 1 and infinity is %v", got)
	}
}

// The ends of a BCa interval, computed by hand from five resamples.
func TestAccelerated(t *testing.T) {
	drawn := []float64{3, 1, 2, 5, 4}
	low, high := accelerated(3, drawn, []float64{1, 1, 1}) // bias 0, acceleration 0: percentiles
	near(t, "low", low, 1+4*0.025)
	near(t, "high", high, 1+4*0.975)

	// Two below and none equal: bias Φ⁻¹(0.4) = −0.2533471. Left out: deviations 2, −1,
	// −1 from their mean, so squares 6, cubes 6, acceleration 6/(6·6^1.5) = 0.0680414.
	low, high = accelerated(2.5, drawn, []float64{0, 3, 3})
	z0, a := -0.2533471031357997, 0.06804138174397717
	phi := func(tail float64) float64 {
		z := z0 + tail
		return 0.5 * (1 + math.Erf((z0+z/(1-a*z))/math.Sqrt2))
	}
	near(t, "low", low, 1+4*phi(-1.959963984540054))
	near(t, "high", high, 1+4*phi(1.959963984540054))
}

func TestNormal(t *testing.T) {
	near(t, "Φ(1.96)", normal(1.959963984540054), 0.975)
	near(t, "Φ⁻¹(0.975)", normalQuantile(0.975), 1.959963984540054)
	near(t, "Φ⁻¹(0.5)", normalQuantile(0.5), 0)
}

func TestBootstrapProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(0, 1000), 2, 12).Draw(t, "values")
		rows := make([][]float64, len(values))
		for i, v := range values {
			rows[i] = []float64{v, 2*v + 1}
		}
		statistics := []Statistic{MeanOf(0), MeanOf(1), MeanOf(0)}
		got := Bootstrap(rows, statistics, 1)
		if again := Bootstrap(rows, statistics, 1); !slices.Equal(got, again) {
			t.Errorf("%v, and then %v", got, again)
		}
		if got[0] != got[2] {
			t.Errorf("%v and %v of the same draws", got[0], got[2])
		}
		least, most := slices.Min(values)-1e-9, slices.Max(values)+1e-9
		if got[0].Low < least || got[0].Low > got[0].High || got[0].High > most {
			t.Errorf("%v of values from %g to %g", got[0], least, most)
		}
		near(t, "value of twice and one", got[1].Value, 2*got[0].Value+1)
	})
}

// Of 95 % intervals 95 % hold the truth: here of the mean of skewed values, where
// plain percentiles are known to fall short.
func TestCoverage(t *testing.T) {
	const truth, samples = 1, 200
	r := rand.New(rand.NewPCG(7, 7))
	hits := 0
	for range samples {
		values := make([]float64, 40)
		for i := range values {
			values[i] = r.ExpFloat64()
		}
		if got := Bootstrap(column(values...), []Statistic{MeanOf(0)}, 1)[0]; got.Low <= truth && truth <= got.High {
			hits++
		}
	}
	if share := float64(hits) / samples; share < 0.89 || share > 0.99 {
		t.Errorf("%.3f of the intervals hold the mean", share)
	}
}

func BenchmarkBootstrap(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	rows := make([][]float64, 4000)
	for i := range rows {
		rows[i] = []float64{r.Float64(), r.Float64(), r.Float64()}
	}
	b.ReportAllocs()
	for b.Loop() {
		Bootstrap(rows, []Statistic{MeanOf(0), MeanOf(1), GeometricOf(2, 1)}, 1)
	}
}
