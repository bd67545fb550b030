package certify

import (
	"berth/encode"
	"berth/model/integer"
	"berth/proof"
	"berth/search"
)

// mostTimes is how often a row may be taken in a cut.
const mostTimes = 1 << 30

// counted makes two steps where nodes cost something to use: what all nodes hold of a resource is at
// least what all copies take of it, which is a sum of rows, and the cheapest nodes that have it are a
// knapsack. That is a bound for the resource with the dearest answer.
func counted(g *encode.Program, bound int64, _ func(int64) bool) (int64, func(*proof.Writer), error) {
	best := &count{bound: search.NoBound}
	for r := range g.Problem.Resources {
		if c := newCount(g, int32(r)); c != nil && c.bound > best.bound {
			best = c
		}
	}
	return min(best.bound, bound), best.write, nil
}

// count is the sum of the rows of a resource, with the bound that it shows.
type count struct {
	terms []encode.Term
	right int64
	from  []proof.Multiplier
	pays  []proof.Multiplier // what copies pay at least
	bound int64
}

func (c *count) write(w *proof.Writer) {
	w.Cut(c.terms, c.right, c.from...)
	w.Price(1, c.pays, ^proof.Name(0))
}

// newCount sums the rows of a resource; nil where a node has none, or numbers are too large.
func newCount(g *encode.Program, resource int32) *count {
	p, c := g.Problem, &count{}
	sum, reduced := make([]int64, len(g.Vars)), make([]int64, len(g.Vars))
	scale, size, total := g.Scale(), int64(0), int64(0)
	for v := range g.Vars {
		reduced[v] = g.Vars[v].Cost / scale.Unit
	}
	add := func(r int, times int64) {
		row := &g.Rows[r]
		for _, t := range row.Terms {
			sum[t.Var] += times * t.Coef
			size = integer.AddCapped(size, max(times, -times)*max(t.Coef, -t.Coef))
		}
		size = integer.AddCapped(size, max(times, -times)*max(row.RHS, -row.RHS))
		c.right += times * row.RHS
		c.from = append(c.from, proof.Multiplier{Row: proof.Name(r), By: times})
	}
	needs := g.LeastNeeds(int(resource), func(int32) bool { return true })
	limited := make([]bool, len(p.NodeNames))
	for r := range g.Rows {
		switch row := &g.Rows[r]; {
		case row.Origin.Kind == encode.Assignment && len(row.Terms) > 0:
			least := reduced[row.Terms[0].Var]
			for _, t := range row.Terms {
				least = min(least, reduced[t.Var])
			}
			for _, t := range row.Terms {
				reduced[t.Var] -= least
			}
			c.pays = append(c.pays, proof.Multiplier{Row: proof.Name(r), By: least})
			total += least * row.RHS
			switch need := needs[row.Origin.A]; {
			case need > mostTimes:
				return nil
			case need > 0:
				add(r, -need)
			}
		case row.Origin.Kind == encode.Capacity && row.Origin.B == resource:
			limited[row.Origin.A] = true
			times := perUnit(g, row)
			if times > mostTimes {
				return nil
			}
			add(r, times)
		}
		if size >= 1<<60 {
			return nil
		}
	}
	for v := range g.Vars {
		x := &g.Vars[v]
		if x.Kind == encode.Copy && need(g, x, resource) > 0 && !limited[x.Place] {
			return nil
		}
	}
	least, ok := c.knapsack(sum, reduced)
	if !ok {
		return nil
	}
	c.bound = scale.Zero + scale.Unit*(total+least)
	return c
}

// knapsack sets the cut, and returns the least that all variables come to within it at these costs;
// false where its table would be too large.
func (c *count) knapsack(sum, costs []int64) (least int64, ok bool) {
	common := int64(0)
	for _, a := range sum {
		common = integer.GCD(common, a)
	}
	if common == 0 {
		return 0, false
	}
	c.right = integer.FloorDiv(c.right, common)
	room, heaviest := c.right, int64(0)
	var saved [][2]int64 // weight, and what that costs less
	for v, a := range sum {
		if a == 0 {
			least += min(costs[v], 0)
			continue
		}
		a /= common
		c.terms = append(c.terms, encode.Term{Var: int32(v), Coef: a})
		cost := costs[v]
		if a < 0 {
			room, least = room-a, least+cost
			a, cost = -a, -cost
		}
		if cost < 0 {
			saved = append(saved, [2]int64{a, -cost})
			heaviest += a
		}
	}
	room = min(room, heaviest)
	if room < 0 || room >= proof.MostCells/int64(len(saved)+1) {
		return 0, false
	}
	most := make([]int64, room+1)
	for _, s := range saved {
		for r := room; r >= s[0]; r-- {
			most[r] = max(most[r], most[r-s[0]]+s[1])
		}
	}
	return least - most[room], true
}

// need returns what a copy takes of a resource where its variable has it.
func need(g *encode.Program, x *encode.Var, resource int32) int64 {
	p := g.Problem
	return p.Demands[p.Items[x.Item].Demand].On(x.Place)[resource]
}

// perUnit returns how much of its resource a unit of a capacity's row is.
func perUnit(g *encode.Program, row *encode.Row) int64 {
	t := row.Terms[0]
	return need(g, &g.Vars[t.Var], row.Origin.B) / t.Coef
}
