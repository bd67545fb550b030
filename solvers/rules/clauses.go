package rules

import (
	"slices"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
	"berth/solvers/sat/oracle"
)

// clauses say where the items of a part are. A variable says that an item has a copy in
// a place. Each item that must be placed, each that keeps its copies apart, and each rule
// has a literal that switches its clauses on.
type clauses struct {
	sat.CNF
	p        *model.Problem
	placed   map[int32]sat.Lit // by item of the part: its switch
	there    map[presence]sat.Lit
	origins  []encode.Origin
	switches []sat.Lit // by origin
	oracle   *oracle.Oracle
}

// presence is that of an item in a place of a topology.
type presence struct{ item, topology, place int32 }

// newClauses writes what a part says.
func newClauses(p *model.Problem, part part) *clauses {
	c := &clauses{p: p, placed: map[int32]sat.Lit{}, there: map[presence]sat.Lit{}, oracle: oracle.New()}
	for _, i := range part.items {
		c.item(i, part.rules)
	}
	for _, k := range part.rules {
		c.rule(k)
	}
	return c
}

// under makes the switch of an origin.
func (c *clauses) under(kind encode.OriginKind, a int32) sat.Lit {
	on := c.New()
	c.origins = append(c.origins, encode.Origin{Kind: kind, A: a, B: -1})
	c.switches = append(c.switches, on)
	return on
}

// item says that an item is in some place, in all topologies that matter to it at once,
// and its copies in different ones where they are apart.
func (c *clauses) item(i int32, rules []int32) {
	it := &c.p.Items[i]
	placed := c.under(encode.Assignment, i)
	c.placed[i] = placed
	topologies := c.topologies(i, rules)
	if len(topologies) > 1 && topologies[0] != 0 {
		topologies = slices.Insert(topologies, 0, 0)
	}
	for _, t := range topologies {
		for _, place := range placesOf(c.p, it, t) {
			c.there[presence{i, t, place}] = c.New()
		}
	}
	base := topologies[0]
	for _, t := range topologies[1:] {
		for _, j := range placesOf(c.p, it, base) {
			c.Add(-c.there[presence{i, base, j}], c.there[presence{i, t, c.p.Topologies[t].Place[j]}])
		}
	}
	if it.Apart >= 0 && it.Count > 1 {
		c.copies(i, placed)
		return
	}
	c.Add(c.anywhere(i, base, -placed)...)
}

// anywhere adds to a clause the presence of an item in any place.
func (c *clauses) anywhere(i, topology int32, clause ...sat.Lit) []sat.Lit {
	for _, place := range placesOf(c.p, &c.p.Items[i], topology) {
		clause = append(clause, c.there[presence{i, topology, place}])
	}
	return clause
}

// topologies lists those that matter to an item, ascending.
func (c *clauses) topologies(i int32, rules []int32) []int32 {
	var list []int32
	if t := c.p.Items[i].Apart; t >= 0 {
		list = append(list, t)
	}
	for _, k := range rules {
		r := &c.p.Constraints[k]
		if slices.ContainsFunc(r.Members, func(m model.Member) bool { return m.Item == i }) {
			list = append(list, r.Topology)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// copies says that each copy of an item is somewhere, and no two are in one place.
func (c *clauses) copies(i int32, placed sat.Lit) {
	it := &c.p.Items[i]
	apart := c.under(encode.Apartness, i)
	ofTopology := placesOf(c.p, it, it.Apart)
	if len(ofTopology) < int(it.Count) {
		c.Add(-placed, -apart)
		return
	}
	nodes := placesOf(c.p, it, 0)
	_, byNode := c.there[presence{i, 0, nodes[0]}]
	places := ofTopology
	if byNode {
		places = nodes
	}
	var before [][]sat.Lit // by copy, where it is among the places of the topology
	for range it.Count {
		clause := []sat.Lit{-placed}
		here := map[int32]sat.Lit{}
		for _, place := range places {
			is := c.New()
			clause = append(clause, is)
			of := place
			if byNode {
				c.Add(-is, c.there[presence{i, 0, place}])
				of = c.p.Topologies[it.Apart].Place[place]
			}
			if here[of] == 0 {
				here[of] = c.New()
				c.Add(-here[of], c.there[presence{i, it.Apart, of}])
			}
			c.Add(-is, here[of])
		}
		c.Add(clause...)
		var list []sat.Lit
		for n, of := range ofTopology {
			list = append(list, here[of])
			for _, other := range before {
				c.Add(-apart, -other[n], -here[of])
			}
		}
		before = append(before, list)
	}
}

// rule says that no place has two items of an anti-affinity, or that all of an affinity
// are in one place.
func (c *clauses) rule(k int32) {
	r := &c.p.Constraints[k]
	on := c.under(encode.RuleRow, k)
	if r.Kind == model.AntiAffinity {
		c.count(r, on)
	}
	var used []sat.Lit
	for place := range int32(len(c.p.Topologies[r.Topology].Names)) {
		var here []sat.Lit
		for _, m := range r.Members {
			if there, ok := c.there[presence{m.Item, r.Topology, place}]; ok {
				here = append(here, there)
			}
		}
		if len(here) == 0 {
			continue
		}
		if r.Kind == model.AntiAffinity {
			c.single(on, here)
			continue
		}
		use := c.New()
		for _, there := range here {
			c.Add(-on, -there, use)
		}
		used = append(used, use)
	}
	c.single(on, used)
}

// count adds a clause where an anti-affinity has more members than there are places for any
// of them, which a solver would find out by trying one after the other.
func (c *clauses) count(r *model.Constraint, on sat.Lit) {
	places := map[int32]bool{}
	clause := []sat.Lit{-on}
	for _, m := range r.Members {
		if placed, ok := c.placed[m.Item]; ok {
			clause = append(clause, -placed)
			for _, place := range placesOf(c.p, &c.p.Items[m.Item], r.Topology) {
				places[place] = true
			}
		}
	}
	if len(clause)-1 > len(places) {
		c.Add(clause[:len(places)+2]...)
	}
}

// single says that at most one of some literals is true: with a chain of variables for
// "one of those up to here is".
func (c *clauses) single(on sat.Lit, list []sat.Lit) {
	for n, seen := 1, sat.Lit(0); n < len(list); n++ {
		if n == 1 {
			seen = list[0]
		}
		c.Add(-on, -seen, -list[n])
		next := c.New()
		c.Add(-seen, next)
		c.Add(-list[n], next)
		seen = next
	}
}

// solve asks whether all of it can hold.
func (c *clauses) solve(goOn func(work int64) bool) oracle.Answer {
	if !c.oracle.Read(&c.CNF, goOn) {
		return oracle.Stopped
	}
	return c.oracle.Solve(c.switches, goOn)
}

// conflict makes of the core that the solver named, after a no, one that is as small as it
// goes: each origin is tried without (deletion).
func (c *clauses) conflict(goOn func(work int64) bool) (core []encode.Origin, minimal bool) {
	left, needed := slices.Clone(c.oracle.Core()), 0
	minimal = true
	for minimal && needed < len(left) {
		without := slices.Delete(slices.Clone(left), needed, needed+1)
		switch c.oracle.Solve(without, goOn) {
		case oracle.Stopped:
			minimal = false
		case oracle.Yes:
			needed++
		case oracle.No:
			named := c.oracle.Core()
			left = slices.DeleteFunc(without, func(l sat.Lit) bool { return !slices.Contains(named, l) })
		}
	}
	for k, on := range c.switches {
		if slices.Contains(left, on) {
			core = append(core, c.origins[k])
		}
	}
	return core, minimal
}
