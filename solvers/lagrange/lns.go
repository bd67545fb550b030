package lagrange

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/model"
	"berth/search"
)

// Improver is the registry's row of the method lns.
//
// Large neighbourhoods: a part of a placement is taken out, and the best way to put
// its tasks back is found exactly, by the questions of the engine, asked of that
// piece alone and with the multipliers of the whole (P. Shaw, Using constraint
// programming and local search methods to solve vehicle routing problems, CP 1998,
// for the idea; the rest is tree.go). Most pieces may come back as another one of
// the same cost, which leads elsewhere; the others are done sooner. Pieces grow while
// they are easy, and shrink when a search runs out of its work (pick.go says which
// ones there are).
//
// A descent ends when it has found nothing for as long as it took to get there.
// The next begins anew, with a dive that chance leads elsewhere; the one after that
// where the best ends of earlier descents have been joined (relink.go). Where pieces are
// in vain for long, the whole is searched in one of two ways: nodes are filled one after the other,
// and the last of them searched exactly (plunge.go), or all is searched that is near the bound's
// prices (narrow.go). The descent goes on from what they find.
var Improver = &search.Method{
	Name:    "lns",
	Short:   "large neighbourhoods, refilled exactly, where the bound's prices point; descents begin anew and are joined; nodes filled one by one, narrow searches of all",
	Source:  "Shaw 1998",
	Handles: handles,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		in, err := newInstance(p, b)
		if err != nil {
			return err
		}
		return improve(in, b, nil)
	},
}

// improve improves placements until the board says stop. start is that of the other side, nil
// where there is none.
func improve(in *instance, b *search.Board, start *opening) error {
	if start != nil && !b.Await(func() bool { return start.over }) {
		return nil
	}
	e := newRunEngine(in, b)
	if e.follow(start) {
		newImprover(e, b).run()
	}
	return e.lost
}

const (
	firstEffort   = 10_000_000    // units of work that a piece gets, at first
	mostEffort    = 2_000_000_000 // and at last
	effortGrowth  = 1.01          // after a piece in vain
	patient       = 250_000_000   // units of work in vain before a descent ends, at least …
	patientPairs  = 50_000        // … and for each pair of task and node
	patientGrowth = 1.1           // from descent to descent
	pieceWork     = 1000          // units of work that a piece costs beside its search
	venturePart   = 16            // the first venture comes after one part in so many of a descent's patience in vain
	streamOfPiece = 0x6c6e73
)

// improver is one run of lns.
type improver struct {
	e       *engine // of the whole, with its multipliers and what they fix
	host    onBoard
	rng     *rand.Rand
	picks   picker
	elite   elite
	plunges plunger
	narrows narrower
	wide    [2]venture

	at      []int32 // the current placement; nil if there is none
	cost    int64   // of it, in steps
	lost    []int32 // tasks that are nowhere in it
	nowhere int64   // what a lost task costs, in steps
	known   int64   // the least cost met here, in steps

	effort  float64 // units of work to a piece
	patient float64 // units of work in vain before a descent ends, at least
	spent   int64   // units of work on the pieces of this descent
	gained  int64   // the same when it last found something better
	vain    int64   // units of work on pieces since then, or since the last venture
	due     int64   // so many on pieces in vain make the next: what the last one took
	fresh   bool    // this descent began with a dive
}

func newImprover(e *engine, b *search.Board) *improver {
	m := &improver{
		e: e, host: onBoard{e.instance, b}, rng: rand.New(rand.NewPCG(b.Seed(), streamOfPiece)),
		picks: newPicker(e), cost: math.MaxInt64, known: math.MaxInt64,
		patient: max(patient, patientPairs*float64(e.tasks*e.nodes)), plunges: newPlunger(e),
	}
	m.due = int64(m.patient / venturePart)
	m.wide[0].run, m.wide[1].run = m.plunge, m.narrow
	m.nowhere = 4*slices.Max(e.cost)>>e.shift + 1
	return m
}

func (m *improver) run() {
	m.begin()
	for m.adopt() {
		if m.at == nil || float64(m.spent-m.gained) > max(m.patient, float64(m.gained)) {
			if !m.next() {
				return
			}
			continue
		}
		if m.vain >= m.due {
			m.venture()
			continue
		}
		c := m.picks.draw(m)
		h := m.refill(&c, m.effort, m.reach(m.picks.last.reach))
		m.spent += h.done
		m.vain += h.done
		if h.stop {
			return
		}
		m.picks.learn(h, m.effort)
		if h.better == nil {
			m.effort = min(m.effort*effortGrowth, mostEffort)
			continue
		}
		before := m.cost
		if m.take(c.joined(m.at, h.better)); m.cost < before {
			m.gained, m.vain = m.spent, 0
		}
	}
}

// venture is a way to search the whole at once.
type venture struct {
	run func()
	yield
}

// venture tries a plunge or a narrow search, drawn by what each gained of late for its work.
func (m *improver) venture() {
	v := &m.wide[0]
	if other := &m.wide[1]; m.rng.Float64()*(v.rate()+other.rate()) >= v.rate() {
		v = other
	}
	work, highest := m.e.done, m.e.host.highest()
	v.run()
	m.due, m.vain = m.e.done-work, 0
	v.add(highest-m.e.host.highest(), m.due)
}

// begin dives for a placement that a new descent begins with.
func (m *improver) begin() {
	if m.fresh = m.e.dive(); m.fresh {
		m.cost = math.MaxInt64
		m.take(m.e.repairer.at)
	}
	m.e.chance = m.rng
	m.renew()
}

// renew forgets what the last descent came to know of pieces.
func (m *improver) renew() {
	m.effort, m.spent, m.gained = firstEffort, 0, 0
	m.picks.renew()
}

// next ends a descent and begins the next. It returns false when the board says
// stop.
func (m *improver) next() bool {
	if m.at != nil && len(m.lost) == 0 {
		m.elite.add(m.at, m.cost)
	}
	m.patient *= patientGrowth
	if m.fresh && m.elite.size() > 1 {
		m.fresh = false
		ok := m.join()
		m.renew()
		return ok
	}
	m.begin()
	return true
}

// take makes a placement the current one, and offers it if it is whole.
func (m *improver) take(at []int32) {
	m.at = slices.Clone(at)
	m.e.sortTwins(m.at)
	m.lost, m.cost = m.lost[:0], 0
	for i, j := range m.at {
		if j < 0 {
			m.lost = append(m.lost, int32(i))
			m.cost += m.nowhere << m.e.shift
		} else {
			m.cost += m.e.cost[int(j)*m.e.tasks+i]
		}
	}
	m.cost >>= m.e.shift
	if len(m.lost) == 0 {
		m.host.offer(m.at, m.cost)
		m.known = min(m.known, m.cost)
	}
}

// adopt takes the board's placement over where it is better than any met here, and
// fixes what the new cutoff allows. It returns false when there is nothing to do.
func (m *improver) adopt() bool {
	_, cost := m.host.board.Best()
	units := m.e.work + pieceWork
	m.e.work = 0
	if !m.host.work(units) {
		return false
	}
	if cost != search.NoCost && cost-m.e.base < min(m.known, m.cost) {
		m.take(m.host.best())
		m.gained = m.spent
	}
	before := m.e.cutoff
	if m.e.aim(); m.e.cutoff < before && (m.e.value > m.e.cutoff || m.e.fix()) {
		m.host.exhausted()
		return false
	}
	return true
}

// reach is a multiple of what the incumbent costs above L(u), in the mean of the tasks.
func (m *improver) reach(times float64) int64 {
	if math.IsInf(times, 1) {
		return noReach // of no gap too, where the product would be no number
	}
	reach := times * float64(m.e.cutoff-m.e.value) / float64(m.e.tasks)
	return int64(min(max(reach, 1), float64(noReach)))
}

// refill searches the piece for the best placement of its tasks, with so much work and
// among the pairs within reach.
func (m *improver) refill(c *piece, effort float64, reach int64) *patch {
	h := &patch{whole: m.host, left: int64(effort), current: make([]int32, len(c.tasks)), strict: m.rng.IntN(4) == 0}
	in := c.of(m.e.domains, m.at, m.nowhere)
	e := newEngine(in, h)
	e.reach = reach
	for a, i := range c.tasks {
		h.current[a] = c.node(m.at[i])
		e.u[a] = m.e.u[i]
	}
	h.cost = in.steps(h.current)
	if e.evaluate() {
		h.bound = in.stepsUp(e.value)
		e.prove(h.bound)
	}
	return h
}
