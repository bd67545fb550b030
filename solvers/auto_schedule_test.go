package solvers

import (
	"context"
	"slices"
	"testing"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// TestThreadsOnWorkflows: how many threads are busy changes neither schedule nor bound.
func TestThreadsOnWorkflows(t *testing.T) {
	for seed := range uint64(3) {
		in, err := instances.Generate(instances.Spec{Family: "layered", Nodes: 3, Tasks: 24, CCR: 100, Machines: 1}, seed)
		if err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		var first *search.Result
		for threads := 1; threads <= 2; threads++ {
			r, err := search.Run(context.Background(), p, Auto, search.Limits{Work: 60_000_000}, 1, threads, nil)
			if err != nil {
				t.Fatal(err)
			}
			if first == nil {
				first = r
				continue
			}
			if r.Cost != first.Cost || r.Bound != first.Bound || r.Work != first.Work || !slices.Equal(r.Schedule, first.Schedule) {
				t.Errorf("seed %d: %d, bound %d, work %d on one thread, %d, bound %d, work %d on two", seed, first.Cost, first.Bound, first.Work, r.Cost, r.Bound, r.Work)
			}
		}
	}
}
