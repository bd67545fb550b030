package lagrange

import "math"

// Plunges. A plunge fills one node after the other with its likeliest set (mixture.go), and
// what few nodes are left is searched by questions, for what beats the incumbent (pack.go).
// All that is lost of the bound is lost with the last nodes, whose tasks have few ways
// left, and there the search is exact: that is a dive over columns (R. Sadykov, F. Vanderbeck,
// A. Pessoa, I. Tahiri and E. Uchoa, Primal heuristics for branch and price: the assets of
// diving methods, INFORMS Journal on Computing 31, 2019), with all its discrepancies at the end.
//
// How many nodes are left grows while tails are searched to their end, and shrinks where they
// run out of work. The way down is gone once for a few tails, to where they part, and from
// there to each of them. The heat goes where tails have the better bounds.

const (
	firstTail  = 5.0  // nodes, at first
	leastTail  = 2.0  // nodes
	tailGrowth = 1.1  // after a tail that was searched to its end
	tailLoss   = 0.95 // after one that was not
	branchOff  = 2.0  // tails part where so many times their nodes are open
	tails      = 6    // to a plunge
	tailPart   = 16   // a tail gets one part in so many of a descent's patience
	tailTries  = 4    // a question about it gets one part in so many of that
	firstHeat  = 0.01 // of what the incumbent costs above the bound
	heatStep   = 1.25 // hotter or colder by that, from plunge to plunge
	recent     = 0.2  // how much the last plunge counts in what tails lose of late
)

// plunger is what plunges remember.
type plunger struct {
	mixture
	tail     float64 // nodes that are left to be searched
	warmth   float64 // heat, but for the step that is tried
	loss     float64 // of tails of late, in the engine's costs
	work     int64   // units, of the last plunge: so many on pieces in vain make the next
	top, off place
}

// place is where a search can go back to.
type place struct {
	mark     int
	question int64
	u        []int64
	prices   []float64
}

func newPlunger(e *engine, work int64) plunger {
	return plunger{mixture: newMixture(e), tail: firstTail, work: work, loss: math.Inf(1)}
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

// plunge goes down once, and searches a few tails from there.
func (m *improver) plunge() {
	e, p := m.e, &m.plunges
	before, value := e.done, e.value
	if p.warmth == 0 {
		p.warmth = firstHeat * float64(e.cutoff-e.value+1)
		p.begin()
	}
	p.heat = p.warmth * heatStep
	if m.rng.IntN(2) == 0 {
		p.heat = p.warmth / heatStep
	}
	p.settle(settlingAll)
	p.note(&p.top)
	reached := p.descend(int(branchOff*p.tail), m.rng)
	p.note(&p.off)
	for n := 0; n < tails && !e.stopped; n++ {
		loss, ended := math.Inf(1), true
		if reached && p.descend(int(p.tail), m.rng) {
			loss, ended = e.finish(int64(m.patient / tailPart))
		}
		switch {
		case e.stopped:
		case ended:
			p.tail = min(p.tail*tailGrowth, float64(e.nodes))
		default:
			p.tail = max(p.tail*tailLoss, leastTail)
		}
		if n == 0 {
			p.learn(loss - float64(value))
		}
		if !reached {
			break
		}
		p.back(&p.off)
	}
	p.back(&p.top)
	p.work, m.vain = e.done-before, 0
}

// learn moves the heat to where tails lose less.
func (m *plunger) learn(loss float64) {
	if step := math.Sqrt(m.heat / m.warmth); loss <= m.loss {
		m.warmth *= step
	} else {
		m.warmth /= step
	}
	if math.IsInf(m.loss, 1) {
		m.loss = loss
	} else if !math.IsInf(loss, 1) {
		m.loss += recent * (loss - m.loss)
	}
}

// finish searches what is left for placements that beat the incumbent, with so many units of
// work for all questions. Each question is wider than the last, and they share the work. It
// returns the bound of the tail, and whether all were answered.
func (e *engine) finish(effort int64) (bound float64, ended bool) {
	defer func() { e.enough = endless }()
	e.question = e.host.highest()
	e.aim()
	closed := e.climb(askRounds)
	bound, ended = float64(e.value), true
	if closed || e.stopped {
		return bound, !e.stopped
	}
	lower, width := e.stepsUp(e.value), int64(1)
	for lower <= e.host.highest() && !e.stopped {
		e.enough = e.done + effort/tailTries
		question := min(lower+width-1, e.host.highest())
		ended = e.askSets(question) && ended
		lower, width = question+1, 2*width
	}
	return bound, ended
}
