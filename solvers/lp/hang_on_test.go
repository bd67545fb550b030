//go:build cgo && tripwire

package lp

import (
	"berth/model"
	"berth/search"
)

func hang(p *model.Problem, pl model.Placement) { search.Hang(p, pl) }
