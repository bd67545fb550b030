//go:build cgo

package bundles

import "slices"

// decisions are what a node of the tree has settled (D.M.
// Ryan and B.A. Foster, An integer programming approach to scheduling, in Computer
// Scheduling of Public Transport, 1981): pairs that are together or apart, and items
// that are not in some class, for items of one copy; and sums for what those cannot say.
type decisions struct {
	apart  [][2]int32
	joined []int32 // by item: the first of those it is together with
	off    [][2]int32
	sums   []*sum
}

// sum limits how many bundles have something in common: the bundles of a class, or of
// all narrow ones, with at least so many copies of one item, or of two; or one bundle
// by itself. (F. Vanderbeck, Branching in branch-and-price: a generic scheme,
// Mathematical Programming 130, 2011.)
type sum struct {
	class    int32 // or -1
	a, b     taking
	itself   *bundle // or nil
	low, top int32
}

// counts says whether the sum counts a bundle.
func (s *sum) counts(in *instance, b *bundle) bool {
	if s.itself != nil {
		return b == s.itself
	}
	if s.class >= 0 && s.class != b.class || s.class < 0 && in.classes[b.class].wide {
		return false
	}
	return b.copies(s.a.item) >= s.a.copies && b.copies(s.b.item) >= s.b.copies
}

func newDecisions(items int) *decisions {
	d := &decisions{joined: make([]int32, items)}
	for i := range d.joined {
		d.joined[i] = int32(i)
	}
	return d
}

func (d *decisions) clone() *decisions {
	return &decisions{
		apart: slices.Clone(d.apart), joined: slices.Clone(d.joined), off: slices.Clone(d.off), sums: slices.Clone(d.sums),
	}
}

// in is what the decisions say of a class, with what is always together there. Of wide
// places they say nothing but where wishes are not: not all items have a part in those,
// so what nodes hold together they may hold in part.
func (d *decisions) in(c *class) *decisions {
	if !c.wide && c.joined == nil {
		return d
	}
	own := newDecisions(len(d.joined))
	if !c.wide {
		own = d.clone()
	}
	own.off = d.off
	for i, leader := range c.joined {
		own.join(int32(i), leader)
	}
	return own
}

// leader is the first of the items that are together with i.
func (d *decisions) leader(i int32) int32 { return d.joined[i] }

// group lists the items that are together with leader i.
func (d *decisions) group(i int32) []int32 {
	var group []int32
	for m, leader := range d.joined {
		if leader == i {
			group = append(group, int32(m))
		}
	}
	return group
}

// join puts two items together.
func (d *decisions) join(a, b int32) {
	a, b = min(d.joined[a], d.joined[b]), max(d.joined[a], d.joined[b])
	for m, leader := range d.joined {
		if leader == b {
			d.joined[m] = a
		}
	}
}

// split says whether m has to be apart from another of the group.
func (d *decisions) split(group []int32, m int32) bool {
	for _, pair := range d.apart {
		if pair[0] == m && slices.Contains(group, pair[1]) || pair[1] == m && slices.Contains(group, pair[0]) {
			return true
		}
	}
	return false
}

// closed says whether class k is closed to item i.
func (d *decisions) closed(i, k int32) bool { return slices.Contains(d.off, [2]int32{i, k}) }

// allow says whether a bundle keeps the decisions. Those on pairs are about nodes: what
// is on different nodes may share a rack, and not all items have a part in a rack's.
func (d *decisions) allow(b *bundle) bool {
	for _, o := range d.off {
		if o[1] == b.class && b.has(o[0]) {
			return false
		}
	}
	if b.wide {
		return true
	}
	for _, pair := range d.apart {
		if b.has(pair[0]) && b.has(pair[1]) {
			return false
		}
	}
	for i, leader := range d.joined {
		if int32(i) != leader && b.has(int32(i)) != b.has(leader) {
			return false
		}
	}
	return true
}
