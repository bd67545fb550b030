package encode

import (
	"fmt"
	"strings"

	"berth/model"
)

// Describe says what a row stands for in the user's words, such as "the memory of
// node n1".
func (g *Program) Describe(row int) string { return g.Rows[row].Origin.Describe(g.Problem) }

// Describe says in the user's words which part of the problem a row comes from.
func (o Origin) Describe(p *model.Problem) string {
	switch o.Kind {
	case Assignment:
		return "task " + p.Label(o.A) + " must be placed"
	case Capacity:
		return "the " + p.Resources[o.B] + " of node " + p.NodeNames[o.A]
	case Apartness:
		t := &p.Topologies[p.Items[o.A].Apart]
		return fmt.Sprintf("the replicas of %s are kept apart: one in %s", p.Label(o.A), place(t, o.B))
	case RuleRow:
		return describeRule(p, o.A, o.B)
	case UplinkRow:
		return "the uplink of node " + p.NodeNames[o.A]
	case NeverPossible:
		return p.Impossible
	default:
		return "by definition"
	}
}

func describeRule(p *model.Problem, c, at int32) string {
	r := &p.Constraints[c]
	names := make([]string, len(r.Members))
	for m, member := range r.Members {
		names[m] = p.Label(member.Item)
	}
	where := ""
	if at >= 0 {
		where = " in " + place(&p.Topologies[r.Topology], at)
	}
	return fmt.Sprintf("rule %d (%s of %s)%s", r.Rule+1, r.Kind, strings.Join(names, ", "), where)
}

// place names a place, such as "rack r1".
func place(t *model.Topology, place int32) string { return t.Key + " " + t.Names[place] }

// Meaning says what a variable stands for, such as "cart on n3". In files it is
// the comment beside the variable's name.
func (g *Program) Meaning(v int32) string {
	p, x := g.Problem, &g.Vars[v]
	where := ""
	if x.Topology >= 0 && x.Place >= 0 && x.Kind != Clash {
		where = place(&p.Topologies[x.Topology], x.Place)
	}
	rule := func() string { return fmt.Sprintf("rule %d", p.Constraints[x.Item].Rule+1) }
	member := func(m int32) string { return p.Label(p.Constraints[x.Item].Members[m].Item) }
	pair := func() string { return p.Label(p.Pairs[x.Item].A) + " – " + p.Label(p.Pairs[x.Item].B) }
	switch x.Kind {
	case Copy:
		return g.copies(x) + " on " + p.NodeNames[x.Place]
	case Out:
		return g.copies(x) + " left out"
	case Opened:
		return "in use: " + where
	case InPlace:
		return g.copies(x) + " in " + where
	case Gathered:
		return rule() + ": its group in " + where
	case Stray:
		return rule() + ": " + member(x.Nth-1) + " strays in " + where
	case Torn:
		return rule() + ": " + member(x.Nth-1) + " strays"
	case Clash:
		return rule() + ": " + member(x.Place) + " with " + member(x.Nth-1)
	case Least:
		return fmt.Sprintf("%s: smallest count ≥ %d", rule(), x.Nth)
	case Above:
		return fmt.Sprintf("%s: skew ≥ %d too much", rule(), x.Nth)
	case Cut:
		return pair() + " cut at " + where
	case Joint:
		return fmt.Sprintf("%s: share %d in %s", pair(), x.Nth, where)
	default:
		return fmt.Sprintf("%s: share %d flows", pair(), x.Nth)
	}
}

// copies names the copies of a variable's item: "cart", "web ≥ 2".
func (g *Program) copies(x *Var) string {
	label := g.Problem.Label(x.Item)
	if g.Problem.Items[x.Item].Count == 1 {
		return label
	}
	return fmt.Sprintf("%s ≥ %d", label, x.Nth)
}
