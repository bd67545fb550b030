package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"berth/model"
)

const helpless = `format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}, labels: {zone: a}}
  - {name: n2, capacity: {cpu: 8}, labels: {zone: b}}
  - {name: n3, capacity: {cpu: 8}, labels: {zone: b, gpu: "yes"}}
tasks:
  - {name: a, demand: {cpu: 3}, unplaced: 1000, home: n1, fetch: 3}
  - {name: b, demand: {cpu: 3}, unplaced: 1000, replicas: 2, apart: zone}
  - {name: low, demand: {cpu: 3}, unplaced: 5}
  - {name: g, demand: {cpu: 6}, unplaced: 10, on: {gpu: "yes"}}
  - {name: big, demand: {cpu: 12}, unplaced: 1}
rules:
  - antiAffinity: [g, low, a]
    topology: zone
`

// Of a task that is out why says what would let it in with all that is placed kept placed: with
// nothing moving, with one more node, and with less where others move.
func TestWhySaysWhatWouldHelp(t *testing.T) {
	file, solution := withAnswer(t, helpless)
	for task, want := range map[string][]string{
		"low": {
			"add 2 of cpu to node n1 nothing else moves",
			"drop the rule: tasks g, low and a are kept apart by zone nothing else moves",
			"one more node like n1 nothing else moves",
			"let replicas of task b share a zone 2 others move",
		},
		"g": {
			"add 5 of cpu to node n1 nothing else moves and allow task g on node n1 as well",
			"add 2 of cpu to node n1 1 other moves",
		},
		"big": {"add 4 of cpu to node n3 nothing else moves", "add 4 of cpu to node n2 2 others move"},
	} {
		status, out, errs := call(t, "", "why", file, solution, task, "--format", "table")
		words := strings.Join(strings.Fields(out), " ")
		for _, w := range want {
			if status != statusSolved || !strings.Contains(words, w) {
				t.Errorf("%s: status %d, want %q in %s%s", task, status, w, out, errs)
			}
		}
	}
	for task, args := range map[string][]string{"a": {"--on", "n3"}, "b": {"--on", "n1,n3"}} {
		status, out, errs := call(t, "", append([]string{"why", file, solution, task, "--format", "table"}, args...)...)
		if status != statusSolved || strings.Contains(out, "what would") {
			t.Errorf("%s can be there: status %d, %s%s", task, status, out, errs)
		}
	}
}

// What affinity holds together is let in whole, with all replicas, or not at all.
func TestWhyWholeGroup(t *testing.T) {
	file, solution := withAnswer(t, `format: berth/v1
kind: placement
nodes: [{name: n1, capacity: {cpu: 4}}]
tasks:
  - {name: a, demand: {cpu: 3}}
  - {name: b, demand: {cpu: 1}, replicas: 3, unplaced: 10}
  - {name: c, demand: {cpu: 1}, unplaced: 10}
rules: [{affinity: [b, c]}]
`)
	status, out, errs := call(t, "", "why", file, solution, "b", "--format", "table")
	if status != statusSolved || strings.Contains(out, "add 1 of cpu") || !strings.Contains(out, "add 3 of cpu to node n1") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}

// On a node that the task's selector is against, what would help is to allow it there.
func TestWhyNotOnANode(t *testing.T) {
	file, solution := withAnswer(t, helpless)
	status, out, errs := call(t, "", "why", file, solution, "g", "--on", "n2")
	var f forcing
	if err := json.Unmarshal([]byte(out), &f); err != nil || status != statusSolved || f.Status != model.Infeasible || len(f.Help) == 0 {
		t.Fatalf("status %d, %v, %s%s", status, err, out, errs)
	}
	for _, h := range f.Help {
		allowed := false
		for _, c := range h.Changes {
			allowed = allowed || c.Kind == "selector" && strings.Join(c.Allow, "") == "n2"
		}
		if !allowed {
			t.Errorf("%+v does not let it be there", h)
		}
	}
}

// With a limit on moves, the limit that lets a pod in is listed with what to add.
func TestWhyPendingForMoves(t *testing.T) {
	cluster := filepath.Join("..", "..", "examples", "kubernetes", "cluster.json")
	solution := filepath.Join(t.TempDir(), "answer.json")
	if status, _, errs := call(t, "", "solve", cluster, "--max-moves", "0", "--output", solution); status != statusSolved {
		t.Fatal(errs)
	}
	status, out, errs := call(t, "", "why", cluster, solution, "batch/train (pending)", "--format", "table")
	words := strings.Join(strings.Fields(out), " ")
	for _, want := range []string{"add 820Mi of memory to node worker-4 nothing else moves", "let 2 replicas leave where they run today 2 others move"} {
		if status != statusSolved || !strings.Contains(words, want) {
			t.Errorf("status %d, want %q in %s%s", status, want, out, errs)
		}
	}
}

// What a pod selects that no node has is said as it is in a cluster.
func TestWhyNoNodeTakesAPod(t *testing.T) {
	folder := t.TempDir()
	file, solution := filepath.Join(folder, "cluster.json"), filepath.Join(folder, "answer.json")
	write(t, file, `{"kind": "List", "apiVersion": "v1", "items": [
{"kind": "Node", "metadata": {"name": "n1"}, "status": {"allocatable": {"cpu": "4", "pods": "9"}}},
{"kind": "Pod", "metadata": {"name": "gpu", "namespace": "shop"}, "spec": {"nodeSelector": {"gpu": "yes"},
 "containers": [{"name": "c", "resources": {"requests": {"cpu": "1"}}}]}, "status": {"phase": "Pending"}}]}`)
	if status, _, errs := call(t, "", "solve", file, "--output", solution); status != statusSolved {
		t.Fatal(errs)
	}
	status, out, errs := call(t, "", "why", file, solution, "shop/gpu (pending)", "--format", "table")
	if status != statusSolved || !strings.Contains(out, "let node n1 take what no node takes") {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
}
