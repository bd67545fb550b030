//go:build cgo

// Package bundles is the method bundles: branch and price for tasks with traffic between
// them, rules that keep them apart, and costs by node.
//
// A column is a bundle, what lies together on a node of a class; so alike nodes have no
// order, and what a bundle saves in traffic is a number (E.L. Johnson, A. Mehrotra and
// G.L. Nemhauser, Min-cut clustering, Mathematical Programming 62, 1993; A. Ernst, H.
// Jiang and M. Krishnamoorthy, Exact solutions to task allocation problems, Management
// Science 52, 2006). A linear program over bundles (master.go) is fed by exact
// pricing at points between its duals and the best point so far (converge.go, pricing.go,
// split.go); tree.go branches. Small dives look for placements, with bundles that a quick
// search finds (dive.go, greedy.go). When the gap is small, all bundles
// that fit into it are listed once (enumerate.go), and the tree goes on with them
// alone; it branches on pairs of items first (branch.go, decisions.go). When it is not, rows
// of three items raise the bound (subsets.go), and the tree looks first for placements in
// the lower part of the gap (aim.go).
//
// Multipliers are rounded to integers, and every bound is computed from them in
// integers; the linear program only chooses them.
//
// Replicas are counts in a bundle. The share of traffic that stays on a node, the lesser
// of two parts, is cut into pieces each of which is a product of "at least so many
// copies of the one" and "of the other" (instance.go): so a copy more is a vertex
// more, and traffic is an edge. What is left out is the bundle of one more place. Racks
// and zones, where traffic or a rule is about them, have bundles too, with a row for
// each item and place that says that they agree with those of the nodes (places.go), and
// rows for pairs where that is not enough (agree.go). Rules are what bundles may hold and
// what they pay; a wish that several be together is an item of its own (rules.go).
//
// Cost: exact pricing grows exponentially with the tasks on a node, and is quick up to
// about eight. The engine withdraws (search.ErrTooLarge) from more than a thousand
// items, from hard spread, and from wishes that no bundle can pay for by itself.
package bundles

import (
	"context"
	"math"
	"slices"

	"berth/heuristics"
	"berth/model"
	"berth/search"
)

// Methods returns the registry's rows of this package; none where the program was
// built without cgo.
func Methods() []*search.Method {
	return []*search.Method{{
		Name:   "bundles",
		Short:  "branch and price over what lies together on a node, for traffic between tasks",
		Source: "Johnson, Mehrotra, Nemhauser 1993; Ernst, Jiang, Krishnamoorthy 2006; Baldacci, Christofides, Mingozzi 2008",
		Proves: true,
		Handles: model.SeveralResources | model.UnlikeDemands | model.Selectors | model.Copies | model.Apart | model.Conflicts |
			model.Together | model.Wishes | model.TrafficOn | model.Shares | model.Distances | model.OpenCosts | model.LeavingOut | model.Stays,
		Run: run,
	}}
}

// Takes says whether the engine takes a problem whose features it handles: that its size and its
// numbers are not too large, as far as that shows without a linear program. It restates the
// problem to find out.
func Takes(p *model.Problem) bool {
	_, err := newInstance(p)
	return err == nil
}

// Alike says whether the engine takes a problem whose features it handles, and all nodes are
// alike: then it does not tell placements apart that differ in the order of nodes alone, of which
// engines that look at each node by itself go through many. It restates the problem to find out.
func Alike(p *model.Problem) bool {
	in, err := newInstance(p)
	return err == nil && len(in.classes) == 1
}

func run(ctx context.Context, p *model.Problem, b *search.Board) error {
	in, err := newInstance(p)
	if err != nil {
		return err
	}
	m, err := newMaster(in)
	if err != nil {
		return err
	}
	defer m.close()
	t := &tree{master: m, board: b, problem: p, aim: aim{target: math.MaxInt64}}
	if t.begun(ctx) {
		return t.solve()
	}
	return nil
}

// Work of what looks for first placements.
const (
	descentWork   = 3_000  // by pair of items
	racksWork     = 10_000 // where there are rows of links, by pair of copies, for each of several descents
	racksDescents = 8
)

// begun looks for first placements, and says whether to go on. Where racks cost something,
// the program, whose bundles are large there, converges sooner from those of several.
func (t *tree) begun(ctx context.Context) (going bool) {
	work, times := descentWork*int64(t.items*t.items), uint64(1)
	if copies := int64(t.problem.Copies); t.links > 0 {
		work, times = racksWork*copies*copies, racksDescents
	}
	for n := range times {
		found, going := heuristics.DescentAside(ctx, t.problem, t.board, nil, work, t.board.Seed()+n)
		if !going {
			return false
		}
		if found != nil {
			list := t.bundlesOf(found)
			t.add(append(t.beside(list), list...))
		}
	}
	return true
}

// highest is what a placement that is still wanted may cost, in steps.
func (t *tree) highest() int64 {
	if _, cost := t.board.Best(); cost != search.NoCost {
		return min(cost-t.base-1, t.target)
	}
	return min(t.dearest, t.target)
}

// raise reports a bound in steps. It holds among what is wanted.
func (t *tree) raise(steps int64) { t.board.RaiseBelow(t.base + min(steps, t.highest()+1)) }

// offer reports the placement that bundles make up, each some times.
func (t *tree) offer(used []use) bool {
	next := make([]int, len(t.classes))
	pl := make(model.Placement, t.problem.Copies)
	at := make([]int32, t.real)
	for i := range at {
		at[i] = t.problem.Items[i].First
	}
	for _, u := range used {
		c := &t.classes[u.bundle.class]
		if c.wide {
			continue
		}
		for range u.times {
			node := model.NoPlace
			if c.nodes != nil {
				node = c.nodes[next[u.bundle.class]]
				next[u.bundle.class]++
			}
			for _, in := range u.bundle.in {
				if int(in.item) >= t.real {
					continue
				}
				for range in.copies {
					pl[at[in.item]] = node
					at[in.item]++
				}
			}
		}
	}
	// The items of wishes may stand in better places than in the bundles.
	steps := int64(0)
	for _, b := range t.bundlesOf(pl) {
		steps += b.cost
	}
	return t.board.Offer(pl, t.base+steps)
}

// bundlesOf returns what lies together in a placement.
func (t *tree) bundlesOf(pl model.Placement) []*bundle {
	type held struct {
		class int32
		in    []taking
	}
	var lists []held
	for k := range t.classes {
		for _, place := range t.classes[k].places() {
			if in := t.lying(pl, &t.classes[k], place); len(in) > 0 {
				lists = append(lists, held{int32(k), in})
			}
		}
	}
	for n := range t.anchors {
		best, most := -1, int64(-1)
		for l, held := range lists {
			c := &t.classes[held.class]
			if c.most[t.real+n] == 0 {
				continue
			}
			if gain := c.gain(int32(t.real+n), held.in); gain > most {
				best, most = l, gain
			}
		}
		if best >= 0 {
			lists[best].in = append(lists[best].in, taking{int32(t.real + n), 1})
		}
	}
	list := make([]*bundle, len(lists))
	for l, held := range lists {
		list[l] = t.bundle(held.class, held.in)
	}
	return list
}

// places lists the nodes of every place of a class: all of them in a wide one, else each by
// itself; NoPlace is where what is left out lies.
func (c *class) places() [][]int32 {
	switch {
	case c.nodes == nil:
		return [][]int32{{model.NoPlace}}
	case c.wide:
		return [][]int32{c.nodes}
	}
	var single [][]int32
	for n := range c.nodes {
		single = append(single, c.nodes[n:n+1])
	}
	return single
}

// lying is what a placement has on a place of a class, by item.
func (t *tree) lying(pl model.Placement, c *class, place []int32) []taking {
	var in []taking
	for i := range t.problem.Items {
		if c.most[i] <= 0 {
			continue
		}
		item := &t.problem.Items[i]
		n := int32(0)
		for _, at := range pl[item.First : item.First+item.Count] {
			if slices.Contains(place, at) {
				n++
			}
		}
		if n > 0 {
			in = append(in, taking{int32(i), n})
		}
	}
	return in
}
