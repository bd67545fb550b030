package tables

import (
	"fmt"
	"slices"

	"berth/results"
)

// Instances is the table of instances × methods. People see one value in a cell: the
// seconds to the proof, else the gap in percent, else what became of it.
func Instances(s *results.Study) Table {
	t := Table{
		Name: "instances", Title: "Instances and methods",
		Columns: []Column{
			{Head: "instance", Fields: []string{"instance"}},
			{Head: "group", Seldom: true, Fields: []string{"group"}},
			{Head: "tasks", Number: true, Fields: []string{"tasks"}},
			{Head: "nodes", Number: true, Fields: []string{"nodes"}},
			{Head: "best", Number: true, Fields: []string{"best_cost"}},
			{Head: "bound", Number: true, Fields: []string{"best_bound"}},
		},
		Notes: []string{fieldNote},
	}
	for _, method := range s.Methods {
		t.Columns = append(t.Columns, fieldColumn(method))
	}
	heat := s.Heat()
	for k, e := range heat.Instances {
		row := []Cell{name(e.Name), groupOf(e, len(s.Groups)), count(e.Tasks), count(e.Nodes), exactCost(e.Best), exactCost(e.Bound)}
		for _, c := range heat.Cells[k] {
			row = append(row, field(c))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

const fieldNote = "A number is the seconds to the proof; with % it is the gap to the best known, with a fraction where only some of the seeds ended in a proof; otherwise it says what became of the runs. Over seeds these are means."

func fieldColumn(method string) Column {
	return Column{Head: method, Number: true, Fields: []string{
		method + " outcome", method + " proven", method + " seconds", method + " used_seconds", method + " gap",
	}}
}

// groupOf is the group of an instance, which people see only where there are several.
func groupOf(e *results.Entry, groups int) Cell {
	cell := name(e.Group)
	if groups < 2 {
		cell.Text = ""
	}
	return cell
}

// field is a method on an instance.
func field(c *results.Cell) Cell {
	if c == nil {
		return Cell{Values: make([]string, 5)}
	}
	f := Cell{Text: string(c.Outcome), Values: []string{string(c.Outcome), "", "", "", ""}, Wrong: c.Outcome == results.Wrong}
	if c.Fit == 0 {
		return f
	}
	f.Values = []string{string(c.Outcome), exact(c.Proven), exact(c.Time), exact(c.Used), exact(c.Gap)}
	solved := slices.ContainsFunc(c.Runs, func(r *results.Run) bool { return r.Outcome.Solved() })
	switch {
	case f.Wrong:
	case c.Proven == 1:
		f.Text = number(c.Time)
	case solved || c.Proven > 0:
		f.Text = percent(c.Gap) + " %"
		if c.Proven > 0 {
			f.Text = fmt.Sprintf("%s, %.0f/%d", f.Text, c.Proven*float64(c.Fit), c.Fit)
		}
	}
	return f
}
