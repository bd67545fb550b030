package model

import (
	"errors"
	"math"
	"math/big"
	"math/bits"
	"strings"

	"berth/model/integer"
)

// unit is what one unit of cost is worth, in 10⁻²⁴: the greatest number that
// divides every cost of the document exactly, so that costs are integers, as
// small as they can be, and no two different costs are nearer than 1.
//
// The digits add up in traffic: weight, volume, distance and share have up to six
// each.
type unit struct{ worth *big.Int }

const unitDigits = 24

// term is a part of the cost while the unit is sought: the greatest common
// divisors of the factors that its costs are products of, each in millionths.
type term struct {
	divisors []int64 // of each factor; 0 while no cost of the term was seen
	weight   Decimal
	factor   int64 // what a product of quotients counts in units
}

func newTerm(weight Decimal, factors int) *term {
	return &term{divisors: make([]int64, factors), weight: weight}
}

// see takes note of a cost that is the product of the factors.
func (t *term) see(factors ...int64) {
	for _, f := range factors {
		if f == 0 {
			return
		}
	}
	for k, f := range factors {
		t.divisors[k] = integer.GCD(t.divisors[k], f)
	}
}

// worth is the greatest common divisor of the term's costs in 10⁻²⁴; 0 if all its
// costs are 0.
func (t *term) worth() *big.Int {
	w := big.NewInt(int64(t.weight))
	for _, d := range t.divisors {
		w.Mul(w, big.NewInt(d))
	}
	digits := unitDigits - 6*(len(t.divisors)+1)
	return w.Mul(w, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil))
}

// settle finds the unit of all terms and tells each its factor.
func settle(terms ...*term) (unit, error) {
	worth := new(big.Int)
	for _, t := range terms {
		worth.GCD(nil, nil, worth, t.worth())
	}
	if worth.Sign() == 0 {
		worth.Exp(big.NewInt(10), big.NewInt(unitDigits), nil)
		return unit{worth}, nil
	}
	for _, t := range terms {
		f := new(big.Int).Quo(t.worth(), worth)
		if !f.IsInt64() {
			return unit{}, errDigits
		}
		t.factor = f.Int64()
	}
	return unit{worth}, nil
}

var errDigits = errors.New("costs whose digits can be held exactly in 64 bits; " +
	"use fewer fractional digits in weights, penalties, volumes and distances")

// of returns a cost, the product of the factors, in units.
func (t *term) of(factors ...int64) (int64, error) {
	cost := t.factor
	for k, f := range factors {
		if f == 0 || cost == 0 {
			return 0, nil
		}
		high, low := bits.Mul64(uint64(cost), uint64(f/t.divisors[k]))
		if high != 0 || low > math.MaxInt64 {
			return 0, errDigits
		}
		cost = int64(low)
	}
	return cost, nil
}

// Format returns a cost in the document's numbers: an exact decimal.
func (p *Problem) Format(cost int64) string {
	v := new(big.Int).Mul(big.NewInt(cost), p.unit.worth)
	sign := ""
	if v.Sign() < 0 {
		sign = "-"
		v.Neg(v)
	}
	digits := v.String()
	if len(digits) <= unitDigits {
		digits = strings.Repeat("0", unitDigits+1-len(digits)) + digits
	}
	whole, rest := digits[:len(digits)-unitDigits], strings.TrimRight(digits[len(digits)-unitDigits:], "0")
	if rest == "" {
		return sign + whole
	}
	return sign + whole + "." + rest
}

// Value returns a cost in the document's numbers, rounded to the nearest float:
// for pictures and statistics only.
func (p *Problem) Value(cost int64) float64 {
	r := new(big.Rat).SetFrac(
		new(big.Int).Mul(big.NewInt(cost), p.unit.worth),
		new(big.Int).Exp(big.NewInt(10), big.NewInt(unitDigits), nil))
	v, _ := r.Float64()
	return v
}

// Units returns the least number of units that is worth at least value, a number
// of the document, and whether it is worth exactly that.
func (p *Problem) Units(value *big.Rat) (units *big.Int, exact bool) {
	r := new(big.Rat).Mul(value, new(big.Rat).SetFrac(
		new(big.Int).Exp(big.NewInt(10), big.NewInt(unitDigits), nil), p.unit.worth))
	q, m := new(big.Int).DivMod(r.Num(), r.Denom(), new(big.Int))
	if m.Sign() == 0 {
		return q, true
	}
	return q.Add(q, big.NewInt(1)), false
}

// Gap is (cost − bound) / max(|cost|, 1) in the document's numbers.
func (p *Problem) Gap(cost, bound int64) float64 {
	return (p.Value(cost) - p.Value(bound)) / max(math.Abs(p.Value(cost)), 1)
}

// total adds up non-negative products and notices when they leave int64.
type total struct {
	sum  uint64
	over bool
}

// limit leaves room for the differences and sums that engines make of costs.
const limit = math.MaxInt64 / 4

func (t *total) add(factors ...int64) {
	product := uint64(1)
	for _, f := range factors {
		high, low := bits.Mul64(product, uint64(f))
		if high != 0 {
			t.over = true
		}
		product = low
	}
	sum, carry := bits.Add64(t.sum, product, 0)
	t.sum = sum
	if carry != 0 || sum > limit {
		t.over, t.sum = true, limit
	}
}

// unitOfTicks is the unit of a workflow, whose cost is a time; a tick is so many
// millionths.
func unitOfTicks(tick int64) unit {
	return unit{new(big.Int).Mul(big.NewInt(tick), new(big.Int).Exp(big.NewInt(10), big.NewInt(unitDigits-6), nil))}
}
