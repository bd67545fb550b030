package span

import (
	"cmp"
	"math/bits"
	"slices"

	"berth/model"
)

// holding counts how many tasks of a set the nodes hold that a makespan leaves to them. A
// node holds no more than it can do in time, one task after the other, all from when the
// first of them can begin there: how many that are at most is known by the rule of J.M. Moore (An
// n job, one machine sequencing algorithm for minimizing the number of late jobs, Management
// Science 15(1), 1968). If the nodes of a set hold fewer together than the tasks that have no
// other nodes, there is no such makespan (P. Hall, On representatives of subsets, Journal of
// the London Mathematical Society 10, 1935).
type holding struct {
	e        *ends
	w        *model.Workflow // with durations only where tasks are left nodes
	makespan int64
	first    []int   // a node of each kind: nodes of a kind are the same to all tasks
	many     []int   // how many are of the kind
	least    []int64 // by task: its shortest time where it is left
	member   []member
	turn     []turn
	taken    []int64
	steps    int64 // of work
}

// turn is a task on a node: how long it takes and by when it must be over.
type turn struct{ time, due int64 }

// mostKinds bounds the kinds of nodes, mostShared the sets of kinds that are looked at.
const (
	mostKinds  = 64
	mostShared = 16
)

// hold says whether the nodes hold the tasks, and what work that took. False is certain.
func (e *ends) hold(w *model.Workflow, makespan int64) (_ bool, steps int64) {
	h := &holding{e: e, w: w, makespan: makespan, least: w.LeastDurations(), steps: int64(len(w.Duration)) * 10}
	kind := h.kinds()
	if len(h.first) > mostKinds {
		return true, h.steps
	}
	left := make([]uint64, len(w.Tasks)) // by task: the kinds that are left to it
	for t := range left {
		for j, k := range kind {
			if w.Duration[t*w.Nodes+j] < model.Never {
				left[t] |= 1 << k
			}
		}
		if left[t] == 0 {
			return false, h.steps
		}
	}
	shared := slices.Clone(left)
	slices.SortFunc(shared, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(bits.OnesCount64(a), bits.OnesCount64(b)), cmp.Compare(a, b))
	})
	shared = slices.Compact(shared)
	for _, s := range shared[:min(len(shared), mostShared)] {
		if !h.all(s, left) {
			return false, h.steps
		}
	}
	return true, h.steps
}

// kinds finds out which nodes are the same to all tasks. O(tasks · nodes · kinds).
func (h *holding) kinds() []int {
	n := h.w.Nodes
	same := func(a, b int) bool {
		for k := 0; k < len(h.w.Duration); k += n {
			if h.w.Duration[k+a] != h.w.Duration[k+b] || h.e.head[k+a] != h.e.head[k+b] || h.e.tail[k+a] != h.e.tail[k+b] {
				return false
			}
		}
		return true
	}
	kind := make([]int, n)
	for j := range kind {
		k := slices.IndexFunc(h.first, func(i int) bool { return same(i, j) })
		if k < 0 {
			k = len(h.first)
			h.first, h.many = append(h.first, j), append(h.many, 0)
		}
		kind[j] = k
		h.many[k]++
	}
	return kind
}

// all says whether the nodes of some kinds hold those tasks that have no others: all of them,
// and those of a level that take long.
func (h *holding) all(kinds uint64, left []uint64) bool {
	nodes := 0
	for k, many := range h.many {
		if kinds>>k&1 == 1 {
			nodes += many
		}
	}
	var all []member
	for t, l := range left {
		if l&^kinds == 0 && h.least[t] > 0 {
			all = append(all, h.e.member(t, h.w.Duration))
		}
	}
	if len(all) <= nodes {
		return true
	}
	byTime := func(m member) int64 { return h.least[m.task] }
	cuts := []cut{{}}
	longestFirst(all, byWay)
	for _, way := range jumps(all, byWay) {
		cuts = append(cuts, cut{way: way})
	}
	longestFirst(all, byHead)
	for _, head := range jumps(all, byHead) {
		cuts = append(cuts, cut{head: head})
	}
	longestFirst(all, byTime)
	for _, c := range cuts {
		level := slices.DeleteFunc(slices.Clone(all), c.leavesOut)
		if len(level) <= nodes {
			continue
		}
		for _, time := range append(jumps(level, byTime), 0) {
			h.member = h.member[:0]
			for _, m := range level {
				if byTime(m) >= time {
					h.member = append(h.member, m)
				}
			}
			if len(h.member) > nodes && len(h.member) <= countedPerNode*nodes && !h.held(kinds) {
				return false
			}
		}
	}
	return true
}

// held says whether the nodes of some kinds hold the members.
func (h *holding) held(kinds uint64) bool {
	room := 0
	for k, many := range h.many {
		if kinds>>k&1 == 0 {
			continue
		}
		if room += many * h.most(h.first[k]); room >= len(h.member) {
			return true
		}
	}
	return false
}

// most is how many members a node can do in time at most.
func (h *holding) most(node int) int {
	n := h.w.Nodes
	begin, end := model.Never, model.Never
	for _, m := range h.member {
		if k := int(m.task)*n + node; h.w.Duration[k] < model.Never {
			begin, end = min(begin, h.e.head[k]), min(end, h.e.tail[k])
		}
	}
	forth := h.inTime(node, begin, h.e.tail)
	return min(forth, h.inTime(node, end, h.e.head))
}

// inTime is how many members a node can do one after the other from a time on, with a way to go
// after each.
func (h *holding) inTime(node int, from int64, way []int64) int {
	n := h.w.Nodes
	h.steps += 20 * int64(len(h.member))
	h.turn = h.turn[:0]
	for _, m := range h.member {
		if k := int(m.task)*n + node; h.w.Duration[k] < model.Never {
			h.turn = append(h.turn, turn{h.w.Duration[k], h.makespan - way[k]})
		}
	}
	slices.SortFunc(h.turn, func(a, b turn) int { return cmp.Compare(a.due, b.due) })
	h.taken = h.taken[:0]
	for _, t := range h.turn {
		at, _ := slices.BinarySearch(h.taken, t.time)
		h.taken = slices.Insert(h.taken, at, t.time)
		if from += t.time; from > t.due {
			last := len(h.taken) - 1
			from -= h.taken[last]
			h.taken = h.taken[:last]
		}
	}
	return len(h.taken)
}
