package view_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/model"
	"berth/view"
)

// solution writes replicas on nodes down as a solution, true or not.
func solution(p *model.Problem, in *model.Instance, at []int32) *model.Solution {
	b := p.Bill(at)
	number := func(cost int64) model.Number { return model.Number(p.Format(cost)) }
	s := &model.Solution{
		Instance: p.Name, InstanceDigest: p.Digest, Status: model.Feasible, Objective: number(b.Cost), Solver: "chance",
		Cost: &model.Costs{
			Fetch: number(b.Terms.Fetch), Traffic: number(b.Terms.Traffic), Move: number(b.Terms.Move),
			Open: number(b.Terms.Open), Unplaced: number(b.Terms.Unplaced), Wishes: number(b.Terms.Wishes),
		},
		Placement: []model.TaskNodes{},
	}
	for i := range in.Tasks {
		nodes := []string{}
		span := p.Replicas(i)
		for _, node := range at[span.From:span.To] {
			if node == model.NoPlace {
				nodes = append(nodes, "")
			} else {
				nodes = append(nodes, p.NodeNames[node])
			}
		}
		s.Placement = append(s.Placement, model.TaskNodes{Task: in.Tasks[i].Name, Nodes: nodes})
	}
	return s
}

// random is a picture of a random instance with replicas anywhere.
func random(t *rapid.T) *view.Picture {
	seed := rapid.Uint64().Draw(t, "seed")
	in := instances.Mixed(seed, rapid.IntRange(1, 16).Draw(t, "replicas"), rapid.IntRange(1, 6).Draw(t, "nodes"))
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	chance := rand.New(rand.NewPCG(seed, 5))
	replicas := 0
	for i := range in.Tasks {
		replicas += in.Tasks[i].Replicas
	}
	at := make([]int32, replicas)
	for r := range at {
		at[r] = int32(chance.IntN(len(in.Nodes)+1)) - 1
	}
	v, err := view.New(in, p, solution(p, in, at))
	if err != nil {
		t.Fatal(err)
	}
	if got := v.Bill.At; !slices.Equal(got, at) {
		t.Fatalf("%v was read as %v", at, got)
	}
	return v
}

// TestAllIsShownOnce: what is on the nodes, away from home and between places adds up
// to what the judge counts.
func TestAllIsShownOnce(t *testing.T) {
	away, exchanges := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		v := random(t)
		placed := 0
		for j := range v.Instance.Nodes {
			taken, _ := v.Load(j)
			sum, replicas := make([]int64, len(taken)), 0
			last := math.Inf(1)
			for _, s := range v.Stack(j) {
				replicas += s.Replicas
				share := 0.0
				_, capacity := v.Load(j)
				for r, amount := range s.Takes {
					sum[r] += amount
					if capacity[r] > 0 {
						share = max(share, float64(amount)/float64(capacity[r]))
					} else if amount > 0 {
						share = max(share, 2)
					}
				}
				if share > last {
					t.Fatalf("a segment of %g lies behind one of %g", share, last)
				}
				last = share
			}
			if !slices.Equal(sum, taken) || replicas != len(v.On(j)) {
				t.Fatalf("the stack of node %d takes %v, %d replicas; it holds %v, %d", j, sum, replicas, taken, len(v.On(j)))
			}
			placed += replicas
		}
		paid, left, atHome := int64(0), 0, map[int32]bool{}
		for _, r := range v.AwayFromHome() {
			paid += v.Own(r)
			atHome[r] = true
			away++
			if v.State(r) == view.Left {
				left++
			}
		}
		if placed+left != len(v.Bill.At) {
			t.Fatalf("%d replicas are on nodes and %d left out, of %d", placed, left, len(v.Bill.At))
		}
		for r := range int32(len(v.Bill.At)) {
			if !atHome[r] {
				paid += v.Own(r)
			}
		}
		for _, read := range v.Bill.Reads {
			paid += read.Cost
		}
		if terms := v.Bill.Terms; paid != terms.Fetch+terms.Move+terms.Unplaced {
			t.Fatalf("shown are %d, judged %+v", paid, terms)
		}
		for _, places := range v.Groupings() {
			sum := int64(0)
			for _, e := range v.Exchanges(places) {
				sum += e.Cost
				exchanges++
			}
			if sum != v.Bill.Terms.Traffic {
				t.Fatalf("by %s, traffic costs %d, judged %d", places.Key, sum, v.Bill.Terms.Traffic)
			}
		}
		sum := int64(0)
		for _, k := range v.DearestTraffic() {
			for _, f := range v.FlowsOf(k) {
				sum += f.Cost
			}
		}
		if sum != v.Bill.Terms.Traffic {
			t.Fatalf("the pairs pay %d, judged %d", sum, v.Bill.Terms.Traffic)
		}
	})
	if away == 0 || exchanges == 0 {
		t.Errorf("%d away, %d exchanges; the test shows little", away, exchanges)
	}
}

func library(t *testing.T, name string) (*model.Instance, *model.Problem) {
	t.Helper()
	for _, e := range instances.Library() {
		if e.Name == name {
			in, err := model.Read(e.Data, name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := model.Compile(in)
			if err != nil {
				t.Fatal(err)
			}
			return in, p
		}
	}
	t.Fatalf("the library has no %s", name)
	return nil, nil
}

// on puts each task of an instance on a node by name.
func on(t *testing.T, in *model.Instance, p *model.Problem, nodes map[string]string) []int32 {
	t.Helper()
	var at []int32
	for i := range in.Tasks {
		for k := range in.Tasks[i].Replicas {
			name := strings.Fields(nodes[in.Tasks[i].Name])[k]
			at = append(at, int32(slices.Index(p.NodeNames, name)))
		}
	}
	return at
}

// edge is the optimum of the shipped instance of that name.
var edge = map[string]string{
	"faces": "gate", "plates": "site", "motion": "yard", "counting": "site", "patrol": "centre", "archive": "site",
}

func TestEdge(t *testing.T) {
	in, p := library(t, "edge")
	v, err := view.New(in, p, solution(p, in, on(t, in, p, edge)))
	if err != nil {
		t.Fatal(err)
	}
	if len(v.Failed) > 0 {
		t.Fatalf("failed: %q", v.Failed)
	}
	var got []string
	for _, r := range v.AwayFromHome() {
		task, which := v.TaskOf(r)
		if which != 0 {
			t.Errorf("replica %d of a task that has one", which)
		}
		got = append(got, in.Tasks[task].Name+" of "+strings.Join(v.Home(task), ",")+" costs "+p.Format(v.Own(r))+": "+v.Kept(r, false))
	}
	want := []string{
		"patrol of van costs 28: not on van: the node would be asked for 2 of cpu and has 1",
		"plates of gate costs 8: not on gate: the node would be asked for 3 of cpu and has 2",
		"counting of yard costs 5.3: not on yard: the node would be asked for 3 of cpu and has 2",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if order := v.Nodes(true); in.Nodes[order[0]].Name != "gate" {
		t.Errorf("the fullest node is %s", in.Nodes[order[0]].Name)
	}
}

func TestLies(t *testing.T) {
	in, p := library(t, "edge")
	s := solution(p, in, on(t, in, p, edge))
	s.Objective = "1"
	v, err := view.New(in, p, s)
	if err != nil || len(v.Failed) != 1 || !strings.Contains(v.Failed[0], "objective") {
		t.Fatalf("%v, %q", err, v.Failed)
	}
	s.Placement[0].Nodes[0] = "attic"
	v, err = view.New(in, p, s)
	if err != nil || len(v.Failed) == 0 || !strings.Contains(strings.Join(v.Failed, ""), "attic") {
		t.Fatalf("%v, %q", err, v.Failed)
	}
	s.InstanceDigest = "sha256:" + strings.Repeat("0", 64)
	if _, err := view.New(in, p, s); err == nil || !strings.Contains(err.Error(), "was made for") {
		t.Errorf("a solution of another instance: %v", err)
	}
}
