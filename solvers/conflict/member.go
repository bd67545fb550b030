package conflict

import (
	"fmt"
	"strings"

	"berth/model"
)

// Kind is what sort of part of a document a Member is. Kinds are in the order in
// which people would sooner give a part up: capacity can be bought, a task cannot.
type Kind uint8

// The kinds of a member.
const (
	Capacity Kind = iota // of Resource on Node
	Uplink               // of Node
	Moves                // the limit on moves that was given
	Fix                  // what was given for Task
	Forbid
	Lost     // what was given for Node: nothing runs there
	Selector // `on` of Task
	Apart    // of Task
	Rule     // a hard rule
	Reach    // `data` of Task, which no path leads to from elsewhere
	Placed   // Task must be placed
)

// String is the kind in one word.
func (k Kind) String() string {
	return [...]string{"capacity", "uplink", "moves", "fix", "forbid", "lost", "selector", "apart", "rule", "reach", "placed"}[k]
}

// Member is a part of a document that a conflict can rest on: what a user can take
// back by itself. The indices that its kind does not speak of are −1.
type Member struct {
	Kind     Kind
	Task     int // in the document, as are Node and Rule
	Node     int
	Rule     int
	Resource string
}

func member(kind Kind) Member { return Member{Kind: kind, Task: -1, Node: -1, Rule: -1} }

// Path leads to the member in the document of an instance, as model.Locate takes it;
// what is given beside the document has the path that it has in a solution.
func (m Member) Path(in *model.Instance) []any {
	switch m.Kind {
	case Capacity:
		for _, a := range in.Nodes[m.Node].Capacity {
			if a.Resource == m.Resource {
				return []any{"nodes", m.Node, "capacity", m.Resource}
			}
		}
		return []any{"nodes", m.Node}
	case Uplink:
		return []any{"nodes", m.Node, "uplink"}
	case Moves:
		return []any{"given", "maxMoves"}
	case Fix:
		return []any{"given", "fix", in.Tasks[m.Task].Name}
	case Forbid:
		return []any{"given", "forbid", in.Tasks[m.Task].Name}
	case Lost:
		return []any{"given", "without"}
	case Selector:
		return []any{"tasks", m.Task, "on"}
	case Apart:
		return []any{"tasks", m.Task, "apart"}
	case Rule:
		return []any{"rules", m.Rule}
	case Reach:
		return []any{"tasks", m.Task, "data"}
	default:
		return []any{"tasks", m.Task}
	}
}

// Given says whether the member was given beside the document.
func (m Member) Given() bool { return m.Kind >= Moves && m.Kind <= Lost }

// Text says the member in words, such as "node n1 has 8Gi of memory".
func (m Member) Text(in *model.Instance) string {
	switch m.Kind {
	case Capacity:
		return fmt.Sprintf("node %s has %s of %s", in.Nodes[m.Node].Name, in.Nodes[m.Node].Capacity.Of(m.Resource), m.Resource)
	case Uplink:
		return fmt.Sprintf("node %s sends out at most %s reads", in.Nodes[m.Node].Name, in.Nodes[m.Node].Uplink)
	case Moves:
		return "at most " + model.Counted(*in.Given.MaxMoves, "replica leaves where it runs today", "replicas leave where they run today")
	case Lost:
		return fmt.Sprintf("nothing runs on node %s", in.Nodes[m.Node].Name)
	}
	if m.Kind == Rule {
		return ruleText(&in.Rules[m.Rule])
	}
	t := &in.Tasks[m.Task]
	switch m.Kind {
	case Fix:
		return fmt.Sprintf("task %s is fixed to %s", t.Name, some("node", givenNodes(in.Given.Fix, t.Name)))
	case Forbid:
		return fmt.Sprintf("task %s is forbidden on %s", t.Name, some("node", givenNodes(in.Given.Forbid, t.Name)))
	case Selector:
		return fmt.Sprintf("task %s may only be on %s", t.Name, selectorText(t.On))
	case Apart:
		return fmt.Sprintf("the %d replicas of task %s are kept apart by %s", t.Replicas, t.Name, t.Apart)
	case Reach:
		return fmt.Sprintf("task %s fetches its data over the network", t.Name)
	}
	return taskText(t)
}

func taskText(t *model.Task) string {
	var needs []string
	for _, a := range t.Demand {
		needs = append(needs, a.Quantity.String()+" of "+a.Resource)
	}
	each := ""
	if len(needs) > 0 {
		each = ", which takes " + strings.Join(needs, " and ")
	}
	if t.Replicas > 1 {
		return fmt.Sprintf("the %d replicas of task %s must be placed%s each", t.Replicas, t.Name, each)
	}
	return fmt.Sprintf("task %s must be placed%s", t.Name, each)
}

func ruleText(r *model.Rule) string {
	text := map[model.RuleKind]string{
		model.Affinity: "are kept together", model.AntiAffinity: "are kept apart", model.Spread: "are spread evenly",
	}[r.Kind]
	by := "node"
	if r.Topology != "" {
		by = r.Topology
	}
	if r.Kind == model.Spread {
		by += fmt.Sprintf(", within %d", r.MaxSkew)
	}
	return fmt.Sprintf("%s %s by %s", some("task", r.Tasks), text, by)
}

func selectorText(on *model.Selector) string {
	if on.Labels == nil {
		return some("node", on.Nodes)
	}
	var labels []string
	for _, l := range on.Labels {
		labels = append(labels, l.Key+": "+l.Value)
	}
	return "nodes with " + strings.Join(labels, " and ")
}

func givenNodes(given []model.TaskNodes, task string) []string {
	for _, g := range given {
		if g.Task == task {
			return g.Nodes
		}
	}
	return nil
}

// some lists at most eight names.
func some(word string, names []string) string {
	const most = 8
	switch {
	case len(names) == 1:
		return word + " " + names[0]
	case len(names) > most:
		return fmt.Sprintf("%ss %s and %d more", word, strings.Join(names[:most], ", "), len(names)-most)
	case len(names) == 0:
		return "no " + word
	}
	last := len(names) - 1
	return fmt.Sprintf("%ss %s and %s", word, strings.Join(names[:last], ", "), names[last])
}
