package conflict

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/families"
	"berth/model"
)

var planted = flag.Int("planted", 2, "how many large documents with planted conflicts are explained")

// plant makes a large feasible document with 2,000 hard rules and then breaks it in one
// or two places. It names the tasks that each conflict is about.
func plant(t *testing.T, seed uint64) (*model.Instance, [][]string) {
	t.Helper()
	in := families.Instance(t, "containers", seed, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks, spec.Fill = 40, 600, 8, 60
		spec.Affinity, spec.AntiAffinity, spec.Spread, spec.Selectors, spec.Tail, spec.Traffic = 60, 1900, 40, 20, 0, 0
	})
	rng := rand.New(rand.NewPCG(seed, 9))
	var about [][]string
	for range 1 + rng.IntN(2) {
		about = append(about, conflicts[rng.IntN(len(conflicts))](in, rng))
	}
	return in, about
}

// conflicts break a document, each in its own way, and name the tasks.
var conflicts = []func(*model.Instance, *rand.Rand) []string{
	func(in *model.Instance, rng *rand.Rand) []string { // three apart on two nodes
		tasks := pick(in, rng, 3)
		for _, i := range tasks {
			in.Tasks[i].On = &model.Selector{Nodes: []string{in.Nodes[0].Name, in.Nodes[1].Name}}
			in.Tasks[i].Replicas, in.Tasks[i].Apart, in.Tasks[i].Current = 1, "", nil
		}
		for k, i := range tasks {
			for _, j := range tasks[:k] {
				in.Rules = append(in.Rules, model.Rule{Kind: model.AntiAffinity, Tasks: []string{in.Tasks[i].Name, in.Tasks[j].Name}})
			}
		}
		return namesOf(in, tasks)
	},
	func(in *model.Instance, rng *rand.Rand) []string { // together and apart
		tasks := pick(in, rng, 3)
		for k, kind := range []model.RuleKind{model.Affinity, model.Affinity, model.AntiAffinity} {
			in.Rules = append(in.Rules, model.Rule{Kind: kind, Tasks: []string{in.Tasks[tasks[k]].Name, in.Tasks[tasks[(k+1)%3]].Name}})
		}
		return namesOf(in, tasks)
	},
	func(in *model.Instance, rng *rand.Rand) []string { // larger than any node
		i := pick(in, rng, 1)
		in.Tasks[i[0]].Demand = slices.Clone(in.Tasks[i[0]].Demand)
		most := int64(0)
		for _, n := range in.Nodes {
			most = max(most, n.Capacity.Of(in.Tasks[i[0]].Demand[0].Resource).Units)
		}
		in.Tasks[i[0]].Demand[0].Quantity.Units += most + 1
		in.Tasks[i[0]].DemandOn = nil
		return namesOf(in, i)
	},
	func(in *model.Instance, rng *rand.Rand) []string { // too much for two nodes
		tasks := pick(in, rng, 5)
		need := model.Quantity{}
		resource := in.Nodes[0].Capacity[0].Resource
		for _, j := range []int{2, 3} {
			need, _ = need.Plus(in.Nodes[j].Capacity.Of(resource))
		}
		for _, i := range tasks {
			in.Tasks[i].On = &model.Selector{Nodes: []string{in.Nodes[2].Name, in.Nodes[3].Name}}
			in.Tasks[i].Replicas, in.Tasks[i].Apart, in.Tasks[i].Current, in.Tasks[i].DemandOn = 1, "", nil, nil
			in.Tasks[i].Demand = model.Resources{{Resource: resource, Quantity: model.Quantity{Units: need.Units/5 + 1}}}
		}
		return namesOf(in, tasks)
	},
}

func pick(in *model.Instance, rng *rand.Rand, n int) []int {
	return rng.Perm(len(in.Tasks))[:n]
}

func namesOf(in *model.Instance, tasks []int) (names []string) {
	for _, i := range tasks {
		names = append(names, in.Tasks[i].Name)
	}
	return names
}

// In large documents a planted conflict is found, and each way out has a placement that
// the judge has seen.
func TestPlantedConflicts(t *testing.T) {
	for seed := range uint64(*planted) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			in, about := plant(t, seed)
			report, err := Find(context.Background(), in, Limits{Work: 6_000_000_000, Ways: 8})
			if err != nil || !report.Minimal || len(report.Ways) == 0 {
				t.Fatalf("planted %v: %d members, minimal %v, %d ways, %v", about, len(report.Conflict), report.Minimal, len(report.Ways), err)
			}
			known := slices.ContainsFunc(about, func(tasks []string) bool {
				return slices.ContainsFunc(report.Conflict, func(m Member) bool {
					return m.Task >= 0 && slices.Contains(tasks, in.Tasks[m.Task].Name) ||
						m.Rule >= 0 && slices.ContainsFunc(in.Rules[m.Rule].Tasks, func(name string) bool { return slices.Contains(tasks, name) })
				})
			})
			if !known {
				t.Errorf("planted %v, found %v", about, texts(in, report.Conflict))
			}
			t.Logf("planted %v: %d members, %d ways, such as %v", about, len(report.Conflict), len(report.Ways), wayText(in, report.Ways[0]))
		})
	}
}
