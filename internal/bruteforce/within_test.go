package bruteforce_test

import (
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// Nodes that are shut are nodes that are forbidden to every task.
func TestShutIsForbidden(t *testing.T) {
	solved := 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 6).Draw(t, "replicas"), rapid.IntRange(2, 4).Draw(t, "nodes"))
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		shut := make([]bool, len(p.NodeNames))
		var names []string
		for j := range shut {
			if shut[j] = rapid.Bool().Draw(t, "shut"); shut[j] {
				names = append(names, p.NodeNames[j])
			}
		}
		if len(names) == 0 {
			return
		}
		for i := range in.Tasks {
			in.Given.Forbid = append(in.Given.Forbid, model.TaskNodes{Task: in.Tasks[i].Name, Nodes: names})
		}
		forbidden, err := model.Compile(in)
		within := p.Within(shut)
		if err != nil || within == nil {
			return // some task has no node left
		}
		best, cost, ok := bruteforce.Solve(within)
		best2, cost2, ok2 := bruteforce.Solve(forbidden)
		if !ok || !ok2 {
			return // too large for brute force
		}
		if (best == nil) != (best2 == nil) || best != nil && within.Format(cost) != forbidden.Format(cost2) {
			t.Fatalf("shut: %v at %s; forbidden: %v at %s", best, within.Format(cost), best2, forbidden.Format(cost2))
		}
		if best == nil {
			return
		}
		solved++
		for _, j := range best {
			if j != model.NoPlace && shut[j] {
				t.Fatalf("%v is on %s, which is shut", best, p.NodeNames[j])
			}
		}
		if v := p.Evaluate(best); len(v.Violations) > 0 || v.Cost != cost {
			t.Fatalf("to the whole problem it is %+v, not feasible at %d", v, cost)
		}
	})
	if solved == 0 {
		t.Error("no problem had a placement")
	}
}
