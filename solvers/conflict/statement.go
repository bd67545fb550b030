package conflict

import (
	"slices"
	"strings"

	"berth/model"
)

// statement is a document resolved to indices, with nothing merged or cut.
type statement struct {
	in        *model.Instance
	p         *model.Problem // of the document without selectors and what is given
	resources int
	nodes     int
	tasks     []task
	rules     []rule  // the hard ones
	capacity  []int64 // by node and resource
	uplink    []int64 // by node, or model.NoLimit
	stay      int     // replicas that have to stay where they run today

	members    []Member
	ofCapacity []int // members, by node and resource
	ofUplink   []int // by node, or −1
	ofLost     []int // by node, or −1
	ofMoves    int   // or −1
}

// task is a task of the document.
type task struct {
	model.StatedTask
	count  int
	must   bool               // be placed
	barred [Placed + 1][]bool // by kind of its members and node: this one keeps it off; nil: it has none
	rules  []int              // those that it is in
	part   [Placed + 1]int    // its members by kind, or −1
}

// rule is a hard rule of the document.
type rule struct {
	model.StatedRule
	member int
	place  []int32 // of its topology, by node
	places int
}

// newStatement resolves a document and lists its parts.
func newStatement(in *model.Instance) (*statement, error) {
	bare := *in
	bare.Given = model.Given{}
	bare.Tasks = slices.Clone(in.Tasks)
	for i := range bare.Tasks {
		bare.Tasks[i].On = nil
	}
	p, err := model.Compile(&bare)
	if err != nil {
		return nil, err
	}
	s := &statement{
		in: in, p: p, resources: len(p.Resources), nodes: len(p.NodeNames),
		capacity: slices.Clone(p.Capacity), uplink: p.Uplink, ofMoves: -1,
	}
	running := 0
	for i := range in.Tasks {
		s.addTask(i)
		running += len(in.Tasks[i].Current)
	}
	for k, r := range p.StatedRules() {
		if r.Hard {
			s.addRule(k, r)
		}
	}
	for j := range in.Nodes {
		s.addNode(j)
	}
	if most := in.Given.MaxMoves; most != nil && running > *most {
		s.stay = running - *most
		s.ofMoves = s.add(member(Moves))
	}
	for i := range s.tasks {
		if s.tasks[i].must {
			s.addPart(Placed, i)
		}
	}
	return s, nil
}

func (s *statement) add(m Member) int {
	s.members = append(s.members, m)
	return len(s.members) - 1
}

func (s *statement) addPart(kind Kind, i int) {
	m := member(kind)
	m.Task = i
	s.tasks[i].part[kind] = s.add(m)
}

func (s *statement) addTask(i int) {
	in := &s.in.Tasks[i]
	stated := s.p.Stated(i)
	t := task{StatedTask: stated, count: in.Replicas, must: stated.Unplaced == model.NoLimit}
	for kind := range t.part {
		t.part[kind] = -1
	}
	t.barred[Fix] = s.barredBy(s.in.Given.Fix, in.Name, false)
	t.barred[Forbid] = s.barredBy(s.in.Given.Forbid, in.Name, true)
	if in.On != nil {
		t.barred[Selector] = s.unselected(in.On)
	}
	if t.Allowed.Size < s.nodes {
		t.barred[Reach] = make([]bool, s.nodes)
		for j := range s.nodes {
			t.barred[Reach][j] = !t.Allowed.Has(int32(j))
		}
	}
	s.tasks = append(s.tasks, t)
	for kind := range t.barred {
		if t.barred[kind] != nil {
			s.addPart(Kind(kind), i)
		}
	}
	if t.Apart >= 0 && t.count > 1 {
		s.addPart(Apart, i)
	}
}

// unselected is the set of nodes that `on` does not allow.
func (s *statement) unselected(on *model.Selector) []bool {
	set := make([]bool, s.nodes)
	for j := range set {
		node := &s.in.Nodes[j]
		if on.Labels == nil {
			set[j] = !slices.Contains(on.Nodes, node.Name)
			continue
		}
		set[j] = slices.ContainsFunc(on.Labels, func(l model.Label) bool {
			value, ok := node.Label(l.Key)
			return !ok || value != l.Value
		})
	}
	return set
}

// barredBy is the set of nodes that what was given keeps a task off, the nodes that it
// names or all others; nil where nothing was given for the task.
func (s *statement) barredBy(given []model.TaskNodes, task string, named bool) []bool {
	var set []bool
	for _, g := range given {
		if g.Task != task {
			continue
		}
		if set == nil {
			set = make([]bool, s.nodes)
		}
		for j := range set {
			set[j] = set[j] || slices.Contains(g.Nodes, s.in.Nodes[j].Name) == named
		}
	}
	return set
}

func (s *statement) addRule(k int, r model.StatedRule) {
	m := member(Rule)
	m.Rule = k
	top := &s.p.Topologies[r.Topology]
	for _, t := range r.Tasks {
		s.tasks[t].rules = append(s.tasks[t].rules, len(s.rules))
	}
	s.rules = append(s.rules, rule{StatedRule: r, member: s.add(m), place: top.Place, places: len(top.Names)})
}

func (s *statement) addNode(j int) {
	for _, resource := range s.p.Resources {
		m := member(Capacity)
		m.Node, m.Resource = j, resource
		s.ofCapacity = append(s.ofCapacity, s.add(m))
	}
	up := -1
	if s.uplink[j] != model.NoLimit {
		m := member(Uplink)
		m.Node = j
		up = s.add(m)
	}
	s.ofUplink = append(s.ofUplink, up)
	lost := -1
	if slices.Contains(s.in.Given.Without, s.in.Nodes[j].Name) {
		m := member(Lost)
		m.Node = j
		lost = s.add(m)
	}
	s.ofLost = append(s.ofLost, lost)
}

// may says whether a task may be on a node, as far as the parts allow that are not off
// and speak of no other task.
func (s *statement) may(i, j int, off []bool) bool { return s.against(i, j, off) < 0 }

// against is the first part that alone keeps a task off a node and is not off, or −1.
// Capacities are apart, see tooSmall.
func (s *statement) against(i, j int, off []bool) int {
	if lost := s.ofLost[j]; lost >= 0 && !off[lost] {
		return lost
	}
	t := &s.tasks[i]
	for kind := Fix; kind <= Reach; kind++ {
		if set := t.barred[kind]; set != nil && set[j] && !off[t.part[kind]] {
			return t.part[kind]
		}
	}
	return -1
}

// setCapacity writes a capacity into a document, which must own its nodes.
func setCapacity(in *model.Instance, node int, resource string, amount model.Quantity) {
	list := slices.Clone(in.Nodes[node].Capacity)
	k, found := slices.BinarySearchFunc(list, resource, func(a model.Amount, name string) int { return strings.Compare(a.Resource, name) })
	if found {
		list[k].Quantity = amount
	} else {
		list = slices.Insert(list, k, model.Amount{Resource: resource, Quantity: amount})
	}
	in.Nodes[node].Capacity = list
}
