package lcg

import (
	"berth/model"
	"berth/solvers/lcg/engine"
)

// rooms holds that all work fits between the first begin and the last end on every node.
// A node begins late if the results that its tasks wait for come from elsewhere, and ends
// early if what waits for theirs is elsewhere. O((tasks + edges) · nodes).
type rooms struct {
	q     *program
	least []int64 // by edge: what the result takes between nodes
	work  int64
	first []int64 // by node
	last  []int64
	lits  []engine.Literal
}

func newRooms(q *program) *rooms {
	r := &rooms{q: q, first: make([]int64, q.w.Nodes), last: make([]int64, q.w.Nodes)}
	for k := range q.w.Edges {
		r.least = append(r.least, q.leastMessage(&q.w.Edges[k]))
	}
	for _, d := range q.g.least {
		r.work += d
	}
	return r
}

// Propagate implements engine.Propagator.
func (r *rooms) Propagate(e *engine.Engine) bool {
	w := r.q.w
	room := int64(0)
	for j := range w.Nodes {
		r.first[j], r.last[j] = model.Never, 0
		for t := range r.q.start {
			if !e.False(r.q.on[t][j]) {
				begin, _ := r.begin(e, int32(t), j)
				end, _ := r.end(e, int32(t), j)
				r.first[j], r.last[j] = min(r.first[j], begin), max(r.last[j], end)
			}
		}
		e.Steps(int64(4*len(w.Tasks) + 8*len(w.Edges)))
		if room += max(0, r.last[j]-r.first[j]); room >= r.work {
			return true
		}
	}
	return e.Refuse(r.because(e, r.work-room-1))
}

// begin is when a task can begin on a node, and the edge over which it waits for a result
// from elsewhere; −1: it waits for none.
func (r *rooms) begin(e *engine.Engine, t int32, j int) (at int64, over int32) {
	w := r.q.w
	at, over = e.Low(r.q.start[t]), -1
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		from := w.Edges[k].From
		if time := e.Low(r.q.start[from]) + r.q.g.least[from] + r.least[k]; time > at && e.False(r.q.on[from][j]) {
			at, over = time, k
		}
	}
	return at, over
}

// end is when a task must have ended on a node, and the edge over which something
// elsewhere waits for its result.
func (r *rooms) end(e *engine.Engine, t int32, j int) (at int64, over int32) {
	w := r.q.w
	at, over = e.High(r.q.start[t])+w.DurationOn(t, int32(j)), -1
	for k := w.Out[t].From; k < w.Out[t].To; k++ {
		to := w.Edges[k].To
		if time := e.High(r.q.start[to]) - r.least[k]; time < at && e.False(r.q.on[to][j]) {
			at, over = time, k
		}
	}
	return at, over
}

// because is why there is so little room; spare of it may be given away.
func (r *rooms) because(e *engine.Engine, spare int64) []engine.Literal {
	q, w := r.q, r.q.w
	lits := r.lits[:0]
	for j := range w.Nodes {
		first, last := r.first[j], r.last[j]
		if first > last { // no room either way
			first, last = min(first, model.Never/2), min(first, model.Never/2)
		}
		first, spare = first-spare, 0
		for t := range q.start {
			if x := q.on[t][j]; e.False(x) {
				lits = append(lits, x.Not())
				continue
			}
			if _, over := r.begin(e, int32(t), j); over >= 0 && e.Low(q.start[t]) < first {
				from := w.Edges[over].From
				lits = append(lits, q.on[from][j].Not(), engine.AtLeast(q.start[from], first-q.g.least[from]-r.least[over]))
			} else {
				lits = append(lits, engine.AtLeast(q.start[t], first))
			}
			if _, over := r.end(e, int32(t), j); over >= 0 && e.High(q.start[t])+w.DurationOn(int32(t), int32(j)) > last {
				to := w.Edges[over].To
				lits = append(lits, q.on[to][j].Not(), engine.AtMost(q.start[to], last+r.least[over]))
			} else {
				lits = append(lits, engine.AtMost(q.start[t], last-w.DurationOn(int32(t), int32(j))))
			}
		}
	}
	r.lits = lits
	return lits
}
