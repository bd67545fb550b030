package schedule

import (
	"slices"

	"berth/model"
)

// CPOP takes the tasks by the longest way through them, and puts all those of the
// longest way of all on the one node that is quickest for them together; the others go
// where they end first.
//
// Source: H. Topcuoglu, S. Hariri and M.-Y. Wu, IEEE Transactions on Parallel and
// Distributed Systems 13(3), 2002. Departure: a task of the longest way that cannot run
// on that node goes where it ends first.
var CPOP = list("cpop", "by longest way through, that way on one node",
	"Topcuoglu, Hariri and Wu 2002", func(t *timetable) bool {
		w := t.w
		duration, message := meanDurations(w), meanMessages(w)
		up, down := upwardRank(w, duration, message), downwardRank(w, duration, message)
		for k := range up {
			up[k] += down[k]
		}
		critical := longestWay(w, up)
		node := quickest(t, critical)
		return t.dynamic(func(task int32) choice {
			c := choice{score: up[task]}
			if node >= 0 && critical[task] {
				if c.start = t.earliest(task, node); c.start < model.Never {
					c.node, c.second = node, -1
					return c
				}
			}
			c.node, c.start = t.soonest(task)
			c.second = -1
			return c
		})
	})

// longestWay marks the tasks of one way on which the rank, of ways through a task, is
// the greatest that there is. A little is allowed for rounding.
func longestWay(w *model.Workflow, through []float64) []bool {
	on := make([]bool, len(w.Tasks))
	if len(on) == 0 {
		return on
	}
	most := slices.Max(through)
	near := func(t int32) bool { return through[t] >= most*(1-1e-9) }
	at := int32(-1)
	for _, t := range w.Order {
		switch {
		case at < 0 && near(t) && w.In[t].From == w.In[t].To:
			at, on[t] = t, true
		case at >= 0 && near(t) && follows(w, at, t):
			at, on[t] = t, true
		}
	}
	return on
}

// follows says whether a task waits for another directly.
func follows(w *model.Workflow, from, to int32) bool {
	for _, e := range w.Edges[w.Out[from].From:w.Out[from].To] {
		if e.To == to {
			return true
		}
	}
	return false
}

// quickest is the node that takes least time for a set of tasks; -1 where none can run
// them all.
func quickest(t *timetable, set []bool) int32 {
	best, least := int32(-1), model.Never
	for _, j := range t.nodes {
		sum := int64(0)
		for task := range set {
			if set[task] {
				sum = min(sum+t.w.DurationOn(int32(task), j), model.Never)
			}
		}
		if sum < least {
			best, least = j, sum
		}
	}
	return best
}
