package encode

// Violated returns the first row that an assignment of the variables breaks, or -1.
func (g *Program) Violated(values []bool) int {
	for k := range g.Rows {
		sum := int64(0)
		for _, t := range g.Rows[k].Terms {
			if values[t.Var] {
				sum += t.Coef
			}
		}
		if !g.Rows[k].holds(sum) {
			return k
		}
	}
	return -1
}
