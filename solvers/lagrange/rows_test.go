package lagrange

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The loops over rows give what plain ones give, at every length and offset, and
// write no further than they should.
func TestRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 5))
		length, offset := rng.IntN(100), rng.IntN(9)
		row := func() []int32 {
			r := make([]int32, offset+length+8)
			for c := range r {
				r[c] = -rng.Int32N(narrow)
			}
			return r
		}
		a, b, out := row(), row(), row()
		value := -rng.Int32N(narrow)
		want := slices.Clone(out)
		least := int32(0)
		for c := offset; c < offset+length; c++ {
			want[c] = min(a[c], b[c]+value)
			least = min(least, a[c]+b[c])
		}
		minAdd(out[offset:offset+length], a[offset:], b[offset:], value)
		if !slices.Equal(out, want) {
			t.Fatalf("length %d at %d: %v, not %v", length, offset, out, want)
		}
		if length == 0 {
			return
		}
		if got := leastSum(a[offset:], b[offset:offset+length]); got != least {
			t.Fatalf("length %d at %d: least sum %d, not %d", length, offset, got, least)
		}
	})
}

func BenchmarkRow(b *testing.B) {
	row, other := make([]int32, 400), make([]int32, 400)
	b.ReportAllocs()
	for b.Loop() {
		add(row, other, 0, 37, -5)
		addBackwards(other, row, 37, -5)
		leastSum(row, other)
	}
}
