//go:build cgo

package bundles

// weigher weighs many bundles at one point.
type weigher struct {
	*instance
	gain [][]int64 // by class and item: what a copy is worth, but for its cost
	sums []weight
	lift int64 // what sums add to a bundle at most
}

// weight is a sum with its multiplier, which is not 0.
type weight struct {
	*sum
	value int64
}

// weigher makes one of a point with the multipliers of some sums, or of the first of them.
func (in *instance) weigher(at *point, sums []*sum) *weigher {
	s := &weigher{instance: in}
	for k := range in.classes {
		gain := make([]int64, in.items)
		for i := range gain {
			gain[i] = in.profit(int32(k), int32(i), at)
		}
		s.gain = append(s.gain, gain)
	}
	for n, value := range at.sum {
		sum := sums[n]
		if value != 0 {
			s.sums = append(s.sums, weight{sum, value})
		}
		if sum.matches {
			s.lift += max(value, -value) * int64(-sum.low)
		} else {
			s.lift += max(value, 0)
		}
	}
	return s
}

// worth is what a bundle is worth at the point, in the units of multipliers; where that
// is not more than enough, it may be something else that is not, and not less than its
// worth.
func (s *weigher) worth(b *bundle, enough int64) int64 {
	sum, gain := -b.cost<<s.shift, s.gain[b.class]
	for _, t := range b.in {
		sum += int64(t.copies) * gain[t.item]
	}
	if len(s.sums) == 0 || sum+s.lift <= enough {
		return sum + s.lift
	}
	for _, w := range s.sums {
		sum += w.value * w.counts(s.instance, b)
	}
	return sum
}
