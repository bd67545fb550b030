package main

import (
	"math"
	"strconv"
	"strings"

	"berth/model"
)

// amounts returns how amounts of a resource are written beside the whole that they are a part of: in
// its unit, and with two digits behind the point at most. What that would make look like nothing, or
// like the whole, is written exactly.
func amounts(p *model.Problem, r int, whole int64) func(amount int64) string {
	text := p.Amount(r, whole)
	unit := strings.TrimLeft(text, "0123456789")
	size := worth("1" + unit)
	return func(amount int64) string {
		exact := p.Amount(r, amount)
		if amount == whole || whole == 0 {
			return exact
		}
		digits := strconv.FormatFloat(math.Round(100*worth(exact)/size)/100, 'f', -1, 64)
		if digits+unit == text || digits == "0" || digits == "NaN" {
			return exact
		}
		return digits + unit
	}
}

// worth is a quantity as a number, NaN where the text is none.
func worth(quantity string) float64 {
	q, err := model.ParseQuantity(quantity)
	if err != nil {
		return math.NaN()
	}
	return float64(q.Units) + float64(q.Nanos)/1e9
}
