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
// Small items that no traffic and no rule binds and that cost the same everywhere, the sand,
// are left out and packed afterwards, the largest first: without them the others move
// freely. Where only so many replicas may leave where they run today nothing is left
// out, and every replica that leaves has a price, which rises while too many do.
//
// It starts from the best on the board, or from clusters (cluster.go). A first short run
// shows how fast the search is. Then runs grow longer, up to where more gains little,
// and the last one fills what is left of the limits: an annealing that is cut short is
// worth little, and one of twice the length is worth more than two. Each run starts from
// what the one before left, the hotter the longer it is; when too little is left for
// another, the best is polished. What a run leaves is repaired where it has to be, and
// offered.
//
// Cost: a proposal tries one move, or up to a dozen; O(pairs · levels) each.
var Anneal = &search.Method{
	Name:    "anneal",
	Short:   "simulated annealing with moves drawn from the traffic",
	Source:  "S. Kirkpatrick, C. D. Gelatt, M. P. Vecchi: Science 220, 1983",
	Handles: model.AllFeatures,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		a := NewAnnealing(p, board)
		if a == nil || len(a.core) == 0 {
			return nil
		}
		for length, last := int64(0), int64(0); ; last = length {
			length = a.plan(last)
			from := a.Warmth(length)
			if best, _ := board.Best(); best != nil && length < last/2 {
				a.Set(best)
				from = max(from, polishFrom)
			}
			if !a.Run(length, from) {
				return nil
			}
		}
	},
}

// mostAside is how much work is done aside at most.
const mostAside = 500_000_000

// annealAside anneals with so much work, which nothing else on the board sees before it is
// done, and offers what comes of that: a placement for an exact method to begin with. It
// returns nil where it found none, and whether to go on.
func annealAside(ctx context.Context, p *model.Problem, board *search.Board, work int64) (found model.Placement, going bool) {
	return aside(ctx, Anneal, p, board, nil, work, board.Seed())
}

// DescentAside is annealAside by Descent, with a seed of its own and, where start is not nil, from
// there.
func DescentAside(ctx context.Context, p *model.Problem, board *search.Board, start model.Placement, work int64, seed uint64) (found model.Placement, going bool) {
	return aside(ctx, Descent, p, board, start, work, seed)
}

// TabuAside is annealAside by Tabu where that takes the problem.
func TabuAside(ctx context.Context, p *model.Problem, board *search.Board, work int64) (found model.Placement, going bool) {
	if Tabu.Lacks(p) != 0 || tooManyForTabu(p) {
		return annealAside(ctx, p, board, work)
	}
	return aside(ctx, Tabu, p, board, nil, work, board.Seed())
}

func aside(ctx context.Context, method *search.Method, p *model.Problem, board *search.Board, start model.Placement, work int64, seed uint64) (found model.Placement, going bool) {
	limits := search.Limits{Work: max(min(work, mostAside, board.Left()), 1)}
	own := search.NewBoard(ctx, p, limits, seed, 1, nil)
	if start != nil {
		own.Offer(start, p.Evaluate(start).Cost)
	}
	if err := method.Run(ctx, p, own); err != nil {
		return nil, false
	}
	found, cost := own.Best()
	if found != nil {
		board.Offer(found, cost)
	}
	return found, board.Work(limits.Work)
}

// Annealing is a placement with what its runs need (see Anneal).
type Annealing struct {
	*state
	board *search.Board
	rng   *rand.PCG
	spare uint64 // chance not used yet
	has   bool

	flows  flows
	core   []int32 // copies that are not sand
	sand   int64   // copies that are
	others uint32  // so many of 256 proposals do not come from the traffic
	homes  uint32  // so many of 256 send a replica back to where it runs today
	moved  []moved // what left where it runs today, with some that came back
	trail  []shift // of the proposal
	shares bool    // items with several copies

	unit      float64 // what a pair of items usually matters,
	least     float64 // and one copy of it
	usual     []int64 // demand of a copy, by resource
	heat      [heats]int64
	exponents [heats]float64
	strict    float64 // prices are so much higher, for what stays broken near the end
	movePrice int64   // of each replica that leaves where it runs today
	mustStay  int64   // so many are to stay; those of the problem, or fewer (see Allow)
	proposals int64   // in all runs
}

const (
	annealStream = 5
	heats        = 1024 // values that chance takes in accepting
	smallPart    = 0.2  // of the mean node; what takes more is not sand
	batch        = 512  // proposals between two looks at the clock
	stageLength  = 1. / 256
	proposalWork = 150 // units that one takes beside its tries

	hotPart  = 1.2  // the first temperature, in parts of what a pair matters
	coldPart = 0.04 // the last, in parts of what one copy of a pair matters

	softPrice = 2.  // the first price of an overload by one copy, in parts of what a pair matters,
	hardPrice = 16. // and the last

	dearerMove  = 1.08 // the price of a move in a stage that finds too many,
	cheaperMove = 0.95 // and in one that does not
	excessMove  = 2    // what one too many pays more

	strictFrom = 0.75 // from here on in a run, what is broken gets dearer
	strictStep = 1.05 // in each stage that finds it

	firstRun = 100   // proposals a copy in the first run, where that does not take long,
	longRun  = 12000 // and in the longest
	growth   = 4     // from run to run
	lastPart = 0.97  // of what is left of the limits, for the last run

	shortWarmth = 1.2 // where in a run one of a single proposal a copy would begin;
	warmthStep  = 0.3 // ten times as many begin so much earlier
	coolest     = 0.7
	polishFrom  = 0.8 // where a run begins that polishes the best
)

// NewAnnealing starts from the best on the board or from a construction, which it
// repairs and offers. It returns nil where the board ended it, or nothing can move.
func NewAnnealing(p *model.Problem, board *search.Board) *Annealing {
	s := clusteredState(p, board)
	if s == nil {
		return nil
	}
	whole, going := s.feasible(), true
	if whole {
		board.Offer(s.at, s.cost)
		going = board.Work(s.spent + judgeWork*int64(len(s.at)))
		s.spent = 0
	}
	a := newAnnealing(s, board)
	if !whole {
		going = a.Offer()
	}
	if !going || !hasChoice(p) {
		return nil
	}
	return a
}

// clusteredState is the board's best, or what runs today where that has to stay, or
// else clusters of what talks; nil where the board stopped it.
func clusteredState(p *model.Problem, board *search.Board) *state {
	if best, _ := board.Best(); best != nil || p.MustStay > 0 || len(p.Pairs) == 0 {
		return startState(p, board)
	}
	b := newBuilder(p, board)
	if !b.placeClusters() {
		return nil
	}
	return b.start()
}

func newAnnealing(s *state, board *search.Board) *Annealing {
	a := &Annealing{
		state: s, board: board, strict: 1, mustStay: s.p.MustStay,
		rng: rand.NewPCG(board.Seed(), annealStream),
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

// Set goes to a placement, which may be partial and need not be feasible. The sand
// stays out.
func (a *Annealing) Set(pl model.Placement) {
	for _, c := range a.core {
		a.move(c, pl[c])
	}
	a.spent += tryWork * int64(len(a.core))
}

// Allow lets so many more replicas leave where they run today, in the runs that follow,
// than the problem does. What such a run leaves is not offered.
func (a *Annealing) Allow(more int64) { a.mustStay = max(a.p.MustStay-more, 0) }

// Placement is what the last run left, without the sand. It is shared: read it
// before the next run.
func (a *Annealing) Placement() model.Placement { return a.at }

// Core is the number of copies that take part.
func (a *Annealing) Core() int { return len(a.core) }

// takeOutSand finds the core and takes all other copies off their nodes.
func (a *Annealing) takeOutSand() {
	room := a.meanRoom()
	for i := range a.p.Items {
		it := &a.p.Items[i]
		a.shares = a.shares || it.Count > 1 && len(a.partners.of(int32(i))) > 0
		for c := it.First; c < it.First+it.Count; c++ {
			if a.isSand(int32(i), room) {
				a.move(c, model.NoPlace)
				a.sand++
			} else {
				a.core = append(a.core, c)
			}
		}
	}
}

// isSand says whether an item may be packed when all else is placed.
func (a *Annealing) isSand(i int32, room []float64) bool {
	it := &a.p.Items[i]
	bound := len(a.partners.of(i)) > 0 || len(a.roles.of(i)) > 0 || it.Apart >= 0 ||
		it.Rebates.To > it.Rebates.From || it.Sends.To > it.Sends.From
	return len(a.p.Pairs) > 0 && !bound && a.small(i, room) && a.p.Costs[it.Cost].Values == nil && it.Unplaced == model.NoLimit &&
		a.p.MustStay == 0 && a.p.Features&model.OpenCosts == 0
}

// meanRoom is the capacity of a node in the mean, by resource.
func (s *state) meanRoom() []float64 {
	room := make([]float64, len(s.p.Resources))
	for k, capacity := range s.p.Capacity {
		room[k%len(room)] += float64(capacity) / float64(len(s.held))
	}
	return room
}

// small says whether an item's copies fit into what many others leave: of each resource
// one takes no more than a small part of the mean node.
func (s *state) small(i int32, room []float64) bool {
	for r, need := range s.p.Demands[s.p.Items[i].Demand].Usual() {
		if float64(need) > smallPart*room[r] {
			return false
		}
	}
	return true
}

// measure sets the scales of costs and demands, and what proposals there are.
func (a *Annealing) measure() {
	p := a.p
	a.usual = usualDemand(p)
	a.unit, a.least = float64(a.prices.typical), float64(a.prices.typical)
	if len(p.Pairs) > 0 {
		far := float64(p.Farthest())
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
		a.moved = make([]moved, 0, 2*p.Copies+16)
	}
}

// Run makes one annealing of so many proposals, the later ones of which it leaves out
// where the limits of the board would cut it short, and offers what it leaves. It
// begins as if a part of it were done already: 0 for all of the heat. It returns false
// where the board ended it.
func (a *Annealing) Run(length int64, from float64) bool {
	began := a.board.Spent()
	stage := -1.
	a.strict = 1
	for done := int64(0); ; done += batch {
		part := float64(done) / float64(max(length, 1))
		if began > 0 {
			part = max(part, (a.board.Spent()-began)/((1-began)*lastPart))
		}
		if part >= 1 {
			break
		}
		if part >= stage+stageLength {
			stage = part
			a.cool(from + (1-from)*part)
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
	return a.mustStay < a.p.MustStay || a.Offer()
}

// plan says how many proposals the next run has after one of last.
func (a *Annealing) plan(last int64) int64 {
	longest := longRun * int64(len(a.core))
	first := min(max(firstRun*int64(len(a.core)), 1<<13), 1<<19)
	length := min(max(growth*last, first), max(longest, 1<<16))
	left := a.Left()
	switch {
	case left == 0 || left > length+longest:
		return length
	case left < last/2:
		return min(left, length)
	}
	return left
}

// Warmth is the part of a run that one of so many proposals does well to leave out at
// its beginning, so that a short run keeps of its start what it has no time to find
// again.
func (a *Annealing) Warmth(length int64) float64 {
	if a.shares {
		return 0 // no construction knows how to share replicas out
	}
	return min(max(shortWarmth-warmthStep*math.Log10(float64(length)/float64(len(a.core))), 0), coolest)
}

// Left is how many proposals the limits still allow, as far as can be told; 0 where
// that is not known.
func (a *Annealing) Left() int64 {
	spent := a.board.Spent()
	if spent == 0 || a.proposals == 0 {
		return 0
	}
	return max(int64(lastPart*float64(a.proposals)*(1-spent)/spent), 1)
}

// cool sets temperature and prices for the part of a run that is done.
func (a *Annealing) cool(part float64) {
	hot, cold := hotPart*a.unit, coldPart*a.least
	temperature := hot * math.Pow(cold/hot, part)
	for k := range a.heat {
		a.heat[k] = int64(temperature * a.exponents[k])
	}
	if part > strictFrom && (a.over > 0 || a.breaches > a.sand+a.p.MustStay-a.mustStay) {
		a.strict *= strictStep
	}
	price := a.unit * softPrice * math.Pow(hardPrice/softPrice, part) * a.strict
	for k := range a.prices.load {
		a.prices.load[k] = price / float64(a.usual[k%len(a.usual)])
	}
	rule := int64(min(4*price, highest))
	for k := range a.prices.rule {
		a.prices.rule[k] = rule
	}
	a.prices.apart = rule
	a.prices.missing = int64(min(1000*price, highest)) // more than the largest item can overload
	a.priceMoves(part, rule)
}

// priceMoves brings the price of a replica that leaves where it runs today nearer to
// what as many are worth as may. Those too many pay more, and in the end as for a rule.
func (a *Annealing) priceMoves(part float64, rule int64) {
	if a.p.MustStay == 0 {
		return
	}
	price := float64(a.movePrice)
	switch {
	case price == 0:
		price = hotPart * a.unit
	case a.stay < a.mustStay:
		price *= dearerMove
	default:
		price *= cheaperMove
	}
	a.movePrice = int64(min(max(price, coldPart*a.least, 1), hardPrice*a.unit))
	if a.mustStay < a.p.MustStay {
		a.prices.move = 0
		return
	}
	a.prices.move = excessMove * a.movePrice
	if part > strictFrom {
		a.prices.move = max(a.prices.move, rule)
	}
}

// Offer packs the sand, and other copies that are out, around what there is, repairs
// what is broken and offers the result. It returns false where the board ended it.
func (a *Annealing) Offer() bool {
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
