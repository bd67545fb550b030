package main

import (
	"encoding/json"
	"strings"
	"testing"

	"berth/internal/golden"
	"berth/model"
)

// The curve of the library's drain: two tasks have to leave and a third makes room.
// Each point is a solution that verifies as it stands.
func TestFrontier(t *testing.T) {
	file := library(t, "drain")
	status, out, errs := call(t, "", "solve", "--frontier", "moves", file)
	var doc frontierDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != statusSolved || errs != "" {
		t.Fatalf("status %d, %v: %s", status, err, errs)
	}
	if len(doc.Points) != 4 || !doc.Complete {
		t.Fatalf("%d points, complete %v; want 4", len(doc.Points), doc.Complete)
	}
	for k, pt := range doc.Points {
		want := model.Infeasible
		if k == 3 {
			want = model.Optimal
		}
		if pt.Moves != k || pt.Status != want {
			t.Errorf("point %d: %d moves, %s; want %s", k, pt.Moves, pt.Status, want)
		}
		if status, _, errs := call(t, string(pt.Solution), "verify", file, "-"); status != statusSolved {
			t.Errorf("point %d does not verify: %s", k, errs)
		}
	}
	if pt := doc.Points[3]; *pt.Objective != "30" || *pt.Bound != "30" || *pt.Left != 3 {
		t.Errorf("with 3 moves: %s above %s, %d leave", *pt.Objective, *pt.Bound, *pt.Left)
	}
	_, table, _ := call(t, "", "solve", "--frontier", "moves", "--format", "table", file)
	golden.Compare(t, "frontier-drain.txt", table)
	status, html, errs := call(t, "", "solve", "--frontier", "moves", "--html", file)
	if status != statusSolved || !strings.Contains(html, `<svg class="frontier"`) || !strings.Contains(html, "3 moves: cost 30, at least 30") {
		t.Errorf("the page: status %d: %s", status, errs)
	}
}

// Where the time is up no further point is begun, and no further question about a task:
// what there was time for is the answer, and it says so.
func TestTimeForSome(t *testing.T) {
	file := library(t, "drain")
	status, out, errs := call(t, "", "solve", "--frontier", "moves", "--time", "1ns", file)
	var doc frontierDoc
	if err := json.Unmarshal([]byte(out), &doc); err != nil || status != statusSolved || doc.Complete || len(doc.Points) != 1 {
		t.Errorf("status %d, %v, %d points, complete %v: %s; want one point, not complete", status, err, len(doc.Points), doc.Complete, errs)
	}
	file = library(t, "batch")
	answer, first := answerOf(t, file)
	_, out, errs = call(t, answer, "explain", file, "-", "--task", first.Placement[0].Task, "--time", "1ns")
	var s staying
	if err := json.Unmarshal([]byte(out), &s); err != nil || len(s.Nodes) == 0 {
		t.Fatalf("%v, %d nodes: %s", err, len(s.Nodes), errs)
	}
	for _, other := range s.Nodes {
		if other.Status != model.Unknown && other.Status != model.Infeasible || strings.Contains(other.displaced(), "nothing else moves") {
			t.Errorf("on %s: %s, %s", other.Node, other.Status, other.displaced())
		}
	}
}
