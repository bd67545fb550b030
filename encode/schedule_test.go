package encode_test

import (
	"fmt"
	"runtime"
	"slices"
	"testing"

	"berth/encode"
	"berth/encode/sat"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/solvers/sat/oracle"
)

var forms = []struct {
	name  string
	form  encode.Form
	terms int64 // more take long
}{{"bits", encode.Bits, 5000}, {"digits", encode.Digits, 200}}

// least finds the smallest makespan that the clauses of a program allow, by asking for
// less and less; ok is false where they allow none.
func least(t *testing.T, p *model.Problem, g *encode.Program) (best model.Schedule, makespan int64, ok bool) {
	t.Helper()
	most := int64(1 << 40)
	for {
		o := oracle.New()
		always := func(int64) bool { return true }
		o.Read(sat.Clauses(g, &most), always)
		if o.Solve(nil, always) != oracle.Yes {
			return best, makespan, best != nil
		}
		written := g.Offset
		number := func(v int32) int64 {
			if o.Value(sat.Positive(v)) {
				return 1
			}
			return 0
		}
		for v := range g.Vars {
			written += g.Vars[v].Cost * number(int32(v))
		}
		s, err := g.DecodeSchedule(number)
		if err != nil {
			t.Fatal(err)
		}
		v := p.EvaluateSchedule(s)
		if len(v.Violations) > 0 || v.Cost > written || written > most {
			t.Fatalf("the program says %d, at most %d; the judge %+v", written, most, v)
		}
		best, makespan, most = s, v.Cost, v.Cost-1
	}
}

// TestSchedules holds programs of workflows with everything against trying everything.
func TestSchedules(t *testing.T) {
	asked, large, infeasible := 0, 0, 0
	for seed := range uint64(200) {
		p, err := model.Compile(instances.MixedWorkflow(seed, 1+int(seed%5), 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		optimum, makespan, ok := bruteforce.Schedule(p)
		if !ok {
			continue
		}
		for _, f := range forms {
			g := encode.BuildSchedule(p, f.form, -1, f.terms)
			if g == nil {
				large++
				continue
			}
			got, cost, found := least(t, p, g)
			switch {
			case found != (optimum != nil):
				t.Fatalf("seed %d, %s: a schedule is found: %t, there is one: %t", seed, f.name, found, optimum != nil)
			case !found:
				infeasible++
			case cost != makespan:
				t.Fatalf("seed %d, %s: the least is %d, it should be %d: %v", seed, f.name, cost, makespan, got)
			}
			asked++
		}
	}
	if asked < 180 || infeasible < 5 {
		t.Errorf("only %d could be asked, %d without a schedule, %d were too large", asked, infeasible, large)
	}
}

// TestWholeKeepsTheBest: the best schedule keeps every row of the program of whole numbers,
// and costs there what it does.
func TestWholeKeepsTheBest(t *testing.T) {
	held := 0
	for seed := range uint64(300) {
		p, err := model.Compile(instances.MixedWorkflow(seed, 1+int(seed%6), 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		best, makespan, ok := bruteforce.Schedule(p)
		if !ok || best == nil {
			continue
		}
		renumber(p, best)
		g := encode.BuildSchedule(p, encode.Whole, -1, 1_000_000)
		objective := g.Offset
		values := make([]int64, len(g.Vars))
		for v := range g.Vars {
			values[v] = valueOf(p, g, best, makespan, &g.Vars[v])
			objective += values[v] * g.Vars[v].Cost
		}
		if objective != makespan {
			t.Fatalf("seed %d: the objective is %d, the makespan %d", seed, objective, makespan)
		}
		for k := range g.Rows {
			r, sum := &g.Rows[k], int64(0)
			for _, term := range r.Terms {
				sum += term.Coef * values[term.Var]
			}
			if r.Sense != encode.AtMost && sum < r.RHS || r.Sense != encode.AtLeast && sum > r.RHS {
				t.Fatalf("seed %d: %s: %d with %d\n%+v", seed, g.Describe(k), sum, r.RHS, best)
			}
		}
		held++
	}
	if held < 200 {
		t.Errorf("only %d had a schedule", held)
	}
}

// renumber swaps nodes that are alike until they are in the order of their first tasks.
func renumber(p *model.Problem, s model.Schedule) {
	taken := make([]bool, len(p.NodeClass))
	is := map[int32]int32{}
	for _, t := range p.Workflow.Order {
		j := s[t].Node
		if _, known := is[j]; !known {
			for k, class := range p.NodeClass {
				if class == p.NodeClass[j] && !taken[k] {
					is[j], taken[k] = int32(k), true
					break
				}
			}
		}
	}
	for t := range s {
		s[t].Node = is[s[t].Node]
	}
}

func valueOf(p *model.Problem, g *encode.Program, s model.Schedule, makespan int64, x *encode.Var) int64 {
	w := p.Workflow
	is := false
	switch x.Kind {
	case encode.Begins:
		return s[x.Item].Start - g.Head(x.Item)
	case encode.Ends:
		return w.Finish(s, x.Item) - g.Head(x.Item) - w.LeastDurations()[x.Item]
	case encode.Makespan:
		return makespan - g.Offset
	case encode.Runs:
		is = s[x.Item].Node == x.Place
	case encode.Apart:
		is = s[x.Item].Node != s[x.Place].Node
	case encode.Together:
		is = s[x.Item].Node == s[x.Place].Node
	case encode.Before:
		is = w.Finish(s, x.Item) <= s[x.Place].Start
	}
	if is {
		return 1
	}
	return 0
}

func workflow(t *testing.T, text string) *model.Problem {
	t.Helper()
	return compiled.Document(t, "format: berth/v1\nkind: workflow\nname: w\n"+text)
}

// TestLongTimes: ticks that decide nothing cost nothing, however many they are.
func TestLongTimes(t *testing.T) {
	p := workflow(t, `
nodes: [{name: a}, {name: b}]
network: {default: {latency: 0}}
tasks: [{name: s, work: 1000000.000001}, {name: t, work: 1000000.000002}]
dependencies: [{from: s, to: t}]
`)
	if g := encode.BuildSchedule(p, encode.Bits, -1, 1000); !p.Interchangeable() || g == nil || g.Offset != 2_000_000_000_003 {
		t.Errorf("%t, %+v", p.Interchangeable(), g)
	}
}

// TestLongMessages: a message that takes longer than everything on one node leaves no large
// number in the program.
func TestLongMessages(t *testing.T) {
	g := encode.BuildSchedule(workflow(t, `
nodes: [{name: a}, {name: b}]
network: {default: {latency: 1000000}}
tasks: [{name: s, work: 3}, {name: t, work: 2}, {name: u, work: 2}]
dependencies: [{from: s, to: t}, {from: s, to: u}]
`), encode.Whole, -1, 1000)
	if g.Coarse() {
		t.Error("a variable has more than a million values")
	}
	for k := range g.Rows {
		for _, term := range g.Rows[k].Terms {
			if max(term.Coef, -term.Coef) > 7 {
				t.Errorf("%s: %d where all tasks take 7 on one node", g.Describe(k), term.Coef)
			}
		}
	}
}

// TestTooManyNodes: many nodes that are alike are refused before they take memory as the
// cube of their number.
func TestTooManyNodes(t *testing.T) {
	nodes, tasks := "nodes:\n", "tasks:\n"
	for k := range 400 {
		nodes += fmt.Sprintf("- {name: n%d}\n", k)
		tasks += fmt.Sprintf("- {name: t%d, work: 1}\n", k)
	}
	p := workflow(t, nodes+"network: {default: {latency: 1}}\n"+tasks+"dependencies: [{from: t0, to: t1}]\n")
	refused(t, p, 200_000, 64<<20)
}

// TestTooManyTurns: tasks that may all share nodes are refused before their turns take memory.
func TestTooManyTurns(t *testing.T) {
	nodes, tasks := "nodes:\n", "tasks:\n"
	for k := range 30 {
		nodes += fmt.Sprintf("- {name: n%d, speed: %d}\n", k, 1+k%3)
	}
	for k := range 600 {
		tasks += fmt.Sprintf("- {name: t%d, work: 6}\n", k)
	}
	p := workflow(t, nodes+tasks)
	refused(t, p, 10_000_000, 200<<20)
}

// refused fails unless a workflow has more terms than so many, and that is known with so many bytes.
func refused(t *testing.T, p *model.Problem, terms int64, most uint64) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	g := encode.BuildSchedule(p, encode.Whole, -1, terms)
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; g != nil || took > most {
		t.Errorf("refused: %t, with %d MiB", g == nil, took>>20)
	}
}

// Whether times are in ticks or in digits hangs on the workflow alone: what has no room is not made.
func TestFormWithoutRoom(t *testing.T) {
	refused, made := 0, 0
	for seed := range uint64(60) {
		p, err := model.Compile(instances.MixedWorkflow(seed, 1+int(seed%5), 1+int(seed%4)))
		if err != nil {
			t.Fatal(err)
		}
		const ticked = 300
		want := encode.BuildBinary(p, -1, ticked, encode.Allowance{Terms: 1 << 40})
		for terms := int64(1); terms < 1<<12; terms *= 2 {
			switch g := encode.BuildBinary(p, -1, ticked, encode.Allowance{Terms: terms}); {
			case g == nil:
				refused++
			case !slices.Equal(g.Vars, want.Vars) || len(g.Rows) != len(want.Rows):
				t.Fatalf("seed %d: another program with room for %d terms", seed, terms)
			default:
				made++
			}
		}
	}
	if refused < 100 || made < 100 {
		t.Errorf("%d refused, %d made: the test tests little", refused, made)
	}
}
