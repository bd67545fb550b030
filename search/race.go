package search

import (
	"context"
	"math"
	"slices"
	"sync/atomic"
)

// The members of a race meet after this much work for each share, first often, so
// that easy problems end at once, then less and less.
const (
	firstLap  = 200_000
	longLap   = 50_000_000
	lapGrowth = 1.5
)

// Where nothing better was found in the latter half of the work while the bound rose, methods that
// prove get multiple times their shares. That is not asked before soon units of work.
const (
	multiple = 5
	soon     = 10 * firstLap
)

// member is one method in a race, with its own board and goroutine.
type member struct {
	board    *Board
	share    int64
	proves   bool
	laps     int64 // at once, until all meet
	due      int64 // of the board's work, what is its part so far
	lead     int64 // work in its first lap, if that is more than its share
	resume   chan struct{}
	arrived  chan *member // of the whole race
	finished bool
	err      error
	merged   int64       // of the board's work, what is counted already
	awaits   func() bool // what it waits for before it goes on; nil: nothing
	late     atomic.Bool // one before it has settled the question: what it does counts no more
}

// wait is called from the member's goroutine at the end of its lap.
func (m *member) wait() {
	m.arrived <- m
	<-m.resume
}

// waiting says whether what the member waits for is still to come.
func (m *member) waiting() bool { return m.awaits != nil && !m.awaits() }

// Race runs methods side by side, up to Threads of them at a time. Each works on a board of
// its own for a fixed amount of work, a lap for each of its shares and first at least its
// lead; then all boards are merged, in the order of the methods, up to the first that has
// settled the question by itself, and everybody sees the best. Who has done more than its
// part, in a step that could not be broken off, waits until that has grown so far, and who
// waits for something that another does gives its part away until then. Of those
// that prove, the one that raised the bound last has no fewer shares than any other of them:
// it is likely to end first, whoever was thought to be made for the problem. Where nothing better
// has been found for long, while the bound went on rising, all that prove have more.
// The answer depends on neither the number of threads nor on their speed, unless the run is
// stopped by the clock. The race ends when the question is settled, when all have returned,
// when one fails, or at a limit.
func Race(ctx context.Context, b *Board, methods ...*Method) error {
	members := make([]*member, len(methods))
	arrived := make(chan *member, len(methods))
	for k, method := range methods {
		m := &member{share: max(method.Share, 1), lead: method.Lead, proves: method.Proves, resume: make(chan struct{}), arrived: arrived}
		m.board = &Board{
			problem: b.problem, by: method.Name, seed: b.seed, threads: 1, run: b.run,
			state: b.state, member: m, common: b.work,
		}
		members[k] = m
		go func() {
			<-m.resume
			if m.board.member != nil { // else the race is over before it began
				m.err = m.board.execute(ctx, method)
			}
			m.finished = true
			m.arrived <- m
		}()
	}
	var ahead *member                      // raised the bound last, of those that prove
	found, raised := b.work+soon, int64(0) // the work of all when something better was found, and the bound raised
	lap := int64(firstLap)
	for {
		shares, early := shareOut(members, ahead, b.cost != NoCost && b.work > 2*found && b.work < 2*raised)
		if shares == 0 {
			break
		}
		if budget := b.run.limits.Work; budget > 0 {
			share := (budget-b.work)/shares + 1
			lap = min(lap, share)
			for _, m := range members {
				m.board.ends = m.due + share*m.laps
				m.lead = min(m.lead, share*m.laps)
			}
		}
		for _, m := range members {
			m.due += max((early+lap)*m.laps, m.lead)
			m.lead = 0
		}
		runLap(members, arrived, b.threads)
		for _, m := range members {
			bound, cost := b.bound, b.cost
			b.merge(m)
			if b.bound > bound {
				if raised = b.work; m.proves {
					ahead = m
				}
			}
			if b.cost < cost {
				found = b.work
			}
			if m.finished && m.err != nil {
				b.run.fail(m.err)
			}
			if m.board.Done() {
				break
			}
		}
		over := b.Done() || b.work >= b.pause || b.run.stopped.Load()
		for _, m := range members {
			m.board.state, m.board.common = b.state, b.work
			if over {
				m.board.member, m.board.pause = nil, 0
			}
		}
		lap = min(int64(float64(lap)*lapGrowth), longLap)
	}
	return b.run.failure
}

// shareOut sets how many laps everybody has at once, proving being whether no more than the proof seems
// to be left to do. It returns their sum for those that have not returned and wait for nobody, and by
// how many laps the least early of these is ahead of its part: if all of them are ahead, nobody waits.
func shareOut(members []*member, ahead *member, proving bool) (shares, early int64) {
	most := int64(0)
	for _, m := range members {
		if m.laps = m.share; m.proves {
			most = max(most, m.share)
		}
	}
	if ahead != nil {
		ahead.laps = most
	}
	early = math.MaxInt64
	for _, m := range members {
		switch {
		case m.finished:
		case m.waiting():
			m.laps = 0
		default:
			if proving && m.proves {
				m.laps *= multiple
			}
			shares += m.laps
			early = min(early, max(m.board.work-m.due, 0)/m.laps)
		}
	}
	return shares, early
}

// runLap lets every member that has not returned do what is due, threads of them at a time,
// and waits for all. The first to arrive makes room for the next. Behind one that has settled
// the question nobody begins, and who has begun stops.
func runLap(members []*member, arrived chan *member, threads int) {
	running, settler := 0, len(members)
	wait := func() {
		running--
		if k := slices.Index(members, <-arrived); members[k].board.Done() && k < settler {
			settler = k
			for _, m := range members[k+1:] {
				m.late.Store(true)
			}
		}
	}
	for k, m := range members {
		racing := m.board.member != nil
		if m.finished || racing && (m.laps == 0 || m.board.work >= m.due) {
			continue
		}
		if running == threads {
			wait()
		}
		if racing {
			if k > settler {
				break
			}
			m.board.pause = m.due
		}
		m.resume <- struct{}{}
		running++
	}
	for running > 0 {
		wait()
	}
}

// merge takes over what a member found in its last lap.
func (b *Board) merge(m *member) {
	from := m.board
	b.work += from.work - m.merged
	m.merged = from.work
	if from.infeasible && b.cost != NoCost {
		b.fail("claimed that no placement exists, but %s found one", b.by)
		return
	}
	b.infeasible = b.infeasible || from.infeasible
	if from.cost < b.cost {
		b.best, b.schedule, b.cost = from.best, from.schedule, from.cost
	}
	if from.bound > b.bound {
		b.bound = from.bound
	}
	if b.bound > b.cost {
		b.fail("%s and its rivals disagree: the bound %s is above the incumbent's cost %s",
			from.by, b.problem.Format(b.bound), b.problem.Format(b.cost))
		return
	}
	for _, e := range from.log {
		b.publish(e)
	}
	from.log = from.log[:0]
}
