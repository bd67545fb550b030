//go:build cgo

package lp

import (
	"fmt"
	"math"

	"berth/encode"
	"berth/model/integer"
	"berth/search"
	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// host is what a search reports to and asks: the board, or a stand-in in tests.
type host interface {
	// work counts work done and says whether to go on.
	work(units int64) bool
	// left is how much work may be done before it is the end.
	left() int64
	// short says whether the queue of open nodes must stop growing.
	short() bool
	// cutoff returns the cost that a solution must be below to be of interest.
	cutoff() int64
	// incumbent returns the best solution by the program's variables, nil if none is known.
	incumbent() []int8
	// found reports a feasible assignment of all the program's variables.
	found(value []int8) error
	// lower returns what every solution is known to cost at least.
	lower() int64
	// raise reports that no solution costs less than bound.
	raise(bound int64)
}

// noCutoff stands for a cutoff that is not there.
const noCutoff = search.NoCost

// tree is the search of one core.
type tree struct {
	host    host
	core    *core
	domain  *safe.Domain
	relax   *relaxation
	prover  safe.Prover
	program *encode.Program
	level   level
	coverer coverer
	learnt  learnt
	pause   pause // of cuts from rows of the tableau
	costs   *pseudoCosts
	alarm   *tripwire
	scribe  *scribe

	nodes     queue
	base      int         // length of the trail that the root has fixed
	root      safe.Prover // the root's last bound, for fixing when the cutoff falls
	rootBound int64
	seen      int64 // the cutoff that the root was last fixed for
	serial    int64 // nodes made
	evaluated int64
	spent     int64 // iterations in all …
	diving    int64 // … and in the heuristic
	dived     int64 // evaluated at the last heuristic
	looks     int64 // heuristics run in the tree
}

// outcome is what became of a node or a relaxation.
type outcome uint8

const (
	solved  outcome = iota // the relaxation is optimal and leaves something open
	pruned                 // nothing below the cutoff is left, proven
	unsure                 // the relaxation tells nothing that could be proven
	halted                 // the limits ended it
	smaller                // the root has fixed so much that the core should be reduced
)

// limit returns the largest cost of interest, without the offset, if there is one.
func (t *tree) limit() (int64, bool) {
	cutoff := t.host.cutoff()
	if cutoff == noCutoff {
		return 0, false
	}
	return t.core.limit(cutoff), true
}

// longestSlice is how many slices one call of CLP may grow to.
const longestSlice = 32

// callWork is the part of a solve's work that does not depend on its iterations.
const callWork = 8

// solve solves the relaxation under the present bounds, as far as the cutoff
// leaves a reason to.
func (t *tree) solve() outcome {
	limit, set := t.limit()
	t.relax.cutoff(limit, set)
	defer t.relax.cutoff(0, false)
	slice := t.relax.slice
	for idle := 0; idle < 3; {
		status := t.relax.model.Dual(int(min(int64(slice), t.host.left()/t.relax.unit+1)))
		if !t.count() {
			t.scribe.last(t)
			return halted
		}
		switch status {
		case clp.Stopped:
			// Each call perturbs the costs anew, and many short ones may go round in a circle.
			slice = min(2*slice, longestSlice*t.relax.slice)
			if t.relax.model.Iterations() == 0 {
				idle++
			}
		case clp.Infeasible:
			if t.relax.refute(&t.prover, t.domain) {
				t.learn()
				t.scribe.price(t, true)
				t.scribe.closed()
				return pruned
			}
			return unsure
		case clp.Cutoff, clp.Optimal:
			t.relax.prove(&t.prover, t.core, t.domain)
			if set && t.prover.Above(limit) {
				t.learn()
				t.scribe.price(t, true)
				t.scribe.closed()
				return pruned
			}
			if status == clp.Optimal {
				return solved
			}
			t.relax.cutoff(0, false)
			idle++
		default:
			return unsure
		}
	}
	return unsure
}

// count reports the work of the last call of CLP and of the propagation before.
func (t *tree) count() bool {
	iterations := int64(t.relax.model.Iterations())
	t.spent += iterations
	steps := t.domain.Steps
	t.domain.Steps = 0
	return t.host.work(iterations*t.relax.unit + callWork*t.relax.size + 2*steps)
}

// bound returns the cost that the prover's last bound allows at least.
func (t *tree) bound() int64 {
	cost := t.prover.Ceil()
	step := t.core.step
	return t.core.offset - integer.FloorDiv(-cost, step)*step
}

// sync tells the relaxation what the domain has fixed since the trail had that
// length.
func (t *tree) sync(from int) {
	for _, j := range t.domain.Trail[from:] {
		t.relax.bound(j, t.domain.Value[j])
	}
}

// undo frees what was fixed since the trail had that length.
func (t *tree) undo(length int) {
	for _, j := range t.domain.Trail[length:] {
		t.relax.bound(j, safe.Free)
	}
	t.domain.Undo(length)
}

// fix fixes a variable and what follows. It returns false where the rows then
// contradict each other; the domain is as it was in that case.
func (t *tree) fix(j int32, v int8) bool {
	t.recall()
	from := len(t.domain.Trail)
	if !t.domain.Try(j, v) {
		return false
	}
	t.sync(from)
	return true
}

// fixReduced fixes the variables whose reduced cost in the prover's last bound
// passes the cutoff, and what follows. It returns the literals it fixed by cost,
// whether the relaxation must be solved again, and false where nothing is left.
func (t *tree) fixReduced(p *safe.Prover, value []float64) (fixed []int32, again, ok bool) {
	limit, set := t.limit()
	if !set {
		return nil, false, true
	}
	from := len(t.domain.Trail)
	for j := range t.domain.Value {
		if t.domain.Value[j] != safe.Free {
			continue
		}
		if v := p.Fixed(int32(j), limit); v != safe.Free {
			t.domain.Fix(int32(j), v)
			fixed = append(fixed, literal(int32(j), v))
		}
	}
	t.domain.Steps += int64(len(t.domain.Value))
	t.scribe.price(t, len(fixed) > 0)
	if len(fixed) == 0 {
		return nil, false, true
	}
	if !t.domain.Propagate() {
		t.scribe.closed()
		t.domain.Undo(from)
		return nil, false, false
	}
	t.sync(from)
	for _, j := range t.domain.Trail[from:] {
		if value != nil && math.Abs(value[j]-float64(t.domain.Value[j])) > integral {
			again = true
		}
	}
	return fixed, again, true
}

// literal packs a variable and its value.
func literal(j int32, v int8) int32 { return j<<1 | int32(v) }

// integral is how near to 0 or 1 a value of the relaxation counts as that.
const integral = 1e-6

// fractional returns the columns whose values are not integral, in order.
func (t *tree) fractional(value []float64, dst []int32) []int32 {
	for j, v := range value {
		if v > integral && v < 1-integral {
			dst = append(dst, int32(j))
		}
	}
	return dst
}

// offer reports the rounded values of the relaxation where they are feasible and
// better than the cutoff.
func (t *tree) offer(value []float64) error {
	rounded := make([]int8, len(value))
	for j, v := range value {
		rounded[j] = int8(math.Round(v))
	}
	cost, ok := t.core.feasible(rounded)
	if !ok || cost >= t.host.cutoff() {
		return nil
	}
	if err := t.host.found(t.core.assemble(rounded)); err != nil {
		return fmt.Errorf("lp: a solution of the program at cost %d: %w", cost, err)
	}
	return nil
}
