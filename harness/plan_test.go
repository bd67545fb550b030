package harness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const head = "format: berth/v1\nkind: sweep\n"

func TestReadPlan(t *testing.T) {
	p, err := ReadPlan([]byte(head+`
instances:
  - {files: [a/*, b/**], exclude: "*.md", group: g}
  - {generate: tasks, with: {nodes: 4}, seeds: [2, 5]}
methods:
  - auto
  - {name: old, adapter: berth, options: {solver: lp}, seeds: 1-2, optional: true}
seeds: 3
limits: [{time: 1m}, {work: 2G, memory: 1Gi, gap: 1%, threads: 2}]
exclude: {methods: old, groups: [g]}
`), "plans/p.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if got := p.Out; got != "plans/p.runs" {
		t.Errorf("out is %s", got)
	}
	if len(p.Seeds) != 3 || p.Seeds[2] != 3 || len(p.Instances[1].Seeds) != 2 || p.Instances[1].Seeds[1] != 5 || len(p.Methods[1].Seeds) != 2 {
		t.Errorf("seeds are %v, %v and %v", p.Seeds, p.Instances[1].Seeds, p.Methods[1].Seeds)
	}
	if l := p.Limits[0]; time.Duration(l.Time) != time.Minute || l.Threads != 1 {
		t.Errorf("the first limits are %+v", l)
	}
	if l := p.Limits[1]; l.Time != 0 || l.Work != 2_000_000_000 || l.Memory != 1<<30 || l.Gap != "1%" || l.Threads != 2 {
		t.Errorf("the second limits are %+v", l)
	}
	if p.Methods[0].Name != "auto" || p.Methods[1].Options["solver"] != "lp" || !p.Methods[1].Optional {
		t.Errorf("the methods are %+v", p.Methods)
	}
	if p.Exclude[0].Methods[0] != "old" || p.Instances[0].Exclude[0] != "*.md" {
		t.Errorf("exclude is %+v, %v", p.Exclude, p.Instances[0].Exclude)
	}
}

func TestBadPlans(t *testing.T) {
	const some = "instances: [{files: a}]\nmethods: [auto]\n"
	for name, c := range map[string]struct{ text, want string }{
		"empty":                {"", "found an empty file"},
		"two documents":        {head + some + "---\na: 1\n", "found a second YAML document"},
		"another kind":         {"format: berth/v1\nkind: placement\n", `p.yaml:2:7: kind: found "placement"; want sweep`},
		"unknown field":        {head + some + "solvers: [lp]\n", `p.yaml:5:1: found the field "solvers"`},
		"unknown nested field": {head + "instances: [{files: a, fyles: b}]\nmethods: [auto]\n", `p.yaml:3:24: instances[0]: found the field "fyles"`},
		"unknown method field": {head + "instances: [{files: a}]\nmethods: [{name: auto, seed: 3}]\n", `p.yaml:4:24: methods[0]: found the field "seed"`},
		"no instances":         {head + "methods: [auto]\n", "instances: there are none"},
		"generated, but read":  {head + "instances: [{generate: tasks, processors: 2}]\nmethods: [auto]\n", "processors and platform go with files"},
		"no processors":        {head + "instances: [{files: a, processors: 0}]\nmethods: [auto]\n", `p.yaml:3:36: instances[0].processors: found "0"; want how many`},
		"no methods":           {head + "instances: [{files: a}]\n", "methods: there are none"},
		"files and generate":   {head + "instances: [{files: a, generate: tasks}]\nmethods: [auto]\n", "either files or generate"},
		"unknown family":       {head + "instances: [{generate: cats}]\nmethods: [auto]\n", `unknown family "cats"`},
		"unknown setting":      {head + "instances: [{generate: tasks, with: {cats: 3}}]\nmethods: [auto]\n", `no setting "cats"`},
		"twice the same name":  {head + "instances: [{files: a}]\nmethods: [lp, lp]\n", `two methods called "lp"`},
		"exclude nothing":      {head + some + "exclude: [{}]\n", "exclude[0]: it names nothing"},
		"exclude nobody":       {head + some + "exclude: [{methods: lp}]\n", `no method "lp"`},
		"no time":              {head + some + "limits: {time: 60}\n", `limits.time: found "60"; want a time above 0 with its unit`},
		"negative time":        {head + some + "limits: {time: -1s}\n", `p.yaml:5:16: limits.time: found "-1s"`},
		"half a byte":          {head + some + "limits: {memory: 500m}\n", `limits.memory: found "500m"; want a whole number`},
		"no gap":               {head + some + "limits: {gap: wide}\n", `gap: "wide"`},
		"no seeds":             {head + some + "seeds: 0\n", `p.yaml:5:8: seeds: found "0"; want how many`},
		"seeds backwards":      {head + some + "seeds: 6-4\n", `p.yaml:5:8: seeds: found "6-4"; want how many`},
		"a seed twice":         {head + some + "seeds: [1, 1]\n", `seeds[1]: found seed 1 a second time`},
		"negative jobs":        {head + some + "jobs: -1\n", `p.yaml:5:7: jobs: found "-1"`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadPlan([]byte(c.text), "p.yaml")
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "p.yaml:") {
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

func FuzzReadPlan(f *testing.F) {
	f.Add([]byte(head + "instances: [{files: a}]\nmethods: [auto]\nseeds: 3\nlimits: {time: 1s}\n"))
	f.Add([]byte(head + "instances:\n- generate: tasks\n  with: {nodes: 3}\nmethods: [{name: x, options: {a: b}}]\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadPlan(data, "p.yaml")
		if err == nil && (len(p.Methods) == 0 || len(p.Seeds) == 0 || len(p.Limits) == 0) {
			t.Error("a plan without runs was read")
		}
	})
}

// TestProgramsBesideThePlan: a method of one's own is found beside the plan, whatever the folder
// that its runs are in, and one that cannot be run ends the sweep before it begins.
func TestProgramsBesideThePlan(t *testing.T) {
	folder := t.TempDir()
	t.Chdir(folder)
	for name, mode := range map[string]os.FileMode{"mine.py": 0o755, "text.py": 0o644} {
		if err := os.WriteFile(name, []byte("#!/bin/sh\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	some := "format: berth/v1\nkind: adapter\nname: some\nshort: some\nprogram: some\nencoding: berth\ncommand: [\"{program}\", \"{instance}\"]\nanswer: [{format: berth}]\n"
	if err := os.WriteFile("some.yaml", []byte(some), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ program, want string }{
		{"./mine.py", ""},
		{"mine.py", ""},
		{"text.py", "program: text.py cannot be run"},
		{"none.py", "program: none.py cannot be run"},
	} {
		p, err := ReadPlan([]byte(head+"instances: [{files: a}]\nmethods: [{name: mine, adapter: some, program: "+c.program+"}]\nadapters: [some.yaml]\n"), "plan.yaml")
		if err != nil {
			t.Fatal(err)
		}
		methods, _, err := p.methods(t.Context())
		switch {
		case c.want != "":
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s: %v, want %q", c.program, err, c.want)
			}
		case err != nil:
			t.Errorf("%s: %v", c.program, err)
		case methods[0].program != filepath.Join(folder, "mine.py"):
			t.Errorf("%s is taken for %s", c.program, methods[0].program)
		}
	}
}
