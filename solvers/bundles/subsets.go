//go:build cgo

package bundles

import (
	"cmp"
	"slices"
)

// Of three items of one copy no two bundles hold two each: subset rows (M. Jepsen, B.
// Petersen, S. Spoorendonk and D. Pisinger, Subset-row inequalities applied to the
// vehicle-routing problem with time windows, Operations Research 56, 2008). Where all
// bundles are listed, they cost next to nothing. Before, pricing has to know what they
// make a bundle pay (sack.go); so there they are added only if no list was made without.

const (
	subsetRows = 40 // at most in a round
	ofAnItem   = 6  // … with one item
)

// loosen takes off the subset rows that have no multiplier, neither in the program nor
// where the bound is best.
func (t *tree) loosen() {
	kept := 0
	for n, s := range t.decided.sums {
		if s.triple && t.sum[n] == 0 && t.best.sum[n] == 0 {
			continue
		}
		t.decided.sums[kept], t.best.sum[kept] = s, t.best.sum[n]
		kept++
	}
	t.decided.sums, t.best.sum = t.decided.sums[:kept], t.best.sum[:kept]
}

// subsets lists subset rows that the solution breaks most.
func (t *tree) subsets() []*sum {
	together := make([]float64, t.items*t.items)
	var parts []int // columns that are used in part
	for c, b := range t.columns {
		x := t.values[t.extra+c]
		if x <= wholeAt || x >= 1-wholeAt || b.wide {
			continue
		}
		parts = append(parts, c)
		for n, in := range b.in {
			for _, other := range b.in[:n] {
				if t.single(in.item) && t.single(other.item) {
					together[int(in.item)*t.items+int(other.item)] += x
					together[int(other.item)*t.items+int(in.item)] += x
				}
			}
		}
	}
	type broken struct {
		items [3]int32
		by    float64
	}
	var list []broken
	mates := make([]int32, 0, t.items)
	for a := range int32(t.items) {
		mates = mates[:0]
		row := together[int(a)*t.items:][:t.items]
		for b := a + 1; int(b) < t.items; b++ {
			if row[b] > wholeAt {
				mates = append(mates, b)
			}
		}
		for n, b := range mates {
			for _, c := range mates[:n] {
				by := row[b] + row[c] + together[int(b)*t.items+int(c)] - 1
				if by < leastBroken {
					continue
				}
				for _, k := range parts {
					if in := t.columns[k]; in.has(a) && in.has(b) && in.has(c) {
						by -= 2 * t.values[t.extra+k]
					}
				}
				if by >= leastBroken {
					list = append(list, broken{[3]int32{a, b, c}, by})
				}
			}
		}
	}
	t.tick(int64(t.items*t.items + 100*len(parts) + 200*len(list)))
	slices.SortStableFunc(list, func(x, y broken) int { return cmp.Compare(y.by, x.by) })
	var sums []*sum
	rows := make([]int, t.items)
	for _, l := range list {
		a, b, c := l.items[0], l.items[1], l.items[2]
		if max(rows[a], rows[b], rows[c]) < ofAnItem && len(sums) < subsetRows {
			rows[a], rows[b], rows[c] = rows[a]+1, rows[b]+1, rows[c]+1
			sums = append(sums, &sum{class: -1, a: taking{a, 1}, b: taking{b, 1}, third: c, triple: true, top: 1})
		}
	}
	return sums
}
