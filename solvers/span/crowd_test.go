package span

import (
	"context"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// bounded is what Method says of a workflow.
func bounded(t *testing.T, p *model.Problem) int64 {
	t.Helper()
	r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r.Bound
}

// TestTogether: what comes before a join does not fit into the time that its work over all
// nodes would take.
func TestTogether(t *testing.T) {
	const nodes = "format: berth/v1\nkind: workflow\nnodes: [{name: a, speed: 2}, {name: b}]\nnetwork: {default: {latency: 0.001}}\n"
	for _, c := range []struct{ name, tasks, edges, want string }{
		{"two long tasks share the quick node", "[{name: r, work: 20}, {name: s, work: 20}, {name: t, work: 2}]", "[{from: r, to: t}, {from: s, to: t}]", "21"},
		{"work is cut where tasks are many, and one result takes a message", "[{name: q, work: 12}, {name: r, work: 12}, {name: s, work: 12}, {name: t, work: 2}]", "[{from: q, to: t}, {from: r, to: t}, {from: s, to: t}]", "13.001"},
		{"and what waits for the first", "[{name: f, work: 2}, {name: r, work: 20}, {name: s, work: 20}]", "[{from: f, to: r}, {from: f, to: s}]", "21"},
	} {
		p := compiled.Document(t, nodes+"tasks: "+c.tasks+"\ndependencies: "+c.edges+"\n")
		if got := p.Format(bounded(t, p)); got != c.want {
			t.Errorf("%s: the bound is %s, want %s", c.name, got, c.want)
		}
	}
}

// TestTogetherHolds compares with trying everything, on workflows that fork and join.
func TestTogetherHolds(t *testing.T) {
	tight, tried := 0, 0
	for _, family := range []string{"forkjoin", "layered", "tree", "gauss"} {
		for seed := range uint64(24) {
			in, err := instances.Generate(instances.Spec{Family: family, Nodes: 2 + int(seed%2), Tasks: 6, CCR: 1 + int(seed%3)*30, Machines: int(seed % 3)}, seed)
			if err != nil {
				t.Fatal(err)
			}
			p, err := model.Compile(in)
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Workflow.Tasks) > 7 {
				continue
			}
			best, makespan, ok := bruteforce.Schedule(p)
			if !ok || best == nil {
				continue
			}
			tried++
			bound := bounded(t, p)
			if bound > makespan {
				t.Fatalf("%s, seed %d: bound %d, the optimum is %d", family, seed, bound, makespan)
			}
			if 100*bound >= 95*makespan {
				tight++
			}
		}
	}
	t.Logf("within 5 %% in %d of %d", tight, tried)
	if tried < 40 || 2*tight < tried {
		t.Errorf("within 5 %% in %d of %d only", tight, tried)
	}
}
