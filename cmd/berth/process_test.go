package main

import (
	"bytes"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"berth/instances"
	"berth/internal/families"
	"berth/model"
)

// asBerth makes this test binary behave as the program.
const asBerth = "BERTH_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asBerth) != "" {
		main()
	}
	os.Exit(m.Run())
}

// process prepares the program as a process of its own.
func process(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), self, args...)
	c.Env = append(os.Environ(), asBerth+"=1")
	return c
}

// generated makes an instance of a family as a document.
func generated(t *testing.T, family string, change func(*instances.Spec)) (*model.Instance, []byte) {
	t.Helper()
	in := families.Instance(t, family, 1, change)
	var b bytes.Buffer
	if err := in.Write(&b, "json"); err != nil {
		t.Fatal(err)
	}
	return in, b.Bytes()
}

// holds checks that a solution document is one of the instance and claims nothing
// untrue.
func holds(t *testing.T, in *model.Instance, document []byte) *model.Solution {
	t.Helper()
	doc, err := model.ReadSolution(document, "answer")
	if err != nil {
		t.Fatalf("%v in %s", err, document)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	if failed := p.Verify(doc); len(failed) > 0 {
		t.Fatalf("claims that fail: %q", failed)
	}
	return doc
}

// TestInterrupt stops a search at random moments, with one signal or, like timeout(1),
// with two: each time there is a judged solution and the status of success.
func TestInterrupt(t *testing.T) {
	in, document := generated(t, "containers", func(s *instances.Spec) { s.Nodes, s.Tasks = 20, 100 })
	// The blanks overfill the pipe: once it took them all, the program reads, and it
	// catches signals since before that.
	document = append(document, bytes.Repeat([]byte("\n"), 300_000)...)
	chance := rand.New(rand.NewPCG(1, 2))
	for k := range 8 {
		c := process(t, "solve", "-", "--time", "60s")
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		stdin, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(stdin, bytes.NewReader(document)); err != nil {
			t.Fatal(err)
		}
		if err := stdin.Close(); err != nil {
			t.Fatal(err)
		}
		moment := time.Duration(chance.IntN(400)) * time.Millisecond
		time.Sleep(moment)
		signals := [][]os.Signal{{os.Interrupt}, {syscall.SIGTERM, os.Interrupt}, {syscall.SIGHUP, syscall.SIGTERM}}[k%3]
		for _, signal := range signals {
			if err := c.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
		}
		if err := c.Wait(); err != nil {
			t.Fatalf("%v after %v: %v; %s", signals, moment, err, errs.String())
		}
		if doc := holds(t, in, out.Bytes()); !doc.Status.HasPlacement() {
			t.Errorf("%v after %v: status %s", signals, moment, doc.Status)
		}
		if errs.Len() > 0 {
			t.Errorf("standard error has %q", errs.String())
		}
	}
}

// TestInterruptWhileReading stops verbs that wait for the end of their input.
func TestInterruptWhileReading(t *testing.T) {
	for _, verb := range []struct {
		name   string
		status int
	}{{"solve", statusNothing}, {"presolve", statusOther}} {
		c := process(t, verb.name, "-")
		var out, errs bytes.Buffer
		c.Stdout, c.Stderr = &out, &errs
		stdin, err := c.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := stdin.Write(bytes.Repeat([]byte("\n"), 300_000)); err != nil {
			t.Fatal(err)
		}
		if err := c.Process.Signal(os.Interrupt); err != nil {
			t.Fatal(err)
		}
		state, err := c.Process.Wait()
		if err != nil {
			t.Fatal(err)
		}
		if state.ExitCode() != verb.status {
			t.Errorf("%s: status %d, want %d", verb.name, state.ExitCode(), verb.status)
		}
		if err := stdin.Close(); err != nil {
			t.Fatal(err)
		}
		if err := c.Wait(); err == nil || out.Len() > 0 || !strings.Contains(errs.String(), "interrupted") {
			t.Errorf("%s: wrote %q, said %q", verb.name, out.String(), errs.String())
		}
	}
}

// TestTimeIsUp gives a search so little time that it is up before the search
// begins: there is a solution nevertheless.
func TestTimeIsUp(t *testing.T) {
	in, document := generated(t, "tasks", func(*instances.Spec) {})
	status, out, errs := call(t, string(document), "solve", "-", "--time", "1ms")
	if status != statusSolved {
		t.Fatalf("status %d: %s", status, errs)
	}
	if doc := holds(t, in, []byte(out)); !doc.Status.HasPlacement() || doc.Work != 0 {
		t.Errorf("status %s, work %d", doc.Status, doc.Work)
	}
}

// The work until the proof is the same whenever no limit came before it.
func TestSameWorkWithoutALimit(t *testing.T) {
	in, err := model.Read([]byte(good), "good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var work []int64
	for _, threads := range []string{"1", "2"} {
		status, out, errs := call(t, good, "solve", "-", "--threads", threads)
		if status != statusSolved {
			t.Fatalf("status %d: %s", status, errs)
		}
		work = append(work, holds(t, in, []byte(out)).Work)
	}
	if work[0] != work[1] || work[0] == 0 {
		t.Errorf("work %d, then %d", work[0], work[1])
	}
}

// steady takes out of a solution what may differ from run to run.
func steady(document string) string {
	var kept []string
	for line := range strings.Lines(document) {
		if !strings.Contains(line, `"seconds"`) {
			kept = append(kept, line)
		}
	}
	return strings.Join(kept, "")
}

func TestSameWorkSameAnswer(t *testing.T) {
	_, document := generated(t, "containers", func(s *instances.Spec) { s.Nodes, s.Tasks = 8, 40 })
	first := ""
	for k := range 4 {
		threads := []string{"1", "2"}[k%2]
		status, out, errs := call(t, string(document), "solve", "-", "--work", "150M", "--seed", "5", "--threads", threads)
		if status != statusSolved {
			t.Fatalf("status %d: %s", status, errs)
		}
		if first == "" {
			first = steady(out)
		}
		if steady(out) != first {
			t.Fatalf("run %d with %s threads gave\n%s\nafter\n%s", k, threads, steady(out), first)
		}
	}
}

func TestOutputIsWholeOrNothing(t *testing.T) {
	folder := t.TempDir()
	target := filepath.Join(folder, "answer.json")
	write(t, target, "before")
	if err := os.Chmod(target, 0o640); err != nil {
		t.Fatal(err)
	}
	link := filepath.Join(folder, "link.json")
	if err := os.Symlink(target, link); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := call(t, good, "solve", "-", "--output", link); status != statusSolved || out != "" {
		t.Fatalf("status %d, output %q: %s", status, out, errs)
	}
	info, err := os.Stat(target)
	if err != nil || info.Mode().Perm() != 0o640 {
		t.Errorf("permissions %v, %v; want those from before", info.Mode().Perm(), err)
	}
	if _, err := os.Readlink(link); err != nil {
		t.Error("the link was replaced")
	}
	text, err := os.ReadFile(target)
	if err != nil {
		t.Fatal(err)
	}
	in, err := model.Read([]byte(good), "good.yaml")
	if err != nil {
		t.Fatal(err)
	}
	holds(t, in, text)
	left, err := os.ReadDir(folder)
	if err != nil || len(left) != 2 {
		t.Errorf("the folder holds %v, %v; want the file and the link", left, err)
	}
}

// TestFullDisk: where there is no room, neither the input nor the call is wrong.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, args := range [][]string{
		{"solve", library(t, "shop"), "--work", "1M"},
		{"--help"},
		{"help", "solve"},
		{"results", "merge", "--help"},
		{"--version"},
		{"methods"},
	} {
		c := process(t, args...)
		var errs bytes.Buffer
		c.Stdout, c.Stderr = full, &errs
		c.Run()
		if status := c.ProcessState.ExitCode(); status != statusOther || !strings.Contains(errs.String(), "no space left on device; send it elsewhere") {
			t.Errorf("%s: status %d, %s", args, status, errs.String())
		}
	}
	status, out, said := call(t, good, "solve", "-", "--proof", "/dev/full")
	if status != statusOther || !strings.Contains(out, `"status":"optimal"`) || !strings.Contains(said, "--proof /dev/full cannot be written: no space left on device; make room") {
		t.Errorf("of a proof: status %d, %q, %s", status, out, said)
	}
	status, out, said = call(t, good, "solve", "-", "--output", "/dev/full")
	if status != statusOther || out != "" || !strings.Contains(said, "/dev/full cannot be written: no space left on device; make room") {
		t.Errorf("to a file: status %d, %q, %s", status, out, said)
	}
}

func TestStatuses(t *testing.T) {
	overfull := strings.ReplaceAll(good, "cpu: 4", "cpu: 0.5")
	for _, c := range []struct {
		name, stdin string
		args        []string
		status      int
		said        string
	}{
		{"solved", good, []string{"solve", "-"}, statusSolved, ""},
		{"infeasible", overfull, []string{"solve", "-"}, statusInfeasible, "no placement exists"},
		{"infeasible without search", overfull, []string{"presolve", "-"}, statusInfeasible, ""},
		{"help", "", []string{"--help"}, statusSolved, ""},
		{"help of a verb", "", []string{"help", "solve"}, statusSolved, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			status, out, errs := call(t, c.stdin, c.args...)
			if status != c.status {
				t.Errorf("status %d, want %d", status, c.status)
			}
			if out == "" {
				t.Error("nothing on standard output")
			}
			if c.said == "" && errs != "" || !strings.Contains(errs, c.said) {
				t.Errorf("standard error has %q, want %q", errs, c.said)
			}
		})
	}
}

// TestHelpTeaches holds every verb to an example that its own parser takes.
func TestHelpTeaches(t *testing.T) {
	a := &app{}
	for _, group := range a.verbs() {
		for _, verb := range group.verbs {
			if c := verb.make(); c.Name() != verb.name {
				t.Errorf("%s is made for %s", c.Name(), verb.name)
			}
		}
	}
	for _, c := range everyCommand(a.root(nil)) {
		if c.Example == "" || c.Long == "" || c.Short == "" {
			t.Errorf("%s teaches nothing", c.CommandPath())
		}
		if !strings.Contains(c.Example, c.CommandPath()) {
			t.Errorf("the example of %s does not call it", c.CommandPath())
		}
	}
}

// With standard output closed every verb says that its answer is lost, and ends with a failure; into a
// file it answers.
func TestStandardOutputIsClosed(t *testing.T) {
	folder := t.TempDir()
	file := filepath.Join(folder, "good.yaml")
	write(t, file, good)
	for _, args := range [][]string{
		{"solve", file},
		{"solve", file, "--frontier", "moves"},
		{"presolve", file},
		{"convert", file},
		{"encode", file, "--to", "lp"},
		{"methods"},
		{"generate", "tasks"},
		{"--help"},
		{"solve", "--help"},
		{"--version"},
		{"completion", "bash"},
	} {
		c := process(t)
		c.Path, c.Args = "/bin/sh", append([]string{"sh", "-c", `exec "$0" "$@" >&-`, c.Path}, args...)
		var errs bytes.Buffer
		c.Stderr = &errs
		c.Run()
		if status := c.ProcessState.ExitCode(); status != statusOther || !strings.Contains(errs.String(), "standard output cannot be written: it is closed") {
			t.Errorf("%v: status %d, %s", args, status, errs.String())
		}
	}
	answer := filepath.Join(folder, "answer.json")
	c := process(t)
	c.Path, c.Args = "/bin/sh", []string{"sh", "-c", `exec "$0" "$@" >&-`, c.Path, "solve", file, "--output", answer}
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("%v, %s", err, out)
	}
}
