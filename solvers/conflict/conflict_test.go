package conflict

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

var ample = Limits{Work: 60_000_000_000, Ways: 1000}

// feasible says by trying everything whether a document has a placement.
func feasible(t *testing.T, in *model.Instance) bool {
	t.Helper()
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	best, _, ok := bruteforce.Solve(p)
	if !ok {
		t.Skip("too large for brute force")
	}
	return best != nil
}

func without(t *testing.T, in *model.Instance, gone []Member) *model.Instance {
	t.Helper()
	out, err := Without(in, gone)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func all(t *testing.T, in *model.Instance) []Member {
	t.Helper()
	s, err := newStatement(in)
	if err != nil {
		t.Fatal(err)
	}
	return s.members
}

func minus(list, gone []Member) []Member {
	return slices.DeleteFunc(slices.Clone(list), func(m Member) bool { return slices.Contains(gone, m) })
}

// infeasible makes small documents without a placement, of every kind.
func infeasible(t *testing.T, seed uint64) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, 7))
	in := instances.Mixed(seed, 3+rng.IntN(3), 2+rng.IntN(2))
	if rng.IntN(2) == 0 && len(in.Nodes) > 0 { // less room
		for j := range in.Nodes {
			in.Nodes[j].Capacity = slices.Clone(in.Nodes[j].Capacity)
			for r := range in.Nodes[j].Capacity {
				q := &in.Nodes[j].Capacity[r].Quantity
				q.Units, q.Nanos = q.Units*2/3, 0
			}
		}
	}
	if rng.IntN(3) == 0 {
		nodes := []string{in.Nodes[rng.IntN(len(in.Nodes))].Name}
		named := []model.TaskNodes{{Task: in.Tasks[0].Name, Nodes: nodes}}
		switch rng.IntN(3) {
		case 0:
			in.Given.Fix = named
		case 1:
			in.Given.Forbid = named
		default:
			in.Given.Without = nodes
		}
	}
	if _, err := model.Compile(in); err != nil {
		return nil // what is given leaves a task no node
	}
	if feasible(t, in) {
		return nil
	}
	return in
}

// The conflict is one, and without any one of its members it is none: what is not in
// it is gone for that.
func TestConflictIsMinimal(t *testing.T) {
	seen := map[Kind]int{}
	cases := 0
	for seed := range uint64(400) {
		in := infeasible(t, seed)
		if in == nil {
			continue
		}
		cases++
		for _, m := range minimalConflict(t, in) {
			seen[m.Kind]++
		}
	}
	t.Logf("%d cases, members by kind: %v", cases, seen)
	if cases < 40 || len(seen) < 10 {
		t.Errorf("%d cases with members of %d kinds: the test sees too little", cases, len(seen))
	}
}

// minimalConflict returns the conflict of a document, held against brute force.
func minimalConflict(t *testing.T, in *model.Instance) []Member {
	t.Helper()
	report, err := Find(context.Background(), in, ample)
	if err != nil || !report.Minimal || len(report.Conflict) == 0 {
		t.Fatalf("%s: %+v, %v", in.Name, report, err)
	}
	rest := minus(all(t, in), report.Conflict)
	if feasible(t, without(t, in, rest)) {
		t.Errorf("%s: these can hold together: %s", in.Name, texts(in, report.Conflict))
	}
	for _, m := range report.Conflict {
		if !feasible(t, without(t, in, append(slices.Clone(rest), m))) {
			t.Errorf("%s: %q is not needed in %s", in.Name, m.Text(in), texts(in, report.Conflict))
		}
	}
	return report.Conflict
}

// What keeps a task off a node on which it takes less is a part of a conflict that counts
// what it takes elsewhere.
func TestConflictOfUnlikeDemands(t *testing.T) {
	in, err := model.Read([]byte(`format: berth/v1
kind: placement
nodes: [{name: n1, capacity: {cpu: 5}}, {name: n2, capacity: {cpu: 4}}]
tasks:
  - {name: a, demandOn: {n1: {cpu: 5}}, on: [n1]}
  - {name: b, demand: {cpu: 5}}
`), "unlike.yaml")
	if err != nil {
		t.Fatal(err)
	}
	selectors := 0
	for _, m := range minimalConflict(t, in) {
		if m.Kind == Selector {
			selectors++
		}
	}
	if selectors != 1 {
		t.Errorf("%d selectors in the conflict, which rests on that of a", selectors)
	}
}

func texts(in *model.Instance, list []Member) (all []string) {
	for _, m := range list {
		all = append(all, m.Text(in))
	}
	return all
}

// The ways out are those that trying every set of members finds: none with fewer
// changes, and of those with as few none is missing. Each way out has a placement, and
// its amounts are the least.
func TestWaysOutAreTheCheapest(t *testing.T) {
	ways, amounts, pairs := 0, 0, 0
	for seed := range uint64(150) {
		in := infeasible(t, seed)
		if in == nil {
			continue
		}
		report, err := Find(context.Background(), in, ample)
		if err != nil || !report.Exhausted || len(report.Ways) == 0 {
			t.Fatalf("seed %d: %+v, %v", seed, report, err)
		}
		members := all(t, in)
		fewest := len(report.Ways[0].Changes)
		if fewest > 2 {
			continue // there are too many sets to try
		}
		want := map[string]bool{}
		for a := range members {
			if feasible(t, without(t, in, members[a:a+1])) {
				want[fmt.Sprint(members[a:a+1])] = true
			}
		}
		if len(want) == 0 {
			pairs++
			for a := range members {
				for b := a + 1; b < len(members); b++ {
					if set := []Member{members[a], members[b]}; feasible(t, without(t, in, set)) {
						want[fmt.Sprint(set)] = true
					}
				}
			}
		}
		for _, w := range report.Ways {
			ways++
			changed, err := w.Apply(in)
			if err != nil {
				t.Fatal(err)
			}
			if !feasible(t, changed) {
				t.Errorf("seed %d: %s is no way out", seed, wayText(in, w))
			}
			if len(w.Changes) == fewest {
				var set []Member
				for _, c := range w.Changes {
					set = append(set, c.Member)
				}
				slices.SortFunc(set, func(x, y Member) int { return slices.Index(members, x) - slices.Index(members, y) })
				if !want[fmt.Sprint(set)] {
					t.Errorf("seed %d: %s is not among the smallest sets", seed, wayText(in, w))
				}
				delete(want, fmt.Sprint(set))
			}
			amounts += leastAmounts(t, seed, in, w)
		}
		if len(want) > 0 {
			t.Errorf("seed %d: %d ways with %d changes are missing: %v", seed, len(want), fewest, want)
		}
	}
	t.Logf("%d ways, %d amounts, %d cases that take two changes", ways, amounts, pairs)
	if ways < 100 || amounts < 20 || pairs < 10 {
		t.Error("the test sees too little")
	}
}

// leastAmounts holds that one change alone cannot be smaller: a capacity by one unit
// of what its demands are multiples of, a limit by one.
func leastAmounts(t *testing.T, seed uint64, in *model.Instance, w Way) int {
	t.Helper()
	if len(w.Changes) != 1 || !w.Changes[0].Least {
		return 0
	}
	c := w.Changes[0]
	less := Way{Changes: []Change{c}}
	switch {
	case c.Kind == Capacity:
		q, err := model.ParseQuantity(c.Add)
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case q.Nanos > 0:
			q.Nanos--
		default:
			q.Units, q.Nanos = q.Units-1, 999_999_999
		}
		less.Changes[0].Add = q.String()
	case (c.Kind == Moves || c.Kind == Rule) && c.Limit > 1:
		less.Changes[0].Limit--
	case c.Kind == Selector && len(c.Allow) > 1:
		for _, node := range in.Nodes {
			less.Changes[0].Allow = []string{node.Name}
			if changed, err := less.Apply(in); err == nil && feasible(t, changed) {
				t.Errorf("seed %d: %s would do instead of %s", seed, wayText(in, less), wayText(in, w))
			}
		}
		return 1
	default:
		return 0
	}
	changed, err := less.Apply(in)
	if err != nil {
		return 0 // a billionth of a unit less cannot be told from it in 64 bits
	}
	p, err := model.Compile(changed)
	if err != nil {
		return 0
	}
	if best, _, _ := bruteforce.Solve(p); best != nil {
		t.Errorf("seed %d: %s is enough where %s was said", seed, wayText(in, less), wayText(in, w))
	}
	return 1
}

func wayText(in *model.Instance, w Way) (all []string) {
	for k := range w.Changes {
		all = append(all, w.Changes[k].Text(in))
	}
	return all
}

func TestFindSaysWhereThereIsNoConflict(t *testing.T) {
	in := instances.Mixed(1, 4, 3)
	in.Given = model.Given{}
	if !feasible(t, in) {
		t.Fatal("the instance has no placement")
	}
	report, err := Find(context.Background(), in, ample)
	if err != nil || !report.Feasible || len(report.Conflict) > 0 {
		t.Errorf("%+v, %v", report, err)
	}
}

// TestFindAddsUpRoom: nodes that together have more than 64 bits count are not too little.
func TestFindAddsUpRoom(t *testing.T) {
	amount := func(units int64) model.Resources {
		return model.Resources{{Resource: "m", Quantity: model.Quantity{Units: units}}}
	}
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	for j := range 40 {
		in.Nodes = append(in.Nodes, model.Node{Name: fmt.Sprint(j), Capacity: amount(1<<59 - 1)})
	}
	in.Tasks = []model.Task{{Name: "t", Replicas: 1, Demand: amount(1 << 58)}}
	for nodes := len(in.Nodes); nodes > 0; nodes-- {
		in.Nodes = in.Nodes[:nodes]
		if report, err := Find(context.Background(), in, ample); err != nil || !report.Feasible {
			t.Errorf("%d nodes: a conflict of %d members, %v", nodes, len(report.Conflict), err)
		}
	}
}

func TestFindGivesUpWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for seed := range uint64(200) {
		in := infeasible(t, seed)
		if in == nil {
			continue
		}
		report, err := Find(ctx, in, ample)
		if err != nil || report.Feasible {
			t.Fatalf("seed %d: %+v, %v", seed, report, err)
		}
	}
}
