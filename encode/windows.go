package encode

import (
	"cmp"
	"slices"

	"berth/model"
)

// windows are the times at which tasks can begin and end in a schedule that is over by
// some limit.
type windows struct {
	w     *model.Workflow
	least []int64 // the shortest time of every task
	head  []int64 // what must pass before it can begin
	tail  []int64 // what remains when it has ended
	bound int64   // a makespan that no schedule is below
	limit int64   // one that the best is not above
}

// newWindows looks for the limit by list schedules; most, if it is not negative, is used
// instead. O((edges + tasks) · nodes + tasks · log tasks).
func newWindows(w *model.Workflow, most int64) *windows {
	n := len(w.Tasks)
	v := &windows{w: w, least: w.LeastDurations(), head: make([]int64, n), tail: make([]int64, n), limit: most}
	work := int64(0)
	for _, t := range w.Order {
		v.head[t] = max(v.head[t], w.Release[t])
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			v.head[e.To] = max(v.head[e.To], v.head[t]+v.least[t])
		}
		work += v.least[t]
	}
	for _, t := range slices.Backward(w.Order) {
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			v.tail[t] = max(v.tail[t], v.least[e.To]+v.tail[e.To])
		}
		v.bound = max(v.bound, v.head[t]+v.least[t]+v.tail[t])
	}
	v.bound = max(v.bound, (work+int64(w.Nodes)-1)/int64(w.Nodes))
	if most < 0 {
		v.limit = v.lists()
	}
	return v
}

// lists is the least makespan of list schedules on all nodes and on each alone, where no
// message is sent, or the horizon where all miss a deadline. Those that have most behind
// them come first.
func (v *windows) lists() int64 {
	order := slices.Clone(v.w.Order)
	slices.SortStableFunc(order, func(a, b int32) int {
		return cmp.Compare(v.least[b]+v.tail[b], v.least[a]+v.tail[a])
	})
	nodes := int32(v.w.Nodes)
	least := min(v.w.Horizon, v.list(order, 0, nodes))
	for j := range nodes {
		least = min(least, v.list(order, j, j+1))
	}
	return least
}

// list is the makespan of tasks put one by one where they end soonest among the nodes
// from…to−1, or model.Never where that misses a deadline.
func (v *windows) list(order []int32, from, to int32) int64 {
	w := v.w
	free := make([]int64, w.Nodes)
	s := make(model.Schedule, len(w.Tasks))
	makespan := int64(0)
	for _, t := range order {
		end := model.Never
		for j := from; j < to; j++ {
			begin := max(free[j], w.Arrived(s, t, j))
			if finish := begin + w.DurationOn(t, j); finish < end {
				end, s[t] = finish, model.Slot{Node: j, Start: begin}
			}
		}
		if end > w.Deadline[t] || end >= model.Never {
			return model.Never
		}
		free[s[t].Node] = end
		makespan = max(makespan, end)
	}
	return makespan
}

// latest is when a task has to be over.
func (v *windows) latest(t int32) int64 { return min(v.limit-v.tail[t], v.w.Deadline[t]) }

// runs says whether a task can run on a node within its window.
func (v *windows) runs(t, node int32) bool {
	d := v.w.DurationOn(t, node)
	return d < model.Never && v.head[t]+d <= v.latest(t)
}
