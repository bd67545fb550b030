//go:build cgo

package colgen

import (
	"cmp"
	"slices"
)

const (
	settleParts  = 8 // one in so many of the nodes that are left is settled at once
	settleRarely = 3 // no more than one part in so many of the work
)

// settle looks for a placement near the last solution: sets that it uses most are taken over for
// good, a few nodes at a time, columns are generated for the rest, and so on (R. Sadykov, F.
// Vanderbeck, A. Pessoa, I. Tahiri and E. Uchoa, Primal heuristics for branch and price: the assets
// of diving methods, INFORMS Journal on Computing 31, 2019). Where many nodes cost the same, that
// a copy is on one of them says little, and branching on it would never end. It says whether
// nothing is left to look for here.
func (t *tree) settle() (over bool) {
	if settleRarely*t.settling > t.spent {
		return false
	}
	mark, from, value, before := len(t.trail), point{}, t.value, t.spent
	from.set(&t.point)
	at := t.stand()
	for left := t.nodes; left > 0 && !t.offer(); {
		n := t.adopt(left/settleParts + 1)
		left -= n
		if n == 0 || t.failed || t.tighten(0) || t.stopped {
			break
		}
	}
	t.undo(mark)
	t.back(&at)
	t.restore(&from)
	t.value = value
	t.settling += t.spent - before
	t.aim()
	return t.stopped || t.value > t.cutoff
}

// adopt leaves as many nodes as are wanted, or fewer, with just the sets that are used most of
// those that may still be decided, and returns how many.
func (t *tree) adopt(wanted int) (adopted int) {
	type use struct {
		*column
		x float64
	}
	var uses []use
	for c, column := range t.columns {
		if x := t.values[t.first+c]; x > wholeAt && int(column.node) != t.outside {
			uses = append(uses, use{column, x})
		}
	}
	slices.SortStableFunc(uses, func(a, b use) int { return cmp.Compare(b.x, a.x) })
	for _, u := range uses {
		if adopted == wanted {
			break
		}
		if t.allowed(u.column) && !t.settled(u.column) {
			row := int(u.node) * t.items
			for _, i := range t.listed[u.node] {
				t.limit(row+int(i), u.copies(i))
			}
			for _, in := range u.in {
				t.require(row+int(in.item), in.copies)
			}
			adopted++
		}
	}
	return adopted
}

// settled says whether nothing but a column may be on its node.
func (t *tree) settled(c *column) bool {
	row := int(c.node) * t.items
	for _, i := range t.listed[c.node] {
		if n := c.copies(i); t.hi[row+int(i)] != n || t.least(row+int(i)) != n {
			return false
		}
	}
	return true
}
