//go:build cgo

package bundles

import (
	"fmt"

	"berth/model"
	"berth/search"
)

// anchor is a wish that several be together, as an item: it takes no room, is in one
// place of its topology, and is tied there to each member that has all its copies there.
// The best place for it is the one that holds most of the wish, which is what the wish
// pays less for. Two single copies need none: they are tied to each other.
type anchor struct {
	topology   int32
	constraint int
}

// anchorsOf lists the wishes that need an item of their own.
func anchorsOf(p *model.Problem) (list []anchor) {
	for k := range p.Constraints {
		con := &p.Constraints[k]
		if con.Weight == 0 || con.Kind != model.Affinity || len(con.Members) == 1 {
			continue
		}
		alone := len(con.Members) == 2
		for _, m := range con.Members {
			alone = alone && p.Items[m.Item].Count == 1
		}
		if !alone {
			list = append(list, anchor{con.Topology, k})
		}
	}
	return list
}

// rules takes up anti-affinity, affinity and wishes. It fails with search.ErrUnfit
// where one is not of a kind that bundles can pay for.
func (in *instance) rules(p *model.Problem) error {
	for k := range p.Constraints {
		con := &p.Constraints[k]
		ok := false
		switch con.Kind {
		case model.AntiAffinity:
			ok = in.apart(con)
		case model.Affinity:
			ok = true
			if con.Weight == 0 {
				in.together(con)
			} else {
				ok = in.wish(p, con)
			}
		case model.Spread:
			ok = in.spread(p, con)
		}
		if !ok {
			return fmt.Errorf("bundles: rule %d is of a kind %w", con.Rule+1, search.ErrUnfit)
		}
	}
	for n, a := range in.anchors {
		con := &p.Constraints[a.constraint]
		for _, m := range con.Members {
			in.tie(a.topology, tie{m.Item, int32(in.real + n), in.copies[m.Item], 1, con.Weight * m.Times})
		}
	}
	return nil
}

// apart takes up anti-affinity. A wish that two items keep apart is paid once, wherever
// they meet, so one of them may have one copy only.
func (in *instance) apart(con *model.Constraint) bool {
	for s, a := range con.Members {
		for _, b := range con.Members[:s] {
			if con.Weight == 0 {
				in.clash(con.Topology, b.Item, a.Item)
				continue
			}
			if in.copies[a.Item] > 1 && in.copies[b.Item] > 1 {
				return false
			}
			in.tie(con.Topology, tie{b.Item, a.Item, 1, 1, -con.Weight * a.Times * b.Times})
		}
	}
	return true
}

// together takes up affinity over wider places: what it binds is there with all its
// copies or not at all, and likewise outside.
func (in *instance) together(con *model.Constraint) {
	for k := range in.classes {
		c := &in.classes[k]
		if c.topology != con.Topology && c.topology != nowhere {
			continue
		}
		if c.joined == nil {
			c.joined, c.lump = newPairs(in.items).joined, make([]bool, in.items)
		}
		d := pairs{joined: c.joined}
		for _, m := range con.Members {
			d.join(con.Members[0].Item, m.Item)
			c.lump[m.Item] = true
		}
	}
}

// wish takes up the wish that all copies of several items be together, but for what its
// anchor saves. Copies that are left out do not count, so of an item with several none
// may be.
func (in *instance) wish(p *model.Problem, con *model.Constraint) bool {
	for _, m := range con.Members {
		if in.copies[m.Item] > 1 && p.Items[m.Item].Unplaced != model.NoLimit {
			return false
		}
	}
	first := con.Members[0]
	last := con.Members[len(con.Members)-1]
	switch {
	case len(con.Members) == 1:
		worth, copies := con.Weight*first.Times, in.copies[first.Item]
		in.base += worth
		in.charge(con.Topology, first.Item, copies, copies, -worth)
	case len(con.Members) == 2 && in.copies[first.Item] == 1 && in.copies[last.Item] == 1:
		worth := con.Weight * min(first.Times, last.Times)
		in.base += worth
		in.tie(con.Topology, tie{first.Item, last.Item, 1, 1, worth})
		in.missing(first.Item, last.Item, 1, 1, worth)
	default:
		for _, m := range con.Members {
			in.base += con.Weight * m.Times
			in.charge(nowhere, m.Item, 1, 1, -con.Weight*m.Times)
		}
	}
	return true
}

// spread takes up the wish that the copies of one or two items be spread, where the
// emptiest place is empty whenever it is broken, and only one place can break it: then
// each place pays by itself for what it has beyond the skew. The copies of two count
// together, so from there on every further copy pays with each number of the others
// that it passes the skew with.
func (in *instance) spread(p *model.Problem, con *model.Constraint) bool {
	all, places := int64(0), int64(len(p.Topologies[con.Topology].Names))
	for _, m := range con.Members {
		all += int64(in.copies[m.Item]) * m.Times
	}
	if con.Weight > 0 && (places == 1 || all <= con.MaxSkew) {
		return true
	}
	first, last := con.Members[0], con.Members[len(con.Members)-1]
	if con.Weight == 0 || con.MaxSkew < 1 || all > places || all >= 2*(con.MaxSkew+1) || len(con.Members) > 2 || first.Times*last.Times > 1 {
		return false
	}
	skew := int32(con.MaxSkew)
	for _, m := range con.Members {
		in.charge(con.Topology, m.Item, skew+1, in.copies[m.Item], con.Weight)
	}
	if len(con.Members) == 2 {
		for a := int32(1); a <= skew; a++ {
			in.tie(con.Topology, tie{first.Item, last.Item, a, skew + 1 - a, -con.Weight})
		}
	}
	return true
}

// charge adds to what the copies from one to another of an item cost in all places of a
// topology.
func (in *instance) charge(topology, i, from, to int32, cost int64) {
	for k := range in.classes {
		c := &in.classes[k]
		for n := from; c.topology == topology && n <= min(to, c.most[i]); n++ {
			c.cost[i][n-1] += cost
		}
	}
}

// clash keeps two items apart in all places of a topology.
func (in *instance) clash(topology, a, b int32) {
	for k := range in.classes {
		if c := &in.classes[k]; c.topology == topology {
			c.clash = append(c.clash, [2]int32{a, b})
		}
	}
}

// tie adds a tie to all places of a topology.
func (in *instance) tie(topology int32, t tie) {
	for k := range in.classes {
		c := &in.classes[k]
		if c.topology == topology && t.copiesA <= c.most[t.a] && t.copiesB <= c.most[t.b] {
			c.ties = append(c.ties, t)
		}
	}
}

// gain is what an anchor saves where it is with what a bundle holds.
func (c *class) gain(anchor int32, in []taking) int64 {
	gain := int64(0)
	for _, t := range c.ties {
		if t.b != anchor {
			continue
		}
		for _, held := range in {
			if held.item == t.a && held.copies >= t.copiesA {
				gain += t.worth
			}
		}
	}
	return gain
}
