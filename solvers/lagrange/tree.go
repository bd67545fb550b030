package lagrange

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"berth/model"
	"berth/search"
)

// The search. "Is there a placement of cost at most z?" is asked for z at the bound,
// then a step higher, and so on; each time with domains fixed anew, depth first,
// and with the multipliers of a node as those that its children begin with. The
// lowest z has the tightest cutoff, so its tree is small, and its "no" is a bound
// that lasts whatever happens next. A placement that is met lowers the cutoff.

const (
	rootRounds  = 3000      // of multipliers at the start, at most
	patience    = 40        // rounds without a better bound before steps are halved
	fallen      = 8         // what a round counts among them that is farther below the best than the aim is above
	streak      = 5         // rounds with a better bound before steps are doubled
	nearest     = 32        // the start ends when it aims at less than one part in so many of a step of cost
	repairEvery = 10        // rounds at the start, then nodes, between placements made from the knapsacks
	askRounds   = 60        // at the root of a question
	nodeRounds  = 40        // in a node of the tree
	fixEvery    = 10        // rounds between fixings
	easy        = 20        // nodes: after a question that took no more, the next is twice as wide
	finest      = 1_000_000 // a question is at least this part of the bound wide
)

// noReach is above every penalty.
const noReach = math.MaxInt64 >> 1

// endless is more work than there is.
const endless = math.MaxInt64

// engine is one run.
type engine struct {
	*knapsacks
	host    host
	stopped bool
	lost    error // what the tripwire found

	question int64 // steps: placements that cost more are not asked for
	cutoff   int64 // the same, and below the incumbent, as a Lagrangian value
	value    int64 // L(u)
	visited  int   // nodes of the tree
	reach    int64 // fixing removes what raises L(u) by more; noReach in a search that proves
	allowed  int   // the question is given up when so many are visited
	enough   int64 // … or when so many units of work are done

	bestU     []int64
	saved     [][]int64 // multipliers, by depth
	ranked    []candidate
	probing   bool      // changes of knapsacks are taken back
	kept      []*memory // knapsacks before the probe
	memories  []*memory // reused by all probes
	direction []float64 // of the last step, by task
	covered   []int32   // by task: knapsacks that take it
	share     []float64 // share[j*tasks+i]: how often node j took task i of late
	weight    float64   // what the next round counts in it
	stale     []bool    // by node: penalties are of an older knapsack
	dirty     []bool    // by node: the knapsack is of an older domain
	visit     []int32
	choices   []choice
	levels    []level    // of a search by nodes
	chance    *rand.Rand // leads dives astray; nil: does not
	drawn     *rand.Rand // leads branches astray; nil: does not
	dear      []int32
	known     []int32 // nodes of a known placement, for the tripwire
	knownCost int64   // in steps

	scribe   *scribe // takes down the proof; nil: nobody wants one
	done     int64   // units of work reported
	repairs  int64   // of all, in repairs
	repairer repairer
}

func newEngine(in *instance, h host) *engine {
	return &engine{
		knapsacks: newKnapsacks(newDomains(in)), host: h, weight: 1, reach: noReach, enough: endless,
		bestU: make([]int64, in.tasks), direction: make([]float64, in.tasks), covered: make([]int32, in.tasks),
		share: make([]float64, in.tasks*in.nodes), stale: make([]bool, in.nodes), dirty: make([]bool, in.nodes),
		question: in.dearest, saved: [][]int64{make([]int64, in.tasks)}, repairer: newRepairer(in),
	}
}

// newRunEngine is the engine of a whole problem.
func newRunEngine(in *instance, b *search.Board) *engine {
	e := newEngine(in, onBoard{in, b})
	if search.Tripwire {
		if known, cost := b.Known(); known != nil {
			e.known, e.knownCost = in.sorted(known), cost-in.base
		}
	}
	return e
}

// aim sets the cutoff from the question and the incumbent.
func (e *engine) aim() {
	e.cutoff = min(e.question, e.host.highest()) << e.shift
}

// offer reports the nodes of all tasks, and lowers the cutoff where that is the
// new incumbent.
func (e *engine) offer(at []int32) bool {
	if !e.host.offer(at, e.steps(at)) {
		return false
	}
	e.aim()
	return true
}

// offerKnapsacks reports what the knapsacks take, which is each task once.
func (e *engine) offerKnapsacks() bool {
	at := slices.Clone(e.at)
	for j := range e.sacks {
		for _, i := range e.sacks[j].in {
			at[i] = int32(j)
		}
	}
	return e.offer(at)
}

// explore searches depth first for placements within the cutoff, in what the
// domains still allow.
func (e *engine) explore(depth, rounds int) {
	if e.visited++; e.spent() {
		return
	}
	probed := e.scribe.begin()
	defer e.scribe.end(probed)
	e.aim()
	inside := search.Tripwire && e.reach == noReach && e.holdsKnown()
	closed := e.failed || e.climb(rounds)
	var i, j int32
	if !closed && !e.stopped {
		i, j, closed = e.branch()
	}
	if search.Tripwire && inside && e.knownCost<<e.shift <= e.cutoff && (closed && !e.stopped || !e.holdsKnown()) {
		e.lost = fmt.Errorf("lagrange: a node of depth %d with bound %d lost the known placement, which is within the cutoff %d",
			depth, e.value, e.cutoff)
		e.stopped = true
	}
	if closed || e.stopped {
		return
	}
	if e.open.size == 0 {
		e.offer(e.at)
		return
	}
	if e.visited%repairEvery == 0 && e.scribe == nil {
		e.repair()
	}
	if len(e.saved) == depth {
		e.saved = append(e.saved, make([]int64, e.tasks))
	}
	copy(e.saved[depth], e.u)
	mark := len(e.trail)
	e.scribe.branch(i, j, true)
	e.assign(i, j)
	e.explore(depth+1, nodeRounds)
	e.scribe.turn()
	e.undo(mark)
	if e.stopped || e.spent() {
		return
	}
	copy(e.u, e.saved[depth])
	e.remove(i, j)
	e.explore(depth+1, nodeRounds)
	e.scribe.join()
	e.undo(mark)
}

// rises returns by how much L(u) rises where task i is on node j, and where it is
// on another one, by the penalties.
func (e *engine) rises(i, j int32) (with, without int64) {
	leave := e.leave(i)
	without = math.MaxInt64 >> 8
	for _, other := range e.nodesOf[i].all() {
		if rise := e.rise(i, other, leave); other == j {
			with = rise
		} else {
			without = min(without, rise)
		}
	}
	return with, without
}

// spent says whether the question is given up.
func (e *engine) spent() bool { return e.visited >= e.allowed || e.done >= e.enough }

// ask finds the best placement within the question that beats the incumbent, or
// that there is none. It returns false where it had to stop before, or had visited
// so many nodes.
func (e *engine) ask(question int64, nodes int) bool {
	e.question, e.allowed = question, e.visited+nodes
	mark := len(e.trail)
	copy(e.saved[0], e.u)
	e.explore(1, askRounds)
	e.undo(mark)
	copy(e.u, e.saved[0])
	return !e.stopped && !e.spent()
}

// prove asks questions, from the bound upwards, until one finds the optimum or all
// are answered. A question is one unit wide: a step of cost, or a small part of the
// bound where steps are tiny. After easy ones the next is wider; a wide one that
// takes many more nodes than the last is given up for a narrower one.
func (e *engine) prove(lower int64) {
	unit := max(1, (lower+max(e.base, -e.base))/finest, e.host.coarse(lower))
	width, last := unit, 0
	for {
		highest := e.host.highest()
		if lower > highest {
			e.host.exhausted()
			return
		}
		question, nodes := min(lower+width-1, highest), noLimit
		if width > unit {
			nodes = easy + 4*last
		}
		before := e.visited
		ok := e.ask(question, nodes)
		if !ok {
			if e.stopped {
				return
			}
			width = max(unit, width/4)
			continue
		}
		last = e.visited - before
		lower = question + 1
		if last <= easy {
			width *= 2
		}
		e.host.raise(lower)
	}
}

// sorted restates a placement as nodes of tasks, twins in order.
func (in *instance) sorted(pl model.Placement) []int32 {
	at := slices.Clone([]int32(pl))
	for i, j := range at {
		if j == model.NoPlace {
			at[i] = int32(in.outside)
		}
	}
	in.sortTwins(at)
	return at
}

// sortTwins keeps interchangeable copies in the order in which fixing has them.
func (in *instance) sortTwins(at []int32) {
	for _, item := range in.problem.Items {
		slices.Sort(at[item.First : item.First+item.Count])
	}
}

// holdsKnown says whether the domains still allow a known placement that the
// cutoff allows.
func (e *engine) holdsKnown() bool {
	if e.known == nil || e.knownCost<<e.shift > e.cutoff {
		return false
	}
	for i, j := range e.known {
		if !e.has(int32(i), j) {
			return false
		}
	}
	return true
}
