package schedule

import "berth/model"

// Lookahead takes the tasks as HEFT does, and gives each the node from which the tasks
// that wait for it could end first, were they placed next, each where it ends first.
//
// Source: L.F. Bittencourt, R. Sakellariou and E.R.M. Madeira, DAG scheduling using a
// lookahead variant of the heterogeneous earliest finish time algorithm, Euromicro
// PDP 2010. Departure: children do not keep each other's nodes busy while they are
// tried, so that nothing is copied. O(edges · nodes²).
var Lookahead = list("lookahead", "as heft, each task where its successors end first",
	"Bittencourt, Sakellariou and Madeira 2010", func(t *timetable) bool {
		w := t.w
		placed := make([]bool, len(w.Tasks))
		for _, task := range byRank(w, upwardRank(w, meanDurations(w), meanMessages(w))) {
			t.arrivals(task)
			starts := make([]int64, w.Nodes)
			for _, j := range t.nodes {
				starts[j] = t.earliest(task, j)
			}
			node, least, second := int32(-1), model.Never, model.Never
			for _, j := range t.nodes {
				if starts[j] >= model.Never {
					continue
				}
				finish := starts[j] + w.DurationOn(task, j)
				last := finish
				for k := w.Out[task].From; k < w.Out[task].To; k++ {
					last = max(last, t.couldEnd(&w.Edges[k], j, finish, placed))
				}
				if last < least || last == least && finish < second {
					node, least, second = j, last, finish
				}
				if !t.board.Work(20 * int64(w.Out[task].To-w.Out[task].From+1) * int64(len(t.nodes))) {
					return false
				}
			}
			if node < 0 {
				return false
			}
			t.add(task, node, starts[node])
			placed[task] = true
		}
		return true
	})

// couldEnd is when the task at the end of an edge could be over, by what is placed of
// that which it waits for and with the task at the begin of the edge on a node until
// finish.
func (t *timetable) couldEnd(e *model.Edge, node int32, finish int64, placed []bool) int64 {
	w := t.w
	for _, j := range t.nodes {
		t.ready[j] = min(max(w.Release[e.To], finish+w.Message(e, node, j)), model.Never)
	}
	in := w.In[e.To]
	for _, k := range w.InEdges[in.From:in.To] {
		other := &w.Edges[k]
		if !placed[other.From] {
			continue
		}
		for _, j := range t.nodes {
			t.ready[j] = min(max(t.ready[j], t.finish[other.From]+w.Message(other, t.at[other.From].Node, j)), model.Never)
		}
	}
	best := model.Never
	for _, j := range t.nodes {
		start := t.earliest(e.To, j)
		if j == node {
			start = max(start, finish)
		}
		if start < model.Never {
			best = min(best, start+w.DurationOn(e.To, j))
		}
	}
	return best
}
