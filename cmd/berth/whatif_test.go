package main

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"berth/model"
)

// answerOf solves and returns the document, which must verify as it stands.
func answerOf(t *testing.T, file string, args ...string) (answer string, doc *model.Solution) {
	t.Helper()
	status, answer, errs := call(t, "", append([]string{"solve", file}, args...)...)
	if status != statusSolved || errs != "" {
		t.Fatalf("solve %v: status %d: %s", args, status, errs)
	}
	doc, err := model.ReadSolution([]byte(answer), "answer")
	if err != nil {
		t.Fatal(err)
	}
	if status, _, errs := call(t, answer, "verify", file, "-"); status != statusSolved {
		t.Fatalf("solve %v: the answer does not verify: %s", args, errs)
	}
	return answer, doc
}

// nodesOf returns where a solution puts a task.
func nodesOf(doc *model.Solution, task string) []string {
	for _, p := range doc.Placement {
		if p.Task == task {
			return p.Nodes
		}
	}
	return nil
}

func TestFixAndForbid(t *testing.T) {
	file := library(t, "batch")
	_, free := answerOf(t, file)
	home := nodesOf(free, "ledger")[0]
	answer, forbidden := answerOf(t, file, "--forbid", "ledger="+home)
	away := nodesOf(forbidden, "ledger")[0]
	if away == home {
		t.Errorf("ledger is on %s, where it was forbidden", home)
	}
	if _, fixed := answerOf(t, file, "--fix", "ledger="+away); fixed.Objective != forbidden.Objective {
		t.Errorf("fixed on %s it costs %s, forbidden on %s %s", away, fixed.Objective, home, forbidden.Objective)
	}
	status, table, _ := call(t, answer, "verify", "--format", "table", file, "-")
	if want := "given: ledger not on " + home + "\n✓"; status != statusSolved || !strings.Contains(table, want) {
		t.Errorf("verify says\n%s\nwant %q", table, want)
	}
	// The same placement is no answer where the opposite is given.
	lie := strings.Replace(answer, `"forbid"`, `"fix"`, 1)
	if status, _, errs := call(t, lie, "verify", file, "-"); status != statusRefuted || !strings.Contains(errs, "ledger may not run on node "+away) {
		t.Errorf("verify of a lie: status %d: %s", status, errs)
	}
}

// What is wrong with what a solution says was given is put down to the solution; a gap
// below 0 is what a bound above the objective comes to, and as wrong.
func TestLiesBesideTheInstance(t *testing.T) {
	file := library(t, "batch")
	answer, _ := answerOf(t, file, "--forbid", "ledger=n1")
	lie := strings.Replace(answer, `["n1"]`, `["n99"]`, 1)
	for _, verb := range []string{"verify", "view"} {
		status, _, errs := call(t, lie, verb, file, "-")
		if want := `berth: standard input: given.forbid: there is no node "n99"`; status != statusWrong || !strings.HasPrefix(errs, want) {
			t.Errorf("%s of an unknown node: status %d: %q; want %q", verb, status, errs, want)
		}
	}
	lie = strings.Replace(answer, `"gap":0`, `"gap":-0.5`, 1)
	if status, _, errs := call(t, lie, "verify", file, "-"); status != statusRefuted || !strings.Contains(errs, "gap is claimed to be -0.5, it is 0") {
		t.Errorf("a gap below 0: status %d: %s", status, errs)
	}
	file = library(t, "overfull")
	_, answer, _ = call(t, "", "solve", file)
	lie = strings.Replace(answer, `"gap":null`, `"gap":0`, 1)
	if status, _, errs := call(t, lie, "verify", file, "-"); status != statusRefuted || !strings.Contains(errs, "gap is 0 without an objective") {
		t.Errorf("a gap of nothing: status %d: %s", status, errs)
	}
}

func TestWarm(t *testing.T) {
	file, folder := library(t, "batch"), t.TempDir()
	answer, doc := answerOf(t, file)
	warm := filepath.Join(folder, "warm.json")
	write(t, warm, answer)
	if _, again := answerOf(t, file, "--warm", warm); again.Trajectory[0].By != "warm" || again.Trajectory[0].Objective != doc.Objective {
		t.Errorf("the search begins with %+v, not with the solution of cost %s", again.Trajectory[0], doc.Objective)
	}
	// Where it does not fit the search begins without it, and says so.
	status, _, errs := call(t, "", "solve", file, "--warm", warm, "--forbid", "ledger="+nodesOf(doc, "ledger")[0])
	if status != statusSolved || !strings.Contains(errs, "begins without") || !strings.Contains(errs, "tasks[") {
		t.Errorf("status %d: %s", status, errs)
	}
}

// The library's drain takes four moves: of the two tasks that have to leave, and of
// two that make room.
func TestMaxMoves(t *testing.T) {
	file := library(t, "drain")
	for most, want := range []string{
		"at most 0 replicas may leave where they run today, and these have to, since they may not be there or do not fit: database, queue",
		"database, queue",
		"at most 2 replicas leave where they run today",
	} {
		status, out, errs := call(t, "", "solve", file, "--max-moves", fmt.Sprint(most))
		if status != statusInfeasible || !strings.Contains(errs, want) {
			t.Errorf("at most %d: status %d: %s; want %q", most, status, errs, want)
		}
		if !strings.Contains(out, fmt.Sprintf(`"given":{"maxMoves":%d}`, most)) {
			t.Errorf("at most %d: the answer does not say so: %s", most, out)
		}
	}
	_, free := answerOf(t, file)
	answer, limited := answerOf(t, file, "--max-moves", "4")
	if free.Objective != limited.Objective {
		t.Errorf("with 4 moves it costs %s, with any number %s", limited.Objective, free.Objective)
	}
	lie := strings.Replace(answer, `"maxMoves":4`, `"maxMoves":2`, 1)
	if status, _, errs := call(t, lie, "verify", file, "-"); status != statusRefuted || !strings.Contains(errs, "given.maxMoves") {
		t.Errorf("verify of a lie: status %d: %s", status, errs)
	}
	// What was encoded under a limit is decoded under it.
	status, out, errs := call(t, "", "encode", file, "--to", "lp", "--max-moves", "1")
	if status != statusSolved {
		t.Errorf("encode: %s", errs)
	}
	_, unlimited, _ := call(t, "", "encode", file, "--to", "lp")
	if out == unlimited {
		t.Error("the limit changes nothing in the encoded file")
	}
}
