//go:build tripwire

package lagrange_test

import (
	"testing"

	"berth/model"
	"berth/search"
)

// hang lets every run on the problem be held against its optimum.
func hang(p *model.Problem, best model.Placement) { search.Hang(p, best) }

// Searches of many nodes keep what they found when they look for it again.
func TestTripwireOnPublished(t *testing.T) {
	for _, file := range []string{"chu/d05100", "chu/c20200", "chu/b10200", "yagiura/e10200"} {
		_, p := load(t, file, false)
		hang(p, solve(t, p).Placement)
		solve(t, p)
	}
}
