package bruteforce_test

import (
	"fmt"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
)

func compile(t *testing.T, document string) *model.Problem {
	t.Helper()
	return compiled.Document(t, "format: berth/v1\nkind: placement\n"+document)
}

const nodes = `nodes:
  - {name: n1, capacity: {memory: 4}}
  - {name: n2, capacity: {memory: 4}}
`

func TestSolve(t *testing.T) {
	tests := []struct{ name, document, want string }{
		{"no tasks", nodes + "tasks: []\n", "0"},
		{"both at home", nodes + `tasks:
  - {name: a, demand: {memory: 2}, home: n1, fetch: 5}
  - {name: b, demand: {memory: 2}, home: n1, fetch: 7}`, "0"},
		{"the cheaper one goes", nodes + `tasks:
  - {name: a, demand: {memory: 3}, home: n1, fetch: 5}
  - {name: b, demand: {memory: 2}, home: n1, fetch: 7}`, "5"},
		{"identical copies", nodes + `tasks:
  - {name: a, demand: {memory: 1}, replicas: 6, home: n1, fetch: 3}`, "6"},
		{"one left out", nodes + `tasks:
  - {name: a, demand: {memory: 3}, replicas: 3, unplaced: 11}`, "11"},
		{"too much", nodes + `tasks:
  - {name: a, demand: {memory: 3}, replicas: 3}`, "infeasible"},
		{"a rule that cannot hold", nodes + `tasks:
  - {name: a}
  - {name: b}
  - {name: c}
rules:
  - antiAffinity: [a, b, c]`, "infeasible"},
		{"traffic and conflict", nodes + `tasks:
  - {name: a, demand: {memory: 2}}
  - {name: b, demand: {memory: 2}}
  - {name: c, demand: {memory: 2}}
rules:
  - antiAffinity: [a, b]
traffic:
  - {between: [a, c], volume: 4}
  - {between: [b, c], volume: 3}`, "3"},
	}
	for _, test := range tests {
		p := compile(t, test.document)
		for name, solve := range map[string]func(*model.Problem) (model.Placement, int64, bool){
			"Solve": bruteforce.Solve, "SolveEverywhere": bruteforce.SolveEverywhere,
		} {
			placement, cost, ok := solve(p)
			got := p.Format(cost)
			if placement == nil {
				got = "infeasible"
			}
			if !ok || got != test.want {
				t.Errorf("%s: %s says %s, %v; want %s", test.name, name, got, ok, test.want)
			}
			if placement == nil {
				continue
			}
			if v := p.Evaluate(placement); v.Cost != cost || len(v.Violations) > 0 {
				t.Errorf("%s: %s returned a placement at %d with %v, not at %d", test.name, name, v.Cost, v.Violations, cost)
			}
		}
	}
}

func TestSolveRefusesWhatIsTooLarge(t *testing.T) {
	var tasks strings.Builder
	for k := range 25 {
		fmt.Fprintf(&tasks, "  - {name: t%d, demand: {memory: %d}, home: n1, fetch: %d}\n", k, k%3, k+1)
	}
	p := compile(t, nodes+"tasks:\n"+tasks.String())
	if placement, _, ok := bruteforce.Solve(p); ok || placement != nil {
		t.Errorf("Solve tried 2^25 placements")
	}
}

// What compiling cuts out of the domains is never part of an optimum.
func TestDomainsLoseNothing(t *testing.T) {
	feasible := 0
	const count = 1000
	for seed := range uint64(count) {
		in := instances.Mixed(seed, 3+int(seed%4), 2+int(seed%2))
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		cut, cost, ok := bruteforce.Solve(p)
		all, want, okAll := bruteforce.SolveEverywhere(p)
		if !ok || !okAll {
			t.Fatalf("seed %d: too large", seed)
		}
		if (cut == nil) != (all == nil) || cost != want {
			t.Errorf("seed %d: cost %d within the domains (found %v), %d everywhere (found %v)", seed, cost, cut != nil, want, all != nil)
		}
		if p.Impossible != "" && all != nil {
			t.Errorf("seed %d: not impossible: %s", seed, p.Impossible)
		}
		if all != nil {
			feasible++
		}
	}
	if feasible < count/2 {
		t.Errorf("only %d of %d are feasible", feasible, count)
	}
}

func BenchmarkSolve(b *testing.B) {
	p, err := model.Compile(instances.Mixed(11, 8, 4))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, _, ok := bruteforce.Solve(p); !ok {
			b.Fatal("too large")
		}
	}
}
