package stats

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestWilcoxon(t *testing.T) {
	// Heights of cross- and self-fertilised corn, Darwin 1876: the example of the
	// documentation of scipy.stats.wilcoxon.
	corn := []float64{6, 8, 14, 16, 23, 24, 28, 29, 41, -48, 49, 56, 60, -67, 75}
	for _, c := range []struct {
		name         string
		differences  []float64
		statistic, p float64
	}{
		{"nothing", nil, 0, 1},
		{"zeros alone", []float64{0, 0, 0}, 0, 1},
		{"one", []float64{5}, 0, 1},                             // 2 · ½
		{"three up", []float64{1, 2, 3}, 0, 0.25},               // 2 · ⅛
		{"five down", []float64{-1, -2, -3, -4, -5}, 0, 0.0625}, // 2 · 1/32
		{"one of three down", []float64{-1, 2, 3}, 1, 0.5},      // 2 · 2/8
		{"in the middle", []float64{-1, -2, 3}, 3, 1},
		{"corn", corn, 24, 0.041259765625},
		{"ties and zeros", []float64{0, 2, 2, 0, 3, 4}, 0, 0.125},                 // 2 · 1/16
		{"five of a size", []float64{1, 1, 1, 1, 1}, 0, 0.0625},                   // no five are rarer
		{"one of four of a size down", []float64{1, -1, 1, 1}, 2.5, 2 * 5.0 / 16}, // none or one down
		// Ranks 26 all: centre 51·52/4, variance (51·52·103 − 51·50·52/2)/24.
		{"many of a size", slices.Repeat([]float64{3}, 51), 0, 2 * normal(-(663-0.5)/math.Sqrt((51*52*103-51.0*50*52/2)/24))},
		{"ties that cancel", []float64{1, -1}, 1.5, 1},
		{"infinite", []float64{inf, 1, 2}, 0, 0.25},
		{"NaN", []float64{1, nan}, nan, nan},
	} {
		statistic, p := Wilcoxon(c.differences)
		near(t, c.name+": statistic", statistic, c.statistic)
		near(t, c.name+": p", p, c.p)
	}
}

// The exact probability against all 2ⁿ signs, of each of which the statistic is computed
// anew; with few sizes, so that many are equal, and with many.
func TestWilcoxonCountsSigns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for n := 1; n <= 10; n++ {
		for _, sizes := range []int{1, 2, 4, 1000} {
			differences := make([]float64, n)
			for i := range differences {
				differences[i] = float64(1+r.IntN(sizes)) * float64(1-2*r.IntN(2))
			}
			statistic, p := Wilcoxon(append(differences, 0, 0))
			extreme, turned := 0, make([]float64, n)
			for signs := range 1 << n {
				for i, d := range differences {
					turned[i] = math.Copysign(d, float64(1-2*(signs>>i&1)))
				}
				if of, _ := Wilcoxon(turned); of <= statistic {
					extreme++
				}
			}
			near(t, "p", p, float64(extreme)/math.Ldexp(1, n))
		}
	}
}

func TestWilcoxonIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		differences := rapid.SliceOfN(rapid.Map(rapid.IntRange(-20, 20), func(n int) float64 { return float64(n) / 4 }), 0, 80).Draw(t, "differences")
		statistic, p := Wilcoxon(differences)
		if !(p >= 0 && p <= 1) {
			t.Errorf("p = %g", p)
		}
		turned := make([]float64, len(differences))
		for i, d := range differences {
			turned[i] = -d
		}
		s2, p2 := Wilcoxon(turned)
		s3, p3 := Wilcoxon(rapid.Permutation(differences).Draw(t, "shuffled"))
		if s2 != statistic || p2 != p || s3 != statistic || p3 != p {
			t.Errorf("%g, %g; signs turned %g, %g; shuffled %g, %g", statistic, p, s2, p2, s3, p3)
		}
	})
}
