package explain

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
	satmethod "berth/solvers/sat"
	"berth/solvers/sat/oracle"
)

// feasibleWith says by trying everything whether a problem with only these capacities
// and rules has a placement.
func feasibleWith(g *encode.Program, parts map[encode.Origin]bool) bool {
	values := make([]bool, len(g.Vars))
	var try func(v int) bool
	try = func(v int) bool {
		if v == len(values) {
			for k := range g.Rows {
				r := &g.Rows[k]
				if (r.Origin.Kind == encode.Definition || parts[part(r.Origin)]) && !holds(r, values) {
					return false
				}
			}
			return true
		}
		for _, x := range []bool{false, true} {
			if values[v] = x; try(v + 1) {
				return true
			}
		}
		return false
	}
	return try(0)
}

func holds(r *encode.Row, values []bool) bool {
	sum := int64(0)
	for _, t := range r.Terms {
		if values[t.Var] {
			sum += t.Coef
		}
	}
	return (sum <= r.RHS || r.Sense == encode.AtLeast) && (sum >= r.RHS || r.Sense == encode.AtMost)
}

func TestConflictIsOneAndIsMinimal(t *testing.T) {
	seen := 0
	for seed := range uint64(4000) {
		rng := rand.New(rand.NewPCG(seed, 1))
		p := compiled.Instance(t, instances.Mixed(seed, 2+rng.IntN(4), 2+rng.IntN(2)))
		if p.Impossible != "" {
			continue
		}
		g := encode.Build(p)
		if len(g.Vars) > 16 {
			continue
		}
		core, minimal := conflict(g, oracle.Budget(context.Background(), MostWork))
		best, _, ok := bruteforce.Solve(p)
		if !ok || (best == nil) != (len(core) > 0) {
			t.Fatalf("seed %d: brute force finds %v, and the conflict is %v", seed, best, core)
		}
		if best != nil {
			continue
		}
		seen++
		parts := map[encode.Origin]bool{}
		for _, o := range core {
			parts[o] = true
		}
		if feasibleWith(g, parts) {
			t.Fatalf("seed %d: %v can hold together", seed, tell(p, core, minimal))
		}
		if !minimal {
			t.Fatalf("seed %d: not minimal", seed)
		}
		for _, o := range core {
			delete(parts, o)
			if !feasibleWith(g, parts) {
				t.Fatalf("seed %d: %v is not needed in %v", seed, o.Describe(p), tell(p, core, minimal))
			}
			parts[o] = true
		}
	}
	if seen < 20 {
		t.Errorf("only %d infeasible instances were seen", seen)
	}
}

func TestExplainInWords(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string
	}{
		"rules": {
			`{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 8Gi}}, {name: n2, capacity: {memory: 8Gi}}],
			 tasks: [{name: a, demand: {memory: 1Gi}}, {name: b, demand: {memory: 1Gi}}, {name: c, demand: {memory: 1Gi}}],
			 rules: [{antiAffinity: [a, b, c]}]}`,
			[]string{"these cannot hold together", "tasks a, b and c must be placed", "rule 1 (antiAffinity of a, b, c)"},
		},
		"shortage behind a selector": {
			`{format: berth/v1, kind: placement,
			 nodes: [{name: n1, capacity: {memory: 8Gi}, labels: {disk: ssd}}, {name: n2, capacity: {memory: 80Gi}}],
			 tasks: [{name: a, demand: {memory: 5Gi}, on: {disk: ssd}}, {name: b, demand: {memory: 5Gi}, on: {disk: ssd}}]}`,
			[]string{"tasks a and b may only be on node n1", "need 10Gi there, and there are 8Gi", "2Gi of memory are missing: "},
		},
		"like tasks": {
			`{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 8Gi}}, {name: n2, capacity: {memory: 8Gi}}],
			 tasks: [{name: a, demand: {memory: 5Gi}, replicas: 2}, {name: c, demand: {memory: 5Gi}}]}`,
			[]string{"the nodes, empty, have room for 2 of 3 copies of tasks a and c"},
		},
		"what it takes where it may be": {
			`{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 4Gi}}, {name: n2, capacity: {memory: 8Gi}}],
			 tasks: [{name: a, demandOn: {n1: {memory: 5Gi}}, on: [n1]}]}`,
			[]string{"a needs 5Gi of memory, more than any node that is allowed for it has"},
		},
		"sizes are taken as they are": {
			`{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 8Gi}}, {name: n2, capacity: {memory: 1Gi}}],
			 tasks: [{name: a, demand: {memory: 4Gi}}, {name: b, demand: {memory: 3Gi}}], rules: [{antiAffinity: [a, b]}]}`,
			[]string{"given where each task fits", "may only be on node n1", "rule 1 (antiAffinity of a, b)"},
		},
		"packing": {
			`{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 8Gi}}, {name: n2, capacity: {memory: 8Gi}}],
			 tasks: [{name: a, demand: {memory: 5300Mi}}, {name: b, demand: {memory: 5200Mi}}, {name: c, demand: {memory: 5Gi}}]}`,
			[]string{"tasks a, b and c must be placed", "the memory of nodes n1 and n2"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := compiled.Document(t, c.text)
			got := strings.Join(Explain(context.Background(), p, MostWork), "\n")
			for _, want := range c.want {
				if !strings.Contains(got, want) {
					t.Errorf("%q is missing in:\n%s", want, got)
				}
			}
		})
	}
}

// TestShortagesAddUpRoom: nodes that together have more than 64 bits count lack nothing.
func TestShortagesAddUpRoom(t *testing.T) {
	nodes, all := "", []int32{}
	for j := range 20 {
		nodes += fmt.Sprintf("  - {name: n%d, capacity: {m: 576460752303423487}}\n", j)
		all = append(all, int32(j))
	}
	p := compiled.Document(t, "format: berth/v1\nkind: placement\nnodes:\n"+nodes+"tasks: [{name: t, demand: {m: 5}}]\n")
	if lines := domainShortages(p, all); len(lines) > 0 {
		t.Error(lines)
	}
}

func TestExplainGivesUpWithItsContext(t *testing.T) {
	p := compiled.Document(t, `{format: berth/v1, kind: placement, nodes: [{name: n1, capacity: {memory: 8Gi}}, {name: n2, capacity: {memory: 8Gi}}],
		tasks: [{name: a, demand: {memory: 5300Mi}}, {name: b, demand: {memory: 5200Mi}}, {name: c, demand: {memory: 5Gi}}]}`)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if got := Explain(ctx, p, MostWork); len(got) != 0 {
		t.Errorf("explained %q after the end", got)
	}
}

func TestExplainIsSilentOnAFeasibleProblem(t *testing.T) {
	p := compiled.Instance(t, instances.Mixed(1, 4, 3))
	r, err := search.Run(context.Background(), p, satmethod.Methods()[0], search.Limits{}, 1, 1, nil)
	if err != nil || r.Placement == nil {
		t.Skip("the instance has no placement")
	}
	if got := Explain(context.Background(), p, MostWork); len(got) != 0 {
		t.Errorf("explained %q, but there is a placement", got)
	}
}

// Replicas that have to be in different racks, and may only be in one, are told with the
// rack and the nodes.
func TestExplainNamesWhatKeepsReplicasApart(t *testing.T) {
	in := &model.Instance{Name: "apart"}
	for j, name := range []string{"n1", "n2", "n3"} {
		rack := "x"
		if j == 2 {
			rack = "y"
		}
		in.Nodes = append(in.Nodes, model.Node{Name: name, Labels: []model.Label{{Key: "rack", Value: rack}}})
	}
	in.Tasks = []model.Task{{Name: "web", Replicas: 2, Apart: "rack", On: &model.Selector{Nodes: []string{"n1", "n2"}}}}
	text := strings.Join(Explain(context.Background(), compiled.Instance(t, in), MostWork), "\n")
	for _, part := range []string{"task web must be placed", "may only be on nodes n1 and n2", "the replicas of web are kept apart by rack"} {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}
