package sat

import (
	"context"
	"errors"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// A program that would not fit below the limit of memory is not made.
func TestScheduleWithinMemory(t *testing.T) {
	in := families.Instance(t, "layered", 2, func(spec *instances.Spec) { spec.Tasks, spec.Nodes = 12, 2 })
	p := compiled.Instance(t, in)
	for memory, refused := range map[int64]bool{48 << 20: true, 0: false} {
		_, err := search.Run(t.Context(), p, Schedule, search.Limits{Work: 1, Memory: memory}, 1, 1, nil)
		if errors.Is(err, search.ErrTooLarge) != refused || err != nil && !refused {
			t.Errorf("with a limit of %d bytes of memory: %v", memory, err)
		}
	}
}

// TestSchedule holds proofs on workflows with everything, and on such whose nodes are
// interchangeable, against trying everything.
func TestSchedule(t *testing.T) {
	asked, infeasible := 0, 0
	for seed := range uint64(300) {
		in := instances.MixedWorkflow(seed, 1+int(seed%6), 1+int(seed%4))
		if seed%3 == 0 { // nodes all alike, results at once
			for k := range in.Nodes {
				in.Nodes[k].Speed = nil
			}
			for k := range in.Tasks {
				work := model.Decimal(seed+uint64(k)*7) % 9 * model.DecimalOne
				in.Tasks[k].Durations, in.Tasks[k].Work, in.Tasks[k].Demand = nil, &work, nil
			}
			in.Network = model.Network{}
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok {
			continue
		}
		r, err := search.Run(context.Background(), p, Schedule, search.Limits{}, 1, 1, nil)
		switch {
		case errors.Is(err, search.ErrTooLarge):
			continue
		case err != nil:
			t.Fatalf("seed %d: %v", seed, err)
		case best == nil && r.Status != model.Infeasible:
			t.Fatalf("seed %d: %v, but nothing is feasible", seed, r.Status)
		case best != nil && (r.Status != model.Optimal || r.Cost != makespan):
			t.Fatalf("seed %d: %v at %d, bound %d; the optimum is %d", seed, r.Status, r.Cost, r.Bound, makespan)
		}
		if best == nil {
			infeasible++
		}
		asked++
	}
	if asked < 200 || infeasible < 5 {
		t.Errorf("only %d could be asked, %d of them without a schedule", asked, infeasible)
	}
}
