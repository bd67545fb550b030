package schedule

import (
	"cmp"
	"context"
	"slices"

	"berth/model"
	"berth/search"
)

// Backward is HEFT from the end: on the workflow turned round, whose schedule is then
// read backwards and pushed to the front. It is better than HEFT where many results come
// together late. Windows count only when it is pushed.
var Backward = &search.Method{
	Name: "heft-backward", Short: "heft from the end", Source: "after Topcuoglu, Hariri and Wu 2002", Handles: model.Schedules,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		w := p.Workflow
		r := w.Reversed()
		back := newTimetable(r, b)
		if !back.place(byRank(r, upwardRank(r, meanDurations(r), meanMessages(r)))) {
			return nil
		}
		order := make([]int32, len(w.Tasks))
		for k := range order {
			order[k] = int32(k)
		}
		// Of tasks that take no time, those that others wait for come first.
		place := make([]int, len(w.Tasks))
		for k, t := range w.Order {
			place[t] = k
		}
		slices.SortFunc(order, func(x, y int32) int {
			return cmp.Or(cmp.Compare(back.finish[y], back.finish[x]), cmp.Compare(place[x], place[y]))
		})
		front := newTimetable(w, b)
		front.inOrder(order, func(t int32) int32 { return back.at[t].Node })
		front.offer(b)
		return nil
	},
}

// inOrder places tasks behind one another, on given nodes.
func (t *timetable) inOrder(order []int32, node func(task int32) int32) {
	all := t.nodes
	for _, task := range order {
		j := node(task)
		t.nodes = []int32{j}
		t.arrivals(task)
		start := t.ready[j]
		if busy := t.busy[j]; len(busy) > 0 {
			start = max(start, busy[len(busy)-1].finish)
		}
		t.add(task, j, start)
	}
	t.nodes = all
}
