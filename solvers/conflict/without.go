package conflict

import (
	"slices"

	"berth/model"
)

// Without returns the document without some of its parts: capacities without a limit,
// selectors and rules gone, tasks that need not be placed. What things cost may change,
// too; it is about what can be, not about what is best.
func Without(in *model.Instance, gone []Member) (*model.Instance, error) {
	out := *in
	out.Nodes, out.Tasks = slices.Clone(in.Nodes), slices.Clone(in.Tasks)
	out.Rules = nil
	noRule := make([]bool, len(in.Rules))
	var capacities []Member
	for _, m := range gone {
		switch m.Kind {
		case Capacity:
			capacities = append(capacities, m)
		case Uplink:
			out.Nodes[m.Node].Uplink = nil
		case Moves:
			out.Given.MaxMoves = nil
		case Fix:
			out.Given.Fix = notOf(out.Given.Fix, in.Tasks[m.Task].Name)
		case Forbid:
			out.Given.Forbid = notOf(out.Given.Forbid, in.Tasks[m.Task].Name)
		case Lost:
			out.Given.Without = slices.DeleteFunc(slices.Clone(out.Given.Without), func(name string) bool { return name == in.Nodes[m.Node].Name })
		case Selector:
			out.Tasks[m.Task].On = nil
		case Apart:
			out.Tasks[m.Task].Apart = ""
		case Rule:
			noRule[m.Rule] = true
		case Reach:
			out.Tasks[m.Task].Data = nil
		case Placed:
			out.Tasks[m.Task].Unplaced = new(model.Decimal)
		}
	}
	for k, r := range in.Rules {
		if !noRule[k] {
			out.Rules = append(out.Rules, r)
		}
	}
	if len(capacities) == 0 {
		return &out, nil
	}
	return &out, unlimited(&out, capacities)
}

func notOf(given []model.TaskNodes, task string) []model.TaskNodes {
	return slices.DeleteFunc(slices.Clone(given), func(g model.TaskNodes) bool { return g.Task == task })
}

// unlimited raises capacities to what all tasks together can take at most.
func unlimited(in *model.Instance, capacities []Member) error {
	s, err := newStatement(in)
	if err != nil {
		return err
	}
	for _, m := range capacities {
		r := slices.Index(s.p.Resources, m.Resource)
		total := int64(0)
		for i := range s.tasks {
			t := &s.tasks[i]
			total += int64(t.count) * t.Demand.On(int32(m.Node))[r]
		}
		amount, err := model.ParseQuantity(s.p.Amount(r, max(total, s.capacity[m.Node*s.resources+r])))
		if err != nil {
			return err
		}
		setCapacity(in, m.Node, m.Resource, amount)
	}
	return nil
}
