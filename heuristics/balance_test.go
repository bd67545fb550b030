package heuristics

import (
	"context"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// Clusters fill nodes up in one resource; what is left out then has no room anywhere.
func TestBalanceFindsRoom(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		in := families.Instance(t, "containers", seed, func(spec *instances.Spec) {
			spec.Tasks, spec.Nodes, spec.Fill, spec.Traffic = 2000, 40, 93, 4000
		})
		p := compiled.Instance(t, in)
		b := newBuilder(p, search.NewBoard(context.Background(), p, search.Limits{}, seed, 1, nil))
		b.placeByPenalty()
		other, _ := b.balance()
		if other == nil {
			t.Fatalf("seed %d: nothing was called for", seed)
		}
		if before, after := out(b), out(other); before < p.Copies/outPart || after > before/50 {
			t.Errorf("seed %d: %d copies are out, %d before", seed, after, before)
		}
	}
}

func out(b *builder) int {
	n := 0
	for _, j := range b.at {
		if j == model.NoPlace {
			n++
		}
	}
	return n
}
