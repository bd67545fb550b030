package flow

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"berth/model"
	"berth/search"
)

// network is a problem restated: copies of items go to nodes, and take slots there.
// The last node is outside, where the copies are that are left out.
type network struct {
	nodes   int     // with outside
	slots   []int64 // by node; of outside, as many as may ever be there
	items   []item
	entries []entry
	copies  int
	taken   int64   // slots, by all copies
	large   int64   // what the largest takes
	listed  bool    // all nodes where a copy may be have an entry
	relief  []int64 // by node: what serving one read there is worth beyond its price
}

// item is a set of interchangeable copies: numbers first to first+count−1.
type item struct {
	size         int64 // slots that a copy takes
	first, count int32
	from, to     int32 // its entries, by node
	rest         int64 // what a copy costs on a node without an entry
	apart        bool  // at most one copy on a node
	alike        bool  // a copy costs the same however many are there already
}

// entry is what a copy costs on a node while fewer than upto are there. Entries of
// one node follow each other by rising upto and cost.
type entry struct {
	node, upto  int32
	cost, reads int64 // reads: over an uplink, which the first copy there saves
}

// forbidden is the cost of what may not be. Sums of a few of them stay in int64.
const forbidden = math.MaxInt64 / 8

// maxCost is the largest cost of a copy that is taken, so that paths over all nodes
// stay in int64.
const (
	costBits = 50
	maxCost  = 1 << costBits
)

// maxNodes is how many nodes are taken: a matrix of them is kept.
const maxNodes = 2000

// maxPairs is how many pairs of item and node are listed where copies are unlike.
const (
	maxPairs  = 1 << 23
	pairBytes = 60 // while the list of them grows
)

// newNetwork restates a problem, its costs times scale and its reads in units of
// readUnit. It fails with search.ErrTooLarge where it cannot be restated.
func newNetwork(p *model.Problem, r *rooms, scale, readUnit int64) (*network, error) {
	nodes := len(p.NodeNames)
	if nodes > maxNodes {
		return nil, fmt.Errorf("flow: %d nodes: at most %d: %w", nodes, maxNodes, search.ErrTooLarge)
	}
	n := &network{
		nodes: nodes + 1, slots: r.slots, copies: p.Copies, taken: r.taken, large: r.large, relief: make([]int64, nodes+1),
		listed: r.large > 1 && p.Copies*nodes <= maxPairs,
	}
	for i := range p.Items {
		it := &p.Items[i]
		if it.Apart > 0 {
			return nil, fmt.Errorf("flow: replicas kept apart by more than the node, %w", search.ErrUnfit)
		}
		alike := it.Apart < 0 && it.Rebates.From == it.Rebates.To && it.Sends.From == it.Sends.To
		// A tree decides of each copy by itself where it is; those that are alike are
		// items of their own then.
		sets, count := int32(1), it.Count
		if r.large > 1 && count > 1 && it.Apart < 0 {
			if !alike {
				return nil, fmt.Errorf("flow: tasks that take different amounts, with replicas that may share a node and reads, %w", search.ErrUnfit)
			}
			sets, count = count, 1
		}
		if it.Unplaced != model.NoLimit {
			n.slots[nodes] += r.size[i] * int64(it.Count)
		}
		for k := range sets {
			from := int32(len(n.entries))
			rest := n.list(p, it, scale, readUnit)
			if it.Unplaced != model.NoLimit {
				n.entries = append(n.entries, entry{node: int32(nodes), upto: math.MaxInt32, cost: scale * it.Unplaced})
			}
			if rest > maxCost && rest != forbidden || rest < -maxCost {
				return nil, tooDear(rest)
			}
			n.items = append(n.items, item{
				size: r.size[i], first: it.First + k*count, count: count, from: from, to: int32(len(n.entries)), rest: rest,
				apart: it.Apart == 0, alike: alike,
			})
		}
	}
	for _, e := range n.entries {
		if e.cost > maxCost || e.cost < -maxCost {
			return nil, tooDear(e.cost)
		}
	}
	return n, nil
}

func tooDear(cost int64) error {
	return fmt.Errorf("flow: a cost of %d steps: %w", cost, search.ErrTooLarge)
}

// list appends the entries of an item and returns what it costs elsewhere.
func (n *network) list(p *model.Problem, it *model.Item, scale, readUnit int64) (rest int64) {
	row, domain := &p.Costs[it.Cost], &p.Domains[it.Domain]
	rebates, sends := p.Rebates[it.Rebates.From:it.Rebates.To], p.Sends[it.Sends.From:it.Sends.To]
	var special []int32
	if domain.Words != nil || row.Nodes == nil && row.Values != nil || n.listed {
		special, rest = domain.Nodes(), forbidden
	} else {
		special, rest = append(special, row.Nodes...), scale*row.Rest
		for _, r := range rebates {
			special = append(special, r.Node)
		}
		for _, s := range sends {
			special = append(special, s.Node)
		}
		slices.Sort(special)
		special = slices.Compact(special)
	}
	for _, j := range special {
		from := len(n.entries)
		last := int32(math.MaxInt32)
		if it.Apart == 0 || it.Count == 1 { // then an entry says all of a node, as fixes have it
			last = 1
		}
		n.entries = append(n.entries, entry{node: j, upto: last, cost: scale * row.At(j)})
		for _, s := range sends {
			if s.Node == j {
				n.entries = append(n.entries, entry{node: j, upto: 1, cost: scale * row.At(j), reads: s.Reads / readUnit})
			}
		}
		for _, r := range rebates {
			if r.Node == j {
				n.entries = append(n.entries, entry{node: j, upto: r.Upto, cost: scale * row.At(j)})
			}
		}
		n.entries = n.entries[:from+len(tiers(n.entries[from:], last))]
		for k := from; k < len(n.entries); k++ {
			for _, r := range rebates {
				if r.Node == j && r.Upto >= n.entries[k].upto {
					n.entries[k].cost -= scale * r.Amount
				}
			}
		}
	}
	return rest
}

// tiers sorts the entries of one node and makes one of those of the same upto; what
// lies beyond last is cut off.
func tiers(list []entry, last int32) []entry {
	for k := range list {
		list[k].upto = min(list[k].upto, last)
	}
	slices.SortStableFunc(list, func(a, b entry) int { return cmp.Compare(a.upto, b.upto) })
	kept := list[:1]
	for _, e := range list[1:] {
		if top := &kept[len(kept)-1]; top.upto == e.upto {
			top.reads += e.reads
		} else {
			kept = append(kept, e)
		}
	}
	return kept
}

// spare is how many more slots there are than copies take.
func (n *network) spare() int64 {
	spare := -n.taken
	for _, s := range n.slots {
		spare += s
	}
	return spare
}

// costAt returns what a copy of an item costs on node j where count others are there.
func (n *network) costAt(it *item, j, count int32) int64 {
	k := it.from
	if it.to-it.from > shortList {
		at, _ := slices.BinarySearchFunc(n.entries[it.from:it.to], j, func(e entry, j int32) int { return cmp.Compare(e.node, j) })
		k += int32(at)
	}
	for ; k < it.to && n.entries[k].node <= j; k++ {
		if n.entries[k].node == j {
			return n.costFrom(it, k, count)
		}
	}
	if int(j) == n.nodes-1 || it.apart && count > 0 {
		return forbidden
	}
	return it.rest
}

// costFrom is the same on the node whose first entry is the kth of all.
func (n *network) costFrom(it *item, k, count int32) int64 {
	for j := n.entries[k].node; k < it.to; k++ {
		e := &n.entries[k]
		if e.node != j {
			break
		}
		if count < e.upto {
			return e.cost - n.relief[j]*e.reads
		}
	}
	return forbidden
}

const shortList = 12

// dearest is the most that a copy of an item can cost.
func (n *network) dearest(it *item) int64 {
	most := int64(-forbidden)
	if it.rest < forbidden {
		most = it.rest
	}
	for _, e := range n.entries[it.from:it.to] {
		most = max(most, e.cost)
	}
	return most
}

// there counts the copies of an item on node j among nodes; none matter where a
// copy costs the same however many there are.
func (it *item) there(nodes []int32, j int32) int32 {
	if it.alike {
		return 0
	}
	var count int32
	for _, at := range nodes {
		if at == j {
			count++
		}
	}
	return count
}
