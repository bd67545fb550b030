package schedule

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// mixed is a small workflow with an order of its tasks and a node for each at random.
func mixed(t *rapid.T) (p *model.Problem, seq, node []int32) {
	in := instances.MixedWorkflow(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(1, 12).Draw(t, "tasks"), rapid.SampledFrom([]int{1, 2, 3, 4, 2*mostTried + 5}).Draw(t, "nodes"))
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	w := p.Workflow
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "choices"), 1))
	walk := newWalk(newOrder(w), rng)
	for task := range int32(len(w.Tasks)) {
		on := walk.nodesOf(task)
		if len(on) == 0 {
			t.Skip("a task runs nowhere")
		}
		node = append(node, on[rng.IntN(len(on))])
	}
	return p, w.Order, node
}

// TestOrderIsJudged: the makespan of an order, and by how much it is late, are what the
// judge says of its schedule.
func TestOrderIsJudged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, seq, node := mixed(t)
		o := newOrder(p.Workflow)
		o.set(seq, node)
		v := p.EvaluateSchedule(o.schedule())
		if o.makespan >= model.Never {
			if len(v.Violations) == 0 {
				t.Fatal("results never arrive, and the judge says nothing")
			}
			return
		}
		if v.Cost != o.makespan || (len(v.Violations) == 0) != (o.late == 0) {
			t.Fatalf("makespan %d, late by %d; the judge says %d and %v", o.makespan, o.late, v.Cost, v.Violations)
		}
	})
}

// TestChangesAreExact makes many changes, with every way to end an evaluation, and holds
// what is kept against a fresh evaluation after each.
func TestChangesAreExact(t *testing.T) {
	kept, undone := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p, seq, node := mixed(t)
		w := p.Workflow
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "walk"), 2))
		a := newWalk(newOrder(w), rng)
		a.begin(seq, node)
		fresh := newOrder(w)
		for range 60 {
			limit := a.cost() + rng.Int64N(a.cost()/4+2)
			before, nodes, cost := slices.Clone(a.seq), slices.Clone(a.node), a.cost()
			if a.step(limit) {
				kept++
				if a.cost() > limit {
					t.Fatalf("kept at %d, above the limit %d", a.cost(), limit)
				}
			} else {
				undone++
				if !slices.Equal(before, a.seq) || !slices.Equal(nodes, a.node) || a.cost() != cost {
					t.Fatal("a change that was not kept changed something")
				}
			}
			fresh.set(a.seq, a.node)
			if fresh.makespan != a.makespan || fresh.late != a.late || !slices.Equal(fresh.finish, a.finish) ||
				!slices.Equal(fresh.tail, a.tail) || !slices.Equal(fresh.before, a.before) || !slices.Equal(fresh.behind, a.behind) || !slices.Equal(fresh.head, a.head) || !slices.Equal(fresh.final, a.final) || !slices.Equal(fresh.pos, a.pos) {
				t.Fatalf("after a change the makespan is said to be %d, it is %d", a.makespan, fresh.makespan)
			}
			for _, e := range w.Edges {
				if a.pos[e.From] > a.pos[e.To] {
					t.Fatal("a task stands before one that it waits for")
				}
			}
		}
	})
	if kept < 100 || undone < 100 {
		t.Errorf("%d changes kept, %d undone", kept, undone)
	}
}

// TestBackwards: an order read from its end, on the workflow turned round, takes as long
// as its own schedule pushed to the end, and no longer than it does itself the other way.
func TestBackwards(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, seq, node := mixed(t)
		if windows(p.Workflow) {
			return
		}
		front, back := newOrder(p.Workflow), newOrder(p.Workflow.Reversed())
		front.set(seq, node)
		back.set(reversed(seq), node)
		if back.makespan != front.makespan && max(back.makespan, front.makespan) < model.Never {
			t.Fatalf("%d from the begin, %d from the end", front.makespan, back.makespan)
		}
	})
}

// TestReorderFindsOptima compares with trying everything.
func TestReorderFindsOptima(t *testing.T) {
	solvable, optimal := 0, 0
	for seed := range uint64(60) {
		p := compiled.Instance(t, instances.MixedWorkflow(seed, 6, 3))
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok || best == nil {
			continue
		}
		solvable++
		if r := runs(t, p, Reorder, 3_000_000, 1); r.Cost == makespan {
			optimal++
		}
	}
	if solvable < 30 || 100*optimal < 95*solvable {
		t.Errorf("%d of %d optimal", optimal, solvable)
	}
}

// TestReorderRepeats: with a limit of work, one seed gives one answer.
func TestReorderRepeats(t *testing.T) {
	p := generate(t, instances.Spec{Family: "fft", Nodes: 4, Tasks: 60, CCR: 200, Machines: 2}, 3)
	one, two := runs(t, p, Reorder, 60_000_000, 5), runs(t, p, Reorder, 60_000_000, 5)
	if one.Cost != two.Cost || !slices.Equal(one.Schedule, two.Schedule) || one.Work != two.Work {
		t.Errorf("%d after %d units and %d after %d", one.Cost, one.Work, two.Cost, two.Work)
	}
	if heft := runs(t, p, HEFT, 0, 1); one.Cost >= heft.Cost {
		t.Errorf("it ends at %d, heft at %d", one.Cost, heft.Cost)
	}
}

// BenchmarkChanges is one change, made, evaluated, and kept or undone, in the middle of a
// run on 100 tasks.
func BenchmarkChanges(b *testing.B) {
	p := generate(b, instances.Spec{Family: "layered", Nodes: 8, Tasks: 100, CCR: 100, Machines: 2}, 1)
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	a := newAnnealing(p.Workflow, board, 1)
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

// BenchmarkHEFT is 10,000 tasks on 100 nodes.
func BenchmarkHEFT(b *testing.B) {
	p := generate(b, instances.Spec{Family: "layered", Nodes: 100, Tasks: 10_000, CCR: 100, Machines: 1}, 1)
	for b.Loop() {
		runs(b, p, HEFT, 0, 1)
	}
}
