// Package engine is a conflict-driven search over integer variables: what propagators
// conclude is explained by bounds of variables, and every conflict becomes a clause over
// bounds that keeps the search from the same mistake elsewhere (lazy clause generation).
// It knows nothing of what the variables mean: a problem brings variables, clauses,
// differences under conditions, and propagators of its own.
//
// Source: O. Ohrimenko, P.J. Stuckey and M. Codish, Propagation via lazy clause
// generation, Constraints 14(3), 2009. Departures: no literal is ever made a Boolean; a
// literal is a bound of a variable, true by what the bounds are, and clauses watch bounds.
// Reasons are asked for when they are needed, and answered for the weakest bound that
// does.
package engine

// Half is one side of a variable: x or −x. Half 2k and half 2k+1 are each other's
// negative, so that an upper bound of x is a lower bound of −x, and one kind of bound is
// enough.
type Half int32

// Not is the negative.
func (h Half) Not() Half { return h ^ 1 }

// Literal says that a half is at least a number.
type Literal struct {
	Half Half
	At   int64
}

// Not is the literal that holds when this one does not.
func (l Literal) Not() Literal { return Literal{l.Half ^ 1, 1 - l.At} }

// AtLeast is the literal x ≥ k.
func AtLeast(x Half, k int64) Literal { return Literal{x, k} }

// AtMost is the literal x ≤ k.
func AtMost(x Half, k int64) Literal { return Literal{x ^ 1, -k} }

// Propagator tightens bounds by what its problem knows. Propagate looks at the bounds and
// calls Imply and Refuse, and returns false as soon as one of them does. It is called
// again until no bound changes, and must keep nothing that undoing bounds would make
// wrong.
type Propagator interface {
	Propagate(e *Engine) bool
}

// Engine holds variables and what is known of them.
type Engine struct {
	low  []int64 // by half
	last []int32 // by half: its newest entry of the trail, or −1

	trail  []entry
	next   int     // trail entries from here on are not propagated
	levels []level // of decisions
	arena  []Literal

	clauses []clause
	learned int       // clauses that may be forgotten
	open    []Literal // of a clause that is being added
	watches [][]watch
	drawer  []int32   // into watches; −1 where it is empty
	drawers []drawers // by half

	implied  []int32       // by half: the last of its implications, or −1
	implying []implication // clauses of two Booleans
	kin      []kin         // by variable
	choices  []choice
	same     []same

	differences []difference
	guards      []Literal // of differences
	path        []int32   // see circle
	passed      []int32   // by half, while there is a path
	pushing     [][]int32 // by half: differences that push from it or have a condition on it

	rounds      int // of as many bounds as there are halves, since propagation began
	propagators []Propagator
	wakes       [][]int32 // by half: propagators
	waiting     []bool    // by propagator

	conflict []Literal // all true, and together impossible
	dead     bool      // nothing is feasible

	analysis
	order
	steps int64
	// Conflicts counts them, for whoever wants to know.
	Conflicts int64
	// Learned is called with every clause that a conflict becomes, if it is there. It must
	// keep none of it.
	Learned func(clause []Literal)
}

// entry is a bound that rose.
type entry struct {
	half     Half
	level    int32
	previous int32 // entry of the same half, or −1
	reason   reason
	old      int64 // bound
}

type level struct{ trail, arena int }

// reason is why a bound rose.
type reason struct {
	kind reasonKind
	at   int32 // clause, difference, place in the arena, or a Boolean
	size int32 // in the arena; or another Boolean, −1 if there is none
	low  int64 // of a difference that refutes its guard: where it pushed from
}

type reasonKind uint8

const (
	decided reasonKind = iota
	byClause
	byDifference
	byArena
	byBooleans
	byChoice // by a Boolean of the same choice
)

// New returns an engine without variables, with room for so many.
func New(variables int) *Engine {
	halves := 2 * variables
	return &Engine{
		low: make([]int64, 0, halves), last: make([]int32, 0, halves), drawers: make([]drawers, 0, halves),
		trail:   make([]entry, 0, variables),
		implied: make([]int32, 0, halves), kin: make([]kin, 0, variables),
		pushing: make([][]int32, 0, halves), wakes: make([][]int32, 0, halves),
		analysis: newAnalysis(halves), order: newOrder(variables),
	}
}

// NewVariable makes a variable with values from low to high. The search decides on it
// where branch says so; when all those are fixed, the least values of the others must
// be a solution.
func (e *Engine) NewVariable(low, high int64, branch bool) Half {
	h := Half(len(e.low))
	e.low = append(e.low, low, -high)
	e.last = append(e.last, -1, -1)
	e.drawers = append(e.drawers, newDrawers(low, high), newDrawers(-high, -low))
	e.pushing = append(e.pushing, nil, nil)
	e.wakes = append(e.wakes, nil, nil)
	e.implied = append(e.implied, -1, -1)
	e.kin = append(e.kin, kin{})
	e.analysis.grow()
	e.order.grow(low, branch)
	if low > high {
		e.dead = true
	}
	return h
}

// NewBoolean makes a variable of 0 and 1 and returns the literal that it is 1.
func (e *Engine) NewBoolean() Literal {
	x := e.NewVariable(0, 1, true)
	e.kin[x/2].of = nobody
	return AtLeast(x, 1)
}

// Low is the lower bound of a half.
func (e *Engine) Low(h Half) int64 { return e.low[h] }

// High is the upper bound of a half.
func (e *Engine) High(h Half) int64 { return -e.low[h^1] }

// True says whether a literal holds by the bounds.
func (e *Engine) True(l Literal) bool { return e.low[l.Half] >= l.At }

// False says whether it cannot hold by the bounds.
func (e *Engine) False(l Literal) bool { return -e.low[l.Half^1] < l.At }

// Level counts the decisions above the current bounds.
func (e *Engine) Level() int { return len(e.levels) }

// AddPropagator adds a propagator, to be called when the lower bound of any of the halves
// rises.
func (e *Engine) AddPropagator(p Propagator, wake ...Half) {
	k := int32(len(e.propagators))
	e.propagators = append(e.propagators, p)
	e.waiting = append(e.waiting, true)
	for _, h := range wake {
		e.wakes[h] = append(e.wakes[h], k)
	}
}

// Steps adds to what the search has done, in units of about a nanosecond, for limits.
func (e *Engine) Steps(n int64) { e.steps += n }

// Creeps says that bounds have risen very often since the last decision: there may be no end
// to it before they leave their variables. A propagator that the search can do without leaves
// it at that.
func (e *Engine) Creeps() bool { return e.rounds >= mostRounds }

// mostRounds bounds how often bounds rise in the mean before that is creeping.
const mostRounds = 4

// Imply makes a literal true because others, all true, imply it. False: it cannot be, and
// the search has to go back.
func (e *Engine) Imply(l Literal, because []Literal) bool {
	if e.True(l) {
		return true
	}
	at := len(e.arena)
	e.arena = append(e.arena, because...)
	return e.set(l, reason{kind: byArena, at: int32(at), size: int32(len(because))})
}

// Refuse says that literals that are all true cannot be so together. It returns false.
func (e *Engine) Refuse(because []Literal) bool {
	e.conflict = append(e.conflict[:0], because...)
	return false
}

// set raises a bound. If that is above the upper bound, the weakest bound that is too
// high already is what gets explained.
func (e *Engine) set(l Literal, r reason) bool {
	old := e.low[l.Half]
	if l.At <= old {
		return true
	}
	if high := -e.low[l.Half^1]; l.At > high {
		e.conflict = e.explain(e.conflict[:0], Literal{l.Half, high + 1}, r)
		e.conflict = append(e.conflict, Literal{l.Half ^ 1, -high})
		return false
	}
	e.trail = append(e.trail, entry{
		half: l.Half, level: int32(len(e.levels)), previous: e.last[l.Half], reason: r, old: old,
	})
	e.last[l.Half] = int32(len(e.trail) - 1)
	e.low[l.Half] = l.At
	return true
}

// explain appends what implies a literal, for a reason that implied it or a stronger one.
func (e *Engine) explain(to []Literal, l Literal, r reason) []Literal {
	switch r.kind {
	case byClause:
		for _, other := range e.clauses[r.at].literals[1:] {
			to = append(to, other.Not())
		}
	case byDifference:
		to = e.explainDifference(to, l, r)
	case byArena:
		to = append(to, e.arena[r.at:r.at+r.size]...)
	case byBooleans, byChoice:
		to = append(to, truth(Half(r.at)))
		if r.size >= 0 {
			to = append(to, truth(Half(r.size)))
		}
	}
	return to
}

// propagate draws all conclusions. False: there is a conflict.
func (e *Engine) propagate() bool {
	e.rounds = 0
	for patience := len(e.low); ; {
		for e.next < len(e.trail) {
			if patience--; patience < 0 {
				if e.circle() {
					return false
				}
				patience = len(e.low)
				e.rounds++
			}
			h, old, kind := e.trail[e.next].half, e.trail[e.next].old, e.trail[e.next].reason.kind
			e.next++
			for _, k := range e.wakes[h] {
				e.waiting[k] = true
			}
			if e.kin[h/2].of != number && !e.follow(h, kind) || !e.checkAll(e.pushing[h]) || !e.visit(h, old) {
				return false
			}
		}
		woken := false
		for k, p := range e.propagators {
			if !e.waiting[k] {
				continue
			}
			e.waiting[k] = false
			if !p.Propagate(e) {
				e.waiting[k] = true
				return false
			}
			if e.next < len(e.trail) {
				woken = true
				break
			}
		}
		if !woken {
			return true
		}
	}
}

// back undoes all that followed from decisions beyond so many. Propagators need not be
// called again for bounds that are gone, but those that were still waiting stay so.
func (e *Engine) back(to int) {
	if len(e.levels) <= to {
		return
	}
	l := e.levels[to]
	for k := len(e.trail) - 1; k >= l.trail; k-- {
		t := &e.trail[k]
		e.order.save(t.half, e.low)
		e.low[t.half] = t.old
		e.last[t.half] = t.previous
	}
	e.trail, e.arena, e.levels = e.trail[:l.trail], e.arena[:l.arena], e.levels[:to]
	e.next = min(e.next, len(e.trail))
}

// decide assumes a literal.
func (e *Engine) decide(l Literal) {
	e.levels = append(e.levels, level{len(e.trail), len(e.arena)})
	e.set(l, reason{})
}

// Settle draws all conclusions from what holds without decisions, and says whether
// anything can be feasible. What holds then is never undone or explained.
func (e *Engine) Settle() bool {
	e.back(0)
	if e.dead || !e.propagate() {
		e.dead = true
		return false
	}
	for k := range e.trail {
		e.last[e.trail[k].half] = -1
	}
	e.trail, e.arena, e.next = e.trail[:0], e.arena[:0], 0
	return true
}
