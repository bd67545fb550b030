//go:build !tripwire

package prices_test

import "berth/model"

func hang(*model.Problem, model.Placement) {}
