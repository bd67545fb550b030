package rlt

import (
	"math/bits"
	"slices"

	"berth/model"
)

// table is the quadratic assignment of the copies that are not placed yet, its costs
// booked so that their sum is that of the problem for every placement that is feasible:
//
//	bound + Σ own of the chosen states + Σ cost of the chosen states, both ways
//
// less what room the prices say is left. Costs are fractions of the problem's unit; those of two
// states of one copy are forbidden.
type table struct {
	bound  int64
	copies []int32 // by unit: the copy of the problem
	first  []int32 // by unit: its first state, and the end of the last one
	states []state
	own    []int64
	dear   []int64 // the bound with a state, as it was when that was looked at last
	cost   []int64 // [s*len(states)+t]: what s pays for t, beside what t pays for s
	nodes  int
	on     [][]int32 // by node: its states
	room   []int64   // by node: what the copies placed have left (see roomOf)
	price  []int64   // [s*len(room)+k]: of room beside s
	claims []claim   // room by room
	ends   []int32   // by room: the end of its claims
	rooms  *rooms
}

// state is a copy on a node, or left out.
type state struct {
	node   int32 // model.NoPlace: left out
	unit   int32
	demand []int64 // of the room (see roomOf); nil where it is left out
}

// forbidden is the cost of two states that no placement has together. It is never
// added to. No sum of costs comes near it.
const (
	forbidden = int64(1) << 61
	scaleBits = 24             // of the fractions of a unit of cost, where costs leave room for them
	mostInAll = int64(1) << 52 // what all costs may add up to in fractions
)

// newTable states a problem. It returns false where some copy has no state.
func newTable(p *model.Problem) (t *table, possible bool) {
	t = &table{nodes: len(p.NodeNames), room: roomOf(p), first: []int32{0}, rooms: &rooms{}}
	var items []int32 // by unit
	for i := range p.Items {
		it := &p.Items[i]
		demand := &p.Demands[it.Demand]
		for c := it.First; c < it.First+it.Count; c++ {
			unit := int32(len(t.copies))
			for _, j := range p.Domains[it.Domain].Nodes() {
				t.states = append(t.states, state{j, unit, demandOn(p, demand.On(j), j)})
				t.own = append(t.own, p.Costs[it.Cost].At(j))
			}
			if it.Unplaced != model.NoLimit {
				t.states = append(t.states, state{node: model.NoPlace, unit: unit})
				t.own = append(t.own, it.Unplaced)
			}
			if len(t.states) == int(t.first[unit]) {
				return nil, false
			}
			t.copies, t.first, items = append(t.copies, c), append(t.first, int32(len(t.states))), append(items, int32(i))
		}
	}
	n := len(t.states)
	t.dear = make([]int64, n)
	t.cost = make([]int64, n*n)
	t.price = make([]int64, n*len(t.room))
	t.list()
	t.takeTraffic(p)
	t.takeRules(p, items)
	for s := range t.states {
		for u := range t.states {
			if a, b := &t.states[s], &t.states[u]; a.unit == b.unit || tooMuch(t.room, a, b) || outOfOrder(items, a, b) {
				t.forbid(int32(s), int32(u))
			}
		}
	}
	return t, true
}

// of returns the states of a unit.
func (t *table) of(unit int32) (from, to int32) { return t.first[unit], t.first[unit+1] }

// row is what a state pays for all others.
func (t *table) row(s int32) []int64 { return t.cost[int(s)*len(t.states):][:len(t.states)] }

// list makes the lists of states by node and of claims by room.
func (t *table) list() {
	t.on = make([][]int32, t.nodes)
	for s := range t.states {
		if j := t.states[s].node; j >= 0 {
			t.on[j] = append(t.on[j], int32(s))
		}
	}
	t.listClaims()
}

func (t *table) forbid(s, u int32) {
	n := int32(len(t.states))
	t.cost[s*n+u], t.cost[u*n+s] = forbidden, forbidden
}

// takeTraffic books what pairs pay, one half with each end.
func (t *table) takeTraffic(p *model.Problem) {
	n := int32(len(t.states))
	at := make([]int32, p.Copies) // unit by copy
	for unit, c := range t.copies {
		at[c] = int32(unit)
	}
	for _, pair := range p.Pairs {
		a, b := at[p.Items[pair.A].First], at[p.Items[pair.B].First]
		price := pair.Price * p.Full
		fromA, toA := t.of(a)
		fromB, toB := t.of(b)
		for s := fromA; s < toA; s++ {
			for u := fromB; u < toB; u++ {
				x, y := t.states[s].node, t.states[u].node
				if x == model.NoPlace || y == model.NoPlace {
					continue
				}
				t.cost[s*n+u] += price * p.Distance(x, y)
			}
		}
	}
}

// takeRules forbids what replicas kept apart, anti-affinity and affinity rule out.
func (t *table) takeRules(p *model.Problem, items []int32) {
	units := make([][]int32, len(p.Items))
	for unit, i := range items {
		units[i] = append(units[i], int32(unit))
	}
	for i := range p.Items {
		if top := p.Items[i].Apart; top >= 0 {
			eachPair(units[i], func(a, b int32) { t.keepApart(p.Topologies[top].Place, a, b) })
		}
	}
	for k := range p.Constraints {
		con := &p.Constraints[k]
		place := p.Topologies[con.Topology].Place
		var members []int32
		for _, m := range con.Members {
			members = append(members, units[m.Item]...)
		}
		eachPair(members, func(a, b int32) {
			switch {
			case con.Kind != model.AntiAffinity:
				t.keepTogether(place, a, b)
			case items[a] != items[b]:
				t.keepApart(place, a, b)
			}
		})
	}
}

// eachPair calls f for every two of a list.
func eachPair(list []int32, f func(a, b int32)) {
	for k, a := range list {
		for _, b := range list[:k] {
			f(a, b)
		}
	}
}

// keepApart forbids that two units share a place.
func (t *table) keepApart(place []int32, a, b int32) {
	t.forbidWhere(a, b, func(x, y int32) bool { return x != model.NoPlace && y != model.NoPlace && place[x] == place[y] })
}

// keepTogether forbids that two units are in different places, or that one of them alone
// is left out.
func (t *table) keepTogether(place []int32, a, b int32) {
	t.forbidWhere(a, b, func(x, y int32) bool {
		if x == model.NoPlace || y == model.NoPlace {
			return x != y
		}
		return place[x] != place[y]
	})
}

// forbidWhere forbids the pairs of states of two units whose nodes are as broken says.
func (t *table) forbidWhere(a, b int32, broken func(x, y int32) bool) {
	fromA, toA := t.of(a)
	fromB, toB := t.of(b)
	for s := fromA; s < toA; s++ {
		for u := fromB; u < toB; u++ {
			if broken(t.states[s].node, t.states[u].node) {
				t.forbid(s, u)
			}
		}
	}
}

// tooMuch says whether two copies on one node take more than the room there.
func tooMuch(room []int64, a, b *state) bool {
	if a.node != b.node || a.node == model.NoPlace {
		return false
	}
	base := int(a.node) * len(a.demand)
	for r := range a.demand {
		if a.demand[r]+b.demand[r] > room[base+r] {
			return true
		}
	}
	return false
}

// outOfOrder says whether two copies of one item are on nodes in another order than
// that of their numbers: one order is enough.
func outOfOrder(items []int32, a, b *state) bool {
	if items[a.unit] != items[b.unit] {
		return false
	}
	return (a.unit < b.unit) == (uint32(a.node) > uint32(b.node)) && a.node != b.node // NoPlace comes last
}

// scale turns costs into fractions of a unit and says how many make one.
func (t *table) scale(total int64) (shift int) {
	shift = max(min(scaleBits, bits.Len64(uint64(mostInAll))-1-bits.Len64(uint64(total))), 0)
	for s := range t.own {
		t.own[s] <<= shift
	}
	for k, c := range t.cost {
		if c != forbidden {
			t.cost[k] = c << shift
		}
	}
	t.bound <<= shift
	return shift
}

// total is what all costs can add up to: the dearest state of each unit and the dearest
// cost of each two.
func (t *table) total() int64 {
	n := int32(len(t.states))
	sum := int64(0)
	for u := range t.copies {
		from, to := t.of(int32(u))
		dearest := int64(0)
		for s := from; s < to; s++ {
			dearest = max(dearest, t.own[s])
		}
		sum += dearest
		for v := range t.copies {
			vFrom, vTo := t.of(int32(v))
			dearest := int64(0)
			for s := from; s < to && u != v; s++ {
				for _, c := range t.cost[s*n+vFrom : s*n+vTo] {
					if c != forbidden {
						dearest = max(dearest, c)
					}
				}
			}
			sum += dearest
		}
	}
	return sum
}

// place returns the table without the unit of a state, which is where that says, and
// without what is closed or no longer fits. It returns false where a unit has no state
// left.
func (t *table) place(s int32) (rest *table, possible bool) {
	chosen := &t.states[s]
	row, n := t.row(s), len(t.states)
	rest = &table{bound: t.bound + t.own[s], nodes: t.nodes, room: slices.Clone(t.room), first: []int32{0}, rooms: t.rooms}
	if chosen.node >= 0 {
		for k, d := range chosen.demand {
			rest.room[int(chosen.node)*len(chosen.demand)+k] -= d
		}
	}
	var kept []int32
	for unit, c := range t.copies {
		if int32(unit) == chosen.unit {
			continue
		}
		from, to := t.of(int32(unit))
		for u := from; u < to; u++ {
			if t.own[u] >= forbidden || row[u] >= forbidden || !fits(rest.room, &t.states[u]) {
				continue
			}
			kept = append(kept, u)
			next := t.states[u]
			next.unit = int32(len(rest.copies))
			rest.states = append(rest.states, next)
			rest.own = append(rest.own, t.own[u]+row[u]+t.cost[int(u)*n+int(s)])
		}
		if len(rest.states) == int(rest.first[len(rest.first)-1]) {
			return nil, false
		}
		rest.copies, rest.first = append(rest.copies, c), append(rest.first, int32(len(rest.states)))
	}
	rest.keep(t, kept)
	return rest, true
}

// clone returns a copy whose costs and prices are its own.
func (t *table) clone() *table {
	next := *t
	next.own, next.dear, next.cost, next.price = slices.Clone(t.own), slices.Clone(t.dear), slices.Clone(t.cost), slices.Clone(t.price)
	return &next
}

// keep copies the costs and prices of the states kept.
func (t *table) keep(from *table, kept []int32) {
	n := len(kept)
	t.dear = make([]int64, n)
	t.cost = make([]int64, n*n)
	t.price = make([]int64, 0, n*len(t.room))
	for k, u := range kept {
		row, to := from.row(u), t.cost[k*n:][:n]
		for l, v := range kept {
			to[l] = row[v]
		}
		t.price = append(t.price, from.price[int(u)*len(t.room):][:len(t.room)]...)
	}
	t.list()
	for _, states := range t.on {
		for k, a := range states {
			for _, b := range states[:k] {
				if t.states[a].unit != t.states[b].unit && tooMuch(t.room, &t.states[a], &t.states[b]) {
					t.forbid(a, b)
				}
			}
		}
	}
}

// fits says whether a state's copy takes no more than the room on its node.
func fits(room []int64, s *state) bool {
	base := int(s.node) * len(s.demand)
	for r, d := range s.demand {
		if d > room[base+r] {
			return false
		}
	}
	return true
}
