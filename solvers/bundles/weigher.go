//go:build cgo

package bundles

// weigher weighs many bundles at one point.
type weigher struct {
	*instance
	by    []weights // by class
	sums  []weight  // all but those that match
	lift  int64     // what those add to a bundle at most
	steps int64     // work so far
}

// weights is what bundles of a class are worth but for their cost.
type weights struct {
	gain  []int64   // by item: what a copy is worth
	pairs [][]match // by item: sums that match it with others
	lift  int64     // what those add to a bundle at most
}

// match is the value of a sum that counts items together.
type match struct {
	other        int32
	copies, also int32 // of the item and the other
	value        int64
}

// weight is a sum with its multiplier, which is not 0.
type weight struct {
	*sum
	value int64
}

// weigher makes one of a point with the multipliers of some sums, or of the first of them.
func (in *instance) weigher(at *point, sums []*sum) *weigher {
	s := &weigher{instance: in, by: make([]weights, len(in.classes))}
	for k := range in.classes {
		s.by[k] = weights{gain: make([]int64, in.items), pairs: make([][]match, in.items)}
		for i := range s.by[k].gain {
			s.by[k].gain[i] = in.profit(int32(k), int32(i), at)
		}
	}
	for n, value := range at.sum {
		sum := sums[n]
		switch {
		case value == 0:
		case !sum.matches:
			s.sums = append(s.sums, weight{sum, value})
			s.lift += max(value, 0)
		default:
			for k := range in.classes {
				s.match(int32(k), sum, value)
			}
		}
	}
	return s
}

// match takes up a sum that matches in a class.
func (s *weigher) match(k int32, sum *sum, value int64) {
	if value *= sum.sign(s.instance, k); value == 0 {
		return
	}
	w := &s.by[k]
	w.pairs[sum.a.item] = append(w.pairs[sum.a.item], match{sum.b.item, sum.a.copies, sum.b.copies, value})
	w.lift += max(value, 0) * int64(-sum.low)
}

// worth is what a bundle is worth at the point, in the units of multipliers; where that
// is not more than enough, it may be something else that is not, and not less than its
// worth.
func (s *weigher) worth(b *bundle, enough int64) int64 {
	w := &s.by[b.class]
	sum := -b.cost<<s.shift + s.lift + w.lift
	for _, t := range b.in {
		sum += int64(t.copies) * w.gain[t.item]
	}
	if sum <= enough {
		return sum
	}
	sum -= w.lift
	for _, t := range b.in {
		s.steps += int64(len(w.pairs[t.item]))
		for _, m := range w.pairs[t.item] {
			if !b.has(m.other) {
				continue
			}
			also := int32(1)
			if s.copies[m.other] > 1 {
				also = b.copies(m.other)
			}
			sum += m.value * int64(min(t.copies/m.copies, also/m.also))
		}
	}
	if len(s.sums) == 0 || sum <= enough {
		return sum
	}
	sum -= s.lift
	s.steps += int64(5 * len(s.sums))
	for _, w := range s.sums {
		sum += w.value * w.counts(s.instance, b)
	}
	return sum
}
