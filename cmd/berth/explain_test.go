package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/golden"
	"berth/model"
)

// Every member of a conflict has its place in the file, in YAML and in JSON.
func TestExplainPlaces(t *testing.T) {
	file := library(t, "overfull")
	status, table, errs := call(t, "", "explain", "--format", "table", file)
	if status != statusInfeasible || errs != "" {
		t.Fatalf("status %d: %s", status, errs)
	}
	golden.Compare(t, "explain-overfull.txt", strings.ReplaceAll(table, file, "overfull.yaml"))
	_, converted, _ := call(t, "", "convert", "--to", "json", file)
	status, out, errs := call(t, converted, "explain", "-")
	var doc conflictDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != statusInfeasible {
		t.Fatalf("status %d, %v: %s", status, err, errs)
	}
	if len(doc.Conflict) != 5 || !doc.Minimal || !doc.AllWays || len(doc.Ways) != 5 {
		t.Fatalf("%d members, minimal %v, %d ways, all %v", len(doc.Conflict), doc.Minimal, len(doc.Ways), doc.AllWays)
	}
	lines := strings.Split(converted, "\n")
	for _, part := range doc.Conflict {
		if part.Line < 1 || part.Column < 1 || !strings.Contains(lines[part.Line-1], "name") {
			t.Errorf("%s is said to be at %d:%d", part.Path, part.Line, part.Column)
		}
	}
	if c := doc.Ways[0].Changes[0]; c.Add != "1Gi" || c.Path != "nodes[1].capacity.memory" || !c.Least {
		t.Errorf("the first way out is %+v", c)
	}
}

func TestExplainWhatWasGiven(t *testing.T) {
	status, table, errs := call(t, "", "explain", "--format", "table", "--max-moves", "1", library(t, "drain"))
	if status != statusInfeasible || !strings.Contains(table, "given.maxMoves") || !strings.Contains(table, "let 3 replicas leave") {
		t.Errorf("status %d: %s%s", status, table, errs)
	}
	status, table, errs = call(t, "", "explain", "--format", "table", "--without", "n1,n2", library(t, "drain"))
	if status != statusInfeasible || !strings.Contains(table, "nothing runs on node") || !strings.Contains(table, "bring node") {
		t.Errorf("status %d: %s%s", status, table, errs)
	}
	status, table, errs = call(t, "", "explain", "--format", "table", library(t, "drain"))
	if status != statusSolved || !strings.Contains(table, "has a placement") {
		t.Errorf("of what has a placement: status %d: %s%s", status, table, errs)
	}
	status, table, errs = call(t, "", "explain", "--format", "table", library(t, "priority"))
	if status != statusSolved || !strings.Contains(table, "`berth why`") {
		t.Errorf("of tasks that may be left out: status %d: %s%s", status, table, errs)
	}
}

// TestInterrupted: a verb that the user stopped does not ask for more time.
func TestInterrupted(t *testing.T) {
	answer := filepath.Join(t.TempDir(), "answer.json")
	if status, _, errs := call(t, "", "solve", library(t, "shop"), "--output", answer); status != statusSolved {
		t.Fatal(errs)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	for _, args := range [][]string{
		{"explain", library(t, "overfull")},
		{"explain", library(t, "shop"), answer, "--task", "web"},
	} {
		var out, errs bytes.Buffer
		a := &app{started: time.Now(), out: &out, err: &errs}
		a.run(ctx, append(args, "--format", "table"))
		if text := out.String(); !strings.Contains(text, "before the interrupt") || strings.Contains(text, "time") {
			t.Errorf("%s: %s%s", args, text, errs.String())
		}
	}
}

func TestExplainNothing(t *testing.T) {
	status, out, errs := call(t, "format: berth/v1\nkind: placement\nnodes: [{name: n}]\ntasks: []\n", "explain", "-")
	if status != statusSolved || !strings.Contains(out, `"status": "feasible"`) {
		t.Errorf("of an instance without tasks: status %d: %s%s", status, out, errs)
	}
}

// What explain says of a task on every other node is what brute force finds.
func TestExplainTask(t *testing.T) {
	asked := 0
	for seed := range uint64(8) {
		asked += explainTasks(t, seed)
	}
	if asked < 30 {
		t.Errorf("only %d questions", asked)
	}
}

func explainTasks(t *testing.T, seed uint64) (asked int) {
	t.Helper()
	in := instances.Mixed(seed, 5, 3)
	in.Given = model.Given{}
	var document strings.Builder
	if err := in.Write(&document, "json"); err != nil {
		t.Fatal(err)
	}
	file, solution := t.TempDir()+"/in.json", t.TempDir()+"/out.json"
	write(t, file, document.String())
	if status, _, _ := call(t, "", "solve", file, "--output", solution); status != statusSolved {
		return 0
	}
	for k, task := range in.Tasks {
		status, out, errs := call(t, "", "explain", file, solution, "--task", task.Name)
		var s staying
		if err := json.Unmarshal([]byte(out), &s); err != nil || status != statusSolved {
			t.Fatalf("status %d, %v: %s", status, err, errs)
		}
		for _, other := range s.Nodes {
			asked++
			forced := *in
			forced.Tasks = slices.Clone(in.Tasks)
			forced.Tasks[k].Unplaced = nil
			forced.Given.Fix = []model.TaskNodes{{Task: task.Name, Nodes: other.There}}
			p, err := model.Compile(&forced)
			if err != nil {
				if other.Status != model.Infeasible {
					t.Errorf("%s on %s: %s, but %v", task.Name, other.Node, other.Status, err)
				}
				continue
			}
			best, cost, _ := bruteforce.Solve(p)
			switch {
			case best == nil && other.Status != model.Infeasible:
				t.Errorf("%s on %s: %s, but it cannot be", task.Name, other.Node, other.Status)
			case best != nil && string(other.CostThere) != p.Format(cost) && task.Apart == "":
				t.Errorf("%s on %s: %s, it costs %s", task.Name, other.Node, other.CostThere, p.Format(cost))
			}
		}
	}
	return asked
}

// What keeps a task from a node is said to its end, in lines that are not wider than what they
// are written to.
func TestExplainTaskSaysTheWholeReason(t *testing.T) {
	var tasks strings.Builder
	for k := range 12 {
		fmt.Fprintf(&tasks, "  - {name: a-task-with-a-long-name-%02d, demand: {cpu: 1}, home: n1, fetch: 1}\n", k)
	}
	file, solution := withAnswer(t, `format: berth/v1
kind: placement
nodes: [{name: n1, capacity: {cpu: 12}}, {name: n2, capacity: {cpu: 12}}]
tasks:
  - {name: big, demand: {cpu: 12}, home: n2, fetch: 100}
`+tasks.String())
	status, out, errs := call(t, "", "explain", file, solution, "--task", "big", "--format", "table")
	if status != statusSolved {
		t.Fatal(errs)
	}
	for k := range 12 {
		if want := fmt.Sprintf("a-task-with-a-long-name-%02d", k); !strings.Contains(out, want) {
			t.Errorf("%s is missing in %s", want, out)
		}
	}
	for line := range strings.Lines(out) {
		if len([]rune(line)) > pipeWidth+1 {
			t.Errorf("%q is %d wide", line, len([]rune(line)))
		}
	}
}

// What neither has a conflict nor a placement that are easy to find is searched like any other.
func TestPlaceable(t *testing.T) {
	var out, errs bytes.Buffer
	a := &app{started: time.Now(), in: strings.NewReader(""), out: &out, err: &errs}
	for name, want := range map[string]model.Status{"shop": model.Feasible, "overfull": model.Infeasible} {
		q, err := a.question(library(t, name), &source{})
		if err != nil {
			t.Fatal(err)
		}
		if found, err := a.placeable(t.Context(), q, &solving{solver: "auto", seed: 1, threads: 1}, time.Now().Add(time.Minute)); err != nil || found != want {
			t.Errorf("%s is %s, %v", name, found, err)
		}
	}
}

// What is proven to have no placement is said to have none, also where no conflict is found in time.
func TestExplainWithoutConflict(t *testing.T) {
	doc := &conflictDoc{Status: model.Infeasible, why: []string{"too little room"}, ended: context.DeadlineExceeded}
	if text := string(doc.text("x.yaml")); text != "no placement exists: too little room\nwhich parts cannot hold together was not found in time; give it more --time\n" {
		t.Error(text)
	}
	doc = &conflictDoc{Status: model.Infeasible, Conflict: []conflictPart{{Text: "a part"}}}
	if text := string(doc.text("x.yaml")); !strings.Contains(text, "was not found; more --time may help") {
		t.Errorf("time was not what ended it: %s", text)
	}
}
