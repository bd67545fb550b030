package instances_test

import (
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/heuristics/schedule"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
	"berth/search"
)

const (
	// A task, two that need it, and one that needs these, between two of no length.
	stgOne = "4\n0 0 0\n1 2 1 0\n2 3 1 1\n3 4 1 1\n4 1 2 2 3\n5 0 1 4\n# made up\n"
	// The same with delays.
	aucklandOne = "digraph \"fork_Homogeneous-2\" {\n1 -> 2 [Weight=1];\n0 [Weight=2];\n0 -> 1 [Weight=5];\n1 [Weight=3];\n" +
		"0 -> 3 [Weight=1]; 3 [Weight=4, Start=2];\n3 -> 2 [Weight=9];\n2 [Weight=1];\n}\n"
	heteroOne = "#critical\n0\n#tasks\n0: 2, 4\n1: 3, 1.5 \n2: 4, 4\n#edges\n0: 0, 1, 0.5\n1: 0, 2, 3\n#end"
	wfOne     = `{"name": "w", "schemaVersion": "1.5", "workflow": {
 "specification": {
  "tasks": [{"name": "a", "id": "a1", "parents": [], "children": ["b1"], "inputFiles": [], "outputFiles": ["f", "g"]},
            {"name": "b", "id": "b1", "parents": ["a1"], "children": [], "inputFiles": ["f", "h"], "outputFiles": []},
            {"name": "c", "id": "c1", "parents": ["a1"], "children": []}],
  "files": [{"id": "f", "sizeInBytes": 3000}, {"id": "g", "sizeInBytes": 5}, {"id": "h", "sizeInBytes": 7}]},
 "execution": {"tasks": [{"id": "a1", "runtimeInSeconds": 2.0000001}, {"id": "b1", "runtimeInSeconds": 4e0, "memoryInBytes": 10},
  {"id": "c1", "runtimeInSeconds": 1}]}}}`
)

// platform is what traces run on in these tests.
func platform(t testing.TB) *model.Instance {
	t.Helper()
	in, err := model.Read([]byte("format: berth/v1\nkind: workflow\nname: two\nnodes: [{name: slow, capacity: {memory: 5}}, {name: quick, speed: 2, capacity: {memory: 20}}]\n"+
		"tasks: []\nnetwork: {default: {latency: 0.5, bandwidth: 1k}}\n"), "platform.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestReadGraphs(t *testing.T) {
	for _, row := range []struct {
		format, file, text, name, want string
		opts                           instances.Options
	}{
		{"stg", "rand.stg", stgOne, "rand@2", "7", instances.Options{Processors: 2}},
		{"stg", "last.stg", "2\n0 5 0\n1 2 1 3\n2 3 1 1\n3 0 1 0\n", "last@2", "10", instances.Options{Processors: 2}}, // what comes last is not the sink
		{"stg", "rand.txt", stgOne, "rand@1", "10", instances.Options{Processors: 1}},
		{"auckland", "fork.dot", aucklandOne, "fork", "8", instances.Options{}},
		{"auckland", "fork.dot", aucklandOne, "fork", "10", instances.Options{Processors: 1}},
		{"auckland", "on_Homogeneous-1/a_Homogeneous-2.dot", "# two\n/* of\nthem */ digraph { a [Weight=2] // [Weight=3]\nb [Weight=2] }", "a_Homogeneous-2", "2", instances.Options{}},
		{"auckland", "looks.dot", "Digraph g {\n rankdir=LR; graph [label=\"\"] node [shape=box, style=\"a \\\"b\\\"\"][color=red];\nEDGE [arrowhead=\"->\"]\n" +
			"\"node\" [Weight=\"2\", label=\"\"]; b [label=\"]\\\\\"][Weight=3] \"node\" -> b [Weight=1, label=\"\"] }", "looks", "5", instances.Options{Processors: 1}},
		{"hetero", "h.dag", heteroOne, "h", "6", instances.Options{}},
		{"wfformat", "w.json", wfOne, "w on two", "3.000001", instances.Options{Platform: platform(t)}},
	} {
		for _, from := range []string{"", row.format} {
			row.opts.From = from
			in, err := instances.Read([]byte(row.text), row.file, row.opts)
			if err != nil {
				t.Errorf("%s from %q: %v", row.file, from, err)
				continue
			}
			if err := in.Check(); err != nil {
				t.Errorf("%s: %v", row.file, err)
			}
			p := compileWorkflow(t, in)
			if _, makespan, ok := bruteforce.Schedule(p); !ok || in.Name != row.name || p.Format(makespan) != row.want {
				t.Errorf("%s: %q takes %s, want %q and %s", row.file, in.Name, p.Format(makespan), row.name, row.want)
			}
		}
	}
}

func compileWorkflow(t testing.TB, in *model.Instance) *model.Problem {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatalf("%s: %v", in.Name, err)
	}
	if p.Workflow == nil {
		t.Fatalf("%s is no workflow", in.Name)
	}
	return p
}

func TestReadGraphsRefuses(t *testing.T) {
	two := instances.Options{Processors: 2}
	for _, row := range []struct {
		name, text string
		opts       instances.Options
		want       []string
	}{
		{"stg", stgOne, instances.Options{}, []string{"stg:", "--processors"}},
		{"stg", "1\n0 0 0\n1 2 1 0\n", two, []string{"stg:4:", "2 rows", "3"}},
		{"stg", "1\n0 0 0\n1 2 1 0\n2 0 1 1\n7 7", two, []string{"stg:5:1", "a row too many"}},
		{"stg", "1\n0 0 0\n1 2 9 0\n2 0 1 1\n", two, []string{"stg:3:1", "ends in"}},
		{"stg", "1\n0 0 0\n0 2 1 0\n2 0 1 1\n", two, []string{"stg:3:1", "task 0 a second time"}},
		{"stg", "1\n0 0 0\n1 2 1 5\n2 0 1 1\n", two, []string{"stg:3:7", "task 5"}},
		{"stg", "2\n0 0 0\n1 2 1 2\n2 2 1 1\n3 0 1 1\n", two, []string{"stg:3:7", "circle"}},
		{"stg", "1\n0 0 0\n1 2 1 0\n2 0 2 1 9\n", two, []string{"stg:4:9", "task 9"}},
		{"stg", "2\n0 0 0\n1 2 1 0\n2 2 2 1 1\n3 0 1 1\n", two, []string{"stg:4:9", "a second dependency"}},
		{"auckland", strings.ReplaceAll(aucklandOne, "Homogeneous", "Hetero"), instances.Options{}, []string{"--processors"}},
		{"auckland", "graph {}", two, []string{"auckland:1:1", "digraph"}},
		{"auckland", "digraph {\n0 [Weight=2]", two, []string{"auckland:2:13", "the end of the file"}},
		{"auckland", "digraph {\n0 [Weight=-2]; }", two, []string{"auckland:2:11", "a number from 0"}},
		{"auckland", "digraph {\n0 [Time=2]; }", two, []string{"auckland:2:10", "Weight"}},
		{"auckland", "digraph {\n// 0\nnode [Weight=2];\n0 -> 1 [Weight=2]; }", two, []string{"auckland:3:1", `"node"`, "each have their Weight"}},
		{"auckland", "digraph { a [Weight=1]; \n edge [color=red, Weight=2]; }", two, []string{"auckland:2:2", `"edge"`, "each have their Weight"}},
		{"auckland", "digraph { a [Weight=1];\nsubgraph x {} }", two, []string{"auckland:2:1", "without graphs in it"}},
		{"auckland", "digraph { a [Weight=] }", two, []string{"auckland:1:21", "the value of an attribute"}},
		{"auckland", "digraph { a [Weight=1]; a -> \"\" [Weight=2] }", two, []string{"auckland:1:25", "dependencies[0].to"}},
		{"auckland", "digraph {\n/* 0\n*/ 1 [Weight=2];\n//2 [Weight=2];\n# 3 [Weight=3]\n1 -> 2 [Weight=2]; }", two, []string{"auckland:6:1", "dependencies[0].to", `"2"`}},
		{"auckland", "digraph {\n0 [Weight=2]; /* }", two, []string{"auckland:2:19", "the end of the file"}},
		{"auckland", "digraph {\n0 [Weight=2];\n0 -> 1 [Weight=2]; }", two, []string{"auckland:3:1", "dependencies[0].to", `"1"`}},
		{"auckland", "digraph {\n0 [Weight=2]; 1 [Weight=2];\n0 -> 1 [Weight=2];\n 1 -> 0 [Weight=2]; }", two, []string{"auckland:4:2", "circle"}},
		{"auckland", "digraph {\n0 [Weight=2]; 0 [Weight=2]; }", two, []string{"auckland:2:15", "every task once"}},
		{"hetero", "#tasks\n0: 1, 2\n1: 3\n#edges\n#end", instances.Options{}, []string{"hetero:3:1", "1 time", "2, one"}},
		{"hetero", "#tasks\n0: 1, x\n#edges\n#end", instances.Options{}, []string{"hetero:2:1", `"x"`}},
		{"hetero", "#tasks\n0: 1, 2\n#edges\n0: 0, 1\n#end", instances.Options{}, []string{"hetero:4:1", "three"}},
		{"hetero", "#tasks\n0: 1, 2\n0 : 2, 3\n#edges\n#end", instances.Options{}, []string{"hetero:3:1", `"t0" a second time`}},
		{"hetero", "#tasks\n0: 1, 2\n#edges\n0: 0, 7, 1\n#end", instances.Options{}, []string{"hetero:4:1", `"t7"`}},
		{"hetero", "#tasks\n0: 1, 2\n#edges\n", instances.Options{}, []string{"not whole"}},
		{"hetero", "#tasks\n0: 1\n#edges\n#end", two, []string{"only stg and auckland"}},
		{"wfformat", wfOne, instances.Options{}, []string{"wfformat:", "--platform"}},
		{"wfformat", strings.Replace(wfOne, "1.5", "1.4", 1), instances.Options{Platform: platform(t)}, []string{"1.4", "1.5"}},
		{"wfformat", strings.Replace(wfOne, `"id": "c1", "runtimeInSeconds": 1`, `"id": "c1"`, 1), instances.Options{Platform: platform(t)}, []string{"tasks[2]", "runtimeInSeconds"}},
		{"wfformat", strings.Replace(wfOne, `"id": "c1", "runtimeInSeconds"`, `"id": "b1", "runtimeInSeconds"`, 1), instances.Options{Platform: platform(t)}, []string{"tasks[2]", `"b1" was run before`}},
		{"wfformat", strings.Replace(wfOne, `"parents": ["a1"], "children": []}]`, `"parents": ["x"], "children": []}]`, 1), instances.Options{Platform: platform(t)}, []string{"tasks[2]", `"x", its parent`}},
		{"wfformat", strings.Replace(wfOne, `"children": ["b1"]`, `"children": ["y"]`, 1), instances.Options{Platform: platform(t)}, []string{"tasks[0]", `"y", its child`}},
		{"wfformat", strings.Replace(wfOne, `"id": "b1"`, `"id": "a1"`, 1), instances.Options{Platform: platform(t)}, []string{"specification.tasks[1]", `"a1" a second time`}},
		{"wfformat", strings.Replace(wfOne, `{"id": "f"`, `{"id": "g"`, 1), instances.Options{Platform: platform(t)}, []string{"specification.files[1]", `"g" a second time`}},
		{"wfformat", strings.Replace(wfOne, `{"id": "f"`, `{"id": "e"`, 1), instances.Options{Platform: platform(t)}, []string{"specification.tasks[0]", `no file "f"`, `from "a1" to "b1"`}},
		{"wfformat", strings.Replace(wfOne, `, "sizeInBytes": 3000`, ``, 1), instances.Options{Platform: platform(t)}, []string{"specification.files[0]", "no sizeInBytes"}},
		{"wfformat", strings.Replace(wfOne, `"sizeInBytes": 3000`, `"sizeInBytes": 9223372036854775808`, 1), instances.Options{Platform: platform(t)}, []string{"specification.files[0]", "out of range"}},
		{"wfformat", strings.Replace(wfOne, `"sizeInBytes": 3000`, `"sizeInBytes": -1`, 1), instances.Options{Platform: platform(t)}, []string{"specification.files[0]", "is -1", "from 0"}},
		{"wfformat", strings.NewReplacer(`"sizeInBytes": 3000`, `"sizeInBytes": 9223372036854775807`, `"inputFiles": ["f", "h"]`, `"inputFiles": ["f", "g"]`).Replace(wfOne), instances.Options{Platform: platform(t)}, []string{"specification.tasks[0]", "64 bits"}},
		{"wfformat", strings.Replace(wfOne, `"files": [`, `"files": [{"id": "f", "sizeInBytes": 1}, `, 1), instances.Options{Platform: platform(t)}, []string{"specification.files[1]", `"f" a second time`}},
		{"wfformat", strings.Replace(wfOne, "2.0000001", "1e999999999", 1), instances.Options{Platform: platform(t)}, []string{"tasks[0]", "runtimeInSeconds is 1e9"}},
		{"wfformat", `{"schemaVersion": "1.5", "workflow": ` + strings.Repeat(`{"a":`, 9000), instances.Options{Platform: platform(t)}, []string{".a.a…: found the end of the file"}},
		{"wfformat", `{"schemaVersion": "1.5", "workflow": {"execution": {"tasks": [{"id": 5}]}}}`, instances.Options{Platform: platform(t)}, []string{"wfformat:1:70: workflow.execution.tasks[0].id", "a number", "a trace in WfFormat"}},
	} {
		row.opts.From = row.name
		_, err := instances.Read([]byte(row.text), row.name, row.opts)
		if err == nil {
			t.Errorf("%s: accepted %s", row.name, row.text)
			continue
		}
		for _, want := range row.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v; want %q in it", row.name, err, want)
			}
		}
	}
}

func FuzzGraphs(f *testing.F) {
	for k, seed := range []string{stgOne, aucklandOne, heteroOne, wfOne} {
		f.Add([]byte(seed), uint8(k))
	}
	formats := []string{"stg", "auckland", "hetero", "wfformat"}
	on := platform(f)
	f.Fuzz(func(t *testing.T, data []byte, k uint8) {
		opts := instances.Options{From: formats[int(k)%len(formats)]}
		if opts.From == "wfformat" {
			opts.Platform = on
		} else if opts.From != "hetero" {
			opts.Processors = 3
		}
		in, err := instances.Read(data, "fuzz", opts)
		if err != nil {
			return
		}
		if err := in.Check(); err != nil {
			t.Fatalf("accepted an instance that is not valid: %v", err)
		}
		if len(in.Nodes)+len(in.Tasks)+len(in.Dependencies) > len(data)+3 {
			t.Fatalf("%d tasks from %d bytes", len(in.Tasks), len(data))
		}
		if _, err := model.Compile(in); err != nil && !strings.Contains(err.Error(), "64 bits") {
			t.Fatal(err)
		}
	})
}

// TestPublishedWorkflows reads the public sets: what is known of each lies between the
// simple bound and what a list scheduler finds, and trying everything proves the
// smallest.
func TestPublishedWorkflows(t *testing.T) {
	root := "../../shared/instances/dag"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the public instances are not here: ", err)
	}
	proven := 0
	for _, set := range []string{"stg", "auckland", "hetero"} {
		for k, row := range table(t, filepath.Join(root, set, "best.tsv")) {
			if set != "hetero" && k%20 != 0 || row[1] == "" {
				continue
			}
			opts := instances.Options{From: set}
			if set == "stg" {
				opts.Processors, _ = strconv.Atoi(row[4])
			}
			data, err := os.ReadFile(filepath.Join(root, set, row[0]))
			if err != nil {
				t.Fatal(err)
			}
			in, err := instances.Read(data, row[0], opts)
			if err != nil {
				t.Fatal(err)
			}
			p := compileWorkflow(t, in)
			known, err := model.ParseDecimal(row[1])
			if err != nil {
				t.Fatal(err)
			}
			r, err := search.Run(context.Background(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			value := float64(known) / float64(model.DecimalOne)
			if p.Value(p.TrivialBound()) > value || row[2] == "optimal" && p.Value(r.Cost) < value {
				t.Errorf("%s: %s is said to be %s, but the bound is %s and heft finds %s",
					row[0], row[1], row[2], p.Format(p.TrivialBound()), p.Format(r.Cost))
			}
			if len(p.Workflow.Tasks) > 8 {
				continue
			}
			if _, makespan, ok := bruteforce.Schedule(p); ok {
				proven++
				if p.Format(makespan) != row[1] {
					t.Errorf("%s: the optimum is %s, the table has %s", row[0], p.Format(makespan), row[1])
				}
			}
		}
	}
	if proven == 0 {
		t.Error("none was proven")
	}
	t.Logf("%d proven", proven)
}

func table(t *testing.T, file string) [][]string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.Comma, r.LazyQuotes, r.FieldsPerRecord = '\t', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows[1:]
}

// TestShippedPlatforms reads a trace on each of the platforms that are shipped.
func TestShippedPlatforms(t *testing.T) {
	for name, nodes := range map[string]int{"four": 4, "sixteen": 16, "sixty-four": 64} {
		file := "../examples/platforms/" + name + ".yaml"
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		on, err := model.Read(data, file)
		if err != nil {
			t.Fatal(err)
		}
		in, err := instances.Read([]byte(wfOne), "trace.json", instances.Options{Platform: on})
		if err != nil {
			t.Fatal(err)
		}
		if w := compileWorkflow(t, in).Workflow; w.Nodes != nodes {
			t.Errorf("%s has %d nodes", name, w.Nodes)
		}
	}
}

// TestPublishedTraces reads the traces that are there.
func TestPublishedTraces(t *testing.T) {
	root := "../../shared/instances/dag/wfcommons"
	if _, err := os.Stat(root); err != nil {
		t.Skip("the public instances are not here: ", err)
	}
	read := 0
	on := platform(t)
	on.Nodes[0].Capacity, on.Nodes[1].Capacity = nil, nil
	err := filepath.WalkDir(root, func(path string, d os.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".json" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		in, err := instances.Read(data, path, instances.Options{Platform: on})
		if err != nil {
			return err
		}
		compileWorkflow(t, in)
		read++
		return nil
	})
	if err != nil || read < 30 {
		t.Errorf("%d traces read: %v", read, err)
	}
}

// TestGenerateWorkflows: every family keeps to its settings, and what it makes has a
// schedule.
func TestGenerateWorkflows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var families []string
		for _, f := range instances.Families() {
			if f.Workflow {
				families = append(families, f.Name)
			}
		}
		s := instances.Spec{
			Family: rapid.SampledFrom(families).Draw(t, "family"), Nodes: rapid.IntRange(1, 4).Draw(t, "nodes"),
			Tasks: rapid.IntRange(1, 60).Draw(t, "tasks"), CCR: rapid.IntRange(0, 1000).Draw(t, "ccr"),
			Machines: rapid.IntRange(0, 2).Draw(t, "machines"),
		}
		in, err := instances.Generate(s, rapid.Uint64().Draw(t, "seed"))
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		if len(in.Tasks) == 0 || len(in.Tasks) > s.Tasks {
			t.Fatalf("%s: %d tasks for %d", s.Family, len(in.Tasks), s.Tasks)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := search.Run(context.Background(), p, schedule.HEFT, search.Limits{}, 1, 1, nil)
		if err != nil || r.Schedule == nil {
			t.Fatalf("no schedule: %v", err)
		}
	})
}

// TestShapes counts what the regular families are made of.
func TestShapes(t *testing.T) {
	for _, row := range []struct {
		family      string
		most        int
		tasks, deps int
	}{
		{"fft", 39, 39, 14 + 8*3*2 - 0}, // m = 8: 15 calls, 3 rows of 8
		{"fft", 38, 15, 6 + 4*2*2},      // m = 4
		{"gauss", 14, 14, 4 + 3 + 2 + 1 + 3 + 6},
		{"cholesky", 20, 20, 30},
		{"stencil", 16, 16, 3 * (2 + 3 + 3 + 2)},
	} {
		in, err := instances.Generate(instances.Spec{Family: row.family, Nodes: 2, Tasks: row.most}, 1)
		if err != nil {
			t.Fatal(err)
		}
		if len(in.Tasks) != row.tasks || len(in.Dependencies) != row.deps {
			t.Errorf("%s of %d: %d tasks and %d dependencies, want %d and %d", row.family, row.most, len(in.Tasks), len(in.Dependencies), row.tasks, row.deps)
		}
	}
}
