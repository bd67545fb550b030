package main

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"berth/results"
)

// sweepPlan writes a plan of small instances and quick methods with limits in units
// of work.
func sweepPlan(t *testing.T, folder string) string {
	t.Helper()
	path := filepath.Join(folder, "plan.yaml")
	write(t, path, `format: berth/v1
kind: sweep
instances:
  - {generate: tasks, with: {nodes: 5, tasks: 30}, seeds: 2}
  - {generate: containers, with: {nodes: 4, tasks: 12, traffic: 20}, seeds: 1}
methods: [penalty-first, regret, descent, lp]
seeds: 2
limits: {work: 20M}
`)
	return path
}

// sweepTo runs a plan in a process of its own, with its records in a folder.
func sweepTo(t *testing.T, plan, out string) {
	t.Helper()
	if text, err := process(t, "sweep", plan, "--out", out).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
}

// timeless returns the records of a folder without what may differ between two
// sweeps.
func timeless(t *testing.T, folder string) []results.Record {
	t.Helper()
	records, err := results.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	merged := results.Merge(records)
	if len(merged) != len(records) {
		t.Errorf("%d records of %d runs", len(records), len(merged))
	}
	for k := range merged {
		r := &merged[k]
		r.Usage = results.Usage{Work: r.Usage.Work, Exit: r.Usage.Exit}
		r.Started = time.Time{}
		r.Instance.File, r.Command = "", "" // the folder is in them
		r.Trajectory = nil                  // steps at the same moment are one
	}
	return merged
}

// names lists what is in a folder.
func names(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// descendants lists the processes below one.
func descendants(pid int) []int {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", pid, pid))
	if err != nil {
		return nil
	}
	var all []int
	for _, word := range strings.Fields(string(text)) {
		var child int
		if _, err := fmt.Sscan(word, &child); err == nil {
			all = append(append(all, child), descendants(child)...)
		}
	}
	return all
}

// A sweep that is killed again and again, and whose children are, ends with the
// records of an unbroken one, and leaves nothing else behind.
func TestSweepSurvivesKills(t *testing.T) {
	folder := t.TempDir()
	plan := sweepPlan(t, folder)
	unbroken, broken := filepath.Join(folder, "unbroken"), filepath.Join(folder, "broken")
	sweepTo(t, plan, unbroken)
	t.Setenv("TMPDIR", t.TempDir())
	chance := rand.New(rand.NewPCG(3, 4))
	kills := 0
	for moment := 0; moment < 8; moment++ {
		c := process(t, "sweep", plan, "--out", broken)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(50+chance.IntN(350)) * time.Millisecond)
		victims := append([]int{c.Process.Pid}, descendants(c.Process.Pid)...)
		if moment%2 == 1 && len(victims) > 1 {
			victim := victims[1+chance.IntN(len(victims)-1)]
			if syscall.Kill(victim, syscall.SIGKILL) == nil {
				kills++
			}
			time.Sleep(time.Duration(chance.IntN(100)) * time.Millisecond)
		}
		if c.Process.Kill() == nil {
			kills++
		}
		_ = c.Wait() // it was killed
	}
	if kills < 8 {
		t.Fatalf("only %d processes were killed", kills)
	}
	sweepTo(t, plan, broken)
	if left, want := names(t, broken), names(t, unbroken); !slices.Equal(left, want) {
		t.Errorf("after kills the folder has %q, want %q", left, want)
	}
	if left := names(t, os.TempDir()); len(left) > 0 {
		t.Errorf("among the temporary files lies %q", left)
	}
	if got, want := timeless(t, broken), timeless(t, unbroken); !reflect.DeepEqual(got, want) {
		t.Errorf("after kills there are %d records, differing from the %d of an unbroken sweep", len(got), len(want))
		for k := range min(len(got), len(want)) {
			if !reflect.DeepEqual(got[k], want[k]) {
				t.Fatalf("got  %+v\nwant %+v", got[k], want[k])
			}
		}
	}
}

// A second call finds everything recorded, another folder's sweep is kept out, and
// --status tells.
func TestSweepGoesOnAndTells(t *testing.T) {
	folder := t.TempDir()
	plan, out := sweepPlan(t, folder), filepath.Join(folder, "runs")
	sweepTo(t, plan, out)
	before, err := os.ReadFile(filepath.Join(out, "records.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	sweepTo(t, plan, out)
	after, err := os.ReadFile(filepath.Join(out, "records.jsonl"))
	if err != nil || string(before) != string(after) {
		t.Error("a complete sweep made runs again")
	}
	status, text, errs := call(t, "", "sweep", "--status", out)
	var said struct {
		Runs, Done int
		Busy       bool
	}
	if err := json.Unmarshal([]byte(text), &said); err != nil || status != statusSolved || said.Runs != 24 || said.Done != 24 || said.Busy {
		t.Errorf("status says %s (%v) %s", text, err, errs)
	}
	store, err := results.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	if c := process(t, "sweep", plan, "--out", out); true {
		text, err := c.CombinedOutput()
		if err == nil || !strings.Contains(string(text), "another sweep is at work") {
			t.Errorf("a second sweep in one folder: %v, %s", err, text)
		}
	}
}

func TestResultsMerge(t *testing.T) {
	folder := t.TempDir()
	plan := sweepPlan(t, folder)
	a, b := filepath.Join(folder, "a"), filepath.Join(folder, "b")
	sweepTo(t, plan, a)
	sweepTo(t, plan, b)
	_, one, _ := call(t, "", "results", "merge", a, b)
	_, two, _ := call(t, "", "results", "merge", b, a, b)
	if one != two || strings.Count(one, "\n") != 24 {
		t.Errorf("merging gave %d lines, and in another order others: %v", strings.Count(one, "\n"), one != two)
	}
	both := filepath.Join(folder, "both.jsonl")
	write(t, both, one)
	if _, again, errs := call(t, "", "results", "merge", both, a); again != one {
		t.Errorf("merging again changed something: %s", errs)
	}
	write(t, both, one[:len(one)-20])
	if status, rest, errs := call(t, "", "results", "merge", both); status != statusSolved || strings.Count(rest, "\n") != 23 || errs != "berth: "+both+":24: this last line is torn, or just being written; it is left out\n" {
		t.Errorf("of a torn file, %d lines remain: %d, %q", strings.Count(rest, "\n"), status, errs)
	}
	write(t, both, one[:len(one)-1]) // the whole line is there
	if _, rest, errs := call(t, "", "results", "merge", both); rest != one || errs != "" {
		t.Errorf("of a file without its last line feed, %d lines remain: %q", strings.Count(rest, "\n"), errs)
	}
}

// A run that is better than what is published is announced, and its solution is kept
// and holds; one that contradicts an optimum that is known is wrong.
func TestSweepAnnounces(t *testing.T) {
	folder := t.TempDir()
	write(t, filepath.Join(folder, "above.yaml"), good)
	write(t, filepath.Join(folder, "again.yaml"), "# the same\n"+good)
	write(t, filepath.Join(folder, "below.yaml"), good+"name: another\n")
	write(t, filepath.Join(folder, "b-none.yaml"), good+"name: none\n")
	write(t, filepath.Join(folder, "best.tsv"), "name\tvalue\tstatus\tsource\nb-none\t\tinfeasible\ta rumour\nabove\t5\tbest-known\thearsay\nbelow\t-1\toptimal\ta mistake\n")
	write(t, filepath.Join(folder, "plan.yaml"), "format: berth/v1\nkind: sweep\ninstances: {files: ['a*.yaml', 'b*.yaml']}\nmethods: auto\nlimits: {time: 20s}\n")
	out := filepath.Join(folder, "runs")
	text, err := process(t, "sweep", filepath.Join(folder, "plan.yaml"), "--out", out).CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	if !strings.Contains(string(text), "run only once, as they mean the same (1): again as above") {
		t.Errorf("of an instance in two files it said %s", text)
	}
	if !strings.Contains(string(text), "BETTER THAN PUBLISHED: auto on above") || !strings.Contains(string(text), "WRONG: auto on below") {
		t.Errorf("it said %s", text)
	}
	if !strings.Contains(string(text), "BETTER THAN PUBLISHED: auto on b-none, seed 1: cost 0, published is that there is none (a rumour)") {
		t.Errorf("of an instance that is said to be infeasible it said %s", text)
	}
	kept, err := filepath.Glob(filepath.Join(out, "solutions", "*.json"))
	if err != nil || len(kept) != 2 {
		t.Fatalf("kept %v, %v", kept, err)
	}
	held := 0
	for _, file := range []string{"above.yaml", "b-none.yaml"} {
		for _, solution := range kept {
			if status, _, _ := call(t, "", "verify", filepath.Join(folder, file), solution); status == statusSolved {
				held++
			}
		}
	}
	if held != 2 {
		t.Errorf("%d of the solutions that are kept hold", held)
	}
}

// evil methods and what each comes to.
var evil = []struct {
	name, script string
	want         results.Outcome
}{
	{"crashes", "kill -SEGV $$", results.Crash},
	{"fails", "echo no >&2; exit 7", results.Crash},
	{"hangs", "trap '' TERM; while :; do sleep 1; done", results.Timeout},
	{"stops itself", "kill -STOP $$", results.Timeout},
	{"eats memory", "exec tail /dev/zero", results.Memory},
	{"writes rubbish", "head -c 100000 /dev/urandom", results.Rubbish},
	{"says nothing", "exit 0", results.Unknown},
	{"forks", "(setsid sh -c 'SLEEP 1000' &) ; for k in 1 2 3 4 5; do SLEEP 1000 & done; exit 3", results.Crash},
	{"lies", `sed 's/"objective": *[0-9.]*/"objective": 1/; s/"bound": *[0-9.]*/"bound": 1/; s/"gap": *[0-9.e-]*/"gap": 0/' SOLUTION`, results.Wrong},
	{"tells the truth", "cat SOLUTION", results.Optimal},
}

// Methods that misbehave are recorded as what they are, the sweep goes on, and no
// process is left.
func TestSweepOfEvilMethods(t *testing.T) {
	folder := t.TempDir()
	instance, solution := filepath.Join(folder, "good.yaml"), filepath.Join(folder, "solution.json")
	write(t, instance, good)
	if status, _, errs := call(t, "", "solve", instance, "--output", solution); status != statusSolved {
		t.Fatal(errs)
	}
	program, err := exec.LookPath("sleep")
	if err != nil {
		t.Fatal(err)
	}
	sleep := filepath.Join(folder, "evil-sleep") // no other test has processes of that name
	if err := os.Symlink(program, sleep); err != nil {
		t.Fatal(err)
	}
	plan := "format: berth/v1\nkind: sweep\ninstances: [{files: good.yaml}]\nlimits: {time: 1s, memory: 64Mi}\nadapters:\n"
	methods := "methods:\n"
	for k, e := range evil {
		file := fmt.Sprintf("evil-%d.yaml", k)
		script := strings.NewReplacer("SOLUTION", solution, "SLEEP", sleep).Replace(e.script)
		write(t, filepath.Join(folder, fmt.Sprintf("evil-%d.sh", k)), script+"\n")
		write(t, filepath.Join(folder, file), fmt.Sprintf(`format: berth/v1
kind: adapter
name: evil-%d
short: a method that %s
program: sh
encoding: berth
command: ["{program}", %q]
answer: [{format: berth}]
`, k, e.name, filepath.Join(folder, fmt.Sprintf("evil-%d.sh", k))))
		plan += "  - " + file + "\n"
		methods += fmt.Sprintf("  - evil-%d\n", k)
	}
	path, out := filepath.Join(folder, "plan.yaml"), filepath.Join(folder, "runs")
	write(t, path, plan+methods)
	c := process(t, "sweep", path, "--out", out)
	if text, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	records, err := results.Load(out)
	if err != nil {
		t.Fatal(err)
	}
	for k, e := range evil {
		at := slices.IndexFunc(records, func(r results.Record) bool { return r.Method == fmt.Sprintf("evil-%d", k) })
		if at < 0 {
			t.Errorf("the method that %s has no record", e.name)
			continue
		}
		if r := &records[at]; r.Outcome != e.want {
			t.Errorf("the method that %s is recorded as %s (%s), want %s", e.name, r.Outcome, r.Note, e.want)
		}
	}
	if left, err := exec.Command("pgrep", "-f", folder+"/evil").Output(); err == nil {
		t.Errorf("processes are left: %s", left)
	}
}

// regress passes on what it accepted, and fails with the status of a refuted claim
// where the baseline says better.
func TestRegress(t *testing.T) {
	folder := t.TempDir()
	plan := sweepPlan(t, folder)
	baseline := filepath.Join(folder, "plan.baseline.tsv")
	regress := func(args ...string) (int, string) {
		c := process(t, append([]string{"regress", plan}, args...)...)
		text, err := c.CombinedOutput()
		if c.ProcessState == nil {
			t.Fatal(err)
		}
		return c.ProcessState.ExitCode(), string(text)
	}
	if status, text := regress(); status != statusWrong || !strings.Contains(text, "--accept") {
		t.Fatalf("without a baseline: status %d, %s", status, text)
	}
	if status, text := regress("--accept"); status != statusSolved {
		t.Fatalf("accept: status %d, %s", status, text)
	}
	if status, text := regress(); status != statusSolved {
		t.Fatalf("nothing changed: status %d, %s", status, text)
	}
	accepted, err := os.ReadFile(baseline)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(accepted), "\n")
	for name, change := range map[string]func(cells []string){
		"cost higher":             func(cells []string) { cells[6] = "0" },
		"slower in units of work": func(cells []string) { cells[8] = "1" },
		"the instance is another": func(cells []string) { cells[1] = "sha256:0" },
		"run is gone":             func(cells []string) { cells[3] = "77" },
	} {
		changed := slices.Clone(lines)
		at := slices.IndexFunc(changed, func(line string) bool {
			return strings.Contains(line, "\tfeasible\t") && !strings.HasSuffix(line, "\t0\n")
		})
		if at < 0 {
			t.Fatal("no row with units of work")
		}
		cells := strings.Split(strings.TrimSuffix(changed[at], "\n"), "\t")
		change(cells)
		changed[at] = strings.Join(cells, "\t") + "\n"
		write(t, baseline, strings.Join(changed, ""))
		if status, text := regress("--format", "table"); status != statusRefuted || !strings.Contains(text, name) {
			t.Errorf("%s: status %d, %s", name, status, text)
		}
	}
}
