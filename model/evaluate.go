package model

import (
	"fmt"
	"strings"
)

// Verdict is what the judge says of a placement or a schedule.
type Verdict struct {
	Cost       int64 // the sum of Terms; of a schedule, which has none, the makespan
	Terms      Terms
	Moved      int         // replicas that run today, and elsewhere here
	LeftOut    int         // replicas that are nowhere here
	Violations []Violation // empty: feasible
}

// Terms is the cost by term, each already weighted.
type Terms struct{ Fetch, Traffic, Move, Open, Unplaced, Wishes int64 }

// Violation is one broken rule or capacity in the user's words.
type Violation struct {
	Path string // of the rule, node or task in the document, such as nodes[3]
	Text string // such as: node n1 is asked for 12Gi of memory and has 8Gi
}

// Evaluate is the judge: it costs a placement and lists everything that it
// breaks. It works from the problem as the document states it, before reduction,
// and from nothing that a method computed. O(replicas · resources + rules + traffic).
func (p *Problem) Evaluate(pl Placement) Verdict {
	if len(pl) != p.Copies {
		return Verdict{Violations: []Violation{{"placement", fmt.Sprintf("%d copies are placed, the problem has %d", len(pl), p.Copies)}}}
	}
	for c, node := range pl {
		if node < NoPlace || int(node) >= len(p.NodeNames) {
			return Verdict{Violations: []Violation{{"placement", fmt.Sprintf("copy %d is on node %d, which does not exist", c, node)}}}
		}
	}
	return p.judge(p.expand(pl))
}

// judge costs the nodes of all replicas.
func (p *Problem) judge(at []int32) Verdict {
	j := judgement{Problem: p, at: at}
	j.tasks()
	j.nodes()
	for k := range p.original.rules {
		j.rule(k)
	}
	j.traffic()
	t := j.Terms
	j.Cost = t.Fetch + t.Traffic + t.Move + t.Open + t.Unplaced + t.Wishes
	return j.Verdict
}

// judgement is a verdict in the making.
type judgement struct {
	*Problem
	Verdict
	at    []int32 // by replica
	count []int32 // by place, zero between uses
}

func (j *judgement) object(path, format string, args ...any) {
	j.Violations = append(j.Violations, Violation{path, fmt.Sprintf(format, args...)})
}

// of returns the nodes of a task's replicas.
func (j *judgement) of(t int32) []int32 {
	task := &j.original.tasks[t]
	return j.at[task.first : task.first+task.replicas]
}

// tasks judges every task by itself: where it may be, fetch, moves, what is left
// out, reads, apart; and how many replicas leave in all.
func (j *judgement) tasks() {
	left := int64(0)
	for i := range j.original.tasks {
		t := &j.original.tasks[i]
		nodes := j.of(int32(i))
		placed := int64(0)
		for _, node := range nodes {
			if node == NoPlace {
				j.LeftOut++
				if t.unplaced == NoLimit {
					j.object(fmt.Sprintf("tasks[%d]", i), "task %s is not placed", j.original.names[i])
				} else {
					j.Terms.Unplaced += t.unplaced
				}
				continue
			}
			placed++
			j.Terms.Fetch += j.Costs[t.fetch].At(node)
			if !j.Domains[t.allowed].Has(node) {
				j.object(fmt.Sprintf("tasks[%d].on", i), "task %s may not run on node %s", j.original.names[i], j.NodeNames[node])
			}
		}
		if t.current.To > t.current.From {
			today, stayed := int64(t.current.To-t.current.From), j.stayed(t, nodes)
			j.Terms.Move += t.moveCost * (placed - stayed)
			j.Moved += int(min(placed, today) - stayed)
			left += today - stayed
		}
		for _, r := range j.original.reads[t.reads.From:t.reads.To] {
			if !contains(nodes, r.node) {
				j.Terms.Fetch += r.cost
			}
		}
		if t.apart >= 0 && t.replicas > 1 {
			j.apart(i, t, nodes)
		}
	}
	if most := j.Given.MaxMoves; most != nil && left > int64(*most) {
		j.object("given.maxMoves", "%s where they run today, at most %d may", Counted(int(left), "replica leaves", "replicas leave"), *most)
	}
}

func contains(nodes []int32, node int32) bool {
	for _, n := range nodes {
		if n == node {
			return true
		}
	}
	return false
}

// stayed counts the replicas that are where one of the task's runs today.
func (j *judgement) stayed(t *originalTask, nodes []int32) int64 {
	today := j.original.current[t.current.From:t.current.To]
	stayed := int64(0)
	for from := 0; from < len(today); {
		to := from
		for to < len(today) && today[to] == today[from] {
			to++
		}
		here := 0
		for _, node := range nodes {
			if node == today[from] {
				here++
			}
		}
		stayed += int64(min(here, to-from))
		from = to
	}
	return stayed
}

func (j *judgement) apart(i int, t *originalTask, nodes []int32) {
	top := &j.Topologies[t.apart]
	counts := j.tally(top, nodes)
	for _, node := range nodes {
		if node == NoPlace {
			continue
		}
		place := top.Place[node]
		if n := counts[place]; n > 1 {
			j.object(fmt.Sprintf("tasks[%d].apart", i), "%d replicas of task %s share %s %s", n, j.original.names[i], top.Key, top.Names[place])
		}
		counts[place] = 0
	}
}

// tally counts nodes by place of a topology; untally must follow.
func (j *judgement) tally(top *Topology, nodes []int32) []int32 {
	if n := len(top.Names); len(j.count) < n {
		j.count = append(j.count, make([]int32, n-len(j.count))...)
	}
	for _, node := range nodes {
		if node != NoPlace {
			j.count[top.Place[node]]++
		}
	}
	return j.count[:len(top.Names)]
}

func (j *judgement) untally(top *Topology, nodes []int32) {
	for _, node := range nodes {
		if node != NoPlace {
			j.count[top.Place[node]] = 0
		}
	}
}

// nodes judges capacities, open costs and uplinks.
func (j *judgement) nodes() {
	resources := len(j.Resources)
	load := make([]int64, len(j.Capacity))
	used := make([]bool, len(j.NodeNames))
	sent := make([]int64, len(j.NodeNames))
	for i := range j.original.tasks {
		t := &j.original.tasks[i]
		demand := &j.Demands[t.demand]
		for _, node := range j.of(int32(i)) {
			if node == NoPlace {
				continue
			}
			used[node] = true
			for r, d := range demand.On(node) {
				load[int(node)*resources+r] += d
			}
		}
		for _, r := range j.original.reads[t.reads.From:t.reads.To] {
			if !contains(j.of(int32(i)), r.node) {
				sent[r.node] += r.reads
			}
		}
	}
	for node, name := range j.NodeNames {
		if used[node] {
			j.Terms.Open += j.Open[node]
		}
		for r, resource := range j.Resources {
			k := node*resources + r
			if load[k] > j.Capacity[k] {
				j.object(fmt.Sprintf("nodes[%d].capacity.%s", node, resource), "node %s is asked for %s of %s and has %s",
					name, j.Amount(r, load[k]), resource, j.Amount(r, j.Capacity[k]))
			}
		}
		if up := j.Uplink[node]; up != NoLimit && sent[node] > up {
			j.object(fmt.Sprintf("nodes[%d].uplink", node), "node %s sends out %s reads, its uplink carries %s",
				name, Decimal(sent[node]), Decimal(up))
		}
	}
}

func (j *judgement) rule(k int) {
	r := &j.original.rules[k]
	switch r.kind {
	case Affinity:
		j.affinity(k, r)
	case AntiAffinity:
		j.antiAffinity(k, r)
	case Spread:
		j.spread(k, r)
	}
}

// affinity: hard, all replicas of all tasks in one place, or all left out; as a
// wish, the tasks that are not wholly in the place that holds most of them whole.
func (j *judgement) affinity(k int, r *taskRule) {
	top := &j.Topologies[r.topology]
	whole := map[int32]int64{} // tasks by the place that holds all their placed replicas
	tasks, most := int64(0), int64(0)
	places := map[int32]bool{}
	left, placed := false, false
	for _, t := range r.tasks {
		first, split := NoPlace, false
		for _, node := range j.of(t) {
			if node == NoPlace {
				left = true
				continue
			}
			placed = true
			place := top.Place[node]
			places[place] = true
			if first == NoPlace {
				first = place
			}
			split = split || place != first
		}
		if first == NoPlace {
			continue
		}
		tasks++
		if !split {
			whole[first]++
			most = max(most, whole[first])
		}
	}
	if !r.hard {
		j.Terms.Wishes += r.weight * (tasks - most)
		return
	}
	path := fmt.Sprintf("rules[%d]", k)
	if len(places) > 1 {
		j.object(path, "affinity of %s is broken: they are on %d different %ss", j.named(r), len(places), top.Key)
	}
	if left && placed {
		j.object(path, "affinity of %s is broken: some of its replicas are placed and some left out", j.named(r))
	}
}

func (j *judgement) named(r *taskRule) string {
	names := make([]string, len(r.tasks))
	for k, t := range r.tasks {
		names[k] = j.original.names[t]
	}
	if len(names) > 6 {
		names = append(names[:5], fmt.Sprintf("%d more", len(names)-5))
	}
	return strings.Join(names, ", ")
}

// antiAffinity: no place holds replicas of two tasks; as a wish, each pair of
// tasks that shares a place costs once.
func (j *judgement) antiAffinity(k int, r *taskRule) {
	top := &j.Topologies[r.topology]
	in := map[int32][]int32{} // tasks by place
	broken := map[[2]int32]bool{}
	for _, t := range r.tasks {
		for _, node := range j.of(t) {
			if node == NoPlace {
				continue
			}
			place := top.Place[node]
			others := in[place]
			if len(others) > 0 && others[len(others)-1] == t {
				continue
			}
			for _, other := range others {
				pair := [2]int32{other, t}
				if !broken[pair] && r.hard {
					j.object(fmt.Sprintf("rules[%d]", k), "anti-affinity is broken: tasks %s and %s share %s %s",
						j.original.names[other], j.original.names[t], top.Key, top.Names[place])
				}
				broken[pair] = true
			}
			in[place] = append(others, t)
		}
	}
	if !r.hard {
		j.Terms.Wishes += r.weight * int64(len(broken))
	}
}

// spread: replicas counted by place differ by at most maxSkew; as a wish, each
// unit above costs.
func (j *judgement) spread(k int, r *taskRule) {
	top := &j.Topologies[r.topology]
	count := make([]int64, len(top.Names))
	for _, t := range r.tasks {
		for _, node := range j.of(t) {
			if node != NoPlace {
				count[top.Place[node]]++
			}
		}
	}
	least, most := 0, 0
	for place, n := range count {
		if n < count[least] {
			least = place
		}
		if n > count[most] {
			most = place
		}
	}
	over := count[most] - count[least] - r.maxSkew
	if over <= 0 {
		return
	}
	if !r.hard {
		j.Terms.Wishes += r.weight * over
		return
	}
	j.object(fmt.Sprintf("rules[%d]", k), "spread of %s is broken: %d on %s %s, %d on %s, more than %d apart",
		j.named(r), count[most], top.Key, top.Names[most], count[least], top.Names[least], r.maxSkew)
}

// traffic adds up what every pair pays for the distance between its replicas.
func (j *judgement) traffic() {
	for k := range j.original.traffic {
		j.Terms.Traffic += j.flow(&j.original.traffic[k])
	}
}

// flow is what one pair pays.
func (j *judgement) flow(t *taskTraffic) int64 {
	a, b := j.of(t.a), j.of(t.b)
	if j.Matrix != nil {
		if a[0] == NoPlace || b[0] == NoPlace {
			return 0
		}
		return t.price * j.Full * j.Distance(a[0], b[0])
	}
	last := len(j.Levels) - 1
	within := j.Share(countPlaced(a), int32(len(a)), countPlaced(b), int32(len(b)))
	cost := within * j.Levels[last].Distance
	for l := last - 1; l >= 0; l-- {
		together := j.together(&j.Topologies[j.Levels[l].Topology], a, b)
		cost -= together * (j.Levels[l+1].Distance - j.Levels[l].Distance)
	}
	return t.price * cost
}

func countPlaced(nodes []int32) int32 {
	n := int32(0)
	for _, node := range nodes {
		if node != NoPlace {
			n++
		}
	}
	return n
}

// together is the share of the traffic between two tasks that stays within places
// of a topology.
func (j *judgement) together(top *Topology, a, b []int32) int64 {
	if len(a) == 1 && len(b) == 1 {
		if a[0] == NoPlace || b[0] == NoPlace || top.Place[a[0]] != top.Place[b[0]] {
			return 0
		}
		return j.Full
	}
	inB := map[int32]int32{}
	for _, node := range b {
		if node != NoPlace {
			inB[top.Place[node]]++
		}
	}
	inA := j.tally(top, a)
	share := int64(0)
	for place, n := range inB {
		share += j.Share(inA[place], int32(len(a)), n, int32(len(b)))
	}
	j.untally(top, a)
	return share
}
