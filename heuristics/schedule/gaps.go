package schedule

import (
	"slices"

	"berth/model"
)

// The places before a task's room in which the last task of a node is looked for: so many
// for each node, and some more. Of a node that has none there no gap is looked at.
const (
	placesPerNode = 3
	placesMore    = 40
)

// otherGap takes a task to a gap between neighbours on another node: the one from which
// the longest way through the task is shortest by what is known, on some nodes picked by
// chance. What moves up when the task is gone from where it was is not looked at.
//
// Source: M. Mastrolilli and L.M. Gambardella, Effective neighbourhood functions for the
// flexible job shop problem, Journal of Scheduling 3(1), 2000. Departure: the order of all
// tasks bounds the gaps, and nodes are left out by chance.
func (w *walk) otherGap(task int32) bool {
	at := w.pos[task]
	low, high := w.room(task)
	w.priors(low, int32(placesPerNode*w.w.Nodes+placesMore))
	nodes := w.some(task)
	w.sides(task, nodes, int32(len(w.seq)), -1)
	node, place, least := int32(-1), at, model.Never
	for _, j := range nodes {
		p := w.prior[j]
		if j == w.node[task] || p == unknown {
			continue
		}
		duration := w.w.DurationOn(task, j)
		for {
			n := w.head[j]
			if p >= 0 {
				n = w.behind[p]
			}
			way, from, to := w.ready[j]+duration, low, high
			if p >= 0 {
				way = max(way, w.finish[p]+duration)
				from = max(from, w.pos[p])
				if w.pos[p] < at {
					from = max(from, w.pos[p]+1)
				}
			}
			rest := w.after[j]
			if n >= 0 {
				rest = max(rest, w.w.DurationOn(n, j)+w.tail[n])
				to = min(to, w.pos[n])
				if w.pos[n] > at {
					to = min(to, w.pos[n]-1)
				}
			}
			if way+rest < least {
				node, place, least = j, min(max(at, from), to), way+rest
			}
			if n < 0 || w.pos[n] > high {
				break
			}
			p = n
		}
	}
	if node < 0 {
		return false
	}
	w.reassign(task, node)
	w.shift(task, place)
	return true
}

// mostTried is how many nodes are looked at by chance, where there are many.
const mostTried = 25

// some are nodes that can run a task: half of them by chance; of many only those of tasks
// that it exchanges results with, where these are few, and some more by chance.
func (w *walk) some(task int32) []int32 {
	w.tried = w.tried[:0]
	nodes := w.nodesOf(task)
	if len(nodes) <= 2*mostTried {
		for _, j := range nodes {
			if w.rng.Uint32()&1 == 0 {
				w.tried = append(w.tried, j)
			}
		}
		return w.tried
	}
	in, out := w.w.In[task], w.w.Out[task]
	for _, e := range w.in[in.From:min(in.To, in.From+mostTried)] {
		w.try(task, w.node[e.from])
	}
	for _, e := range w.out[out.From:min(out.To, out.From+mostTried)] {
		w.try(task, w.node[e.to])
	}
	for range mostTried {
		w.try(task, nodes[w.rng.IntN(len(nodes))])
	}
	return w.tried
}

// try adds a node to those that are looked at.
func (w *walk) try(task, node int32) {
	if w.w.DurationOn(task, node) < model.Never && !slices.Contains(w.tried, node) {
		w.tried = append(w.tried, node)
	}
}

// unknown is the task of a node before a place where none was found.
const unknown = -2

// priors finds the last task on every node before a place, among so many places; -1: there
// is none.
func (w *walk) priors(place, reach int32) {
	missing := 0
	for j, t := range w.head {
		if w.prior[j] = -1; t >= 0 && w.pos[t] < place {
			w.prior[j] = unknown
			missing++
		}
	}
	k := place - 1
	for end := max(0, place-reach); k >= end && missing > 0; k-- {
		if t := w.seq[k]; w.prior[w.node[t]] == unknown {
			w.prior[w.node[t]] = t
			missing--
		}
	}
	w.steps += int64(place-1-k)/8 + 1
}

// sides finds, for some nodes that can run a task, when all that it waits for is there, and
// the longest way from its end there by way of what waits for it. What stands from place
// first on ends as the stretch was made so far, and what stands up to place last counts
// behind the task as it was.
func (w *walk) sides(t int32, nodes []int32, first, last int32) {
	for _, j := range nodes {
		w.ready[j], w.after[j] = w.w.Release[t], 0
	}
	table, all := w.w.RouteTable(), w.w.Nodes
	in, out := w.w.In[t], w.w.Out[t]
	for _, e := range w.in[in.From:in.To] {
		ends, from := w.finish[e.from], w.node[e.from]
		if w.pos[e.from] >= first {
			ends = w.inside.ends[e.from]
		}
		if w.times == nil {
			for _, j := range nodes {
				w.ready[j] = max(w.ready[j], ends+w.message(e.base, e.edge, from, j))
			}
			continue
		}
		row := table[int(from)*all : int(from+1)*all]
		for _, j := range nodes {
			w.ready[j] = max(w.ready[j], ends+w.times[e.base+row[j]])
		}
	}
	for _, e := range w.out[out.From:out.To] {
		if w.pos[e.to] <= last {
			for _, j := range nodes {
				w.after[j] = max(w.after[j], w.tail[t])
			}
			continue
		}
		to := w.node[e.to]
		rest := w.w.DurationOn(e.to, to) + w.tail[e.to]
		for _, j := range nodes {
			w.after[j] = max(w.after[j], w.message(e.base, e.edge, j, to)+rest)
		}
	}
	w.steps += int64(len(nodes)) * int64(in.To-in.From+out.To-out.From+2) / 16
}
