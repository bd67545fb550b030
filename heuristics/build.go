package heuristics

import (
	"math"

	"berth/model"
	"berth/search"
	"berth/search/room"
)

// builder is what the constructions share: it places copy by copy, each where it
// fits and breaks no rule that can be told from what is placed so far. What is
// left broken or out at the end goes to repair (repair.go).
//
// The nodes to choose from are never listed for an item that nothing binds: the
// exceptions of its cost row and of its demand are looked at one by one, and of
// all other nodes, which cost the same, a tree finds one with room.
// A bound item weighs every node of its domain where copies × nodes is small;
// else the exceptions, the nodes of those it talks to, and a few with room.
type builder struct {
	*state
	board *search.Board
	room  *room.Tree
	opens bool      // nodes cost something to use
	blind bool      // the construction does not look at costs, so repair does not
	few   bool      // every node may be weighed for a bound item
	mean  []float64 // by resource: the mean capacity of a node
	leans []float64 // scratch: see lean
	list  []int32   // scratch: candidates

	evicted  steps // by makeRoomFor,
	patience int64 // which gives up when so much is spent

	balanced bool // see balance
}

const (
	fewPairs      = 5_000_000 // copies × nodes up to which bound items weigh all nodes
	manyPartners  = 64
	otherNodes    = 24
	placeWork     = 400
	reportedWork  = 100_000 // the board is asked this often
	narrowDomains = 4       // a domain under a quarter of the nodes is listed
)

func newBuilder(p *model.Problem, b *search.Board) *builder { return builderOf(newState(p), b) }

// builderOf goes on from what is placed.
func builderOf(s *state, b *search.Board) *builder {
	p := s.p
	mean := make([]float64, len(p.Resources))
	for k, capacity := range p.Capacity {
		mean[k%len(mean)] += float64(capacity) / float64(len(p.NodeNames))
	}
	return &builder{
		mean: mean, leans: make([]float64, len(mean)),
		state: s, board: b, room: newRoom(s),
		opens: p.Features&model.OpenCosts != 0,
		few:   p.Copies <= fewPairs/max(len(s.held), 1),
	}
}

// goOn reports work once enough is done and says whether to go on.
func (b *builder) goOn() bool {
	if b.spent < reportedWork {
		return true
	}
	return b.report()
}

// report hands the work done since the last time to the board, and returns what it says.
func (b *builder) report() bool {
	work := b.spent
	b.spent = 0
	return b.board.Work(work)
}

// put moves copy c to node j and keeps room up to date.
func (b *builder) put(c, j int32) {
	from := b.at[c]
	b.move(c, j)
	if from >= 0 {
		b.room.Update(int(from))
	}
	if j >= 0 {
		b.room.Update(int(j))
	}
	b.spent += placeWork
}

// runsOf lists where an item runs today.
func (s *state) runsOf(i int32) []model.Run {
	span := s.p.Items[i].Runs
	return s.p.Runs[span.From:span.To]
}

// roomFor says whether node j has capacity left for item i.
func (s *state) roomFor(i, j int32) bool {
	demand := s.p.Demands[s.p.Items[i].Demand].On(j)
	base := int(j) * len(demand)
	for r, amount := range demand {
		if s.load[base+r]+amount > s.p.Capacity[base+r] {
			return false
		}
	}
	return true
}

// fits says whether node j of its domain takes a copy of item i: there is room,
// and no rule forbids it beside what is placed.
func (s *state) fits(i, j int32) bool {
	if !s.roomFor(i, j) {
		return false
	}
	it := &s.p.Items[i]
	if !it.Bound {
		return true
	}
	if it.Apart >= 0 && s.count(i, it.Apart, s.place(it.Apart, j)) > 0 {
		return false
	}
	for _, of := range s.roles.of(i) {
		if s.rules[of.rule].Weight == 0 && !s.agrees(i, of, j) {
			return false
		}
	}
	return true
}

// agrees says whether a hard rule lets a copy of item i onto node j.
func (s *state) agrees(i int32, of role, j int32) bool {
	r := &s.rules[of.rule]
	place := s.place(r.Topology, j)
	switch r.Kind {
	case model.Affinity:
		if r.placed > 0 {
			return r.sum.at(place) > 0
		}
		return s.holds(r, place)
	case model.AntiAffinity:
		others := r.sum.at(place)
		return others == 0 || others == 1 && s.count(i, r.Topology, place) > 0
	}
	low := r.spread[place]
	for _, n := range r.spread {
		low = min(low, n)
	}
	return r.spread[place] == low || r.spread[place]+of.times-low <= r.MaxSkew
}

// holds says whether a place has room for all copies of a hard affinity, looked at
// as one pile.
func (s *state) holds(r *rule, place int32) bool {
	for k := range s.p.Resources {
		var free int64
		for _, j := range s.p.Topologies[r.Topology].Member[place] {
			at := int(j)*len(s.p.Resources) + k
			free += max(s.p.Capacity[at]-s.load[at], 0)
		}
		for _, m := range r.Members {
			it := &s.p.Items[m.Item]
			node := s.p.Topologies[r.Topology].Member[place][0]
			free -= s.p.Demands[it.Demand].On(node)[k] * int64(it.Count)
		}
		if free < 0 {
			return false
		}
	}
	return true
}

// option is a node with what it costs to place a copy there; none where no node
// is left.
type option struct {
	node int32
	cost int64
}

var none = option{model.NoPlace, math.MaxInt64}

// leaveOut is the option of not placing item i.
func (b *builder) leaveOut(i int32) option {
	if price := b.p.Items[i].Unplaced; price != model.NoLimit {
		return option{model.NoPlace, price}
	}
	return none
}

// options returns the cheapest option to place copy c of item i, and the second
// cheapest; leaving out is one of them where it has a price.
func (b *builder) options(i, c int32) (first, second option) {
	best := two{none, none}
	it := &b.p.Items[i]
	switch {
	case it.Bound || b.opens:
		out := b.leaveOut(i)
		best.add(out)
		for _, j := range b.candidates(i) {
			if b.fits(i, j) {
				cost := b.try(c, j).cost
				if out.cost != none.cost {
					cost += out.cost
				}
				best.add(option{j, cost})
			}
		}
		if b.balanced && best.first == none {
			best.add(option{b.first(i, c), 0})
		}
	default:
		best.add(b.leaveOut(i))
		b.plainOptions(i, &best)
	}
	return best.first, best.second
}

// two keeps the two cheapest options; of equal ones the earlier.
type two struct{ first, second option }

func (t *two) add(o option) {
	switch {
	case o.cost < t.first.cost:
		t.first, t.second = o, t.first
	case o.cost < t.second.cost:
		t.second = o
	}
}

// plainOptions adds the nodes for an item that nothing binds.
func (b *builder) plainOptions(i int32, best *two) {
	it := &b.p.Items[i]
	row, demand, domain := &b.p.Costs[it.Cost], &b.p.Demands[it.Demand], &b.p.Domains[it.Domain]
	if domain.Size*narrowDomains < len(b.held) || row.Nodes == nil && row.Values != nil || demand.Nodes == nil && demand.Values != nil {
		nodes := b.nodesOf(it)
		b.spent += int64(2 * len(nodes))
		for _, j := range nodes {
			if cost := row.At(j); cost < best.second.cost && b.roomFor(i, j) {
				best.add(option{j, cost})
			}
		}
		return
	}
	b.spent += int64(10 * (len(row.Nodes) + len(demand.Nodes)))
	for k, j := range row.Nodes {
		if row.Values[k] < best.second.cost && domain.Has(j) && b.roomFor(i, j) {
			best.add(option{j, row.Values[k]})
		}
	}
	for _, j := range demand.Nodes {
		if row.Rest < best.second.cost && domain.Has(j) && row.At(j) == row.Rest && b.roomFor(i, j) {
			best.add(option{j, row.Rest})
		}
	}
	for j := int32(-1); row.Rest < best.second.cost; {
		if j = int32(b.room.Next(demand.Rest, int(j)+1)); j < 0 {
			return
		}
		b.spent += 50
		if domain.Has(j) && row.At(j) == row.Rest && b.roomFor(i, j) {
			best.add(option{j, row.Rest})
		}
	}
}

// candidates lists nodes of its domain for an item that is bound.
func (b *builder) candidates(i int32) []int32 {
	it := &b.p.Items[i]
	if nodes := b.p.Domains[it.Domain].Size; b.few || nodes <= 2*otherNodes {
		b.spent += int64(10 * nodes)
		if !b.balanced {
			return b.nodesOf(it)
		}
		b.list = append(b.list[:0], b.nodesOf(it)...)
		b.sortBySuit(i, b.list)
		return b.list
	}
	row, demand, domain := &b.p.Costs[it.Cost], &b.p.Demands[it.Demand], &b.p.Domains[it.Domain]
	list := append(b.list[:0], row.Nodes...)
	for _, r := range b.runsOf(i) {
		list = append(list, r.Node)
	}
	list = b.partnerNodes(i, list, manyPartners)
	if demand.Nodes == nil && demand.Values != nil {
		return b.nodesOf(it)
	}
	from, others := 0, len(list)
	for k := range otherNodes {
		if b.balanced { // from all over
			from = max(from, k*len(b.held)/otherNodes)
		}
		j := b.room.Next(demand.Rest, from)
		if j < 0 {
			break
		}
		list, from = append(list, int32(j)), j+1
	}
	if b.balanced {
		b.sortBySuit(i, list[others:])
	}
	b.list = list
	kept := list[:0]
	for _, j := range list {
		if domain.Has(j) {
			kept = append(kept, j)
		}
	}
	return kept
}

// placeItem places the copies of an item one after the other, each where choose
// says. A copy without a choice stays out.
func (b *builder) placeItem(i int32, choose func(i, c int32) int32) bool {
	it := &b.p.Items[i]
	for c := it.First; c < it.First+it.Count; c++ {
		if j := choose(i, c); j >= 0 {
			b.put(c, j)
		}
		b.spent += placeWork / 4
		if !b.goOn() {
			return false
		}
	}
	return true
}

// placeRest places those copies of items that are out, each where it is cheapest. It
// returns false where the board stopped it.
func (b *builder) placeRest(order []int32) bool { return b.placeAll(order, b.cheapest) }

// placeAll places those copies of items that are out, each where choose says. It returns false
// where the board stopped it.
func (b *builder) placeAll(order []int32, choose func(i, c int32) int32) bool {
	for _, i := range order {
		if !b.placeItem(i, func(i, c int32) int32 {
			if b.at[c] != model.NoPlace {
				return b.at[c]
			}
			return choose(i, c)
		}) {
			return false
		}
	}
	return true
}

// orLeaveOut turns a choice of node into leaving out where that is cheaper.
func (b *builder) orLeaveOut(i, c, j int32) int32 {
	if j >= 0 && b.p.Items[i].Unplaced != model.NoLimit && b.try(c, j).cost > 0 {
		return model.NoPlace
	}
	return j
}

// cheapest is the choice of the cheapest node that fits.
func (b *builder) cheapest(i, c int32) int32 {
	first, _ := b.options(i, c)
	return first.node
}

// mend repairs what is broken, and says whether nothing is any more.
func (b *builder) mend() bool {
	return b.feasible() || repair(b.state, b.board, b.blind, b.patientWork())
}

// finish repairs what is broken and offers the placement, and again when room is made for what
// is out. Without success there is no offer. Where much is out, another placement is offered
// before (balance.go).
func (b *builder) finish() {
	other, hopeless := b.balance()
	if other != nil {
		other.finish()
	}
	if !hopeless && b.mend() {
		b.board.Offer(b.at, b.cost)
		if b.report() && !b.blind && b.makeRoom() {
			b.board.Offer(b.at, b.cost)
		}
	}
	b.report()
}

// sizes returns for each item how much of a node its demand takes, the sum over
// the resources of its part of the mean capacity, in 2^-40 parts.
func (b *builder) sizes() []int64 {
	p := b.p
	resources := len(p.Resources)
	rows := make([]int64, len(p.Demands))
	for k := range p.Demands {
		row := &p.Demands[k]
		vectors := row.Values
		if row.Nodes != nil || len(vectors) == 0 {
			vectors = row.Rest
		}
		var size float64
		for at, amount := range vectors {
			size += float64(float64(amount) / max(b.mean[at%resources], 1))
		}
		rows[k] = int64(size / float64(max(len(vectors)/max(resources, 1), 1)) * (1 << 40))
	}
	sizes := make([]int64, len(p.Items))
	for i := range sizes {
		sizes[i] = rows[p.Items[i].Demand]
	}
	return sizes
}
