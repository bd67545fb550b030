package lagrange

import "slices"

// piece is a part of a problem: some nodes and the tasks that are on them. What the
// rest holds stays where it is.
type piece struct {
	nodes []int32 // of the whole, by node of the piece
	tasks []int32 // of the whole, by task of the piece
}

// cut returns the piece of these nodes under a placement, ascending.
func cut(at, nodes []int32) piece {
	c := piece{nodes: slices.Sorted(slices.Values(nodes))}
	for i, j := range at {
		if slices.Contains(c.nodes, j) {
			c.tasks = append(c.tasks, int32(i))
		}
	}
	return c
}

// of restates a piece as an instance, with the pairs that the domains still have
// and those of the placement.
func (c *piece) of(d *domains, at []int32) *instance {
	in := &instance{tasks: len(c.tasks), nodes: len(c.nodes), outside: -1, shift: d.shift}
	in.cost = make([]int64, in.tasks*in.nodes)
	in.need = make([]int32, in.tasks*in.nodes)
	in.twin = slices.Repeat([]int32{-1}, in.tasks)
	for b, j := range c.nodes {
		in.room = append(in.room, d.room[j])
		for a, i := range c.tasks {
			k, whole := b*in.tasks+a, int(j)*d.tasks+int(i)
			in.need[k] = never
			if d.has(i, j) || at[i] == j {
				in.cost[k], in.need[k] = d.cost[whole], d.need[whole]
			}
		}
	}
	for a := range c.tasks {
		most := int64(0)
		for b := range c.nodes {
			most = max(most, in.cost[b*in.tasks+a])
		}
		in.dearest += most >> in.shift
	}
	return in
}

// patch is the host of a piece: it keeps the best placement of the piece, and
// gives the search so much work.
type patch struct {
	whole host
	left  int64 // units of work
	stop  bool  // the run is over

	current []int32 // the placement to be beaten, by task of the piece
	cost    int64   // of the best placement known
	bound   int64
	better  []int32 // what replaces current; nil if nothing does
	proven  bool    // nothing is better than the best known
}

func (h *patch) work(units int64) bool {
	h.left -= units
	h.stop = !h.whole.work(units) || h.stop
	return !h.stop && h.left > 0 && h.bound <= h.highest()
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

func (h *patch) exhausted() { h.proven = true }
