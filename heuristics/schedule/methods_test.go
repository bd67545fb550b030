package schedule

import (
	"context"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

func generate(t testing.TB, s instances.Spec, seed uint64) *model.Problem {
	t.Helper()
	in, err := instances.Generate(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	return compiled.Instance(t, in)
}

func runs(t testing.TB, p *model.Problem, m *search.Method, work int64, seed uint64) *search.Result {
	t.Helper()
	r, err := search.Run(context.Background(), p, m, search.Limits{Work: work}, seed, 1, nil)
	if err != nil {
		t.Fatalf("%s on %s: %v", m.Name, p.Name, err)
	}
	return r
}

// TestMethodsOnMixed holds every method against trying everything: none is better, and
// each finds a schedule nearly wherever one exists. The board holds every offer against
// the judge.
func TestMethodsOnMixed(t *testing.T) {
	solvable, found := 0, map[string]int{}
	for seed := range uint64(150) {
		p := compiled.Instance(t, instances.MixedWorkflow(seed, 1+int(seed%6), 1+int(seed%3)))
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok {
			continue
		}
		if best != nil {
			solvable++
		}
		for _, m := range All() {
			r := runs(t, p, m, 2_000_000, 1)
			switch {
			case r.Schedule != nil && (best == nil || r.Cost < makespan):
				t.Fatalf("%s, seed %d: %d is better than all that there is, %d", m.Name, seed, r.Cost, makespan)
			case r.Bound > makespan:
				t.Fatalf("%s, seed %d: the bound %d is above %d", m.Name, seed, r.Bound, makespan)
			case r.Schedule != nil:
				found[m.Name]++
			}
		}
	}
	t.Logf("of %d, found: %v", solvable, found)
	for _, m := range All() {
		fewest := 90
		if m == Single || m == Backward {
			fewest = 75 // windows and nodes that cannot run everything are in their way
		}
		if 100*found[m.Name] < fewest*solvable {
			t.Errorf("%s found %d of %d", m.Name, found[m.Name], solvable)
		}
	}
	if solvable < 80 {
		t.Errorf("only %d have a schedule", solvable)
	}
}
