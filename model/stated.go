package model

// StatedTask is a task as the document states it, with its names resolved and nothing
// merged, cut or left out. Its slices are shared.
type StatedTask struct {
	Replicas Span       // among the replicas of all tasks, task after task
	Demand   *DemandRow // of a replica
	Allowed  *Domain    // by `on`, the network and what is given
	Apart    int32      // a topology whose places hold at most one replica each, or -1
	Unplaced int64      // the price of leaving a replica out, or NoLimit
	Current  []int32    // nodes that it runs on today, ascending
	Reads    []StatedReads
}

// StatedReads is how much one node loads its uplink while no replica is there.
type StatedReads struct {
	Node  int32
	Reads int64
}

// StatedRule is a rule of the document over its tasks.
type StatedRule struct {
	Kind     RuleKind
	Tasks    []int32
	Topology int32
	MaxSkew  int64
	Hard     bool
}

// Stated returns a task of the document.
func (p *Problem) Stated(task int) StatedTask {
	t := &p.original.tasks[task]
	s := StatedTask{
		Replicas: Span{t.first, t.first + t.replicas}, Demand: &p.Demands[t.demand], Allowed: &p.Domains[t.allowed],
		Apart: t.apart, Unplaced: t.unplaced, Current: p.original.current[t.current.From:t.current.To],
	}
	for _, r := range p.original.reads[t.reads.From:t.reads.To] {
		s.Reads = append(s.Reads, StatedReads{r.node, r.reads})
	}
	return s
}

// StatedRules returns the rules of the document, in its order.
func (p *Problem) StatedRules() []StatedRule {
	rules := make([]StatedRule, len(p.original.rules))
	for k := range rules {
		r := &p.original.rules[k]
		rules[k] = StatedRule{r.kind, r.tasks, r.topology, r.maxSkew, r.hard}
	}
	return rules
}
