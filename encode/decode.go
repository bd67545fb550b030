package encode

import (
	"errors"

	"berth/model"
)

// Decode returns the placement that an assignment of the variables stands for.
func (g *Program) Decode(value func(v int32) bool) (model.Placement, error) {
	return nil, errors.ErrUnsupported
}
