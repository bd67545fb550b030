package main

import (
	"encoding/json"
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// What why says for every task and node of small instances is what brute force finds
// with the task fixed there and placed, and its parts add up to the difference.
func TestWhy(t *testing.T) {
	asked, impossible := 0, 0
	for seed := uint64(1); seed <= 12; seed++ {
		in := instances.Mixed(seed, 5, 3)
		folder := t.TempDir()
		file, solution := filepath.Join(folder, "in.json"), filepath.Join(folder, "out.json")
		var document strings.Builder
		if err := in.Write(&document, "json"); err != nil {
			t.Fatal(err)
		}
		write(t, file, document.String())
		if status, _, _ := call(t, "", "solve", file, "--output", solution); status != statusSolved {
			continue
		}
		for k, task := range in.Tasks {
			for _, node := range in.Nodes {
				forced := *in
				forced.Tasks = slices.Clone(in.Tasks)
				forced.Tasks[k].Unplaced = nil
				forced.Given.Fix = []model.TaskNodes{{Task: task.Name, Nodes: []string{node.Name}}}
				p, err := model.Compile(&forced)
				status, out, errs := call(t, "", "why", file, solution, task.Name, "--on", node.Name)
				if err != nil { // the task's own selector is against it
					if status != statusSolved || !strings.Contains(out, "its `on`") {
						t.Fatalf("seed %d, %s on %s: status %d, %s; compiling says %v", seed, task.Name, node.Name, status, out, err)
					}
					continue
				}
				best, cost, ok := bruteforce.Solve(p)
				if !ok {
					t.Fatal("an instance is too large for brute force")
				}
				var f forcing
				if err := json.Unmarshal([]byte(out), &f); err != nil || status != statusSolved {
					t.Fatalf("seed %d, %s on %s: status %d, %v, %s%s", seed, task.Name, node.Name, status, err, out, errs)
				}
				asked++
				switch {
				case f.AtHome:
				case best == nil:
					impossible++
					if f.Status != model.Infeasible {
						t.Errorf("seed %d, %s on %s: %s, but it cannot be", seed, task.Name, node.Name, f.Status)
					}
				case string(f.CostThere) != p.Format(cost) || f.Status != model.Optimal:
					t.Errorf("seed %d, %s on %s: %s at %s, it costs %s", seed, task.Name, node.Name, f.Status, f.CostThere, p.Format(cost))
				default:
					sum := new(big.Rat)
					for _, c := range f.Changes {
						sum.Add(sum, c.Change.Rat())
					}
					if sum.Cmp(minus(f.CostThere, f.Cost)) != 0 {
						t.Errorf("seed %d, %s on %s: the changes add up to %s, the cost goes from %s to %s",
							seed, task.Name, node.Name, sum, f.Cost, f.CostThere)
					}
				}
			}
		}
	}
	if asked < 50 || impossible == 0 || impossible == asked {
		t.Errorf("%d questions, %d of them impossible: the test sees one side only", asked, impossible)
	}
}

// A task that is left out costs what it takes to have it in, not what leaving it out does.
func TestWhyLeftOut(t *testing.T) {
	file, solution := withAnswer(t, `format: berth/v1
kind: placement
nodes: [{name: n1, capacity: {cpu: 2}}, {name: n2, capacity: {cpu: 2}}, {name: n3, capacity: {cpu: 1}}]
tasks:
  - {name: out, demand: {cpu: 2}, unplaced: 5}
  - {name: in, demand: {cpu: 1}, unplaced: 7}
  - {name: set, demand: {cpu: 1}, home: n3, fetch: 1}
  - {name: some, demand: {cpu: 1}, replicas: 3, apart: node, unplaced: 6}
  - {name: few, demand: {cpu: 0.5}, replicas: 3, apart: node, unplaced: 0.5, on: [n2, n3]}
`)
	for _, node := range []string{"n1", "n2"} {
		status, out, errs := call(t, "", "why", file, solution, "out", "--on", node, "--format", "table")
		if status != statusSolved || !strings.Contains(out, "6 more, proven") { // 12 for copies of some, less 1 for fetching and 5
			t.Errorf("%s: %s%s", node, out, errs)
		}
	}
	for task, want := range map[string]string{"out": " n1           6 ", "few": "at least 0 "} {
		status, out, errs := call(t, "", "explain", file, solution, "--task", task, "--format", "table")
		if status != statusSolved || !strings.Contains(out, want) {
			t.Errorf("status %d: %s%s", status, out, errs)
		}
	}
}

// TestWhyPending: of a task without a home that is left out why says what keeps it from every
// node, or what it costs to have it on any; the name that kubectl gives its pod leads to it.
func TestWhyPending(t *testing.T) {
	file, solution := withAnswer(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}}
  - {name: n2, capacity: {cpu: 4}}
tasks:
  - {name: shop/huge (pending), demand: {cpu: 16}, unplaced: 1000}
  - {name: shop/new (pending), demand: {cpu: 4}, unplaced: 1}
  - {name: shop/old-1, demand: {cpu: 2}, current: n1}
  - {name: shop/old-2, demand: {cpu: 2}, current: n2, moveCost: 7}
`)
	for _, c := range []struct {
		task   string
		status int
		want   string
	}{
		{"shop/huge (pending)", statusSolved, "it cannot be: no placement has it on any node: shop/huge (pending) needs 16 of cpu, more than any node"},
		{"shop/new (pending)", statusSolved, "with it on any node the whole costs 1001 instead of 1001: 0 more, proven"},
		{"shop/old-1", statusWrong, "runs where it runs today; name a node with --on, or ask about all nodes: `berth explain FILE SOLUTION --task TASK`"},
		{"new-5d9-x7k2p", statusWrong, "did you mean \"shop/new (pending)\"?"},
	} {
		status, out, errs := call(t, "", "why", file, solution, c.task, "--format", "table")
		if status != c.status || !strings.Contains(out+errs, c.want) {
			t.Errorf("%s: status %d, want %q in %s%s", c.task, status, c.want, out, errs)
		}
	}
}

// TestWhyMoved: of a task without a home that moves, why says what it would cost to leave it
// where it runs.
func TestWhyMoved(t *testing.T) {
	file, solution := withAnswer(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}}
  - {name: n2, capacity: {cpu: 4}}
tasks:
  - {name: large, demand: {cpu: 3}, on: [n1]}
  - {name: old, demand: {cpu: 2}, current: n1, moveCost: 7}
  - {name: idle, demand: {cpu: 1}, current: n2}
  - {name: twice, demand: {cpu: 500m}, replicas: 2, current: [n1, n2], on: [n2]}
`)
	for task, want := range map[string]string{
		"old": "old is on n2, not on n1\n", "idle": "runs where it runs today", "twice": "twice is on n2, n2, not on n1 and n2\nit cannot be", "large": "has no home",
	} {
		if _, out, errs := call(t, "", "why", file, solution, task, "--format", "table"); !strings.Contains(out+errs, want) {
			t.Errorf("%s: want %q in %s%s", task, want, out, errs)
		}
	}
}

// TestWhyMovedReplicas: replicas that run on several nodes today are asked about as they run, one on
// each, not on any of them.
func TestWhyMovedReplicas(t *testing.T) {
	file, solution := withAnswer(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}}
  - {name: n2, capacity: {cpu: 4}}
tasks:
  - {name: web, demand: {cpu: 2}, replicas: 2, current: [n1, n2], fetch: {n1: 10, n2: 0}}
`)
	want := "web is on n2, n2, not on n1 and n2\nwith it on n1 and n2 the whole costs 10 instead of 1: 9 more, proven\n"
	if status, out, errs := call(t, "", "why", file, solution, "web", "--format", "table"); status != statusSolved || !strings.HasPrefix(out, want) {
		t.Errorf("status %d: %s%s", status, out, errs)
	}
}

// TestWhyOn: nodes are named as those of --without are, each counts once.
func TestWhyOn(t *testing.T) {
	file, solution := withAnswer(t, "format: berth/v1\nkind: placement\nnodes: [{name: 'a, left'}, {name: b}]\ntasks: [{name: x, fetch: {'a, left': 3, b: 0}}]\n")
	for on, want := range map[string]string{`"a, left"`: "x is on b, not on a, left\nwith it on a, left the whole costs 3 instead of 0", "b,b": "x is on b already\n"} {
		if status, out, errs := call(t, "", "why", file, solution, "x", "--on", on, "--format", "table"); status != statusSolved || !strings.HasPrefix(out, want) {
			t.Errorf("--on %s: status %d: %s%s", on, status, out, errs)
		}
	}
}

// TestWhyBounds: what is proven of all placements holds for those with the task there, too.
func TestWhyBounds(t *testing.T) {
	in, err := model.Read([]byte("format: berth/v1\nkind: placement\nnodes: [{name: a}, {name: b}]\ntasks: [{name: x, fetch: {a: 5, b: 1}}]\n"), "x.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, there := compiled.Instance(t, in), model.Placement{0}
	doc, err := p.Document(model.Feasible, model.Placement{1}, new(int64))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		status model.Status
		bound  int64
		want   model.Number
	}{{model.Feasible, search.NoBound, "0"}, {model.Feasible, -1, "0"}, {model.Feasible, 3, "3"}, {model.Infeasible, 0, ""}} {
		f := &forcing{Task: "x", Now: []string{"b"}, There: []string{"a"}, Cost: doc.Objective, Status: c.status}
		r := &search.Result{Status: c.status, Placement: there, Cost: p.Evaluate(there).Cost, Bound: c.bound}
		if err := f.compare(in, p, p, doc, r); err != nil || f.BoundThere != c.want {
			t.Errorf("%s with bound %d: the bound is %q, want %q; %v", c.status, c.bound, f.BoundThere, c.want, err)
		}
	}
}
