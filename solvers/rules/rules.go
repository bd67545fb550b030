// Package rules is the method rules: whether the hard rules can hold together at all.
//
// Capacities are left aside. What remains of affinity, anti-affinity and apart is a
// colouring of the tasks with racks, nodes or whatever else there is of places, with a list
// of places for each. It falls into small parts that share no rule; in a full cluster
// linear relaxations do not see that one of them has no colouring, and a search for a
// placement can only go on in vain.
//
//   - Tasks are taken away that can be coloured after all others, since they have more
//     places than their neighbours may take (as Kempe did: On the geographical problem of
//     the four colours, American Journal of Mathematics 2, 1879), until none is left or
//     the rest is a hard core.
//   - Of each part of that core, clauses say who is in which place (clauses.go), and a
//     SAT solver looks for a colouring. Where there is none, it names rules and tasks
//     that contradict each other.
//
// What is left out here, tasks that need not be placed, spread and wishes, only makes
// the answer "yes" easier: a "no" is one for the whole problem.
//
// Cost: a pass over the rules and, by task in one, over its nodes; little more in most
// problems. The solver ends after a fixed amount of work.
package rules

import (
	"context"
	"slices"

	"berth/encode"
	"berth/model"
	"berth/search"
	"berth/solvers/sat/oracle"
)

// Method holds hard rules against one another. It ends without an answer where these are
// not to blame, or the work that it may do is used up.
var Method = &search.Method{
	Name:    "rules",
	Short:   "shows that hard rules contradict each other, capacities left aside; finds no placements",
	Source:  "A. B. Kempe: American Journal of Mathematics 2, 1879; the parts that are left by SAT",
	Handles: model.AllFeatures,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		left := int64(mostWork)
		goOn := func(work int64) bool {
			left -= work
			return b.Work(work) && left > 0
		}
		for _, part := range parts(p, goOn) {
			answer := newClauses(p, part).solve(goOn)
			switch {
			case answer == oracle.No:
				b.Exhausted()
				return nil
			case left <= 0 || !b.Work(0):
				return nil
			}
		}
		return nil
	},
}

const (
	mostWork  = 500_000_000
	mostPairs = 400_000 // of copy and node in a part; a larger one is not looked at

	memberWork = 10 // of an item or one that it shares a rule with, when it is looked at
)

// Conflict returns items that must be placed, with what keeps their copies apart and
// rules, that cannot hold together, and whether none of them could be left out of the
// list; none where it finds none. A part of the list may only be at fault as a whole:
// what is kept apart, and a rule, are named once, with no place (B is −1).
func Conflict(p *model.Problem, goOn func(work int64) bool) (core []encode.Origin, minimal bool) {
	for _, part := range parts(p, goOn) {
		c := newClauses(p, part)
		switch c.solve(goOn) {
		case oracle.No:
			return c.conflict(goOn)
		case oracle.Stopped:
			return nil, false
		}
	}
	return nil, false
}

// part is a set of items that rules tie to one another, with these rules.
type part struct {
	items []int32
	rules []int32
	pairs int // of copy and node
}

// graph is what rules say of the items that must be placed.
type graph struct {
	p     *model.Problem
	rules [][]int32        // by item: hard affinities and anti-affinities
	gone  []bool           // by item: it can be coloured after all others, or may be left out
	sizes map[[2]int32]int // by domain and topology: places that hold nodes of the domain
}

// parts returns what is left of the rules when all is gone that does not matter, the
// smallest part first. It returns none where goOn said no.
func parts(p *model.Problem, goOn func(work int64) bool) []part {
	g := &graph{p: p, rules: make([][]int32, len(p.Items)), gone: make([]bool, len(p.Items)), sizes: map[[2]int32]int{}}
	for i := range p.Items {
		g.gone[i] = p.Items[i].Unplaced != model.NoLimit
	}
	for k := range p.Constraints {
		r := &p.Constraints[k]
		if r.Weight > 0 || r.Kind == model.Spread {
			continue
		}
		for _, m := range r.Members {
			g.rules[m.Item] = append(g.rules[m.Item], int32(k))
		}
	}
	if !g.peel(goOn) {
		return nil
	}
	var list []part
	seen := make([]bool, len(p.Items))
	for i := range p.Items {
		if !seen[i] && !g.gone[i] {
			if part := g.part(int32(i), seen); part.pairs <= mostPairs {
				list = append(list, part)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b part) int { return a.pairs - b.pairs })
	return list
}

// peel takes away, again and again, the items that can be coloured after all others.
func (g *graph) peel(goOn func(work int64) bool) bool {
	queue := make([]int32, len(g.gone))
	for i := range queue {
		queue[i] = int32(i)
	}
	for len(queue) > 0 {
		i := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if g.gone[i] {
			continue
		}
		g.gone[i] = g.last(i)
		work := int64(memberWork)
		for _, k := range g.rules[i] {
			work += memberWork * int64(len(g.p.Constraints[k].Members))
			for _, m := range g.p.Constraints[k].Members {
				if g.gone[i] && !g.gone[m.Item] {
					queue = append(queue, m.Item)
				}
			}
		}
		if !goOn(work) {
			return false
		}
	}
	return true
}

// last says whether an item finds places whatever its neighbours take. Where it is in
// rules over different places, or in an affinity, that is not asked.
func (g *graph) last(i int32) bool {
	it := &g.p.Items[i]
	topology := it.Apart
	if topology < 0 && len(g.rules[i]) == 0 {
		return true
	}
	taken := 0
	for _, k := range g.rules[i] {
		r := &g.p.Constraints[k]
		if topology < 0 {
			topology = r.Topology
		}
		if r.Kind == model.Affinity || r.Topology != topology {
			return false
		}
		for _, m := range r.Members {
			if m.Item != i && !g.gone[m.Item] {
				taken += int(g.p.Items[m.Item].Count)
			}
		}
	}
	need := 1
	if it.Apart >= 0 {
		need = int(it.Count)
	}
	return g.places(it, topology) >= taken+need
}

// places is how many places of a topology an item may be in.
func (g *graph) places(it *model.Item, topology int32) int {
	key := [2]int32{it.Domain, topology}
	size, known := g.sizes[key]
	if !known {
		size = len(placesOf(g.p, it, topology))
		g.sizes[key] = size
	}
	return size
}

// placesOf lists the places of a topology where an item may be, ascending.
func placesOf(p *model.Problem, it *model.Item, topology int32) []int32 {
	nodes := p.Domains[it.Domain].Nodes()
	if topology == 0 {
		return nodes
	}
	place := p.Topologies[topology].Place
	for k, j := range nodes {
		nodes[k] = place[j]
	}
	slices.Sort(nodes)
	return slices.Compact(nodes)
}

// part collects what an item is tied to.
func (g *graph) part(i int32, seen []bool) part {
	out := part{items: []int32{i}}
	seen[i] = true
	taken := map[int32]bool{}
	for n := 0; n < len(out.items); n++ {
		it := out.items[n]
		out.pairs += g.p.Domains[g.p.Items[it].Domain].Size * int(g.p.Items[it].Count)
		for _, k := range g.rules[it] {
			if taken[k] {
				continue
			}
			taken[k] = true
			out.rules = append(out.rules, k)
			for _, m := range g.p.Constraints[k].Members {
				if !seen[m.Item] && !g.gone[m.Item] {
					seen[m.Item] = true
					out.items = append(out.items, m.Item)
				}
			}
		}
	}
	slices.Sort(out.items)
	slices.Sort(out.rules)
	return out
}
