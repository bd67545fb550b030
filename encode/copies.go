package encode

import (
	"slices"

	"berth/model"
	"berth/model/integer"
)

// copies makes the variables y(i,j,k) and, where a copy may be left out, o(i,k).
// The k-th copy on a node pays the item's cost there less the rebates that reach
// as far as k: later copies never get cheaper, so the order y(i,j,k+1) ≤ y(i,j,k)
// costs nothing.
func (b *builder) copies() {
	b.of = make([]int32, 1, len(b.p.Items)+1)
	b.out = make([]int32, len(b.p.Items))
	domains := make([][]int32, len(b.p.Domains))
	for i := range b.p.Items {
		it := &b.p.Items[i]
		if domains[it.Domain] == nil {
			domains[it.Domain] = b.p.Domains[it.Domain].Nodes()
		}
		for _, j := range domains[it.Domain] {
			if most := depth(b.p, it, j); most > 0 {
				b.addSlot(int32(i), j, most)
			}
		}
		b.of = append(b.of, int32(len(b.slots)))
		b.rebates(int32(i))
		b.out[i] = -1
		if it.Unplaced != model.NoLimit {
			b.out[i] = b.sequence(Var{Cost: it.Unplaced, Kind: Out, Item: int32(i), Topology: -1, Place: -1, Nth: 1}, it.Count)
		}
	}
}

// addSlot makes the variables of an item on a node.
func (b *builder) addSlot(i, j, depth int32) {
	cost := b.p.Costs[b.p.Items[i].Cost].At(j)
	first := b.sequence(Var{Cost: cost, Kind: Copy, Item: i, Topology: 0, Place: j, Nth: 1}, depth)
	b.slots = append(b.slots, slot{i, j, first, depth})
}

// rebates takes off the first copies on a node what they get back.
func (b *builder) rebates(i int32) {
	it := &b.p.Items[i]
	for _, rebate := range b.p.Rebates[it.Rebates.From:it.Rebates.To] {
		if s, ok := b.on(i, rebate.Node); ok {
			for k := range min(rebate.Upto, s.depth) {
				b.g.Vars[s.first+k].Cost -= rebate.Amount
			}
		}
	}
}

// depth returns how many copies of an item node j can hold by itself.
func depth(p *model.Problem, it *model.Item, j int32) int32 {
	most := int64(it.Count)
	if it.Apart >= 0 {
		most = 1
	}
	capacity := p.Capacity[int(j)*len(p.Resources):]
	for r, need := range p.Demands[it.Demand].On(j) {
		if need > 0 {
			most = min(most, capacity[r]/need)
		}
	}
	return int32(most)
}

// slotsOf returns the slots of an item, by node.
func (b *builder) slotsOf(i int32) []slot { return b.slots[b.of[i]:b.of[i+1]] }

// on returns the slot of item i on node j.
func (b *builder) on(i, j int32) (slot, bool) {
	slots := b.slotsOf(i)
	k, found := slices.BinarySearchFunc(slots, j, func(s slot, j int32) int { return int(s.node - j) })
	if !found {
		return slot{}, false
	}
	return slots[k], true
}

// all adds coef times the number of copies in a slot to the row being made.
func (b *builder) all(s slot, coef int64) {
	for k := range s.depth {
		b.term(s.first+k, coef)
	}
}

// assignment: every copy is on a node or left out.
func (b *builder) assignment() {
	for i := range b.p.Items {
		count := b.p.Items[i].Count
		for _, s := range b.slotsOf(int32(i)) {
			b.all(s, 1)
		}
		if b.out[i] >= 0 {
			b.all(slot{first: b.out[i], depth: count}, 1)
		}
		b.row(Equal, int64(count), Origin{Kind: Assignment, A: int32(i), B: -1})
	}
}

// capacities: what the copies on a node take fits, and a node that costs
// something to open holds none until it is. There the capacity counts as
// capacity · opened, and every item also asks for the open node by itself: the
// first form is what a full node pays, the second what a nearly empty one does.
func (b *builder) capacities() {
	b.open = make([]int32, len(b.p.NodeNames))
	for j, slots := range b.byNode() {
		b.open[j] = -1
		if b.p.Open[j] > 0 && len(slots) > 0 {
			b.open[j] = b.variable(Var{Cost: b.p.Open[j], Kind: Opened, Item: -1, Topology: 0, Place: int32(j), Nth: 1})
			for _, s := range slots {
				b.implies(b.slots[s].first, b.open[j])
			}
		}
		for r := range b.p.Resources {
			b.capacity(int32(j), r, slots)
		}
	}
}

// capacity adds the row of one resource on a node, unless all that could ever be
// there fits.
func (b *builder) capacity(j int32, r int, slots []int32) {
	capacity := b.p.Capacity[int(j)*len(b.p.Resources)+r]
	left := capacity
	for _, k := range slots {
		s := b.slots[k]
		if need := b.p.Demands[b.p.Items[s.item].Demand].On(j)[r]; need > 0 && left >= 0 {
			left -= need * int64(s.depth)
		}
	}
	if left >= 0 {
		return
	}
	for _, k := range slots {
		s := b.slots[k]
		if need := b.p.Demands[b.p.Items[s.item].Demand].On(j)[r]; need > 0 {
			b.all(s, need)
		}
	}
	capacity = Room(b.p, j, r)
	if b.open[j] >= 0 {
		b.term(b.open[j], -capacity)
		capacity = 0
	}
	b.row(AtMost, capacity, Origin{Kind: Capacity, A: j, B: int32(r)})
}

// Room returns the most of a resource that copies on a node can take: its capacity, without what no
// sum of demands reaches as all of them are multiples of one number.
func Room(p *model.Problem, j int32, r int) int64 {
	common := int64(0)
	for i := range p.Items {
		if it := &p.Items[i]; p.Domains[it.Domain].Has(j) {
			common = integer.GCD(common, p.Demands[it.Demand].On(j)[r])
		}
	}
	if common == 0 {
		return 0
	}
	capacity := p.Capacity[int(j)*len(p.Resources)+r]
	return capacity - capacity%common
}

// LeastNeeds returns the least that a copy of each item takes of a resource on some of the nodes.
func (g *Program) LeastNeeds(r int, in func(node int32) bool) []int64 {
	p := g.Problem
	need, seen := make([]int64, len(p.Items)), make([]bool, len(p.Items))
	for v := range g.Vars {
		v := &g.Vars[v]
		if v.Kind != Copy || !in(v.Place) {
			continue
		}
		if n := p.Demands[p.Items[v.Item].Demand].On(v.Place)[r]; !seen[v.Item] || n < need[v.Item] {
			need[v.Item], seen[v.Item] = n, true
		}
	}
	return need
}

// byNode lists the slots of every node, as indices, by item.
func (b *builder) byNode() [][]int32 {
	end := make([]int32, len(b.p.NodeNames))
	for _, s := range b.slots {
		end[s.node]++
	}
	all := make([]int32, len(b.slots))
	lists := make([][]int32, len(end))
	from := int32(0)
	for j, n := range end {
		lists[j] = all[from : from : from+n]
		from += n
	}
	for k, s := range b.slots {
		lists[s.node] = append(lists[s.node], int32(k))
	}
	return lists
}

// apart: over places wider than a node, at most one copy in each.
func (b *builder) apart() {
	for i := range b.p.Items {
		it := &b.p.Items[i]
		if it.Apart <= 0 || it.Count == 1 {
			continue
		}
		for place := range b.p.Topologies[it.Apart].Member {
			if slots := b.within(int32(i), it.Apart, int32(place)); len(slots) > 1 {
				for _, s := range slots {
					b.term(s.first, 1)
				}
				b.row(AtMost, 1, Origin{Kind: Apartness, A: int32(i), B: int32(place)})
			}
		}
	}
}

// uplinks: what a node sends to those that hold no copy of what they read from
// it, Σ reads·(1 − y(i,j,1)), stays within its limit.
func (b *builder) uplinks() {
	if !slices.ContainsFunc(b.p.Uplink, func(limit int64) bool { return limit != model.NoLimit }) {
		return
	}
	type load struct {
		item  int32
		reads int64
	}
	loads := make([][]load, len(b.p.NodeNames))
	total := make([]int64, len(b.p.NodeNames))
	for i := range b.p.Items {
		for _, send := range b.p.Sends[b.p.Items[i].Sends.From:b.p.Items[i].Sends.To] {
			loads[send.Node] = append(loads[send.Node], load{int32(i), send.Reads})
			total[send.Node] += send.Reads
		}
	}
	for j, limit := range b.p.Uplink {
		if limit == model.NoLimit || total[j] <= limit {
			continue
		}
		for _, l := range loads[j] {
			if s, ok := b.on(l.item, int32(j)); ok {
				b.term(s.first, l.reads)
			}
		}
		b.row(AtLeast, total[j]-limit, Origin{Kind: UplinkRow, A: int32(j), B: -1})
	}
}

// stays: enough replicas stay where they run today. Those that a node runs today
// are its first copies.
func (b *builder) stays() {
	if b.p.MustStay == 0 {
		return
	}
	for i := range b.p.Items {
		runs := b.p.Items[i].Runs
		for _, run := range b.p.Runs[runs.From:runs.To] {
			if s, ok := b.on(int32(i), run.Node); ok {
				b.all(slot{first: s.first, depth: min(run.Upto, s.depth)}, run.Replicas)
			}
		}
	}
	b.row(AtLeast, b.p.MustStay, Origin{Kind: MoveRow, A: -1, B: -1})
}
