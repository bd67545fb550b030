package rules

import (
	"context"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// drawRules is a small problem of rules alone: there is room for everything everywhere.
func drawRules(t *rapid.T) *model.Problem {
	in := families.Instance(t, "tasks", rapid.Uint64().Draw(t, "seed"), func(spec *instances.Spec) {
		spec.Nodes = rapid.IntRange(2, 4).Draw(t, "nodes")
		spec.Tasks = rapid.IntRange(2, 5).Draw(t, "tasks")
		spec.Racks = rapid.IntRange(1, min(3, spec.Nodes)).Draw(t, "racks")
		spec.Replicas = rapid.IntRange(1, 2).Draw(t, "replicas")
		spec.Apart = rapid.SampledFrom([]int{0, 100}).Draw(t, "apart")
		spec.Selectors = rapid.SampledFrom([]int{0, 60}).Draw(t, "selectors")
		spec.Affinity = rapid.IntRange(0, 2).Draw(t, "affinity")
		spec.AntiAffinity = rapid.IntRange(0, 5).Draw(t, "antiAffinity")
		spec.Loose, spec.Fill, spec.Resources = 1, 100, 1
	})
	ample, err := model.ParseQuantity("1000000")
	if err != nil {
		t.Fatal(err)
	}
	for j := range in.Nodes {
		for r := range in.Nodes[j].Capacity {
			in.Nodes[j].Capacity[r].Quantity = ample
		}
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Where rules are all that is in the way, the method knows whether there is a placement,
// and a conflict has none even without its rest.
func TestRulesAgreeWithBruteForce(t *testing.T) {
	feasible, contradictory := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := drawRules(t)
		best, _, ok := bruteforce.Solve(p)
		if !ok || p.Impossible != "" {
			t.Skip("too large for brute force, or compiling shows it")
		}
		r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		core, minimal := Conflict(p, func(int64) bool { return true })
		if best != nil {
			feasible++
			if r.Status == model.Infeasible || core != nil {
				t.Fatalf("called infeasible, by %v; there is %v", core, best)
			}
			return
		}
		contradictory++
		if r.Status != model.Infeasible || len(core) == 0 || !minimal {
			t.Fatalf("nothing is feasible, and the method ends %s, with the conflict %v", r.Status, core)
		}
		checkConflict(t, p, core)
	})
	t.Logf("%d feasible, %d contradictory", feasible, contradictory)
	if feasible == 0 || contradictory == 0 {
		t.Errorf("%d feasible, %d contradictory: the test sees one side only", feasible, contradictory)
	}
}

// checkConflict asks for the problem with nothing but a conflict, which has no placement,
// and with nothing but that without one of its items or rules, which has.
func checkConflict(t *rapid.T, p *model.Problem, core []encode.Origin) {
	if r := only(t, p, core); r != nil {
		t.Fatalf("%v can hold together: %v", core, r)
	}
	for k := range core {
		less := append(append([]encode.Origin{}, core[:k]...), core[k+1:]...)
		if only(t, p, less) == nil {
			t.Fatalf("%v is not needed in %v", core[k], core)
		}
	}
}

// only finds a placement of a problem with nothing but some parts, nil where there is none.
func only(t *rapid.T, p *model.Problem, parts []encode.Origin) model.Placement {
	placed, apart, ruled := map[int32]bool{}, map[int32]bool{}, map[int32]bool{}
	for _, o := range parts {
		map[encode.OriginKind]map[int32]bool{encode.Assignment: placed, encode.Apartness: apart, encode.RuleRow: ruled}[o.Kind][o.A] = true
	}
	at := make(model.Placement, p.Copies)
	var try func(c int32) bool
	try = func(c int32) bool {
		if int(c) == len(at) {
			return holds(p, at, placed, apart, ruled)
		}
		for i := range p.Items {
			it := &p.Items[i]
			if c < it.First || c >= it.First+it.Count {
				continue
			}
			if !placed[int32(i)] {
				at[c] = model.NoPlace
				return try(c + 1)
			}
			for _, j := range p.Domains[it.Domain].Nodes() {
				if at[c] = j; try(c + 1) {
					return true
				}
			}
		}
		return false
	}
	if try(0) {
		return at
	}
	return nil
}

// holds says whether copies that are placed keep what is asked.
func holds(p *model.Problem, at model.Placement, placed, apart, ruled map[int32]bool) bool {
	in := func(i, topology int32) map[int32]int {
		count := map[int32]int{}
		it := &p.Items[i]
		for _, j := range at[it.First : it.First+it.Count] {
			if j >= 0 {
				count[p.Topologies[topology].Place[j]]++
			}
		}
		return count
	}
	for i := range apart {
		for _, n := range in(i, p.Items[i].Apart) {
			if n > 1 {
				return false
			}
		}
	}
	for k := range ruled {
		r := &p.Constraints[k]
		members := map[int32]int{}
		for _, m := range r.Members {
			for place := range in(m.Item, r.Topology) {
				members[place]++
			}
		}
		for _, n := range members {
			if r.Kind == model.AntiAffinity && n > 1 {
				return false
			}
		}
		if r.Kind == model.Affinity && len(members) > 1 {
			return false
		}
	}
	return true
}

// A cycle of odd length has no colouring with two racks, which no single rule shows; with
// three it has.
func TestOddCycle(t *testing.T) {
	for racks, want := range map[int]model.Status{2: model.Infeasible, 3: model.Unknown} {
		in := &model.Instance{Name: "cycle"}
		names := []string{"a", "b", "c", "d", "e"}
		for k, name := range names {
			in.Tasks = append(in.Tasks, model.Task{Name: name, Replicas: 1})
			in.Rules = append(in.Rules, model.Rule{Kind: model.AntiAffinity, Tasks: []string{name, names[(k+1)%len(names)]}, Topology: "rack"})
		}
		for j, name := range []string{"n1", "n2", "n3", "n4", "n5", "n6"} {
			in.Nodes = append(in.Nodes, model.Node{Name: name, Labels: []model.Label{{Key: "rack", Value: string(rune('x' + j%racks))}}})
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		r, err := search.Run(context.Background(), p, Method, search.Limits{}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != want {
			t.Errorf("with %d racks: %s, want %s", racks, r.Status, want)
		}
		core, _ := Conflict(p, func(int64) bool { return true })
		if infeasible := want == model.Infeasible; infeasible && len(core) != 10 || !infeasible && len(core) > 0 {
			t.Errorf("with %d racks: the conflict is %v", racks, core)
		}
	}
}
