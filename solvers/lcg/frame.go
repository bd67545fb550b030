package lcg

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// frame is a schedule of which a stretch of the order is free: what begins before stays as
// it is, and what begins behind keeps its nodes and its order there.
type frame struct {
	w        *model.Workflow
	least    []int64 // by task, on its best node
	makespan int64
	seq      []int32 // the tasks as they begin
	pos      []int32 // by task, into seq
	node     []int32
	begin    []int64
	tail     []int64 // by task: the longest way from its end to the end of all

	first, last int32     // places of the stretch: from first on, before last
	through     int64     // the longest way that passes by the stretch
	head, after []int64   // by task of the stretch and node: what must pass before it begins there, and when it has ended there
	nodes       [][]int32 // by task of the stretch: where it may run
	partial     bool      // nodes are left out for being many
	steps       int64     // of work
}

func newFrame(w *model.Workflow) *frame {
	n := len(w.Tasks)
	return &frame{
		w: w, least: w.LeastDurations(), pos: make([]int32, n), node: make([]int32, n), begin: make([]int64, n), tail: make([]int64, n),
	}
}

// take takes over a schedule. O(tasks · log tasks + edges).
func (f *frame) take(s model.Schedule) {
	w := f.w
	f.seq = w.Running(s)
	f.makespan = w.Makespan(s)
	f.first, f.last = 0, 0
	for k, t := range f.seq {
		f.pos[t], f.node[t], f.begin[t] = int32(k), s[t].Node, s[t].Start
	}
	rest := make([]int64, w.Nodes)
	for _, t := range slices.Backward(f.seq) {
		f.tail[t] = max(rest[f.node[t]], f.rest(t, f.node[t]))
		rest[f.node[t]] = f.tail[t] + f.time(t)
	}
	f.steps += int64(20*len(f.seq) + 10*len(w.Edges))
}

// spent is the work that was done since it was asked for last.
func (f *frame) spent() int64 {
	steps := f.steps
	f.steps = 0
	return steps
}

// time is how long a task runs where it is.
func (f *frame) time(t int32) int64 { return f.w.DurationOn(t, f.node[t]) }

// rest is the longest way to the end of all from the end of a task on a node, by way of
// what waits for it and is not in the stretch.
func (f *frame) rest(t, node int32) int64 {
	rest := int64(0)
	for k := f.w.Out[t].From; k < f.w.Out[t].To; k++ {
		if e := &f.w.Edges[k]; !f.free(e.To) {
			rest = max(rest, f.w.Message(e, node, f.node[e.To])+f.time(e.To)+f.tail[e.To])
		}
	}
	return rest
}

// free says whether a task is in the stretch.
func (f *frame) free(t int32) bool { return f.pos[t] >= f.first && f.pos[t] < f.last }

// place is where head and after tell of a task of the stretch on a node.
func (f *frame) place(t, node int32) int { return int(f.pos[t]-f.first)*f.w.Nodes + int(node) }

// stretch frees a part of the order. O(tasks + edges + edges in the stretch · nodes²).
func (f *frame) stretch(first, size int) {
	w := f.w
	f.first, f.last = int32(first), int32(first+size)
	begins, rests := make([]int64, w.Nodes), make([]int64, w.Nodes)
	f.through = 0
	for _, t := range f.seq[:f.first] {
		begins[f.node[t]] = f.begin[t] + f.time(t)
		for k := w.Out[t].From; k < w.Out[t].To; k++ {
			if e := &w.Edges[k]; f.pos[e.To] >= f.last {
				f.through = max(f.through, begins[f.node[t]]+w.Message(e, f.node[t], f.node[e.To])+f.time(e.To)+f.tail[e.To])
			}
		}
	}
	for _, t := range f.seq[f.last:] {
		rests[f.node[t]] = max(rests[f.node[t]], f.time(t)+f.tail[t])
	}
	for j := range begins {
		f.through = max(f.through, begins[j]+rests[j])
	}
	f.steps += int64(3 * (len(f.seq) + len(w.Edges)))
	if f.through >= f.makespan {
		return
	}
	f.head, f.after = f.head[:0], f.after[:0]
	for _, t := range f.seq[f.first:f.last] {
		for j := range int32(w.Nodes) {
			f.head = append(f.head, max(begins[j], f.soonest(t, j)))
		}
	}
	f.after = append(f.after, f.head...)
	for _, t := range slices.Backward(f.seq[f.first:f.last]) {
		for j := range int32(w.Nodes) {
			f.after[f.place(t, j)] = max(rests[j], f.rest(t, j), f.soon(t, j))
		}
	}
}

// soonest is how soon a task of the stretch can begin on a node by what it waits for.
func (f *frame) soonest(t, node int32) int64 {
	w := f.w
	at := w.Release[t]
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		e := &w.Edges[k]
		if !f.free(e.From) {
			at = max(at, f.begin[e.From]+f.time(e.From)+w.Message(e, f.node[e.From], node))
			continue
		}
		some := model.Never
		for a := range int32(w.Nodes) {
			if time := w.DurationOn(e.From, a); time < model.Never {
				some = min(some, f.head[f.place(e.From, a)]+time+w.Message(e, a, node))
			}
		}
		at = max(at, some)
		f.steps += int64(4 * w.Nodes)
	}
	return at
}

// soon is the least that must pass from the end of a task of the stretch on a node by way of
// what waits for it there.
func (f *frame) soon(t, node int32) int64 {
	w := f.w
	rest := int64(0)
	for k := w.Out[t].From; k < w.Out[t].To; k++ {
		e := &w.Edges[k]
		if !f.free(e.To) {
			continue
		}
		some := model.Never
		for b := range int32(w.Nodes) {
			if time := w.DurationOn(e.To, b); time < model.Never {
				some = min(some, w.Message(e, node, b)+time+f.after[f.place(e.To, b)])
			}
		}
		rest = max(rest, some)
		f.steps += int64(4 * w.Nodes)
	}
	return rest
}

// choose finds nodes on which the tasks of the stretch may run if all is over by a time: where
// they are, and of many others some with the shortest ways through the task and some by chance.
// False: one of them has none, or a way that passes by the stretch takes longer.
func (f *frame) choose(by int64, rng *rand.Rand) bool {
	f.nodes, f.partial = f.nodes[:0], false
	if f.through > by {
		return false
	}
	for _, t := range f.seq[f.first:f.last] {
		var some []int32
		for j := range int32(f.w.Nodes) {
			if f.way(t, j) <= by {
				some = append(some, j)
			}
		}
		if len(some) == 0 {
			return false
		}
		if len(some) > mostNodes {
			f.partial = true
			slices.SortFunc(some, func(a, b int32) int {
				return cmp.Or(cmp.Compare(f.way(t, a), f.way(t, b)), cmp.Compare(a, b))
			})
			if k := slices.Index(some, f.node[t]); k >= 0 {
				some[0], some[k] = some[k], some[0]
			}
			for k := mostNodes / 2; k < mostNodes; k++ {
				l := k + rng.IntN(len(some)-k)
				some[k], some[l] = some[l], some[k]
			}
			some = some[:mostNodes]
			slices.Sort(some)
		}
		f.nodes = append(f.nodes, some)
	}
	return true
}

// way is the longest way through a task of the stretch on a node.
func (f *frame) way(t, node int32) int64 {
	time := f.w.DurationOn(t, node)
	if time == model.Never {
		return model.Never
	}
	return f.head[f.place(t, node)] + time + f.after[f.place(t, node)]
}

// can says whether a task of the stretch may run on a node.
func (f *frame) can(t, node int32) bool {
	return slices.Contains(f.nodes[f.pos[t]-f.first], node)
}
