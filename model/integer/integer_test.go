package integer

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

func TestAgainstBigIntegers(t *testing.T) {
	number := rapid.Int64Range(-1<<40, 1<<40)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		x, y := big.NewInt(a), big.NewInt(b)
		if want := new(big.Int).GCD(nil, nil, new(big.Int).Abs(x), new(big.Int).Abs(y)); GCD(a, b) != want.Int64() {
			t.Fatalf("GCD(%d, %d) = %d, want %d", a, b, GCD(a, b), want)
		}
		if b <= 0 {
			return
		}
		// Of whole numbers, Div rounds so that the rest is not negative.
		if want := new(big.Int).Div(x, y); FloorDiv(a, b) != want.Int64() {
			t.Fatalf("FloorDiv(%d, %d) = %d, want %d", a, b, FloorDiv(a, b), want)
		}
	})
}

func TestAddCapped(t *testing.T) {
	number := rapid.Int64Range(0, math.MaxInt64)
	rapid.Check(t, func(t *rapid.T) {
		a, b := number.Draw(t, "a"), number.Draw(t, "b")
		want := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		if !want.IsInt64() {
			want.SetInt64(math.MaxInt64)
		}
		if AddCapped(a, b) != want.Int64() {
			t.Fatalf("AddCapped(%d, %d) = %d, want %d", a, b, AddCapped(a, b), want)
		}
	})
}
