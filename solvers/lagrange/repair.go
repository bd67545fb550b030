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
	left []int32 // tasks without a node
}

// maxRepair bounds the steps of a repair.
const maxRepair = 100_000_000

func newRepairer(in *instance) repairer {
	return repairer{instance: in, at: make([]int32, in.tasks), free: make([]int32, in.nodes)}
}

// repair makes a placement of what the knapsacks take, and offers it where that
// works out.
func (e *engine) repair() {
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
	r.left = r.left[:0]
	for i, j := range r.at {
		if j < 0 {
			r.left = append(r.left, int32(i))
		}
	}
	e.work += int64(r.tasks*r.nodes) / 4
	if len(r.left)*r.tasks*r.nodes > maxRepair {
		return
	}
	for len(r.left) > 0 {
		e.work += int64(len(r.left)*r.nodes) * 4
		if !r.insert() {
			return
		}
	}
	for more := r.tasks*r.tasks <= maxRepair; more; {
		e.work += int64(r.tasks*(r.tasks+r.nodes)) * 2
		more = r.improve()
	}
	e.offer(r.at)
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

// insert places the task whose second choice is dearest against its first.
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
			if !r.makeRoom(i) {
				return false
			}
			r.left[n] = r.left[len(r.left)-1]
			r.left = r.left[:len(r.left)-1]
			return true
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
	for i := range int32(r.tasks) {
		for j := range int32(r.nodes) {
			if r.needs(i, j) <= r.free[j] && r.price(i, j) < r.price(i, r.at[i]) {
				r.put(i, j)
				changed = true
			}
		}
		for k := range i {
			changed = r.swap(i, k) || changed
		}
	}
	return changed
}

// swap exchanges the nodes of two tasks where that fits and pays.
func (r *repairer) swap(i, k int32) bool {
	a, b := r.at[i], r.at[k]
	if a == b || r.price(i, b)+r.price(k, a) >= r.price(i, a)+r.price(k, b) {
		return false
	}
	iOnB, kOnA := r.needs(i, b), r.needs(k, a)
	if iOnB == never || kOnA == never || r.free[b]+r.needs(k, b) < iOnB || r.free[a]+r.needs(i, a) < kOnA {
		return false
	}
	r.put(i, b)
	r.put(k, a)
	return true
}
