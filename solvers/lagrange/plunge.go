package lagrange

import (
	"math"
	"math/rand/v2"
)

// Plunges. A plunge fills one node after the other with its likeliest set (mixture.go), and
// what few nodes are left is searched by questions, for what beats the incumbent (pack.go).
// All that is lost of the bound is lost with the last nodes, whose tasks have few ways
// left, and there the search is exact: that is a dive over columns (R. Sadykov, F. Vanderbeck,
// A. Pessoa, I. Tahiri and E. Uchoa, Primal heuristics for branch and price: the assets of
// diving methods, INFORMS Journal on Computing 31, 2019), with all its discrepancies at the end.
//
// To go down costs little beside the search of a tail, and tails differ by more than an
// incumbent may be above the bound. So it is done in stages, each with half of the nodes that
// are left: some ways to the end of a stage are tried, and the one with the best bound is gone
// on with. Each has a heat of its own, and the heat goes where the best ones have theirs. How
// many nodes are left grows while tails are searched to their end, and shrinks where they run
// out of work: they get as much as the way down took.

const (
	firstTail   = 5.0  // nodes, at first
	leastTail   = 2.0  // nodes
	tailGrowth  = 1.1  // after a tail that was searched to its end
	tailLoss    = 0.95 // after one that was not
	stageTries  = 8    // ways to the end of a stage
	stageRounds = 20   // of multipliers there
	tailTries   = 4    // a question about a tail gets one part in so many of the tail's work
	firstHeat   = 0.01 // of what the incumbent costs above the bound
	heatStep    = 1.25 // hotter or colder by that
)

// plunger is what plunges remember.
type plunger struct {
	mixture
	tail   float64 // nodes that are left to be searched
	warmth float64 // heat, of late; 0 before the first
	top    place
	from   place // where a stage begins
	best   stage // of a stage's tries
}

// place is where a search can go back to.
type place struct {
	mark     int
	question int64
	u        []int64
	prices   []float64
}

// stage is what a try comes to.
type stage struct {
	done   []change
	u      []int64
	prices []float64
	value  int64
	heat   float64
}

func newPlunger(e *engine) plunger {
	return plunger{mixture: newMixture(e), tail: firstTail}
}

// note keeps where the search is.
func (m *plunger) note(p *place) {
	e := m.e
	p.mark, p.question, p.u = len(e.trail), e.question, append(p.u[:0], e.u...)
	p.prices = append(p.prices[:0], m.prices...)
}

// back takes the search to where it was.
func (m *plunger) back(p *place) {
	e := m.e
	e.undo(p.mark)
	e.question = p.question
	e.aim()
	copy(e.u, p.u)
	copy(m.prices, p.prices)
	e.resolve()
}

// plunge goes down once, and searches the tail.
func (m *improver) plunge() {
	e, p := m.e, &m.plunges
	before := e.done
	if p.warmth == 0 {
		p.warmth = firstHeat * float64(e.cutoff-e.value+1)
		p.begin()
	}
	p.heat = p.warmth
	reached := p.settle(settlingAll)
	p.note(&p.top)
	for nodes := e.openNodes(); reached && nodes > int(p.tail); nodes = e.openNodes() {
		reached = p.stage(max(nodes/2, int(p.tail)), m.rng)
	}
	ended := !reached || e.finish(e.done-before)
	switch {
	case e.stopped:
	case ended:
		p.tail = min(p.tail*tailGrowth, float64(e.nodes))
	default:
		p.tail = max(p.tail*tailLoss, leastTail)
	}
	p.back(&p.top)
}

// stage goes down to so many nodes, on the best of some ways. It returns false where none of
// them leaves anything within the cutoff, or the search must stop.
func (m *plunger) stage(nodes int, rng *rand.Rand) bool {
	e, found := m.e, false
	m.note(&m.from)
	for n := 0; n < stageTries && !e.stopped; n++ {
		m.heat = m.warmth * heatStep
		if rng.IntN(2) == 0 {
			m.heat = m.warmth / heatStep
		}
		e.question = e.host.highest()
		e.aim()
		if m.descend(nodes, rng) && !e.climb(stageRounds) && !e.stopped && (!found || e.value < m.best.value) {
			found = true
			m.keep(&m.best)
		}
		m.back(&m.from)
	}
	if e.stopped || !found {
		return false
	}
	m.warmth = math.Sqrt(m.warmth * m.best.heat)
	m.replay(&m.best)
	return !e.failed
}

// keep keeps what a try came to.
func (m *plunger) keep(s *stage) {
	e := m.e
	s.done = append(s.done[:0], e.trail[m.from.mark:]...)
	s.u, s.prices = append(s.u[:0], e.u...), append(s.prices[:0], m.prices...)
	s.value, s.heat = e.value, m.heat
}

// replay makes what a try came to anew.
func (m *plunger) replay(s *stage) {
	e := m.e
	for _, c := range s.done {
		if !c.forced {
			e.remove(c.task, c.node)
		}
	}
	copy(e.u, s.u)
	copy(m.prices, s.prices)
	e.work += int64(10 * len(s.done))
	e.resolve()
}

// finish searches what is left for placements that beat the incumbent, with so many units of
// work for all questions, and says whether all were answered. Each question is wider than the
// last, and they share the work.
func (e *engine) finish(effort int64) (ended bool) {
	defer func() { e.enough = endless }()
	e.question = e.host.highest()
	e.aim()
	if e.climb(askRounds) || e.stopped {
		return !e.stopped
	}
	ended = true
	lower, width := e.stepsUp(e.value), int64(1)
	for lower <= e.host.highest() && !e.stopped {
		e.enough = e.done + effort/tailTries
		question := min(lower+width-1, e.host.highest())
		ended = e.askSets(question) && ended
		lower, width = question+1, 2*width
	}
	return ended
}
