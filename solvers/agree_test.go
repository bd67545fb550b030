package solvers_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/solvers"
	"berth/solvers/relax"
)

// Every method of the registry against brute force on small instances over every
// feature: exact ones prove the optimum or that there is none, no bound passes
// it, nothing beats it. The board judges every placement.
func TestMethodsAgreeWithBruteForce(t *testing.T) {
	feasible, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		in := instances.Mixed(rapid.Uint64().Draw(t, "seed"), rapid.IntRange(2, 7).Draw(t, "replicas"), rapid.IntRange(1, 4).Draw(t, "nodes"))
		p := compiled.Instance(t, in)
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Skip("too large for brute force")
		}
		all++
		if best != nil {
			feasible++
		}
		for _, m := range solvers.All() {
			check(t, p, m, best, cost)
		}
	})
	t.Logf("%d of %d instances were feasible", feasible, all)
	if feasible == 0 || feasible == all {
		t.Errorf("%d of %d instances were feasible: the test sees one side only", feasible, all)
	}
}

func check(t *rapid.T, p *model.Problem, m *search.Method, best model.Placement, cost int64) {
	if m.Lacks(p) != 0 {
		return
	}
	limits := search.Limits{Work: 20_000_000}
	if m.Proves {
		limits = search.Limits{Deadline: time.Now().Add(30 * time.Second)}
	}
	r, err := search.Run(context.Background(), p, m, limits, 1, 2, nil)
	if errors.Is(err, search.ErrTooLarge) {
		return
	}
	if err != nil {
		t.Fatalf("%s: %v", m.Name, err)
	}
	switch {
	case best == nil && r.Placement != nil:
		t.Fatalf("%s found a placement where there is none", m.Name)
	case best == nil && m.Proves && r.Status != model.Infeasible:
		t.Fatalf("%s ends %s where nothing is feasible", m.Name, r.Status)
	case best != nil && r.Status == model.Infeasible:
		t.Fatalf("%s calls infeasible what costs %s", m.Name, p.Format(cost))
	case best != nil && r.Placement != nil && r.Cost < cost:
		t.Fatalf("%s beats the optimum", m.Name)
	case best != nil && r.Bound > cost:
		t.Fatalf("%s claims the bound %s above the optimum %s", m.Name, p.Format(r.Bound), p.Format(cost))
	case best != nil && m.Proves && (r.Status != model.Optimal || r.Cost != cost):
		t.Fatalf("%s ends %s at %s, the optimum is %s", m.Name, r.Status, p.Format(r.Cost), p.Format(cost))
	}
}

// Where there is nothing to place or to run, no method fails, and those that prove say so.
func TestNothingToDo(t *testing.T) {
	for _, kind := range []string{"placement", "workflow"} {
		p := compiled.Document(t, "format: berth/v1\nkind: "+kind+"\nnodes: [{name: n1}, {name: n2}]\ntasks: []\n")
		for _, m := range solvers.All() {
			if m.Lacks(p) != 0 {
				continue
			}
			r, err := search.Run(t.Context(), p, m, search.Limits{Work: 1_000_000}, 1, 2, nil)
			if err != nil || m.Proves && (r.Status != model.Optimal || r.Cost != 0) {
				t.Errorf("%s on an empty %s: %+v, %v", m.Name, kind, r, err)
			}
		}
	}
}

// A limit of work ends also what begins with one large step, soon.
func TestWorkLimit(t *testing.T) {
	for name, size := range map[string][3]int{"colgen": {400, 40, 0}, "bundles": {60, 10, 120}, "lp": {100, 20, 200}, "auto": {100, 20, 200}} {
		in := families.Instance(t, "tasks", 1, func(spec *instances.Spec) {
			spec.Tasks, spec.Nodes, spec.Traffic = size[0], size[1], size[2]
		})
		p := compiled.Instance(t, in)
		method, err := solvers.Find(name)
		if err != nil {
			t.Fatal(err)
		}
		const limit = 5_000_000
		r, err := search.Run(t.Context(), p, method, search.Limits{Work: limit}, 1, 1, nil)
		if err != nil || r.Work > 2*limit {
			t.Errorf("%s does %d units of work, the limit is %d; %v", name, r.Work, limit, err)
		}
	}
}

// Costs that are near the end of 64 bits are too large for some methods: auto does
// without them.
func TestWideCosts(t *testing.T) {
	p := compiled.Document(t, `{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {cpu: 2}}, {name: n2, capacity: {cpu: 2}}],
 tasks: [{name: a, demand: {cpu: 1}, fetch: {n1: 0.000001, n2: 900000000000}}, {name: b, demand: {cpu: 1}, fetch: {n1: 900000000000, n2: 0.000003}}, {name: c, demand: {cpu: 1}}],
 rules: [{spread: [a, b, c], maxSkew: 1, weight: 1}, {affinity: [a, b], weight: 5}]}`)
	r, err := search.Run(t.Context(), p, solvers.Auto, search.Limits{Work: 50_000_000}, 1, 2, nil)
	if err != nil || r.Placement == nil || p.Format(r.Cost) != "5.000004" {
		t.Errorf("%+v, %v; the best costs 5.000004", r, err)
	}
	for _, m := range relax.Methods() {
		if r, err := search.Run(t.Context(), p, m, search.Limits{}, 1, 1, nil); !errors.Is(err, search.ErrTooLarge) {
			t.Errorf("relax: %+v, %v; want too large", r, err)
		}
	}
}
