package heuristics

import (
	"context"
	"math"
	"math/rand/v2"

	"berth/model"
	"berth/search"
)

// Anneal: simulated annealing over how many copies of each item are on each node,
// with moves drawn from the traffic.
//
// After S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi: Optimization by simulated
// annealing, Science 220, 1983. A proposal picks a pair of items by its traffic and
// sends copies of one to a node where the other is (proposals.go); it is accepted
// where it costs no more than a sum of chance that shrinks with the temperature.
// Overload and broken rules have a price that rises while the temperature falls, so
// that the search crosses what is infeasible early and ends in what is not.
//
// Items that nothing binds and that cost the same everywhere, the sand, are left out
// and packed afterwards, the largest first: without them the others move freely. Where
// only so many replicas may leave where they run today nothing is left out, and every
// replica that leaves has a price, which rises while too many do.
//
// Runs grow longer, and the last one fills what is left of the limits: an annealing
// that is cut short is worth little, and one of twice the length is worth more than
// two. Each run starts from what the one before left. It begins with a placement by
// clusters (cluster.go), or the best on the board. What a run leaves is repaired where
// it has to be, and offered.
//
// Cost: a proposal tries one move, or up to a dozen; O(pairs · levels) each.
var Anneal = &search.Method{
	Name:    "anneal",
	Short:   "simulated annealing with moves drawn from the traffic",
	Source:  "S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi: Science 220, 1983",
	Handles: model.AllFeatures,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		s := startState(p, board)
		if s == nil {
			return nil
		}
		a := newAnnealing(s, board)
		if !a.finish() || !hasChoice(p) || len(a.core) == 0 {
			return nil
		}
		for a.run() {
		}
		return nil
	},
}

// annealing is a state with what its runs need.
type annealing struct {
	*state
	board *search.Board
	rng   *rand.PCG
	spare uint64 // chance not used yet
	has   bool

	flows   flows
	core    []int32   // copies that are not sand
	sand    int64     // copies that are
	domains [][]int32 // by domain, listed where it is asked for
	others  uint32    // so many of 256 proposals do not come from the traffic
	homes   uint32    // so many of 256 send a replica back to where it runs today
	moved   []moved   // a ring of what left where it runs today
	moves   int
	trail   []shift // of the proposal
	shares  bool    // items with several copies

	unit      float64 // what a pair of items usually matters,
	least     float64 // and one copy of it
	usual     []int64 // demand of a copy, by resource
	heat      [heats]int64
	exponents [heats]float64
	movePrice int64 // of each replica that leaves where it runs today
	length    int64 // of the last run, in proposals
	proposals int64 // in all runs
}

const (
	annealStream = 5
	heats        = 1024 // values that chance takes in accepting
	batch        = 512  // proposals between two looks at the clock
	proposalWork = 15   // units that one takes beside its tries

	hotPart  = 1.2  // the first temperature, in parts of what a pair matters
	coldPart = 0.12 // the last, in parts of what one copy of a pair matters

	softPrice = 2.  // the first price of an overload by one copy, in parts of what a pair matters,
	hardPrice = 16. // and the last

	firstRun = 600   // proposals a copy in the first run,
	longRun  = 12000 // and in the longest
	growth   = 2
	lastPart = 0.97 // of what is left of the limits, for the last run
)

func newAnnealing(s *state, board *search.Board) *annealing {
	a := &annealing{
		state: s, board: board,
		rng:     rand.NewPCG(board.Seed(), annealStream),
		domains: make([][]int32, len(s.p.Domains)),
	}
	if s.on == nil {
		s.list()
	}
	for k := range a.exponents {
		a.exponents[k] = -math.Log((float64(k) + 0.5) / heats)
	}
	a.takeOutSand()
	a.flows = newFlows(s.p)
	a.measure()
	return a
}

// takeOutSand finds the core and takes all other copies off their nodes.
func (a *annealing) takeOutSand() {
	for i := range a.p.Items {
		it := &a.p.Items[i]
		a.shares = a.shares || it.Bound && it.Count > 1
		for c := it.First; c < it.First+it.Count; c++ {
			if a.isSand(it) {
				a.move(c, model.NoPlace)
				a.sand++
			} else {
				a.core = append(a.core, c)
			}
		}
	}
}

// isSand says whether an item may be packed when all else is placed.
func (a *annealing) isSand(it *model.Item) bool {
	row := &a.p.Costs[it.Cost]
	return len(a.p.Pairs) > 0 && !it.Bound && row.Values == nil && it.Unplaced == model.NoLimit && a.p.Features&model.OpenCosts == 0
}

// measure sets the scales of costs and demands.
func (a *annealing) measure() {
	p := a.p
	a.usual = usualDemand(p)
	a.unit, a.least = float64(a.prices.typical), float64(a.prices.typical)
	if len(p.Pairs) > 0 {
		far := float64(p.Levels[len(p.Levels)-1].Distance)
		var whole, part float64
		for _, pair := range p.Pairs {
			weight := float64(pair.Price) * float64(p.Full) * far
			whole += weight
			part += weight / float64(max(p.Items[pair.A].Count, p.Items[pair.B].Count))
		}
		a.unit, a.least = max(whole/float64(len(p.Pairs)), 1), max(part/float64(len(p.Pairs)), 1)
	}
	linear := false
	for k := range p.Costs {
		linear = linear || p.Costs[k].Values != nil
	}
	switch {
	case len(p.Pairs) == 0:
		a.others = 256
	case linear || p.Features&interplay&^model.TrafficOn&^model.Conflicts&^model.MoveLimit != 0:
		a.others = 80
	default:
		a.others = 8
	}
	if len(p.Runs) > 0 && (p.MustStay > 0 || p.Features&model.Stays != 0) {
		a.homes = 64
		a.moved = make([]moved, 0, min(2*p.Copies+16, 4096))
	}
}

// run is one annealing. It returns false where the board ended it.
func (a *annealing) run() bool {
	length, began := a.plan()
	span := 1 - began
	stage := -1.
	for done := int64(0); ; done += batch {
		part := float64(done) / float64(length)
		if spent := a.board.Spent(); span > 0 {
			part = max(part, (spent-began)/(span*lastPart))
		}
		if part >= 1 {
			break
		}
		if part >= stage+1./256 || stage < 0 {
			stage = part
			a.cool(part)
		}
		for range batch {
			a.propose()
		}
		a.proposals += batch
		work := a.spent + batch*proposalWork
		a.spent = 0
		if !a.board.Work(work) {
			return false
		}
	}
	a.length = length
	return a.finish()
}

// plan says how many proposals the next run has, and which part of the limits is
// spent when it begins.
func (a *annealing) plan() (length int64, began float64) {
	copies := int64(len(a.core))
	longest := max(longRun*copies, 1<<16)
	length = min(max(growth*a.length, firstRun*copies, 1<<14), longest)
	began = a.board.Spent()
	if began == 0 || a.proposals == 0 {
		return length, 0
	}
	left := int64(lastPart * float64(a.proposals) * (1 - began) / began)
	if left < longest+longest/4 {
		length = max(left, batch)
	}
	return length, began
}

// cool sets temperature and prices for the part of a run that is done.
func (a *annealing) cool(part float64) {
	hot, cold := hotPart*a.unit, coldPart*a.least
	temperature := hot * math.Pow(cold/hot, part)
	for k := range a.heat {
		a.heat[k] = int64(temperature * a.exponents[k])
	}
	price := a.unit * softPrice * math.Pow(hardPrice/softPrice, part)
	for k := range a.prices.load {
		a.prices.load[k] = price / float64(a.usual[k%len(a.usual)])
	}
	rule := int64(min(4*price, highest))
	for k := range a.prices.rule {
		a.prices.rule[k] = rule
	}
	a.prices.apart, a.prices.missing, a.prices.move = rule, rule, rule
}

// finish packs the sand around a copy of what there is, repairs what is broken and
// offers the result. It returns false where the board ended it.
func (a *annealing) finish() bool {
	s := newStateOf(a.p, a.at)
	b := builderOf(s, a.board)
	if !b.placeTightest() {
		return false
	}
	if b.mend() {
		a.board.Offer(b.at, b.cost)
	}
	return a.board.Work(b.spent + judgeWork*int64(len(a.at)))
}
