//go:build cgo

package bundles

import "slices"

// decisions are what a node of the tree has settled (D.M.
// Ryan and B.A. Foster, An integer programming approach to scheduling, in Computer
// Scheduling of Public Transport, 1981): pairs that are together or apart, on a node, in
// a rack and so on, and items that are not in some class, for items of one copy; and sums
// for what those cannot say.
type decisions struct {
	pairs []pairs // by topology
	off   [][2]int32
	sums  []*sum
}

// pairs says which items are together in the places of a topology, and which are not.
type pairs struct {
	apart  [][2]int32
	joined []int32 // by item: the first of those it is together with
}

// sum limits how many bundles have something in common: the bundles of a class, or of
// all narrow ones, with at least so many copies of one item, or of two; or one bundle
// by itself. (F. Vanderbeck, Branching in branch-and-price: a generic scheme,
// Mathematical Programming 130, 2011.) One that matches counts how many bundles on the
// nodes of a wide place hold both items, less those of the place; with so many copies
// to a time, each bundle as many times as both items are there (see agree.go).
type sum struct {
	class    int32 // or -1
	a, b     taking
	itself   *bundle // or nil
	matches  bool
	triple   bool // it counts bundles with two of a, b, and the third
	third    int32
	low, top int32
}

// counts is how often the sum counts a bundle.
func (s *sum) counts(in *instance, b *bundle) int64 {
	if s.itself != nil {
		if b == s.itself {
			return 1
		}
		return 0
	}
	if s.triple {
		two := b.has(s.a.item) && (b.has(s.b.item) || b.has(s.third)) || b.has(s.b.item) && b.has(s.third)
		if two && !b.wide {
			return 1
		}
		return 0
	}
	times := int64(min(b.copies(s.a.item)/s.a.copies, b.copies(s.b.item)/s.b.copies))
	if times == 0 {
		return 0
	}
	if !s.matches {
		times = 1
	}
	return times * s.sign(in, b.class)
}

// sign is how often the sum counts the bundles of a class that have what it is about.
func (s *sum) sign(in *instance, k int32) int64 {
	c := &in.classes[k]
	switch {
	case s.matches && k == s.class:
		return -1
	case s.matches && !c.wide && c.nodes != nil && slices.Contains(in.classes[s.class].nodes, c.nodes[0]):
		return 1
	case s.matches || s.class >= 0 && s.class != k || s.class < 0 && c.wide:
		return 0
	}
	return 1
}

func newDecisions(in *instance) *decisions {
	d := &decisions{pairs: make([]pairs, len(in.concern))}
	for t := range d.pairs {
		d.pairs[t] = newPairs(in.items)
	}
	return d
}

func newPairs(items int) pairs {
	p := pairs{joined: make([]int32, items)}
	for i := range p.joined {
		p.joined[i] = int32(i)
	}
	return p
}

func (d *decisions) clone() *decisions {
	c := &decisions{off: slices.Clone(d.off), sums: slices.Clone(d.sums)}
	for t := range d.pairs {
		c.pairs = append(c.pairs, d.pairs[t].clone())
	}
	return c
}

func (p *pairs) clone() pairs { return pairs{slices.Clone(p.apart), slices.Clone(p.joined)} }

// of is what the decisions say of pairs in a class, and what is always together there.
// Outside counts as a node.
func (d *decisions) of(c *class) *pairs {
	own := &d.pairs[max(c.topology, 0)]
	if c.joined == nil {
		return own
	}
	both := own.clone()
	for i, leader := range c.joined {
		both.join(int32(i), leader)
	}
	return &both
}

// leader is the first of the items that are together with i.
func (p *pairs) leader(i int32) int32 { return p.joined[i] }

// group lists the items that are together with leader i.
func (p *pairs) group(i int32) []int32 {
	var group []int32
	for m, leader := range p.joined {
		if leader == i {
			group = append(group, int32(m))
		}
	}
	return group
}

// join puts two items together.
func (p *pairs) join(a, b int32) {
	a, b = min(p.joined[a], p.joined[b]), max(p.joined[a], p.joined[b])
	for m, leader := range p.joined {
		if leader == b {
			p.joined[m] = a
		}
	}
}

// split says whether m has to be apart from another of the group.
func (p *pairs) split(group []int32, m int32) bool {
	for _, pair := range p.apart {
		if pair[0] == m && slices.Contains(group, pair[1]) || pair[1] == m && slices.Contains(group, pair[0]) {
			return true
		}
	}
	return false
}

// join puts two items together in a place of a topology. What is on one node is in one
// rack, too, where racks are told of it.
func (d *decisions) join(in *instance, topology, a, b int32) {
	d.pairs[topology].join(a, b)
	if topology > 0 {
		return
	}
	group := d.pairs[0].group(d.pairs[0].leader(a))
	for t := 1; t < len(d.pairs); t++ {
		first := int32(-1)
		for _, m := range group {
			switch {
			case !in.concern[t][m]:
			case first < 0:
				first = m
			default:
				d.pairs[t].join(first, m)
			}
		}
	}
}

// part keeps two items apart in all places of a topology, and so on all nodes.
func (d *decisions) part(topology, a, b int32) {
	d.pairs[topology].apart = append(d.pairs[topology].apart, [2]int32{a, b})
	if topology > 0 {
		d.part(0, a, b)
	}
}

// closed says whether class k is closed to item i.
func (d *decisions) closed(i, k int32) bool { return slices.Contains(d.off, [2]int32{i, k}) }

// rules are decisions in a form in which many bundles are held against them.
type rules struct {
	*decisions
	joined [][][2]int32 // by topology: items and the first of those that they are together with
}

func (d *decisions) rules() *rules {
	r := &rules{decisions: d}
	for t := range d.pairs {
		var joined [][2]int32
		for i, leader := range d.pairs[t].joined {
			if int32(i) != leader {
				joined = append(joined, [2]int32{int32(i), leader})
			}
		}
		r.joined = append(r.joined, joined)
	}
	return r
}

// allow says whether a bundle of a class keeps the decisions.
func (r *rules) allow(c *class, b *bundle) bool {
	for _, o := range r.off {
		if o[1] == b.class && b.has(o[0]) {
			return false
		}
	}
	topology := max(c.topology, 0)
	for _, pair := range r.pairs[topology].apart {
		if b.has(pair[0]) && b.has(pair[1]) {
			return false
		}
	}
	for _, pair := range r.joined[topology] {
		if b.has(pair[0]) != b.has(pair[1]) {
			return false
		}
	}
	return true
}
