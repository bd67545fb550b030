package lagrange

import (
	"cmp"
	"slices"
)

// A search by nodes. Where few nodes are left, each with many tasks and little of its room to
// waste, the sets that a node may take within the cutoff are counted out, one after the other,
// and the rest is searched the same way: branching on whole columns of a set partitioning
// problem, not on single pairs. Multipliers stay as they are, so that a node of the
// tree costs a knapsack for each node of the problem and one round of fixing, a hundredth of
// what it costs in tree.go. Where the bound does not tell pairs apart that is worth more than
// a better bound.
//
// The sets come out of a table of the least values of the last t tasks in so much room (P.C.
// Gilmore and R.E. Gomory, The theory and computation of knapsack functions, Operations
// Research 14, 1966): a search that turns back where that passes the cutoff never runs into a
// dead end. Tables shrink with the depth, so that all together take little more than the first;
// one too large leaves the rest to tree.go.

// level is what a search by nodes keeps of one depth.
type level struct {
	items []item
	rows  []int64 // rows[t*stride+room]: the least value of items t and later within the room
	in    []bool  // by item: in the set
}

// askSets is ask by nodes.
func (e *engine) askSets(question int64) bool {
	e.question, e.allowed = question, noLimit
	mark := len(e.trail)
	copy(e.saved[0], e.u)
	if e.aim(); !e.failed && !e.climb(askRounds) && !e.stopped {
		e.pack(0)
	}
	e.undo(mark)
	copy(e.u, e.saved[0])
	return !e.stopped && !e.spent()
}

// pack searches what is open for placements within the cutoff.
func (e *engine) pack(depth int) {
	e.resolve()
	if !e.report() || e.spent() {
		return
	}
	if e.aim(); e.value > e.cutoff || e.fix() {
		return
	}
	j := e.leastOpen()
	if j < 0 {
		e.offer(e.at)
		return
	}
	if len(e.levels) == depth {
		e.levels = append(e.levels, level{})
	}
	l := &e.levels[depth]
	if (int(e.tasksOn[j].size)+1)*(int(e.spare[j])+1)*(depth+2) > e.instance.cells {
		e.explore(1, nodeRounds)
		return
	}
	e.tabulate(l, j)
	e.choose(depth, j, 0, e.spare[j], e.value-e.sacks[j].value)
}

// leastOpen returns the node that the fewest open tasks may be on; −1 if no task is open.
func (e *engine) leastOpen() int32 {
	node := int32(-1)
	for j := range e.tasksOn {
		if n := e.tasksOn[j].size; n > 0 && (node < 0 || n < e.tasksOn[node].size) {
			node = int32(j)
		}
	}
	return node
}

// tabulate lists what may be on node j, with the table.
func (e *engine) tabulate(l *level, j int32) {
	l.items = l.items[:0]
	row := int(j) * e.tasks
	for _, i := range e.tasksOn[j].all() {
		k := row + int(i)
		l.items = append(l.items, item{i, e.need[k], e.cost[k] - e.u[i]})
	}
	slices.SortFunc(l.items, func(a, b item) int { return cmp.Or(cmp.Compare(b.need, a.need), cmp.Compare(a.task, b.task)) })
	count, stride := len(l.items), int(e.spare[j])+1
	l.in = grow(l.in, count)
	l.rows = grow(l.rows, (count+1)*stride)
	clear(l.rows[count*stride:][:stride])
	for t := count - 1; t >= 0; t-- {
		x := l.items[t]
		add(l.rows[t*stride:][:stride], l.rows[(t+1)*stride:][:stride], 0, min(int(x.need), stride), x.value)
	}
	e.work += int64(count * (stride + 20))
}

// choose goes through the sets of node j from item t on, the better half of them first. value
// is L(u) with what was chosen of the set, without the rest of it.
func (e *engine) choose(depth int, j int32, t int, room int32, value int64) {
	l := &e.levels[depth]
	stride := int(e.spare[j]) + 1
	e.work += 10
	if value+l.rows[t*stride+int(room)] > e.cutoff || e.stopped || e.spent() {
		return
	}
	if t == len(l.items) {
		e.packRest(depth, j)
		return
	}
	x := l.items[t]
	fits := x.need <= room
	with := fits && x.value+l.rows[(t+1)*stride+int(room-x.need)] < l.rows[(t+1)*stride+int(room)]
	if with {
		l.in[t] = true
		e.choose(depth, j, t+1, room-x.need, value+x.value)
	}
	e.levels[depth].in[t] = false
	e.choose(depth, j, t+1, room, value)
	if fits && !with {
		e.levels[depth].in[t] = true
		e.choose(depth, j, t+1, room-x.need, value+x.value)
	}
}

// packRest puts the chosen set on node j, and searches the rest.
func (e *engine) packRest(depth int, j int32) {
	l := &e.levels[depth]
	mark := len(e.trail)
	for t, x := range l.items {
		if l.in[t] {
			e.assign(x.task, j)
		}
	}
	for t, x := range l.items {
		if !l.in[t] {
			e.remove(x.task, j)
		}
	}
	e.work += int64(20 * len(l.items))
	if !e.failed {
		e.pack(depth + 1)
	} else {
		e.report()
	}
	e.undo(mark)
}
