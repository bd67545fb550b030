package main

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"

	"berth/model"
)

// showBusy is the table of the nodes of a schedule: the busiest where there are too
// many.
func showBusy(b *bytes.Buffer, p *model.Problem, s model.Schedule) {
	w := p.Workflow
	type use struct {
		node  int
		tasks int
		time  int64
		last  int64
	}
	uses := make([]use, w.Nodes)
	for j := range uses {
		uses[j].node = j
	}
	makespan := int64(0)
	for t, slot := range s {
		u := &uses[slot.Node]
		u.tasks++
		u.time += w.DurationOn(int32(t), slot.Node)
		u.last = max(u.last, w.Finish(s, int32(t)))
		makespan = max(makespan, u.last)
	}
	more := len(uses) - shownNodes
	if more > 0 {
		slices.SortStableFunc(uses, func(x, y use) int { return cmp.Compare(y.time, x.time) })
		uses = uses[:shownNodes]
	}
	t := newTable(b, left, right, left, right)
	t.row("node", "tasks", "busy", "until")
	for _, u := range uses {
		t.row(p.NodeNames[u.node], fmt.Sprint(u.tasks), fmt.Sprintf("%s %s", bar(share(u.time, makespan)), p.Format(u.time)), p.Format(u.last))
	}
	t.render()
	if more > 0 {
		fmt.Fprintf(b, " … and %s less busy\n", model.Plural(more, "node"))
	}
}
