package adapter

import (
	"math/big"
	"regexp"
	"sync"

	"berth/encode"
	"berth/model"
)

// scale turns the numbers of a program, in units of its encoding's objective, into
// costs. Most programs compute in floating point: their numbers hold to one part in
// a million (or to a millionth, if that is more), and a bound counts as the least
// integer that is not below it by more than that, since all objectives are integers.
type scale struct {
	encode.Scale
	problem *model.Problem
	exact   bool // the numbers are integers as they stand
}

var (
	one     = big.NewInt(1)
	oneRat  = big.NewRat(1, 1)
	half    = big.NewRat(1, 2)
	million = big.NewRat(1, 1_000_000)
)

// Numbers of sane length; those from 10¹⁹ on stand for infinity.
var number = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^[+-]?(\d{1,30}(\.\d{0,30})?|\.\d{1,30})([eE][+-]?\d{1,3})?$`)
})

var infinity = new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(19), nil))

// parseNumber reads a number of a log; nil for words, and for what stands for
// infinity.
func parseNumber(text string) *big.Rat {
	if !number().MatchString(text) {
		return nil
	}
	value, ok := new(big.Rat).SetString(text)
	if !ok || new(big.Rat).Abs(value).Cmp(infinity) >= 0 {
		return nil
	}
	return value
}

// tolerance is how far a number may be off.
func (s *scale) tolerance(value *big.Rat) *big.Rat {
	if s.exact {
		return new(big.Rat)
	}
	size := new(big.Rat).Abs(value)
	if size.Cmp(oneRat) < 0 {
		size.Set(oneRat)
	}
	return size.Mul(size, million)
}

// atLeast is the least integer that a bound surely reaches, atMost the greatest that
// it may be meant to reach, nearest the integer that an objective stands for.
func (s *scale) atLeast(bound *big.Rat) *big.Int {
	return ceil(new(big.Rat).Sub(bound, s.tolerance(bound)))
}

func (s *scale) atMost(bound *big.Rat) *big.Int {
	return ceil(new(big.Rat).Add(bound, s.tolerance(bound)))
}

func (s *scale) nearest(objective *big.Rat) *big.Int {
	below := new(big.Rat).Sub(objective, half)
	return ceil(below)
}

// means says whether an objective stands for a cost.
func (s *scale) means(objective *big.Rat, units int64) bool {
	is := s.objective(units)
	off := new(big.Rat).Sub(objective, is)
	return off.Abs(off).Cmp(s.tolerance(is)) <= 0
}

func ceil(value *big.Rat) *big.Int {
	q, r := new(big.Int).DivMod(value.Num(), value.Denom(), new(big.Int))
	if r.Sign() != 0 {
		q.Add(q, one)
	}
	return q
}

// cost turns an integer objective into units of cost; ok is false where it leaves
// their range.
func (s *scale) cost(objective *big.Int) (units int64, ok bool) {
	u := new(big.Int).Mul(objective, big.NewInt(s.Unit))
	u.Add(u, big.NewInt(s.Zero))
	return u.Int64(), u.IsInt64()
}

// objective is what an encoding says for a cost.
func (s *scale) objective(units int64) *big.Rat {
	o := new(big.Int).Sub(big.NewInt(units), big.NewInt(s.Zero))
	return new(big.Rat).SetFrac(o, big.NewInt(s.Unit))
}

// claimed states a number of a program as a cost of the document, exactly.
func (s *scale) claimed(value *big.Rat) model.Number {
	cost := new(big.Rat).Mul(value, new(big.Rat).SetInt64(s.Unit))
	cost.Add(cost, new(big.Rat).SetInt64(s.Zero))
	cost.Mul(cost, model.Number(s.problem.Format(1)).Rat())
	digits, _ := cost.FloatPrec()
	return model.Number(cost.FloatString(digits))
}

func decimalRat(d model.Decimal) *big.Rat {
	return new(big.Rat).SetFrac64(int64(d), int64(model.DecimalOne))
}
