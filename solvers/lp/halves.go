//go:build cgo

package lp

import (
	"math/bits"
	"slices"

	"berth/solvers/lp/safe"
)

// Zero-half cuts: rows whose sum has even coefficients and an odd right side are added up and
// halved, and the right side is rounded down. Slack of a row takes from the half that this wins, and so
// does a fraction whose coefficient in the sum is odd. So one looks for a sum with an odd right side in
// which slacks and fractions are less than 1: a question of parities alone (Caprara and
// Fischetti, "{0, 1/2}-Chvátal-Gomory cuts", Mathematical Programming 1996). It is answered by elimination
// modulo 2, the rows of least slack and the largest fractions first (Koster, Zymolka and
// Kutschka, "Algorithms to separate {0, 1/2}-Chvátal-Gomory cuts", Algorithmica 2009, without their
// search for short sums among what is left). Where the relaxation ends at halves, as it does
// where members of wishes are counted by places, such sums take few rows each, which those of
// the tableau do not.
//
// The cut itself is made by tableau.round, in integers.
//
// Cost: O(rows · columns · (rows + columns) / 64), mostly far less.

const (
	mostSlack  = 1 - 1e-3 // of a sum, with its fractions
	mostHalves = 500      // sums of a round
)

// parity is a sum of rows modulo 2.
type parity struct {
	slack float64
	odd   bool     // its right side
	set   []uint64 // the columns that are odd in it, then the rows that it is the sum of
}

// halves finds the sums of one point.
type halves struct {
	x      *tableau
	column []int32   // by variable: its index among the fractions, or −1
	weight []float64 // by fraction: how far it is from a whole number
	words  int       // of the columns in a set
	origin []int32   // the relaxation's row by a bit of the rows in a set
	rows   []*parity
	found  [][]multiple
}

// halves returns cuts from sums of rows that are odd.
func (x *tableau) halves() []depthCut {
	h := &halves{x: x, column: make([]int32, len(x.value))}
	for j, v := range x.value {
		h.column[j] = -1
		if x.t.domain.Value[j] == safe.Free && v > integral && v < 1-integral {
			h.column[j] = int32(len(h.weight))
			h.weight = append(h.weight, min(v, 1-v))
		}
	}
	h.take()
	h.eliminate()
	var cuts []depthCut
	for _, sum := range h.found {
		if cut := x.round(sum, 2); cut.row != nil {
			cuts = append(cuts, cut)
		}
	}
	return cuts
}

// take reads the rows that have little slack.
func (h *halves) take() {
	h.words = (len(h.weight) + 63) / 64
	for r, row := range h.x.t.relax.rows {
		p := &parity{odd: row.RHS&1 != 0, set: make([]uint64, h.words)}
		activity := 0.0
		for k, j := range row.Vars {
			a := row.Coefs[k]
			activity += float64(a) * h.x.value[j]
			if a&1 == 0 {
				continue
			}
			if h.x.high(j) {
				p.odd = !p.odd
			}
			if c := h.column[j]; c >= 0 {
				p.set[c>>6] |= 1 << (c & 63)
			}
		}
		h.x.work += int64(len(row.Vars))
		if !row.Equal {
			p.slack = max(float64(row.RHS)-activity, 0)
		}
		if p.slack < mostSlack && !h.empty(p) {
			h.rows = append(h.rows, p)
			h.origin = append(h.origin, int32(r))
		}
	}
	words := (len(h.rows) + 63) / 64
	for r, p := range h.rows {
		p.set = append(p.set, make([]uint64, words)...)
		p.set[h.words+r>>6] |= 1 << (r & 63)
	}
}

// empty says whether a sum has no odd column.
func (h *halves) empty(p *parity) bool {
	return !slices.ContainsFunc(p.set[:h.words], func(w uint64) bool { return w != 0 })
}

// away is what the fractions of a sum take from it.
func (h *halves) away(p *parity) float64 {
	sum := 0.0
	for k, w := range p.set[:h.words] {
		for ; w != 0; w &= w - 1 {
			sum += h.weight[k<<6+bits.TrailingZeros64(w)]
		}
	}
	return sum
}

// eliminate takes one column after the other out of the rows, and notes the sums that give cuts.
func (h *halves) eliminate() {
	for _, p := range h.rows {
		h.note(p)
	}
	for len(h.found) < mostHalves {
		best := -1
		for r, p := range h.rows {
			if p != nil && (best < 0 || p.slack < h.rows[best].slack) {
				best = r
			}
		}
		if best < 0 {
			return
		}
		pivot := h.rows[best]
		h.rows[best] = nil
		c := h.heaviest(pivot)
		if c < 0 {
			continue
		}
		for r, p := range h.rows {
			if p == nil || p.set[c>>6]>>(c&63)&1 == 0 {
				continue
			}
			p.slack += pivot.slack
			p.odd = p.odd != pivot.odd
			for k, w := range pivot.set {
				p.set[k] ^= w
			}
			h.x.work += int64(len(p.set))
			if p.slack > mostSlack {
				h.rows[r] = nil
				continue
			}
			h.note(p)
		}
	}
}

// heaviest is the odd column of a sum that is farthest from a whole number, −1 if there is none.
func (h *halves) heaviest(p *parity) int {
	best := -1
	for k, w := range p.set[:h.words] {
		for ; w != 0; w &= w - 1 {
			if c := k<<6 + bits.TrailingZeros64(w); best < 0 || h.weight[c] > h.weight[best] {
				best = c
			}
		}
	}
	return best
}

// note keeps a sum that gives a cut.
func (h *halves) note(p *parity) {
	if !p.odd || p.slack+h.away(p) > mostSlack {
		return
	}
	var sum []multiple
	for k, w := range p.set[h.words:] {
		for ; w != 0; w &= w - 1 {
			sum = append(sum, multiple{h.x.t.relax.rows[h.origin[k<<6+bits.TrailingZeros64(w)]], 1})
		}
	}
	h.found = append(h.found, sum)
}
