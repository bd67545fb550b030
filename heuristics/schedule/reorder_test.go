package schedule

import (
	"context"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
	"berth/search"
)

// BenchmarkChanges is one change, made, evaluated, and kept or undone, in the middle of a
// run on 100 tasks.
func BenchmarkChanges(b *testing.B) {
	p := generate(b, instances.Spec{Family: "layered", Nodes: 8, Tasks: 100, CCR: 100, Machines: 2}, 1)
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	a := newAnnealing(p.Workflow, board)
	a.start()
	a.front.begin(a.seq, a.node)
	temperature := 0.005 * float64(a.front.cost())
	kept := 0
	for b.Loop() {
		if a.front.step(a.front.cost() + int64(temperature*a.rng.ExpFloat64())) {
			kept++
		}
	}
	b.ReportMetric(float64(kept)/float64(b.N), "kept/op")
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(a.front.steps), "ns/step")
}

var (
	_ = rapid.Check
	_ = rand.New
	_ model.Schedule
)
