package stats

import (
	"math"
	"slices"
)

// Mean is the arithmetic mean, NaN of nothing.
func Mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// ShiftedGeometricMean is exp(mean of ln(v + shift)) − shift, NaN of nothing. The
// shift keeps very small values from deciding the mean, as its being geometric keeps
// the very large ones from it (Achterberg, Constraint Integer Programming, thesis,
// TU Berlin 2007, appendix A.3). Values must be greater than −shift.
func ShiftedGeometricMean(values []float64, shift float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += math.Log(v + shift)
	}
	return math.Exp(sum/float64(len(values))) - shift
}

// PAR is the penalised average runtime: the mean of the seconds of the runs that
// solved their problem and of factor × limit for the others, NaN of nothing (Hutter,
// Hoos, Leyton-Brown and Stützle, ParamILS, JAIR 36, 2009; PAR10 has factor 10). All
// three slices are by run.
func PAR(seconds, limits []float64, solved []bool, factor float64) float64 {
	sum := 0.0
	for i, s := range seconds {
		if solved[i] {
			sum += s
		} else {
			sum += factor * limits[i]
		}
	}
	return sum / float64(len(seconds))
}

// quantile returns the q-quantile of values in ascending order, 0 ≤ q ≤ 1, NaN of
// nothing. Between two values it is linear: definition 7 of Hyndman and Fan, Sample
// quantiles in statistical packages, The American Statistician 50, 1996, as numpy has
// it by default.
func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return math.NaN()
	}
	at := q * float64(len(sorted)-1)
	k := int(at)
	low := sorted[k]
	if k+1 == len(sorted) || low == sorted[k+1] { // equal infinities have no difference
		return low
	}
	part := at - float64(k)
	if part == 0 {
		return low
	}
	return low + part*(sorted[k+1]-low)
}

// Quartiles returns the quantiles ¼, ½ and ¾ of values, which it sorts.
func Quartiles(values []float64) (lower, median, upper float64) {
	slices.Sort(values)
	return quantile(values, 0.25), quantile(values, 0.5), quantile(values, 0.75)
}
