package schedule

import (
	"slices"

	"berth/model"
	"berth/search"
)

// timetable is a schedule in the making: tasks are added one by one, each behind those
// that it waits for, into the gaps that are there.
type timetable struct {
	w      *model.Workflow
	board  *search.Board
	nodes  []int32        // that may be used
	at     model.Schedule // of the tasks added
	finish []int64        // of the tasks added
	busy   [][]run        // by node, in the order of time
	ready  []int64        // by node, of the task that arrivals looked at last
}

// run is a time during which a node is busy.
type run struct{ start, finish int64 }

func newTimetable(w *model.Workflow, b *search.Board) *timetable {
	t := &timetable{
		w: w, board: b, at: make(model.Schedule, len(w.Tasks)), finish: make([]int64, len(w.Tasks)),
		busy: make([][]run, w.Nodes), ready: make([]int64, w.Nodes),
	}
	for j := range int32(w.Nodes) {
		t.nodes = append(t.nodes, j)
	}
	return t
}

// arrivals fills in, for every node, when all that a task waits for has arrived there;
// from Never on: it does not. O(incoming edges · nodes).
func (t *timetable) arrivals(task int32) {
	for _, j := range t.nodes {
		t.ready[j] = t.w.Release[task]
	}
	in := t.w.In[task]
	for _, k := range t.w.InEdges[in.From:in.To] {
		e := &t.w.Edges[k]
		from, finish := t.at[e.From].Node, t.finish[e.From]
		for _, j := range t.nodes {
			t.ready[j] = min(max(t.ready[j], finish+t.w.Message(e, from, j)), model.Never)
		}
	}
}

// earliest returns when a task can begin on a node, in a gap or behind all that runs
// there, once arrivals has looked at it; Never where it cannot.
func (t *timetable) earliest(task, node int32) int64 {
	duration := t.w.DurationOn(task, node)
	start := t.ready[node]
	if duration >= model.Never || start >= model.Never {
		return model.Never
	}
	busy := t.busy[node]
	k, _ := slices.BinarySearchFunc(busy, start, func(r run, at int64) int {
		if r.finish <= at {
			return -1
		}
		return 1
	})
	for ; k < len(busy); k++ {
		if start+duration <= busy[k].start {
			break
		}
		start = max(start, busy[k].finish)
	}
	return start
}

// add puts a task on a node.
func (t *timetable) add(task, node int32, start int64) {
	r := run{start, start + t.w.DurationOn(task, node)}
	t.at[task], t.finish[task] = model.Slot{Node: node, Start: start}, r.finish
	busy := t.busy[node]
	k := len(busy)
	for k > 0 && (busy[k-1].start > r.start || busy[k-1].start == r.start && busy[k-1].finish > r.finish) {
		k--
	}
	t.busy[node] = slices.Insert(busy, k, r)
}

// soonest returns the node on which a task ends first, and when it begins there; -1
// where it can run on none. arrivals must have looked at it.
func (t *timetable) soonest(task int32) (node int32, start int64) {
	node = -1
	finish := model.Never
	for _, j := range t.nodes {
		if at := t.earliest(task, j); at < model.Never && at+t.w.DurationOn(task, j) < finish {
			node, start, finish = j, at, at+t.w.DurationOn(task, j)
		}
	}
	return node, start
}

// work counts the placing of a task, and says whether to go on.
func (t *timetable) work(task int32) bool {
	in := t.w.In[task]
	return t.board.Work(int64(len(t.nodes)) * (10 + 2*int64(in.To-in.From)))
}

// offer offers the schedule, if it keeps the deadlines.
func (t *timetable) offer(b *search.Board) {
	makespan := int64(0)
	for task, finish := range t.finish {
		if finish > t.w.Deadline[task] {
			return
		}
		makespan = max(makespan, finish)
	}
	b.OfferSchedule(t.at, makespan)
}
