package colgen

import (
	"cmp"
	"math"
	"slices"

	"berth/model/integer"
)

// rounding is the search for a cut from one row over variables 0 ≤ y ≤ top that are
// integers: divide by δ, complement what is near its upper end, round (H. Marchand and L.A.
// Wolsey, Aggregation and mixed integer rounding to solve MIPs, Operations Research 49,
// 2001).
type rounding struct {
	capacity
	top     []int64
	y       []float64
	turned  []bool // complemented
	inner   []int  // variables whose value is no end of their range
	divisor int64
}

const (
	maxDivisor = 1 << 24 // larger needs are no divisors
	divisors   = 8       // of a row that are tried, with their halves, quarters and eighths
	violated   = 4e-3    // a cut has to be violated by so much of its norm
)

// separate looks for a cut that the values violate, and says whether there is one.
func (m *rounding) separate() bool {
	m.turned = make([]bool, len(m.need))
	load := 0.0
	for t, y := range m.y {
		top := float64(m.top[t])
		m.turned[t] = y > top/2
		load += y * float64(m.need[t])
		if y > wholeAt && y < top-wholeAt && m.need[t] > 0 {
			m.inner = append(m.inner, t)
		}
	}
	if len(m.inner) == 0 || load < 0.8*float64(m.room) {
		return false
	}
	slices.SortFunc(m.inner, func(a, b int) int {
		return cmp.Or(cmp.Compare(m.distance(a), m.distance(b)), cmp.Compare(a, b))
	})
	best, at := violated, int64(0)
	tried := map[int64]bool{}
	for n, t := range m.inner {
		if n == divisors {
			break
		}
		for _, d := range []int64{m.need[t], m.need[t] / 2, m.need[t] / 4, m.need[t] / 8} {
			if d < 2 || d > maxDivisor || tried[d] {
				continue
			}
			tried[d] = true
			m.divisor = d
			if v := m.violation(); v > best {
				best, at = v, d
			}
		}
	}
	if at == 0 {
		return false
	}
	m.divisor = at
	for _, t := range m.inner[:min(len(m.inner), 4*divisors)] {
		m.turned[t] = !m.turned[t]
		if v := m.violation(); v > best {
			best = v
		} else {
			m.turned[t] = !m.turned[t]
		}
	}
	return true
}

// distance is how far the value of an item is from the middle of its range.
func (m *rounding) distance(t int) float64 {
	top := float64(m.top[t])
	return math.Abs(m.y[t]/top - 0.5)
}

// right returns the right side before rounding: room, less what the complemented
// items take.
func (m *rounding) right() int64 {
	right := m.room
	for t, turned := range m.turned {
		if turned {
			right -= m.need[t] * m.top[t]
		}
	}
	return right
}

// rounded returns the coefficient that need becomes, times divisor less the
// remainder of the right side.
func (m *rounding) rounded(need, remainder int64) int64 {
	whole, rest := floorDiv(need, m.divisor)
	return (m.divisor-remainder)*whole + max(rest-remainder, 0)
}

// violation is by how much of its norm the values violate the cut.
func (m *rounding) violation() float64 {
	whole, remainder := floorDiv(m.right(), m.divisor)
	if remainder == 0 {
		return 0
	}
	scale := 1 / float64(m.divisor-remainder)
	left, norm := 0.0, 0.0
	for t, y := range m.y {
		if y <= wholeAt && !m.turned[t] {
			continue
		}
		factor := 0.0
		if m.turned[t] {
			factor = float64(m.rounded(-m.need[t], remainder)) * scale
			y = float64(m.top[t]) - y
		} else {
			factor = float64(m.rounded(m.need[t], remainder)) * scale
		}
		left += factor * y
		norm += factor * factor
	}
	if norm == 0 {
		return 0
	}
	return (left - float64(whole)) / math.Sqrt(norm)
}

// inequality is the cut, Σ factor·y ≤ right, with the complemented variables put back.
func (m *rounding) inequality() (factor []int64, right int64) {
	whole, remainder := floorDiv(m.right(), m.divisor)
	right = (m.divisor - remainder) * whole
	common := int64(0)
	for t, need := range m.need {
		f := m.rounded(need, remainder)
		if m.turned[t] {
			f = -m.rounded(-need, remainder)
			right += f * m.top[t]
		}
		factor = append(factor, f)
		common = integer.GCD(common, magnitude(f))
	}
	right, _ = floorDiv(right, common)
	for t := range factor {
		factor[t] /= common
	}
	return factor, right
}

// floorDiv returns a/b rounded down, and the rest; b is positive.
func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}
