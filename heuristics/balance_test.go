package heuristics

import (
	"context"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// Clusters fill nodes up in one resource; what is left out then has no room anywhere.
func TestACrowdedClusterIsPlaced(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		spec, err := instances.Defaults("containers")
		if err != nil {
			t.Fatal(err)
		}
		spec.Tasks, spec.Nodes, spec.Fill, spec.Traffic = 2000, 40, 93, 4000
		in, err := instances.Generate(spec, seed)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		for _, method := range []*search.Method{Cluster, PenaltyFirst, BestFit} {
			r, err := search.Run(context.Background(), p, method, search.Limits{}, seed, 1, nil)
			if err != nil || r.Status != model.Feasible {
				t.Errorf("seed %d: %s says %s, %v", seed, method.Name, r.Status, err)
			}
		}
	}
}
