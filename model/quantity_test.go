package model

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The values are those of the Kubernetes resource package.
func TestParseQuantity(t *testing.T) {
	for text, want := range map[string]Quantity{
		"0": {}, "-0": {}, "0e999999": {}, "-0.000": {}, "0Ei": {},
		"1": {1, 0}, "+1": {1, 0}, "007": {7, 0}, "110": {110, 0}, ".5": {0, 500_000_000}, "5.": {5, 0},
		"1n": {0, 1}, "1u": {0, 1_000}, "1m": {0, 1_000_000}, "1500m": {1, 500_000_000}, "500m": {0, 500_000_000},
		"1k": {1_000, 0}, "1M": {1_000_000, 0}, "1G": {1_000_000_000, 0}, "1T": {1_000_000_000_000, 0},
		"1P": {1_000_000_000_000_000, 0}, "1E": {1_000_000_000_000_000_000, 0},
		"1Ki": {1 << 10, 0}, "1Mi": {1 << 20, 0}, "1Gi": {1 << 30, 0}, "1Ti": {1 << 40, 0}, "1Pi": {1 << 50, 0}, "1Ei": {1 << 60, 0},
		"0.5Gi": {1 << 29, 0}, "1.5Ki": {1536, 0}, "0.1Ki": {102, 400_000_000}, "12e6": {12_000_000, 0},
		"12E6": {12_000_000, 0}, "1e-9": {0, 1}, "1.50e+1": {15, 0}, "2.5m": {0, 2_500_000},
		"9223372036854775807": {math.MaxInt64, 0}, "9223372036854775807.999999999": {math.MaxInt64, 999_999_999},
	} {
		got, err := ParseQuantity(text)
		if err != nil || got != want {
			t.Errorf("ParseQuantity(%q) = %v, %v; want %v", text, got, err, want)
		}
	}
}

func TestParseQuantityRefuses(t *testing.T) {
	for text, words := range map[string]string{
		"": "want a Kubernetes quantity", "Gi": "want a Kubernetes", "2Gig": "want a Kubernetes", "1 Gi": "want a Kubernetes",
		"1ki": "want a Kubernetes", "1K": "want a Kubernetes", "1e": "want a Kubernetes", "1e3Ki": "want a Kubernetes",
		"1e3m": "want a Kubernetes", "0x10": "want a Kubernetes", "1_000": "want a Kubernetes", "NaN": "want a Kubernetes",
		"inf": "want a Kubernetes", "+": "want a Kubernetes", "-": "want a Kubernetes", ".": "want a Kubernetes",
		"1.2.3": "want a Kubernetes", "--1": "want a Kubernetes", "１": "want a Kubernetes", "1\x00": "want a Kubernetes",
		"-1": "want 0 or more", "-5Gi": "want 0 or more", "-0.1m": "want 0 or more",
		"7.999999999999999999Ei": "finer than a billionth", "0.00000000000000000086736173798840354720": "finer than a billionth",
		"0.5n": "finer than a billionth", "1e-10": "finer than a billionth", "0.0001u": "finer than a billionth",
		"1e-999999999999999999999": "finer than a billionth",
		"9223372036854775808":      "count in a larger unit", "8Ei": "count in a larger unit", "10E": "count in a larger unit",
		"1e999999999999999999999": "count in a larger unit", "1e19": "count in a larger unit",
	} {
		if got, err := ParseQuantity(text); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("ParseQuantity(%q) = %v, %v; want an error with %q", text, got, err, words)
		}
	}
}

func TestQuantityString(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "1": "1", "110": "110", "1000": "1k", "1500": "1500", "1024": "1Ki", "32Gi": "32Gi", "0.5Gi": "512Mi",
		"1.5": "1500m", "0.25": "250m", "2500u": "2500u", "1e-9": "1n", "1000000": "1M", "8Pi": "8Pi", "1E": "1E", "2000Ki": "2000Ki", "10G": "10G", "125k": "125k", "128k": "125Ki",
		"1.000000001": "1000000001n", "9223372036854775807.999999999": "9223372036854775807999999999n",
	} {
		if got := mustQuantity(t, text).String(); got != want {
			t.Errorf("ParseQuantity(%q).String() = %q, want %q", text, got, want)
		}
	}
}

func mustQuantity(t *testing.T, text string) Quantity {
	t.Helper()
	q, err := ParseQuantity(text)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func drawQuantity(t *rapid.T) Quantity {
	q := Quantity{Units: rapid.Int64Range(0, math.MaxInt64).Draw(t, "units")}
	if rapid.Bool().Draw(t, "round") {
		q.Units = rapid.Int64Range(0, 4096).Draw(t, "few") << rapid.IntRange(0, 50).Draw(t, "shift")
	}
	switch rapid.IntRange(0, 3).Draw(t, "fineness") {
	case 1:
		q.Nanos = rapid.Int32Range(0, 999).Draw(t, "milli") * 1_000_000
	case 2:
		q.Nanos = rapid.Int32Range(0, nanosPerUnit-1).Draw(t, "nanos")
	}
	return q
}

func TestQuantityRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuantity(t)
		if back, err := ParseQuantity(q.String()); err != nil || back != q {
			t.Fatalf("%#v is written %q and read back as %#v, %v", q, q.String(), back, err)
		}
	})
}
