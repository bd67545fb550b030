package model

import (
	"encoding/binary"
	"math/bits"
	"slices"
)

// interner numbers distinct keys in the order of their first occurrence.
type interner struct {
	ids map[string]int32
	key []byte
}

func newInterner() *interner { return &interner{ids: map[string]int32{}} }

// intern returns the number of the key that was built in n.key, and whether it is
// new.
func (n *interner) intern() (int32, bool) {
	if id, ok := n.ids[string(n.key)]; ok {
		return id, false
	}
	id := int32(len(n.ids))
	n.ids[string(n.key)] = id
	return id, true
}

func (n *interner) start() { n.key = n.key[:0] }

func (n *interner) put(v int64) { n.key = binary.LittleEndian.AppendUint64(n.key, uint64(v)) }

func (n *interner) putAll(values []int64) {
	n.put(int64(len(values)))
	for _, v := range values {
		n.put(v)
	}
}

func (n *interner) putNodes(nodes []int32) {
	n.put(int64(len(nodes)))
	for _, j := range nodes {
		n.key = binary.LittleEndian.AppendUint32(n.key, uint32(j))
	}
}

// addCost returns the index of a row in Costs, adding it where it is new.
func (c *compiler) addCost(row CostRow) int32 {
	c.costs.start()
	c.costs.put(row.Rest)
	c.costs.putNodes(row.Nodes)
	c.costs.putAll(row.Values)
	id, fresh := c.costs.intern()
	if fresh {
		c.p.Costs = append(c.p.Costs, row)
	}
	return id
}

// addDemand returns the index of a row in Demands, adding a copy where it is new.
func (c *compiler) addDemand(row DemandRow) int32 {
	c.demands.start()
	c.demands.putAll(row.Rest)
	c.demands.putNodes(row.Nodes)
	c.demands.putAll(row.Values)
	id, fresh := c.demands.intern()
	if fresh {
		row.Rest = slices.Clone(row.Rest)
		c.p.Demands = append(c.p.Demands, row)
	}
	return id
}

// addDomain returns the index of a set of nodes in Domains, adding it where it is
// new; nil and the full set are every node, index 0.
func (c *compiler) addDomain(words []uint64) int32 {
	size := 0
	for _, w := range words {
		size += bits.OnesCount64(w)
	}
	if words == nil || size == len(c.in.Nodes) {
		words, size = nil, len(c.in.Nodes)
	}
	c.domains.start()
	for _, w := range words {
		c.domains.put(int64(w))
	}
	id, fresh := c.domains.intern()
	if fresh {
		c.p.Domains = append(c.p.Domains, Domain{Words: words, Size: size})
	}
	return id
}

// intersect returns the domain of the nodes that both domains hold.
func (c *compiler) intersect(a, b int32) int32 {
	if a == b || b == 0 {
		return a
	}
	if a == 0 {
		return b
	}
	words := slices.Clone(c.p.Domains[a].Words)
	for k, w := range c.p.Domains[b].Words {
		words[k] &= w
	}
	return c.addDomain(words)
}

// sparseCost brings a cost by node into the form of a CostRow: the most frequent
// cost is Rest, unless the exceptions are more than half of the nodes.
func sparseCost(dense []int64) CostRow {
	rest, count := mostFrequent(dense)
	if 2*count <= len(dense) {
		return CostRow{Values: dense}
	}
	row := CostRow{Rest: rest}
	for j, v := range dense {
		if v != rest {
			row.Nodes = append(row.Nodes, int32(j))
			row.Values = append(row.Values, v)
		}
	}
	return row
}

// mostFrequent returns the value that occurs most often of at least one, the least among
// equals, and how often that is.
func mostFrequent(values []int64) (value int64, count int) {
	sorted := slices.Clone(values)
	slices.Sort(sorted)
	at, count := longestRun(len(sorted), func(a, b int) bool { return sorted[a] == sorted[b] })
	return sorted[at], count
}

// longestRun returns where the longest run of equal elements begins, the first of those as
// long, of n elements that are in order, and how long it is.
func longestRun(n int, equal func(a, b int) bool) (begin, length int) {
	for from, to := 0, 0; from < n; from = to {
		for to < n && equal(from, to) {
			to++
		}
		if to-from > length {
			begin, length = from, to-from
		}
	}
	return begin, length
}

// sortRow brings a row with exceptions in any order into its normal form.
func sortRow(row CostRow, nodes int) CostRow {
	if 2*len(row.Nodes) >= nodes {
		dense := make([]int64, nodes)
		for j := range dense {
			dense[j] = row.Rest
		}
		for k, j := range row.Nodes {
			dense[j] = row.Values[k]
		}
		return sparseCost(dense)
	}
	order := make([]int, 0, len(row.Nodes))
	for k := range row.Nodes {
		if row.Values[k] != row.Rest {
			order = append(order, k)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return int(row.Nodes[a] - row.Nodes[b]) })
	sorted := CostRow{Rest: row.Rest, Nodes: slices.Grow([]int32(nil), len(order)), Values: slices.Grow([]int64(nil), len(order))}
	for _, k := range order {
		sorted.Nodes = append(sorted.Nodes, row.Nodes[k])
		sorted.Values = append(sorted.Values, row.Values[k])
	}
	return sorted
}

// addTo adds the row times `times` to costs by node.
func (r *CostRow) addTo(dense []int64, times int64) {
	for j := range dense {
		dense[j] += times * r.At(int32(j))
	}
}

// sparseDemand brings demands by node, n resources each, into the form of a
// DemandRow.
func sparseDemand(dense []int64, n int) DemandRow {
	if n == 0 {
		return DemandRow{}
	}
	on := func(j int) []int64 { return dense[j*n : j*n+n] }
	order := make([]int, len(dense)/n)
	for j := range order {
		order[j] = j
	}
	slices.SortFunc(order, func(a, b int) int { return slices.Compare(on(a), on(b)) })
	at, most := longestRun(len(order), func(a, b int) bool { return slices.Equal(on(order[a]), on(order[b])) })
	rest := on(order[at])
	row := DemandRow{Rest: slices.Clone(rest)}
	if 2*most*n <= len(dense) {
		row.Values = dense
		return row
	}
	for j := range order {
		if v := on(j); !slices.Equal(v, rest) {
			row.Nodes = append(row.Nodes, int32(j))
			row.Values = append(row.Values, v...)
		}
	}
	return row
}
