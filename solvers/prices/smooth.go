package prices

import (
	"math"

	"berth/search"
	"berth/solvers/powers"
)

// Good prices. The bound is concave in the prices, with a kink wherever a copy
// changes its mind, and a subgradient zigzags between the kinks: nodes that cost a
// copy the same are all or nothing to it. So each copy's minimum is smoothed,
//
//	−heat · log Σ exp(−(cost + price) / heat),
//
// and copies spread over the nodes that are about as cheap, in the proportions of
// the exponentials; those of a set count with their mean, so that a set of any size
// weighs as one (Y. Nesterov, Smooth minimization of non-smooth functions,
// Mathematical Programming 103, 2005). Prices then climb by Newton steps of each by
// itself, as far as heat allows: the curvature is what the load of a node would lose
// by a rise, counted with what the copy takes of other resources besides, so that
// these do not overshoot together. What all prices have to do together, such as rise
// where room is short everywhere, is left to momentum, which is taken away when it
// leads downhill (B. O'Donoghue and E. Candès, Adaptive restart for accelerated
// gradient schemes, Foundations of Computational Mathematics 15, 2015). The heat
// falls to about a thousandth of what a copy's place usually matters. Now and then
// the exact bound of the prices is taken.
//
// Copies of different sizes that stand for the same set are taken together where
// there are very many sizes, a little rounded: this is guidance, no claim.
//
// Cost: a round is two passes over the named nodes of all choices, with an
// exponential for each that is near the cheapest, and three over the nodes of each
// group's set.

const (
	cooled    = 0.88   // heat after a round, …
	cooledUse = 0.94   // … while it is open which nodes are used
	hottest   = 0.5    // heat to begin with, against what a copy's place usually matters,
	coldest   = 0.0015 // and to end with
	momentum  = 0.9    // of a step, that is carried into the next one
	damping   = 1.5    // of the Newton steps
	reach     = 2.0    // the longest step, in heat for what a copy usually takes
	stiffness = 0.2    // curvature of a node that nobody hesitates about, in copies

	measureEvery = 5   // rounds
	enough       = 17  // the search for prices ends when these gain less than 1/2^enough,
	maxRounds    = 400 // or then

	blockSize  = 1e5  // items between two reports of work
	negligible = 1e-9 // so much of a copy is none
)

// smoother climbs. All its sums are made in a fixed order, and products are rounded
// before they are added, so that every machine gets the same prices.
type smoother struct {
	*ledger
	board    *search.Board
	heat     float64
	rounds   int
	steps    int       // since the momentum was last taken away
	prices   []float64 // by node and resource, in units of cost
	ahead    []float64 // where the momentum carries them: what a round looks at
	capacity []float64

	grain  float64   // heat of that question, for a copy's
	common []float64 // by resource: the step that prices take together

	groups  []group
	groupOf []int32 // by kind, or nobody's

	sums  [parts]sums
	best  []float64 // the prices of the best bound
	bound int64
	limit int64 // a bound that is enough
	work  int64 // of a round
}

// sums is what one part of the work adds up.
type sums struct {
	load   []float64 // by node and resource
	bend   []float64 // how much of it hesitates
	spared []float64 // by node in question: what copies pay less there than at their edge
	takes  []float64 // by group: copies that take the set
	x      []float64
	part   []float64
	below  []float64
}

func newSmoother(l *ledger, b *search.Board) *smoother {
	s := &smoother{
		ledger: l, board: b, prices: make([]float64, len(l.price)), ahead: make([]float64, len(l.price)),
		capacity: make([]float64, len(l.price)), best: make([]float64, len(l.price)), limit: search.NoCost,
	}
	s.heat = hottest * s.matters
	for k, room := range l.room {
		s.capacity[k] = float64(room)
	}
	s.makeGroups()
	s.startUsing()
	for p := range s.sums {
		s.sums[p] = sums{
			load: make([]float64, len(l.price)), bend: make([]float64, len(l.price)),
			spared: make([]float64, l.nodes), takes: make([]float64, len(s.groups)),
		}
	}
	s.work = int64(len(l.option)) * 24
	for g := range s.groups {
		s.work += int64(len(s.setOf(g))) * 24
	}
	return s
}

// dot is the price of sizes on node j.
func (s *smoother) dot(size []int64, j int32) float64 {
	sum := 0.0
	for r, price := range s.ahead[int(j)*s.resources : int(j+1)*s.resources] {
		sum += float64(price * float64(size[r]))
	}
	return sum
}

// climb takes a round and a step. It returns false where the board says stop.
func (s *smoother) climb() bool {
	s.board.Each(parts, func(part int) {
		t := &s.sums[part]
		clear(t.load)
		clear(t.bend)
		clear(t.spared)
		clear(t.takes)
		for g := part; g < len(s.groups); g += parts {
			s.lower(g, t)
		}
	})
	blocks := (len(s.items) + blockSize - 1) / blockSize
	for block := range blocks {
		first, end := block*len(s.items)/blocks, (block+1)*len(s.items)/blocks
		s.board.Each(parts, func(part int) {
			from, to := piece(end-first, part)
			for i := first + from; i < first+to; i++ {
				s.choose(&s.items[i], &s.sums[part])
			}
		})
		if !s.board.Work(s.work / int64(blocks)) {
			return false
		}
	}
	for g := range s.groups {
		s.groups[g].takes = 0
		for part := range s.sums {
			s.groups[g].takes += s.sums[part].takes[g]
		}
	}
	s.board.Each(parts, func(part int) {
		for g := part; g < len(s.groups); g += parts {
			s.spread(g, &s.sums[part])
		}
	})
	s.step()
	s.rounds++
	return true
}

// lower finds the smooth price of a group's set.
func (s *smoother) lower(g int, t *sums) {
	least, nodes, group := math.Inf(1), s.setOf(g), &s.groups[g]
	t.x = t.x[:0]
	for _, j := range nodes {
		price := s.groupPrice(group, j)
		t.x = append(t.x, price)
		least = min(least, price)
	}
	sum := 0.0
	for _, price := range t.x {
		sum += powers.Exp((least - price) / s.heat)
	}
	group.low = least - float64(s.heat*powers.Log(sum/float64(len(nodes))))
}

// choose spreads the copies of an item over its nodes and its set.
func (s *smoother) choose(it *item, t *sums) {
	options := s.options(it)
	rest := math.Inf(1)
	if cost := s.rest[it.choice]; cost != nowhere {
		rest = float64(cost) + s.groups[s.groupOf[it.kind]].low
	} else if len(options) == 0 {
		return
	}
	least := rest
	t.x = t.x[:0]
	for _, o := range options {
		x := float64(o.cost) + s.dot(s.takes(it.kind, o.node), o.node)
		t.x = append(t.x, x)
		least = min(least, x)
	}
	if s.used != nil {
		s.chooseUsed(it, t, rest)
		return
	}
	away := powers.Exp((least - rest) / s.heat)
	sum := away
	for n, x := range t.x {
		t.x[n] = powers.Exp((least - x) / s.heat)
		sum += t.x[n]
	}
	copies := float64(it.count) / sum
	if away > 0 {
		t.takes[s.groupOf[it.kind]] += float64(copies * away)
	}
	for n, x := range t.x {
		if x > 0 {
			s.load(it, options[n].node, t, float64(copies*x), 1-x/sum)
		}
	}
}

// load adds mass copies of an item to node j. hesitate is the part of them that a rise of the
// price of a copy there by the heat would drive away, were it to go on as it begins.
func (s *smoother) load(it *item, j int32, t *sums, mass, hesitate float64) {
	size, all := s.takes(it.kind, j), 0.0
	for r, v := range size {
		all += float64(v) / s.mean[r]
	}
	at := int(j) * s.resources
	for r, v := range size {
		load := float64(mass * float64(v))
		t.load[at+r] += load
		t.bend[at+r] += float64(load * float64(hesitate*float64(all*s.mean[r])))
	}
}

// spread spreads the copies that take a group's set over its nodes.
func (s *smoother) spread(g int, t *sums) {
	group, nodes := &s.groups[g], s.setOf(g)
	if group.takes < negligible {
		return
	}
	part := 1 / float64(len(nodes))
	for _, j := range nodes {
		share := min(float64(part*powers.Exp((group.low-s.groupPrice(group, j))/s.heat)), 1)
		if share == 0 {
			continue
		}
		size, mass, all := s.onNode(group, j), float64(group.takes*share), 0.0
		for r, v := range size {
			all += v / s.mean[r]
		}
		at := int(j) * s.resources
		for r, v := range size {
			load := float64(mass * v)
			t.load[at+r] += load
			t.bend[at+r] += float64(load * float64((1-share)*float64(all*s.mean[r])))
		}
	}
}

// step moves every price by a Newton step of its own, and carries on the last one.
func (s *smoother) step() {
	load, bend := s.sums[0].load, s.sums[0].bend
	for _, t := range s.sums[1:] {
		for k := range load {
			load[k] += t.load[k]
			bend[k] += t.bend[k]
		}
	}
	s.use()
	s.steps++
	carried := min(float64(s.steps)/float64(s.steps+3), momentum)
	along := 0.0
	s.shift(load)
	for k := range s.prices[:int(s.outside)*s.resources] {
		mean := s.mean[k%s.resources]
		room := s.capacity[k]
		if j := int32(k / s.resources); s.inQuestion(j) {
			bend[k] += s.yields(k)
			room *= s.used[j]
		}
		curve := damping * (bend[k] + float64(stiffness*float64(mean*mean))) / s.heat
		most := reach * s.heat / mean
		change := max(min((load[k]-room)/curve, most), -most)
		if s.inQuestion(int32(k / s.resources)) {
			change += s.common[k%s.resources]
		}
		next := max(s.ahead[k]+change, 0)
		along += float64((load[k] - room) * (next - s.prices[k]))
		s.ahead[k] = max(next+float64(carried*(next-s.prices[k])), 0)
		s.prices[k] = next
	}
	if along < 0 {
		s.steps = 0
	}
}

// cool climbs while the heat falls to a multiple of what a copy's place usually matters. It returns false where the board says stop.
func (s *smoother) cool(to float64) bool {
	for s.heat > to*s.matters && s.bound < s.limit {
		s.heat = max(s.heat*s.cooling(), to*s.matters)
		if !s.climb() {
			return false
		}
		if s.rounds%measureEvery == 0 {
			s.measure()
		}
	}
	s.measure()
	return true
}

// settle climbs at the last heat for as long as the bound gains by it.
func (s *smoother) settle() bool {
	for idle := 0; s.rounds < maxRounds && idle < s.patience() && s.bound < s.limit; idle++ {
		for range measureEvery {
			if !s.climb() {
				return false
			}
		}
		if s.measure() > s.bound>>enough {
			idle = -1
		}
	}
	return true
}

// measure takes the exact bound of the prices, keeps them where it is the best, and
// returns how much better it is.
func (s *smoother) measure() (gain int64) {
	s.take(s.prices, s.board)
	bound := s.ledger.bound(s.board)
	if bound <= s.bound {
		return 0
	}
	gain = bound - s.bound
	s.bound = bound
	copy(s.best, s.prices)
	if !s.settled {
		s.board.Raise(bound)
	}
	return gain
}

// place makes a placement at the best prices; nil where the board stopped it.
func (s *smoother) place() *chains {
	s.take(s.best, s.board)
	st := newState(s.ledger, s.board)
	if !st.fill() {
		return nil
	}
	return newChains(newPolisher(st))
}
