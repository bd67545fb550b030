package main

import (
	"bytes"
	"context"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"berth/internal/golden"
	"berth/model"
	"berth/solvers/moving"
)

// knotted has two tasks that are to change places on nodes without room for both.
const knotted = `
format: berth/v1
kind: placement
name: knot
nodes:
  - {name: n1, capacity: {cpu: 4}}
  - {name: n2, capacity: {cpu: 4}}
  - {name: n3, capacity: {cpu: FREE}}
tasks:
  - {name: a, demand: {cpu: 3}, current: n1, home: n2, fetch: 50}
  - {name: b, demand: {cpu: 3}, current: n2, home: n1, fetch: 50}
  - {name: c, demand: {cpu: 1}, home: n1, fetch: 50}
`

func TestPlan(t *testing.T) {
	file, solution := withAnswer(t, strings.ReplaceAll(knotted, "FREE", "3"))
	plan := filepath.Join(filepath.Dir(file), "plan.json")
	status, table, errs := call(t, "", "plan", "--format", "table", file, solution)
	if status != statusSolved || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	golden.Compare(t, "plan-knot.txt", table)
	if status, _, errs := call(t, "", "plan", "--parallel", "1", file, solution, "--output", plan); status != statusSolved {
		t.Fatal(errs)
	}
	status, table, errs = call(t, "", "verify", "--format", "table", file, plan)
	if status != statusSolved || !strings.Contains(table, "placement: 3 moves and 1 start in 4 waves\n") {
		t.Errorf("verify: status %d: %s%s", status, table, errs)
	}
	_, text, _ := call(t, "", "plan", "--parallel", "1", file, solution)
	for _, lie := range []struct{ from, to, want string }{
		{`"moves":4`, `"moves":5`, "want 4"},
		{`"fewest":4`, `"fewest":9`, "fewest is 9"},
		{`{"task":"c","to":"n1"}`, `{"task":"c","to":"n2"}`, "not where the placement has it"},
		{`"to":"n3"`, `"to":"n2"`, "during wave 2"},
		{`"parallel":1`, `"parallel":1,"paralel":2`, "paralel"},
	} {
		told := strings.Replace(text, lie.from, lie.to, 1)
		if told == text {
			t.Fatalf("%s is not in %s", lie.from, text)
		}
		status, _, errs := call(t, told, "verify", file, "-")
		if status != statusRefuted && status != statusWrong || !strings.Contains(errs, lie.want) {
			t.Errorf("of %s verify says: status %d: %s", lie.to, status, errs)
		}
	}
	// A wave whose moves do not fit together is refused, each of them alone or not.
	both := strings.Replace(text, "\"waves\":[", "\"waves\":[\n[{\"task\":\"a\",\"from\":\"n1\",\"to\":\"n2\"},{\"task\":\"b\",\"from\":\"n2\",\"to\":\"n1\"}],", 1)
	both = strings.Replace(strings.Replace(both, `"moves":4`, `"moves":6`, 1), `"parallel":1`, `"parallel":2`, 1)
	if status, _, errs := call(t, both, "verify", file, "-"); status != statusRefuted || !strings.Contains(errs, "during wave 1: node n1 is asked for 6 of cpu and has 4") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// TestPlanOfStarts is a cluster in which nothing runs yet.
func TestPlanOfStarts(t *testing.T) {
	file, solution := withAnswer(t, "format: berth/v1\nkind: placement\nname: new\nnodes: [{name: n1, capacity: {cpu: 4}}]\ntasks: [{name: a, demand: {cpu: 1}}, {name: b}]\n")
	plan := filepath.Join(filepath.Dir(file), "plan.json")
	status, _, errs := call(t, "", "plan", file, solution, "--parallel", "1", "--output", plan)
	if status != statusSolved || !strings.Contains(errs, "no task says where it runs today (`current`), so that all of them start") {
		t.Fatalf("status %d: %s", status, errs)
	}
	if status, said, errs := call(t, "", "verify", "--format", "table", file, plan); status != statusSolved || !strings.Contains(said, "placement: 2 starts in 2 waves\n") {
		t.Errorf("verify: status %d: %s%s", status, said, errs)
	}
}

func TestPlanSaysWhatWouldHelp(t *testing.T) {
	file, solution := withAnswer(t, strings.ReplaceAll(knotted, "FREE", "2"))
	status, out, errs := call(t, "", "plan", file, solution)
	if status != statusInfeasible || out != "" || !strings.Contains(errs, "every one was tried") || !strings.Contains(errs, "with 1 more of cpu on node n3 there is one (at least)") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

func TestPlanOfReplicas(t *testing.T) {
	file, solution := withAnswer(t, `
format: berth/v1
kind: placement
nodes: [{name: n1, capacity: {cpu: 4}}, {name: n2, capacity: {cpu: 4}}, {name: n3, capacity: {cpu: 4}}]
tasks:
  - {name: web, demand: {cpu: 1}, replicas: 3, apart: node, current: [n1, n2]}
  - {name: old, demand: {cpu: 3}, current: n3, unplaced: 0, on: [n3], moveCost: 100}
  - {name: new, demand: {cpu: 3}, on: [n3]}
`)
	status, table, errs := call(t, "", "plan", "--format", "table", file, solution)
	if status != statusSolved || !strings.Contains(table, " old   stops on n3\n") || !strings.Contains(table, " new   starts on n3\n") || !strings.Contains(table, " web   starts on n3\n") {
		t.Errorf("status %d: %s%s", status, table, errs)
	}
	if first, _, _ := strings.Cut(table, "\n"); first != "the instance: 2 starts and 1 stop in 2 waves" {
		t.Errorf("where nothing moves it begins with %q", first)
	}
	if _, out, _ := call(t, "", "plan", file, solution); model.Kind([]byte(out)) != "plan" {
		t.Errorf("it is no plan: %s", out)
	}
}

// TestPlanText: every move is a line of its own and stands there in full, however many there are
// in a wave and however long the names.
func TestPlanText(t *testing.T) {
	name := strings.Repeat("long-", 30)
	plan := &model.Plan{Waves: [][]model.Move{{}, {{Task: "last", To: name}}}}
	for k := range 6 {
		plan.Waves[0] = append(plan.Waves[0], model.Move{Task: name + strconv.Itoa(k), From: name + "from", To: name + "to"})
	}
	text := string(planText("cluster", &moving.Result{Plan: plan, Hops: 2}))
	for k := range 6 {
		if line := name + strconv.Itoa(k) + "  " + name + "from → " + name + "to\n"; !strings.Contains(text, line) {
			t.Errorf("move %d is not there in full:\n%s", k, text)
		}
	}
	if !strings.Contains(text, "starts on "+name+"\n") || !strings.Contains(text, "6 moves and 1 start in 2 waves; 2 moves go to a node in between; perhaps there is an order without\n") {
		t.Error(text)
	}
	plan.Waves = slices.Repeat(plan.Waves, 100)
	if text := string(planText("cluster", &moving.Result{Plan: plan})); !strings.HasSuffix(text, "\n … and 300 moves more, which --format json has\n") {
		t.Errorf("it ends with %s", text[len(text)-200:])
	}
}

// TestNoOrder: a search that was stopped does not say that no capacity would help.
func TestNoOrder(t *testing.T) {
	for _, c := range []struct {
		result moving.Result
		ended  error
		want   string
	}{
		{moving.Result{}, context.DeadlineExceeded, "no order of moves was found, and none is proven impossible; the search was stopped, give it more --time"},
		{moving.Result{}, context.Canceled, "no order of moves was found, and none is proven impossible; the search was interrupted"},
		{moving.Result{}, nil, "no order of moves was found, and none is proven impossible; no capacity on a single node was found that would make one"},
		{moving.Result{Impossible: true}, context.DeadlineExceeded, "there is no order of moves to this solution: every one was tried; no capacity on a single node was found that would make one"},
	} {
		if said := noOrder(&c.result, c.ended); said != c.want {
			t.Errorf("of %+v, ended by %v: %q, want %q", c.result, c.ended, said, c.want)
		}
	}
}

// TestSaysWhatCameOfIt: who sits at the terminal is told what came of a search or a plan whose
// result goes to a file; who does not is told nothing.
func TestSaysWhatCameOfIt(t *testing.T) {
	file := library(t, "drain")
	answer, plan := filepath.Join(t.TempDir(), "answer.json"), filepath.Join(t.TempDir(), "plan.json")
	curve := filepath.Join(t.TempDir(), "placement.yaml")
	write(t, curve, "format: berth/v1\nkind: placement\nname: placement\nnodes: [{name: n1}, {name: n2}]\ntasks: [{name: a, current: n1, home: n2, fetch: 50}]\n")
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"solve", file, "--output", answer}, "drain: cost 30, proven optimal, 3 replicas move\n"},
		{[]string{"plan", file, answer, "--output", plan}, "drain: 3 moves in 2 waves, each straight to its node\n"},
		{[]string{"solve", file, "--frontier", "moves", "--output", answer}, "drain: cost 30 with 3 moves\n"},
		{[]string{"solve", curve, "--frontier", "moves", "--output", answer}, "placement: cost 50 with 0 moves, 1 with 1\n"},
		{[]string{"solve", file, "--without", "n1,n2,n3", "--output", answer}, "drain: no placement exists: "},
	} {
		for _, watched := range []bool{false, true} {
			var out, errs bytes.Buffer
			a := &app{started: time.Now(), in: strings.NewReader(""), out: &out, err: &errs, errTerminal: watched}
			a.run(t.Context(), c.args)
			if out.Len() > 0 || strings.Contains(errs.String(), c.want) != watched {
				t.Errorf("%v, watched %v: %s%s", c.args, watched, &out, &errs)
			}
		}
	}
}
