package conflict

import (
	"slices"
	"strings"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// Each way holds with nothing moved but the replica that goes there, and with one part less it
// does not; where no part is named nothing is broken.
func TestAdmitIsTrueAndNeeded(t *testing.T) {
	ways, kinds := 0, map[Kind]int{}
	for seed := range uint64(300) {
		in := instances.Mixed(seed, 5, 3)
		p, err := model.Compile(in)
		if err != nil {
			continue
		}
		best, _, ok := bruteforce.Solve(p)
		if !ok || best == nil {
			continue
		}
		doc, err := p.Document(model.Feasible, best, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i := range in.Tasks {
			for j := range in.Nodes {
				list, err := Admit(in, doc.Placement, i, []int{j})
				if err != nil {
					t.Fatal(err)
				}
				for _, w := range list {
					ways++
					if !onlyMoves(doc.Placement, w.Placement, in.Tasks[i].Name, in.Nodes[j].Name) {
						t.Errorf("seed %d: %v is not %v with %s on %s", seed, w.Placement, doc.Placement, in.Tasks[i].Name, in.Nodes[j].Name)
					}
					if err := w.judge(in); err != nil {
						t.Errorf("seed %d: %v", seed, err)
					}
					for k, c := range w.Changes {
						kinds[c.Kind]++
						less := Way{Changes: slices.Delete(slices.Clone(w.Changes), k, k+1), Placement: w.Placement}
						if less.judge(in) == nil {
							t.Errorf("seed %d: %q is not needed in %q", seed, c.Text(in), wayText(in, w))
						}
					}
				}
			}
		}
	}
	t.Logf("%d ways, changes by kind: %v", ways, kinds)
	if ways < 500 || len(kinds) < 4 {
		t.Error("the test sees too little")
	}
}

// onlyMoves says whether two placements differ by one replica of a task that comes to a node.
func onlyMoves(now, then []model.TaskNodes, task, node string) bool {
	for k := range now {
		rest := slices.Clone(then[k].Nodes)
		left := 0
		for _, n := range now[k].Nodes {
			if at := slices.Index(rest, n); at >= 0 {
				rest = slices.Delete(rest, at, at+1)
			} else {
				left++
			}
		}
		switch {
		case now[k].Task != task && left > 0:
			return false
		case now[k].Task == task && (left != 1 || rest[0] != node):
			return false
		}
	}
	return true
}

// A way names neither more of what an earlier one does with less, nor many alike.
func TestAdmitListsTheCheapest(t *testing.T) {
	in, placement := crowded(t)
	list, err := Admit(in, placement, 0, []int{0, 1, 2, 3, 4, 5})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, w := range list {
		got = append(got, strings.Join(wayText(in, w), " and "))
	}
	want := []string{
		"add 1 of cpu to node n4", "add 2 of cpu to node n3", "add 3 of cpu to node n2",
		"allow task new on node gpu as well",
	}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

// crowded is a document with a placement that leaves its first task out.
func crowded(t *testing.T) (*model.Instance, []model.TaskNodes) {
	t.Helper()
	in, err := model.Read([]byte(`format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 4}, labels: {class: a}}
  - {name: n2, capacity: {cpu: 4}, labels: {class: a, host: n2}}
  - {name: n3, capacity: {cpu: 4}, labels: {class: a}}
  - {name: n4, capacity: {cpu: 4}, labels: {class: a}}
  - {name: gpu, capacity: {cpu: 16}}
  - {name: full, capacity: {cpu: 1}}
tasks:
  - {name: new, demand: {cpu: 4}, unplaced: 9, on: {class: a}}
  - {name: t1, demand: {cpu: 4}, on: [n1, n2]}
  - {name: t2, demand: {cpu: 3}, on: [n2]}
  - {name: t3, demand: {cpu: 2}, on: [n3]}
  - {name: t4, demand: {cpu: 1}, on: [n4]}
  - {name: t5, demand: {cpu: 1}, on: [full]}
`), "crowded.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return in, []model.TaskNodes{
		{Task: "new", Nodes: []string{""}},
		{Task: "t1", Nodes: []string{"n1"}},
		{Task: "t2", Nodes: []string{"n2"}},
		{Task: "t3", Nodes: []string{"n3"}},
		{Task: "t4", Nodes: []string{"n4"}},
		{Task: "t5", Nodes: []string{"full"}},
	}
}

// One more node helps where it is one that the task may run on, and of alike ones one is
// named; a task that is bound to one node by name or by a label that is its name gains
// nothing by another like it.
func TestAnother(t *testing.T) {
	in, placement := crowded(t)
	for _, c := range []struct {
		on   *model.Selector
		want []string
	}{
		{&model.Selector{Labels: []model.Label{{Key: "class", Value: "a"}}}, []string{"n1"}},
		{&model.Selector{Nodes: []string{"n2", "n3"}}, []string{"n2"}},
		{&model.Selector{Nodes: []string{"n2"}}, nil},
		{&model.Selector{Labels: []model.Label{{Key: "host", Value: "n2"}}}, nil},
		{&model.Selector{Nodes: []string{"full", "n1"}}, []string{"n1"}},
		{nil, []string{"n1", "gpu"}},
	} {
		in.Tasks[0].On = c.on
		got, err := Another(in, placement, 0)
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("on %+v: %q, %v, want %q", c.on, got, err, c.want)
		}
	}
}

func TestOneReplicaIsOne(t *testing.T) {
	for limit, want := range map[int]string{1: "let 1 replica leave where it runs today", 2: "let 2 replicas leave where they run today"} {
		c := Change{Member: member(Moves), Limit: limit}
		if got := c.Text(nil); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
