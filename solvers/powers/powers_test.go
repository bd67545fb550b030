package powers

import (
	"math"
	"testing"
)

func TestExpAndLog(t *testing.T) {
	for x := -29.99; x < 20; x += 0.0137 {
		if got, want := Exp(x), math.Exp(x); math.Abs(got-want) > 1e-9*want {
			t.Fatalf("e^%g is %g, want %g", x, got, want)
		}
		if got := Log(math.Exp(x)); math.Abs(got-x) > 2e-9 {
			t.Fatalf("the logarithm of e^%g is %g", x, got)
		}
	}
	if Exp(-31) != 0 || Exp(math.Inf(-1)) != 0 {
		t.Error("what is nothing is not 0")
	}
}
