package colgen

import (
	"math"
	"slices"
)

// Cuts on groups of nodes. Costs often do not tell the nodes of a rack apart, so no
// bound that looks at one node at a time sees that the copies which want the rack do
// not fill it evenly. For a group J of nodes the copies there, y(i) = Σ_{j in J}
// x(i,j), are integers, and so the capacities of the group in all,
//
//	Σ_i need(i)·y(i) ≤ Σ_{j in J} room(j),
//
// give cuts by rounding (rounding.go). What a node has no room for, as it costs something and is
// not used, counts on the left. The cuts are linear in x, so in the bound
// they change profits, and those on which nodes are used (also openings.go) the
// prices of these. Groups are found from the costs alone: nodes
// that cost several items the same or less, and the rest of the nodes. Where
// resources are several, their weighted sum is one more row. Needs that differ by
// node count as the least in the group. Everything is computed in integers; the
// relaxation's values only choose. Cost of a separation: O(groups · items · divisors).
type cut struct { // Σ factor(i)·Σ_{j in nodes} x(i,j) + Σ_{j in nodes} uses(j)·(is j used?) ≤ right
	index  int
	group  *group
	items  []int32
	factor []int64
	uses   []int64 // by node; nil: it does not matter which are used
	right  int64
	norm   float64
	dense  []int64 // factor by item

	violation float64 // when it was found
}

// sum is what a set on a node that is used counts in the cut.
func (c *cut) sum(node int32, set []taking) (sum int64) {
	if c.uses != nil {
		sum = c.uses[node]
	}
	for _, t := range set {
		sum += c.dense[t.item] * int64(t.copies)
	}
	return sum
}

// group is a set of nodes with the rows that their rooms give.
type group struct {
	nodes []int32
	items []int32 // that may be there
	dear  []int32 // nodes that cost something to use
	top   []int64 // copies of the items, and 1 for every such node that is not used
	rows  []capacity
	y     []float64 // their values
}

// capacity is Σ need·y ≤ room over the variables of a group.
type capacity struct {
	need []int64
	room int64
}

const (
	maxGroups = 400
	mostPairs = 100_000_000 // of item and node, in all groups together
	maxLevels = 12          // items with more different costs form no groups
	wholeAt   = 1e-6        // values nearer to an integer count as one
)

// groups finds the sets of nodes that several items see as equally near, and the
// rest of the nodes for each.
func (in *instance) groups() []*group {
	seen := map[string]int{}
	var keys []string
	note := func(key []byte) {
		if seen[string(key)]++; seen[string(key)] == 1 {
			keys = append(keys, string(key))
		}
	}
	places := in.nodes
	if in.outside >= 0 {
		places--
	}
	for i := range in.items {
		levels := in.levels(i)
		if len(levels) > maxLevels {
			continue
		}
		for _, level := range levels[:max(len(levels)-1, 0)] {
			key, size := make([]byte, places), 0
			for j := range places {
				if k := j*in.items + i; in.most[k] > 0 && in.cost[k] <= level {
					key[j] = 1
					size++
				}
			}
			if size > 0 && size < places {
				note(key)
				for j := range key {
					key[j] ^= 1
				}
				note(key)
			}
		}
	}
	slices.SortStableFunc(keys, func(a, b string) int { return seen[b] - seen[a] })
	var found []*group
	for _, key := range keys {
		if seen[key] < 2 || len(found) == maxGroups || len(found)*len(in.most) > mostPairs {
			break
		}
		g := &group{}
		for j := range places {
			if key[j] == 1 {
				g.nodes = append(g.nodes, int32(j))
			}
		}
		if len(g.nodes) > 1 {
			in.fill(g)
			found = append(found, g)
		}
	}
	return found
}

// levels lists the different costs of an item, ascending.
func (in *instance) levels(i int) []int64 {
	var levels []int64
	for k := i; k < len(in.cost); k += in.items {
		if in.most[k] > 0 && !slices.Contains(levels, in.cost[k]) {
			levels = append(levels, in.cost[k])
			if len(levels) > maxLevels {
				break
			}
		}
	}
	slices.Sort(levels)
	return levels
}

// fill finds the items and rows of a group of nodes.
func (in *instance) fill(g *group) {
	for i := range in.items {
		if slices.ContainsFunc(g.nodes, func(j int32) bool { return in.most[int(j)*in.items+i] > 0 }) {
			g.items, g.top = append(g.items, int32(i)), append(g.top, int64(in.copies[i]))
		}
	}
	for _, j := range g.nodes {
		if in.open[j] > 0 {
			g.dear, g.top = append(g.dear, j), append(g.top, 1)
		}
	}
	g.y = make([]float64, len(g.top))
	for r := range in.resources {
		g.rows = append(g.rows, in.summed(g, r))
	}
	if in.resources > 1 {
		g.rows = append(g.rows, in.blended(g))
	}
}

// summed is the row of one resource.
func (in *instance) summed(g *group, r int) capacity {
	c := capacity{need: make([]int64, len(g.items))}
	for _, j := range g.dear {
		c.need = append(c.need, in.room[int(j)*in.resources+r])
	}
	for _, j := range g.nodes {
		c.room += in.room[int(j)*in.resources+r]
	}
	for t, i := range g.items {
		least := int64(math.MaxInt64)
		for _, j := range g.nodes {
			if k := int(j)*in.items + int(i); in.most[k] > 0 {
				least = min(least, in.need[k*in.resources+r])
			}
		}
		c.need[t] = least
	}
	return c
}

// blended is a sum of the rows so far, with small weights that make their rooms
// about the same.
func (in *instance) blended(g *group) capacity {
	const parts = 1 << 12
	c := capacity{need: make([]int64, len(g.top))}
	largest := int64(1)
	for _, row := range g.rows {
		largest = max(largest, row.room)
	}
	for _, row := range g.rows {
		weight := int64(1)
		if row.room > 0 {
			weight = max(largest/row.room, 1)
		}
		if weight > parts {
			continue
		}
		c.room += weight * row.room
		for t, need := range row.need {
			c.need[t] += weight * need
		}
	}
	return c
}

// separate returns cuts of a group that the values violate, one a row at most.
// value holds x by pair, used how much of every node is used.
func (in *instance) separate(g *group, value, used []float64) []*cut {
	for t, i := range g.items {
		g.y[t] = 0
		for _, j := range g.nodes {
			g.y[t] += value[int(j)*in.items+int(i)]
		}
	}
	for t, j := range g.dear {
		g.y[len(g.items)+t] = 1 - min(used[j], 1)
	}
	var cuts []*cut
	for r := range g.rows {
		m := rounding{capacity: g.rows[r], top: g.top, y: g.y}
		if !m.separate() {
			continue
		}
		factor, right := m.inequality()
		c := newCut(in, g, factor, right)
		c.violation = m.violation()
		for t, f := range factor[len(g.items):] {
			if f != 0 {
				if c.uses == nil {
					c.uses = make([]int64, in.nodes)
				}
				c.uses[g.dear[t]] = -f
				c.right -= f
			}
		}
		for t, f := range factor[:len(g.items)] {
			if f != 0 {
				c.items, c.factor = append(c.items, g.items[t]), append(c.factor, f)
				c.dense[g.items[t]] = f
			}
		}
		if !slices.ContainsFunc(cuts, func(o *cut) bool { return alike(c, o) }) {
			cuts = append(cuts, c)
		}
	}
	return cuts
}

// newCut makes the cut Σ factor·y ≤ right over the variables of a row of a group, which it does
// not know yet.
func newCut(in *instance, g *group, factor []int64, right int64) *cut {
	c := &cut{group: g, right: right, dense: make([]int64, in.items)}
	for _, f := range factor {
		c.norm += float64(f) * float64(f)
	}
	c.norm = math.Sqrt(c.norm)
	return c
}

func alike(a, b *cut) bool {
	return a.right == b.right && slices.Equal(a.uses, b.uses) && slices.Equal(a.items, b.items) && slices.Equal(a.factor, b.factor)
}
