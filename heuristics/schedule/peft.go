package schedule

import (
	"slices"

	"berth/model"
)

// PEFT knows for every task and node how long the rest takes at best from there, as if
// nodes were free (the optimistic cost table), takes the ready task of the greatest mean
// of that, and gives it the node on which its end and the rest are least together.
//
// Source: H. Arabnejad and J.G. Barbosa, List scheduling algorithm for heterogeneous
// systems by an optimistic cost table, IEEE Transactions on Parallel and Distributed
// Systems 25(3), 2014. O((tasks + edges) · nodes).
var PEFT = list("peft", "by what the rest takes at best from each node",
	"Arabnejad and Barbosa 2014", func(t *timetable) bool {
		rest := optimistic(t.w, meanMessages(t.w))
		n := t.w.Nodes
		return t.dynamic(func(task int32) choice {
			c := choice{node: -1, second: -1}
			least := 0.0
			for _, j := range t.nodes {
				start := t.earliest(task, j)
				if start >= model.Never {
					continue
				}
				sum := float64(start+t.w.DurationOn(task, j)) + rest[int(task)*n+int(j)]
				if c.node < 0 || sum < least {
					least, c.node, c.start = sum, j, start
				}
				c.score += rest[int(task)*n+int(j)]
			}
			return c
		})
	})

// optimistic is the table: by task and node, the longest of the ways to the end, each at
// its shortest, without the task itself.
func optimistic(w *model.Workflow, message []float64) []float64 {
	n := w.Nodes
	rest := make([]float64, len(w.Tasks)*n)
	for _, t := range slices.Backward(w.Order) {
		own := rest[int(t)*n : int(t+1)*n]
		for k := w.Out[t].From; k < w.Out[t].To; k++ {
			next := w.Edges[k].To
			after := rest[int(next)*n : int(next+1)*n]
			best := float64(model.Never)
			for j := range after {
				best = min(best, after[j]+float64(w.DurationOn(next, int32(j))))
			}
			for j := range own {
				there := after[j] + float64(w.DurationOn(next, int32(j)))
				own[j] = max(own[j], min(there, best+message[k]))
			}
		}
	}
	return rest
}
