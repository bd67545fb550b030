package lagrange

import "slices"

// piece is a part of a problem: some nodes and some tasks, which are on them or
// nowhere. What the rest holds stays where it is.
type piece struct {
	nodes []int32   // of the whole, by node of the piece, ascending
	tasks []int32   // of the whole, by task of the piece
	room  []int32   // by node of the piece, without what stays there
	on    [][]int32 // by task of the piece: the nodes of the whole that it may have; nil: as the domains have it
}

// cut returns the piece of these nodes under a placement, with all tasks on them.
func cut(in *instance, at, nodes, lost []int32) piece {
	c := piece{nodes: slices.Sorted(slices.Values(nodes)), tasks: slices.Clone(lost)}
	for i, j := range at {
		if slices.Contains(c.nodes, j) {
			c.tasks = append(c.tasks, int32(i))
		}
	}
	for _, j := range c.nodes {
		c.room = append(c.room, in.room[j])
	}
	return c
}

// loosen returns the piece of these tasks and all nodes under a placement.
func loosen(in *instance, at, tasks []int32) piece {
	c := piece{nodes: make([]int32, in.nodes), tasks: slices.Sorted(slices.Values(tasks)), room: slices.Clone(in.room)}
	for j := range c.nodes {
		c.nodes[j] = int32(j)
	}
	for i, j := range at {
		if j < 0 {
			continue
		}
		if _, loose := slices.BinarySearch(c.tasks, int32(i)); !loose {
			c.room[j] -= in.need[int(j)*in.tasks+i]
		}
	}
	return c
}

// node returns which node of the piece one of the whole is. Nowhere is the one
// after the last.
func (c *piece) node(j int32) int32 {
	if j < 0 {
		return int32(len(c.nodes))
	}
	b, _ := slices.BinarySearch(c.nodes, j)
	return int32(b)
}

// joined returns a placement of the whole with that of the piece put in.
func (c *piece) joined(whole, at []int32) []int32 {
	whole = slices.Clone(whole)
	for a, b := range at {
		whole[c.tasks[a]] = -1
		if int(b) < len(c.nodes) {
			whole[c.tasks[a]] = c.nodes[b]
		}
	}
	return whole
}

// of restates a piece as an instance, with the pairs that it may have and those of
// the placement. Where tasks are nowhere, that is one more node, at a price.
func (c *piece) of(d *domains, at []int32, nowhere int64) *instance {
	in := &instance{tasks: len(c.tasks), nodes: len(c.nodes), outside: -1, shift: d.shift, cells: d.cells}
	if slices.ContainsFunc(c.tasks, func(i int32) bool { return at[i] < 0 }) {
		in.nodes++
	}
	in.cost = make([]int64, in.tasks*in.nodes)
	in.need = make([]int32, in.tasks*in.nodes)
	in.room = make([]int32, in.nodes)
	copy(in.room, c.room)
	in.twin = slices.Repeat([]int32{-1}, in.tasks)
	for a, i := range c.tasks {
		most := int64(0)
		for b := range in.nodes {
			k := b*in.tasks + a
			if b == len(c.nodes) {
				in.cost[k] = nowhere << in.shift
			} else if j := c.nodes[b]; at[i] == j || c.allows(d, a, j) {
				whole := int(j)*d.tasks + int(i)
				in.cost[k], in.need[k] = d.cost[whole], d.need[whole]
			} else {
				in.need[k] = never
			}
			most = max(most, in.cost[k])
		}
		in.dearest += most >> in.shift
	}
	return in
}

// allows says whether a task of the piece may be on a node of the whole.
func (c *piece) allows(d *domains, a int, j int32) bool {
	if c.on != nil {
		return slices.Contains(c.on[a], j)
	}
	return d.has(c.tasks[a], j)
}

// patch is the host of a piece: it keeps the best placement of the piece, and
// gives the search so much work.
type patch struct {
	whole  host
	left   int64 // units of work
	done   int64 // units of work
	strict bool  // one that costs the same is not wanted
	stop   bool  // the run is over

	current []int32 // the placement to be beaten, by task of the piece
	cost    int64   // of the best placement known
	bound   int64
	better  []int32 // what replaces current; nil if nothing does
	gained  int64   // how much less better costs than current
	proven  bool    // nothing is better than the best known
}

func (h *patch) work(units int64) bool {
	h.left -= units
	h.done += units
	h.stop = !h.whole.work(units) || h.stop
	return !h.stop && h.left > 0 && h.bound <= h.highest()
}

// highest may be the cost of the current placement itself while no other is found:
// one that costs the same leads on where nothing better is near.
func (h *patch) highest() int64 {
	if h.better == nil && !h.strict {
		return h.cost
	}
	return h.cost - 1
}

func (h *patch) offer(at []int32, steps int64) bool {
	if steps > h.highest() || slices.Equal(at, h.current) {
		return false
	}
	h.gained += h.cost - steps
	h.better, h.cost = slices.Clone(at), steps
	return true
}

func (h *patch) raise(steps int64) { h.bound = steps }

// coarse makes few questions where much can be gained.
func (h *patch) coarse(lower int64) int64 { return (h.cost - lower) / 8 }

func (h *patch) exhausted() { h.proven = true }
