package sat

import (
	"cmp"
	"slices"

	"berth/model/integer"
)

// Sum is the constraint that the leaves are worth at most Limit together.
//
// Every linear constraint comes to this form (see Encoder.Sum). A leaf is what
// belongs together: one variable, a one-hot group whose variables have different
// coefficients, or a falling sequence. Thus a row over forty variables of four
// tasks is a sum of four leaves.
type Sum struct {
	Limit  int64
	leaves []leaf
}

// leaf is worth the largest value among its true literals, or 0.
type leaf struct {
	steps []step // by value, ascending, all above 0
	// ordered says that each literal implies the one before it and that values
	// are distinct. A leaf that is not is a group: at most one literal is true.
	ordered bool
}

// step is a literal with what its leaf is worth when it is the highest true one.
type step struct {
	value int64
	lit   Lit
}

func (l *leaf) most() int64 { return l.steps[len(l.steps)-1].value }

// newLeaf sorts the steps and makes a leaf of them.
func newLeaf(steps []step, ordered bool) leaf {
	slices.SortStableFunc(steps, func(a, b step) int { return cmp.Compare(a.value, b.value) })
	return leaf{steps: steps, ordered: ordered || len(steps) == 1}
}

// most is what the leaves are worth at most. It saturates.
func (s *Sum) most() int64 {
	total := int64(0)
	for k := range s.leaves {
		total = integer.AddCapped(total, s.leaves[k].most())
	}
	return total
}

// worth is what the leaf is worth in an assignment.
func (l *leaf) worth(value func(Lit) bool) int64 {
	for k := len(l.steps) - 1; k >= 0; k-- {
		if value(l.steps[k].lit) {
			return l.steps[k].value
		}
	}
	return 0
}

// divide divides all values by their greatest common divisor and rounds the limit
// down, which loses nothing.
func (s *Sum) divide() {
	d := int64(0)
	for k := range s.leaves {
		for _, st := range s.leaves[k].steps {
			if d = integer.GCD(d, st.value); d == 1 {
				return
			}
		}
	}
	if d > 1 {
		*s = *s.coarse(d)
	}
}

// coarse is a weaker sum with values in multiples of unit, rounded down. Where
// unit divides all values it is the same constraint.
func (s *Sum) coarse(unit int64) *Sum {
	c := &Sum{Limit: integer.FloorDiv(s.Limit, unit)}
	for k := range s.leaves {
		l := leaf{ordered: s.leaves[k].ordered}
		for _, st := range s.leaves[k].steps {
			value := st.value / unit
			last := len(l.steps) - 1
			if value == 0 || l.ordered && last >= 0 && l.steps[last].value == value {
				continue // in a sequence the earlier literal is the weaker one, and stands for both
			}
			l.steps = append(l.steps, step{value, st.lit})
		}
		if len(l.steps) > 0 {
			c.leaves = append(c.leaves, l)
		}
	}
	return c
}
