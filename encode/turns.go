package encode

import "berth/model"

// What tasks of a workflow have to do with each other: results that are waited for, and
// turns on a node.

// unknown is a distance that is not known to be kept.
const unknown = -model.Never

// results says when the results that tasks wait for arrive.
func (b *planner) results() {
	w := b.w
	for k := range w.Edges {
		if b.room < 0 {
			return
		}
		e := &w.Edges[k]
		origin := Origin{Kind: WaitRow, A: e.To, B: e.From}
		b.after(b.end[e.From], b.begin[e.To], 0, unknown, origin)
		if b.alike {
			continue
		}
		if time, one := b.oneTime(e); one {
			if time > 0 {
				b.after(b.end[e.From], b.begin[e.To], time, 0, origin, b.apart(e))
			}
			continue
		}
		b.messages(e, origin)
	}
}

// oneTime is how long a result takes between any two nodes that its tasks can run on.
func (b *planner) oneTime(e *model.Edge) (time int64, one bool) {
	time = none
	for i, x := range b.on[e.From] {
		for j, y := range b.on[e.To] {
			if x < 0 || y < 0 || i == j {
				continue
			}
			m := b.w.Message(e, int32(i), int32(j))
			if m >= model.Never || time != none && m != time {
				return 0, false
			}
			time = m
		}
	}
	return time, true
}

// apart makes the variable that the tasks of an edge run on two nodes.
func (b *planner) apart(e *model.Edge) int32 {
	v := b.variable(Var{Kind: Apart, Item: e.From, Topology: none, Place: e.To})
	for j, x := range b.on[e.From] {
		if x < 0 {
			continue
		}
		b.term(x, 1)
		if y := b.on[e.To][j]; y >= 0 {
			b.term(y, -1)
		}
		b.term(v, -1)
		b.row(AtMost, 0, definition)
	}
	return v
}

// messages says, for any two nodes, when a result arrives that is made on the one and
// needed on the other.
func (b *planner) messages(e *model.Edge, origin Origin) {
	for i, x := range b.on[e.From] {
		for j, y := range b.on[e.To] {
			if x < 0 || y < 0 || i == j {
				continue
			}
			if time := b.w.Message(e, int32(i), int32(j)); time > 0 {
				b.after(b.end[e.From], b.begin[e.To], time, 0, origin, x, y)
			}
		}
	}
}

// turns says that of two tasks on a node one is over when the other begins.
func (b *planner) turns() {
	n := int32(len(b.w.Tasks))
	for s := range n {
		for t := range s {
			if b.room >= 0 && !b.follows[s*n+t] && !b.follows[t*n+s] {
				b.turn(s, t)
			}
		}
	}
}

func (b *planner) turn(s, t int32) {
	first, second := b.end[s].low <= b.begin[t].high, b.end[t].low <= b.begin[s].high
	if b.end[s].high <= b.begin[t].low && first || b.end[t].high <= b.begin[s].low && second {
		return // whatever happens
	}
	origin := Origin{Kind: TurnRow, A: s, B: t}
	var node []int32 // that both can run on
	for j, x := range b.on[s] {
		if x >= 0 && b.on[t][j] >= 0 {
			node = append(node, int32(j))
		}
	}
	if len(node) == 0 {
		return
	}
	together := int32(none)
	if first || second {
		together = b.variable(Var{Kind: Together, Item: s, Topology: none, Place: t})
	}
	for _, j := range node {
		b.term(b.on[s][j], 1)
		b.term(b.on[t][j], 1)
		if together >= 0 {
			b.term(together, -1)
		}
		b.row(AtMost, 1, origin)
	}
	switch {
	case first && second:
		forth, back := b.order(s, t, origin), b.order(t, s, origin)
		b.term(forth, 1)
		b.term(back, 1)
		b.term(together, -1)
		b.row(AtLeast, 0, origin)
	case first:
		b.after(b.end[s], b.begin[t], 0, unknown, origin, together)
	case second:
		b.after(b.end[t], b.begin[s], 0, unknown, origin, together)
	}
}

// order makes the variable that a task is over when another begins.
func (b *planner) order(s, t int32, origin Origin) int32 {
	v := b.variable(Var{Kind: Before, Item: s, Topology: none, Place: t})
	b.after(b.end[s], b.begin[t], 0, unknown, origin, v)
	return v
}

// work says that all work on a node, what must pass before it and what remains behind it,
// is done when all is over.
func (b *planner) work() {
	w := b.w
	for j := range int32(w.Nodes) {
		if b.room < 0 {
			return
		}
		head, tail := model.Never, model.Never
		for t := range w.Tasks {
			if x := b.on[t][j]; x >= 0 {
				head, tail = min(head, b.head[t]), min(tail, b.tail[t])
				if d := w.DurationOn(int32(t), j); d > 0 {
					b.term(x, d)
				}
			}
		}
		if len(b.terms) == 0 {
			continue
		}
		constant := b.addTime(b.over, -1)
		b.row(AtMost, -head-tail-constant, Origin{Kind: NodeRow, A: j, B: none})
	}
}

// reachable says, at s·tasks + t, whether t waits for s, by itself or by others.
func reachable(w *model.Workflow) []bool {
	n := int32(len(w.Tasks))
	follows := make([]bool, n*n)
	for k := n - 1; k >= 0; k-- {
		s := w.Order[k]
		row := follows[s*n : (s+1)*n]
		for _, e := range w.Edges[w.Out[s].From:w.Out[s].To] {
			row[e.To] = true
			for t, yes := range follows[e.To*n : (e.To+1)*n] {
				row[t] = row[t] || yes
			}
		}
	}
	return follows
}
