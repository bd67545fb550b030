package model_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
)

// Where room is short, the bound counts what is left out: least price for its size
// first, the last in part, on the nodes that are allowed.
func TestTrivialBoundCountsWhatIsLeftOut(t *testing.T) {
	const nodes = `format: berth/v1
kind: placement
nodes:
  - {name: a, capacity: {memory: 4}}
  - {name: b, capacity: {memory: 4}}
  - {name: c, capacity: {memory: 90, cpu: 0}}
tasks:
  - {name: stays, demand: {memory: 2, cpu: 0}, on: [a, b]}
`
	for _, test := range []struct {
		tasks, want string
	}{
		{`  - {name: x, demand: {memory: 3}, replicas: 2, unplaced: 7, on: [a, b]}`, "0"},
		{`  - {name: x, demand: {memory: 3}, replicas: 3, unplaced: 7, on: [a, b]}`, "7"},
		{`  - {name: x, demand: {memory: 3}, replicas: 3, unplaced: 7}`, "0"},
		{`  - {name: x, demand: {memory: 4}, replicas: 2, unplaced: 6, on: [a, b]}`, "6"}, // half of one, and costs are multiples of 6
		{`  - {name: x, demand: {memory: 4}, replicas: 2, unplaced: 6, fetch: 2, on: [a, b]}`, "6"},
		{`  - {name: x, demand: {memory: 4}, unplaced: 6, on: [a, b]}
  - {name: y, demand: {memory: 2}, replicas: 2, unplaced: 1, on: [a, b]}`, "1"},
		{`  - {name: x, demand: {memory: 2}, replicas: 5, unplaced: 1, on: [a, b]}`, "2"},
		{`  - {name: x, demand: {memory: 2}, replicas: 5, unplaced: 0, on: [a, b]}`, "0"},
	} {
		p := compiled.Document(t, nodes+test.tasks)
		if got := p.Format(p.TrivialBound()); got != test.want {
			t.Errorf("%s: %s; want %s", test.tasks, got, test.want)
		}
	}
}

// Where everybody is where it costs least by itself, what rules and traffic cost there is
// in the bound, up to what leaving costs those who could mend it.
func TestTrivialBoundCountsClashes(t *testing.T) {
	const running = `format: berth/v1
kind: placement
nodes:
  - {name: a, labels: {zone: x}}
  - {name: b, labels: {zone: x}}
  - {name: c, labels: {zone: y}}
tasks:
  - {name: p, current: a, moveCost: 5}
  - {name: q, current: a, moveCost: 3}
  - {name: r, current: a, moveCost: 4}
  - {name: s, current: b, moveCost: 3}
`
	for _, test := range []struct {
		rules, want string
	}{
		{`rules: [{antiAffinity: [p, q], weight: 2}]`, "2"},
		{`rules: [{antiAffinity: [p, q], weight: 9}]`, "3"},
		{`rules: [{antiAffinity: [p, q, r], weight: 1}]`, "3"},
		{`rules: [{antiAffinity: [p, q, r], weight: 2}]`, "5"}, // of q no more than 3
		{`rules: [{antiAffinity: [p, q, r]}]`, "7"},
		{`rules: [{antiAffinity: [p, q, s], topology: zone, weight: 1}]`, "3"},
		{`rules: [{affinity: [p, s], weight: 2}]`, "2"},
		{`rules: [{affinity: [p, s]}]`, "3"}, // one item that cannot stay anyhow
		{`rules: [{affinity: [p, q, s], topology: zone}]`, "0"},
		{`rules: [{spread: [p, q, r, s], maxSkew: 1, weight: 1}]`, "2"},
		{`rules: [{spread: [p, q, r, s], maxSkew: 1}]`, "3"},
		{`rules: [{spread: [p, q, r, s], maxSkew: 2}]`, "3"},
		{`rules: [{spread: [p, q, r, s], maxSkew: 3}]`, "0"},
		{`traffic: [{between: [p, q], volume: 1}, {between: [p, s], volume: 2}]`, "2"},
		{`traffic: [{between: [p, s], volume: 2}, {between: [r, s], volume: 2}]`, "3"},
	} {
		p := compiled.Document(t, running+test.rules)
		if got := p.Format(p.TrivialBound()); got != test.want {
			t.Errorf("%s: %s; want %s", test.rules, got, test.want)
		}
	}
}

// Two tasks that have to be together count twice in a wish, and pay for it twice: what is left
// of what their leaving costs is nothing.
func TestTrivialBoundOfAGroup(t *testing.T) {
	p := compiled.Document(t, `format: berth/v1
kind: placement
nodes: [{name: a, labels: {zone: x}}, {name: b, labels: {zone: y}}]
tasks:
  - {name: p, current: a}
  - {name: q, current: a}
  - {name: r, "on": [a]}
  - {name: s, "on": [b]}
  - {name: t, "on": [b]}
  - {name: u, "on": [b]}
rules:
  - {affinity: [p, q]}
  - {affinity: [p, q, s, t, u], topology: zone, weight: 1}
  - {antiAffinity: [p, r], weight: 1}
`)
	_, cost, ok := bruteforce.Solve(p)
	if got := p.TrivialBound(); !ok || got != cost || p.Format(cost) != "2" {
		t.Errorf("bound %s, optimum %s; want 2", p.Format(got), p.Format(cost))
	}
}

// No placement costs less than the bound: of what nearly all runs, and has rules of every
// sort. It is the optimum often enough to see where it would be above.
func TestTrivialBoundHolds(t *testing.T) {
	met, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := compiled.Instance(t, clashing(t))
		best, cost, ok := bruteforce.Solve(p)
		if !ok || best == nil {
			return
		}
		if all++; p.TrivialBound() > cost {
			t.Fatalf("bound %s, optimum %s", p.Format(p.TrivialBound()), p.Format(cost))
		}
		if p.TrivialBound() == cost {
			met++
		}
	})
	if met*4 < all {
		t.Errorf("%d of %d bounds are the optimum", met, all)
	}
}

// clashing draws an instance of tasks that run and rules over them.
func clashing(t *rapid.T) *model.Instance {
	few := func(what string, least, most int) int { return rapid.IntRange(least, most).Draw(t, what) }
	price := func(what string) *model.Decimal {
		d := model.Decimal(few(what, 1, 6)) * model.DecimalOne
		return &d
	}
	in := &model.Instance{Name: "clashing", Weights: model.Weights{
		Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne,
	}}
	nodes := few("nodes", 2, 4)
	for j := range nodes {
		in.Nodes = append(in.Nodes, model.Node{
			Name: fmt.Sprint("n", j), Labels: []model.Label{{Key: "zone", Value: fmt.Sprint(j / 2)}},
			Capacity: model.Resources{{Resource: "pods", Quantity: model.Quantity{Units: int64(few("room", 2, 5))}}},
		})
	}
	for i := range few("tasks", 2, 6) {
		task := model.Task{Name: fmt.Sprint("t", i), Replicas: 1, Demand: model.Resources{{Resource: "pods", Quantity: model.Quantity{Units: 1}}}}
		if few("runs", 0, 6) > 0 {
			task.Current, task.MoveCost = []string{in.Nodes[few("on", 0, nodes-1)].Name}, price("move")
		}
		if few("may wait", 0, 4) == 0 {
			task.Unplaced = price("unplaced")
		}
		in.Tasks = append(in.Tasks, task)
	}
	some := func(least int) (names []string) {
		for _, i := range rapid.Permutation(in.Tasks).Draw(t, "members")[:few("how many", least, len(in.Tasks))] {
			names = append(names, i.Name)
		}
		slices.Sort(names)
		return names
	}
	if few("merged", 0, 2) == 0 {
		in.Rules = append(in.Rules, model.Rule{Kind: model.Affinity, Tasks: []string{"t0", "t1"}, Topology: "node"})
	}
	for range few("rules", 1, 3) {
		rule := model.Rule{Kind: rapid.SampledFrom([]model.RuleKind{model.Affinity, model.AntiAffinity, model.Spread}).Draw(t, "kind"), Topology: rapid.SampledFrom([]string{"node", "zone"}).Draw(t, "over")}
		if rule.Tasks = some(2); rule.Kind == model.Spread {
			rule.MaxSkew = few("skew", 1, 2)
		}
		if few("hard", 0, 2) > 0 {
			rule.Weight = price("weight")
		}
		in.Rules = append(in.Rules, rule)
	}
	return in
}
