package lagrange

// Plunges. The bound of a dive hardly moves until one task in ten is left, and all
// that is lost is lost there (on type d with 900 tasks and 60 nodes: 0.4 with 90 tasks left,
// 40 in the end). So a plunge stops before, and what is left is searched by questions,
// for what beats the incumbent: its nodes are almost full, so that few tasks fit, and the
// tree is small. That is limited discrepancy search with the dive for its guide and all
// discrepancies at the end (as the heuristics of R. Sadykov and others have them near the
// top: INFORMS Journal on Computing 31, 2019).
//
// How many tasks are left grows while tails are searched to their end, and shrinks
// where they run out of work. The way down is the longer part: it is gone once for
// a few tails, in large steps, and from there to each tail in small ones.

const (
	firstTail  = 60     // tasks, at first
	leastTail  = 10     // tasks
	tailGrowth = 1.1    // after a tail that was searched to its end
	tailLoss   = 0.95   // after one that was not
	branchOff  = 2.5    // tails part where so many times their tasks are open
	tails      = 6      // to a plunge
	finePart   = 0.3    // of a batch is taken at a time on the way from there
	tailPart   = 16     // a tail gets one part in so many of a descent's patience
	leastPairs = 20_000 // of task and node, below which pieces find as much in the same time
	tailSteps  = 4      // a question takes one part in so many of what could be gained, at least
)

// plunger is what plunges remember.
type plunger struct {
	tail     float64 // tasks that are left to be searched
	work     int64   // units, of the last plunge: so many on pieces in vain make the next
	top, off place
}

// place is where a search can go back to.
type place struct {
	mark     int
	question int64
	u        []int64
}

// note keeps where the search is.
func (e *engine) note(p *place) {
	p.mark, p.question, p.u = len(e.trail), e.question, append(p.u[:0], e.u...)
}

// back takes the search to where it was.
func (e *engine) back(p *place) {
	e.undo(p.mark)
	e.question = p.question
	e.aim()
	copy(e.u, p.u)
	e.resolve()
}

// plunge goes down once, and searches a few tails from there.
func (m *improver) plunge() {
	e, p := m.e, &m.plunges
	before := e.done
	e.note(&p.top)
	reached := e.descend(int32(branchOff*p.tail), 1)
	e.note(&p.off)
	for n := 0; n < tails && !e.stopped; n++ {
		ended := !reached || !e.descend(int32(p.tail), finePart) || e.finish(int64(m.patient/tailPart))
		switch {
		case e.stopped:
		case ended:
			p.tail = min(p.tail*tailGrowth, float64(e.tasks))
		default:
			p.tail = max(p.tail*tailLoss, leastTail)
		}
		if !reached {
			break
		}
		e.back(&p.off)
	}
	e.back(&p.top)
	p.work, m.vain = e.done-before, 0
}

// descend puts open tasks where the knapsacks want them, parts of batches at a time,
// until no more than so many are open. It returns false where nothing within the
// cutoff is left, or the search must stop.
func (e *engine) descend(open int32, part float64) bool {
	for !e.failed && !e.climb(diveRounds) && !e.stopped {
		if e.open.size <= open {
			return true
		}
		e.assignMost(part)
	}
	return false
}

// finish searches what is left for placements that beat the incumbent, with so many
// units of work, and says whether it got to the end. The first question is narrow, and
// each is wider than the last.
func (e *engine) finish(effort int64) (ended bool) {
	e.enough = e.done + effort
	defer func() { e.enough = endless }()
	lower, width := e.stepsUp(e.value), int64(1)
	for {
		highest := e.host.highest()
		if lower > highest {
			return true
		}
		width = max(width, (highest-lower)/tailSteps)
		question := min(lower+width-1, highest)
		if !e.ask(question, noLimit) {
			return false
		}
		lower, width = question+1, 2*width
	}
}
