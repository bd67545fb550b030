package main

import (
	"encoding/json"
	"encoding/xml"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"berth/encode/formats"
	"berth/encode/sat"
	"berth/model"
	"berth/solvers/sat/oracle"
)

// TestWorkflow walks a workflow through the verbs: solved, verified, seen, run.
func TestWorkflow(t *testing.T) {
	file := library(t, "flight")
	answer, doc := answerOf(t, file)
	if doc.Status != model.Optimal || doc.Objective != "41.24" || len(doc.Schedule) != 7 || doc.Placement != nil {
		t.Fatalf("the answer is %s", answer)
	}
	for _, row := range []struct {
		name  string
		args  []string
		wants []string
	}{
		{"verify", []string{"verify", "--format", "table", file, "-"}, []string{"✓ the schedule keeps every dependency and ends at 41.24"}},
		{"view", []string{"view", "-", file}, []string{"flight: makespan 41.24, proven optimal", "▓stitch", "4.02 on the way from drone2"}},
		{"page", []string{"view", "-", file, "--html"}, []string{"<!doctype html>", "What the end hangs on"}},
		{"jitter", []string{"simulate", file, "-", "--format", "table", "--jitter", "10%", "--runs", "500"}, []string{"500 runs", "median", "capture2"}},
		{"lose", []string{"simulate", file, "-", "--format", "table", "--lose", "drone1@20s"}, []string{"ends at 68.1 instead of 41.24", "deadlines are missed by report", "was running"}},
		{"runs as a page", []string{"simulate", file, "-", "--html", "--jitter", "10%", "--runs", "50"}, []string{"<!doctype html>", "50 runs", ">planned 41.24<"}},
		{"loss as a page", []string{"simulate", file, "-", "--html", "--lose", "drone1@20s"}, []string{"<!doctype html>", "ends at 68.1 instead of 41.24", "runs elsewhere or again"}},
		{"solve again", []string{"solve", file, "--warm", "-", "--format", "table"}, []string{"makespan 41.24, proven optimal", "found by warm"}},
	} {
		status, out, errs := call(t, answer, row.args...)
		if status != statusSolved {
			t.Errorf("%s: status %d: %s", row.name, status, errs)
		}
		for _, want := range row.wants {
			if !strings.Contains(strings.ToLower(out), strings.ToLower(want)) {
				t.Errorf("%s: %q is missing in\n%.2000s", row.name, want, out)
			}
		}
	}
	for _, args := range [][]string{{"view", "-", file, "--svg"}, {"simulate", file, "-", "--lose", "drone1@20", "--svg"}, {"simulate", file, "-", "--jitter", "5%", "--runs", "100", "--svg"}} {
		status, picture, errs := call(t, answer, args...)
		if err := xml.Unmarshal([]byte(picture), new(struct{})); status != statusSolved || err != nil {
			t.Errorf("%v: status %d, %s%v", args, status, errs, err)
		}
	}
}

// TestWithoutANode: a schedule on what is left is never better, and the answer holds
// under what was given only.
func TestWithoutANode(t *testing.T) {
	file := library(t, "flight")
	answer, doc := answerOf(t, file, "--without", "drone3", "--fix", "stitch=ground", "--work", "50M")
	if doc.Objective.Rat().Cmp(model.Number("41.24").Rat()) < 0 {
		t.Errorf("it ends at %s, before the best", doc.Objective)
	}
	for _, slot := range doc.Schedule {
		if slot.Node == "drone3" || slot.Task == "stitch" && slot.Node != "ground" {
			t.Errorf("%s is on %s", slot.Task, slot.Node)
		}
	}
	lie := strings.Replace(answer, `"without":["drone3"]`, `"without":["ground"]`, 1)
	if status, _, errs := call(t, lie, "verify", file, "-"); status == statusSolved {
		t.Errorf("verify of a lie: %s", errs)
	}
	status, out, errs := call(t, "", "solve", file, "--without", "ground")
	if status != statusInfeasible || !strings.Contains(errs, "task report can run on no node") || !strings.Contains(out, `"infeasible"`) {
		t.Errorf("without ground: status %d: %s%s", status, errs, out)
	}
	// Of a placement, too.
	_, placed := answerOf(t, library(t, "zones"), "--without", "a1", "--work", "50M")
	for _, p := range placed.Placement {
		for _, node := range p.Nodes {
			if node == "a1" {
				t.Errorf("%s is on a1", p.Task)
			}
		}
	}
}

// TestRunsWithoutJitter: a run without jitter is as planned, to the last digit, also where
// a tick is a tenth.
func TestRunsWithoutJitter(t *testing.T) {
	made := filepath.Join(t.TempDir(), "made.yaml")
	if status, _, errs := call(t, "", "generate", "layered", "--tasks", "20", "--seed", "5", "--output", made); status != statusSolved {
		t.Fatal(errs)
	}
	for _, file := range []string{library(t, "flight"), made} {
		_, answer, _ := call(t, "", "solve", file, "--work", "20M")
		_, out, errs := call(t, answer, "simulate", file, "-", "--runs", "3000")
		var d jitterDocument
		if err := json.Unmarshal([]byte(out), &d); err != nil {
			t.Fatal(err, errs)
		}
		if want, _ := d.Planned.Rat().Float64(); d.Mean != want || d.Quantiles["least"] != want || d.Quantiles["most"] != want {
			t.Errorf("planned %s, but %+v", d.Planned, d)
		}
	}
}

// TestLostForGood: where a task can run nowhere without the node, there is no schedule.
func TestLostForGood(t *testing.T) {
	file := filepath.Join(t.TempDir(), "one.yaml")
	write(t, file, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\ntasks: [{name: x, duration: {a: 10}}]\n")
	_, answer, _ := call(t, "", "solve", file)
	status, out, errs := call(t, answer, "simulate", file, "-", "--lose", "a@5")
	if status != statusInfeasible || out != "" || !strings.HasPrefix(errs, "berth: without node a from 5 on, task x can run nowhere") {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestLostBetweenTicks: a node may be lost at any time, not only at those that the largest unit
// of the workflow's own times counts.
func TestLostBetweenTicks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "two.yaml")
	write(t, file, `format: berth/v1
kind: workflow
nodes: [{name: a}, {name: b}]
tasks: [{name: x, duration: {a: 10, b: 100}}, {name: y, duration: {a: 10, b: 50}}]
dependencies: [{from: x, to: y}]
network: {default: {latency: 10}}
`)
	_, answer, errs := call(t, "", "solve", file)
	_, out, more := call(t, answer, "simulate", file, "-", "--lose", "a@15.5")
	var d lossDocument
	if err := json.Unmarshal([]byte(out), &d); err != nil {
		t.Fatal(err, errs, more)
	}
	if d.Time != "15.5" || d.Makespan != "165.5" || len(d.Again) != 2 || d.Again[0].Start != "15.5" || d.Again[1].Was != "was running" {
		t.Errorf("%+v", d)
	}
	if _, out, errs := call(t, answer, "simulate", file, "-", "--lose", "a@9000000000000.000001"); out == "" {
		t.Error(errs)
	}
}

// TestBetweenTicks: a schedule may begin a task at any time, and is seen and run as it is.
func TestBetweenTicks(t *testing.T) {
	file := filepath.Join(t.TempDir(), "one.yaml")
	write(t, file, "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\ntasks: [{name: x, work: 2}]\n")
	_, doc := answerOf(t, file)
	answer := `{"format": "berth/v1", "kind": "solution", "instanceDigest": "` + doc.InstanceDigest + `", "status": "feasible", "objective": 2.25, "bound": null, "gap": null,
		"schedule": {"x": {"node": "a", "start": 0.25, "finish": 2.25}}}`
	for _, row := range []struct{ args, want string }{
		{"view - FILE", "0.25  2.25"},
		{"simulate FILE - --runs 2", `"planned": "2.25"`},
		{"simulate FILE - --lose b@1.5", `"makespan": "2.25"`},
		{"simulate FILE - --lose a@1.5", `"start": "1.5"`},
	} {
		status, out, errs := call(t, answer, strings.Fields(strings.ReplaceAll(row.args, "FILE", file))...)
		if status != statusSolved || !strings.Contains(out, row.want) {
			t.Errorf("%s: status %d, %s, want %q in %s", row.args, status, errs, row.want, out)
		}
	}
}

// TestPlatform reads a trace on a platform.
func TestPlatform(t *testing.T) {
	folder := t.TempDir()
	trace, platform := filepath.Join(folder, "trace.json"), filepath.Join(folder, "platform.yaml")
	for name, text := range map[string]string{
		trace: `{"schemaVersion": "1.5", "workflow": {"specification": {"tasks": [{"id": "a", "children": ["b"], "outputFiles": ["f"]}, {"id": "b", "inputFiles": ["f"]}],
			"files": [{"id": "f", "sizeInBytes": 9}]}, "execution": {"tasks": [{"id": "a", "runtimeInSeconds": 4}, {"id": "b", "runtimeInSeconds": 2}]}}}`,
		platform: "format: berth/v1\nkind: workflow\nnodes: [{name: n, speed: 2}]\ntasks: []\n",
	} {
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	status, out, errs := call(t, "", "solve", trace, "--platform", platform)
	if status != statusSolved || !strings.Contains(out, `"objective":3,`) {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestWorkflowForOthers writes a workflow for other solvers and reads an answer back: there
// is a schedule that ends at 9, and none that ends sooner.
func TestWorkflowForOthers(t *testing.T) {
	file := filepath.Join(t.TempDir(), "two.yaml")
	write(t, file, `format: berth/v1
kind: workflow
name: two
nodes: [{name: quick, speed: 2}, {name: slow}]
tasks: [{name: a, work: 4}, {name: b, work: 6}, {name: c, work: 6}, {name: d, work: 2}]
dependencies: [{from: a, to: b, data: 1}, {from: a, to: c, data: 1}, {from: b, to: d}, {from: c, to: d}]
network: {default: {latency: 1, bandwidth: 1}}
`)
	for _, f := range formats.All() {
		if status, out, errs := call(t, "", "encode", file, "--to", f.Name); status != statusSolved || len(out) < 500 {
			t.Errorf("encode --to %s: status %d, %d bytes: %s", f.Name, status, len(out), errs)
		}
	}
	always := func(int64) bool { return true }
	for most, want := range map[string]oracle.Answer{"9": oracle.Yes, "8.5": oracle.No} {
		_, text, errs := call(t, "", "encode", file, "--to", "dimacs", "--at-most", most)
		clauses, solver := &sat.CNF{}, oracle.New()
		for line := range strings.Lines(text) {
			if line[0] == 'c' || line[0] == 'p' {
				continue
			}
			var clause []sat.Lit
			for _, word := range strings.Fields(line) {
				if n, err := strconv.Atoi(word); err != nil {
					t.Fatal(err, errs)
				} else if n != 0 {
					clause = append(clause, sat.Lit(n))
					clauses.Vars = max(clauses.Vars, max(n, -n))
				}
			}
			clauses.Add(clause...)
		}
		solver.Read(clauses, always)
		if got := solver.Solve(nil, always); got != want {
			t.Fatalf("at most %s: %d, want %d", most, got, want)
		} else if got != oracle.Yes {
			continue
		}
		said := "s SATISFIABLE\nv"
		for v := range int32(clauses.Vars) {
			sign := " -"
			if solver.Value(sat.Positive(v)) {
				sign = " "
			}
			said += sign + strconv.Itoa(int(v)+1)
		}
		status, answer, errs := call(t, said+" 0\n", "decode", file, "-")
		if status != statusSolved || !strings.Contains(answer, `"objective":9,`) {
			t.Fatalf("decode: status %d: %s\n%s", status, errs, answer)
		}
		if status, _, errs := call(t, answer, "verify", file, "-"); status != statusSolved {
			t.Errorf("verify: status %d: %s", status, errs)
		}
	}
}
