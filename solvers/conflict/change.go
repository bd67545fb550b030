package conflict

import (
	"cmp"
	"fmt"
	"slices"

	"berth/model"
)

// Change takes a part of a document back as far as it must be.
type Change struct {
	Member
	Add   string   // Capacity, Uplink: how much more
	Allow []string // Selector: nodes to be allowed beside its own
	Limit int      // Moves, and Rule for a spread: the new limit; 0: the rule goes
	Least bool     // less would not do, the changes before this one taken as they are
}

// Apply returns the document with the changes made.
func (w *Way) Apply(in *model.Instance) (*model.Instance, error) {
	var gone []Member
	for _, c := range w.Changes {
		if c.Add == "" && c.Allow == nil && c.Limit == 0 {
			gone = append(gone, c.Member)
		}
	}
	out, err := Without(in, gone)
	if err != nil {
		return nil, err
	}
	for _, c := range w.Changes {
		switch {
		case c.Kind == Capacity:
			more, err := model.ParseQuantity(c.Add)
			if err != nil {
				return nil, err
			}
			total, ok := in.Nodes[c.Node].Capacity.Of(c.Resource).Plus(more)
			if !ok {
				return nil, fmt.Errorf("conflict: %s more of %s on node %s does not fit 64 bits", c.Add, c.Resource, in.Nodes[c.Node].Name)
			}
			setCapacity(out, c.Node, c.Resource, total)
		case c.Kind == Uplink:
			more, err := model.ParseDecimal(c.Add)
			if err != nil {
				return nil, err
			}
			up := *out.Nodes[c.Node].Uplink + more
			out.Nodes[c.Node].Uplink = &up
		case c.Kind == Moves:
			out.Given.MaxMoves = &c.Limit
		case c.Kind == Rule && c.Limit > 0:
			out.Rules = slices.Clone(out.Rules)
			at := c.Rule
			for _, g := range gone {
				if g.Kind == Rule && g.Rule < c.Rule {
					at--
				}
			}
			out.Rules[at].MaxSkew = c.Limit
		case c.Kind == Selector:
			out.Tasks[c.Task].On = &model.Selector{Nodes: allowed(in, c)}
		}
	}
	return out, nil
}

// allowed lists the nodes of a selector with those that are to be allowed as well.
func allowed(in *model.Instance, c Change) []string {
	on := in.Tasks[c.Task].On
	nodes := slices.Clone(c.Allow)
	for j := range in.Nodes {
		n := &in.Nodes[j]
		match := on.Labels != nil
		for _, l := range on.Labels {
			value, ok := n.Label(l.Key)
			match = match && ok && value == l.Value
		}
		if match || slices.Contains(on.Nodes, n.Name) {
			nodes = append(nodes, n.Name)
		}
	}
	return nodes
}

// Text says the change in words, such as "add 2Gi of memory to node n1".
func (c *Change) Text(in *model.Instance) string {
	switch c.Kind {
	case Capacity:
		return fmt.Sprintf("add %s of %s to node %s", c.Add, c.Resource, in.Nodes[c.Node].Name)
	case Uplink:
		return fmt.Sprintf("let node %s send out %s reads more", in.Nodes[c.Node].Name, c.Add)
	case Moves:
		return "let " + model.Counted(c.Limit, "replica leave where it runs today", "replicas leave where they run today")
	case Lost:
		return fmt.Sprintf("bring node %s back", in.Nodes[c.Node].Name)
	case Rule:
		if c.Limit > 0 {
			return fmt.Sprintf("raise maxSkew to %d: %s", c.Limit, ruleText(&in.Rules[c.Rule]))
		}
		return "drop the rule: " + ruleText(&in.Rules[c.Rule])
	}
	t := &in.Tasks[c.Task]
	switch c.Kind {
	case Fix:
		return fmt.Sprintf("do not fix task %s", t.Name)
	case Forbid:
		return fmt.Sprintf("do not forbid nodes to task %s", t.Name)
	case Selector:
		return fmt.Sprintf("allow task %s on %s as well", t.Name, some("node", c.Allow))
	case Apart:
		return fmt.Sprintf("let replicas of task %s share a %s", t.Name, t.Apart)
	case Reach:
		return fmt.Sprintf("link the homes of task %s to other nodes, or fetch its data at a stated price", t.Name)
	default:
		return fmt.Sprintf("leave task %s out", t.Name)
	}
}

// judge holds the placement against the document with the changes.
func (w *Way) judge(in *model.Instance) error {
	changed, err := w.Apply(in)
	if err != nil {
		return err
	}
	p, err := model.Compile(changed)
	if err != nil {
		return err
	}
	if _, ok := p.Recost(&model.Solution{Placement: w.Placement}); !ok {
		return fmt.Errorf("conflict: the judge refuses the way out %+v", w.Changes)
	}
	return nil
}

// cheaper orders ways: by the number of changes, then by kinds, then by the share of
// the node's capacity that is added.
func (s *statement) cheaper(a, b Way) int {
	share := func(w Way) float64 {
		sum := 0.0
		for _, c := range w.Changes {
			if c.Kind == Capacity {
				add, _ := model.ParseQuantity(c.Add)
				sum += value(add) / max(value(s.in.Nodes[c.Node].Capacity.Of(c.Resource)), 1e-9)
			}
		}
		return sum
	}
	return cmp.Or(
		len(a.Changes)-len(b.Changes),
		slices.CompareFunc(a.Changes, b.Changes, func(x, y Change) int { return int(x.Kind) - int(y.Kind) }),
		cmp.Compare(share(a), share(b)),
	)
}

func value(q model.Quantity) float64 { return float64(q.Units) + float64(q.Nanos)/1e9 }
