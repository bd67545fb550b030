//go:build cgo

package bundles

import (
	"cmp"
	"slices"
)

// Rows of links say how many copies of each item are in a wide place, but not which are
// there together; a program that is in parts pairs them in one way on the nodes and in
// another in the rack. What is together on a node of a rack is together in the rack:
// rows that say so for two items are added where the solution breaks them. Of items with
// copies, counted i of the one and j of the other to a time, the lesser of the two counts
// is on all nodes of a rack together at most what it is in the rack. Their
// multipliers move worth from an edge on the nodes to the same edge in the rack, as in
// Lagrangian decomposition (M. Guignard and S. Kim, Lagrangean decomposition: a model
// yielding stronger Lagrangean bounds, Mathematical Programming 39, 1987), so pricing
// stays as it is.

const (
	mostSteps   = 3    // copies that a row counts to a time
	agreeRounds = 20   // of new rows in a node
	agreeRows   = 60   // at most in a round
	leastBroken = 0.05 // by how much a row has to be broken
	leastGain   = 0.02 // of the gap: where a round closes less, it was the last
	leastLift   = 0.1  // … and where bundles have to be priced under the rows
	roughGap    = 0.1  // of the gap, likewise: as far from the bound the program may stay while rows are found
)

// agree converges, with rows that the solution breaks: for pairs that wide and narrow
// bundles disagree on, and where all bundles are listed, for subsets. It says whether
// the node is closed.
func (t *tree) agree() bool {
	if t.links > 0 {
		t.rough = true
		closed := t.converge() || t.tighten(t.disagreements, leastGain)
		t.rough = false
		if closed || t.stopped {
			return closed
		}
	}
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
		before := t.objective()
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
		if t.objective()-before < least*gap {
			return false
		}
		t.few()
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
	steps := int32(1)
	for steps < min(slices.Max(t.copies), mostSteps) && int(steps+1)*t.items <= maxItems {
		steps++
	}
	side := int(steps) * t.items
	parts := make([]float64, side*side) // by item and step of both
	for k := range t.classes {
		if !t.classes[k].wide {
			continue
		}
		clear(parts)
		all := sum{class: int32(k), matches: true}
		concern := t.concern[t.classes[k].topology]
		for c, b := range t.columns {
			x := t.values[t.extra+c]
			if sign := all.sign(t.instance, b.class); x > wholeAt && sign != 0 {
				b.addPairs(parts, steps, side, float64(sign)*x)
			}
		}
		for at, by := range parts {
			if by < leastBroken {
				continue
			}
			s := all
			first, second := int32(at/side), int32(at%side)
			s.a, s.b = taking{first / steps, first%steps + 1}, taking{second / steps, second%steps + 1}
			if !concern[s.a.item] || !concern[s.b.item] || s.a.item == s.b.item && s.a.copies != s.b.copies {
				continue
			}
			s.low = -min(t.copies[s.a.item]/s.a.copies, t.copies[s.b.item]/s.b.copies)
			list = append(list, broken{&s, by})
		}
	}
	t.tick(int64(side*side + 50*len(t.columns)))
	slices.SortStableFunc(list, func(x, y broken) int { return cmp.Compare(y.by, x.by) })
	var sums []*sum
	for _, b := range list[:min(len(list), agreeRows)] {
		sums = append(sums, b.sum)
	}
	return sums
}

// addPairs adds x times the number of pairs in a bundle to parts, for every two of its items: with
// i copies of the one and j of the other making one pair, up to as many as steps of either. The
// rows and columns of parts, a square with that side, are items by steps.
func (b *bundle) addPairs(parts []float64, steps int32, side int, x float64) {
	for n, in := range b.in {
		for _, other := range b.in[:n+1] {
			for i := range min(in.copies, steps) {
				for j := range min(other.copies, steps) {
					times := min(in.copies/(i+1), other.copies/(j+1))
					parts[int(other.item*steps+j)*side+int(in.item*steps+i)] += x * float64(times)
				}
			}
		}
	}
}
