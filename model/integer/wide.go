package integer

import (
	"math"
	"math/bits"
)

// Wide is a signed integer of 128 bits in two's complement. Its zero value is 0.
// Who adds has to know that the sums stay within 127 bits.
type Wide struct {
	high int64
	low  uint64
}

// FromInt returns n·2^shift.
func FromInt(n int64, shift uint) Wide {
	if shift >= 64 {
		return Wide{n << (shift - 64), 0}
	}
	return Wide{n >> (64 - shift), uint64(n) << shift}
}

// Plus returns w + v.
func (w Wide) Plus(v Wide) Wide {
	low, carry := bits.Add64(w.low, v.low, 0)
	return Wide{w.high + v.high + int64(carry), low}
}

// Minus returns w − v.
func (w Wide) Minus(v Wide) Wide {
	low, borrow := bits.Sub64(w.low, v.low, 0)
	return Wide{w.high - v.high - int64(borrow), low}
}

// Less reports whether w < v.
func (w Wide) Less(v Wide) bool {
	return w.high < v.high || w.high == v.high && w.low < v.low
}

// Sign returns −1, 0 or 1.
func (w Wide) Sign() int {
	switch {
	case w.high < 0:
		return -1
	case w.high == 0 && w.low == 0:
		return 0
	}
	return 1
}

// Abs returns |w|.
func (w Wide) Abs() Wide {
	if w.high < 0 {
		return Wide{}.Minus(w)
	}
	return w
}

// CeilShift returns ⌈w / 2^shift⌉, or the int64 next to it where it is none.
func (w Wide) CeilShift(shift uint) int64 {
	n := Wide{}.Minus(w)
	high, low := n.high>>63, n.high
	if shift < 64 {
		high, low = n.high>>shift, int64(uint64(n.high)<<(64-shift)|n.low>>shift)
	} else {
		low >>= shift - 64
	}
	switch {
	case high == low>>63 && low != math.MinInt64:
		return -low
	case n.high < 0:
		return math.MaxInt64
	}
	return math.MinInt64
}

// Product returns a·b.
func Product(a, b int64) Wide {
	high, low := bits.Mul64(uint64(a), uint64(b))
	return Wide{int64(high) - (a>>63)&b - (b>>63)&a, low}
}

// Float returns about what w / 2^shift is.
func (w Wide) Float(shift uint) float64 {
	return math.Ldexp(float64(w.high), 64-int(shift)) + math.Ldexp(float64(w.low), -int(shift))
}
