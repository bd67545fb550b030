//go:build cgo

package lp

import (
	"math"
	"slices"

	"berth/encode"
	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// Parameters of the cut rounds at the root.
const (
	cutRounds  = 100
	stallRound = 4     // rounds without progress that end them; twice as many where rows of several sorts meet
	progress   = 0.005 // of the gap, or of the bound where there is no incumbent
	deepGain   = 0.03  // the same where rows are summed: such cuts are long, and the tree has to carry them
)

// engine searches a whole program: reduce, cut at the root, fix, reduce again
// while that pays, then branch.
type engine struct {
	host    host
	program *encode.Program
	costs   *pseudoCosts
	alarm   *tripwire
	level   level
	scribe  *scribe // takes down the proof; nil: nobody wants one

	questions questions
}

// level says what a search is a part of.
type level uint8

const (
	wholeSearch  level = iota
	guessSearch        // below an assumed cutoff
	nearbySearch       // in the neighbourhood of a point of the relaxation
)

// search returns whether everything was searched: then nothing is below the
// cutoff. An error means that it could not work at all.
func (e *engine) search() (bool, error) {
	c, err := newCore(e.program, e.scribe != nil)
	if err != nil {
		return false, err
	}
	e.costs = newPseudoCosts(len(e.program.Vars))
	return e.reduce(c, nil)
}

// reduce searches a core with its cuts, smaller from time to time.
func (e *engine) reduce(c *core, cuts []*safe.Row) (bool, error) {
	for {
		d, whole := safe.NewDomain(c.below(e.host.cutoff()), len(c.cost)), c
		if !d.Propagate() || e.scribe == nil && !probe(d, e.host.work) {
			e.scribe.closed()
			return true, e.alarm.reduced(whole, nil, e.host.cutoff())
		}
		if !e.host.work(2 * d.Steps) {
			return false, nil
		}
		c, cuts = c.reduced(d, cuts)
		if err := e.alarm.reduced(whole, c, e.host.cutoff()); err != nil {
			return false, err
		}
		if len(c.cost) == 0 {
			return true, e.single(c)
		}
		end, next, kept, err := e.core(c, cuts)
		if err != nil || end != smaller {
			return end == pruned, err
		}
		c, cuts = next, kept
	}
}

// single offers the only assignment that is left, if the rows allow it.
func (e *engine) single(c *core) error {
	e.scribe.closed()
	if cost, ok := c.feasible(nil); ok && cost < e.host.cutoff() {
		return e.host.found(c.assemble(nil))
	}
	return nil
}

// core searches one core. Where it ends smaller, it returns what the root has left
// of it and of the cuts.
func (e *engine) core(c *core, cuts []*safe.Row) (outcome, *core, []*safe.Row, error) {
	relax, err := newRelaxation(c, cuts)
	if err != nil {
		return halted, nil, nil, err
	}
	defer relax.model.Close()
	t := &tree{
		host: e.host, core: c, domain: safe.NewDomain(c.below(e.host.cutoff()), len(c.cost)), relax: relax, costs: e.costs, alarm: e.alarm,
		program: e.program, level: e.level, seen: e.host.cutoff(), scribe: e.scribe,
	}
	t.domain.Settle() // the core was propagated before it was reduced
	end, err := t.search(&e.questions)
	if err != nil || end != smaller {
		return end, nil, nil, err
	}
	t.undo(t.base)
	next, kept := c.reduced(t.domain, t.cuts())
	return end, next, kept, nil
}

// search works on one core from the root to the end of the tree.
func (t *tree) search(q *questions) (outcome, error) {
	end, err := t.prepare()
	if err != nil || end != solved && end != unsure {
		return end, err
	}
	t.base = len(t.domain.Trail)
	if t.shrunk() { // questions are cheaper below a smaller core
		return smaller, nil
	}
	if t.level == wholeSearch {
		if end, err = t.guess(q); err != nil || end != solved {
			return end, err
		}
	}
	t.nodes = queue{{bound: t.rootBound, basis: t.relax.packBasis(), page: t.scribe.current()}}
	t.base = len(t.domain.Trail)
	if t.shrunk() {
		return smaller, nil
	}
	return t.run()
}

// prepare solves the root with cuts and fixes what it can; all its fixings hold
// everywhere.
func (t *tree) prepare() (outcome, error) {
	t.root.Bound(t.relax.rows, t.core.cost, t.domain.Value, make([]float64, len(t.relax.rows)))
	t.rootBound = t.core.offset + t.root.Ceil()
	known := t.alarm.holds(t)
	end, err := t.rounds()
	if err != nil || end == halted {
		return end, err
	}
	return end, t.alarm.kept(t, known, end != pruned, &node{bound: t.rootBound})
}

// rounds solves the root, adds cuts and fixes by cost until neither helps, dives
// once, and drops the cuts that do not bind in the end.
func (t *tree) rounds() (outcome, error) {
	best, stalled, dived, deep := math.Inf(-1), 0, false, false
	patience := stallRound
	if t.joins() {
		patience *= 2
	}
	for round := 0; ; round++ {
		end := t.solve()
		if end != solved {
			return end, nil
		}
		if bound := t.bound(); bound >= t.rootBound {
			t.rootBound = bound
			t.root = t.prover.Clone()
			t.host.raise(bound)
		}
		value := t.relax.load()
		if len(t.fractional(value, nil)) == 0 {
			return t.whole(value)
		}
		_, again, ok := t.fixReduced(&t.prover, value)
		if !ok {
			return pruned, nil
		}
		if again {
			continue
		}
		if t.advanced(&best, deep) {
			stalled = 0
			if err := t.purge(); err != nil {
				return solved, err
			}
		} else {
			stalled++
		}
		cuts, ok := t.separate(value)
		if !ok {
			return halted, nil
		}
		if stalled > 0 || len(cuts) == 0 {
			deep = t.joins()
		}
		if deep {
			more, ok := t.tableau(value)
			if !ok {
				return halted, nil
			}
			cuts = append(cuts, more...)
		}
		if stalled >= patience || round >= cutRounds || len(cuts) == 0 {
			if dived || t.scribe != nil {
				return solved, t.purge()
			}
			dived = true
			if end, err := t.heuristics(value); end == halted || err != nil {
				return end, err
			}
			continue
		}
		if err := t.add(cuts); err != nil {
			return end, err
		}
	}
}

// heuristics looks for solutions from the root: a dive, then neighbourhoods of either
// sort in turn, until neither brings anything.
func (t *tree) heuristics(value []float64) (outcome, error) {
	value = slices.Clone(value) // a dive loads others
	if end, err := t.dive(); end == halted || err != nil {
		return end, err
	}
	around := t.host.incumbent() != nil
	for idle := 0; idle < 2; around = !around {
		improved, end, err := t.nearby(value, around)
		if end == halted || err != nil {
			return end, err
		}
		if idle++; improved {
			idle = 0
		}
	}
	return solved, nil
}

// advanced reports whether the relaxation's value rose by enough since best; deep says whether
// rows are summed.
func (t *tree) advanced(best *float64, deep bool) bool {
	enough := progress
	if deep {
		enough = deepGain
	}
	objective := t.relax.objective()
	room := math.Abs(objective)
	if limit, set := t.limit(); set {
		room = float64(limit) - objective
	}
	if objective <= *best+enough*room {
		return false
	}
	*best = objective
	return true
}

// separate returns the cuts of single rows that the values violate; false where the limits ended
// it.
func (t *tree) separate(value []float64) ([]*safe.Row, bool) {
	var cuts []*safe.Row
	for _, row := range t.core.rows {
		found := t.coverer.separate(row, value)
		if len(found) == 0 {
			if cut := t.coverer.exact(row, value); cut != nil {
				found = append(found, cut)
			}
		}
		t.scribe.cut(t.core, row, found)
		cuts = append(cuts, found...)
		work := int64(8*len(row.Vars)) + t.coverer.solved
		t.coverer.solved = 0
		if !t.host.work(work) {
			return nil, false
		}
	}
	return cuts, true
}

// add appends cuts to the relaxation.
func (t *tree) add(cuts []*safe.Row) error {
	for _, cut := range cuts {
		if err := t.alarm.cut(t, cut); err != nil {
			return err
		}
	}
	return t.relax.add(cuts)
}

// purge removes the cuts that do not bind.
func (t *tree) purge() error {
	var idle []int32
	states := t.relax.model.Basis(nil)[len(t.core.cost):]
	for r := len(t.core.rows); r < len(t.relax.rows); r++ {
		if states[r] == clp.Basic {
			idle = append(idle, int32(r))
		}
	}
	return t.relax.remove(idle)
}

// cuts returns the cuts in the relaxation.
func (t *tree) cuts() []*safe.Row { return t.relax.rows[len(t.core.rows):] }
