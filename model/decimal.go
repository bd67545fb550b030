package model

import (
	"errors"
	"fmt"
	"math"
	"strconv"
)

// Decimal is a number with at most six fractional digits, in millionths.
type Decimal int64

// DecimalOne is the Decimal 1.
const DecimalOne Decimal = 1_000_000

// ParseDecimal reads a number such as 40, 2.5 or 1e3. It never rounds: a number
// with more than six fractional digits, below 0 or too large for a Decimal is an
// error that says what to write instead.
func ParseDecimal(text string) (Decimal, error) {
	d, err := parseDecimal(text)
	if err != nil {
		return 0, fmt.Errorf("found %s; want %s", Quote(text), wantDecimal(err))
	}
	return d, nil
}

// wantDecimal is the remedy for an error of parseDecimal.
func wantDecimal(err error) string {
	switch {
	case errors.Is(err, errNegative):
		return "0 or more"
	case errors.Is(err, errTooFine):
		return "at most six fractional digits: round it, or count in a smaller unit"
	case errors.Is(err, errTooLarge):
		return "at most 9223372036853: count in a larger unit"
	}
	return "a number such as 40 or 2.5"
}

func parseDecimal(text string) (Decimal, error) {
	n, rest, err := scanNumber(text)
	if err != nil {
		return 0, err
	}
	if rest != "" {
		return 0, errNotNumber
	}
	q, err := n.quantity(0)
	switch {
	case err != nil:
		return 0, err
	case q.Nanos%1000 != 0:
		return 0, errTooFine
	case q.Units > (math.MaxInt64-999_999)/int64(DecimalOne):
		return 0, errTooLarge
	}
	return Decimal(q.Units)*DecimalOne + Decimal(q.Nanos/1000), nil
}

// String is the shortest exact decimal, such as 40 or 2.5.
func (d Decimal) String() string { return string(d.append(nil)) }

func (d Decimal) append(b []byte) []byte {
	whole, part := int64(d/DecimalOne), int64(d%DecimalOne)
	if d < 0 {
		b = append(b, '-')
		whole, part = -whole, -part
	}
	b = strconv.AppendInt(b, whole, 10)
	if part == 0 {
		return b
	}
	b = appendPadded(append(b, '.'), part, 6)
	for b[len(b)-1] == '0' {
		b = b[:len(b)-1]
	}
	return b
}
