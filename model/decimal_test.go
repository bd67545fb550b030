package model

import (
	"math"
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// checkDecimal holds that text is worth d, by the arithmetic of math/big.
func checkDecimal(t rapid.TB, text string, d Decimal) {
	t.Helper()
	want, ok := new(big.Rat).SetString(strings.TrimSuffix(text, "."))
	if !ok || want.Cmp(big.NewRat(int64(d), int64(DecimalOne))) != 0 {
		t.Errorf("%q is read as %d millionths", text, int64(d))
	}
}

func TestParseDecimal(t *testing.T) {
	for text, want := range map[string]Decimal{
		"0": 0, "-0": 0, "-0.0e5": 0, "40": 40_000_000, "2.5": 2_500_000, "+1": 1_000_000, "1e3": 1_000_000_000,
		"1.5E-3": 1_500, "0.000001": 1, "1.0000000": 1_000_000, "12345678901e-10": -1, "007": 7_000_000,
		"9223372036853.999999": math.MaxInt64 - 775_808, ".5": 500_000, "5.": 5_000_000,
	} {
		got, err := ParseDecimal(text)
		if want < 0 {
			if err == nil {
				t.Errorf("ParseDecimal(%q) = %v, want an error", text, got)
			}
			continue
		}
		if err != nil || got != want {
			t.Errorf("ParseDecimal(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseDecimalRefuses(t *testing.T) {
	for text, words := range map[string]string{
		"": "want a number", "NaN": "want a number", "inf": "want a number", "-Inf": "want a number", "0x10": "want a number",
		"1_000": "want a number", "1e": "want a number", "1.2.3": "want a number", "5m": "want a number", "1 ": "want a number",
		"-1": "want 0 or more", "-0.000001": "want 0 or more", "0.0000001": "at most six fractional digits",
		"1e-7": "at most six fractional digits", "1e-999999999": "at most six", "9223372036854": "count in a larger unit",
		"1e13": "count in a larger unit", "1e999999999": "count in a larger unit", "1e99999999999999999999": "count in a larger unit",
		strings.Repeat("1", 81): "want a number",
	} {
		if got, err := ParseDecimal(text); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("ParseDecimal(%q) = %v, %v; want an error with %q", text, got, err, words)
		}
	}
}

func TestDecimalRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := Decimal(rapid.Int64Range(0, 9_223_372_036_853_999_999).Draw(t, "millionths"))
		if rapid.Bool().Draw(t, "round") {
			d = d / 1_000_000 % 1_000_000 * 1_000
		}
		back, err := ParseDecimal(d.String())
		if err != nil || back != d {
			t.Fatalf("%d is written %q and read as %d, %v", int64(d), d.String(), int64(back), err)
		}
		checkDecimal(t, d.String(), d)
	})
}

func TestNegativeDecimalString(t *testing.T) {
	for d, want := range map[Decimal]string{-1: "-0.000001", -2_500_000: "-2.5", math.MinInt64: "-9223372036854.775808"} {
		if got := d.String(); got != want {
			t.Errorf("String of %d millionths is %q, want %q", int64(d), got, want)
		}
	}
}
