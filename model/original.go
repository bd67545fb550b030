package model

import "iter"

// original is a problem before reduction: the document with its names resolved
// and its numbers in units, nothing merged, cut or left out. The judge works on
// it.
type original struct {
	tasks   []originalTask
	names   []string    // of the tasks
	current []int32     // nodes, by the tasks' spans
	reads   []taskReads // by the tasks' spans
	rules   []taskRule
	traffic []taskTraffic

	// From a copy of an item to what it stands for: a replica (an index into all
	// replicas, task after task), or, negative, ^group.
	stands []int32
	groups [][]int32 // the tasks of every affinity group
	itemOf []int32   // by task

	replicas int // in all
}

// RunsToday says whether any task says where it runs today.
func (p *Problem) RunsToday() bool { return len(p.original.current) > 0 }

// originalTask is a task with its numbers in units.
type originalTask struct {
	first    int32 // its replicas are first, …, first+replicas-1
	replicas int32
	fetch    int32 // into Problem.Costs
	demand   int32 // into Problem.Demands
	allowed  int32 // into Problem.Domains
	apart    int32 // topology, or -1
	unplaced int64 // or NoLimit
	moveCost int64
	current  Span
	reads    Span
}

// taskReads is how often a rack reads a chunk: cost when it must read elsewhere,
// and the load on its uplink then.
type taskReads struct {
	node  int32
	cost  int64
	reads int64
}

// taskRule is a rule over tasks.
type taskRule struct {
	kind     RuleKind
	tasks    []int32
	topology int32
	maxSkew  int64
	hard     bool
	weight   int64 // of a wish
}

// taskTraffic is traffic between two tasks, priced as in Pair.
type taskTraffic struct {
	a, b  int32
	price int64
}

// expand returns the node of every replica.
func (p *Problem) expand(pl Placement) []int32 {
	o := p.original
	at := make([]int32, o.replicas)
	for c, node := range pl {
		s := o.stands[c]
		if s >= 0 {
			at[s] = node
			continue
		}
		for _, t := range o.groups[^s] {
			task := &o.tasks[t]
			for k := range task.replicas {
				at[task.first+k] = node
			}
		}
	}
	return at
}

// Lift is the placement of copies that puts every replica on its node; false where
// tasks that affinity holds together are on different nodes, so that there is none.
func (p *Problem) Lift(at []int32) (Placement, bool) {
	pl := make(Placement, p.Copies)
	for c := range pl {
		first := true
		for replica := range p.ReplicasOf(c) {
			if !first && pl[c] != at[replica] {
				return nil, false
			}
			pl[c], first = at[replica], false
		}
	}
	return pl, true
}

// Replicas is the range of the replicas of a task of the document, where all
// replicas are numbered task after task.
func (p *Problem) Replicas(task int) Span {
	t := &p.original.tasks[task]
	return Span{t.first, t.first + t.replicas}
}

// ReplicasOf ranges over the replicas that a copy stands for.
func (p *Problem) ReplicasOf(c int) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		s := p.original.stands[c]
		if s >= 0 {
			yield(s)
			return
		}
		for _, t := range p.original.groups[^s] {
			task := &p.original.tasks[t]
			for k := range task.replicas {
				if !yield(task.first + k) {
					return
				}
			}
		}
	}
}

// Takes returns what a replica of a task of the document takes on a node, by
// resource. The slice is shared.
func (p *Problem) Takes(task int, node int32) []int64 {
	return p.Demands[p.original.tasks[task].demand].On(node)
}

// FetchRow is what a replica of a task of the document pays on each node for
// fetching. It is shared.
func (p *Problem) FetchRow(task int) *CostRow {
	return &p.Costs[p.original.tasks[task].fetch]
}

// Leave returns how many replicas leave where they run today in a placement, as the
// limit on moves counts them. O(replicas).
func (p *Problem) Leave(pl Placement) int64 {
	j := judgement{Problem: p, at: p.expand(pl)}
	left := int64(0)
	for i := range p.original.tasks {
		t := &p.original.tasks[i]
		left += int64(t.current.To-t.current.From) - j.stayed(t, j.of(int32(i)))
	}
	return left
}
