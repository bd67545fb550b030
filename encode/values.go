package encode

import "berth/model"

// Values sets every variable as the placement has it: then every row holds where
// the placement is feasible, and the objective is its cost.
func (g *Program) Values(pl model.Placement) []bool {
	return nil
}
