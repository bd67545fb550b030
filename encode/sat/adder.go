package sat

import "math/bits"

// The adder: Eén and Sörensson, "Translating Pseudo-Boolean Constraints into SAT"
// (JSAT 2006), section 5.2, after Warners (1998). The values are added up in
// binary with full and half adders, and the bits of the sum are compared with the
// limit. Its size is linear in the number of bits of all values, so there is
// always room for it; but unit propagation sees little through it. It is taken
// only where a totalizer would be too large and the clauses must be complete.

// adder writes the sum, whose steps are all within its limit.
func (e *Encoder) adder(s *Sum) {
	var columns [64][]Lit // literals that are worth 1<<column each
	put := func(value int64, lit Lit) {
		for v := uint64(value); v != 0; v &= v - 1 {
			c := bits.TrailingZeros64(v)
			columns[c] = append(columns[c], lit)
		}
	}
	for k := range s.leaves {
		n := e.order(&s.leaves[k])
		below := int64(0)
		for i, value := range n.sums {
			put(value-below, n.lits[i])
			below = value
		}
	}
	var sum [64]Lit // 0 where the bit is never set
	for c := range columns {
		column := columns[c]
		for len(column) > 1 {
			var third Lit
			if len(column) > 2 {
				third = column[2]
			}
			bit, carry := e.addBits(column[0], column[1], third)
			column = append(column[min(3, len(column)):len(column):len(column)], bit)
			columns[c+1] = append(columns[c+1], carry)
		}
		if len(column) == 1 {
			sum[c] = column[0]
		}
	}
	e.compare(sum[:], s.Limit)
}

// addBits returns the sum and the carry of two or three literals (c may be 0).
func (e *Encoder) addBits(a, b, c Lit) (sum, carry Lit) {
	sum, carry = e.New(), e.New()
	if c == 0 {
		e.parity(sum, a, b)
		e.Add(-a, -b, carry)
		e.Add(a, -carry)
		e.Add(b, -carry)
		return sum, carry
	}
	e.parity(sum, a, b, c)
	for _, pair := range [][2]Lit{{a, b}, {a, c}, {b, c}} {
		e.Add(-pair[0], -pair[1], carry)
		e.Add(pair[0], pair[1], -carry)
	}
	return sum, carry
}

// parity says that sum is the exclusive or of the inputs: a clause forbids every
// assignment of all of them with an odd number of true literals.
func (e *Encoder) parity(sum Lit, inputs ...Lit) {
	all := append([]Lit{sum}, inputs...)
	for m := range uint(1) << len(all) {
		if bits.OnesCount(m)%2 == 0 {
			continue
		}
		clause := make([]Lit, len(all))
		for k, l := range all {
			if clause[k] = l; m>>k&1 == 1 {
				clause[k] = -l
			}
		}
		e.Add(clause...)
	}
}

// compare says that the number with these bits is at most limit: wherever it has
// a bit that limit lacks, it lacks a higher bit that limit has.
func (e *Encoder) compare(sum []Lit, limit int64) {
	var higher []Lit // negations of the bits above that limit has
	for c := len(sum) - 1; c >= 0; c-- {
		has := limit>>c&1 == 1
		switch {
		case has && sum[c] == 0:
			return // from here on the number is the smaller one, if it was equal so far
		case has:
			higher = append(higher, -sum[c])
		case sum[c] != 0:
			e.Add(append([]Lit{-sum[c]}, higher...)...)
		}
	}
}
