package conflict

import (
	"cmp"
	"slices"

	"berth/model"
	"berth/model/integer"
)

// greedy places tasks one by one, each where it fits, and counts who failed: those that
// did come first in the next round ("Squeaky Wheel" Optimization, Joslin and Clements,
// JAIR 1999). Either all are placed, or soon those fail in turn that are in one
// another's way.
type greedy struct {
	*statement
	off    []bool
	failed []int   // by task, how often
	ended  [][]int // by task and node, how often it was a dead end; nil: never
	sizes  []int64 // by task: the largest share of the mean capacity that it takes

	at    []int32   // by replica
	load  []int64   // by node and resource
	held  [][]int32 // by rule and place: of anti-affinity the task there, counted from 1; of spread how many replicas
	place []int32   // by rule: the place of its affinity, or −1
}

func newGreedy(s *statement, off []bool) *greedy {
	g := &greedy{
		statement: s, off: off, failed: make([]int, len(s.tasks)), ended: make([][]int, len(s.tasks)), load: make([]int64, len(s.capacity)),
		held: make([][]int32, len(s.rules)), place: make([]int32, len(s.rules)),
	}
	mean := s.meanCapacity()
	for i := range s.tasks {
		g.sizes = append(g.sizes, s.size(i, mean))
	}
	if tasks := len(s.tasks); tasks > 0 {
		g.at = make([]int32, s.tasks[tasks-1].Replicas.To)
	}
	for k := range s.rules {
		if r := &s.rules[k]; r.Kind != model.Affinity {
			g.held[k] = make([]int32, r.places)
		}
	}
	return g
}

// meanCapacity is what a node has of each resource in the mean, 0 where none has any.
func (s *statement) meanCapacity() []int64 {
	mean := make([]int64, s.resources)
	for r := range mean {
		for j := range s.nodes {
			mean[r] = integer.AddCapped(mean[r], s.capacity[j*s.resources+r])
		}
		if mean[r] > 0 {
			mean[r] = max(mean[r]/int64(s.nodes), 1)
		}
	}
	return mean
}

// size is the largest share of a node's mean capacity that a task takes, in thousandths.
func (s *statement) size(i int, mean []int64) int64 {
	most := int64(0)
	for r, need := range s.tasks[i].Demand.Rest {
		if mean[r] > 0 {
			most = max(most, need*1000/mean[r])
		}
	}
	return most
}

// reset takes everything off the nodes.
func (g *greedy) reset() {
	for k := range g.at {
		g.at[k] = model.NoPlace
	}
	clear(g.load)
	for k := range g.rules {
		clear(g.held[k])
		g.place[k] = -1
	}
}

// order lists tasks: those that failed often first, then those that few nodes allow.
func (g *greedy) order(some []int, choices []int) []int {
	list := slices.Clone(some)
	slices.SortStableFunc(list, func(a, b int) int {
		return cmp.Or(cmp.Compare(g.failed[b], g.failed[a]), cmp.Compare(choices[a], choices[b]), cmp.Compare(g.sizes[b], g.sizes[a]))
	})
	return list
}

// put places all replicas of a task, or none.
func (g *greedy) put(i int, fullest bool) bool {
	t := &g.tasks[i]
	for c := t.Replicas.From; c < t.Replicas.To; c++ {
		best, least := -1, int64(0)
		for j := range g.nodes {
			if !g.fits(i, j) {
				continue
			}
			rank := g.room(j)
			if !fullest {
				rank = -rank
			}
			if slices.Contains(t.Current, int32(j)) && g.stay > 0 {
				rank -= 1 << 40
			}
			rank += g.crowd(i, j) << 20
			if best < 0 || rank < least {
				best, least = j, rank
			}
		}
		if best < 0 {
			g.remove(i)
			return false
		}
		g.set(i, c, best)
	}
	return true
}

// crowd is how many replicas that a task is spread with are in the places of a node.
func (g *greedy) crowd(i, j int) int64 {
	sum := int64(0)
	for _, k := range g.tasks[i].rules {
		if r := &g.rules[k]; r.Kind == model.Spread && !g.off[r.member] {
			sum += int64(g.held[k][r.place[j]])
		}
	}
	return sum
}

// room is how much of a node is left, in thousandths of its tightest resource.
func (g *greedy) room(j int) int64 {
	least := int64(1000)
	for r := range g.resources {
		if k := j*g.resources + r; g.capacity[k] > 0 {
			least = min(least, (g.capacity[k]-g.load[k])*1000/g.capacity[k])
		}
	}
	return least
}

// fits says whether a node takes another replica of a task.
func (g *greedy) fits(i, j int) bool {
	t := &g.tasks[i]
	if !g.may(i, j, g.off) {
		return false
	}
	for r, need := range t.Demand.On(int32(j)) {
		if k := j*g.resources + r; need > 0 && g.load[k]+need > g.capacity[k] && !g.off[g.ofCapacity[k]] {
			return false
		}
	}
	if !g.apartFrom(i, j) {
		return false
	}
	for _, k := range t.rules {
		r := &g.rules[k]
		switch {
		case g.off[r.member]:
		case r.Kind == model.AntiAffinity:
			if holder := g.held[k][r.place[j]]; holder != 0 && holder != int32(i+1) {
				return false
			}
		case r.Kind == model.Affinity && g.place[k] >= 0:
			if g.place[k] != r.place[j] {
				return false
			}
		case r.Kind == model.Affinity && r.Topology == 0:
			if !g.roomForAll(r, j) {
				return false
			}
		case r.Kind == model.Spread && g.crowded(k, j):
			return false
		}
	}
	return true
}

// crowded says whether another replica on a node would be too many for a spread rule, as
// things are.
func (g *greedy) crowded(k, j int) bool {
	r := &g.rules[k]
	return int64(g.held[k][r.place[j]])+1 > int64(slices.Min(g.held[k]))+r.MaxSkew
}

// apartFrom says whether a node is apart from the task's replicas that are placed.
func (g *greedy) apartFrom(i, j int) bool {
	t := &g.tasks[i]
	if apart := t.part[Apart]; apart < 0 || g.off[apart] {
		return true
	}
	place := g.p.Topologies[t.Apart].Place
	return !slices.ContainsFunc(g.at[t.Replicas.From:t.Replicas.To], func(other int32) bool {
		return other != model.NoPlace && place[other] == place[j]
	})
}

// roomForAll says whether a node takes all tasks of an affinity.
func (g *greedy) roomForAll(r *rule, j int) bool {
	for d := range g.resources {
		total := g.load[j*g.resources+d]
		for _, i := range r.Tasks {
			total += int64(g.tasks[i].count) * g.tasks[i].Demand.On(int32(j))[d]
		}
		if total > g.capacity[j*g.resources+d] && !g.off[g.ofCapacity[j*g.resources+d]] {
			return false
		}
	}
	for _, i := range r.Tasks {
		if !g.may(int(i), j, g.off) {
			return false
		}
		for _, k := range g.tasks[i].rules {
			other := &g.rules[k]
			if other.Kind != model.AntiAffinity || g.off[other.member] {
				continue
			}
			if holder := g.held[k][other.place[j]]; holder != 0 && holder != i+1 {
				return false
			}
		}
	}
	return true
}

func (g *greedy) set(i int, replica int32, j int) {
	t := &g.tasks[i]
	g.at[replica] = int32(j)
	for r, need := range t.Demand.On(int32(j)) {
		g.load[j*g.resources+r] += need
	}
	for _, k := range t.rules {
		r := &g.rules[k]
		switch r.Kind {
		case model.AntiAffinity:
			g.held[k][r.place[j]] = int32(i + 1)
		case model.Spread:
			g.held[k][r.place[j]]++
		case model.Affinity:
			g.place[k] = r.place[j]
		}
	}
}

// remove takes a task off again. The place of its affinity stays where others of the
// rule are there; else it is free.
func (g *greedy) remove(i int) {
	t := &g.tasks[i]
	for c := t.Replicas.From; c < t.Replicas.To; c++ {
		j := g.at[c]
		if j == model.NoPlace {
			continue
		}
		for r, need := range t.Demand.On(j) {
			g.load[int(j)*g.resources+r] -= need
		}
		for _, k := range t.rules {
			switch r := &g.rules[k]; r.Kind {
			case model.AntiAffinity:
				g.held[k][r.place[j]] = 0
			case model.Spread:
				g.held[k][r.place[j]]--
			}
		}
		g.at[c] = model.NoPlace
	}
	for _, k := range t.rules {
		if r := &g.rules[k]; r.Kind == model.Affinity && !slices.ContainsFunc(r.Tasks, g.anywhere) {
			g.place[k] = -1
		}
	}
}

func (g *greedy) anywhere(i int32) bool {
	t := &g.tasks[i]
	for _, j := range g.at[t.Replicas.From:t.Replicas.To] {
		if j != model.NoPlace {
			return true
		}
	}
	return false
}

// rounds places tasks again and again, and says whether all were placed with every part
// kept. Where not, failed counts who is to blame.
func (g *greedy) rounds(most int, some []int, goOn func(int64) bool) bool {
	choices := make([]int, len(g.tasks))
	steps := int64(0)
	for _, i := range some {
		for j := range g.nodes {
			if g.may(i, j, g.off) {
				choices[i]++
			}
		}
		steps += int64(g.tasks[i].count) * int64(g.nodes) * int64(10+len(g.tasks[i].rules)*5)
	}
	for round := range most {
		if !goOn(steps) {
			return false
		}
		g.reset()
		failures := 0
		for _, i := range g.order(some, choices) {
			if !g.put(i, round%2 == 0) && g.needed(i) {
				g.failed[i]++
				failures++
			}
		}
		if failures == 0 && g.checkRest() {
			return true
		}
	}
	return false
}

// near puts tasks where a placement has them, as far as they fit.
func (g *greedy) near(at []int32, some []int) {
	g.reset()
	for _, i := range some {
		t := &g.tasks[i]
		for c := t.Replicas.From; c < t.Replicas.To; c++ {
			if at[c] == model.NoPlace || !g.fits(i, int(at[c])) {
				g.remove(i)
				break
			}
			g.set(i, c, int(at[c]))
		}
	}
}

// allNeeded lists the tasks that have to be placed.
func (g *greedy) allNeeded() []int {
	var list []int
	for i := range g.tasks {
		if g.needed(i) {
			list = append(list, i)
		}
	}
	return list
}

// blamed lists tasks, those first that failed most often.
func (g *greedy) blamed(some []int) []int {
	list := slices.Clone(some)
	slices.SortStableFunc(list, func(a, b int) int { return g.failed[b] - g.failed[a] })
	return list
}

// needed says whether a task has to be placed.
func (g *greedy) needed(i int) bool {
	t := &g.tasks[i]
	if t.must && !g.off[t.part[Placed]] {
		return true
	}
	return slices.ContainsFunc(t.rules, func(k int) bool { return g.rules[k].Kind == model.Affinity && !g.off[g.rules[k].member] })
}

// checkRest looks at what placing one by one and taking out again do not keep: spread,
// affinity with tasks that are left out, uplinks, moves. It blames all tasks of what is
// broken.
func (g *greedy) checkRest() bool {
	good := true
	for k := range g.rules {
		r := &g.rules[k]
		if g.off[r.member] || r.Kind == model.AntiAffinity {
			continue
		}
		count := make([]int64, r.places)
		placed, out := false, false
		for _, i := range r.Tasks {
			t := &g.tasks[i]
			for _, j := range g.at[t.Replicas.From:t.Replicas.To] {
				if j == model.NoPlace {
					out = true
				} else {
					placed = true
					count[r.place[j]]++
				}
			}
		}
		places := 0
		for _, n := range count {
			if n > 0 {
				places++
			}
		}
		if r.Kind == model.Affinity && (!placed || !out) && places <= 1 || r.Kind == model.Spread && slices.Max(count)-slices.Min(count) <= r.MaxSkew {
			continue
		}
		good = false
		for _, i := range r.Tasks {
			g.failed[i]++
		}
	}
	return g.checkMoves() && g.checkUplinks() && good
}

func (g *greedy) checkMoves() bool {
	if g.ofMoves < 0 || g.off[g.ofMoves] {
		return true
	}
	stayed := 0
	for i := range g.tasks {
		t := &g.tasks[i]
		today := slices.Clone(t.Current)
		for _, j := range g.at[t.Replicas.From:t.Replicas.To] {
			if k := slices.Index(today, j); k >= 0 {
				today = slices.Delete(today, k, k+1)
				stayed++
			}
		}
	}
	return stayed >= g.stay
}

func (g *greedy) checkUplinks() bool {
	sent := make([]int64, g.nodes)
	for i := range g.tasks {
		t := &g.tasks[i]
		for _, read := range t.Reads {
			if !slices.Contains(g.at[t.Replicas.From:t.Replicas.To], read.Node) {
				sent[read.Node] += read.Reads
			}
		}
	}
	for j, up := range g.ofUplink {
		if up >= 0 && !g.off[up] && sent[j] > g.uplink[j] {
			return false
		}
	}
	return true
}
