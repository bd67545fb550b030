//go:build cgo

package bundles

import (
	"cmp"
	"math/bits"
	"slices"
)

// sack is the pricing problem of one class under the decisions of a node of the
// tree: choose vertices that fit, so that profits and edges between them are worth
// most. A vertex is an item of one copy, several that have to be together, or one
// copy more of an item of several.
type sack struct {
	class    int32
	vertices int
	words    int       // of a row of clash
	items    [][]int32 // by vertex: what it holds
	fixed    []int64   // by vertex: its worth but for the multipliers
	need     []int64   // need[v*resources+r]
	size     []int64   // size[v*resources+r]: the same, in parts of the room, rounded down
	before   []int32   // by vertex: the one that must be there first, or -1
	after    []int32   // by vertex: the reverse, or -1
	clash    []uint64  // clash[v*words:]: a bit for each vertex that may not be there too
	first    []int32   // by item: its first vertex, or -1

	// Edges, each in both directions: those of v are start[v] … start[v+1]-1.
	start []int32
	to    []int32
	twin  []int32 // the same edge seen from the other end
	worth []int64
	share []int64 // what the end takes for itself in bounds, kept from call to call
	own   []int64 // worth without sums
	pairs []counted
	price []int64 // of the room of each resource in bounds, likewise

	subsets []subset
	among   [][]int32 // by vertex: its subsets
}

// counted is a sum of the decisions that counts bundles with two vertices, or with one
// that holds both items.
type counted struct {
	sum  int   // its index
	sign int64 // how often it counts them
	v    int32 // the vertex, or -1
	edge int32
}

// subset is what a subset row is about here: a bundle with two of its vertices, or
// three, pays once.
type subset struct {
	sum   int // its index
	v     [3]int32
	price int64 // not negative
}

// unitRoom is the room of a class in the units of sizes.
const unitRoom = 1 << 16

// newSack makes the pricing problem of a class under decisions.
func newSack(in *instance, k int32, d *decisions) *sack {
	c := &in.classes[k]
	pairs := d.of(c)
	s := &sack{class: k, first: make([]int32, in.items)}
	for i := range s.first {
		s.first[i] = -1
	}
	for i := range int32(in.items) {
		if pairs.leader(i) == i {
			s.addItem(in, c, i, d, pairs)
		}
	}
	for i := range int32(in.items) {
		s.first[i] = s.first[pairs.leader(i)]
	}
	s.link(c, in, d, pairs)
	s.price = make([]int64, in.resources)
	s.size = make([]int64, len(s.need))
	for v := range s.vertices {
		for r, room := range c.room {
			s.size[v*in.resources+r] = part(s.need[v*in.resources+r], room)
		}
	}
	return s
}

// part is need in parts of the room, rounded down; need ≤ room.
func part(need, room int64) int64 {
	if room == 0 {
		return 0
	}
	high, low := bits.Mul64(uint64(need), unitRoom)
	q, _ := bits.Div64(high, low, uint64(room))
	return int64(q)
}

// addItem makes the vertices of an item and of those that are joined to it, if the
// class is open to all of them.
func (s *sack) addItem(in *instance, c *class, i int32, d *decisions, pairs *pairs) {
	group := pairs.group(i)
	copies := in.copies[i]
	need := make([]int64, in.resources)
	for _, m := range group {
		copies = min(copies, c.most[m])
		if d.closed(m, s.class) || pairs.split(group, m) {
			copies = 0
		}
		for r := range need {
			need[r] += c.need[int(m)*in.resources+r]
		}
	}
	for r := range need {
		if need[r] > c.room[r] {
			copies = 0
		}
	}
	for _, pair := range c.clash {
		if len(group) > 1 && slices.Contains(group, pair[0]) && slices.Contains(group, pair[1]) {
			copies = 0
		}
	}
	if copies > 0 && c.lump != nil && slices.ContainsFunc(group, func(m int32) bool { return c.lump[m] }) {
		s.addLump(in, c, i, group)
		return
	}
	for n := range copies {
		if n == 0 {
			s.first[i] = int32(s.vertices)
		}
		worth := int64(0)
		for _, m := range group {
			worth -= c.cost[m][n] << in.shift
		}
		before := int32(s.vertices) - 1
		if n == 0 {
			before = -1
		} else {
			s.after[before] = int32(s.vertices)
		}
		s.items, s.fixed, s.need = append(s.items, group), append(s.fixed, worth), append(s.need, need...)
		s.before, s.after = append(s.before, before), append(s.after, -1)
		s.vertices++
	}
}

// addLump makes one vertex of all copies of a group, if the class takes them.
func (s *sack) addLump(in *instance, c *class, i int32, group []int32) {
	need, worth := make([]int64, in.resources), int64(0)
	var all []int32
	for _, m := range group {
		if c.most[m] < in.copies[m] {
			return
		}
		for n := range in.copies[m] {
			all = append(all, m)
			worth -= c.cost[m][n] << in.shift
		}
		for r := range need {
			need[r] += int64(in.copies[m]) * c.need[int(m)*in.resources+r]
		}
	}
	for r := range need {
		if need[r] > c.room[r] {
			return
		}
	}
	s.first[i] = int32(s.vertices)
	s.items, s.fixed, s.need = append(s.items, all), append(s.fixed, worth), append(s.need, need...)
	s.before, s.after = append(s.before, -1), append(s.after, -1)
	s.vertices++
}

// copy returns the vertex of the n-th copy of an item, which of a lump is the only one;
// or -1.
func (s *sack) copy(i, n int32) int32 {
	v := s.first[i]
	for ; n > 1 && v >= 0 && s.after[v] >= 0; n-- {
		v = s.after[v]
	}
	return v
}

// link makes edges of the ties, and the bits of what may not be together.
func (s *sack) link(c *class, in *instance, d *decisions, pairs *pairs) {
	sum := map[[2]int32]int64{}
	for _, t := range c.ties {
		a, b := s.copy(t.a, t.copiesA), s.copy(t.b, t.copiesB)
		if a < 0 || b < 0 {
			continue
		}
		if a == b {
			s.fixed[a] += t.worth << in.shift
			continue
		}
		sum[[2]int32{min(a, b), max(a, b)}] += t.worth << in.shift
	}
	type edge struct {
		from, to int32
		worth    int64
	}
	var edges []edge
	for pair, worth := range sum {
		if worth == 0 {
			delete(sum, pair)
		}
	}
	s.among = make([][]int32, s.vertices)
	ends := s.countPairs(in, d)
	for n := range s.pairs {
		if s.pairs[n].v < 0 {
			sum[ends[n]] += 0 // there has to be an edge
		}
	}
	for pair, worth := range sum {
		edges = append(edges, edge{pair[0], pair[1], worth}, edge{pair[1], pair[0], worth})
	}
	slices.SortFunc(edges, func(x, y edge) int { return cmp.Or(cmp.Compare(x.from, y.from), cmp.Compare(x.to, y.to)) })
	s.start = make([]int32, s.vertices+1)
	at := map[[2]int32]int32{}
	for n, e := range edges {
		s.start[e.from+1]++
		s.to, s.worth = append(s.to, e.to), append(s.worth, e.worth)
		s.share = append(s.share, max(e.worth, 0)/2)
		at[[2]int32{e.from, e.to}] = int32(n)
	}
	for v := range s.vertices {
		s.start[v+1] += s.start[v]
	}
	for n, e := range edges {
		s.twin = append(s.twin, at[[2]int32{e.to, e.from}])
		if e.from > e.to {
			s.share[n] = max(e.worth, 0) - s.share[s.twin[n]]
		}
	}
	s.own = slices.Clone(s.worth)
	for n := range s.pairs {
		if s.pairs[n].v < 0 {
			s.pairs[n].edge = at[ends[n]]
		}
	}
	s.words = (s.vertices + 63) / 64
	s.clash = make([]uint64, s.vertices*s.words)
	for _, pair := range c.clash {
		s.keepApart(pair[0], pair[1])
	}
	for _, pair := range pairs.apart {
		s.keepApart(pair[0], pair[1])
	}
}

// countPairs lists what sums count here, and the two vertices of each.
func (s *sack) countPairs(in *instance, d *decisions) (ends [][2]int32) {
	for n, sum := range d.sums {
		if sum.triple {
			if s.addSubset(n, sum, in) {
				ends = append(ends, [2]int32{})
			}
			continue
		}
		sign := sum.sign(in, s.class)
		if sum.itself != nil || sign == 0 {
			continue
		}
		most := in.classes[s.class].most
		times := min(most[sum.a.item]/sum.a.copies, most[sum.b.item]/sum.b.copies)
		if !sum.matches {
			times = min(times, 1)
		}
		for k := int32(1); k <= times; k++ {
			a, b := s.copy(sum.a.item, k*sum.a.copies), s.copy(sum.b.item, k*sum.b.copies)
			if a < 0 || b < 0 {
				break
			}
			c := counted{sum: n, sign: sign, v: -1}
			if a == b {
				c.v = a
			}
			s.pairs, ends = append(s.pairs, c), append(ends, [2]int32{min(a, b), max(a, b)})
		}
	}
	return ends
}

// addSubset takes up a subset row. Where two items are one vertex, it counts that vertex
// as other sums do, and says so.
func (s *sack) addSubset(n int, row *sum, in *instance) (counts bool) {
	if in.classes[s.class].wide {
		return false
	}
	v := [3]int32{s.copy(row.a.item, 1), s.copy(row.b.item, 1), s.copy(row.third, 1)}
	slices.Sort(v[:])
	switch {
	case v[0] == v[1] && v[0] >= 0 || v[1] == v[2] && v[1] >= 0:
		s.pairs = append(s.pairs, counted{sum: n, sign: 1, v: v[1]})
		return true
	case v[1] >= 0:
		for _, w := range v {
			if w >= 0 {
				s.among[w] = append(s.among[w], int32(len(s.subsets)))
			}
		}
		s.subsets = append(s.subsets, subset{sum: n, v: v})
	}
	return false
}

// others returns the vertices of a subset but one; -1 is none.
func (q *subset) others(v int32) (a, b int32) {
	switch v {
	case q.v[0]:
		return q.v[1], q.v[2]
	case q.v[1]:
		return q.v[0], q.v[2]
	}
	return q.v[0], q.v[1]
}

// weigh gives the edges their worth at a point, and returns that of each vertex.
func (s *sack) weigh(in *instance, at *point) []int64 {
	profit := slices.Clone(s.fixed)
	for v, items := range s.items {
		for _, i := range items {
			profit[v] += in.profit(s.class, i, at)
		}
	}
	for _, c := range s.pairs {
		if c.v < 0 {
			s.worth[c.edge] = s.own[c.edge]
		}
	}
	for _, c := range s.pairs {
		if value := c.sign * at.sum[c.sum]; c.v >= 0 {
			profit[c.v] += value
		} else {
			s.worth[c.edge] += value
		}
	}
	for _, c := range s.pairs {
		if c.v < 0 {
			s.divide(c.edge)
		}
	}
	for n := range s.subsets {
		s.subsets[n].price = -at.sum[s.subsets[n].sum]
	}
	return profit
}

// divide sets an edge's other direction, and divides its worth between its ends as it
// was before.
func (s *sack) divide(e int32) {
	back, worth := s.twin[e], max(s.worth[e], 0)
	s.worth[back] = s.worth[e]
	if now := s.share[e] + s.share[back]; now > 0 {
		s.share[e] = int64(float64(worth) * (float64(s.share[e]) / float64(now)))
	} else {
		s.share[e] = worth / 2
	}
	s.share[back] = worth - s.share[e]
}

// keepApart keeps two items apart.
func (s *sack) keepApart(a, b int32) {
	if s.first[a] < 0 || s.first[b] < 0 {
		return
	}
	for v := s.first[a]; v >= 0; v = s.after[v] {
		for w := s.first[b]; w >= 0; w = s.after[w] {
			s.clash[int(v)*s.words+int(w>>6)] |= 1 << (uint(w) & 63)
			s.clash[int(w)*s.words+int(v>>6)] |= 1 << (uint(v) & 63)
		}
	}
}

// fits says whether a vertex has room in what is left.
func (s *sack) fits(left []int64, v int32) bool {
	need := s.need[int(v)*len(left):][:len(left)]
	for r, room := range left {
		if need[r] > room {
			return false
		}
	}
	return true
}

// clashes says whether two vertices may not be together.
func (s *sack) clashes(v, w int32) bool {
	return s.clash[int(v)*s.words+int(w>>6)]>>(uint(w)&63)&1 == 1
}
