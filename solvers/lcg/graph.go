package lcg

import (
	"math/bits"
	"slices"

	"berth/model"
)

// set is a set of tasks.
type set []uint64

func (s set) has(t int32) bool { return s[t>>6]>>(t&63)&1 == 1 }
func (s set) add(t int32)      { s[t>>6] |= 1 << (t & 63) }

func (s set) union(other set) {
	for k := range s {
		s[k] |= other[k]
	}
}

func (s set) size() int {
	size := 0
	for _, word := range s {
		size += bits.OnesCount64(word)
	}
	return size
}

func (s set) within(other set) bool {
	for k := range s {
		if s[k]&^other[k] != 0 {
			return false
		}
	}
	return true
}

// each calls f with every task of both sets.
func (s set) each(other set, f func(t int32)) {
	for k := range s {
		for word := s[k] & other[k]; word != 0; word &= word - 1 {
			f(int32(64*k + bits.TrailingZeros64(word)))
		}
	}
}

// graph is what follows from the dependencies: all that comes before and after each task,
// and what must pass before it can begin and from its begin to the end of all.
type graph struct {
	w             *model.Workflow
	least         []int64 // the shortest time of every task
	before, after []set   // transitive, without the task itself
	head, tail    []int64 // tail includes the task
}

func newGraph(w *model.Workflow) *graph {
	n := len(w.Tasks)
	g := &graph{w: w, least: w.LeastDurations(), head: make([]int64, n), tail: make([]int64, n)}
	for range n {
		g.before = append(g.before, make(set, (n+63)/64))
		g.after = append(g.after, make(set, (n+63)/64))
	}
	for _, t := range w.Order {
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			g.before[e.To].union(g.before[t])
			g.before[e.To].add(t)
		}
		g.head[t] = max(w.Release[t], g.loaded(g.before[t], func(s int32) (int64, int64) { return g.head[s], g.head[s] + g.least[s] }))
	}
	for k := n - 1; k >= 0; k-- {
		t := w.Order[k]
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			g.after[t].union(g.after[e.To])
			g.after[t].add(e.To)
		}
		g.tail[t] = g.least[t] + g.loaded(g.after[t], func(s int32) (int64, int64) { return g.tail[s] - g.least[s], g.tail[s] })
	}
	return g
}

// loaded is how long a set of tasks takes at least, each behind what must pass before it
// and ending no sooner than some time: those from the k-th on, by what passes before, are
// more work than fits on all nodes in less.
func (g *graph) loaded(tasks set, ends func(t int32) (passes, end int64)) int64 {
	type one struct{ passes, time int64 }
	var list []one
	most := int64(0)
	tasks.each(tasks, func(t int32) {
		passes, end := ends(t)
		list = append(list, one{passes, g.least[t]})
		most = max(most, end)
	})
	slices.SortFunc(list, func(a, b one) int { return int(min(max(b.passes-a.passes, -1), 1)) })
	work, nodes := int64(0), int64(g.w.Nodes)
	for _, l := range list {
		work += l.time
		most = max(most, l.passes+(work+nodes-1)/nodes)
	}
	return most
}

// between is how long must pass at least from the end of one task to the begin of another
// that comes after it, by the work that must be done between.
func (g *graph) between(s, t int32) int64 {
	work := int64(0)
	g.after[s].each(g.before[t], func(u int32) { work += g.least[u] })
	return (work + int64(g.w.Nodes) - 1) / int64(g.w.Nodes)
}

// replaces says whether, of two tasks that take the same time everywhere, the first can
// always be the one that begins first: what keeps it back keeps the other back, too, and
// what waits for the other waits for it.
func (g *graph) replaces(s, t int32) bool {
	w := g.w
	same := slices.Equal(w.Duration[int(s)*w.Nodes:int(s+1)*w.Nodes], w.Duration[int(t)*w.Nodes:int(t+1)*w.Nodes])
	if !same || w.Release[s] > w.Release[t] || w.Deadline[s] > w.Deadline[t] ||
		g.after[s].has(t) || g.before[s].has(t) || !g.before[s].within(g.before[t]) || !g.after[t].within(g.after[s]) {
		return false
	}
	both := g.before[t].within(g.before[s]) && g.after[s].within(g.after[t]) && w.Release[s] == w.Release[t] && w.Deadline[s] == w.Deadline[t]
	return !both || s < t
}
