package schedule

import "berth/model"

// choice is what a list scheduler thinks of a task that is ready: which node it takes,
// when it begins there, and how much that matters. The choice stays right while nothing
// is added to node and second.
type choice struct {
	score        float64
	node, second int32 // second is -1 where it does not matter
	start        int64
}

// dynamic places, again and again, the ready task of the greatest score, until all are
// placed. A task is judged when it becomes ready, and again when something was added to a
// node that its choice looked at: what lists compare only gets worse by that, so the
// others need no second look.
// It returns false where a task can run nowhere, or when the board says stop. O(tasks ·
// ready) and the judging.
func (t *timetable) dynamic(judge func(task int32) choice) bool {
	w := t.w
	waits := make([]int32, len(w.Tasks))
	var ready []int32
	choices := make([]choice, len(w.Tasks))
	look := func(task int32) bool {
		t.arrivals(task)
		choices[task] = judge(task)
		return choices[task].node >= 0 && t.work(task)
	}
	for task := range w.Tasks {
		if waits[task] = w.In[task].To - w.In[task].From; waits[task] == 0 {
			ready = append(ready, int32(task))
			if !look(int32(task)) {
				return false
			}
		}
	}
	for len(ready) > 0 {
		best := 0
		for k, task := range ready {
			c, than := &choices[task], &choices[ready[best]]
			if c.score > than.score || c.score == than.score && task < ready[best] {
				best = k
			}
		}
		task := ready[best]
		ready[best] = ready[len(ready)-1]
		ready = ready[:len(ready)-1]
		c := choices[task]
		t.add(task, c.node, c.start)
		for _, other := range ready {
			if o := &choices[other]; (o.node == c.node || o.second == c.node) && !look(other) {
				return false
			}
		}
		for _, e := range w.Edges[w.Out[task].From:w.Out[task].To] {
			if waits[e.To]--; waits[e.To] > 0 {
				continue
			}
			ready = append(ready, e.To)
			if !look(e.To) {
				return false
			}
		}
		if !t.board.Work(int64(len(ready))) {
			return false
		}
	}
	return true
}

// MinMin takes the ready task that can end first of all, where it ends first.
//
// Source: O.H. Ibarra and C.E. Kim, Heuristic algorithms for scheduling independent
// tasks on nonidentical processors, Journal of the ACM 24(2), 1977, on the tasks that
// are ready.
var MinMin = list("min-min", "the ready task that ends first of all, there",
	"Ibarra and Kim 1977", func(t *timetable) bool {
		return t.dynamic(func(task int32) choice {
			node, start := t.soonest(task)
			if node < 0 {
				return choice{node: -1}
			}
			return choice{node: node, second: -1, start: start, score: -float64(start + t.w.DurationOn(task, node))}
		})
	})

// Sufferage takes the ready task that would lose most by not getting the node on which
// it ends first: the penalty, what it takes longer on the second best, is largest.
//
// Source: M. Maheswaran, S. Ali, H.J. Siegel, D. Hensgen and R.F. Freund, Dynamic
// mapping of a class of independent tasks onto heterogeneous computing systems, Journal
// of Parallel and Distributed Computing 59(2), 1999, on the tasks that are ready.
// Departure: what is added to the second best changes the penalty in either direction;
// the task is judged again then, too.
var Sufferage = list("sufferage", "penalty first: the ready task that loses most on its second best node",
	"Maheswaran and others 1999", func(t *timetable) bool {
		return t.dynamic(func(task int32) choice {
			c := choice{node: -1, second: -1}
			best, next := model.Never, model.Never
			for _, j := range t.nodes {
				start := t.earliest(task, j)
				finish := start + t.w.DurationOn(task, j)
				switch {
				case start >= model.Never:
				case finish < best:
					next, c.second = best, c.node
					best, c.node, c.start = finish, j, start
				case finish < next:
					next, c.second = finish, j
				}
			}
			c.score = float64(next - best)
			return c
		})
	})

// DLS takes the pair of a ready task and a node of the greatest dynamic level: the way
// from the task to the end, less when it can begin there behind all that runs on the
// node, and the more the quicker the node is for the task.
//
// Source: G.C. Sih and E.A. Lee, A compile-time scheduling heuristic for
// interconnection-constrained heterogeneous processor architectures, IEEE Transactions
// on Parallel and Distributed Systems 4(2), 1993. Departure: means in place of medians.
var DLS = list("dls", "the ready task and node of the greatest dynamic level",
	"Sih and Lee 1993", func(t *timetable) bool {
		mean := meanDurations(t.w)
		level := upwardRank(t.w, mean, make([]float64, len(t.w.Edges)))
		return t.dynamic(func(task int32) choice {
			c := choice{node: -1, second: -1}
			for _, j := range t.nodes {
				duration := t.w.DurationOn(task, j)
				start := t.ready[j]
				if busy := t.busy[j]; len(busy) > 0 {
					start = max(start, busy[len(busy)-1].finish)
				}
				if duration >= model.Never || start >= model.Never {
					continue
				}
				score := level[task] - float64(start) + mean[task] - float64(duration)
				if c.node < 0 || score > c.score {
					c.score, c.node, c.start = score, j, start
				}
			}
			return c
		})
	})
