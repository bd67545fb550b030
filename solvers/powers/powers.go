// Package powers has exponentials and logarithms by table. math.Exp is written in the
// assembly of each machine and differs in the last digit from one to the next; these do
// not, and take a third of the time.
package powers

import "math"

const (
	steps     = 1024 // of the table, for a doubling
	vanishing = -30  // e to this is nothing
	largest   = 700  // more than that e to is taken for as much
)

// table holds 2^(k/steps), rounded to 40 bits: on these all machines agree.
var table = func() (table [steps]float64) {
	for k := range table {
		table[k] = math.Round(math.Exp2(float64(k)/steps)*(1<<40)) / (1 << 40)
	}
	return table
}()

// Exp returns e^x to nine digits, for x up to 700; 0 below −30.
func Exp(x float64) float64 {
	if x < vanishing {
		return 0
	}
	x = min(x, largest)
	whole := math.Floor(x * (steps * math.Log2E))
	rest := x - float64(whole*(math.Ln2/steps))
	k := int64(whole)
	scale := math.Float64frombits(uint64(1023+(k>>10)) << 52)
	return float64(scale*table[k&(steps-1)]) * (1 + rest + float64(float64(rest*rest)/2))
}

// Log returns the natural logarithm of x > 0 to nine digits, by four Newton steps on
// Exp.
func Log(x float64) float64 {
	fraction, exponent := math.Frexp(x)
	y := float64(float64(exponent)*math.Ln2) + (fraction - 1)
	for range 4 {
		y += float64(x/Exp(y)) - 1
	}
	return y
}
