package conflict

import (
	"cmp"
	"slices"

	"berth/model"
)

// repair goes on from where a round ended: a task that fits nowhere takes the place of
// those that failed least often, which then look for another one (the ejection pool of
// Nagata and Bräysy, "A Powerful Route Minimization Heuristic for the Vehicle Routing
// Problem with Time Windows", Operations Research Letters 2009). It says
// whether everything is placed in the end.
func (g *greedy) repair(some []int, steps int, goOn func(int64) bool) bool {
	var pool []int
	for _, i := range some {
		if !g.anywhere(int32(i)) && g.needed(i) {
			pool = append(pool, i)
		}
	}
	for step := range steps {
		if !goOn(int64(g.nodes) * 3000) {
			return false
		}
		if len(pool) == 0 {
			if pool = g.uneven(); len(pool) == 0 {
				return g.checkRest()
			}
			for _, i := range pool {
				g.failed[i]++
				g.remove(i)
			}
		}
		i := pool[len(pool)-1]
		pool = pool[:len(pool)-1]
		if g.put(i, step%2 == 0) {
			continue
		}
		g.failed[i]++
		for c := g.tasks[i].Replicas.From; c < g.tasks[i].Replicas.To; c++ {
			out, j := g.cheapest(i, step)
			if j < 0 {
				g.deadEnd(i)
				g.remove(i)
				pool = slices.Insert(pool, 0, i)
				break
			}
			for _, k := range out {
				g.remove(k)
			}
			pool = append(pool, out...)
			g.set(i, c, j)
		}
	}
	return false
}

// uneven returns the tasks of a spread that taking tasks out broke, if they may move.
func (g *greedy) uneven() []int {
	for k := range g.rules {
		r := &g.rules[k]
		if r.Kind != model.Spread || g.off[r.member] {
			continue
		}
		if slices.Max(g.held[k])-slices.Min(g.held[k]) <= int32(r.MaxSkew) {
			continue
		}
		var list []int
		for _, i := range r.Tasks {
			if g.needed(int(i)) {
				list = append(list, int(i))
			}
		}
		return list
	}
	return nil
}

// deadEnd notes the nodes of a task's replicas, beside which the next one has none.
func (g *greedy) deadEnd(i int) {
	t := &g.tasks[i]
	for _, j := range g.at[t.Replicas.From:t.Replicas.To] {
		if j == model.NoPlace {
			continue
		}
		if g.ended[i] == nil {
			g.ended[i] = make([]int, g.nodes)
		}
		g.ended[i][j]++
	}
}

// cheapest finds the node where a replica of a task drives out those that failed least
// often, all together, but of those that an affinity ties to it only the one that failed
// most; nodes counted as well that were dead ends. −1 where the task may be on none.
func (g *greedy) cheapest(i int, step int) (out []int, node int) {
	node = -1
	least := 0
	for k := range g.nodes {
		j := (k + step) % g.nodes
		rivals, ok := g.rivals(i, j)
		if !ok {
			continue
		}
		cost := 0
		if g.ended[i] != nil {
			cost = g.ended[i][j]
		}
		mates := 0 // they leave together, or again and again one of them is driven out alone
		for _, r := range rivals {
			if g.together(i, r) {
				mates = max(mates, 1+g.failed[r])
			} else {
				cost += 1 + g.failed[r]
			}
		}
		cost += mates
		if node < 0 || cost < least {
			out, node, least = rivals, j, cost
		}
	}
	return out, node
}

// together says whether an affinity ties two tasks.
func (g *greedy) together(a, b int) bool {
	return slices.ContainsFunc(g.tasks[a].rules, func(k int) bool {
		r := &g.rules[k]
		return r.Kind == model.Affinity && !g.off[r.member] && slices.Contains(r.Tasks, int32(b))
	})
}

// rivals are the tasks that have to leave for a replica of a task to be on a node.
func (g *greedy) rivals(i, j int) (out []int, ok bool) {
	t := &g.tasks[i]
	if !g.may(i, j, g.off) || g.tooSmall(i, j, g.off) >= 0 || !g.apartFrom(i, j) {
		return nil, false
	}
	add := func(k int) {
		if k != i && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	for _, k := range t.rules {
		r := &g.rules[k]
		switch {
		case g.off[r.member]:
		case r.Kind == model.AntiAffinity:
			if holder := g.held[k][r.place[j]]; holder != 0 {
				add(int(holder) - 1)
			}
		case r.Kind == model.Affinity && g.place[k] >= 0 && g.place[k] != r.place[j]:
			if g.anywhere(int32(i)) {
				return nil, false // its own replicas are elsewhere
			}
			for _, other := range r.Tasks {
				if g.anywhere(other) {
					add(int(other))
				}
			}
		case r.Kind == model.Spread && g.crowded(k, j):
			rival := g.leastFailed(r, i, r.place[j])
			if rival < 0 {
				return nil, false
			}
			add(rival)
		}
	}
	return g.makeRoom(i, j, out)
}

// leastFailed is the task of a rule, other than i, that failed least often of those in a
// place; −1 where there is none.
func (g *greedy) leastFailed(r *rule, i int, place int32) int {
	best := -1
	for _, k := range r.Tasks {
		t := &g.tasks[k]
		here := func(j int32) bool { return j != model.NoPlace && r.place[j] == place }
		if int(k) != i && slices.ContainsFunc(g.at[t.Replicas.From:t.Replicas.To], here) && (best < 0 || g.failed[k] < g.failed[best]) {
			best = int(k)
		}
	}
	return best
}

// makeRoom adds tasks on a node until another replica fits: those first that failed
// least often, and of these the largest.
func (g *greedy) makeRoom(i, j int, out []int) ([]int, bool) {
	over := make([]int64, g.resources)
	short := func() bool {
		for r := range over {
			if over[r] > 0 && !g.off[g.ofCapacity[j*g.resources+r]] {
				return true
			}
		}
		return false
	}
	for r, need := range g.tasks[i].Demand.On(int32(j)) {
		if over[r] = -1; need > 0 {
			over[r] = g.load[j*g.resources+r] + need - g.capacity[j*g.resources+r]
		}
	}
	leave := func(k int) {
		t := &g.tasks[k]
		for _, at := range g.at[t.Replicas.From:t.Replicas.To] {
			if int(at) == j {
				for r, need := range t.Demand.On(int32(j)) {
					over[r] -= need
				}
			}
		}
	}
	for _, k := range out {
		leave(k)
	}
	if !short() {
		return out, true
	}
	var here []int
	for k := range g.tasks {
		t := &g.tasks[k]
		if k != i && !slices.Contains(out, k) && slices.Contains(g.at[t.Replicas.From:t.Replicas.To], int32(j)) {
			here = append(here, k)
		}
	}
	slices.SortStableFunc(here, func(a, b int) int {
		return cmp.Or(g.failed[a]-g.failed[b], cmp.Compare(g.sizes[b], g.sizes[a]))
	})
	for _, k := range here {
		if !short() {
			break
		}
		leave(k)
		out = append(out, k)
	}
	return out, !short()
}
