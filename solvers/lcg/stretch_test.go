package lcg

import (
	"context"
	"math/rand/v2"
	"testing"

	"berth/heuristics/schedule"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
)

// TestStretches begins with stretches of two tasks, which grow until they are all there is:
// then the schedule must be the best. Every offer on the way is judged.
func TestStretches(t *testing.T) {
	small := &search.Method{Name: "small", Handles: model.Schedules, Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		if err := schedule.Single.Run(ctx, p, b); err != nil {
			return err
		}
		(&remaking{b: b, f: newFrame(p.Workflow), rng: rand.New(rand.NewPCG(1, 1)), size: 2}).run()
		return nil
	}}
	asked, improved := 0, 0
	for seed := range *workflows {
		in := instances.MixedWorkflow(seed, 2+int(seed%6), 1+int(seed%4))
		for k := range in.Tasks {
			in.Tasks[k].Deadline = nil
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		_, makespan, ok := bruteforce.Schedule(p)
		r, err := search.Run(context.Background(), p, small, search.Limits{Work: 1_000_000_000}, 1, 1, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if !ok || r.Schedule == nil { // too many to try, or on no single node
			continue
		}
		asked++
		if len(r.Events) > 2 { // more than the first schedule and the proof
			improved++
		}
		if r.Status != model.Optimal || r.Cost != makespan {
			t.Fatalf("seed %d: %v at %d; the optimum is %d", seed, r.Status, r.Cost, makespan)
		}
	}
	t.Logf("%d were tried, %d improved", asked, improved)
	if uint64(asked) < *workflows/2 || improved < asked/4 {
		t.Errorf("only %d could be tried, and %d improved", asked, improved)
	}
}

// TestMostFree: a stretch has as many pairs of tasks on nodes as the limit says, or all.
func TestMostFree(t *testing.T) {
	for _, c := range []struct{ tasks, nodes, want int }{{10, 4, 10}, {1000, 1, 316}, {1000, 4, 158}, {1000, 100, 111}, {3, 1_000_000, 3}} {
		if got := mostFree(c.tasks, c.nodes); got != c.want {
			t.Errorf("%d tasks on %d nodes: %d are free, want %d", c.tasks, c.nodes, got, c.want)
		}
	}
}
