package colgen

import (
	"cmp"
	"math"
	"slices"

	"berth/model/integer"
)

// Cuts on groups of nodes. Costs often do not tell the nodes of a rack apart, so no
// bound that looks at one node at a time sees that the copies which want the rack do
// not fill it evenly. For a group J of nodes the copies there, y(i) = Σ_{j in J}
// x(i,j), are integers, and so the capacities of the group in all,
//
//	Σ_i need(i)·y(i) ≤ Σ_{j in J} room(j),
//
// give mixed-integer rounding cuts: divide by δ, complement what is near its upper
// end, round (H. Marchand and L.A. Wolsey, Aggregation and mixed integer rounding to
// solve MIPs, Operations Research 49, 2001). They are linear in x, so in the bound
// they change profits and nothing else. Groups are found from the costs alone: nodes
// that cost several items the same or less, and the rest of the nodes. Where
// resources are several, their weighted sum is one more row. Needs that differ by
// node count as the least in the group. Everything is computed in integers; the
// relaxation's values only choose. Cost of a separation: O(groups · items · divisors).
type cut struct { // Σ factor(i)·Σ_{j in nodes} x(i,j) ≤ right
	index  int
	group  *group
	items  []int32
	factor []int64
	right  int64
	norm   float64
	dense  []int64 // factor by item

	violation float64 // when it was found
}

// sum is what a set counts in the cut.
func (c *cut) sum(set []taking) (sum int64) {
	for _, t := range set {
		sum += c.dense[t.item] * int64(t.copies)
	}
	return sum
}

// group is a set of nodes with the rows that their rooms give.
type group struct {
	nodes []int32
	items []int32 // that may be there
	rows  []capacity
	y     []float64
}

// capacity is Σ need·y ≤ room over the items of a group.
type capacity struct {
	need []int64
	room int64
}

const (
	maxGroups  = 400
	maxLevels  = 12      // items with more different costs form no groups
	maxDivisor = 1 << 24 // larger needs are scaled down
	divisors   = 8       // of a row that are tried, with their halves, quarters and eighths
	violated   = 4e-3    // a cut has to be violated by so much of its norm
	wholeAt    = 1e-6    // values nearer to an integer count as one
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
		if seen[key] < 2 || len(found) == maxGroups {
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
			g.items = append(g.items, int32(i))
		}
	}
	g.y = make([]float64, len(g.items))
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
	c := capacity{need: make([]int64, len(g.items))}
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
// value holds x by pair.
func (in *instance) separate(g *group, value []float64) []*cut {
	for t, i := range g.items {
		g.y[t] = 0
		for _, j := range g.nodes {
			g.y[t] += value[int(j)*in.items+int(i)]
		}
	}
	var cuts []*cut
	for r := range g.rows {
		m := rounding{instance: in, group: g, row: &g.rows[r]}
		if c := m.separate(); c != nil && !slices.ContainsFunc(cuts, func(o *cut) bool { return alike(c, o) }) {
			cuts = append(cuts, c)
		}
	}
	return cuts
}

func alike(a, b *cut) bool {
	return a.right == b.right && slices.Equal(a.items, b.items) && slices.Equal(a.factor, b.factor)
}

// rounding is the search for a cut from one row.
type rounding struct {
	*instance
	group   *group
	row     *capacity
	turned  []bool // complemented
	inner   []int  // items whose value is no end of their range
	divisor int64
}

func (m *rounding) separate() *cut {
	m.turned = make([]bool, len(m.row.need))
	load := 0.0
	for t, y := range m.group.y {
		top := float64(m.copies[m.group.items[t]])
		m.turned[t] = y > top/2
		load += y * float64(m.row.need[t])
		if y > wholeAt && y < top-wholeAt && m.row.need[t] > 0 {
			m.inner = append(m.inner, t)
		}
	}
	if len(m.inner) == 0 || load < 0.8*float64(m.row.room) {
		return nil
	}
	slices.SortFunc(m.inner, func(a, b int) int {
		return cmp.Or(cmp.Compare(m.distance(a), m.distance(b)), cmp.Compare(a, b))
	})
	best, at := violated, int64(0)
	tried := map[int64]bool{}
	for n, t := range m.inner {
		if n == divisors {
			break
		}
		for _, d := range []int64{m.row.need[t], m.row.need[t] / 2, m.row.need[t] / 4, m.row.need[t] / 8} {
			if d < 2 || d > maxDivisor || tried[d] {
				continue
			}
			tried[d] = true
			m.divisor = d
			if v := m.violation(); v > best {
				best, at = v, d
			}
		}
	}
	if at == 0 {
		return nil
	}
	m.divisor = at
	for _, t := range m.inner[:min(len(m.inner), 4*divisors)] {
		m.turned[t] = !m.turned[t]
		if v := m.violation(); v > best {
			best = v
		} else {
			m.turned[t] = !m.turned[t]
		}
	}
	return m.cut()
}

// distance is how far the value of an item is from the middle of its range.
func (m *rounding) distance(t int) float64 {
	top := float64(m.copies[m.group.items[t]])
	return math.Abs(m.group.y[t]/top - 0.5)
}

// right returns the right side before rounding: room, less what the complemented
// items take.
func (m *rounding) right() int64 {
	right := m.row.room
	for t, turned := range m.turned {
		if turned {
			right -= m.row.need[t] * int64(m.copies[m.group.items[t]])
		}
	}
	return right
}

// rounded returns the coefficient that need becomes, times divisor less the
// remainder of the right side.
func (m *rounding) rounded(need, remainder int64) int64 {
	whole, rest := floorDiv(need, m.divisor)
	return (m.divisor-remainder)*whole + max(rest-remainder, 0)
}

// violation is by how much of its norm the values violate the cut.
func (m *rounding) violation() float64 {
	whole, remainder := floorDiv(m.right(), m.divisor)
	if remainder == 0 {
		return 0
	}
	scale := 1 / float64(m.divisor-remainder)
	left, norm := 0.0, 0.0
	for t, y := range m.group.y {
		if y <= wholeAt && !m.turned[t] {
			continue
		}
		factor := 0.0
		if m.turned[t] {
			factor = float64(m.rounded(-m.row.need[t], remainder)) * scale
			y = float64(m.copies[m.group.items[t]]) - y
		} else {
			factor = float64(m.rounded(m.row.need[t], remainder)) * scale
		}
		left += factor * y
		norm += factor * factor
	}
	if norm == 0 {
		return 0
	}
	return (left - float64(whole)) / math.Sqrt(norm)
}

// cut writes the cut down, with the complemented items put back.
func (m *rounding) cut() *cut {
	whole, remainder := floorDiv(m.right(), m.divisor)
	c := &cut{group: m.group, right: (m.divisor - remainder) * whole, violation: m.violation(), dense: make([]int64, m.instance.items)}
	common := int64(0)
	for t, i := range m.group.items {
		factor := int64(0)
		if m.turned[t] {
			factor = -m.rounded(-m.row.need[t], remainder)
			c.right += factor * int64(m.copies[i])
		} else {
			factor = m.rounded(m.row.need[t], remainder)
		}
		if factor != 0 {
			c.items, c.factor = append(c.items, i), append(c.factor, factor)
			common = integer.GCD(common, magnitude(factor))
		}
	}
	if common == 0 {
		return nil
	}
	c.right, _ = floorDiv(c.right, common)
	for t := range c.factor {
		c.factor[t] /= common
		c.norm += float64(c.factor[t]) * float64(c.factor[t])
	}
	c.norm = math.Sqrt(c.norm)
	for t, i := range c.items {
		c.dense[i] = c.factor[t]
	}
	return c
}

// floorDiv returns a/b rounded down, and the rest; b is positive.
func floorDiv(a, b int64) (quotient, rest int64) {
	quotient, rest = a/b, a%b
	if rest < 0 {
		quotient, rest = quotient-1, rest+b
	}
	return quotient, rest
}
