package stats

import "math"

// PrimalGap is how far a value is from the best one, 0 to 1: |best − value| over the
// greater of |best| and |value|, 0 where both are 0, 1 where their signs differ
// (Berthold, Measuring the impact of primal heuristics, Operations Research Letters
// 41, 2013, section 2).
func PrimalGap(value, best float64) float64 {
	switch {
	case value == best:
		return 0
	case value*best < 0:
		return 1
	}
	return math.Abs(best-value) / max(math.Abs(best), math.Abs(value))
}

// PrimalIntegral is the area below a run's gap from 0 to end: 1 until at[0], then
// gaps[0] until at[1] and so on (Berthold 2013, section 3). The moments ascend; what
// comes after end does not count.
func PrimalIntegral(at, gaps []float64, end float64) float64 {
	area, since, gap := 0.0, 0.0, 1.0
	for k, moment := range at {
		moment = min(max(moment, since), end)
		area += gap * (moment - since)
		since, gap = moment, gaps[k]
	}
	return area + gap*(end-since)
}

// StepAt returns the values that a step function has at moments, which ascend: before
// until at[0], then values[0] until at[1] and so on. At its step it has the new value.
func StepAt(at, values []float64, before float64, moments []float64) []float64 {
	found := make([]float64, len(moments))
	k := 0
	for m, moment := range moments {
		for k < len(at) && at[k] <= moment {
			before = values[k]
			k++
		}
		found[m] = before
	}
	return found
}

// LogSpaced returns n moments from the first to the last, each the same multiple of
// the one before; 0 < first ≤ last. One moment is the last.
func LogSpaced(first, last float64, n int) []float64 {
	moments := make([]float64, n)
	for k := range moments {
		moments[k] = first * math.Pow(last/first, float64(k)/float64(n-1))
	}
	if n > 0 {
		moments[n-1] = last
	}
	return moments
}

// Ratios divides the time of each method on each problem by the best of any method on
// that problem, as a performance profile needs it (Dolan and Moré, Benchmarking
// optimization software with performance profiles, Mathematical Programming 91,
// 2002). times[m][p] is of method m on problem p: greater than 0, +Inf where the
// method failed, NaN where it was not run; both stay what they are.
func Ratios(times [][]float64) [][]float64 {
	ratios := make([][]float64, len(times))
	if len(times) == 0 {
		return ratios
	}
	best := make([]float64, len(times[0]))
	for p := range best {
		best[p] = math.Inf(1)
		for m := range times {
			if times[m][p] < best[p] {
				best[p] = times[m][p]
			}
		}
	}
	for m := range times {
		ratios[m] = make([]float64, len(best))
		for p, t := range times[m] {
			ratios[m][p] = t
			if !math.IsInf(t, 1) {
				ratios[m][p] = t / best[p]
			}
		}
	}
	return ratios
}
