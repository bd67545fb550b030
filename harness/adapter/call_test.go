package adapter

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/results"
)

func TestPlaceholders(t *testing.T) {
	v := values{"program": {"/bin/p"}, "instance": {"--from", "orlib", "a b"}, "work": nil}
	v.limits(&Job{Seed: 7, Limits: results.Limits{Seconds: 2.5, Memory: 1 << 30}})
	got := v.arguments([]argument{
		{"{program}"},
		{"--seed={seed}"},
		{"--work", "{work}"},
		{"-w={work}"},
		{"--time", "{time}s", "{wholetime}", "{softtime}", "{wholesofttime}"},
		{"-m", "{megabytes}"},
		{"{gap}"},
		{"{threads}"},
		{"in: {instance}"},
		{"{instance}"},
		{"{}", "{ x}"},
	})
	want := []string{
		"/bin/p", "--seed=7", "--time", "2.5s", "3", "2.3", "2", "-m", "921", "1",
		"in: --from orlib a b", "--from", "orlib", "a b", "{}", "{ x}",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("filled to\n%q, want\n%q", got, want)
	}
	if got := v.lines("a = {seed}\nb = {work}\nc\n{gap}"); got != "a = 7\nc\n" {
		t.Errorf("lines %q", got)
	}
}

func TestSmallSeed(t *testing.T) {
	for seed, want := range map[uint64]uint64{0: 1<<31 - 1, 1: 1, 17: 17, 1<<31 - 1: 1<<31 - 1, 1 << 31: 1, 1<<64 - 1: 3} {
		if got := smallSeed(seed); got != want {
			t.Errorf("seed %d becomes %d, want %d", seed, got, want)
		}
	}
}

// A program is told to end before the harness ends it, but not at once.
func TestSoftTime(t *testing.T) {
	for limit, want := range map[float64]string{0.1: "0.05", 1: "0.8", 10: "9.8", 100: "98"} {
		v := values{}
		v.limits(&Job{Limits: results.Limits{Seconds: limit}})
		if got := v["softtime"][0]; got != want {
			t.Errorf("of %g s a program is told %s, want %s", limit, got, want)
		}
	}
}

func TestSteps(t *testing.T) {
	_, p, _ := instance(t, "edge") // costs count in steps of 0.05
	a := shippedAdapter(t, "highs")
	for gap, want := range map[string]string{"": "0.5", "0": "0.5", "1%": "0.5", "0.04": "0.5", "0.05": "1", "1": "20", "1.07": "21"} {
		dir := t.TempDir()
		if _, err := a.Prepare(Job{Problem: p, Dir: dir, Program: "highs", Limits: results.Limits{Gap: gap}}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "options.txt"))
		if err != nil || !strings.Contains(string(text), "mip_abs_gap = "+want+"\n") {
			t.Errorf("gap %q: want %s in %s", gap, want, text)
		}
	}
}

func TestOptions(t *testing.T) {
	in, p, _ := instance(t, "pinned")
	a := shippedAdapter(t, "berth")
	job := Job{Problem: p, Instance: in, Dir: t.TempDir(), Program: "berth", Seed: 3}
	call := func(options map[string]string) string {
		t.Helper()
		job.Options = options
		c, err := a.Prepare(job)
		if err != nil {
			t.Fatal(err)
		}
		return strings.Join(c.Command, " ")
	}
	if got, want := call(nil), "berth solve --format json --solver auto --seed 3 --threads 1 instance.json"; got != want {
		t.Errorf("called as %q, want %q", got, want)
	}
	if got := call(map[string]string{"solver": "lp"}); !strings.Contains(got, "--solver lp ") {
		t.Errorf("called as %q", got)
	}
	if got := call(map[string]string{"solver": ""}); strings.Contains(got, "--solver") {
		t.Errorf("called as %q", got)
	}
	job.Options = map[string]string{"colour": "red"}
	if _, err := a.Prepare(job); err == nil || err.Error() != "adapter berth: there is no option colour; it has solver" {
		t.Errorf("error %v", err)
	}
}

// What is too large for an encoding is refused before it is made.
func TestTooLarge(t *testing.T) {
	in := families.Instance(t, "tasks", 1, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks = 2000, 20000
	})
	p := compiled.Instance(t, in)
	dir := t.TempDir()
	if _, err := shippedAdapter(t, "cbc").Prepare(Job{Problem: p, Instance: in, Dir: dir, Program: "cbc"}); !errors.Is(err, ErrTooLarge) {
		t.Errorf("error %v, want one that wraps ErrTooLarge", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("the folder holds %v, %v", left, err)
	}
}

func TestQuote(t *testing.T) {
	for word, want := range map[string]string{
		"plain-1.2": "plain-1.2", "": "''", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'", "*": "'*'",
	} {
		if got := quote(word); got != want {
			t.Errorf("%q is quoted %s, want %s", word, got, want)
		}
	}
}
