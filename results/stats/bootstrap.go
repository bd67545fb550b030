package stats

import (
	"math"
	"math/rand/v2"
	"slices"
)

// Interval is an estimate with its 95 % confidence interval. Low and High are NaN
// where there is nothing to resample: of one sample nobody knows how it would vary.
type Interval struct{ Value, Low, High float64 }

// Bounded says whether the interval has ends.
func (i Interval) Bounded() bool { return !math.IsNaN(i.Low) && !math.IsNaN(i.High) }

// Statistic is a smooth function of the means of a sample's columns, such as the
// ratio of two of them. It must not keep or change the slice.
type Statistic func(means []float64) float64

// MeanOf is the mean of a column.
func MeanOf(column int) Statistic {
	return func(means []float64) float64 { return means[column] }
}

// GeometricOf undoes the logarithm and the shift of a column of ln(v + shift): the
// shifted geometric mean.
func GeometricOf(column int, shift float64) Statistic {
	return func(means []float64) float64 { return math.Exp(means[column]) - shift }
}

const confidence = 0.95

// resamples is how often to draw from n rows: the fewer they are, the more the ends
// depend on chance, and the less a draw costs.
func resamples(n int) int { return min(max(2000, 500_000/n), 10_000) }

// Bootstrap estimates each statistic from rows, one a cluster of observations that
// belong together, with bias-corrected and accelerated intervals (BCa; Efron, Better
// bootstrap confidence intervals, JASA 82, 1987). Whole rows are drawn, so what
// depends on one another stays together, and all statistics see the same draws. The
// same rows in the same order and the same seed give the same intervals.
//
// The acceleration comes from the jackknife, which for functions of means costs
// O(rows × columns). All of it costs some 2,000 draws a row, for few rows more.
func Bootstrap(rows [][]float64, statistics []Statistic, seed uint64) []Interval {
	n := len(rows)
	intervals := make([]Interval, len(statistics))
	if n == 0 {
		for k := range intervals {
			intervals[k] = Interval{math.NaN(), math.NaN(), math.NaN()}
		}
		return intervals
	}
	columns := len(rows[0])
	flat := slices.Concat(rows...)
	total := make([]float64, columns)
	for i := 0; i < len(flat); i += columns {
		add(total, flat[i:i+columns])
	}
	means := make([]float64, columns)
	scale(means, total, n)
	for k, statistic := range statistics {
		v := statistic(means)
		intervals[k] = Interval{v, math.NaN(), math.NaN()}
	}
	if n == 1 {
		return intervals
	}

	drawn := make([][]float64, len(statistics))
	for k := range drawn {
		drawn[k] = make([]float64, resamples(n))
	}
	source := rand.NewPCG(seed, uint64(n))
	sum := make([]float64, columns)
	for b := range resamples(n) {
		clear(sum)
		for i := 0; i < n; i += 2 { // one draw of 64 bits is two of 32
			bits := source.Uint64()
			at := columns * int(bits>>32*uint64(n)>>32)
			add(sum, flat[at:at+columns])
			if i+1 < n {
				at = columns * int(bits&math.MaxUint32*uint64(n)>>32)
				add(sum, flat[at:at+columns])
			}
		}
		scale(means, sum, n)
		for k, statistic := range statistics {
			drawn[k][b] = statistic(means)
		}
	}
	left := make([]float64, n)
	for k, statistic := range statistics {
		for i := range n {
			for c := range sum {
				sum[c] = total[c] - flat[i*columns+c]
			}
			scale(means, sum, n-1)
			left[i] = statistic(means)
		}
		intervals[k].Low, intervals[k].High = accelerated(intervals[k].Value, drawn[k], left)
	}
	return intervals
}

// accelerated returns the ends of the BCa interval of an estimate from its values on
// resamples, which are sorted here, and on the samples that leave one row out.
func accelerated(estimate float64, drawn, left []float64) (low, high float64) {
	slices.Sort(drawn)
	if slices.ContainsFunc(drawn, math.IsNaN) {
		return math.NaN(), math.NaN()
	}
	rounding := 1e-12 * max(math.Abs(drawn[0]), math.Abs(drawn[len(drawn)-1])) // sums in another order
	below, _ := slices.BinarySearch(drawn, estimate-rounding)
	above, _ := slices.BinarySearch(drawn, estimate+rounding)
	bias := normalQuantile(float64(below+above) / float64(2*len(drawn))) // of ties, half are below
	centre := Mean(left)
	var squares, cubes float64
	for _, v := range left {
		d := centre - v
		squares += d * d
		cubes += d * d * d
	}
	acceleration := 0.0
	if squares > 0 {
		acceleration = cubes / (6 * math.Pow(squares, 1.5))
	}
	end := func(tail float64) float64 {
		z := bias + normalQuantile(tail)
		p := normal(bias + z/(1-acceleration*z))
		if math.IsInf(bias, 0) || math.IsNaN(p) { // every resample on one side: plain percentiles
			p = tail
		}
		return quantile(drawn, p)
	}
	return end((1 - confidence) / 2), end((1 + confidence) / 2)
}

func add(sum, row []float64) {
	for c, v := range row {
		sum[c] += v
	}
}

func scale(means, sum []float64, n int) {
	for c, v := range sum {
		means[c] = v / float64(n)
	}
}

// normal is the distribution function of the standard normal distribution.
func normal(z float64) float64 { return math.Erfc(-z/math.Sqrt2) / 2 }

// normalQuantile is its inverse; infinite at 0 and 1.
func normalQuantile(p float64) float64 { return math.Sqrt2 * math.Erfinv(2*p-1) }
