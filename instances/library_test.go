package instances_test

import (
	"os"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// Every instance of the library reads and compiles, and has the known optimum
// wherever trying everything is possible.
func TestLibrary(t *testing.T) {
	proven, infeasible := 0, 0
	for _, e := range instances.Library() {
		t.Run(e.Name, func(t *testing.T) {
			in, err := instances.Read(e.Data, e.Name+".yaml", instances.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if in.Name != e.Name {
				t.Errorf("the instance is called %q", in.Name)
			}
			p, err := model.Compile(in)
			if err != nil {
				t.Fatal(err)
			}
			if p.Workflow != nil {
				schedule, makespan, ok := bruteforce.Schedule(p)
				if !ok || schedule == nil || e.Status != "optimal" || e.Value != p.Format(makespan) {
					t.Errorf("the optimum is %s, the table has %s %q", p.Format(makespan), e.Status, e.Value)
				}
				return
			}
			placement, cost, ok := bruteforce.SolveEverywhere(p)
			if !ok {
				placement, cost, ok = bruteforce.Solve(p)
			}
			switch {
			case !ok:
				if e.Source == "exhaustive search" {
					t.Error("too large for brute force, which is its source")
				}
				return
			case placement == nil:
				infeasible++
				if e.Status != "infeasible" || e.Value != "" {
					t.Errorf("infeasible, the table has %s %q", e.Status, e.Value)
				}
			case e.Status != "optimal" || e.Value != p.Format(cost):
				t.Errorf("the optimum is %s, the table has %s %q", p.Format(cost), e.Status, e.Value)
			}
			proven++
		})
	}
	if proven < 10 || infeasible == 0 {
		t.Errorf("%d instances proven, %d of them infeasible; want 10 and 1 or more", proven, infeasible)
	}
}

func TestLibraryIsComplete(t *testing.T) {
	listed := map[string]bool{"optima.tsv": true}
	for _, e := range instances.Library() {
		listed[e.Name+".yaml"] = true
		if !strings.HasPrefix(string(e.Data), "# ") {
			t.Errorf("%s does not open with its story", e.Name)
		}
		if e.Source == "" {
			t.Errorf("%s: the table does not say how its value was proven", e.Name)
		}
	}
	files, err := os.ReadDir("library")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !listed[f.Name()] {
			t.Errorf("library/%s is not in optima.tsv", f.Name())
		}
	}
	if len(listed) != len(files) {
		t.Errorf("optima.tsv lists %d files, there are %d", len(listed), len(files))
	}
}
