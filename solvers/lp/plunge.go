//go:build cgo

package lp

import "container/heap"

// run searches the open nodes until none is left, which it says, or the limits
// end it: best bound first, and from there down (plunging), which keeps the basis
// warm and finds solutions, until a node is pruned or falls behind.
func (t *tree) run() (outcome, error) {
	for {
		cutoff := t.host.cutoff()
		if cutoff < t.seen {
			t.seen = cutoff
			t.nodes.cut(cutoff)
			if end := t.improved(); end != solved {
				return end, nil
			}
		}
		if len(t.nodes) == 0 {
			return pruned, nil
		}
		n := t.pop()
		if n.bound >= cutoff {
			continue
		}
		t.host.raise(t.lowest(n))
		if end, err := t.plunge(n); end == halted || err != nil {
			return end, err
		}
	}
}

// pop takes the next node from the queue: the one of least bound, or where memory is
// short the youngest, so that the queue grows no further than a search in depth needs.
func (t *tree) pop() *node {
	if !t.host.short() {
		return heap.Pop(&t.nodes).(*node)
	}
	youngest := 0
	for k, n := range t.nodes {
		if n.serial > t.nodes[youngest].serial {
			youngest = k
		}
	}
	return heap.Remove(&t.nodes, youngest).(*node)
}

// lowest is the least bound of a node and those in the queue.
func (t *tree) lowest(n *node) int64 {
	if len(t.nodes) == 0 {
		return n.bound
	}
	return min(n.bound, t.nodes[0].bound)
}

// plunge searches a node and then one child after the other.
func (t *tree) plunge(n *node) (outcome, error) {
	if ok, err := t.enter(n); !ok || err != nil {
		return pruned, err
	}
	for n != nil {
		t.scribe.open(n.page)
		known := t.alarm.holds(t)
		end, err := t.evaluate(n)
		if end == halted || err != nil {
			return end, err
		}
		if err := t.alarm.kept(t, known, end != pruned, n); err != nil {
			return end, err
		}
		if end == pruned || t.behind(n) {
			break
		}
		open, from := len(t.nodes), n
		known = t.alarm.holds(t)
		if n, end, err = t.branch(n, end); end == halted || err != nil {
			return end, err
		}
		if len(t.nodes) == open {
			if err := t.alarm.kept(t, known, n != nil, from); err != nil {
				return end, err
			}
		}
	}
	return pruned, nil
}

// behind reports whether a node's bound is so far above the best one's that the
// search goes on there; the node is put back. Without an incumbent, finding one
// comes first.
func (t *tree) behind(n *node) bool {
	cutoff := t.host.cutoff()
	if len(t.nodes) == 0 || t.host.incumbent() == nil || t.host.short() {
		return false
	}
	lowest := t.nodes[0].bound
	if n.bound-lowest <= (cutoff-lowest)/4+t.core.step {
		return false
	}
	n.basis = t.relax.packBasis()
	heap.Push(&t.nodes, n)
	return true
}

// enter moves the domain and the relaxation to a node. It returns false where
// propagation finds it empty.
func (t *tree) enter(n *node) (bool, error) {
	t.undo(t.base)
	t.recall()
	t.scribe.open(n.page)
	for _, l := range n.fixings(nil) {
		if !t.domain.Fix(unpack(l)) {
			t.scribe.closed()
			t.domain.Undo(t.base) // the root has fixed it otherwise since
			return false, nil
		}
	}
	known := t.alarm.holds(t)
	ok := t.domain.Propagate()
	if err := t.alarm.kept(t, known, ok, n); err != nil || !ok {
		t.scribe.closed()
		t.domain.Undo(t.base)
		return false, err
	}
	t.sync(t.base)
	t.relax.setBasis(n.basis)
	return true, nil
}

// evaluate solves a node's relaxation, raises its bound, fixes by cost and takes
// the solution where it is integral. solved and unsure leave something to branch
// on.
func (t *tree) evaluate(n *node) (outcome, error) {
	t.evaluated++
	for {
		end := t.solve()
		if end != solved {
			return end, nil
		}
		if n.distance > 0 {
			side := 0
			if n.up {
				side = 1
			}
			t.costs.record(n.variable, side, t.relax.objective()-n.above, n.distance)
			n.distance = 0
		}
		n.bound = max(n.bound, t.bound())
		value := t.relax.load()
		if len(t.fractional(value, nil)) == 0 {
			return t.whole(value)
		}
		fixed, again, ok := t.fixReduced(&t.prover, value)
		if !ok {
			return pruned, nil
		}
		n.fixes = append(n.fixes, fixed...)
		if again {
			continue
		}
		if !t.diveDue() {
			return solved, nil
		}
		if end, err := t.look(value); end == halted || err != nil {
			return end, err
		}
	}
}

// whole takes an integral solution of the relaxation. Nearly always nothing better
// is left then; else, by a rounding error, the node is branched on blindly.
func (t *tree) whole(value []float64) (outcome, error) {
	if err := t.offer(value); err != nil {
		return solved, err
	}
	if limit, set := t.limit(); set && t.prover.Above(limit) {
		return pruned, nil
	}
	return unsure, nil
}

// look runs the primal heuristic whose turn it is.
func (t *tree) look(value []float64) (outcome, error) {
	if t.level == nearbySearch || t.host.incumbent() == nil || t.looks%3 == 0 {
		t.looks++
		return t.dive()
	}
	t.looks++
	_, end, err := t.nearby(value, t.looks%3 == 2)
	t.dived = t.evaluated
	return end, err
}

// branch splits a node in two, keeps one for later and returns the other, into
// which it moved; nil if nothing is left.
func (t *tree) branch(n *node, end outcome) (*node, outcome, error) {
	basis := t.relax.packBasis()
	c := choice{column: -1}
	if end == solved {
		value := t.relax.load()
		fractional := t.fractional(value, nil)
		var forced []int32
		c, forced, end = t.choose(value, fractional, basis)
		switch {
		case end == halted:
			return nil, halted, nil
		case end == pruned:
			return nil, solved, nil
		case forced != nil:
			n.fixes = append(n.fixes, forced...)
			return n, solved, nil
		}
	}
	above := t.relax.objective()
	distance := [2]float64{c.value, 1 - c.value}
	if c.column < 0 {
		if c.column = t.freeColumn(); c.column < 0 {
			return nil, solved, t.leaf()
		}
		distance = [2]float64{}
	}
	var children [2]*node
	for side := range int8(2) {
		t.serial++
		children[side] = &node{
			parent: n, fixes: []int32{literal(c.column, side)}, bound: n.bound, basis: basis, depth: n.depth + 1, serial: t.serial,
			variable: t.core.origin[c.column], up: side == 1, distance: distance[side], above: above,
		}
	}
	n.basis = nil
	t.scribe.split(t.core, c.column, n, children)
	if t.fix(c.column, 1) {
		heap.Push(&t.nodes, children[0])
		return children[1], solved, nil
	}
	t.scribe.dead(children[1])
	if t.fix(c.column, 0) {
		return children[0], solved, nil
	}
	t.scribe.dead(children[0])
	return nil, solved, nil
}

// leaf takes the only assignment that is left.
func (t *tree) leaf() error {
	value := make([]float64, len(t.domain.Value))
	for j, v := range t.domain.Value {
		value[j] = float64(v)
	}
	return t.offer(value)
}

// improved fixes at the root what a better incumbent allows.
func (t *tree) improved() outcome {
	if t.serial == 0 {
		return solved
	}
	t.undo(t.base)
	if _, _, ok := t.fixReduced(&t.root, nil); !ok {
		return pruned
	}
	t.base = len(t.domain.Trail)
	if t.evaluated < young && t.shrunk() {
		return smaller
	}
	return solved
}

// young is the number of nodes up to which a tree is given up for a smaller core.
const young = 1000

// shrunk reports whether the root has fixed enough to make a smaller core of it.
func (t *tree) shrunk() bool { return 5*t.base >= len(t.domain.Value) }
