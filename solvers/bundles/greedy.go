//go:build cgo

package bundles

import (
	"cmp"
	"slices"
)

// greedy finds bundles that are worth much, quickly: from every vertex it takes in
// what is worth most for its size, and then tries to leave each vertex out and fill
// the room anew. What it finds is enough for most rounds of the master.
type greedy struct {
	*sack
	resources int
	profit    []int64
	size      []int64
	gain      []int64 // by vertex: its profit and its edges to what is in
	left      []int64
	in        []bool
	blocked   []int32 // by vertex: how many that are in clash with it
	chosen    []int32
	worth     int64
	steps     int64
}

// candidate is a set that was found.
type candidate struct {
	chosen []int32
	worth  int64
}

// run returns at most `most` different sets that are worth more than the threshold, the
// best first.
func (g *greedy) run(room []int64, profit []int64, open, threshold int64, most int) []candidate {
	g.profit, g.steps = profit, 0
	g.gain, g.in, g.blocked = make([]int64, g.vertices), make([]bool, g.vertices), make([]int32, g.vertices)
	g.left, g.size = make([]int64, g.resources), make([]int64, g.vertices)
	for v := range g.vertices {
		g.size[v] = 1
		for r := range g.resources {
			g.size[v] += g.sack.size[v*g.resources+r] * (1 + g.price[r]>>8) >> 4
		}
	}
	var found []candidate
	for v := range int32(g.vertices) {
		if g.before[v] >= 0 {
			continue
		}
		g.reset(room, open)
		g.put(v, true)
		g.grow(-1)
		g.improve()
		if g.worth <= threshold || len(g.chosen) == 0 {
			continue
		}
		chosen := slices.Clone(g.chosen)
		slices.Sort(chosen)
		if !slices.ContainsFunc(found, func(c candidate) bool { return c.worth == g.worth && slices.Equal(c.chosen, chosen) }) {
			found = append(found, candidate{chosen, g.worth})
		}
	}
	slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.worth, a.worth) })
	return found[:min(len(found), most)]
}

func (g *greedy) reset(room []int64, open int64) {
	copy(g.gain, g.profit)
	copy(g.left, room)
	clear(g.in)
	clear(g.blocked)
	g.chosen, g.worth = g.chosen[:0], -open
	g.steps += int64(2 * g.vertices)
}

// put takes a vertex in, or out again.
func (g *greedy) put(v int32, in bool) {
	g.in[v] = in
	sign := int64(1)
	if in {
		g.worth += g.gain[v]
		g.chosen = append(g.chosen, v)
	} else {
		sign = -1
		g.worth -= g.gain[v]
		g.chosen = slices.Delete(g.chosen, slices.Index(g.chosen, v), slices.Index(g.chosen, v)+1)
	}
	for r := range g.left {
		g.left[r] -= sign * g.need[int(v)*g.resources+r]
	}
	for e := g.start[v]; e < g.start[v+1]; e++ {
		g.gain[g.to[e]] += sign * g.sack.worth[e]
	}
	for w := range int32(g.vertices) {
		if g.clashes(v, w) {
			g.blocked[w] += int32(sign)
		}
	}
	g.steps += int64(g.vertices)
}

// grow takes in what gains most for its size until nothing gains, but not tabu.
func (g *greedy) grow(tabu int32) {
	for {
		best := int32(-1)
		for v := range int32(g.vertices) {
			if g.gain[v] <= 0 || g.in[v] || v == tabu || g.blocked[v] > 0 || g.before[v] >= 0 && !g.in[g.before[v]] {
				continue
			}
			if best >= 0 && g.gain[v]*g.size[best] <= g.gain[best]*g.size[v] || !g.fits(v) {
				continue
			}
			best = v
		}
		g.steps += int64(2 * g.vertices)
		if best < 0 {
			return
		}
		g.put(best, true)
	}
}

func (g *greedy) fits(v int32) bool {
	for r, left := range g.left {
		if g.need[int(v)*g.resources+r] > left {
			return false
		}
	}
	return true
}

// improve leaves out one vertex after the other for as long as that gains.
func (g *greedy) improve() {
	for better := true; better; {
		better = false
		before, worth := slices.Clone(g.chosen), g.worth
		for _, v := range before {
			if a := g.after[v]; a >= 0 && g.in[a] {
				continue
			}
			g.put(v, false)
			g.grow(v)
			if g.worth > worth {
				better = true
				break
			}
			for _, w := range slices.Backward(slices.Clone(g.chosen)) {
				if !slices.Contains(before, w) {
					g.put(w, false)
				}
			}
			g.put(v, true)
		}
	}
}
