// Package schedule holds the methods that find schedules of workflows and prove
// nothing.
//
// List schedulers, a file each, take the tasks in some order and give each a node and
// the earliest gap there. They stand on the timetable (timetable.go), on ranks (rank.go)
// and, where the order follows from what is ready, on dynamic.go. Reorder improves what
// they find (reorder.go) by changes (moves.go, gaps.go, rebuild.go) of an order and of nodes
// (order.go).
package schedule

import (
	"context"

	"berth/model"
	"berth/search"
)

// All lists the methods of this package, the quickest first.
func All() []*search.Method { return append(Lists(), Reorder) }

// Lists lists those that make one schedule and then end, the quickest first.
func Lists() []*search.Method {
	return []*search.Method{Single, HEFT, Backward, MinMin, Sufferage, DLS, PEFT, CPOP, Lookahead}
}

// list makes a method of a function that fills timetables: it builds a schedule on all
// nodes, and where nodes that are not connected got in its way, one on each part of the
// network.
func list(name, short, source string, build func(*timetable) bool) *search.Method {
	return &search.Method{
		Name: name, Short: short, Source: source, Handles: model.Schedules,
		Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
			w := p.Workflow
			t := newTimetable(w, b)
			if build(t) {
				t.offer(b)
				return nil
			}
			for _, part := range parts(w) {
				if !b.Work(0) || len(part) == w.Nodes {
					return nil
				}
				t := newTimetable(w, b)
				if t.nodes = part; build(t) {
					t.offer(b)
				}
			}
			return nil
		},
	}
}

// parts groups the nodes that are connected with each other.
func parts(w *model.Workflow) [][]int32 {
	var all [][]int32
	seen := make([]bool, w.Nodes)
	for a := range int32(w.Nodes) {
		if seen[a] {
			continue
		}
		var part []int32
		for b := range int32(w.Nodes) {
			if !seen[b] && w.Connected(a, b) {
				part = append(part, b)
				seen[b] = true
			}
		}
		all = append(all, part)
	}
	return all
}
