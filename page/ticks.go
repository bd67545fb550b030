package page

import "math"

// Ticks are round numbers for an axis from low to high: multiples of 1, 2 or 5 times a power of
// ten, at most one more than so many.
func Ticks(low, high float64, most int) []float64 {
	step := Step((high - low) / float64(most))
	var ticks []float64
	first := math.Ceil(low/step - 1e-9)
	for k := range most + 2 {
		if at := (first + float64(k)) * step; at <= high+step*1e-9 {
			ticks = append(ticks, at)
		}
	}
	return ticks
}

// Step is 1, 2 or 5 times a power of ten, at least as much as asked.
func Step(least float64) float64 {
	if least <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, times := range []float64{1, 2, 5} {
		if times*power >= least {
			return times * power
		}
	}
	return 10 * power
}
