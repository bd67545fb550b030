package moving

import (
	"cmp"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// attempts is how many orders greedy tries; mostHops how often one replica may hop.
const (
	attempts = 16
	mostHops = 3
)

// greedy looks for waves in several orders, and returns those with the fewest moves, of
// these the fewest waves; nil where every order gets stuck.
func (m *mover) greedy() waves {
	var best waves
	for n := range attempts {
		found := m.attempt(rand.New(rand.NewPCG(uint64(n), 11)), n)
		if found != nil && (best == nil || cmp.Or(found.moves()-best.moves(), len(found)-len(best)) < 0) {
			best = found
		}
		if best != nil && best.moves() == m.needed() && n >= 3 || !m.goOn(1) {
			break
		}
	}
	return best
}

// attempt makes waves of all moves that can be made at once, and hops where none can.
func (m *mover) attempt(rng *rand.Rand, n int) waves {
	s := newState(m)
	found := waves{}
	hops := make([]int, len(s.at))
	var agenda [][]move // hops and the move that they make room for: these come first
	for {
		var pending, returning []int // returning: it had to make room, and what starts, which may wait
		for slot, to := range s.target {
			switch {
			case s.at[slot] == to:
			case s.today[slot] == to || s.today[slot] == model.NoPlace:
				returning = append(returning, slot)
			default:
				pending = append(pending, slot)
			}
		}
		if len(pending)+len(returning) == 0 {
			return found
		}
		for len(agenda) > 0 && s.try(agenda[0]) {
			agenda = agenda[1:]
		}
		if len(s.wave) == 0 {
			agenda = nil
		}
		s.sort(pending, rng, n)
		s.direct(pending, agenda)
		if len(s.wave) == 0 {
			if agenda = s.unlock(pending, hops, rng); agenda == nil {
				s.direct(returning, nil)
			}
		}
		if len(s.wave) == 0 && agenda == nil {
			agenda = s.unlock(returning, hops, rng)
		}
		if len(s.wave) == 0 && agenda == nil || !m.goOn(int64(len(s.at))*300) {
			return nil
		}
		if len(s.wave) > 0 {
			found = append(found, s.end())
		}
	}
}

// sort orders slots: what stops first; then, by attempt, the large before the small, the
// other way round, or at random.
func (s *state) sort(slots []int, rng *rand.Rand, n int) {
	rng.Shuffle(len(slots), func(a, b int) { slots[a], slots[b] = slots[b], slots[a] })
	slices.SortStableFunc(slots, func(a, b int) int {
		first := func(slot int) int {
			if s.target[slot] == model.NoPlace {
				return 0
			}
			return 1
		}
		size := 0
		switch n % 3 {
		case 0:
			size = cmp.Compare(s.size(b), s.size(a))
		case 1:
			size = cmp.Compare(s.size(a), s.size(b))
		}
		return cmp.Or(first(a)-first(b), size)
	})
}

// size is the largest share of its node that a replica takes, in millionths.
func (s *state) size(slot int) int64 {
	most := int64(0)
	j := s.at[slot]
	if j == model.NoPlace {
		j = s.target[slot]
	}
	for r, need := range s.tasks[s.taskOf[slot]].Demand.On(j) {
		if c := s.capacity[int(j)*s.resources+r]; c > 0 {
			most = max(most, int64(float64(need)/float64(c)*1e6))
		}
	}
	return most
}

// direct adds to the wave what can go to its target, alone, with all that is tied to it,
// or with one other of a rule that the slot alone would break; but nothing takes the room
// that hops are making.
func (s *state) direct(slots []int, agenda [][]move) {
	reserved := model.NoPlace
	if len(agenda) > 0 {
		reserved = agenda[len(agenda)-1][0].to
	}
	for _, slot := range slots {
		if s.next[slot] != s.at[slot] || s.parallel > 0 && len(s.wave) >= s.parallel || reserved != model.NoPlace && s.target[slot] == reserved {
			continue
		}
		step := s.step(slot, s.target[slot])
		if s.try(step) || len(step) > 1 {
			continue
		}
		s.together(slot)
	}
}

// together tries a slot with each other one that a spread counts with it.
func (s *state) together(slot int) {
	for _, k := range s.rulesOf[s.taskOf[slot]] {
		if s.rules[k].Kind != model.Spread {
			continue
		}
		for _, i := range s.rules[k].Tasks {
			span := s.tasks[i].Replicas
			for other := int(span.From); other < int(span.To); other++ {
				if other != slot && s.at[other] != s.target[other] && s.try([]move{{slot, s.target[slot]}, {other, s.target[other]}}) {
					return
				}
			}
		}
	}
}

// mostBlocked bounds the blocked moves that room is looked for at a time.
const mostBlocked = 60

// unlock looks for hops that let a blocked move go: those that cost the fewest moves
// more. It returns them with the move, nil where there are none.
func (s *state) unlock(blocked []int, hops []int, rng *rand.Rand) (agenda [][]move) {
	on := make([][]int, len(s.p.NodeNames))
	for slot, j := range s.at {
		if j != model.NoPlace && s.bound[s.taskOf[slot]] == nil {
			on[j] = append(on[j], slot)
		}
	}
	rooms := s.rooms()
	least := 0
	for n, slot := range blocked {
		if n == mostBlocked {
			break
		}
		to := s.target[slot]
		if to == model.NoPlace {
			continue
		}
		step := s.step(slot, to)
		out, cost, ok := s.makeRoom(step, to, on[to], hops, rooms, rng)
		if ok && (agenda == nil || cost < least) {
			agenda, least = append(out, step), cost
		}
	}
	for _, step := range agenda[:max(len(agenda)-1, 0)] {
		hops[step[0].slot]++
	}
	return agenda
}

// makeRoom finds replicas on a node that can go elsewhere for a while, until a step fits
// there: those first that have to leave anyhow, then one that is enough by itself, else
// the largest. It fails where too little can go.
func (s *state) makeRoom(step []move, node int32, here, hops []int, rooms []int32, rng *rand.Rand) (out [][]move, cost int, ok bool) {
	lack := make([]int64, s.resources)
	for r := range lack {
		k := int(node)*s.resources + r
		lack[r] = s.load[k] - s.capacity[k]
	}
	moving := map[int]bool{}
	for _, mv := range step {
		moving[mv.slot] = true
		if mv.to != node {
			continue
		}
		for r, need := range s.tasks[s.taskOf[mv.slot]].Demand.On(node) {
			lack[r] += need
		}
	}
	enough := func(slot int) bool {
		for r, need := range s.tasks[s.taskOf[slot]].Demand.On(node) {
			if lack[r] > need {
				return false
			}
		}
		return true
	}
	here = slices.DeleteFunc(slices.Clone(here), func(slot int) bool { return moving[slot] || hops[slot] >= mostHops })
	rng.Shuffle(len(here), func(a, b int) { here[a], here[b] = here[b], here[a] })
	extra := func(slot int) int {
		if s.at[slot] == s.target[slot] {
			return 2
		}
		return 1
	}
	defer func() { // what was put down to see what fits
		for _, one := range out {
			s.add(one[0].slot, one[0].to, -1)
		}
	}()
	for {
		if slices.Max(lack) <= 0 {
			return out, cost, len(out) > 0
		}
		slices.SortStableFunc(here, func(a, b int) int {
			order := cmp.Compare(s.size(b), s.size(a))
			if ea, eb := enough(a), enough(b); ea != eb {
				return cmp.Or(extra(a)-extra(b), map[bool]int{true: -1, false: 1}[ea])
			} else if ea {
				order = -order
			}
			return cmp.Or(extra(a)-extra(b), order)
		})
		gone := -1
		for n, slot := range here {
			if j := s.room(slot, node, rooms); j != model.NoPlace {
				out = append(out, []move{{slot, j}})
				s.add(slot, j, 1)
				cost += extra(slot)
				for r, need := range s.tasks[s.taskOf[slot]].Demand.On(node) {
					lack[r] -= need
				}
				gone = n
				break
			}
		}
		if gone < 0 {
			return out, 0, false
		}
		here = slices.Delete(here, gone, gone+1)
	}
}

// room is a node other than its own and another where a slot fits, or NoPlace.
func (s *state) room(slot int, but int32, rooms []int32) int32 {
	for _, j := range rooms {
		if j != but && j != s.at[slot] && s.mayArrive(move{slot, j}) {
			return j
		}
	}
	return model.NoPlace
}

// rooms lists the nodes, the emptiest first.
func (s *state) rooms() []int32 {
	list := make([]int32, len(s.p.NodeNames))
	room := make([]float64, len(list))
	for j := range list {
		list[j] = int32(j)
		room[j] = 1
		for r := range s.resources {
			if k := j*s.resources + r; s.capacity[k] > 0 {
				room[j] = min(room[j], 1-float64(s.load[k])/float64(s.capacity[k]))
			}
		}
	}
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(room[b], room[a]) })
	return list
}
