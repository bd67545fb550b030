package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-runewidth"

	"berth/instances"
	"berth/internal/families"
	"berth/internal/golden"
	"berth/model"
	"berth/results/tables"
)

// onTerminal runs the program as on a terminal of some width.
func onTerminal(t *testing.T, width int, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm-256color")
	var out, err bytes.Buffer
	a := &app{started: time.Now(), in: strings.NewReader(""), out: &out, err: &err, outTerminal: true, width: width}
	status = a.run(t.Context(), args)
	return status, out.String(), err.String()
}

// solutionOf is the file of a solution in testdata, with the shipped instance that it
// solves beside it.
func solutionOf(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", "view", name+".json"))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(filepath.Dir(library(t, name)), "answer.json")
	write(t, file, string(data))
	return file
}

func TestView(t *testing.T) {
	for _, c := range []struct {
		golden string
		name   string
		width  int
		args   []string
	}{
		{"view-shop-80.txt", "shop", 80, nil},
		{"view-shop-160.txt", "shop", 160, nil},
		{"view-shop-40.txt", "shop", 40, nil},
		{"view-edge-80.txt", "edge", 80, nil},
		{"view-edge-160.txt", "edge", 160, nil},
		{"view-chunks-80.txt", "chunks", 80, nil},
		{"view-node-80.txt", "shop", 80, []string{"--node", "a2"}},
		{"view-task-80.txt", "shop", 80, []string{"--task", "web"}},
		{"view-task-reads-80.txt", "chunks", 80, []string{"--task", "c2"}},
	} {
		t.Run(c.golden, func(t *testing.T) {
			args := append([]string{"view", solutionOf(t, c.name)}, c.args...)
			status, out, errs := onTerminal(t, c.width, args...)
			if status != statusSolved || errs != "" {
				t.Fatalf("status %d: %s", status, errs)
			}
			for line := range strings.Lines(out) {
				if n := tables.Width(strings.TrimRight(line, "\n")); n > c.width && c.width >= 80 {
					t.Errorf("%d columns: %s", n, line)
				}
			}
			golden.Compare(t, c.golden, painted.ReplaceAllLiteralString(out, ""))
		})
	}
}

var painted = regexp.MustCompile("\x1b\\[[0-9;]*m")

// TestViewColours: colours are for terminals, and only if the user wants them.
func TestViewColours(t *testing.T) {
	file := solutionOf(t, "shop")
	_, out, _ := onTerminal(t, 80, "view", file)
	if !strings.Contains(out, "\x1b[38;5;32m") {
		t.Error("a terminal gets no colours")
	}
	t.Setenv("NO_COLOR", "1")
	var plain bytes.Buffer
	a := &app{in: strings.NewReader(""), out: &plain, err: &plain, outTerminal: true, width: 80}
	a.run(t.Context(), []string{"view", file})
	_, piped, _ := call(t, "", "view", file)
	for what, text := range map[string]string{"with NO_COLOR": plain.String(), "in a pipe": piped} {
		if strings.Contains(text, "\x1b") || !strings.Contains(text, "orders") {
			t.Errorf("%s: %q", what, text)
		}
	}
}

// TestViewShowsLies: what does not hold stands on top, in red, and the exit status
// says so.
func TestViewShowsLies(t *testing.T) {
	file := solutionOf(t, "shop")
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	write(t, file, strings.NewReplacer(`"objective":191,
  "bound"`, `"objective":190,
  "bound"`, `"orders":"a1"`, `"orders":"a2"`, `"mail":"b2"`, `"mail":"z9"`).Replace(string(data)))
	status, out, errs := onTerminal(t, 80, "view", file)
	if status != statusRefuted || errs != "" {
		t.Errorf("status %d, said %q", status, errs)
	}
	if !strings.HasPrefix(out, "\x1b[1;31m✗ placement.mail: there is no node \"z9\"") {
		t.Errorf("it begins with %q", out[:min(len(out), 100)])
	}
	golden.Compare(t, "view-lies-80.txt", painted.ReplaceAllLiteralString(out, ""))
	write(t, file, strings.Replace(string(data), `"orders":"a1"`, `"orders":"a2"`, 1))
	status, out, _ = onTerminal(t, 80, "view", file)
	if status != statusRefuted || !strings.Contains(out, "node a2 is asked for 6 of cpu and has 4") || !strings.Contains(out, "6 of 4 !") {
		t.Errorf("an overloaded node: status %d, %s", status, out)
	}
}

// TestViewNarrow: no width is too small, and wide characters are counted as such.
func TestViewNarrow(t *testing.T) {
	file := solutionOf(t, "shop")
	for _, width := range []int{1, 7, 20, 33, 61} {
		if status, out, errs := onTerminal(t, width, "view", file); status != statusSolved || !strings.Contains(out, "a1") {
			t.Errorf("%d columns: status %d, %s", width, status, errs)
		}
	}
	if got := runewidth.StringWidth(cut("名前", 2)); got != 4 {
		t.Errorf("%d", got)
	}
}

// TestViewLongNames: names as clouds and controllers make them can be told apart, and what keeps
// a task away is there to its end.
func TestViewLongNames(t *testing.T) {
	file, solution := withAnswer(t, `
format: berth/v1
kind: placement
nodes:
  - {name: ip-10-0-12-101.eu-central-1.compute.internal, capacity: {cpu: 2}}
  - {name: ip-10-0-12-102.eu-central-1.compute.internal, capacity: {cpu: 4}}
tasks:
  - {name: monitoring/search-504a1bde7-kxdlp, demand: {cpu: 2}, home: ip-10-0-12-101.eu-central-1.compute.internal, fetch: 9}
  - {name: monitoring/search-504a1bde7-xwfsl, demand: {cpu: 2}, home: ip-10-0-12-101.eu-central-1.compute.internal, fetch: 8}
`)
	status, out, errs := onTerminal(t, 80, "view", solution, file)
	out = painted.ReplaceAllLiteralString(out, "")
	reason := "not on ip-10-0-12-101.eu-central-1.compute.internal: the node would be\n     asked for 4 of cpu and has 2\n"
	for _, want := range []string{"monitoring/search…-xwfsl", "ip-10-0-12-101.eu…ternal", reason} {
		if status != statusSolved || !strings.Contains(out, want) {
			t.Errorf("want %q in\n%s%s", want, out, errs)
		}
	}
}

// TestViewFindsTheInstance: beside the solution, in the current folder, among the
// shipped ones; in either order where it is named.
func TestViewFindsTheInstance(t *testing.T) {
	shown := func(what string, args ...string) {
		t.Helper()
		if status, out, errs := call(t, "", append([]string{"view"}, args...)...); status != statusSolved || !strings.Contains(out, "proven optimal") {
			t.Errorf("%s: status %d, %s", what, status, errs)
		}
	}
	beside := solutionOf(t, "shop")
	instance := filepath.Join(filepath.Dir(beside), "shop.yaml")
	shown("beside", beside)
	shown("named last", beside, instance)
	shown("named first", instance, beside)

	data, err := os.ReadFile(beside)
	if err != nil {
		t.Fatal(err)
	}
	alone := filepath.Join(t.TempDir(), "answer.json")
	write(t, alone, string(data))
	shown("shipped", alone)

	// An instance that is not shipped, among others and things that are none.
	here := t.TempDir()
	t.Chdir(here)
	in := families.Instance(t, "tasks", 5, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks = 3, 6, 2
	})
	var text bytes.Buffer
	if err := in.Write(&text, "yaml"); err != nil {
		t.Fatal(err)
	}
	write(t, "mine.yaml", text.String())
	status, answer, errs := call(t, "", "solve", "mine.yaml")
	if status != statusSolved {
		t.Fatal(errs)
	}
	for k := range 30 {
		write(t, fmt.Sprintf("a%d.yaml", k), good)
	}
	write(t, "binary.json", "\x00\x01{}")
	write(t, "broken.yaml", "format: berth/v1\nkind: placement\nnodes: [")
	write(t, alone, answer)
	shown("current folder", alone)
	if err := os.Remove("mine.yaml"); err != nil {
		t.Fatal(err)
	}
	status, out, errs := call(t, "", "view", alone)
	if status != statusWrong || out != "" {
		t.Errorf("status %d, %s", status, out)
	}
	for _, want := range []string{"answer.json solves the instance", in.Digest(), "33 files", "current folder", "berth view " + alone + " FILE", "--problem"} {
		if !strings.Contains(errs, want) {
			t.Errorf("the message %q does not say %q", errs, want)
		}
	}
	if status, _, errs := call(t, "", "view", alone, instance); status != statusWrong || !strings.Contains(errs, "does not belong to") || !strings.Contains(errs, "shop") {
		t.Errorf("of another instance: status %d, %s", status, errs)
	}
	if status, _, errs := call(t, "", "view", beside, alone); status != statusWrong || !strings.Contains(errs, "both solutions") {
		t.Errorf("two solutions: status %d, %s", status, errs)
	}
}

func TestViewUnknownNames(t *testing.T) {
	file := solutionOf(t, "shop")
	for _, c := range [][2]string{{"--node", "a1"}, {"--task", "gateway"}} {
		status, out, errs := call(t, "", "view", file, c[0], "z9")
		if status != statusWrong || out != "" || !strings.Contains(errs, "z9") || !strings.Contains(errs, c[1]) {
			t.Errorf("%s: status %d, %s%s", c[0], status, out, errs)
		}
	}
}

// TestViewFindsForeignInstances: the name of the instance tells which problem of a
// file it is, and that it was maximised.
func TestViewFindsForeignInstances(t *testing.T) {
	here := t.TempDir()
	t.Chdir(here)
	write(t, "gaps.txt", "2\n2 3\n1 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n2 3\n4 2 3\n3 2 1\n1 1 1\n1 1 1\n2 2\n")
	status, answer, errs := call(t, "", "solve", "gaps.txt", "--problem", "2", "--maximise")
	if status != statusSolved {
		t.Fatal(errs)
	}
	write(t, "answer.json", answer)
	for _, args := range [][]string{{"answer.json"}, {"answer.json", "gaps.txt", "--problem", "2", "--maximise"}} {
		if status, out, errs := call(t, "", append([]string{"view"}, args...)...); status != statusSolved || !strings.Contains(out, "proven optimal") {
			t.Errorf("%v: status %d, %s", args, status, errs)
		}
	}
	if status, _, errs := call(t, answer, "view", "-"); status != statusSolved {
		t.Errorf("from standard input: status %d, %s", status, errs)
	}
}

// TestViewHTML: into the file that is named, into a pipe, and on a terminal into a
// file beside the solution.
func TestViewHTML(t *testing.T) {
	file := solutionOf(t, "edge")
	named := filepath.Join(t.TempDir(), "page.html")
	if status, out, errs := call(t, "", "view", file, "--html", "--output", named); status != statusSolved || out != "" {
		t.Errorf("status %d, %s%s", status, out, errs)
	}
	_, piped, _ := call(t, "", "view", file, "--html")
	status, said, errs := onTerminal(t, 80, "view", file, "--html")
	beside := strings.TrimSuffix(file, ".json") + ".html"
	if status != statusSolved || said != "the page is in "+beside+"\n" {
		t.Errorf("status %d, %s%s", status, said, errs)
	}
	for _, name := range []string{named, beside} {
		page, err := os.ReadFile(name)
		if err != nil || string(page) != piped || !strings.HasPrefix(piped, "<!doctype html>") {
			t.Errorf("%s: %d bytes, %v; a pipe gets %d", name, len(page), err, len(piped))
		}
	}
}

// TestIsAnother: only documents of berth that cannot have the name are passed over unread.
func TestIsAnother(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"shop", "format: berth/v1\nname: store\n", true},
		{"shop", "format: berth/v1\nname: shop\n", false},
		{"", "format: berth/v1\n", false},
		{"gap1-3", "2 3\n1 2 3\n", false},
		{"caf\u00e9", "format: berth/v1\nname: \"caf\\u00e9\"\n", false},
		{"a b", "format: berth/v1\nname: a\n b\n", false},
	} {
		if got := (&solved{solution: &model.Solution{Instance: c.name}}).isAnother([]byte(c.text)); got != c.want {
			t.Errorf("%s in %q: %v", c.name, c.text, got)
		}
	}
}
