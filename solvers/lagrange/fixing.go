package lagrange

import "slices"

// Fixing. If task i were on node j alone, the knapsack of j would have to take it,
// and those of all other nodes would have to leave it: L(u) rises by the sum of
// these penalties. Where that passes the cutoff, i is not on j. This is stronger
// than forcing x(i,j) to 0 or 1 in one knapsack (M. Posta, J.A. Ferland and
// P. Michelon, An exact method with variable fixing for solving the generalized
// assignment problem, Computational Optimization and Applications 52, 2012, do
// that), and costs no more once the penalties are there.
//
// What is removed changes knapsacks, these raise L(u), and that removes more: fix
// goes on until nothing changes. Only what a removal touched is computed again;
// penalties of an untouched node stay valid.
//
// A search that need not be complete removes more: all that is beyond its reach.

// fix removes from the domains what no placement within the cutoff uses. It
// returns true when no such placement is left.
func (e *engine) fix() (closed bool) {
	before, prices := len(e.trail), e.scribe.now(e)
	closed = e.fixAll()
	if closed || len(e.trail) > before {
		e.scribe.add(prices)
	}
	return closed
}

func (e *engine) fixAll() (closed bool) {
	for {
		gap := e.cutoff - e.value
		if gap < 0 {
			return true
		}
		gap = min(gap, e.reach)
		for j := range e.nodes {
			if e.stale[j] {
				e.stale[j] = false
				e.keep(int32(j))
				e.price(int32(j), gap)
			}
		}
		before := len(e.trail)
		if !e.removeDear(gap) || !e.orderTwins() {
			return true
		}
		if len(e.trail) == before {
			return false
		}
		e.renew()
	}
}

// renew solves the knapsacks that removals touched.
func (e *engine) renew() {
	for j := range e.nodes {
		if e.dirty[j] {
			e.dirty[j] = false
			e.keep(int32(j))
			e.solve(int32(j))
			e.stale[j] = true
		}
	}
	e.sum()
}

// removeDear removes nodes from tasks where that alone would pass the gap. It
// returns false where a task has no node left.
func (e *engine) removeDear(gap int64) bool {
	e.visit = append(e.visit[:0], e.open.all()...)
	for _, i := range e.visit {
		nodes := e.nodesOf[i].all()
		leave := e.leave(i)
		e.dear = e.dear[:0]
		for _, j := range nodes {
			if e.rise(i, j, leave) > gap {
				e.dear = append(e.dear, j)
			}
		}
		if len(e.dear) == len(nodes) {
			return false
		}
		if !e.drop(i, e.dear) {
			return false
		}
	}
	return true
}

// leave is the sum of what it costs the knapsacks that take a task to leave it.
func (e *engine) leave(i int32) int64 {
	sum := int64(0)
	for _, j := range e.nodesOf[i].all() {
		if k := int(j)*e.tasks + int(i); e.taken[k] {
			sum += e.penalty[k]
		}
	}
	return sum
}

// rise is by how much L(u) rises at least if task i is on node j and nowhere else.
func (e *engine) rise(i, j int32, leave int64) int64 {
	k := int(j)*e.tasks + int(i)
	if e.taken[k] {
		return leave - e.penalty[k]
	}
	return leave + e.penalty[k]
}

// drop removes nodes, not all it has, from a task and notes which knapsacks must
// be solved again. It returns false where something does not fit any more.
func (e *engine) drop(i int32, nodes []int32) bool {
	for _, j := range nodes {
		if e.taken[int(j)*e.tasks+int(i)] {
			e.dirty[j] = true
		}
		e.remove(i, j)
	}
	if e.at[i] >= 0 {
		e.dirty[e.at[i]] = true
	}
	return !e.failed
}

// orderTwins keeps one of the many ways to name interchangeable copies: each is on
// no earlier a node than the one before it.
func (e *engine) orderTwins() bool {
	for i, t := range e.twin {
		if t < 0 {
			continue
		}
		low := slices.Min(e.nodesOf[t].all())
		if !e.dropIf(int32(i), func(j int32) bool { return j < low }) {
			return false
		}
		high := slices.Max(e.nodesOf[i].all())
		if !e.dropIf(t, func(j int32) bool { return j > high }) {
			return false
		}
	}
	return true
}

// dropIf drops the nodes of a task that a test names. It returns false where the
// task then has none.
func (e *engine) dropIf(i int32, test func(j int32) bool) bool {
	e.dear = e.dear[:0]
	nodes := e.nodesOf[i].all()
	for _, j := range nodes {
		if test(j) {
			e.dear = append(e.dear, j)
		}
	}
	return len(e.dear) < len(nodes) && e.drop(i, e.dear)
}
