package results

import (
	"cmp"
	"math"
	"math/big"

	"berth/model"
)

// decimal is the exact value of a model.Number, ready for comparisons: units /
// 10^places, or exact where that does not fit.
type decimal struct {
	units  int64
	places int
	exact  *big.Rat // nil: units and places say it
	text   model.Number
}

const mostDigits = 18 // of which any number fits an int64

var powersOfTen = func() (powers [mostDigits + 1]int64) {
	powers[0] = 1
	for k := 1; k <= mostDigits; k++ {
		powers[k] = 10 * powers[k-1]
	}
	return powers
}()

// parseDecimal reads a number; false for an empty one and for text that is none.
func parseDecimal(n model.Number) (decimal, bool) {
	d := decimal{text: n}
	digits, point, start := 0, -1, 0
	if len(n) > 0 && n[0] == '-' {
		start = 1
	}
	for k := start; k < len(n); k++ {
		switch c := n[k]; {
		case digits == 1 && point < 0 && n[start] == '0' && c != '.': // 007 is no number
			return parseExact(n)
		case '0' <= c && c <= '9' && digits < mostDigits:
			d.units = 10*d.units + int64(c-'0')
			digits++
		case c == '.' && point < 0 && digits > 0:
			point = digits
		default:
			return parseExact(n)
		}
	}
	if digits == 0 || point == digits {
		return parseExact(n)
	}
	if point >= 0 {
		d.places = digits - point
	}
	if n[0] == '-' {
		d.units = -d.units
	}
	return d, true
}

func parseExact(n model.Number) (decimal, bool) {
	value := n.Rat()
	return decimal{exact: value, text: n}, value != nil
}

// rat returns the value as a fraction.
func (d decimal) rat() *big.Rat {
	if d.exact != nil {
		return d.exact
	}
	return big.NewRat(d.units, powersOfTen[d.places])
}

// aligned returns both values in the same unit, 1/10^places; false where that does
// not fit an int64.
func aligned(a, b decimal) (x, y int64, places int, ok bool) {
	if a.exact != nil || b.exact != nil {
		return 0, 0, 0, false
	}
	places = max(a.places, b.places)
	x, okX := widen(a.units, places-a.places)
	y, okY := widen(b.units, places-b.places)
	return x, y, places, okX && okY
}

func widen(units int64, places int) (int64, bool) {
	product := units * powersOfTen[places]
	return product, product/powersOfTen[places] == units && units != math.MinInt64
}

// compare is negative where a is less than b, 0 where they are equal.
func compare(a, b decimal) int {
	if x, y, _, ok := aligned(a, b); ok {
		return cmp.Compare(x, y)
	}
	return a.rat().Cmp(b.rat())
}

// float returns the nearest floating-point number.
func (d decimal) float() float64 {
	if d.exact == nil && d.units == int64(float64(d.units)) {
		return float64(d.units) / math.Pow10(d.places) // both exact, so the quotient is rounded once
	}
	f, _ := d.rat().Float64()
	return f
}

// gapTo is (cost − best) / max(|best|, 1), 0 only where they are equal.
func gapTo(cost, best decimal) float64 {
	var difference decimal
	if x, y, places, ok := aligned(cost, best); ok && (x < 0) == (y < 0) {
		difference = decimal{units: x - y, places: places}
	} else {
		difference = decimal{exact: new(big.Rat).Sub(cost.rat(), best.rat())}
	}
	return difference.float() / max(math.Abs(best.float()), 1)
}
