package model

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawWorkflow makes a small workflow with every feature, and the problem of it.
func drawWorkflow(t *rapid.T) (*Instance, *Problem) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
	in := &Instance{Workflow: true, Name: "drawn", Weights: Weights{DecimalOne, DecimalOne, DecimalOne, DecimalOne}, Tasks: []Task{}}
	for j := range 1 + rng.IntN(4) {
		n := Node{Name: fmt.Sprintf("n%d", j), Capacity: Resources{{"memory", Quantity{Units: int64(1 + rng.IntN(3))}}}}
		if rng.IntN(2) == 0 {
			speed := Decimal(rng.IntN(40)+2) * DecimalOne / 10
			n.Speed = &speed
		}
		in.Nodes = append(in.Nodes, n)
	}
	for i := range rng.IntN(8) {
		task := Task{Name: fmt.Sprintf("t%d", i), Replicas: 1}
		if rng.IntN(2) == 0 {
			task.Demand = Resources{{"memory", Quantity{Units: int64(rng.IntN(3))}}}
		}
		if rng.IntN(2) == 0 {
			work := Decimal(rng.IntN(100)) * DecimalOne / 4
			task.Work = &work
		} else {
			for _, n := range in.Nodes {
				if rng.IntN(3) > 0 || len(task.Durations) == 0 {
					task.Durations = append(task.Durations, NodeTime{n.Name, Decimal(rng.IntN(20)) * DecimalOne})
				}
			}
		}
		if rng.IntN(4) == 0 {
			task.Release = Decimal(1+rng.IntN(20)) * DecimalOne
		}
		if rng.IntN(4) == 0 {
			deadline := task.Release + Decimal(rng.IntN(60))*DecimalOne
			task.Deadline = &deadline
		}
		for from := range i {
			if rng.IntN(3) == 0 {
				in.Dependencies = append(in.Dependencies, Dependency{
					From: in.Tasks[from].Name, To: task.Name, Data: Quantity{Units: int64(rng.IntN(4)) * 7},
				})
			}
		}
		in.Tasks = append(in.Tasks, task)
	}
	for a := range in.Nodes {
		for b := range a {
			if rng.IntN(2) == 0 {
				in.Network.Links = append(in.Network.Links, Link{
					Between: [2]string{in.Nodes[b].Name, in.Nodes[a].Name},
					Line:    Line{Latency: Decimal(rng.IntN(3)) * DecimalOne / 2, Bandwidth: &Quantity{Units: int64(1 + rng.IntN(3))}},
				})
			}
		}
	}
	if rng.IntN(2) == 0 {
		in.Network.Default = &Line{Latency: DecimalOne}
	}
	p, err := Compile(in)
	if err != nil {
		t.Fatalf("%v\n%+v", err, in)
	}
	return in, p
}

func TestWorkflowsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, _ := drawWorkflow(t)
		for _, format := range []string{"json", "yaml"} {
			var b bytes.Buffer
			if err := in.Write(&b, format); err != nil {
				t.Fatal(err)
			}
			back, err := Read(b.Bytes(), format)
			if err != nil {
				t.Fatalf("%v\n%s", err, b.Bytes())
			}
			if back.Digest() != in.Digest() {
				t.Fatalf("another meaning:\n%s", b.Bytes())
			}
		}
	})
}

// simulate runs a schedule of a document event by event: a task begins at its start if
// its node is idle and everything it needs is there. It returns what went wrong, and
// when the last task ended. It computes with the document's numbers and with nothing
// of the compiled form, routes by trying every path.
func simulate(in *Instance, at map[string]Slot) (wrong []string, makespan int64) {
	node := func(name string) int { return slices.IndexFunc(in.Nodes, func(n Node) bool { return n.Name == name }) }
	length := map[string]int64{}
	for _, task := range in.Tasks {
		j := int(at[task.Name].Node)
		d := int64(-1)
		if task.Work != nil {
			speed := int64(DecimalOne)
			if in.Nodes[j].Speed != nil {
				speed = int64(*in.Nodes[j].Speed)
			}
			d = (int64(*task.Work)*1_000_000 + speed - 1) / speed
		}
		for _, on := range task.Durations {
			if on.Node == in.Nodes[j].Name {
				d = int64(on.Time)
			}
		}
		if in.Nodes[j].Capacity.Of("memory").less(task.Demand.Of("memory")) || d < 0 {
			wrong = append(wrong, task.Name+" cannot run there")
		}
		length[task.Name] = d
	}
	if wrong != nil {
		return wrong, 0
	}
	// All times at which something happens, in order; at each, first what ends and
	// arrives, then what begins: tasks that take no time first, along the dependencies.
	arrived := map[[2]string]int64{}
	for _, d := range in.Dependencies {
		from, to := at[d.From], at[d.To]
		transfer, reached := bestPath(in, int(from.Node), int(to.Node), d.Data, node)
		if !reached {
			wrong = append(wrong, d.To+" is not connected with "+d.From)
			continue
		}
		arrived[[2]string{d.From, d.To}] = from.Start + length[d.From] + transfer
	}
	clock := map[int32]int64{} // until when each node is busy
	begins := slices.Clone(in.Tasks)
	slices.SortStableFunc(begins, func(a, b Task) int {
		if at[a.Name].Start != at[b.Name].Start {
			return int(at[a.Name].Start - at[b.Name].Start)
		}
		return int(min(length[a.Name], 1) - min(length[b.Name], 1))
	})
	for _, task := range begins {
		slot := at[task.Name]
		if slot.Start < clock[slot.Node] {
			wrong = append(wrong, task.Name+" begins on a busy node")
		}
		clock[slot.Node] = max(clock[slot.Node], slot.Start+length[task.Name])
		makespan = max(makespan, clock[slot.Node])
		if slot.Start < int64(task.Release) {
			wrong = append(wrong, task.Name+" begins too early")
		}
		if task.Deadline != nil && slot.Start+length[task.Name] > int64(*task.Deadline) {
			wrong = append(wrong, task.Name+" ends too late")
		}
		for _, d := range in.Dependencies {
			if time, known := arrived[[2]string{d.From, d.To}]; known && d.To == task.Name && slot.Start < time {
				wrong = append(wrong, task.Name+" begins before a result is there")
			}
		}
	}
	return wrong, makespan
}

// bestPath tries every path without a circle: the least latency, then the largest
// bandwidth.
func bestPath(in *Instance, from, to int, data Quantity, node func(string) int) (time int64, reached bool) {
	if from == to {
		return 0, true
	}
	bestLatency, bestBandwidth := int64(-1), int64(0)
	var walk func(at int, seen map[int]bool, latency, bandwidth int64)
	walk = func(at int, seen map[int]bool, latency, bandwidth int64) {
		if at == to {
			if bestLatency < 0 || latency < bestLatency || latency == bestLatency && bandwidth > bestBandwidth {
				bestLatency, bestBandwidth = latency, bandwidth
			}
			return
		}
		for _, l := range in.Network.Links {
			for side := range 2 {
				if next := node(l.Between[1-side]); node(l.Between[side]) == at && !seen[next] {
					seen[next] = true
					walk(next, seen, latency+int64(l.Latency), min(bandwidth, l.Bandwidth.Units))
					delete(seen, next)
				}
			}
		}
	}
	walk(from, map[int]bool{from: true}, 0, 1<<60)
	switch {
	case bestLatency >= 0:
		return bestLatency + (data.Units*1_000_000+bestBandwidth-1)/bestBandwidth, true
	case in.Network.Default != nil:
		return int64(in.Network.Default.Latency), true
	}
	return 0, false
}

// TestJudgeOfSchedules holds the judge against a simulation that was written apart from
// it, on schedules that are mostly right, and on others.
func TestJudgeOfSchedules(t *testing.T) {
	right, broken := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in, p := drawWorkflow(t)
		w := p.Workflow
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "choices"), 3))
		s := make(Schedule, len(w.Tasks))
		busy := make([]int64, w.Nodes)
		for _, task := range w.Order {
			j := int32(rng.IntN(w.Nodes))
			for tries := 0; tries < 9 && w.DurationOn(task, j) == Never; tries++ {
				j = int32(rng.IntN(w.Nodes))
			}
			start := max(busy[j], w.Release[task])
			for k := range w.Edges {
				if e := &w.Edges[k]; e.To == task {
					start = max(start, min(w.Finish(s, e.From)+w.Message(e, s[e.From].Node, j), longest))
				}
			}
			s[task] = Slot{j, start}
			busy[j] = min(start+w.DurationOn(task, j), longest)
		}
		if len(s) > 0 && rng.IntN(3) == 0 {
			moved := &s[rng.IntN(len(s))]
			moved.Start = max(0, moved.Start+rng.Int64N(5)-2)
		}
		at := map[string]Slot{}
		for task, slot := range s {
			at[w.Tasks[task]] = Slot{slot.Node, slot.Start * w.tick}
		}
		wrong, makespan := simulate(in, at)
		v := p.EvaluateSchedule(s)
		if (len(wrong) > 0) != (len(v.Violations) > 0) {
			t.Fatalf("the judge says %v, the simulation %v\n%+v", v.Violations, wrong, s)
		}
		if len(wrong) > 0 {
			broken++
			return
		}
		right++
		if v.Cost*w.tick != makespan {
			t.Fatalf("the judge says %d, the simulation %d", v.Cost*w.tick, makespan)
		}
		if bound := p.TrivialBound(); bound > v.Cost {
			t.Fatalf("the bound is %d, the makespan %d", bound, v.Cost)
		}
		document, err := p.DocumentSchedule(Feasible, s, nil)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := document.Write(&b); err != nil {
			t.Fatal(err)
		}
		back, err := ReadSolution(b.Bytes(), "solution")
		if err != nil {
			t.Fatal(err)
		}
		if failed := p.Verify(back); failed != nil {
			t.Fatalf("%v\n%s", failed, b.Bytes())
		}
		if cost, ok := p.Recost(back); !ok || cost != v.Cost {
			t.Fatalf("costed again: %d %v", cost, ok)
		}
		if again, err := p.BeginSchedule(back); err != nil || !slices.Equal(again, s) {
			t.Fatalf("another schedule to begin with: %v", err)
		}
	})
	if draws := right + broken; right < draws/5 || broken < draws/10 { // -short draws less
		t.Errorf("%d schedules right, %d broken", right, broken)
	}
}

// TestVerifySchedule refutes one claim after the other.
func TestVerifySchedule(t *testing.T) {
	text, err := os.ReadFile("testdata/good-workflow.yaml")
	if err != nil {
		t.Fatal(err)
	}
	in, err := Read(text, "good")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	claim := func(change func(*Solution)) string {
		bound := int64(0)
		s, err := p.DocumentSchedule(Feasible, Schedule{{0, 0}, {1, p.Workflow.Ticks(15_520_000)}}, &bound)
		if err != nil {
			t.Fatal(err)
		}
		change(s)
		return strings.Join(p.Verify(s), "; ")
	}
	for _, row := range []struct {
		name   string
		change func(*Solution)
		want   string
	}{
		{"as it is", func(*Solution) {}, ""},
		{"a finer start", func(s *Solution) {
			s.Schedule[1].Start, s.Schedule[1].Finish, s.Objective = "15.520001", "24.520001", "24.520001"
			*s.Gap = 1
		}, ""},
		{"too early", func(s *Solution) { s.Schedule[1].Start, s.Schedule[1].Finish = "15.51", "24.51" }, "before the result of stitch arrives at 15.52"},
		{"overlap", func(s *Solution) { s.Schedule[1] = TaskTime{"classify", "drone1", "14", "26"} }, "while stitch runs there until 15"},
		{"too fine", func(s *Solution) { s.Schedule[1].Start = "15.5200001" }, "at most six fractional digits"},
		{"below 0", func(s *Solution) { s.Schedule[0].Start = "-1" }, "not a time from 0"},
		{"wrong finish", func(s *Solution) { s.Schedule[0].Finish = "16" }, "schedule.stitch.finish is claimed to be 16, it is 15"},
		{"wrong objective", func(s *Solution) { s.Objective = "24"; s.Gap = nil; s.Bound = "" }, "objective is claimed to be 24, it is 24.52"},
		{"unknown task", func(s *Solution) { s.Schedule[0].Task = "x" }, `no task "x"`},
		{"missing task", func(s *Solution) { s.Schedule = s.Schedule[:1] }, "task classify is missing"},
		{"unknown node", func(s *Solution) { s.Schedule[0].Node = "x" }, `no node "x"`},
		{"a placement", func(s *Solution) { s.Schedule, s.Placement = nil, []TaskNodes{} }, "this instance is a workflow"},
		{"after its deadline", func(s *Solution) { s.Schedule[1].Start, s.Schedule[1].Finish = "82", "91" }, "ends at 91, after its deadline at 90.5"},
	} {
		got := claim(row.change)
		if row.want == "" && got != "" || !strings.Contains(got, row.want) {
			t.Errorf("%s: %q, want %q", row.name, got, row.want)
		}
	}
}

// TestNoSchedule: what compiling finds to be impossible, in words.
func TestNoSchedule(t *testing.T) {
	for _, row := range []struct{ body, want string }{
		{"nodes: [{name: a, capacity: {m: 1}}]\ntasks: [{name: t, work: 1, demand: {m: 2}}]", "task t can run on no node"},
		{"nodes: [{name: a}, {name: b}]\ntasks: [{name: s, duration: {a: 1}}, {name: t, duration: {b: 1}}]\ndependencies: [{from: s, to: t}]", "task t waits for s, but no node"},
		{"nodes: [{name: a}]\ntasks: [{name: s, work: 3}, {name: t, work: 1, deadline: 3.5}]\ndependencies: [{from: s, to: t}]", "task t ends at 4 at the earliest, after its deadline 3.5"},
		{"nodes: [{name: a}]\ntasks: [{name: s, work: 3, deadline: 3}]", ""},
		{"nodes: [{name: a}]\ntasks: []", ""},
	} {
		in, err := Read([]byte("format: berth/v1\nkind: workflow\n"+row.body), "test")
		if err != nil {
			t.Fatal(err)
		}
		p, err := Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		if row.want == "" && p.Impossible != "" || !strings.Contains(p.Impossible, row.want) {
			t.Errorf("%q, want %q", p.Impossible, row.want)
		}
	}
}

// TestSlack pushes each task by its slack, and by one tick more, with all that follows on
// its node or waits for it.
func TestSlack(t *testing.T) {
	pushed := 0
	rapid.Check(t, func(t *rapid.T) {
		_, p := drawWorkflow(t)
		w := p.Workflow
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "choices"), 5))
		s := make(Schedule, len(w.Tasks))
		for task := range s {
			if s[task].Node = int32(rng.IntN(w.Nodes)); w.DurationOn(int32(task), s[task].Node) == Never {
				return
			}
		}
		// ends is the makespan when a task begins later than it could.
		ends := func(late int32, by int64, keep Schedule) int64 {
			free, finish, makespan := make([]int64, w.Nodes), make([]int64, len(s)), int64(0)
			order := w.Order
			if keep != nil {
				order = w.Running(keep)
			}
			for _, task := range order {
				start := max(free[s[task].Node], w.Release[task])
				for k := range w.Edges {
					if e := &w.Edges[k]; e.To == task {
						start = max(start, min(finish[e.From]+w.Message(e, s[e.From].Node, s[task].Node), Never))
					}
				}
				if keep != nil {
					start = max(start, keep[task].Start)
				}
				if task == late {
					start += by
				}
				s[task].Start = start
				finish[task] = min(start+w.DurationOn(task, s[task].Node), Never)
				free[s[task].Node] = finish[task]
				makespan = max(makespan, finish[task])
			}
			return makespan
		}
		makespan := ends(-1, 0, nil)
		if makespan >= Never {
			return
		}
		plan := slices.Clone(s)
		for task, slack := range w.Slack(plan) {
			pushed++
			if slack < 0 {
				t.Fatalf("task %d has a slack of %d", task, slack)
			}
			if with := ends(int32(task), slack, plan); with != makespan {
				t.Fatalf("task %d pushed by its slack %d ends at %d, not %d", task, slack, with, makespan)
			}
			if with := ends(int32(task), slack+1, plan); with <= makespan {
				t.Fatalf("task %d pushed by more than its slack %d still ends at %d", task, slack, with)
			}
		}
	})
	if pushed < 20 {
		t.Errorf("%d tasks pushed", pushed)
	}
}

// TestEvaluateScheduleRefuses: a task on no node that there is, or at a time that cannot be, ends
// the judging of the others.
func TestEvaluateScheduleRefuses(t *testing.T) {
	in, err := Read([]byte("format: berth/v1\nkind: workflow\nnodes: [{name: n}]\ntasks: [{name: a, work: 1}, {name: b, work: 1}]\ndependencies: [{from: a, to: b}]\n"), "w.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	for want, slot := range map[string]Slot{
		"on node 1, which does not exist":  {1, 0},
		"on node -1, which does not exist": {-1, 0},
		"at no time that can be":           {0, -1},
	} {
		// b begins before a could end: that is not held against it.
		v := p.EvaluateSchedule(Schedule{slot, {0, 0}})
		if len(v.Violations) != 1 || !strings.Contains(v.Violations[0].Text, want) {
			t.Errorf("a at %+v: %+v, want %q", slot, v.Violations, want)
		}
	}
}

// TestLateTimes: where ticks are long, times are large: what a schedule then says is verified,
// a deadline counts, and what leaves 64 bits as millionths is refused.
func TestLateTimes(t *testing.T) {
	compiled := func(tasks int) (*Problem, error) {
		text := "format: berth/v1\nkind: workflow\nnodes: [{name: a}]\ntasks:\n  - {name: first, work: 400000000000, deadline: 2000000000000}\n"
		for k := range tasks - 1 {
			text += fmt.Sprintf("  - {name: t%d, work: 400000000000}\n", k)
		}
		in, err := Read([]byte(text), "late")
		if err != nil {
			t.Fatal(err)
		}
		return Compile(in)
	}
	p, err := compiled(8)
	if err != nil {
		t.Fatal(err)
	}
	inTurn := make(Schedule, 8)
	for k := range inTurn {
		inTurn[k].Start = int64(k)
	}
	s, err := p.DocumentSchedule(Feasible, inTurn, nil)
	if err != nil {
		t.Fatal(err)
	}
	if failed := p.Verify(s); failed != nil || s.Objective != "3200000000000" {
		t.Errorf("%s: %v", s.Objective, failed)
	}
	inTurn[0], inTurn[7] = inTurn[7], inTurn[0]
	if v := p.EvaluateSchedule(inTurn).Violations; len(v) != 1 || !strings.Contains(v[0].Text, "after its deadline at 2000000000000") {
		t.Errorf("%v", v)
	}
	if _, err := compiled(30); err == nil || !strings.Contains(err.Error(), "times in a larger unit") {
		t.Errorf("30 tasks: %v", err)
	}
}

// TestRefined: a schedule of a workflow with finer ticks is as long as before.
func TestRefined(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		_, p := drawWorkflow(t)
		time := Decimal(rapid.Int64Range(0, 20_000_000).Draw(t, "time"))
		q, ok := p.Refined(time)
		if !ok || Decimal(q.Workflow.Ticks(time)*q.Workflow.tick) != time {
			t.Fatalf("%s is no number of ticks", time)
		}
		fine := p.Workflow.tick / q.Workflow.tick
		s, r := make(Schedule, len(p.Workflow.Tasks)), make(Schedule, len(p.Workflow.Tasks))
		for k := range s {
			s[k] = Slot{rapid.Int32Range(0, int32(p.Workflow.Nodes)-1).Draw(t, "node"), rapid.Int64Range(0, 40).Draw(t, "start")}
			r[k] = Slot{s[k].Node, s[k].Start * fine}
		}
		was, is := p.EvaluateSchedule(s), q.EvaluateSchedule(r)
		if p.Format(was.Cost) != q.Format(is.Cost) || !slices.Equal(was.Violations, is.Violations) {
			t.Fatalf("%s, %v; %s, %v", p.Format(was.Cost), was.Violations, q.Format(is.Cost), is.Violations)
		}
	})
}
