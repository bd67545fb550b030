//go:build cgo

package colgen

import "slices"

// piece is a part of a problem: some nodes with all copies that are on them, and
// some that are nowhere. What the rest holds stays where it is.
type piece struct {
	nodes  []int32 // of the whole, by node of the piece, ascending
	items  []int32 // of the whole, by item of the piece, ascending
	copies []int32 // by item of the piece
	lost   []int32 // of those, the ones that are nowhere
}

// cut returns the piece of these nodes under a placement, with these lost copies of
// items.
func (m *improver) cut(nodes []int32, lost []taking) piece {
	c := piece{nodes: slices.Sorted(slices.Values(nodes))}
	for i := range m.e.items {
		n, away := int32(0), int32(0)
		for _, j := range c.nodes {
			n += m.at[int(j)*m.e.items+i]
		}
		for _, t := range lost {
			if int(t.item) == i {
				away += t.copies
			}
		}
		if n+away > 0 {
			c.items, c.copies, c.lost = append(c.items, int32(i)), append(c.copies, n+away), append(c.lost, away)
		}
	}
	return c
}

// pair is the index in the whole of item a of the piece on its node b.
func (c *piece) pair(e *engine, a, b int) int {
	return int(c.nodes[b])*e.items + int(c.items[a])
}

// of restates a piece as an instance, with the pairs that the domains still have
// and those of the placement. Copies that are nowhere are outside, at a price.
func (c *piece) of(e *engine, at []int32, nowhere int64) *instance {
	in := &instance{items: len(c.items), nodes: len(c.nodes), resources: e.resources, outside: -1, copies: c.copies, shift: e.shift}
	switch {
	case e.outside >= 0 && slices.Contains(c.nodes, int32(e.outside)):
		in.outside = in.nodes - 1
	case slices.Max(c.lost) > 0:
		in.outside = in.nodes
		in.nodes++
	}
	pairs := in.items * in.nodes
	in.cost, in.most = make([]int64, pairs), make([]int32, pairs)
	in.need, in.part = make([]int64, pairs*in.resources), make([]float64, pairs*in.resources)
	in.room, in.open = make([]int64, in.nodes*in.resources), make([]int64, in.nodes)
	for b, j := range c.nodes {
		copy(in.room[b*in.resources:][:in.resources], e.instance.room[int(j)*e.resources:][:e.resources])
		in.open[b] = e.open[j]
		in.dearest += in.open[b] >> in.shift
	}
	in.setFoes(c.rules(e))
	for a, n := range c.copies {
		dearest := int64(0)
		for b := range c.nodes {
			k, whole := b*in.items+a, c.pair(e, a, b)
			if in.most[k] = min(max(e.hi[whole], at[whole]), n); in.most[k] == 0 {
				continue
			}
			in.cost[k] = e.cost[whole]
			dearest = max(dearest, in.cost[k])
			copy(in.need[k*in.resources:], e.needs(whole))
			copy(in.part[k*in.resources:][:in.resources], e.part[whole*e.resources:])
		}
		if k := in.outside*in.items + a; c.lost[a] > 0 && in.most[k] == 0 {
			in.most[k], in.cost[k] = n, nowhere<<in.shift
			dearest = in.cost[k]
		}
		in.dearest += dearest >> in.shift * int64(n)
	}
	return in
}

// rules restates what of the piece may share no node: the cliques, and the other
// foes two by two.
func (c *piece) rules(e *engine) [][]int32 {
	if e.foes == nil {
		return nil
	}
	cliques := make([][]int32, e.cliques)
	var rules [][]int32
	for a, i := range c.items {
		if q := e.clique[i]; q >= 0 {
			cliques[q] = append(cliques[q], int32(a))
		}
		for _, f := range e.foes[i] {
			if b, found := slices.BinarySearch(c.items, f); found && b > a && (e.clique[i] != e.clique[f] || e.clique[i] < 0) {
				rules = append(rules, []int32{int32(a), int32(b)})
			}
		}
	}
	for _, q := range cliques {
		if len(q) > 1 {
			rules = append(rules, q)
		}
	}
	return rules
}

// patch is the host of a piece: it keeps the best placement of the piece, and gives
// the search so much work.
type patch struct {
	whole host
	rest  int64 // units of work
	stop  bool  // the run is over

	current []int32 // the placement to be beaten, copies by pair of the piece
	cost    int64   // of the best placement known
	bound   int64
	better  []int32 // what replaces current; nil if nothing does
	proven  bool    // nothing is better than the best known
}

func (h *patch) left() int64 { return h.whole.left() }

func (h *patch) work(units int64) bool {
	h.rest -= units
	h.stop = !h.whole.work(units) || h.stop
	return !h.stop && h.rest > 0 && h.bound <= h.highest()
}

// highest is the cost of the current placement itself while no other is found: one
// that costs the same leads on where nothing better is near.
func (h *patch) highest() int64 {
	if h.better == nil {
		return h.cost
	}
	return h.cost - 1
}

func (h *patch) offer(at []int32, steps int64) bool {
	if steps > h.highest() || slices.Equal(at, h.current) {
		return false
	}
	h.better, h.cost = slices.Clone(at), steps
	return true
}

func (h *patch) raise(steps int64) { h.bound = steps }

// question makes few questions where much can be gained.
func (h *patch) question(lower int64) int64 { return max((h.cost-lower)/4, 1) }

func (h *patch) stage(lower int64) int64 { return max(h.cost-lower, 1) }

func (h *patch) exhausted() { h.proven = true }
