package moving

import (
	"slices"

	"berth/model"
)

// move takes the replica of a slot to a node, or out.
type move struct {
	slot int
	to   int32
}

// waves are moves in the order in which they are made.
type waves [][]move

func (w waves) moves() int {
	n := 0
	for _, wave := range w {
		n += len(wave)
	}
	return n
}

// mover is the question: from today to the target. A slot is a replica of the document.
type mover struct {
	p         *model.Problem
	parallel  int
	goOn      func(work int64) bool
	resources int
	capacity  []int64
	today     []int32
	target    []int32 // by slot, matched so that as many as can stay where they are
	taskOf    []int32 // by slot, as are the spans of tasks
	tasks     []model.StatedTask
	rules     []model.StatedRule // the hard ones
	rulesOf   [][]int            // by task
	bound     [][]int            // by task: slots that hard affinity ties to it, all its own among them; nil: none
}

func newMover(p *model.Problem, target []int32, parallel int, goOn func(int64) bool) *mover {
	m := &mover{p: p, parallel: parallel, goOn: goOn, resources: len(p.Resources), capacity: p.Capacity, today: p.Today(), target: slices.Clone(target)}
	for i := range p.Report.Tasks {
		t := p.Stated(i)
		m.tasks = append(m.tasks, t)
		for range t.Replicas.To - t.Replicas.From {
			m.taskOf = append(m.taskOf, int32(i))
		}
	}
	m.rulesOf = make([][]int, len(m.tasks))
	for _, r := range p.StatedRules() {
		if r.Hard {
			for _, i := range r.Tasks {
				m.rulesOf[i] = append(m.rulesOf[i], len(m.rules))
			}
			m.rules = append(m.rules, r)
		}
	}
	for i := range m.tasks {
		m.match(i)
	}
	m.tie()
	return m
}

// match gives each slot of a task a node of the target: its own where that is one.
func (m *mover) match(i int) {
	span := m.tasks[i].Replicas
	left := slices.Clone(m.target[span.From:span.To])
	matched := make([]bool, len(left))
	for pass := range 3 {
		for k := range matched {
			s := int(span.From) + k
			if matched[k] {
				continue
			}
			want := m.today[s]
			at := slices.Index(left, want)
			switch {
			case pass == 1 && want != model.NoPlace: // one that runs goes on running
				at = slices.IndexFunc(left, func(j int32) bool { return j != model.NoPlace })
			case pass == 2:
				at = 0
			}
			if at >= 0 {
				m.target[s], matched[k] = left[at], true
				left = slices.Delete(left, at, at+1)
			}
		}
	}
}

// tie finds the slots that hard affinity holds together.
func (m *mover) tie() {
	m.bound = make([][]int, len(m.tasks))
	seen := make([]bool, len(m.tasks))
	for i := range m.tasks {
		if seen[i] || !slices.ContainsFunc(m.rulesOf[i], m.isAffinity) {
			continue
		}
		group := []int32{int32(i)}
		seen[i] = true
		var slots []int
		for n := 0; n < len(group); n++ {
			span := m.tasks[group[n]].Replicas
			for s := span.From; s < span.To; s++ {
				slots = append(slots, int(s))
			}
			for _, k := range m.rulesOf[group[n]] {
				for _, other := range m.rules[k].Tasks {
					if m.isAffinity(k) && !seen[other] {
						seen[other] = true
						group = append(group, other)
					}
				}
			}
		}
		for _, t := range group {
			m.bound[t] = slots
		}
	}
}

func (m *mover) isAffinity(k int) bool { return m.rules[k].Kind == model.Affinity }

// needed is how many moves there are without a hop.
func (m *mover) needed() int {
	n := 0
	for s := range m.target {
		if m.today[s] != m.target[s] {
			n++
		}
	}
	return n
}

// state is where everything is before a wave, and what the wave brings.
type state struct {
	*mover
	at      []int32
	next    []int32 // after the wave
	load    []int64 // before the wave, with what arrives in it
	excused []bool  // by rule: broken in every state so far
	loose   []bool  // by task: its apart is, in the same way
	wave    []move
}

func newState(m *mover) *state {
	s := &state{mover: m, at: slices.Clone(m.today), next: slices.Clone(m.today), excused: make([]bool, len(m.rules)), loose: make([]bool, len(m.tasks))}
	s.load = make([]int64, len(m.capacity))
	for slot, j := range s.at {
		s.add(slot, j, 1)
	}
	for k := range m.rules {
		s.excused[k] = !s.kept(k)
	}
	for i := range m.tasks {
		s.loose[i] = !s.apartKept(i)
	}
	return s
}

func (s *state) add(slot int, j int32, sign int64) {
	if j == model.NoPlace {
		return
	}
	for r, need := range s.tasks[s.taskOf[slot]].Demand.On(j) {
		s.load[int(j)*s.resources+r] += sign * need
	}
}

// try adds moves to the wave, all or none, and says whether they may be made.
func (s *state) try(step []move) bool {
	if s.parallel > 0 && len(s.wave)+len(step) > s.parallel {
		return false
	}
	done := 0
	ok := true
	for _, mv := range step {
		if ok = s.next[mv.slot] == s.at[mv.slot] && s.mayArrive(mv); !ok {
			break
		}
		s.next[mv.slot] = mv.to
		s.add(mv.slot, mv.to, 1)
		done++
	}
	if ok && s.keepsRules(step) {
		s.wave = append(s.wave, step...)
		return true
	}
	for _, mv := range step[:done] {
		s.add(mv.slot, mv.to, -1)
		s.next[mv.slot] = s.at[mv.slot]
	}
	return false
}

// mayArrive says whether a node takes a replica beside all that is on it during the wave.
func (s *state) mayArrive(mv move) bool {
	i := s.taskOf[mv.slot]
	t := &s.tasks[i]
	if mv.to == model.NoPlace {
		return true
	}
	if !t.Allowed.Has(mv.to) {
		return false
	}
	for r, need := range t.Demand.On(mv.to) {
		if k := int(mv.to)*s.resources + r; need > 0 && s.load[k]+need > s.capacity[k] {
			return false
		}
	}
	if t.Apart >= 0 && !s.loose[i] {
		place := s.p.Topologies[t.Apart].Place
		for slot := int(t.Replicas.From); slot < int(t.Replicas.To); slot++ {
			if slot != mv.slot && s.isIn(slot, place, place[mv.to]) {
				return false
			}
		}
	}
	for _, k := range s.rulesOf[i] {
		r := &s.rules[k]
		if r.Kind != model.AntiAffinity || s.excused[k] {
			continue
		}
		place := s.p.Topologies[r.Topology].Place
		for _, other := range r.Tasks {
			if other == i {
				continue
			}
			span := s.tasks[other].Replicas
			for slot := int(span.From); slot < int(span.To); slot++ {
				if s.isIn(slot, place, place[mv.to]) {
					return false
				}
			}
		}
	}
	return true
}

// isIn says whether a replica is in a place during the wave.
func (s *state) isIn(slot int, place []int32, in int32) bool {
	a, b := s.at[slot], s.next[slot]
	return a != model.NoPlace && place[a] == in || b != model.NoPlace && place[b] == in
}

// keepsRules judges the rules of what moved that hold after waves: affinity and spread,
// uplinks, and those that were excused, which must not begin to hold and break again.
func (s *state) keepsRules(step []move) bool {
	for _, mv := range step {
		i := s.taskOf[mv.slot]
		for _, k := range s.rulesOf[i] {
			if !s.excused[k] && s.rules[k].Kind != model.AntiAffinity && !s.kept(k) {
				return false
			}
		}
		for _, read := range s.tasks[i].Reads {
			if !s.uplinkKept(read.Node) {
				return false
			}
		}
	}
	return true
}

// kept says whether a rule holds after the wave.
func (s *state) kept(k int) bool {
	r := &s.rules[k]
	top := &s.p.Topologies[r.Topology]
	count := map[int32]int64{}
	holder := map[int32]int32{}
	placed, out := false, false
	for _, i := range r.Tasks {
		span := s.tasks[i].Replicas
		for _, j := range s.next[span.From:span.To] {
			if j == model.NoPlace {
				out = true
				continue
			}
			placed = true
			place := top.Place[j]
			count[place]++
			if other, taken := holder[place]; r.Kind == model.AntiAffinity && taken && other != i {
				return false
			}
			holder[place] = i
		}
	}
	switch r.Kind {
	case model.Affinity:
		return len(count) <= 1 && !(placed && out)
	case model.Spread:
		most, least := int64(0), int64(0)
		for place := range top.Names {
			n := count[int32(place)]
			most = max(most, n)
			if place == 0 || n < least {
				least = n
			}
		}
		return most-least <= r.MaxSkew
	}
	return true
}

// apartKept says whether the replicas of a task are apart after the wave.
func (s *state) apartKept(i int) bool {
	t := &s.tasks[i]
	if t.Apart < 0 {
		return true
	}
	place := s.p.Topologies[t.Apart].Place
	var seen []int32
	for _, j := range s.next[t.Replicas.From:t.Replicas.To] {
		if j == model.NoPlace {
			continue
		}
		if slices.Contains(seen, place[j]) {
			return false
		}
		seen = append(seen, place[j])
	}
	return true
}

// uplinkKept says whether a node sends out no more than it may after the wave, or no
// more than before.
func (s *state) uplinkKept(node int32) bool {
	limit := s.p.Uplink[node]
	if limit == model.NoLimit {
		return true
	}
	sent := func(at []int32) int64 {
		sum := int64(0)
		for i := range s.tasks {
			t := &s.tasks[i]
			for _, read := range t.Reads {
				if read.Node == node && !slices.Contains(at[t.Replicas.From:t.Replicas.To], node) {
					sum += read.Reads
				}
			}
		}
		return sum
	}
	after := sent(s.next)
	return after <= limit || after <= sent(s.at)
}

// end makes the wave and begins the next one.
func (s *state) end() []move {
	wave := s.wave
	s.wave = nil
	for _, mv := range wave {
		s.add(mv.slot, s.at[mv.slot], -1)
		s.at[mv.slot] = mv.to
	}
	for _, mv := range wave {
		i := s.taskOf[mv.slot]
		for _, k := range s.rulesOf[i] {
			s.excused[k] = s.excused[k] && !s.kept(k)
		}
		s.loose[i] = s.loose[i] && !s.apartKept(int(i))
	}
	return wave
}

// step is what has to move with a slot for it to reach a node: the slot alone, or all
// that affinity ties to it, each to its own target or, for a hop, to one node.
func (s *state) step(slot int, to int32) []move {
	group := s.bound[s.taskOf[slot]]
	if group == nil || s.excusedAffinity(slot) {
		return []move{{slot, to}}
	}
	var step []move
	for _, other := range group {
		node := to
		if to == s.target[slot] {
			node = s.target[other]
		}
		if s.at[other] != node && s.at[other] != model.NoPlace || other == slot {
			step = append(step, move{other, node})
		}
	}
	return step
}

// excusedAffinity says whether what ties a slot to others is broken today as it is.
func (s *state) excusedAffinity(slot int) bool {
	return slices.ContainsFunc(s.rulesOf[s.taskOf[slot]], func(k int) bool { return s.isAffinity(k) && s.excused[k] })
}
