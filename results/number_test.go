package results

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/model"
)

func TestParseDecimal(t *testing.T) {
	for _, c := range []struct {
		text model.Number
		want string // empty: no number
	}{
		{"", ""},
		{"0", "0"},
		{"-0", "0"},
		{"412.5", "825/2"},
		{"-790", "-790"},
		{"0.849470", "84947/100000"},
		{"999999999999999999", "999999999999999999"},
		{"1234567890123456789012345.5", "2469135780246913578024691/2"},
		{"1e3", "1000"},
		{"1.5E-1", "3/20"},
		{"007", ""},
		{"-", ""},
		{".5", ""},
		{"5.", ""},
		{"1.2.3", ""},
		{"NaN", ""},
		{"+1", ""},
		{"12 ", ""},
	} {
		got, ok := parseDecimal(c.text)
		if ok != (c.want != "") || ok && got.rat().RatString() != c.want {
			t.Errorf("%q is %v, %v; want %q", string(c.text), got, ok, c.want)
		}
	}
}

// numbers draws decimals of every size, some of them equal in different words.
func numbers() *rapid.Generator[model.Number] {
	return rapid.Map(rapid.StringMatching(`-?(0|[1-9][0-9]{0,4}|[1-9][0-9]{15,20})(\.[0-9]{1,4}|\.0{15,19}[0-9])?`), func(s string) model.Number { return model.Number(s) })
}

func TestDecimalsAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x, y := numbers().Draw(t, "x"), numbers().Draw(t, "y")
		if rapid.Bool().Draw(t, "near") && strings.Contains(string(x), ".") {
			y = x + model.Number(rapid.SampledFrom([]string{"0", "1", "00000001"}).Draw(t, "end"))
		}
		a, okA := parseDecimal(x)
		b, okB := parseDecimal(y)
		if !okA || !okB {
			t.Fatalf("%q or %q is not read", string(x), string(y))
		}
		if got, want := compare(a, b), x.Rat().Cmp(y.Rat()); got != want {
			t.Errorf("%s and %s compare as %d, want %d", x, y, got, want)
		}
		if got, _ := x.Rat().Float64(); a.float() != got {
			t.Errorf("%s as a float is %g, want %g", x, a.float(), got)
		}
		best := new(big.Rat).Abs(y.Rat())
		if best.Cmp(big.NewRat(1, 1)) < 0 {
			best.SetInt64(1)
		}
		want, _ := new(big.Rat).Quo(new(big.Rat).Sub(x.Rat(), y.Rat()), best).Float64()
		if got := gapTo(a, b); math.Abs(got-want) > 1e-14*math.Abs(want) {
			t.Errorf("gap of %s to %s is %g, want %g", x, y, got, want)
		}
	})
}

func FuzzDecimal(f *testing.F) {
	for _, seed := range []string{"12.50", "-0.0", "1e400", "000", "9223372036854775808", "0.000000000000000001"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, ok := parseDecimal(model.Number(text))
		want := model.Number(text).Rat()
		if ok != (want != nil) || ok && got.rat().Cmp(want) != 0 {
			t.Errorf("%q is %v, %v; want %v", text, got, ok, want)
		}
	})
}

func TestOrderPutsWhatIsMissingLast(t *testing.T) {
	type entry struct {
		value decimal
		has   bool
	}
	read := func(n model.Number) entry { d, ok := parseDecimal(n); return entry{d, ok} }
	for _, c := range []struct {
		sign int
		want string
	}{{1, "1 2.5 3 -"}, {-1, "3 2.5 1 -"}} {
		all := []entry{read("2.5"), read(""), read("1"), read("3")}
		slices.SortFunc(all, func(a, b entry) int { return order(a.value, b.value, a.has, b.has, c.sign) })
		var got []string
		for _, e := range all {
			if e.has {
				got = append(got, string(e.value.text))
			} else {
				got = append(got, "-")
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("sign %d: %v, want %s", c.sign, got, c.want)
		}
	}
}
