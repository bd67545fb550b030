//go:build cgo

package recombine

import (
	"math"
	"slices"
)

// closure finds the set of vertices that is worth most, where each vertex has a worth,
// each tie is worth something if both its ends are in, and some vertices need others: a
// minimum cut (J.-C. Picard, Maximal closure of a graph and applications to combinatorial
// problems, Management Science 22, 1976; for ties, M.L. Balinski, On a selection problem,
// Management Science 17, 1970). Cuts by blocking flows (E.A. Dinic, Soviet Mathematics
// Doklady 11, 1970).
type closure struct {
	positive int64   // sum of all worth above 0
	sent     int64   // from source to sink
	arcs     []arc   // by the vertex that they leave
	tails    []int32 // by arc, before they are in order
	ends     []int32 // by vertex: its arcs from the source and to the sink
	first    []int32 // by vertex: its first arc; the last two are source and sink
	level    []int32
	at       []int32
	queue    []int32
}

type arc struct {
	to, back int32 // back is the arc the other way
	room     int64
}

// reset makes it so many vertices, worth nothing.
func (c *closure) reset(vertices int) {
	c.positive, c.sent, c.arcs, c.tails, c.ends = 0, 0, c.arcs[:0], c.tails[:0], c.ends[:0]
	c.first = make([]int32, vertices+3)
}

// connect adds an arc with room there, and none back.
func (c *closure) connect(from, to int32, room int64) {
	k := int32(len(c.arcs))
	c.arcs = append(c.arcs, arc{to, k + 1, room}, arc{from, k, 0})
	c.tails = append(c.tails, from, to)
}

// order puts the arcs of each vertex side by side, when all are there.
func (c *closure) order() {
	for _, v := range c.tails {
		c.first[v+1]++
	}
	for v := range c.first[1:] {
		c.first[v+1] += c.first[v]
	}
	next, place := slices.Clone(c.first), make([]int32, len(c.arcs))
	for k, v := range c.tails {
		place[k] = next[v]
		next[v]++
	}
	ordered := make([]arc, len(c.arcs))
	for k, a := range c.arcs {
		a.back = place[a.back]
		ordered[place[k]] = a
	}
	for k, e := range c.ends {
		c.ends[k] = place[e]
	}
	c.arcs = ordered
}

// value says what a vertex is worth. It is called once for each, in order, before order.
func (c *closure) value(v int32, worth int64) {
	source := int32(len(c.first) - 3)
	c.positive += max(worth, 0)
	c.ends = append(c.ends, int32(len(c.arcs)), int32(len(c.arcs))+2)
	c.connect(source, v, max(worth, 0))
	c.connect(v, source+1, max(-worth, 0))
}

// What follows only lets more flow: what flows already is still right.

// lower makes a vertex worth less by so much.
func (c *closure) lower(v int32, by int64) {
	if a := &c.arcs[c.ends[2*v+1]]; a.room != math.MaxInt64 {
		a.room += by
	}
}

// take puts a vertex into every set, and drop into none.
func (c *closure) take(v int32) { c.arcs[c.ends[2*v]].room = math.MaxInt64 }

func (c *closure) drop(v int32) { c.arcs[c.ends[2*v+1]].room = math.MaxInt64 }

// needs says that one vertex is only in with another.
func (c *closure) needs(v, other int32) { c.connect(v, other, math.MaxInt64) }

// flow is what flows in a closure, and at which price of which resource (see limiter).
type flow struct {
	sent   int64
	rooms  []int64 // by arc
	price  int64
	scarce int
}

// save keeps what flows, and restore returns to it.
func (c *closure) save(f *flow) {
	f.sent, f.rooms = c.sent, f.rooms[:0]
	for k := range c.arcs {
		f.rooms = append(f.rooms, c.arcs[k].room)
	}
}

func (c *closure) restore(f *flow) {
	c.sent = f.sent
	for k := range c.arcs {
		c.arcs[k].room = f.rooms[k]
	}
}

// solve returns what the best set is worth, and marks it in in, for those that are in
// every best set. It also returns how many arcs it looked at.
func (c *closure) solve(in []bool) (worth, looks int64) {
	n := len(c.first) - 1
	source, sink := int32(n-2), int32(n-1)
	if cap(c.level) < n {
		c.level, c.at = make([]int32, n), make([]int32, n)
	}
	c.level, c.at = c.level[:n], c.at[:n]
	for c.layer(source, sink, &looks) {
		copy(c.at, c.first)
		c.sent += c.push(source, sink, math.MaxInt64, &looks)
	}
	for v := range in {
		in[v] = c.level[v] >= 0
	}
	return c.positive - c.sent, looks
}

// layer sets the distances from the source, no farther than the sink's, and says whether
// that can be reached.
func (c *closure) layer(source, sink int32, looks *int64) bool {
	for v := range c.level {
		c.level[v] = -1
	}
	c.level[source] = 0
	c.queue = append(c.queue[:0], source)
	for head := 0; head < len(c.queue) && c.level[sink] < 0; head++ {
		v := c.queue[head]
		arcs := c.arcs[c.first[v]:c.first[v+1]]
		*looks += int64(len(arcs))
		for e := range arcs {
			if a := &arcs[e]; a.room > 0 && c.level[a.to] < 0 {
				c.level[a.to] = c.level[v] + 1
				c.queue = append(c.queue, a.to)
			}
		}
	}
	return c.level[sink] >= 0
}

// push sends up to so much from a vertex to the sink along layers.
func (c *closure) push(v, sink int32, most int64, looks *int64) (sent int64) {
	if v == sink {
		return most
	}
	for ; c.at[v] < c.first[v+1] && sent < most; c.at[v]++ {
		*looks++
		a := &c.arcs[c.at[v]]
		if a.room == 0 || c.level[a.to] != c.level[v]+1 {
			continue
		}
		part := c.push(a.to, sink, min(most-sent, a.room), looks)
		if a.room != math.MaxInt64 {
			a.room -= part
		}
		if back := &c.arcs[a.back]; back.room != math.MaxInt64 {
			back.room += part
		}
		if sent += part; sent == most {
			break
		}
	}
	return sent
}
