package harness

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// files writes files into a folder and returns it.
func files(t *testing.T, texts map[string]string) string {
	folder := t.TempDir()
	for name, text := range texts {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}

// TestProcessors: a task graph is an instance for each number of processors, and what is
// published of the one is not taken for the other.
func TestProcessors(t *testing.T) {
	folder := files(t, map[string]string{
		"g.stg":    "2\n0 0 0\n1 4 1 0\n2 5 1 0\n3 0 2 1 2\n",
		"best.tsv": "name\tvalue\tstatus\tsource\tprocessors\ng.stg\t9\toptimal\thand\t1\ng.stg\t5\toptimal\thand\t2\n",
	})
	plan, err := ReadPlan([]byte(head+"instances: [{files: g.stg, processors: 1}, {files: g.stg, processors: 2}]\nmethods: [auto]\n"),
		filepath.Join(folder, "p.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := plan.problems(t.TempDir())
	if err != nil || len(all) != 2 {
		t.Fatalf("%d instances: %v", len(all), err)
	}
	for k, want := range []struct{ name, value, flag string }{{"g@1", "9", "1"}, {"g@2", "5", "2"}} {
		p := all[k]
		if p.Name != want.name || p.known == nil || string(p.known.Value) != want.value || !slices.Equal(p.flags(), []string{"--processors", want.flag}) {
			t.Errorf("instance %s with flags %q, published %+v; want %+v", p.Name, p.flags(), p.known, want)
		}
	}
}

// TestPlatform: a trace runs on the platform that the entry names, found from the plan's
// folder, and a run finds it from another one.
func TestPlatform(t *testing.T) {
	folder := files(t, map[string]string{
		"trace.json": `{"name": "w", "schemaVersion": "1.5", "workflow": {
			"specification": {"tasks": [{"name": "a", "id": "a", "parents": [], "children": []}]},
			"execution": {"makespanInSeconds": 1, "executedAt": "2026-01-01", "tasks": [{"id": "a", "runtimeInSeconds": 3}]}}}`,
		"two.yaml": "format: berth/v1\nkind: workflow\nname: two\nnodes: [{name: n1}, {name: n2}]\ntasks: [{name: t, work: 1}]\n",
	})
	plan, err := ReadPlan([]byte(head+"instances: {files: trace.json, platform: two.yaml}\nmethods: [auto]\n"), filepath.Join(folder, "p.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	all, _, err := plan.problems(t.TempDir())
	if err != nil || len(all) != 1 {
		t.Fatalf("%d instances: %v", len(all), err)
	}
	flags := all[0].flags()
	if all[0].Nodes != 2 || len(flags) != 2 || flags[0] != "--platform" || !filepath.IsAbs(flags[1]) {
		t.Errorf("%d nodes, read with %q", all[0].Nodes, flags)
	}
}
