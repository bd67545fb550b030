package tables

import (
	"math"
	"strconv"
	"strings"

	"berth/model"
	"berth/results"
)

// number writes a measured value for people: three significant digits, or all
// digits before the point; "0" only for 0, "∞" and "–" for what has no value.
func number(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case x < 0:
		if x > -smallest {
			return ">−0.001"
		}
		return "−" + number(-x)
	case x == 0:
		return "0"
	case x < smallest:
		return "<0.001"
	}
	rounded := strconv.FormatFloat(x, 'e', 2, 64)
	mantissa, power, _ := strings.Cut(rounded, "e")
	exponent, _ := strconv.Atoi(power)
	switch {
	case exponent >= 6:
		return mantissa + "e" + strconv.Itoa(exponent)
	case exponent >= 2:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'f', 2-exponent, 64)
}

// smallest is the least value that Number shows.
const smallest = 0.001

// exact writes a value for programs: empty where there is none, inf without end.
func exact(x float64) string {
	switch {
	case math.IsNaN(x):
		return ""
	case math.IsInf(x, 1):
		return "inf"
	case math.IsInf(x, -1):
		return "-inf"
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// exactCost is a cell with a cost, all its digits.
func exactCost(n model.Number) Cell {
	return Cell{Text: strings.Replace(string(n), "-", "−", 1), Values: []string{string(n)}}
}

// measured is a cell with a value.
func measured(x float64) Cell { return Cell{Text: number(x), Values: []string{exact(x)}} }

// interval is a cell with an estimate and its interval, which has a field each for
// the value and the two ends. An interval without width is not shown.
func interval(i results.Interval, shown func(float64) string) Cell {
	text := shown(i.Value)
	if i.Low != i.High && !math.IsNaN(i.Low) && !math.IsNaN(i.High) {
		text += " [" + shown(i.Low) + ", " + shown(i.High) + "]"
	}
	return Cell{Text: text, Values: []string{exact(i.Value), exact(i.Low), exact(i.High)}}
}

// fields names what programs read of an interval.
func fields(name string) []string { return []string{name, name + "_low", name + "_high"} }
