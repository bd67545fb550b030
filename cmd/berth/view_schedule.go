package main

import (
	"bytes"
	"errors"
	"fmt"

	"berth/model"
	"berth/view/gantt"
)

// viewSchedule shows the solution of a workflow.
func (a *app) viewSchedule(pair *solved, p *model.Problem, s *viewing) error {
	if s.node+s.task != "" {
		return errors.New("--node and --task are for placements; in the page of a schedule, search or add #task=NAME to its address")
	}
	chart, err := gantt.New(pair.instance, p, pair.solution)
	if err != nil {
		return fmt.Errorf("%s does not belong to %s: %w; name the right instance, or leave it out and it is looked for",
			pair.solutionName, pair.instanceName, err)
	}
	switch {
	case s.html:
		err = a.writePage(chart.WriteHTML, pair.solutionFile, s)
	case s.svg && chart.Schedule == nil:
		err = fmt.Errorf("%s has no schedule to be drawn", pair.solutionName)
	case s.svg:
		err = s.out.writeBy(chart.WriteSVG)
	default:
		err = s.out.write(a.ganttText(chart))
	}
	if err == nil && len(chart.Failed) > 0 {
		return answered(statusRefuted)
	}
	return err
}

// The measures of a chart in text.
const (
	ganttColumns   = 72 // where the width of the terminal is not known
	fewestColumns  = 20
	mostRows       = 60
	mostPath       = 20
	ganttNodeWidth = 14
)

func (a *app) ganttText(c *gantt.Chart) []byte {
	var b bytes.Buffer
	for _, claim := range c.Failed {
		fmt.Fprintf(&b, "✗ %s\n", claim)
	}
	fmt.Fprintf(&b, "%s: %s\n", title(c.Problem), claimed(c.Solution, "schedule", "makespan"))
	if c.Schedule == nil {
		return b.Bytes()
	}
	b.WriteByte('\n')
	a.ganttRows(&b, c)
	if len(c.Path) == 0 {
		return b.Bytes()
	}
	b.WriteString("\n▓ is what the end hangs on:\n\n")
	showPath(&b, c)
	return b.Bytes()
}

// ganttRows draws a line for each node.
func (a *app) ganttRows(b *bytes.Buffer, c *gantt.Chart) {
	columns := ganttColumns
	if a.width > 0 {
		columns = max(a.width-ganttNodeWidth-14, fewestColumns)
	}
	rows, axis := c.Text(columns)
	t := newTable(b, left, left, right)
	t.row("node", "", "busy")
	for j, row := range rows {
		if j == mostRows {
			break
		}
		t.row(cut(c.Problem.NodeNames[j], ganttNodeWidth), row, percent(share(c.Busy(j), c.Makespan)))
	}
	t.row("", axis, "")
	t.render()
	if more := len(rows) - mostRows; more > 0 {
		fmt.Fprintf(b, " … and %s\n", model.Plural(more, "node"))
	}
}

// showPath is the table of what the end hangs on: the last tasks where there are many.
func showPath(b *bytes.Buffer, c *gantt.Chart) {
	path := newTable(b, left, left, right, right, left)
	path.row("task", "node", "from", "to", "waited for")
	for k := min(len(c.Path), mostPath) - 1; k >= 0; k-- {
		l := c.Path[k]
		slot := c.Schedule[l.Task]
		w := c.Problem.Workflow
		path.row(cut(w.Tasks[l.Task], 30), cut(c.Problem.NodeNames[slot.Node], ganttNodeWidth), c.Time(slot.Start), c.Time(w.Finish(c.Schedule, l.Task)), cut(c.Reason(l), maxReason))
	}
	path.render()
	if more := len(c.Path) - mostPath; more > 0 {
		fmt.Fprintf(b, " and %s before these\n", model.Plural(more, "task"))
	}
}
