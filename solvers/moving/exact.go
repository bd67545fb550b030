package moving

import (
	"container/heap"
	"slices"

	"berth/model"
)

// Sizes up to which the states are searched: replicas times nodes, joint moves of what
// rules tie together, and states.
const (
	mostPairs  = 120
	mostJoint  = 3000
	mostStates = 30_000
)

// exact searches all states for an order with the fewest moves. settled is false where
// there are too many; then nothing is known. The order is nil where there is none. known
// is an order that is there already, or nil.
//
// One move at a time is enough: what may be made at once may be made one after the other,
// since then less is in two places. But affinity, spread and uplinks are judged after a
// wave, so that what they tie together may have to move at once.
func (m *mover) exact(known waves) (found waves, settled bool) {
	if known != nil && known.moves() == m.needed() {
		return known, true
	}
	groups, ok := m.groups()
	if !ok || len(m.target)*len(m.p.NodeNames) > mostPairs {
		return nil, false
	}
	start := newState(m)
	first := &visit{at: start.at, excused: start.excused, loose: start.loose, guess: m.distance(start.at)}
	open := &queue{first}
	best := map[string]int{m.key(first): 0}
	for open.Len() > 0 {
		v := heap.Pop(open).(*visit)
		if v.moves > best[m.key(v)] {
			continue
		}
		if v.guess == 0 {
			return m.fewerWaves(m.pack(v.steps()), known), true
		}
		if len(best) > mostStates || !m.goOn(int64(len(m.target)*len(m.p.NodeNames))*3000) {
			return nil, false
		}
		for _, group := range groups {
			m.joint(v, group, func(next *visit) {
				key := m.key(next)
				if moves, seen := best[key]; !seen || next.moves < moves {
					best[key] = next.moves
					next.guess = m.distance(next.at)
					heap.Push(open, next)
				}
			})
		}
	}
	return nil, true
}

// fewerWaves is the better of two orders; the first is one of the fewest moves.
func (m *mover) fewerWaves(w, known waves) waves {
	if known != nil && known.moves() == w.moves() && len(known) < len(w) {
		return known
	}
	return w
}

// visit is a state with the way that led there.
type visit struct {
	at             []int32
	excused, loose []bool
	moves, guess   int // so far, and at least still to come
	step           []move
	before         *visit
}

func (v *visit) steps() [][]move {
	var list [][]move
	for ; v.before != nil; v = v.before {
		list = append(list, v.step)
	}
	slices.Reverse(list)
	return list
}

// queue holds visits by the moves that they take at least.
type queue []*visit

func (q queue) Len() int { return len(q) }
func (q queue) Less(a, b int) bool {
	x, y := q[a], q[b]
	return x.moves+x.guess < y.moves+y.guess || x.moves+x.guess == y.moves+y.guess && x.guess < y.guess
}
func (q queue) Swap(a, b int) { q[a], q[b] = q[b], q[a] }

// Push and Pop are those of container/heap.
func (q *queue) Push(v any) { *q = append(*q, v.(*visit)) }

// Pop takes the last one.
func (q *queue) Pop() any {
	last := len(*q) - 1
	v := (*q)[last]
	*q = (*q)[:last]
	return v
}

// key is what tells states apart: the replicas of a task are alike.
func (m *mover) key(v *visit) string {
	var key []byte
	for i := range m.tasks {
		span := m.tasks[i].Replicas
		for _, j := range slices.Sorted(slices.Values(v.at[span.From:span.To])) {
			key = append(key, byte(j), byte(j>>8))
		}
	}
	for _, flags := range [][]bool{v.excused, v.loose} {
		for _, f := range flags {
			if f {
				key = append(key, 1)
			} else {
				key = append(key, 0)
			}
		}
	}
	return string(key)
}

// distance is how many replicas are not where the target wants any of their task.
func (m *mover) distance(at []int32) int {
	n := 0
	for i := range m.tasks {
		span := m.tasks[i].Replicas
		left := slices.Clone(m.target[span.From:span.To])
		for _, j := range at[span.From:span.To] {
			if k := slices.Index(left, j); k >= 0 {
				left = slices.Delete(left, k, k+1)
			}
		}
		n += len(left)
	}
	return n
}

// groups are the slots that may have to move at once; ok is false where one has too many
// joint moves.
func (m *mover) groups() (groups [][]int, ok bool) {
	link := make([]int, len(m.tasks)) // to a task of the same group
	for i := range link {
		link[i] = i
	}
	var root func(i int) int
	root = func(i int) int {
		if link[i] != i {
			link[i] = root(link[i])
		}
		return link[i]
	}
	for k := range m.rules {
		if m.rules[k].Kind != model.AntiAffinity {
			for _, i := range m.rules[k].Tasks {
				link[root(int(i))] = root(int(m.rules[k].Tasks[0]))
			}
		}
	}
	readers := -1
	for i := range m.tasks {
		limited := slices.ContainsFunc(m.tasks[i].Reads, func(r model.StatedReads) bool { return m.p.Uplink[r.Node] != model.NoLimit })
		switch {
		case limited && readers < 0:
			readers = i
		case limited:
			link[root(i)] = root(readers)
		}
	}
	byRoot := map[int][]int{}
	var order []int
	for slot, i := range m.taskOf {
		r := root(int(i))
		tied := r != int(i) || slices.ContainsFunc(m.rulesOf[i], func(k int) bool { return m.rules[k].Kind != model.AntiAffinity }) || readers >= 0 && r == root(readers)
		if !tied {
			groups = append(groups, []int{slot})
			continue
		}
		if byRoot[r] == nil {
			order = append(order, r)
		}
		byRoot[r] = append(byRoot[r], slot)
	}
	for _, r := range order {
		joint := 1
		for range byRoot[r] {
			if joint *= len(m.p.NodeNames) + 1; joint > mostJoint {
				return nil, false
			}
		}
		groups = append(groups, byRoot[r])
	}
	return groups, true
}

// joint makes every move of some slots of a group at once and hands on the states that
// it leads to.
func (m *mover) joint(v *visit, group []int, yield func(*visit)) {
	step := []move{}
	var choose func(n int)
	choose = func(n int) {
		if n == len(group) {
			if len(step) > 0 {
				m.follow(v, slices.Clone(step), yield)
			}
			return
		}
		choose(n + 1)
		if m.parallel > 0 && len(step) == m.parallel {
			return
		}
		slot := group[n]
		for j := range int32(len(m.p.NodeNames)) {
			if j != v.at[slot] && m.tasks[m.taskOf[slot]].Allowed.Has(j) {
				step = append(step, move{slot, j})
				choose(n + 1)
				step = step[:len(step)-1]
			}
		}
		if v.at[slot] != model.NoPlace && m.mayStop(v, slot) {
			step = append(step, move{slot, model.NoPlace})
			choose(n + 1)
			step = step[:len(step)-1]
		}
	}
	choose(0)
}

// mayStop says whether more replicas of a task run than the target has.
func (m *mover) mayStop(v *visit, slot int) bool {
	span := m.tasks[m.taskOf[slot]].Replicas
	runs := func(at []int32) (n int) {
		for _, j := range at[span.From:span.To] {
			if j != model.NoPlace {
				n++
			}
		}
		return n
	}
	return runs(v.at) > runs(m.target) && runs(m.today) > runs(m.target)
}

// follow makes a step, if it may be made.
func (m *mover) follow(v *visit, step []move, yield func(*visit)) {
	s := &state{mover: m, at: slices.Clone(v.at), next: slices.Clone(v.at), excused: slices.Clone(v.excused), loose: slices.Clone(v.loose)}
	s.load = make([]int64, len(m.capacity))
	for slot, j := range s.at {
		s.add(slot, j, 1)
	}
	if s.try(step) {
		s.end()
		yield(&visit{at: s.at, excused: s.excused, loose: s.loose, moves: v.moves + len(step), step: step, before: v})
	}
}

// pack makes waves of steps: each wave takes all steps that may be made in it, and where
// that gets in the way of a later one, the steps as they come.
func (m *mover) pack(steps [][]move) waves {
	if w := m.packed(steps, true); w != nil {
		return w
	}
	return m.packed(steps, false)
}

func (m *mover) packed(steps [][]move, ahead bool) waves {
	s := newState(m)
	w := waves{}
	left := slices.Clone(steps)
	for len(left) > 0 {
		var later [][]move
		waits := map[int]bool{} // slots that a step which waits will move
		for n, step := range left {
			free := !slices.ContainsFunc(step, func(mv move) bool { return waits[mv.slot] })
			if free && (ahead || len(later) == 0) && s.try(step) {
				continue
			}
			for _, mv := range step {
				waits[mv.slot] = true
			}
			if later = append(later, step); !ahead {
				later = append(later, left[n+1:]...)
				break
			}
		}
		if len(s.wave) == 0 {
			return nil
		}
		w = append(w, s.end())
		left = later
	}
	return w
}
