//go:build cgo

package lp

import (
	"math"
	"testing"
)

// Where another has proven what the best costs, questions begin there, and the whole takes less
// work.
func TestQuestionsBeginAtTheBoundOfOthers(t *testing.T) {
	worked := [2]int64{}
	for seed := range uint64(6) {
		g := assignment(6, 24, seed)
		best := solve(t, g).cost
		for k, bound := range []int64{math.MinInt64, best} {
			d := newDesk(t, g)
			d.bound = bound
			if done, err := (&engine{host: d, program: g}).search(); !done || err != nil || d.cost != best {
				t.Fatalf("seed %d, bound %d: cost %d instead of %d, %v", seed, bound, d.cost, best, err)
			}
			worked[k] += d.worked
		}
	}
	if worked[1] >= worked[0] {
		t.Errorf("%d units of work where the bound is known, %d where it is not", worked[1], worked[0])
	}
}
