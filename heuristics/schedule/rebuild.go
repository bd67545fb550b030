package schedule

import "berth/model"

// The large neighbourhood of a walk: a stretch of the order is taken out and made anew as
// a list scheduler would, which knows what follows. Of the tasks that are ready it takes
// the one with the longest way to the end, a little varied by chance, and gives it the
// node from which the end of all is soonest by what is known. After P. Shaw, Using
// constraint programming and local search methods to solve vehicle routing problems, CP
// 1998.

// The length of a stretch, and by how much priorities and ways vary.
const (
	shortest  = 6
	stretches = 30
	variation = 0.3
)

// stretch is what rebuild needs, by task or by node, kept between calls.
type stretch struct {
	waits []int32   // by task: for how many inside it still waits; 0 outside
	rank  []float64 // by task
	ends  []int64   // by task inside, as made so far
	free  []int64   // by node
	ready []int32
}

func newStretch(w *model.Workflow) stretch {
	n := len(w.Tasks)
	return stretch{waits: make([]int32, n), rank: make([]float64, n), ends: make([]int64, n), free: make([]int64, w.Nodes)}
}

// rebuild makes a random stretch of the order anew.
func (w *walk) rebuild() bool {
	n := int32(len(w.seq))
	size := min(n, shortest+w.rng.Int32N(stretches))
	first := w.rng.Int32N(n - size + 1)
	last := first + size - 1
	s := &w.inside
	w.prepare(first, last)
	made := false
	for at := first; at <= last; at++ {
		best := 0
		for k, t := range s.ready {
			if s.rank[t] > s.rank[s.ready[best]] {
				best = k
			}
		}
		t := s.ready[best]
		s.ready[best] = s.ready[len(s.ready)-1]
		s.ready = s.ready[:len(s.ready)-1]
		made = w.put(t, first, last) || made
		w.seq[at] = t
		for _, e := range w.out[w.w.Out[t].From:w.w.Out[t].To] {
			if s.waits[e.to] > 0 {
				if s.waits[e.to]--; s.waits[e.to] == 0 {
					s.ready = append(s.ready, e.to)
				}
			}
		}
	}
	for k, t := range w.seq[first : last+1] {
		w.pos[t] = first + int32(k)
		made = made || t != w.undo.segment[k]
	}
	w.steps += int64(size) * 4
	if !made {
		w.restore()
	}
	return made
}

// prepare takes the tasks of a stretch out, and finds which are ready, and until when each
// node is busy before them.
func (w *walk) prepare(first, last int32) {
	s := &w.inside
	clear(s.free)
	w.priors(first, int32(len(w.seq)))
	for j, t := range w.prior {
		if t >= 0 {
			s.free[j] = w.finish[t]
		}
	}
	w.undo.segment, w.undo.place = append(w.undo.segment[:0], w.seq[first:last+1]...), first
	s.ready = s.ready[:0]
	for _, t := range w.undo.segment {
		for _, e := range w.in[w.w.In[t].From:w.w.In[t].To] {
			if w.pos[e.from] >= first {
				s.waits[t]++
			}
		}
		s.rank[t] = float64(w.tail[t]+w.w.DurationOn(t, w.node[t])) * (1 + variation*w.rng.Float64())
		if s.waits[t] == 0 {
			s.ready = append(s.ready, t)
		}
		w.take(t)
	}
}

// put gives a task of the stretch the node from which the end is soonest: when it could
// end there, and the ways from there to what waits for it behind the stretch; what waits
// inside counts as it was. It says whether that is another node.
func (w *walk) put(t, first, last int32) bool {
	s := &w.inside
	nodes := w.nodesOf(t)
	w.sides(t, nodes, first, last)
	best, bestWay, bestEnd := int32(-1), 0.0, int64(0)
	for _, j := range nodes {
		end := max(s.free[j], w.ready[j]) + w.w.DurationOn(t, j)
		way := w.after[j]
		value := float64(end) + float64(way)*(1+variation*(w.rng.Float64()-0.5))
		if end < model.Never && (best < 0 || value < bestWay) {
			best, bestWay, bestEnd = j, value, end
		}
	}
	old := w.node[t]
	if best < 0 { // nothing reaches it: it stays, and the evaluation will refuse that
		best, bestEnd = old, model.Never
	}
	w.node[t] = best
	s.ends[t], s.free[best] = bestEnd, bestEnd
	return best != old
}
