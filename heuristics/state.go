package heuristics

import "berth/model"

// The state is a placement, whole or partial, feasible or not, with three numbers
// kept exact under moves: what it costs, how many rules it breaks, and how many
// capacities it exceeds. try says what moving one copy would change and move does
// it; undoing a move is moving back.
//
// A broken rule or capacity also has a price (prices.go), so that a search may
// walk through what is infeasible. Prices steer; they are never part of the cost.
//
// What is kept is of the size of the problem, never copies × nodes: the node of
// each copy, loads by node, and tallies by place for the items with several copies
// that something binds. try takes a few look-ups for an item that nothing binds;
// else O(traffic pairs + rules of the item), and for several copies the logarithm
// of how many places they are in.
type state struct {
	p      *model.Problem
	at     []int32 // node of each copy, or NoPlace
	itemOf []int32 // by copy
	load   []int64 // by node and resource
	held   []int32 // copies by node
	reads  []int64 // sent out by node, where there are uplinks

	inDomain [][]int32 // nodes by domain, listed where it is asked for
	cost     int64
	breaches int64 // copies missing, units of broken hard rules, and replicas too many that leave
	stay     int64 // replicas where they run today, of items that are bound
	stays    bool  // stay matters
	over     int   // capacities and uplinks that are exceeded

	counts   counts
	rules    []rule
	roles    index[role]
	partners index[partner]
	levels   []level
	nowhere  []int64 // distances of what is not placed, where single nodes have distances

	prices prices
	on     [][]int32 // copies by node, where a search needs them
	slot   []int32   // by copy, where it is in on
	spent  int64     // units of work not yet reported
}

// change is what a move changes: the cost, the price of what is broken, the number of
// broken rules, and how many replicas stay where they run today.
type change struct{ cost, penalty, breaches, stay int64 }

// undone is the change of taking a move back.
func (d change) undone() change { return change{-d.cost, -d.penalty, -d.breaches, -d.stay} }

// newState is the state in which no copy is placed.
func newState(p *model.Problem) *state {
	s := &state{
		p:      p,
		at:     make([]int32, p.Copies),
		itemOf: make([]int32, p.Copies),
		load:   make([]int64, len(p.Capacity)),
		held:   make([]int32, len(p.NodeNames)),
		cost:   p.Offset,

		inDomain: make([][]int32, len(p.Domains)),
		breaches: p.MustStay,
		stays:    p.MustStay > 0 || p.Features&model.Stays != 0,
	}
	for i := range p.Items {
		it := &p.Items[i]
		for c := it.First; c < it.First+it.Count; c++ {
			s.at[c] = model.NoPlace
			s.itemOf[c] = int32(i)
		}
		if it.Unplaced == model.NoLimit {
			s.breaches += int64(it.Count)
		} else {
			s.cost += it.Unplaced * int64(it.Count)
		}
	}
	s.counts = newCounts(p)
	s.bindTraffic()
	s.bindRules()
	s.bindUplinks()
	s.prices = newPrices(p)
	return s
}

// nodesOf lists the nodes of an item's domain.
func (s *state) nodesOf(it *model.Item) []int32 {
	if s.inDomain[it.Domain] == nil {
		s.inDomain[it.Domain] = s.p.Domains[it.Domain].Nodes()
	}
	return s.inDomain[it.Domain]
}

// newStateOf is the state of a placement.
func newStateOf(p *model.Problem, placement model.Placement) *state {
	s := newState(p)
	for c, j := range placement {
		s.move(int32(c), j)
	}
	return s
}

// feasible says whether nothing is broken.
func (s *state) feasible() bool { return s.breaches == 0 && s.over == 0 }

// overloaded says whether a capacity of a node is exceeded.
func (s *state) overloaded(j int32) bool {
	resources := len(s.p.Resources)
	for k := int(j) * resources; k < (int(j)+1)*resources; k++ {
		if s.load[k] > s.p.Capacity[k] {
			return true
		}
	}
	return false
}

// count returns how many copies of item i, which is bound, are in a place.
func (s *state) count(i, topology, place int32) int64 {
	it := &s.p.Items[i]
	if it.Count > 1 {
		return s.counts.at(s.counts.slots[i], topology, place)
	}
	if s.place(topology, s.at[it.First]) == place {
		return 1
	}
	return 0
}

// placed returns how many copies of item i, which is bound, are placed.
func (s *state) placed(i int32) int32 {
	it := &s.p.Items[i]
	if it.Count > 1 {
		return s.counts.placed[s.counts.slots[i]]
	}
	if s.at[it.First] >= 0 {
		return 1
	}
	return 0
}

// place returns the place of a node, NoPlace for NoPlace.
func (s *state) place(topology, node int32) int32 {
	if node < 0 {
		return model.NoPlace
	}
	return s.p.Topologies[topology].Place[node]
}

// Units of work by what try looks at.
const (
	tryWork     = 20
	plainWork   = 2
	partnerWork = 6
	ruleWork    = 20
)

// try returns what moving copy c to node b would change; b may be NoPlace.
func (s *state) try(c, b int32) change {
	return s.tryMany(s.itemOf[c], 1, s.at[c], b)
}

// tryMany returns what moving n copies of item i from a to b at once would change;
// either may be NoPlace.
func (s *state) tryMany(i int32, n int64, a, b int32) change {
	if a == b {
		return change{}
	}
	s.spent += tryWork
	it := &s.p.Items[i]
	var d change
	row := &s.p.Costs[it.Cost]
	demand := &s.p.Demands[it.Demand]
	switch {
	case a >= 0:
		d.cost = -n * row.At(a)
		d.penalty = s.relief(a, n, demand.On(a))
		if s.held[a] == int32(n) {
			d.cost -= s.p.Open[a]
		}
	case it.Unplaced == model.NoLimit:
		d.breaches -= n
		d.penalty = -n * s.prices.missing
	default:
		d.cost = -n * it.Unplaced
	}
	switch {
	case b >= 0:
		d.cost += n * row.At(b)
		d.penalty += s.burden(b, n, demand.On(b))
		if s.held[b] == 0 {
			d.cost += s.p.Open[b]
		}
	case it.Unplaced == model.NoLimit:
		d.breaches += n
		d.penalty += n * s.prices.missing
	default:
		d.cost += n * it.Unplaced
	}
	if it.Bound {
		s.tryBound(i, n, a, b, &d)
	}
	return d
}

// relief is the change of the price of overload when demand leaves node j n times,
// burden when it arrives.
func (s *state) relief(j int32, n int64, demand []int64) int64 {
	var d int64
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if before := s.load[k] - s.p.Capacity[k]; before > 0 {
			d += s.prices.overload(k, before-n*amount) - s.prices.overload(k, before)
		}
	}
	return d
}

func (s *state) burden(j int32, n int64, demand []int64) int64 {
	var d int64
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if after := s.load[k] + n*amount - s.p.Capacity[k]; after > 0 {
			d += s.prices.overload(k, after) - s.prices.overload(k, after-n*amount)
		}
	}
	return d
}

// move puts copy c on node b, or leaves it out where b is NoPlace.
func (s *state) move(c, b int32) {
	a := s.at[c]
	if a == b {
		return
	}
	i := s.itemOf[c]
	s.account(i, 1, a, b, s.tryMany(i, 1, a, b))
	s.relocate(c, a, b)
}

// moveMany moves n copies of item i from a to b, of which tryMany said what that
// changes. O(copies of the item).
func (s *state) moveMany(i int32, n int64, a, b int32, d change) {
	s.account(i, n, a, b, d)
	s.spent += 2 * tryWork
	for c := s.p.Items[i].First; n > 0; c++ {
		if s.at[c] == a {
			s.relocate(c, a, b)
			n--
		}
	}
}

func (s *state) relocate(c, a, b int32) {
	s.at[c] = b
	if s.on != nil {
		s.relist(c, a, b)
	}
}

// account brings all that is counted up to date for n copies that move.
func (s *state) account(i int32, n int64, a, b int32, d change) {
	it := &s.p.Items[i]
	demand := &s.p.Demands[it.Demand]
	if it.Bound {
		s.moveBound(i, n, a, b)
	}
	s.cost += d.cost
	s.breaches += d.breaches
	s.stay += d.stay
	if a >= 0 {
		s.held[a] -= int32(n)
		s.shift(a, demand.On(a), -n)
	}
	if b >= 0 {
		s.held[b] += int32(n)
		s.shift(b, demand.On(b), n)
	}
}

// shift adds demand to the load of node j, so many times.
func (s *state) shift(j int32, demand []int64, times int64) {
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if s.load[k] > s.p.Capacity[k] {
			s.over--
		}
		s.load[k] += times * amount
		if s.load[k] > s.p.Capacity[k] {
			s.over++
		}
	}
}
