package model

// Bill is what the replicas of a placement cost on their nodes, item by item, as
// the judge counts it: exact, and the items of each term add up to Verdict.Terms.
type Bill struct {
	Verdict
	At      []int32    // the node of every replica, task after task, see Replicas
	Own     []Terms    // what each replica pays on its node: Fetch, Move, Unplaced
	Reads   []Unserved // those that no replica serves; their costs belong to Fetch
	Open    []int64    // by node
	Wishes  []int64    // by rule of the document
	Broken  []int64    // by rule: how often a wish is broken, each time at its weight
	Traffic []int64    // by traffic of the document
	Flows   []Flow     // the traffic again, by the nodes between which it flows
}

// Unserved is what reads from Node cost that find no replica of a task there.
type Unserved struct {
	Task, Node int32
	Cost       int64
}

// Flow is the part of the traffic of two tasks that flows between two nodes, which
// may be one and the same. Share is in units of 1/Problem.Full of the volume; what
// flows to replicas that are left out is in no Flow.
type Flow struct {
	Traffic int32 // its index in the document
	Nodes   [2]int32
	Share   int64
	Cost    int64
}

// Bill itemises the cost of replicas on nodes, one for each replica of the document
// or NoPlace. O(replicas · resources + rules + traffic); for traffic between tasks
// of a and b replicas, a · b for each level of distance.
func (p *Problem) Bill(at []int32) *Bill {
	b := &Bill{Verdict: p.judge(at), At: at, Own: p.ownTerms(at), Open: make([]int64, len(p.NodeNames))}
	j := judgement{Problem: p, at: at}
	for _, node := range at {
		if node != NoPlace {
			b.Open[node] = p.Open[node]
		}
	}
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		for _, r := range p.original.reads[t.reads.From:t.reads.To] {
			if !contains(j.of(int32(i)), r.node) {
				b.Reads = append(b.Reads, Unserved{int32(i), r.node, r.cost})
			}
		}
	}
	for k := range p.original.rules {
		before := j.Terms.Wishes
		j.rule(k)
		cost := j.Terms.Wishes - before
		b.Wishes, b.Broken = append(b.Wishes, cost), append(b.Broken, cost/max(p.original.rules[k].weight, 1))
	}
	for k := range p.original.traffic {
		t := &p.original.traffic[k]
		b.Traffic = append(b.Traffic, j.flow(t))
		j.split(t, func(x, y int32, share, distance int64) {
			b.Flows = append(b.Flows, Flow{int32(k), [2]int32{x, y}, share, t.price * share * distance})
		})
	}
	return b
}

// ownTerms returns what every replica pays on its node, whatever the others do but
// for those that stay where its task runs today: the first ones there.
func (p *Problem) ownTerms(at []int32) []Terms {
	terms := make([]Terms, len(at))
	j := judgement{Problem: p, at: at}
	var today []int32
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		today = append(today[:0], p.original.current[t.current.From:t.current.To]...)
		for k, node := range j.of(int32(i)) {
			own := &terms[int(t.first)+k]
			if node == NoPlace {
				own.Unplaced = max(t.unplaced, 0)
				continue
			}
			own.Fetch = p.Costs[t.fetch].At(node)
			if stay := find(today, node); stay >= 0 {
				today = append(today[:stay], today[stay+1:]...)
			} else if t.current.To > t.current.From {
				own.Move = t.moveCost
			}
		}
	}
	return terms
}

// split tells what share of the traffic between two tasks flows between which
// nodes, over what distance. The judge says how much stays within the places of
// each level; within a place it is split by what the nodes still have to send and
// to receive, and remainders go to the later nodes.
func (j *judgement) split(t *taskTraffic, tell func(x, y int32, share, distance int64)) {
	a, b := j.of(t.a), j.of(t.b)
	if len(a) == 1 && len(b) == 1 {
		if a[0] != NoPlace && b[0] != NoPlace {
			tell(a[0], b[0], j.Full, j.Distance(a[0], b[0]))
		}
		return
	}
	s := splitting{judgement: j, from: j.ends(a), to: j.ends(b)}
	levels := j.Levels
	if levels[0].Topology != 0 { // what can stay on a node does, though it is no cheaper
		levels = append([]Level{{0, levels[0].Distance}}, levels...)
	}
	inner := int32(-1)
	for _, l := range levels {
		s.level(l.Topology, inner, func(x, y int32, share int64) { tell(x, y, share, l.Distance) })
		inner = l.Topology
	}
}

// end is a node with replicas of a task.
type end struct {
	node  int32
	count int32 // replicas here …
	of    int32 // … of so many
	left  int64 // share of the traffic that has not been split yet
}

// ends collects the nodes of a task in the order of its replicas.
func (j *judgement) ends(nodes []int32) []end {
	var ends []end
	for _, node := range nodes {
		if node == NoPlace {
			continue
		}
		k := 0
		for k < len(ends) && ends[k].node != node {
			k++
		}
		if k == len(ends) {
			ends = append(ends, end{node: node, of: int32(len(nodes))})
		}
		ends[k].count++
	}
	for k := range ends {
		e := &ends[k]
		e.left = j.Share(e.count, e.of, e.of, e.of)
	}
	return ends
}

// splitting is the traffic of two tasks while it is split.
type splitting struct {
	*judgement
	from, to []end
	done     map[int32]int64 // the share that stays within each place of the level before
}

// level splits what stays within the places of a topology, and not within those of
// the inner one (-1: none). Topology -1 is one place of all nodes.
func (s *splitting) level(topology, inner int32, tell func(x, y int32, share int64)) {
	place := func(topology, node int32) int32 {
		if topology < 0 {
			return 0
		}
		return s.Topologies[topology].Place[node]
	}
	before := map[int32]int64{} // by place of this level
	for _, e := range s.from {
		if inside := place(inner, e.node); inner >= 0 {
			before[place(topology, e.node)] += s.done[inside]
			delete(s.done, inside)
		}
	}
	done := map[int32]int64{}
	for _, first := range s.from {
		here := place(topology, first.node)
		if _, seen := done[here]; seen {
			continue
		}
		var countFrom, countTo int32
		var pairs [][2]*end
		for x := range s.from {
			if place(topology, s.from[x].node) != here {
				continue
			}
			countFrom += s.from[x].count
			for y := range s.to {
				if place(topology, s.to[y].node) == here && (inner < 0 || place(inner, s.from[x].node) != place(inner, s.to[y].node)) {
					pairs = append(pairs, [2]*end{&s.from[x], &s.to[y]})
				}
			}
		}
		for y := range s.to {
			if place(topology, s.to[y].node) == here {
				countTo += s.to[y].count
			}
		}
		done[here] = s.Share(countFrom, first.of, countTo, s.of())
		share(done[here]-before[here], pairs, tell)
	}
	s.done = done
}

// of is the number of replicas of the second task.
func (s *splitting) of() int32 {
	if len(s.to) == 0 {
		return 1
	}
	return s.to[0].of
}

// share divides an amount between pairs of ends in proportion to what both have
// left; all of it, also where rounding has left them less.
func share(amount int64, pairs [][2]*end, tell func(x, y int32, share int64)) {
	if amount == 0 || len(pairs) == 0 {
		return
	}
	weights := make([]int64, len(pairs))
	sum := int64(0)
	for k, pair := range pairs {
		weights[k] = pair[0].left * pair[1].left
		sum += weights[k]
	}
	if sum == 0 {
		weights[0], sum = 1, 1
	}
	given, seen := int64(0), int64(0)
	for k, pair := range pairs {
		seen += weights[k]
		part := amount*seen/sum - given
		if part == 0 {
			continue
		}
		given += part
		pair[0].left = max(pair[0].left-part, 0)
		pair[1].left = max(pair[1].left-part, 0)
		tell(pair[0].node, pair[1].node, part)
	}
}
