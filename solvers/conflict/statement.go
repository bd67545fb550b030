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
	ofMoves    int   // or −1
}

// task is a task of the document. Sets of nodes are nil for all of them.
type task struct {
	model.StatedTask
	count                    int
	must                     bool            // be placed
	reach, on, fixed, banned []bool          // by node
	rules                    []int           // those that it is in
	part                     [Placed + 1]int // its members by kind, or −1
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
	t.on, t.fixed, t.banned = s.selected(in.On), s.named(s.in.Given.Fix, in.Name, false), s.named(s.in.Given.Forbid, in.Name, true)
	if t.Allowed.Size < s.nodes {
		t.reach = make([]bool, s.nodes)
		for j := range t.reach {
			t.reach[j] = t.Allowed.Has(int32(j))
		}
	}
	s.tasks = append(s.tasks, t)
	for _, part := range []struct {
		kind Kind
		here bool
	}{{Selector, t.on != nil}, {Fix, t.fixed != nil}, {Forbid, t.banned != nil}, {Reach, t.reach != nil}, {Apart, t.Apart >= 0 && t.count > 1}} {
		if part.here {
			s.addPart(part.kind, i)
		}
	}
}

// selected is the set of nodes that `on` allows.
func (s *statement) selected(on *model.Selector) []bool {
	if on == nil {
		return nil
	}
	set := make([]bool, s.nodes)
	for j := range set {
		node := &s.in.Nodes[j]
		if on.Labels == nil {
			set[j] = slices.Contains(on.Nodes, node.Name)
			continue
		}
		set[j] = !slices.ContainsFunc(on.Labels, func(l model.Label) bool {
			value, ok := node.Label(l.Key)
			return !ok || value != l.Value
		})
	}
	return set
}

// named is the set of nodes that was given for a task; nil where nothing was. Where a
// task was given several times it is what all of them have, or what any of them has.
func (s *statement) named(given []model.TaskNodes, task string, any bool) []bool {
	var set []bool
	for _, g := range given {
		if g.Task != task {
			continue
		}
		first := set == nil
		if first {
			set = make([]bool, s.nodes)
		}
		for j := range set {
			named := slices.Contains(g.Nodes, s.in.Nodes[j].Name)
			if first || any {
				set[j] = set[j] || named
			} else {
				set[j] = set[j] && named
			}
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
}

// may says whether a task may be on a node, as far as the parts allow that are not off
// and speak of no other task.
func (s *statement) may(i, j int, off []bool) bool {
	t := &s.tasks[i]
	return (t.on == nil || t.on[j] || off[t.part[Selector]]) && (t.fixed == nil || t.fixed[j] || off[t.part[Fix]]) &&
		(t.banned == nil || !t.banned[j] || off[t.part[Forbid]]) && (t.reach == nil || t.reach[j] || off[t.part[Reach]])
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
