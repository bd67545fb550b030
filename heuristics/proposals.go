package heuristics

import (
	"math"
	"math/bits"

	"berth/model"
)

// A proposal of the annealing moves copies of one item to a node where an item that
// it exchanges traffic with is: one copy, all that are on their node, a number of
// chance, or as many as its partner there can use. Where that alone is refused, what
// the item talks to on the old node goes along in proportion, or something from the
// new node comes back in exchange.

// shift is n copies of an item that went from one node to another.
type shift struct {
	item, from, to int32
	n              int64
	change
}

// moved is an item with a node that it went to.
type moved struct{ item, to int32 }

// flows draws pairs of items by their traffic: by its power of 3/4, so that the small
// ones are not forgotten. By the alias method (A. J. Walker, Electronics Letters 10,
// 1974), in O(1).
type flows []flow

type flow struct {
	ends  [2]int32
	keep  uint32 // with this chance it stands when it is drawn,
	alias int32  // else it is this one
}

func newFlows(p *model.Problem) flows {
	n := len(p.Pairs)
	f := make(flows, n)
	weights := make([]float64, n)
	var sum float64
	for k, pair := range p.Pairs {
		f[k].ends = [2]int32{pair.A, pair.B}
		weights[k] = math.Pow(float64(pair.Price)+1, 0.75)
		sum += weights[k]
	}
	var small, large []int32
	for k := range weights {
		weights[k] *= float64(n) / sum
		f[k].keep, f[k].alias = math.MaxUint32, int32(k)
		if weights[k] < 1 {
			small = append(small, int32(k))
		} else {
			large = append(large, int32(k))
		}
	}
	for len(small) > 0 && len(large) > 0 {
		low, high := small[len(small)-1], large[len(large)-1]
		small = small[:len(small)-1]
		f[low].keep, f[low].alias = uint32(weights[low]*math.MaxUint32), high
		if weights[high] -= 1 - weights[low]; weights[high] < 1 {
			large = large[:len(large)-1]
			small = append(small, high)
		}
	}
	return f
}

// chance returns 32 bits.
func (a *Annealing) chance() uint32 {
	if a.has {
		a.has = false
		return uint32(a.spare)
	}
	v := a.rng.Uint64()
	a.spare, a.has = v, true
	return uint32(v >> 32)
}

// below draws a number from 0 to n−1.
func (a *Annealing) below(n int32) int32 {
	high, _ := bits.Mul32(a.chance(), uint32(n))
	return int32(high)
}

// propose draws a move and makes it, alone or with others, or leaves it.
func (a *Annealing) propose() {
	limit := a.heat[a.chance()%heats]
	m, ok := a.draw()
	if !ok {
		return
	}
	m.change = a.tryMany(m.item, m.n, m.from, m.to)
	value := a.value(m.change)
	if value <= limit {
		a.moveMany(m.item, m.n, m.from, m.to, m.change)
		a.note(m)
		return
	}
	if m.from < 0 || m.to < 0 {
		return
	}
	switch {
	case a.chance()&1 == 0:
		if m.penalty > 0 && value-m.penalty <= limit {
			a.begin(m)
			a.settle(value, limit)
		}
	case a.hasCompany(m):
		a.begin(m)
		if value += a.takeAlong(m); value <= limit {
			a.keepTrail()
			return
		}
		a.settle(value, limit)
	}
}

func (a *Annealing) value(d change) int64 {
	return d.cost + d.penalty - a.movePrice*d.stay
}

// draw picks what to move, and where.
func (a *Annealing) draw() (m shift, ok bool) {
	kind := a.chance() & 255
	switch {
	case kind < a.others:
		return a.drawAny()
	case kind < a.others+a.homes:
		return a.drawHome()
	}
	f := &a.flows[a.below(int32(len(a.flows)))]
	if a.chance() > f.keep {
		f = &a.flows[f.alias]
	}
	side := a.chance() & 1
	i, other := f.ends[side], f.ends[1-side]
	m.item, m.from, m.to = i, a.at[a.copyOf(i)], a.at[a.copyOf(other)]
	if m.to >= 0 && len(a.levels) > 2 {
		m.to = a.near(m.to)
	}
	if m.from == m.to || m.to < 0 || !a.p.Domains[a.p.Items[i].Domain].Has(m.to) {
		return m, false
	}
	m.n = 1
	if a.p.Items[i].Count > 1 && m.from >= 0 {
		m.n = a.amount(i, other, m.from, m.to)
	}
	return m, true
}

// copyOf draws a copy of an item.
func (a *Annealing) copyOf(i int32) int32 {
	it := &a.p.Items[i]
	if it.Count == 1 {
		return it.First
	}
	return it.First + a.below(it.Count)
}

// near draws a node in a place of chance around j: j itself half of the time.
func (a *Annealing) near(j int32) int32 {
	l := a.below(int32(2 * (len(a.levels) - 1)))
	if int(l) >= len(a.levels)-1 {
		return j
	}
	t := &a.p.Topologies[a.levels[l].topology]
	nodes := t.Member[t.Place[j]]
	return nodes[a.below(int32(len(nodes)))]
}

// amount draws how many copies of item i go from a node to another, where other is.
func (a *Annealing) amount(i, other, from, to int32) int64 {
	here := a.count(i, 0, from)
	if here == 1 || a.p.Items[i].Apart >= 0 {
		return 1
	}
	switch a.chance() & 3 {
	case 0:
		return 1
	case 1:
		return here
	case 2:
		return 1 + int64(a.below(int32(here)))
	}
	wanted := (a.count(other, 0, to)*int64(a.p.Items[i].Count) + int64(a.p.Items[other].Count) - 1) / int64(a.p.Items[other].Count)
	return min(max(wanted-a.count(i, 0, to), 1), here)
}

// drawAny picks a copy of the core and a node for it that need not have to do with
// traffic: one that its cost row names, one of chance, or none at all.
func (a *Annealing) drawAny() (m shift, ok bool) {
	c := a.core[a.below(int32(len(a.core)))]
	m.item, m.from, m.n = a.itemOf[c], a.at[c], 1
	it := &a.p.Items[m.item]
	row := &a.p.Costs[it.Cost]
	kind := a.chance() & 7
	switch {
	case it.Unplaced != model.NoLimit && kind == 0 && m.from >= 0:
		m.to = model.NoPlace
		return m, true
	case len(row.Nodes) > 0 && kind < 4:
		m.to = row.Nodes[a.below(int32(len(row.Nodes)))]
	default:
		nodes := a.nodesOf(it)
		if len(nodes) == 0 {
			return m, false
		}
		m.to = nodes[a.below(int32(len(nodes)))]
	}
	return m, m.to != m.from && a.p.Domains[it.Domain].Has(m.to)
}

// drawHome picks a replica that left where it runs today, to send it back.
func (a *Annealing) drawHome() (m shift, ok bool) {
	if len(a.moved) == 0 {
		return m, false
	}
	k := a.below(int32(len(a.moved)))
	m.item, m.from = a.moved[k].item, a.moved[k].to
	here := a.count(m.item, 0, m.from)
	runs := a.runsOf(m.item)
	for _, r := range runs {
		if r.Node == m.from {
			here -= int64(r.Upto)
		}
	}
	if here <= 0 { // nothing is away there any more
		a.moved[k] = a.moved[len(a.moved)-1]
		a.moved = a.moved[:len(a.moved)-1]
		return m, false
	}
	home := runs[a.below(int32(len(runs)))]
	m.to, m.n = home.Node, 1
	vacant := int64(home.Upto) - a.count(m.item, 0, m.to)
	if vacant <= 0 || !a.p.Domains[a.p.Items[m.item].Domain].Has(m.to) {
		return m, false
	}
	if a.chance()&1 == 0 {
		m.n = min(here, vacant)
	}
	return m, true
}

// note remembers where an item went that runs somewhere today.
func (a *Annealing) note(m shift) {
	if m.stay > 0 || m.to < 0 || cap(a.moved) == 0 || !a.p.Items[m.item].Bound || len(a.runsOf(m.item)) == 0 {
		return
	}
	if len(a.moved) < cap(a.moved) {
		a.moved = append(a.moved, moved{m.item, m.to})
	} else {
		a.moved[a.below(int32(len(a.moved)))] = moved{m.item, m.to}
	}
}

// begin makes the first move of a proposal.
func (a *Annealing) begin(m shift) {
	a.trail = a.trail[:0]
	a.moveMany(m.item, m.n, m.from, m.to, m.change)
	a.trail = append(a.trail, m)
}

// follow makes another, and returns what it changes.
func (a *Annealing) follow(i int32, n int64, from, to int32) int64 {
	d := a.tryMany(i, n, from, to)
	a.moveMany(i, n, from, to, d)
	a.trail = append(a.trail, shift{i, from, to, n, d})
	return a.value(d)
}

func (a *Annealing) keepTrail() {
	for _, m := range a.trail {
		a.note(m)
	}
}

func (a *Annealing) undo() {
	for k := len(a.trail) - 1; k >= 0; k-- {
		m := &a.trail[k]
		a.moveMany(m.item, m.n, m.to, m.from, m.undone())
	}
}

// company is how many partners may go along, exchanges how many items may come back.
const (
	company   = 6
	exchanges = 3
)

// hasCompany says whether an item shares the node that it leaves with a partner.
func (a *Annealing) hasCompany(m shift) bool {
	for _, q := range a.partners.of(m.item) {
		if a.count(q.item, 0, m.from) > 0 {
			return true
		}
	}
	return false
}

// takeAlong moves the partners of an item that shared its node in the proportion in
// which it left, and returns what that changes.
func (a *Annealing) takeAlong(m shift) int64 {
	var value int64
	before := a.count(m.item, 0, m.from) + m.n
	for _, q := range a.partners.of(m.item) {
		here := a.count(q.item, 0, m.from)
		n := (here*m.n + before/2) / before
		if n == 0 || !a.p.Domains[a.p.Items[q.item].Domain].Has(m.to) {
			continue
		}
		value += a.follow(q.item, n, m.from, m.to)
		if len(a.trail) > company {
			break
		}
	}
	return value
}

// settle brings items back from a node that became too full until the proposal is
// accepted, or takes all of it back.
func (a *Annealing) settle(value, limit int64) {
	from, to := a.trail[0].from, a.trail[0].to
	for range exchanges {
		k := a.fullest(to)
		if k < 0 {
			break
		}
		c := a.on[to][a.below(int32(len(a.on[to])))]
		i := a.itemOf[c]
		it := &a.p.Items[i]
		if a.gone(i) || !a.p.Domains[it.Domain].Has(from) {
			continue
		}
		n := int64(1)
		if it.Count > 1 {
			n = a.enough(i, k, to)
		}
		if value += a.follow(i, n, to, from); value <= limit {
			a.keepTrail()
			return
		}
	}
	a.undo()
}

// gone says whether the proposal has moved an item already.
func (a *Annealing) gone(i int32) bool {
	for k := range a.trail {
		if a.trail[k].item == i {
			return true
		}
	}
	return false
}

// fullest returns the capacity of a node that is exceeded most, as a part of it, or −1.
func (a *Annealing) fullest(j int32) int {
	resources := len(a.p.Resources)
	worst, part := -1, 0.
	for k := int(j) * resources; k < (int(j)+1)*resources; k++ {
		if over := a.load[k] - a.p.Capacity[k]; over > 0 {
			if p := float64(over) / float64(a.p.Capacity[k]+1); p > part {
				worst, part = k, p
			}
		}
	}
	return worst
}

// enough is how many copies of an item have to leave a node until capacity k holds, or
// all of them.
func (a *Annealing) enough(i int32, k int, j int32) int64 {
	here := int64(1)
	if a.p.Items[i].Bound {
		here = a.count(i, 0, j)
	}
	demand := a.p.Demands[a.p.Items[i].Demand].On(j)[k%len(a.p.Resources)]
	if demand == 0 {
		return 1
	}
	return min((a.load[k]-a.p.Capacity[k]+demand-1)/demand, here)
}
