//go:build cgo

package bundles

import (
	"cmp"
	"slices"
)

// Rows of links say how many copies of each item are in a wide place, but not which are
// there together; a program that is in parts pairs them in one way on the nodes and in
// another in the rack. What is together on a node of a rack is together in the rack:
// rows that say so for two items are added where the solution breaks them. Their
// multipliers move worth from an edge on the nodes to the same edge in the rack, as in
// Lagrangian decomposition (M. Guignard and S. Kim, Lagrangean decomposition: a model
// yielding stronger Lagrangean bounds, Mathematical Programming 39, 1987), so pricing
// stays as it is.

const (
	agreeRounds = 20   // of new rows in a node
	agreeRows   = 60   // at most in a round
	leastBroken = 0.05 // by how much a row has to be broken
	leastGain   = 0.02 // of the gap: where a round closes less, it was the last
	leastLift   = 0.1  // … and where bundles have to be priced under the rows
)

// agree converges, with rows that the solution breaks: for pairs that wide and narrow
// bundles disagree on, and where all bundles are listed, for subsets. It says whether
// the node is closed.
func (t *tree) agree() bool {
	if t.converge() {
		return true
	}
	switch {
	case t.links > 0:
		return t.tighten(t.disagreements, leastGain)
	case t.pool != nil:
		return t.tighten(t.subsets, leastGain)
	}
	return false
}

// tighten adds rows that the solution breaks for as long as a round closes so much of the
// gap, and says whether the node is closed.
func (t *tree) tighten(broken func() []*sum, least float64) bool {
	for range agreeRounds {
		before := t.bound()
		gap := float64(t.highest()) - before
		if t.stopped {
			return false
		}
		added := broken()
		if len(added) == 0 {
			return false
		}
		t.loosen()
		t.decided.sums = append(t.decided.sums, added...)
		if t.pool == nil {
			t.pack()
		} else {
			t.pool = t.sieve(t.pool)
		}
		t.show()
		closed := t.converge()
		if closed {
			return true
		}
		if t.bound()-before < least*gap {
			return false
		}
	}
	return false
}

// disagreements lists rows that the solution breaks most.
func (t *tree) disagreements() []*sum {
	type broken struct {
		sum *sum
		by  float64
	}
	var list []broken
	parts := make([]float64, t.items*t.items)
	for k := range t.classes {
		if !t.classes[k].wide {
			continue
		}
		clear(parts)
		all := sum{class: int32(k), matches: true, low: -1}
		for c, b := range t.columns {
			x := t.values[t.extra+c]
			sign := float64(all.sign(t.instance, b.class))
			if x <= wholeAt || sign == 0 {
				continue
			}
			for n, in := range b.in {
				for _, other := range b.in[:n] {
					parts[int(other.item)*t.items+int(in.item)] += sign * x
				}
			}
		}
		for at, by := range parts {
			a, b := int32(at/t.items), int32(at%t.items)
			if by < leastBroken || !t.single(a) || !t.single(b) || !t.concern[t.classes[k].topology][a] || !t.concern[t.classes[k].topology][b] {
				continue
			}
			s := all
			s.a, s.b = taking{a, 1}, taking{b, 1}
			list = append(list, broken{&s, by})
		}
	}
	t.tick(int64(t.items*t.items + 50*len(t.columns)))
	slices.SortStableFunc(list, func(x, y broken) int { return cmp.Compare(y.by, x.by) })
	var sums []*sum
	for _, b := range list[:min(len(list), agreeRows)] {
		sums = append(sums, b.sum)
	}
	return sums
}
