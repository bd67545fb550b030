//go:build cgo

package bundles

import (
	"cmp"
	"math/bits"
	"slices"
)

// greedy finds bundles that are worth much, quickly: from every vertex that it has not
// come to from another, it takes in what is worth most for its size, and then tries to
// leave each vertex out, or to force one in that makes others go, and fills the room anew.
type greedy struct {
	*sack
	resources int
	room      []int64
	open      int64
	profit    []int64
	size      []int64
	steps     int64
	found     []candidate
	set, kept set
}

// set is what greedy has in, with what follows from that.
type set struct {
	gain    []int64 // by vertex: its profit and its edges to what is in
	left    []int64
	in      []bool
	blocked []int32 // by vertex: how many that are in clash with it
	chosen  []int32
	worth   int64
}

// candidate is a set that was found.
type candidate struct {
	chosen []int32
	worth  int64
}

// addGreedy adds bundles that are found quickly.
func (t *tree) addGreedy() int {
	var bundles []*bundle
	for k, s := range t.sacks {
		c := &t.classes[k]
		g := greedy{sack: s, resources: t.resources, room: c.room, open: c.open << t.shift}
		for _, found := range g.run(s.weigh(t.instance, &t.at), t.floor[k], perRound) {
			bundles = append(bundles, t.bundle(int32(k), unpack(s, found.chosen)))
		}
		if !t.tick(g.steps) {
			return 0
		}
	}
	return t.add(bundles)
}

// run returns at most `most` different sets that are worth more than the threshold, the
// best first.
func (g *greedy) run(profit []int64, threshold int64, most int) []candidate {
	g.profit, g.size = profit, make([]int64, g.vertices)
	g.set = set{in: make([]bool, g.vertices), blocked: make([]int32, g.vertices)}
	for v := range g.vertices {
		g.size[v] = 1
		for r := range g.resources {
			g.size[v] += g.sack.size[v*g.resources+r] * (1 + g.price[r]>>8) >> 4
		}
	}
	reached := make([]bool, g.vertices)
	for v := range int32(g.vertices) {
		if g.before[v] < 0 && !reached[v] {
			g.reset()
			g.put(v)
			g.climb(threshold)
			for _, w := range g.set.chosen {
				reached[w] = true
			}
		}
	}
	return best(g.found, func(c candidate) int64 { return c.worth }, most)
}

// best returns the entries of a list that are worth most, the best first and no more than most.
func best[C any](list []C, worth func(C) int64, most int) []C {
	slices.SortStableFunc(list, func(a, b C) int { return cmp.Compare(worth(b), worth(a)) })
	return list[:min(len(list), most)]
}

// climb improves what is in, and keeps it if it is worth more than the threshold.
func (g *greedy) climb(threshold int64) {
	g.grow(-1)
	g.improve()
	if g.set.worth <= threshold || len(g.set.chosen) == 0 {
		return
	}
	chosen := slices.Clone(g.set.chosen)
	slices.Sort(chosen)
	if !slices.ContainsFunc(g.found, func(c candidate) bool { return c.worth == g.set.worth && slices.Equal(c.chosen, chosen) }) {
		g.found = append(g.found, candidate{chosen, g.set.worth})
	}
}

func (g *greedy) reset() {
	s := &g.set
	s.gain, s.left = append(s.gain[:0], g.profit...), append(s.left[:0], g.room...)
	clear(s.in)
	clear(s.blocked)
	s.chosen, s.worth = s.chosen[:0], -g.open
	g.steps += int64(2 * g.vertices)
}

// copy makes a set the same as another.
func (s *set) copy(from *set) {
	s.gain, s.left = append(s.gain[:0], from.gain...), append(s.left[:0], from.left...)
	s.in, s.blocked = append(s.in[:0], from.in...), append(s.blocked[:0], from.blocked...)
	s.chosen, s.worth = append(s.chosen[:0], from.chosen...), from.worth
}

// put takes a vertex in.
func (g *greedy) put(v int32) {
	g.set.worth += g.set.gain[v]
	g.set.chosen = append(g.set.chosen, v)
	g.turn(v, true, 1)
}

// leave takes a vertex out again.
func (g *greedy) leave(v int32) {
	g.set.worth -= g.set.gain[v]
	at := slices.Index(g.set.chosen, v)
	g.set.chosen = slices.Delete(g.set.chosen, at, at+1)
	g.turn(v, false, -1)
}

// turn updates what follows from a vertex that is in, or no more.
func (g *greedy) turn(v int32, in bool, sign int64) {
	s := &g.set
	s.in[v] = in
	for r := range s.left {
		s.left[r] -= sign * g.need[int(v)*g.resources+r]
	}
	for e := g.start[v]; e < g.start[v+1]; e++ {
		s.gain[g.to[e]] += sign * g.sack.worth[e]
	}
	for _, n := range g.among[v] {
		q := &g.subsets[n]
		a, b := q.others(v)
		g.tell(a, b, sign*q.price)
		g.tell(b, a, sign*q.price)
	}
	for k, word := range g.clash[int(v)*g.words:][:g.words] {
		for ; word != 0; word &= word - 1 {
			s.blocked[k<<6+bits.TrailingZeros64(word)] += int32(sign)
		}
	}
	g.steps += int64(20 + g.start[v+1] - g.start[v])
}

// tell changes what a gains after the third vertex of a subset came in, or left where the
// price is negative: it pays where just one other is in.
func (g *greedy) tell(a, b int32, price int64) {
	switch {
	case a < 0:
	case b >= 0 && g.set.in[b]:
		g.set.gain[a] += price
	default:
		g.set.gain[a] -= price
	}
}

// grow takes in what gains most for its size until nothing gains, but not tabu.
func (g *greedy) grow(tabu int32) {
	s := &g.set
	for {
		best := int32(-1)
		for v := range int32(g.vertices) {
			if s.gain[v] <= 0 || s.in[v] || v == tabu || s.blocked[v] > 0 || g.before[v] >= 0 && !s.in[g.before[v]] {
				continue
			}
			if best >= 0 && s.gain[v]*g.size[best] <= s.gain[best]*g.size[v] || !g.fits(g.set.left, v) {
				continue
			}
			best = v
		}
		g.steps += int64(2 * g.vertices)
		if best < 0 {
			return
		}
		g.put(best)
	}
}

// improve leaves one vertex out, or forces one in, for as long as that gains.
func (g *greedy) improve() {
	for g.improveOnce() {
	}
}

func (g *greedy) improveOnce() bool {
	g.kept.copy(&g.set)
	for _, v := range g.kept.chosen {
		if a := g.after[v]; a >= 0 && g.kept.in[a] {
			continue
		}
		g.leave(v)
		if g.grow(v); g.set.worth > g.kept.worth {
			return true
		}
		g.back()
	}
	for v := range int32(g.vertices) {
		if g.kept.in[v] || g.kept.gain[v] <= 0 || g.before[v] >= 0 && !g.kept.in[g.before[v]] {
			continue
		}
		if g.force(v) {
			if g.grow(-1); g.set.worth > g.kept.worth {
				return true
			}
		}
		g.back()
	}
	return false
}

// back goes back to the set that was kept.
func (g *greedy) back() {
	g.set.copy(&g.kept)
	g.steps += int64(g.vertices / 2)
}

// force takes a vertex in and others out until it fits, those first that clash with it
// and then those worth least for their size. It returns false where that cannot be.
func (g *greedy) force(v int32) bool {
	for g.set.blocked[v] > 0 || !g.fits(g.set.left, v) {
		worst := int32(-1)
		for _, w := range g.set.chosen {
			if a := g.after[w]; a >= 0 && g.set.in[a] || w == g.before[v] || g.set.blocked[v] > 0 && !g.clashes(v, w) {
				continue
			}
			if worst < 0 || g.set.gain[w]*g.size[worst] < g.set.gain[worst]*g.size[w] {
				worst = w
			}
		}
		if worst < 0 {
			return false
		}
		g.leave(worst)
		g.steps += int64(4 * len(g.set.chosen))
	}
	g.put(v)
	return true
}
