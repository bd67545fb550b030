package learn

import (
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
)

// Small placements over every feature: those that are infeasible are refuted, and no others.
func TestAgainstBruteForce(t *testing.T) {
	feasible, infeasible := 0, 0
	for seed := range uint64(400) {
		p := compiled.Instance(t, instances.Mixed(seed, 6, 4))
		best, _, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		refuted, err := New(encode.Build(p)).Refute(func(int64) bool { return true })
		switch {
		case best == nil && (!refuted || err != nil):
			t.Errorf("seed %d: refuted %v: %v, but nothing is feasible", seed, refuted, err)
		case best != nil && (refuted || err == nil):
			t.Errorf("seed %d: refuted %v: %v, but something is feasible", seed, refuted, err)
		}
		if best == nil {
			infeasible++
		} else {
			feasible++
		}
	}
	if feasible < 100 || infeasible < 15 {
		t.Errorf("%d feasible and %d infeasible: the test tests little", feasible, infeasible)
	}
}
