package model

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Quantity is an amount of a resource, held exactly: Units + Nanos·10⁻⁹ with
// Units ≥ 0 and 0 ≤ Nanos < 10⁹. Two quantities are equal where == says so.
type Quantity struct {
	Units int64
	Nanos int32
}

const nanosPerUnit = 1_000_000_000

var (
	errNotNumber = errors.New("not a number")
	errNegative  = errors.New("negative")
	errTooFine   = errors.New("too fine")
	errTooLarge  = errors.New("too large")
)

// suffixes are the endings of a Kubernetes quantity with the powers of ten and of
// two that they stand for.
var suffixes = map[string]struct{ ten, two int }{
	"": {}, "n": {ten: -9}, "u": {ten: -6}, "m": {ten: -3},
	"k": {ten: 3}, "M": {ten: 6}, "G": {ten: 9}, "T": {ten: 12}, "P": {ten: 15}, "E": {ten: 18},
	"Ki": {two: 10}, "Mi": {two: 20}, "Gi": {two: 30}, "Ti": {two: 40}, "Pi": {two: 50}, "Ei": {two: 60},
}

// ParseQuantity reads a plain number or a Kubernetes quantity: a number with one
// of the suffixes n u m k M G T P E, Ki Mi Gi Ti Pi Ei, or an exponent. It never
// rounds: a quantity finer than 10⁻⁹, above 2⁶³−1 or below 0 is an error that says
// what to write instead.
func ParseQuantity(text string) (Quantity, error) {
	q, err := parseQuantity(text)
	if err != nil {
		return q, fmt.Errorf("found %s; want %s", Quote(text), wantQuantity(err))
	}
	return q, nil
}

// wantQuantity is the remedy for an error of parseQuantity.
func wantQuantity(err error) string {
	switch {
	case errors.Is(err, errNegative):
		return "0 or more"
	case errors.Is(err, errTooFine):
		return "nothing finer than a billionth (1n): round it, or count in a smaller unit"
	case errors.Is(err, errTooLarge):
		return "at most 9223372036854775807: count in a larger unit"
	}
	return "a Kubernetes quantity such as 512Mi, 2Gi or 1500m"
}

func parseQuantity(text string) (Quantity, error) {
	n, rest, err := scanNumber(text)
	if err != nil {
		return Quantity{}, err
	}
	s, ok := suffixes[rest]
	if !ok || rest != "" && n.hasExponent {
		return Quantity{}, errNotNumber
	}
	n.ten += s.ten
	return n.quantity(s.two)
}

// number is a decimal literal: digits·10^ten, without leading or trailing zeros
// in digits, which is empty for 0.
type number struct {
	digits      string
	ten         int
	hasExponent bool
}

// maxNumberLength bounds the literals that are worth reading.
const maxNumberLength = 80

// scanNumber reads the number that text begins with and returns what follows it.
// An "e" or "E" is an exponent only where digits follow, for 1E is a quantity.
func scanNumber(text string) (n number, rest string, err error) {
	if len(text) > maxNumberLength {
		return n, "", errNotNumber
	}
	negative := strings.HasPrefix(text, "-")
	if negative || strings.HasPrefix(text, "+") {
		text = text[1:]
	}
	whole, rest := splitDigits(text)
	fraction := ""
	if strings.HasPrefix(rest, ".") {
		fraction, rest = splitDigits(rest[1:])
	}
	if whole == "" && fraction == "" {
		return n, "", errNotNumber
	}
	if len(rest) >= 2 && (rest[0] == 'e' || rest[0] == 'E') {
		exponent, after, ok := scanExponent(rest[1:])
		if ok {
			n.ten, n.hasExponent, rest = exponent, true, after
		}
	}
	n.ten -= len(fraction)
	digits := strings.TrimLeft(whole+fraction, "0")
	n.digits = strings.TrimRight(digits, "0")
	n.ten += len(digits) - len(n.digits)
	if negative && n.digits != "" {
		return n, rest, errNegative
	}
	return n, rest, nil
}

// splitDigits cuts text after its leading decimal digits.
func splitDigits(text string) (digits, rest string) {
	k := 0
	for k < len(text) && '0' <= text[k] && text[k] <= '9' {
		k++
	}
	return text[:k], text[k:]
}

func scanExponent(text string) (value int, rest string, ok bool) {
	sign := 1
	switch text[0] {
	case '-':
		sign, text = -1, text[1:]
	case '+':
		text = text[1:]
	}
	digits, rest := splitDigits(text)
	if digits == "" {
		return 0, text, false
	}
	value, err := strconv.Atoi(digits)
	if err != nil || value > 1000 {
		value = 1000 // beyond every number that fits, so what is refused is the same
	}
	return sign * value, rest, true
}

// quantity returns n·2^two exactly.
func (n number) quantity(two int) (Quantity, error) {
	length := len(n.digits)
	switch {
	case length == 0:
		return Quantity{}, nil
	case n.ten >= 0 && length+n.ten <= 9 && two <= 30:
		return Quantity{Units: atoi(n.digits) * powerOfTen(n.ten) << two}, nil
	case -9 <= n.ten && n.ten < 0 && length <= 9 && two == 0:
		nanos := atoi(n.digits) * powerOfTen(9+n.ten)
		return Quantity{nanos / nanosPerUnit, int32(nanos % nanosPerUnit)}, nil
	case length+n.ten > 19:
		return Quantity{}, errTooLarge
	case length+n.ten < -28:
		return Quantity{}, errTooFine // below 10⁻²⁸, and 2^60 is less than 10¹⁹
	}
	nanos, _ := new(big.Int).SetString(strings.Clone(n.digits), 10) // a copy, so that no text that is read need escape
	nanos.Lsh(nanos, uint(two))
	power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(abs(n.ten+9))), nil)
	if n.ten+9 >= 0 {
		nanos.Mul(nanos, power)
	} else {
		remainder := new(big.Int)
		if nanos.QuoRem(nanos, power, remainder); remainder.Sign() != 0 {
			return Quantity{}, errTooFine
		}
	}
	units, rest := new(big.Int).QuoRem(nanos, big.NewInt(nanosPerUnit), new(big.Int))
	if !units.IsInt64() {
		return Quantity{}, errTooLarge
	}
	return Quantity{units.Int64(), int32(rest.Int64())}, nil
}

// atoi is the value of at most nine decimal digits.
func atoi(digits string) int64 {
	value := int64(0)
	for _, c := range []byte(digits) {
		value = 10*value + int64(c-'0')
	}
	return value
}

func powerOfTen(exponent int) int64 {
	power := int64(1)
	for range exponent {
		power *= 10
	}
	return power
}

func abs(v int) int { return max(v, -v) }

// Plus returns the sum; false where it does not fit.
func (q Quantity) Plus(r Quantity) (Quantity, bool) {
	sum := Quantity{q.Units + r.Units, q.Nanos + r.Nanos}
	if sum.Nanos >= nanosPerUnit {
		sum.Units, sum.Nanos = sum.Units+1, sum.Nanos-nanosPerUnit
	}
	return sum, sum.Units >= q.Units
}

// String is the Kubernetes form that people would write: the suffix that leaves the
// smallest whole number. ParseQuantity reads it back to
// the same quantity.
func (q Quantity) String() string { return string(q.append(nil)) }

func (q Quantity) append(b []byte) []byte {
	if q.Nanos != 0 {
		return q.appendFraction(b)
	}
	whole, suffix := reduced(q.Units, 1000, "kMGTPE")
	if binary, ending := reduced(q.Units, 1024, "KMGTPE"); ending != "" && (suffix == "" || binary <= whole) {
		whole, suffix = binary, ending+"i"
	}
	return append(strconv.AppendInt(b, whole, 10), suffix...)
}

// reduced divides a value by the largest power of step that leaves it whole, and
// returns the letter for that power.
func reduced(value, step int64, letters string) (whole int64, suffix string) {
	power := 0
	for value != 0 && value%step == 0 {
		value /= step
		power++
	}
	return value, letters[max(power-1, 0):power]
}

// appendFraction writes a quantity that is not whole in the largest of m, u and n
// that makes it so.
func (q Quantity) appendFraction(b []byte) []byte {
	digits, part, suffix := 9, int64(q.Nanos), byte('n')
	switch {
	case part%1_000_000 == 0:
		digits, part, suffix = 3, part/1_000_000, 'm'
	case part%1_000 == 0:
		digits, part, suffix = 6, part/1_000, 'u'
	}
	if q.Units == 0 {
		b = strconv.AppendInt(b, part, 10)
	} else {
		b = strconv.AppendInt(b, q.Units, 10)
		b = appendPadded(b, part, digits)
	}
	return append(b, suffix)
}

// appendPadded writes v in a fixed number of decimal digits.
func appendPadded(b []byte, v int64, digits int) []byte {
	for power := powerOfTen(digits - 1); power > 0; power /= 10 {
		b = append(b, '0'+byte(v/power%10))
	}
	return b
}

// possible reports whether q keeps to the limits of the type.
func (q Quantity) possible() bool { return q.Units >= 0 && q.Nanos >= 0 && q.Nanos < nanosPerUnit }
