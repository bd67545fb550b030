//go:build cgo

package lp

import (
	"testing"

	"pgregory.net/rapid"

	"berth/solvers/lp/safe"
)

// Every cut holds for every assignment that satisfies its row, and cuts off the
// point that it was asked for.
func TestCutsAreValid(t *testing.T) {
	var covers, exacts int
	check := func(t *rapid.T) {
		n := rapid.IntRange(2, 11).Draw(t, "n")
		size := rapid.SampledFrom([]int64{3, 30, 1 << 40}).Draw(t, "size")
		row := &safe.Row{}
		value := make([]float64, n)
		most := int64(0)
		for j := range int32(n) {
			a := rapid.Int64Range(1, size).Draw(t, "a")
			if rapid.IntRange(0, 4).Draw(t, "sign") == 0 {
				a = -a
			}
			row.Vars, row.Coefs = append(row.Vars, j), append(row.Coefs, a)
			most += max(a, 0)
			value[j] = float64(rapid.SampledFrom([]int{0, 1, 2, 3, 5, 6, 6}).Draw(t, "value")) / 6
		}
		row.RHS = most * rapid.Int64Range(1, 9).Draw(t, "tight") / 10
		row = safe.Tidy(row)
		var s coverer
		cuts := s.separate(row, value)
		covers += len(cuts)
		if cut := s.exact(row, value); cut != nil {
			cuts = append(cuts, cut)
			exacts++
		}
		for _, cut := range cuts {
			activity := 0.0
			for k, j := range cut.Vars {
				activity += float64(cut.Coefs[k]) * value[j]
			}
			if activity <= float64(cut.RHS) {
				t.Fatalf("the cut %v·%v ≤ %d does not cut off the point", cut.Coefs, cut.Vars, cut.RHS)
			}
			for x := range 1 << n {
				if sum(row, x) <= row.RHS && sum(cut, x) > cut.RHS {
					t.Fatalf("the cut %v·%v ≤ %d excludes %b of %v·%v ≤ %d", cut.Coefs, cut.Vars, cut.RHS, x, row.Coefs, row.Vars, row.RHS)
				}
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		for range 3 { // a row may have nothing to cut
			check(t)
		}
	})
	if covers < 10 || exacts < 10 {
		t.Errorf("%d cover cuts and %d exact ones: the test tests little", covers, exacts)
	}
}

func sum(row *safe.Row, x int) int64 {
	total := int64(0)
	for k, j := range row.Vars {
		total += row.Coefs[k] * int64(x>>j&1)
	}
	return total
}
