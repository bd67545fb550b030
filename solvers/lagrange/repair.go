package lagrange

// Placements from the knapsacks. Near the best multipliers they take most tasks
// just once. A task taken twice keeps its cheaper node; what nobody takes is
// inserted, the task with the largest regret first (S. Martello and P. Toth, An
// algorithm for the generalized assignment problem, Operational Research '81),
// and where nothing has room, some other task makes room by a shift. Then shifts
// and swaps go on while they pay.
//
// Where many tasks are left and where there are very many in all, it would take too
// long and is skipped: the multipliers are poor, or others find better placements.
type repairer struct {
	*instance
	at   []int32
	free []int32

	paid  []int64 // by task: its price where it is, within improve
	gains []int64 // by node: what a task would save there

	left []int32 // tasks that have no node yet
	lost []int32 // tasks that found none
}

const (
	maxRepair   = 100_000_000 // steps of a repair
	mostLost    = 50          // tasks: after so many, nothing is shifted to make room
	repairShare = 8           // repairs may take this part of all work
)

func newRepairer(in *instance) repairer {
	return repairer{instance: in, at: make([]int32, in.tasks), free: make([]int32, in.nodes), paid: make([]int64, in.tasks), gains: make([]int64, in.nodes)}
}

// repair makes a placement of what the knapsacks take, and offers it where that
// works out. It is skipped where repairs took more than their share of the work.
func (e *engine) repair() {
	if e.repairs <= e.done/repairShare && e.fill() && len(e.repairer.lost) == 0 {
		e.offer(e.repairer.at)
	}
}

// fill places what the knapsacks take and what can be inserted, and improves that;
// tasks that find no room are lost. It says whether it did not take too long.
func (e *engine) fill() bool {
	r := &e.repairer
	copy(r.at, e.at)
	copy(r.free, e.spare)
	for j := range e.sacks {
		for _, i := range e.sacks[j].in {
			if old := r.at[i]; old < 0 || r.price(i, int32(j)) < r.price(i, old) {
				r.put(i, int32(j))
			}
		}
	}
	r.left, r.lost = r.left[:0], r.lost[:0]
	for i, j := range r.at {
		if j < 0 {
			r.left = append(r.left, int32(i))
		}
	}
	before := e.work
	defer func() { e.repairs += e.work - before }()
	e.work += int64(r.tasks*r.nodes) / 4
	if len(r.left)*len(r.left)*r.nodes > maxRepair {
		return false
	}
	for len(r.left) > 0 {
		e.work += int64(len(r.left)*r.nodes) * 4
		if !r.insert() {
			e.work += int64(r.tasks * r.nodes)
		}
	}
	for more := r.tasks*r.tasks <= maxRepair; more; {
		e.work += int64(r.tasks*(r.tasks+r.nodes)) * 2
		more = r.improve()
	}
	return true
}

func (r *repairer) price(i, j int32) int64 { return r.cost[int(j)*r.tasks+int(i)] }

func (r *repairer) needs(i, j int32) int32 { return r.need[int(j)*r.tasks+int(i)] }

// put moves task i to node j, from where it is.
func (r *repairer) put(i, j int32) {
	if old := r.at[i]; old >= 0 {
		r.free[old] += r.needs(i, old)
	}
	r.at[i] = j
	r.free[j] -= r.needs(i, j)
}

// insert places the task whose second choice is dearest against its first. It
// returns false where one is lost.
func (r *repairer) insert() bool {
	worst, pick, node := int64(-1), -1, int32(-1)
	for n, i := range r.left {
		first, second, at := int64(-1), int64(-1), int32(-1)
		for j := range int32(r.nodes) {
			if r.needs(i, j) > r.free[j] {
				continue
			}
			switch c := r.price(i, j); {
			case first < 0 || c < first:
				first, second, at = c, first, j
			case second < 0 || c < second:
				second = c
			}
		}
		if at < 0 {
			found := len(r.lost) < mostLost && r.makeRoom(i)
			if !found {
				r.lost = append(r.lost, i)
			}
			r.left[n] = r.left[len(r.left)-1]
			r.left = r.left[:len(r.left)-1]
			return found
		}
		regret := second - first
		if second < 0 {
			regret = r.dearest << r.shift
		}
		if regret > worst {
			worst, pick, node = regret, n, at
		}
	}
	r.put(r.left[pick], node)
	r.left[pick] = r.left[len(r.left)-1]
	r.left = r.left[:len(r.left)-1]
	return true
}

// makeRoom places task i where shifting one other task away makes room for it, at
// the least cost of the two.
func (r *repairer) makeRoom(i int32) bool {
	best, shifted, to := int64(-1), int32(-1), int32(-1)
	for k, j := range r.at {
		if j < 0 || r.needs(i, j) == never {
			continue
		}
		if int64(r.free[j])+int64(r.needs(int32(k), j)) < int64(r.needs(i, j)) {
			continue
		}
		for other := range int32(r.nodes) {
			if other == j || r.needs(int32(k), other) > r.free[other] {
				continue
			}
			cost := r.price(i, j) + r.price(int32(k), other) - r.price(int32(k), j) + r.dearest<<r.shift
			if best < 0 || cost < best {
				best, shifted, to = cost, int32(k), other
			}
		}
	}
	if best < 0 {
		return false
	}
	j := r.at[shifted]
	r.put(shifted, to)
	r.put(i, j)
	return true
}

// improve makes every shift and swap that pays, in one pass, and says whether any
// did.
func (r *repairer) improve() bool {
	changed := false
	for k, j := range r.at {
		if j >= 0 {
			r.paid[k] = r.price(int32(k), j)
		}
	}
	for i := range int32(r.tasks) {
		if r.at[i] < 0 {
			continue
		}
		for j := range int32(r.nodes) {
			if r.needs(i, j) <= r.free[j] && r.price(i, j) < r.paid[i] {
				r.put(i, j)
				r.paid[i] = r.price(i, j)
				changed = true
			}
		}
		there := r.leaving(i)
		for k, j := range r.at[:i] {
			if j >= 0 && there[k]-r.paid[k] < r.gains[j] && r.swap(i, int32(k)) {
				there = r.leaving(i)
				changed = true
			}
		}
	}
	return changed
}

// leaving sets gains to what task i would save on each node, and returns the prices on the
// node where it is.
func (r *repairer) leaving(i int32) (there []int64) {
	for j := range r.gains {
		r.gains[j] = r.paid[i] - r.price(i, int32(j))
	}
	return r.cost[int(r.at[i])*r.tasks:]
}

// swap exchanges the nodes of two tasks where that fits.
func (r *repairer) swap(i, k int32) bool {
	a, b := r.at[i], r.at[k]
	iOnB, kOnA := r.needs(i, b), r.needs(k, a)
	if iOnB == never || kOnA == never || r.free[b]+r.needs(k, b) < iOnB || r.free[a]+r.needs(i, a) < kOnA {
		return false
	}
	r.put(i, b)
	r.put(k, a)
	r.paid[i], r.paid[k] = r.price(i, b), r.price(k, a)
	return true
}
