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

	cost     int64
	breaches int64 // copies missing, and units of broken hard rules
	over     int   // capacities and uplinks that are exceeded

	several   []several // items with several copies that something binds
	severalOf []int32   // by item, into several, or -1; nil where there are none
	rules     []rule
	roles     index[role]
	partners  index[partner]
	levels    []level

	prices prices
	on     [][]int32 // copies by node, where a search needs them
	slot   []int32   // by copy, where it is in on
	spent  int64     // units of work not yet reported
}

// several is an item with more than one copy that something binds.
type several struct {
	placed int32
	by     []tally // copies by place, for every topology
	part   []int64 // the share of the item that n copies are
}

// change is what a move changes: the cost, the price of what is broken, and the
// number of broken rules.
type change struct{ cost, penalty, breaches int64 }

// newState is the state in which no copy is placed.
func newState(p *model.Problem) *state {
	s := &state{
		p:      p,
		at:     make([]int32, p.Copies),
		itemOf: make([]int32, p.Copies),
		load:   make([]int64, len(p.Capacity)),
		held:   make([]int32, len(p.NodeNames)),
		cost:   p.Offset,
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
		if it.Bound && it.Count > 1 {
			s.addSeveral(int32(i))
		}
	}
	s.bindTraffic()
	s.bindRules()
	s.bindUplinks()
	s.prices = newPrices(p)
	return s
}

// newStateOf is the state of a placement.
func newStateOf(p *model.Problem, placement model.Placement) *state {
	s := newState(p)
	for c, j := range placement {
		s.move(int32(c), j)
	}
	return s
}

func (s *state) addSeveral(i int32) {
	if s.severalOf == nil {
		s.severalOf = make([]int32, len(s.p.Items))
		for k := range s.severalOf {
			s.severalOf[k] = -1
		}
	}
	s.severalOf[i] = int32(len(s.several))
	count := s.p.Items[i].Count
	m := several{by: make([]tally, len(s.p.Topologies)), part: make([]int64, count+1)}
	for n := range m.part {
		m.part[n] = s.p.Share(int32(n), count, int32(n), count)
	}
	s.several = append(s.several, m)
}

// bindUplinks charges every send: no copy is there yet.
func (s *state) bindUplinks() {
	if len(s.p.Sends) == 0 {
		return
	}
	s.reads = make([]int64, len(s.held))
	for i := range s.p.Items {
		span := s.p.Items[i].Sends
		for _, send := range s.p.Sends[span.From:span.To] {
			s.reads[send.Node] += send.Reads
		}
	}
	for j := range s.reads {
		if s.sendsTooMuch(int32(j)) {
			s.over++
		}
	}
}

func (s *state) sendsTooMuch(j int32) bool {
	return s.p.Uplink[j] != model.NoLimit && s.reads[j] > s.p.Uplink[j]
}

// feasible says whether nothing is broken.
func (s *state) feasible() bool { return s.breaches == 0 && s.over == 0 }

// count returns how many copies of item i, which is bound, are in a place.
func (s *state) count(i, topology, place int32) int64 {
	it := &s.p.Items[i]
	if it.Count > 1 {
		return s.several[s.severalOf[i]].by[topology].at(place)
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
		return s.several[s.severalOf[i]].placed
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
	a := s.at[c]
	if a == b {
		return change{}
	}
	s.spent += tryWork
	i := s.itemOf[c]
	it := &s.p.Items[i]
	var d change
	row := &s.p.Costs[it.Cost]
	demand := &s.p.Demands[it.Demand]
	switch {
	case a >= 0:
		d.cost = -row.At(a)
		d.penalty = s.relief(a, demand.On(a))
		if s.held[a] == 1 {
			d.cost -= s.p.Open[a]
		}
	case it.Unplaced == model.NoLimit:
		d.breaches--
		d.penalty = -s.prices.missing
	default:
		d.cost = -it.Unplaced
	}
	switch {
	case b >= 0:
		d.cost += row.At(b)
		d.penalty += s.burden(b, demand.On(b))
		if s.held[b] == 0 {
			d.cost += s.p.Open[b]
		}
	case it.Unplaced == model.NoLimit:
		d.breaches++
		d.penalty += s.prices.missing
	default:
		d.cost += it.Unplaced
	}
	if it.Bound {
		s.tryBound(i, a, b, &d)
	}
	return d
}

// tryBound adds what the bonds of an item change.
func (s *state) tryBound(i, a, b int32, d *change) {
	it := &s.p.Items[i]
	if it.Rebates.To > it.Rebates.From {
		d.cost += s.tryRebates(i, a, b)
	}
	if it.Sends.To > it.Sends.From {
		d.penalty += s.trySends(i, a, b)
	}
	if it.Apart >= 0 {
		broken := s.tryApart(i, a, b)
		d.breaches += broken
		d.penalty += broken * s.prices.apart
	}
	for _, r := range s.roles.of(i) {
		s.spent += ruleWork
		s.tryRule(i, r, a, b, d)
	}
	if len(s.partners.start) > 0 {
		d.cost += s.tryTraffic(i, a, b)
	}
}

// relief is the change of the price of overload when demand leaves node j, burden
// when it arrives.
func (s *state) relief(j int32, demand []int64) int64 {
	var d int64
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if before := s.load[k] - s.p.Capacity[k]; before > 0 {
			d += s.prices.overload(k, before-amount) - s.prices.overload(k, before)
		}
	}
	return d
}

func (s *state) burden(j int32, demand []int64) int64 {
	var d int64
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if after := s.load[k] + amount - s.p.Capacity[k]; after > 0 {
			d += s.prices.overload(k, after) - s.prices.overload(k, after-amount)
		}
	}
	return d
}

func (s *state) tryRebates(i, a, b int32) int64 {
	var d int64
	left, joined := s.count(i, 0, a), s.count(i, 0, b)
	span := s.p.Items[i].Rebates
	for _, r := range s.p.Rebates[span.From:span.To] {
		if r.Node == a && left <= int64(r.Upto) {
			d += r.Amount
		}
		if r.Node == b && joined < int64(r.Upto) {
			d -= r.Amount
		}
	}
	return d
}

// trySends is the change of the price of uplinks.
func (s *state) trySends(i, a, b int32) int64 {
	left, joined := s.sends(i, a, b)
	var d int64
	if left > 0 {
		over := s.reads[a] - s.p.Uplink[a]
		d += s.prices.uplink(a, over+left) - s.prices.uplink(a, over)
	}
	if joined > 0 {
		over := s.reads[b] - s.p.Uplink[b]
		d += s.prices.uplink(b, over-joined) - s.prices.uplink(b, over)
	}
	return d
}

// sends returns what the uplink of a has to carry more, and that of b less.
func (s *state) sends(i, a, b int32) (left, joined int64) {
	last := a >= 0 && s.p.Uplink[a] != model.NoLimit && s.count(i, 0, a) == 1
	first := b >= 0 && s.p.Uplink[b] != model.NoLimit && s.count(i, 0, b) == 0
	span := s.p.Items[i].Sends
	for _, send := range s.p.Sends[span.From:span.To] {
		if last && send.Node == a {
			left += send.Reads
		}
		if first && send.Node == b {
			joined += send.Reads
		}
	}
	return left, joined
}

// tryApart is the change of the number of copies too many in a place.
func (s *state) tryApart(i, a, b int32) int64 {
	t := s.p.Items[i].Apart
	from, to := s.place(t, a), s.place(t, b)
	if from == to {
		return 0
	}
	var d int64
	if from >= 0 && s.count(i, t, from) > 1 {
		d--
	}
	if to >= 0 && s.count(i, t, to) > 0 {
		d++
	}
	return d
}

// move puts copy c on node b, or leaves it out where b is NoPlace.
func (s *state) move(c, b int32) {
	a := s.at[c]
	if a == b {
		return
	}
	d := s.try(c, b)
	i := s.itemOf[c]
	it := &s.p.Items[i]
	demand := &s.p.Demands[it.Demand]
	if it.Bound {
		s.moveBound(i, a, b)
	}
	s.at[c] = b
	s.cost += d.cost
	s.breaches += d.breaches
	if a >= 0 {
		s.held[a]--
		s.shift(a, demand.On(a), -1)
	}
	if b >= 0 {
		s.held[b]++
		s.shift(b, demand.On(b), 1)
	}
	if s.on != nil {
		s.relist(c, a, b)
	}
}

// shift adds demand to the load of node j, times sign.
func (s *state) shift(j int32, demand []int64, sign int64) {
	base := int(j) * len(demand)
	for r, amount := range demand {
		k := base + r
		if s.load[k] > s.p.Capacity[k] {
			s.over--
		}
		s.load[k] += sign * amount
		if s.load[k] > s.p.Capacity[k] {
			s.over++
		}
	}
}

// moveBound brings tallies, rules and uplinks up to date, before at changes.
func (s *state) moveBound(i, a, b int32) {
	it := &s.p.Items[i]
	if it.Sends.To > it.Sends.From {
		left, joined := s.sends(i, a, b)
		if left > 0 {
			s.send(a, left)
		}
		if joined > 0 {
			s.send(b, -joined)
		}
	}
	for _, r := range s.roles.of(i) {
		s.moveRule(i, r, a, b)
	}
	if it.Count == 1 {
		return
	}
	m := &s.several[s.severalOf[i]]
	for t := range m.by {
		if a >= 0 {
			m.by[t].add(s.place(int32(t), a), -1)
		}
		if b >= 0 {
			m.by[t].add(s.place(int32(t), b), 1)
		}
	}
	if a < 0 {
		m.placed++
	}
	if b < 0 {
		m.placed--
	}
}

func (s *state) send(j int32, reads int64) {
	if s.sendsTooMuch(j) {
		s.over--
	}
	s.reads[j] += reads
	if s.sendsTooMuch(j) {
		s.over++
	}
}

// list starts to keep the copies of each node in on.
func (s *state) list() {
	s.on = make([][]int32, len(s.held))
	s.slot = make([]int32, len(s.at))
	for j, n := range s.held {
		s.on[j] = make([]int32, 0, n+1)
	}
	for c, j := range s.at {
		s.relist(int32(c), model.NoPlace, j)
	}
}

func (s *state) relist(c, a, b int32) {
	if a >= 0 {
		list := s.on[a]
		last := list[len(list)-1]
		list[s.slot[c]] = last
		s.slot[last] = s.slot[c]
		s.on[a] = list[:len(list)-1]
	}
	if b >= 0 {
		s.slot[c] = int32(len(s.on[b]))
		s.on[b] = append(s.on[b], c)
	}
}

// index lists what belongs to each item, back to back.
type index[T any] struct {
	start []int32 // by item, into list; nil where there is nothing
	list  []T
}

func (x *index[T]) of(i int32) []T {
	if x.start == nil {
		return nil
	}
	return x.list[x.start[i]:x.start[i+1]]
}

// indexBy makes the index of n items from what each calls: emit is run twice, to
// count and to fill.
func indexBy[T any](n int, emit func(add func(i int32, v T))) index[T] {
	start := make([]int32, n+1)
	total := 0
	emit(func(i int32, _ T) { start[i+1]++; total++ })
	if total == 0 {
		return index[T]{}
	}
	for i := range n {
		start[i+1] += start[i]
	}
	next := append([]int32(nil), start[:n]...)
	list := make([]T, total)
	emit(func(i int32, v T) { list[next[i]] = v; next[i]++ })
	return index[T]{start, list}
}
