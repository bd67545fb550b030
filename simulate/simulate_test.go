package simulate

import (
	"context"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/heuristics/schedule"
	"berth/instances"
	"berth/model"
	"berth/search"
)

// planned is a workflow with a schedule of it; nil where HEFT finds none.
func planned(t testing.TB, in *model.Instance) (*model.Problem, model.Schedule) {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	r, err := search.Run(context.Background(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p, r.Schedule
}

// TestWithoutJitter: every run is as planned, also of a schedule that waits without
// need.
func TestWithoutJitter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(instances.MixedWorkflow(rapid.Uint64().Draw(t, "seed"), 7, 3))
		if err != nil {
			t.Fatal(err)
		}
		r, err := search.Run(context.Background(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
		if err != nil || r.Schedule == nil {
			return
		}
		s := slices.Clone(r.Schedule)
		w := p.Workflow
		delay := rapid.Int64Range(0, 3).Draw(t, "delay")
		for k := range s {
			s[k].Start += delay // all at once: results arrive as late as before
		}
		if v := p.EvaluateSchedule(s); len(v.Violations) > 0 {
			return // a deadline
		}
		o := Jitter{Runs: 3}.Run(w, s)
		if o.Planned != p.EvaluateSchedule(s).Cost || o.Makespans[0] != float64(o.Planned) || o.Makespans[2] != float64(o.Planned) {
			t.Fatalf("planned %d, runs %v", o.Planned, o.Makespans)
		}
		for task, n := range o.Critical {
			if n > 0 && o.Slack[task] > 0 && delay == 0 {
				t.Fatalf("task %d may end %d later, and the end hangs on it", task, o.Slack[task])
			}
		}
	})
}

// TestJitter compares with what can be said of simple workflows, and that a seed repeats.
func TestJitter(t *testing.T) {
	p, s := planned(t, read(t, "nodes: [{name: a}]\ntasks: [{name: x, work: 100}]"))
	o := Jitter{Share: 0.2, Runs: 20000, Seed: 7}.Run(p.Workflow, s)
	ticks := float64(o.Planned)
	if low, high := o.Makespans[0]/ticks, o.Makespans[len(o.Makespans)-1]/ticks; low < 0.8 || low > 0.801 || high > 1.2 || high < 1.199 {
		t.Errorf("from %g to %g, want 0.8 to 1.2", low, high)
	}
	if mean, median := o.Mean()/ticks, o.Quantile(0.5)/ticks; math.Abs(mean-1) > 0.005 || math.Abs(median-1) > 0.01 {
		t.Errorf("mean %g, median %g, want 1", mean, median)
	}
	if o.Ends[0] != 20000 || o.Critical[0] != 20000 {
		t.Errorf("it ends %d runs", o.Ends[0])
	}

	// Of two tasks side by side, each ends about half of the runs: the mean of the larger
	// of two even numbers is two thirds of the way.
	p, s = planned(t, read(t, "nodes: [{name: a}, {name: b}]\ntasks: [{name: x, work: 100}, {name: y, work: 100}]"))
	o = Jitter{Share: 0.3, Runs: 20000, Seed: 1}.Run(p.Workflow, s)
	if mean := o.Mean() / float64(o.Planned); math.Abs(mean-1.1) > 0.005 || math.Abs(float64(o.Ends[0])/20000-0.5) > 0.02 {
		t.Errorf("mean %g, x ends %d", mean, o.Ends[0])
	}
	again := Jitter{Share: 0.3, Runs: 20000, Seed: 1}.Run(p.Workflow, s)
	if !slices.Equal(o.Makespans, again.Makespans) {
		t.Error("one seed gave two outcomes")
	}
}

func TestDeadlinesMissed(t *testing.T) {
	p, s := planned(t, read(t, "nodes: [{name: a}]\ntasks: [{name: x, work: 100, deadline: 100}]"))
	o := Jitter{Share: 0.1, Runs: 10000}.Run(p.Workflow, s)
	if math.Abs(float64(o.Late[0])-5000) > 200 {
		t.Errorf("late in %d of 10000 runs", o.Late[0])
	}
}

func read(t testing.TB, body string) *model.Instance {
	t.Helper()
	in, err := model.Read([]byte("format: berth/v1\nkind: workflow\n"+body), "test")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// chain is three tasks, each on a node of its own choice, and one aside.
const chain = `nodes: [{name: a}, {name: b, speed: 2}, {name: c}]
tasks:
  - {name: x, work: 10}
  - {name: y, work: 20}
  - {name: z, duration: {a: 5, c: 6}}
dependencies:
  - {from: x, to: y, data: 2}
  - {from: y, to: z, data: 4}
network: {default: {bandwidth: 1}}
`

func TestLose(t *testing.T) {
	in := read(t, chain)
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	w := p.Workflow
	one := w.DurationOn(2, 0) / 5 // ticks in a unit
	at := func(node int32, start int64) model.Slot { return model.Slot{Node: node, Start: start * one} }
	plan := model.Schedule{at(1, 0), at(1, 5), at(0, 19)} // x and y on b, z on a: 5, 15, 24
	if v := p.EvaluateSchedule(plan); len(v.Violations) > 0 {
		t.Fatal(v.Violations)
	}
	for _, row := range []struct {
		name  string
		node  int32
		time  int64
		state []State
		ends  int64
		after []int32
	}{
		{"before the first ends", 1, 3, []State{Running, Ahead, Kept}, 3 + 10 + 20 + 5, []int32{0, 0, 0}},
		{"in the second, the first result is gone", 1, 8, []State{Gone, Running, Kept}, 8 + 10 + 20 + 5, []int32{0, 0, 0}},
		{"while the second result is on its way", 1, 17, []State{Gone, Gone, Kept}, 17 + 10 + 20 + 5, []int32{0, 0, 0}},
		{"when it has arrived", 1, 19, []State{Done, Done, Kept}, 24, []int32{1, 1, 0}},
		{"the last one's node, before it begins", 0, 10, []State{Done, Kept, Ahead}, 15 + 4 + 6, []int32{1, 1, 2}},
		{"the last one's node, while it runs", 0, 20, []State{Done, Done, Running}, 20 + 4 + 6, []int32{1, 1, 2}},
		{"a node that does nothing", 2, 4, []State{Kept, Kept, Kept}, 24, []int32{1, 1, 0}},
		{"after everything", 1, 30, []State{Done, Done, Done}, 24, []int32{1, 1, 0}},
	} {
		l, err := Lose(p, plan, row.node, row.time*one)
		if err != nil {
			t.Errorf("%s: %v", row.name, err)
			continue
		}
		var nodes []int32
		for _, slot := range l.After {
			nodes = append(nodes, slot.Node)
		}
		if !slices.Equal(l.State, row.state) || l.Makespan != row.ends*one || !slices.Equal(nodes, row.after) {
			t.Errorf("%s: %v, ends at %s on %v; want %v, %d on %v", row.name, l.State, p.Format(l.Makespan), nodes, row.state, row.ends, row.after)
		}
	}
}

func TestLoseTheOnlyNode(t *testing.T) {
	p, s := planned(t, read(t, "nodes: [{name: a}, {name: b}]\ntasks: [{name: x, duration: {a: 4}}, {name: y, duration: {b: 1}}]"))
	if _, err := Lose(p, s, 0, 1); err == nil || !strings.Contains(err.Error(), "task x can run nowhere") {
		t.Errorf("%v", err)
	}
}

// TestLoseKeepsTheRules: after a loss no node does two things at once, nothing begins on
// the lost node after it, and what runs in the end runs after what it needs.
func TestLoseKeepsTheRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, err := model.Compile(instances.MixedWorkflow(rapid.Uint64().Draw(t, "seed"), 9, 3))
		if err != nil {
			t.Fatal(err)
		}
		w := p.Workflow
		r, err := search.Run(context.Background(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
		if err != nil || r.Schedule == nil {
			return
		}
		node, time := int32(rapid.IntRange(0, w.Nodes-1).Draw(t, "node")), rapid.Int64Range(0, r.Cost).Draw(t, "time")
		l, err := Lose(p, r.Schedule, node, time)
		if err != nil {
			return
		}
		for a := range l.After {
			begun := l.After[a]
			moved := l.State[a] == Ahead || l.State[a] == Running || l.State[a] == Gone
			if moved && (begun.Node == node || begun.Start < time) || begun.Node == node && w.Finish(l.After, int32(a)) > time {
				t.Fatalf("task %d, %v, runs on node %d from %d; node %d is lost at %d", a, l.State[a], begun.Node, begun.Start, node, time)
			}
			for b := range a {
				other := l.After[b]
				if begun.Node == other.Node && begun.Start < w.Finish(l.After, int32(b)) && other.Start < w.Finish(l.After, int32(a)) {
					t.Fatalf("tasks %d and %d at once on node %d", a, b, begun.Node)
				}
			}
		}
		for _, e := range w.Edges {
			if l.State[e.From] == Gone {
				continue // what has a copy of its result does not wait for the second run
			}
			if l.toBeginAfter(e.To, time) && l.After[e.To].Start < w.Finish(l.After, e.From) {
				t.Fatalf("task %d begins before %d, which it needs, ends", e.To, e.From)
			}
		}
	})
}

// toBeginAfter says whether the run that counts of a task begins after the loss.
func (l *Loss) toBeginAfter(t int32, time int64) bool {
	return l.State[t] != Done && l.After[t].Start >= time
}
