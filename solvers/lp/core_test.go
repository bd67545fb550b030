//go:build cgo

package lp

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/solvers/lp/safe"
)

// A row whose coefficients are brought down has the same points, and none that could be brought
// down further.
func TestClip(t *testing.T) {
	clipped := 0
	rapid.Check(t, func(t *rapid.T) {
		coefs := rapid.SliceOfN(rapid.Int64Range(-9, 9), 1, 7).Draw(t, "coefficients")
		row := &safe.Row{Coefs: slices.Clone(coefs), RHS: rapid.Int64Range(-9, 20).Draw(t, "right side")}
		most, right := int64(0), row.RHS
		for _, a := range coefs {
			most += max(a, 0)
		}
		excess := most - right
		if excess <= 0 {
			return // the row always holds
		}
		clip(row, excess)
		for x := range 1 << len(coefs) {
			before, after := int64(0), int64(0)
			for k := range coefs {
				before += coefs[k] * int64(x>>k&1)
				after += row.Coefs[k] * int64(x>>k&1)
			}
			if (before <= right) != (after <= row.RHS) {
				t.Fatalf("%v ≤ %d became %v ≤ %d, which differs at %b", coefs, right, row.Coefs, row.RHS, x)
			}
		}
		for _, a := range row.Coefs {
			if magnitude(a) > excess {
				t.Fatalf("%v ≤ %d became %v, which is passed by %d at most", coefs, right, row.Coefs, excess)
			}
		}
		if !slices.Equal(coefs, row.Coefs) {
			clipped++
		}
	})
	if clipped == 0 {
		t.Error("nothing was brought down: the test tests little")
	}
}
