package solvers_test

import (
	"errors"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
	"berth/solvers"
)

// TestSchedulesAgree runs every method for workflows over small ones with every feature:
// no bound passes the optimum, no schedule beats it, what is called infeasible is, and
// auto finds nearly every optimum.
func TestSchedulesAgree(t *testing.T) {
	solvable, found, infeasible := 0, 0, 0
	for seed := range uint64(80) {
		p, err := model.Compile(instances.MixedWorkflow(seed, 2+int(seed%5), 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok {
			continue
		}
		for _, m := range solvers.All() {
			if m.Lacks(p) != 0 {
				continue
			}
			r, err := search.Run(t.Context(), p, m, search.Limits{Work: 3_000_000}, 1, 2, nil)
			switch {
			case errors.Is(err, search.ErrTooLarge): // times in too many ticks
			case err != nil:
				t.Fatalf("%s, seed %d: %v", m.Name, seed, err)
			case r.Status == model.Infeasible && best != nil:
				t.Fatalf("%s, seed %d: infeasible, but %s is possible", m.Name, seed, p.Format(makespan))
			case r.Schedule != nil && (best == nil || r.Cost < makespan):
				t.Fatalf("%s, seed %d: ends at %s, the best is %s", m.Name, seed, p.Format(r.Cost), p.Format(makespan))
			case best != nil && r.Bound > makespan:
				t.Fatalf("%s, seed %d: bound %s, the best is %s", m.Name, seed, p.Format(r.Bound), p.Format(makespan))
			case m == solvers.Auto && r.Schedule != nil && r.Cost == makespan:
				found++
			}
		}
		if best == nil {
			infeasible++
		} else {
			solvable++
		}
	}
	if solvable < 50 || 100*found < 95*solvable {
		t.Errorf("auto found %d of %d optima", found, solvable)
	}
	t.Logf("%d with a schedule, %d without", solvable, infeasible)
}

// TestKinds: no method for placements runs on workflows, nor the other way round, and
// auto runs on both.
func TestKinds(t *testing.T) {
	workflow, err := model.Compile(instances.MixedWorkflow(1, 3, 2))
	if err != nil {
		t.Fatal(err)
	}
	placement, err := model.Compile(&model.Instance{Nodes: []model.Node{{Name: "n"}}, Tasks: []model.Task{{Name: "t", Replicas: 1}}})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range solvers.All() {
		on, off := m.Lacks(workflow) == 0, m.Lacks(placement) == 0
		if (on && off) != (m == solvers.Auto) || !on && !off {
			t.Errorf("%s runs on workflows %t, on placements %t", m.Name, on, off)
		}
	}
}
