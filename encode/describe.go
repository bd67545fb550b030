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
		return describeAssignment(p, o.A)
	case Capacity:
		return "the " + p.Resources[o.B] + " of node " + p.NodeNames[o.A]
	case Apartness:
		t := &p.Topologies[p.Items[o.A].Apart]
		if o.B < 0 {
			return fmt.Sprintf("the replicas of %s are kept apart by %s", p.Label(o.A), t.Key)
		}
		return fmt.Sprintf("the replicas of %s are kept apart: one in %s", p.Label(o.A), place(t, o.B))
	case RuleRow:
		return describeRule(p, o.A, o.B)
	case UplinkRow:
		return "the uplink of node " + p.NodeNames[o.A]
	case MoveRow:
		return "at most " + model.Counted(*p.Given.MaxMoves, "replica leaves where it runs today", "replicas leave where they run today")
	case NeverPossible:
		return p.Impossible
	case TaskRow:
		return "task " + p.Workflow.Tasks[o.A] + " runs on one node"
	case WaitRow:
		return "task " + p.Workflow.Tasks[o.A] + " waits for " + p.Workflow.Tasks[o.B]
	case TurnRow:
		return "tasks " + p.Workflow.Tasks[o.A] + " and " + p.Workflow.Tasks[o.B] + " take turns on a node"
	case NodeRow:
		return "the work of node " + p.NodeNames[o.A]
	case BusyRow:
		return "no more tasks than nodes at " + p.Format(int64(o.A))
	default:
		return "by definition"
	}
}

func describeAssignment(p *model.Problem, i int32) string {
	it := &p.Items[i]
	subject, verb := "task ", " must be placed"
	switch tasks := len(p.TasksOf(i)); {
	case tasks > 1:
		subject = "tasks "
	case it.Count > 1:
		subject = fmt.Sprintf("the %d replicas of ", it.Count)
	}
	if it.Unplaced != model.NoLimit {
		verb = ": each copy is in one place or left out"
	}
	return subject + p.Label(i) + verb
}

func describeRule(p *model.Problem, c, at int32) string {
	r := &p.Constraints[c]
	names := make([]string, len(r.Members))
	for m, member := range r.Members {
		names[m] = p.Label(member.Item)
	}
	where, by := "", ""
	switch {
	case at < 0 && r.Topology > 0:
		by = " by " + p.Topologies[r.Topology].Key
	case at >= 0:
		where = " in " + place(&p.Topologies[r.Topology], at)
	}
	return fmt.Sprintf("rule %d (%s%s of %s)%s", r.Rule+1, r.Kind, by, strings.Join(names, ", "), where)
}

// place names a place, such as "rack r1".
func place(t *model.Topology, place int32) string { return t.Key + " " + t.Names[place] }

// Meaning says what a variable stands for, such as "cart on n3". In files it is
// the comment beside the variable's name. O(copies of its item).
func (g *Program) Meaning(v int32) string { return g.meaning(v, g.Problem.Label) }

// meaning is Meaning with the items named by label.
func (g *Program) meaning(v int32, label func(item int32) string) string {
	p, x := g.Problem, &g.Vars[v]
	if p.Workflow != nil {
		return g.meaningOfTime(x)
	}
	where := ""
	if x.Topology >= 0 && x.Place >= 0 && x.Kind != Clash {
		where = place(&p.Topologies[x.Topology], x.Place)
	}
	rule := func() string { return fmt.Sprintf("rule %d", p.Constraints[x.Item].Rule+1) }
	member := func(m int32) string { return label(p.Constraints[x.Item].Members[m].Item) }
	pair := func() string { return label(p.Pairs[x.Item].A) + " – " + label(p.Pairs[x.Item].B) }
	copies := func() string {
		if p.Items[x.Item].Count == 1 {
			return label(x.Item)
		}
		return fmt.Sprintf("%d of %s", x.Nth, label(x.Item))
	}
	switch x.Kind {
	case Copy:
		return copies() + " on " + p.NodeNames[x.Place]
	case Out:
		return copies() + " left out"
	case Opened:
		return where + " is in use"
	case InPlace:
		return copies() + " in " + where
	case Gathered:
		return rule() + ": the group is in " + where
	case Stray:
		return rule() + ": " + member(x.Nth-1) + " strays to " + where
	case Complete:
		return rule() + ": " + member(x.Nth-1) + " is whole in " + where
	case Torn:
		return rule() + ": " + member(x.Nth-1) + " strays"
	case Clash:
		return rule() + ": " + member(x.Place) + " meets " + member(x.Nth-1)
	case Crowd:
		return fmt.Sprintf("%s: %d meet in %s", rule(), x.Nth, where)
	case Least:
		return fmt.Sprintf("%s: the smallest count is %d", rule(), x.Nth)
	case Above:
		return fmt.Sprintf("%s: the skew is %d too much", rule(), x.Nth)
	case Cut:
		return pair() + ": cut at " + where
	case Across:
		return pair() + ": from " + where + " to node " + p.NodeNames[x.Nth-1]
	case Joint:
		return fmt.Sprintf("%s: share %d is in %s", pair(), x.Nth, where)
	default:
		return fmt.Sprintf("%s: share %d flows", pair(), x.Nth)
	}
}

// meaningOfTime is Meaning of a workflow's variable.
func (g *Program) meaningOfTime(x *Var) string {
	p, tasks := g.Problem, g.Problem.Workflow.Tasks
	when := func(least int64) string {
		switch {
		case x.Nth > 0:
			return "at " + p.Format(least+int64(x.Nth)) + " or later"
		case x.Nth < 0:
			return "after " + p.Format(least) + ", and " + p.Format(1<<(-x.Nth-1)) + " later"
		}
		return "after " + p.Format(least) + ", in steps of " + p.Format(1)
	}
	switch x.Kind {
	case Runs:
		return tasks[x.Item] + " runs on " + p.NodeNames[x.Place]
	case Begins:
		return tasks[x.Item] + " begins " + when(g.windows.head[x.Item])
	case Ends:
		return tasks[x.Item] + " ends " + when(g.windows.head[x.Item]+g.windows.least[x.Item])
	case Makespan:
		return "all is over " + when(g.windows.bound)
	case Apart:
		return tasks[x.Item] + " and " + tasks[x.Place] + " are on two nodes"
	case Together:
		return tasks[x.Item] + " and " + tasks[x.Place] + " are on one node"
	default:
		return tasks[x.Item] + " is over when " + tasks[x.Place] + " begins"
	}
}
