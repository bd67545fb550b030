//go:build cgo

package colgen

import (
	"cmp"
	"slices"
)

// Parts. Where what every item pays is decided, what is left is to fit items into nodes, and mostly
// falls into parts that share neither: a rack each, say. Branched on side by side, one that has no
// way would be searched again for every way that there is in the others. So each is asked by itself,
// the smallest first (E.C. Freuder and M.J. Quinn, Taking advantage of stable sets of variables in
// constraint satisfaction problems, IJCAI 1985).

// fit searches the parts by themselves, and says whether nothing is left to look for here.
func (t *tree) fit() (over bool) {
	parts := t.parts()
	if len(parts) < 2 {
		return false
	}
	at := make([]int32, len(t.hi))
	for pair := range at {
		at[pair] = t.least(pair)
	}
	for n := range parts {
		c := &parts[n]
		filled, ended := t.fill(c)
		if filled == nil {
			return ended || t.stopped
		}
		for b := range c.nodes {
			for a := range c.items {
				at[c.pair(t.engine, a, b)] = filled[b*len(c.items)+a]
			}
		}
	}
	t.host.offer(at, t.steps(at))
	t.aim()
	return true
}

// fill returns a way to place what is in a part, by pair of the part; nil where there is none, as
// far as ended says so: it has no more work than the question.
func (t *tree) fill(c *piece) (filled []int32, ended bool) {
	in, rest := c.of(t.engine, t.lo, 0), t.until-t.spent
	h := &patch{whole: t.host, rest: rest, cost: in.dearest}
	s := newTree(in, h)
	defer s.close()
	t.failure = s.solve()
	t.spent += rest - h.rest
	t.stopped = t.stopped || h.stop || t.failure != nil
	return h.better, h.proven || h.bound > in.dearest
}

// parts lists what shares no item with a node elsewhere and has something to decide, the fewest
// items first; none where some item may yet pay more or less, as one of several copies may.
func (t *tree) parts() (parts []piece) {
	if t.priced() {
		return nil
	}
	of := make([]int32, t.nodes) // by node: one that it is with
	for j := range of {
		of[j] = int32(j)
	}
	find := func(j int32) int32 {
		for of[j] != j {
			j = of[j]
		}
		return j
	}
	open := make([]bool, t.nodes)
	for i := range t.items {
		first, price := int32(-1), int64(-1)
		for k := i; k < len(t.hi); k += t.items {
			if t.hi[k] == 0 {
				continue
			}
			j := find(int32(k / t.items))
			if first < 0 {
				first = j
			}
			of[j] = find(first)
			if t.hi[k] > t.least(k) {
				if open[k/t.items] = true; t.copies[i] > 1 || price >= 0 && t.cost[k] != price {
					return nil
				}
				price = t.cost[k]
			}
		}
	}
	with := make([][]int32, t.nodes) // by the one that all of these are with
	for j := range t.nodes {
		root := find(int32(j))
		with[root] = append(with[root], int32(j))
	}
	for _, nodes := range with {
		if slices.ContainsFunc(nodes, func(j int32) bool { return open[j] }) {
			c := piece{nodes: nodes}
			c.gather(t.engine)
			parts = append(parts, c)
		}
	}
	slices.SortStableFunc(parts, func(a, b piece) int { return cmp.Compare(len(a.items), len(b.items)) })
	return parts
}

// gather adds all items that may be on the part's nodes.
func (c *piece) gather(e *engine) {
	for i := range e.items {
		if slices.ContainsFunc(c.nodes, func(j int32) bool { return e.hi[int(j)*e.items+i] > 0 }) {
			c.items, c.copies, c.lost = append(c.items, int32(i)), append(c.copies, e.copies[i]), append(c.lost, 0)
		}
	}
}
