// Package view makes pictures of solution documents: what is where, what is away
// from home and what that costs, what flows between which nodes.
//
//   - view.go: a Picture, a solution with all that is to be seen in it; traffic.go:
//     its traffic by places.
//   - html.go, payload.go, assets: the picture as one HTML page.
//
// A Picture is of a placement. The page's sections and the data behind them are
// tables, so that another kind of solution can bring sections of its own.
package view

import (
	"cmp"
	"fmt"
	"slices"

	"berth/model"
)

// Picture is a solution of a placement problem, judged, with all that is to be seen
// in it. Tasks, nodes, rules and traffic go by their index in the document, replicas
// are numbered task after task.
type Picture struct {
	Instance *model.Instance
	Problem  *model.Problem
	Solution *model.Solution

	Failed []string    // the claims that do not hold, in words
	Bill   *model.Bill // nil where the solution has no placement

	// Placement is what Bill itemises; nil where that breaks a rule, so that the
	// judge cannot be asked what another place would cost.
	Placement model.Placement

	taskOf []int32 // by replica
	copyOf []int32 // by replica, where Placement is not nil
	first  []int32 // the replicas on node j are on[first[j]:first[j+1]]
	on     []int32
	load   []int64 // load[j*resources+r]
	least  []int64 // by task: the least fetch penalty of any node
}

// New judges a solution. It fails where the solution is not one of this instance.
// O(size of the two documents).
func New(in *model.Instance, p *model.Problem, s *model.Solution) (*Picture, error) {
	if s.InstanceDigest != p.Digest {
		return nil, fmt.Errorf("the solution was made for instance %q with digest %s; this one is called %q and has %s",
			s.Instance, s.InstanceDigest, p.Name, p.Digest)
	}
	v := &Picture{Instance: in, Problem: p, Solution: s, Failed: p.Verify(s)}
	if !s.Status.HasPlacement() {
		return v, nil
	}
	v.Bill = p.Bill(p.At(s))
	v.taskOf = make([]int32, len(v.Bill.At))
	v.least = make([]int64, len(in.Tasks))
	least := map[*model.CostRow]int64{}
	for i := range in.Tasks {
		span := p.Replicas(i)
		for r := span.From; r < span.To; r++ {
			v.taskOf[r] = int32(i)
		}
		row := p.FetchRow(i)
		if _, known := least[row]; !known {
			least[row] = row.Least()
		}
		v.least[i] = least[row]
	}
	if len(v.Bill.Violations) == 0 {
		v.lift()
	}
	v.stack()
	return v, nil
}

func (v *Picture) lift() {
	pl, ok := v.Problem.Lift(v.Bill.At)
	if !ok {
		return
	}
	v.Placement = pl
	v.copyOf = make([]int32, len(v.taskOf))
	for c := range pl {
		for r := range v.Problem.ReplicasOf(c) {
			v.copyOf[r] = int32(c)
		}
	}
}

// stack sorts the replicas by node and adds up what they take.
func (v *Picture) stack() {
	resources := len(v.Problem.Resources)
	v.load = make([]int64, len(v.Problem.Capacity))
	v.first = make([]int32, len(v.Instance.Nodes)+1)
	for r, node := range v.Bill.At {
		if node == model.NoPlace {
			continue
		}
		v.first[node+1]++
		for k, amount := range v.Problem.Takes(int(v.taskOf[r]), node) {
			v.load[int(node)*resources+k] += amount
		}
	}
	for j := range v.Instance.Nodes {
		v.first[j+1] += v.first[j]
	}
	v.on = make([]int32, v.first[len(v.first)-1])
	next := slices.Clone(v.first)
	for r, node := range v.Bill.At {
		if node != model.NoPlace {
			v.on[next[node]] = int32(r)
			next[node]++
		}
	}
}

// On lists the replicas on a node, ascending. The slice is shared.
func (v *Picture) On(node int) []int32 { return v.on[v.first[node]:v.first[node+1]] }

// TaskOf returns the task of a replica, and which of its replicas it is, from 0.
func (v *Picture) TaskOf(replica int32) (task, which int) {
	task = int(v.taskOf[replica])
	return task, int(replica - v.Problem.Replicas(task).From)
}

// Load is what is taken on a node, by resource, and what it has.
func (v *Picture) Load(node int) (taken, capacity []int64) {
	from, to := node*len(v.Problem.Resources), (node+1)*len(v.Problem.Resources)
	return v.load[from:to], v.Problem.Capacity[from:to]
}

// fullest is the share that is taken of the resource of which a node has the least
// left.
func (v *Picture) fullest(node int) float64 { return most(v.Load(node)) }

func most(taken, capacity []int64) float64 {
	share := 0.0
	for r := range taken {
		switch {
		case capacity[r] > 0:
			share = max(share, float64(taken[r])/float64(capacity[r]))
		case taken[r] > 0:
			share = max(share, 2) // of nothing
		}
	}
	return share
}

// Segment is what the replicas of one task take on a node.
type Segment struct {
	Task, Replicas int
	Takes          []int64 // by resource, all of them together
}

// Stack is what lies on a node, task by task: those first that take the largest
// share of any resource. O(replicas on it · resources).
func (v *Picture) Stack(node int) []Segment {
	var stack []Segment
	for _, r := range v.On(node) {
		task, _ := v.TaskOf(r)
		if n := len(stack); n == 0 || stack[n-1].Task != task {
			stack = append(stack, Segment{task, 0, make([]int64, len(v.Problem.Resources))})
		}
		s := &stack[len(stack)-1]
		s.Replicas++
		for k, amount := range v.Problem.Takes(task, int32(node)) {
			s.Takes[k] += amount
		}
	}
	_, capacity := v.Load(node)
	slices.SortStableFunc(stack, func(a, b Segment) int {
		return cmp.Compare(most(b.Takes, capacity), most(a.Takes, capacity))
	})
	return stack
}

// Nodes lists the nodes: in the order of the document, or the fullest first.
func (v *Picture) Nodes(fullestFirst bool) []int {
	order := make([]int, len(v.Instance.Nodes))
	for j := range order {
		order[j] = j
	}
	if fullestFirst {
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(v.fullest(b), v.fullest(a)) })
	}
	return order
}

// State says why a replica pays where it is.
type State uint8

// The states: a set, empty for a replica that is nowhere better off by itself.
const (
	Away  State = 1 << iota // another node has a lower fetch penalty
	Moved                   // it does not stay where it runs today
	Left                    // it is left out
)

// State returns that of a replica.
func (v *Picture) State(replica int32) State {
	own := v.Bill.Own[replica]
	if v.Bill.At[replica] == model.NoPlace {
		return Left
	}
	state := State(0)
	if own.Fetch > v.least[v.taskOf[replica]] {
		state |= Away
	}
	if own.Move > 0 {
		state |= Moved
	}
	return state
}

// Own is what a replica pays by itself.
func (v *Picture) Own(replica int32) int64 {
	own := v.Bill.Own[replica]
	return own.Fetch + own.Move + own.Unplaced
}

// AwayFromHome lists the replicas whose state is not empty, the dearest first.
func (v *Picture) AwayFromHome() []int32 {
	var away []int32
	for r := range int32(len(v.Bill.At)) {
		if v.State(r) != 0 {
			away = append(away, r)
		}
	}
	slices.SortStableFunc(away, func(a, b int32) int { return cmp.Compare(v.Own(b), v.Own(a)) })
	return away
}

// Home lists where a task is at home: the nodes that the document names, else, where
// some nodes are cheaper than others, those with the least penalty.
func (v *Picture) Home(task int) []string {
	if home := v.Instance.Tasks[task].Home; len(home) > 0 {
		return home
	}
	row := v.Problem.FetchRow(task)
	if len(row.Values) == 0 {
		return nil
	}
	var home []string
	for j := range v.Instance.Nodes {
		if row.At(int32(j)) == v.least[task] {
			home = append(home, v.Instance.Nodes[j].Name)
		}
	}
	if len(home) == len(v.Instance.Nodes) {
		return nil
	}
	return home
}

// Kept says what keeps a replica from the node on which it, with all that affinity
// holds to it, would pay less by itself; see model.Problem.Kept. With traffic, its
// part of that counts as well. Empty where the placement breaks a rule.
// O(size of the problem).
func (v *Picture) Kept(replica int32, traffic bool) string {
	if v.Placement == nil {
		return ""
	}
	c := int(v.copyOf[replica])
	if traffic {
		return v.Problem.Kept(v.Placement, v.Problem.ChargesOf(v.Placement, []int{c})[0])
	}
	charge := model.Charge{Copy: c, Node: v.Bill.At[replica]}
	for r := range v.Problem.ReplicasOf(c) {
		own := v.Bill.Own[r]
		charge.Terms.Fetch += own.Fetch
		charge.Terms.Move += own.Move
		charge.Terms.Unplaced += own.Unplaced
	}
	return v.Problem.Kept(v.Placement, charge)
}
