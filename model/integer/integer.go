// Package integer is the arithmetic that bounds and encodings share: exact, on int64.
package integer

import "math"

// GCD returns the greatest common divisor of |a| and |b|; GCD(0, b) is |b|.
func GCD(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return max(a, -a)
}

// FloorDiv returns ⌊a/b⌋ for b > 0.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// AddCapped returns a+b of numbers that are not negative, or the largest int64 where that
// is less.
func AddCapped(a, b int64) int64 {
	if sum := a + b; sum >= a {
		return sum
	}
	return math.MaxInt64
}
