package integer

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// big returns the exact value of a Wide.
func (w Wide) big() *big.Int {
	n := new(big.Int).Lsh(big.NewInt(w.high), 64)
	return n.Add(n, new(big.Int).SetUint64(w.low))
}

func TestWideAgainstBig(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		c := rapid.Int64Range(-1<<40, 1<<40).Draw(t, "c")
		shift := uint(rapid.IntRange(0, 80).Draw(t, "shift"))
		want := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		if got := Product(a, b).big(); got.Cmp(want) != 0 {
			t.Fatalf("%d·%d = %v, want %v", a, b, got, want)
		}
		shifted := new(big.Int).Lsh(big.NewInt(c), shift)
		if got := FromInt(c, shift).big(); got.Cmp(shifted) != 0 {
			t.Fatalf("%d·2^%d = %v, want %v", c, shift, got, shifted)
		}
		v, w := Product(a>>1, b>>1), FromInt(c, shift)
		if got, want := v.Plus(w).big(), new(big.Int).Add(v.big(), w.big()); got.Cmp(want) != 0 {
			t.Fatalf("sum %v, want %v", got, want)
		}
		if got, want := v.Minus(w).big(), new(big.Int).Sub(v.big(), w.big()); got.Cmp(want) != 0 {
			t.Fatalf("difference %v, want %v", got, want)
		}
		if v.Less(w) != (v.big().Cmp(w.big()) < 0) || v.Sign() != v.big().Sign() {
			t.Fatalf("order or sign of %v and %v", v.big(), w.big())
		}
		if v.Abs().big().Cmp(new(big.Int).Abs(v.big())) != 0 {
			t.Fatalf("absolute value of %v", v.big())
		}
		ceil := new(big.Int).Neg(new(big.Int).Rsh(new(big.Int).Neg(w.Plus(Wide{0, uint64(b) >> 32}).big()), shift))
		if ceil.IsInt64() {
			if got := w.Plus(Wide{0, uint64(b) >> 32}).CeilShift(shift); got != ceil.Int64() {
				t.Fatalf("ceiling %d, want %v", got, ceil)
			}
		}
	})
}
