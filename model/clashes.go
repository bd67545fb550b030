package model

import (
	"cmp"
	"math"
	"slices"
)

// Where every item is on its cheapest node, rules are broken and traffic flows. Each such
// clash costs its price unless somebody leaves, who then pays more by itself. A price is laid
// on the items that could mend the clash, at most as much on each, in all, as its leaving costs:
// so the clashes of a cluster that runs, in which a wish is worth less than a move, cost in every
// placement what they cost today. It is a feasible solution, by greed, of the dual of a covering
// program with a variable "leaves" for each item and one "is mended" for each clash.
type clashes struct {
	*Problem
	at   []int32 // by item: its cheapest node, NoPlace where there are several or several copies
	loss []int64 // by item: what leaving it costs at least, less what is laid on it
	cost int64   // what the clashes cost at least
}

// endless is the loss of an item that may be on one node only.
const endless = math.MaxInt64 / 2

// add lays the price of every clash on the items. O(pairs + members of constraints · log, and
// pairs of members in one place).
func (c *clashes) add() {
	for k := range c.Constraints {
		if r := &c.Constraints[k]; r.Kind != Spread {
			c.rule(r)
		}
	}
	for k := range c.Pairs {
		if t := &c.Pairs[k]; c.at[t.A] != NoPlace && c.at[t.B] != NoPlace {
			c.between(t.A, t.B, t.Price*c.Full*c.Distance(c.at[t.A], c.at[t.B]))
		}
	}
	for k := range c.Constraints {
		if r := &c.Constraints[k]; r.Kind == Spread { // which lay their price on many
			c.spread(r)
		}
	}
}

// lay lays a price on an item.
func (c *clashes) lay(i int32, price int64) {
	if c.loss[i] != endless {
		c.loss[i] -= price
	}
}

// between is a clash of two items: one of them leaves, or the price is paid.
func (c *clashes) between(a, b int32, price int64) {
	if price = min(price, c.loss[a], c.loss[b]); price < endless {
		c.lay(a, price)
		c.lay(b, price)
		c.cost += price
	}
}

// rule is affinity or anti-affinity.
func (c *clashes) rule(r *Constraint) {
	in := c.byPlace(r)
	switch {
	case r.Kind == Affinity && r.Weight == 0:
		for k := 1; k < len(in); k++ {
			for n := range min(len(in[k-1]), len(in[k])) {
				c.between(in[k-1][n].Item, in[k][n].Item, endless)
			}
		}
	case r.Kind == Affinity:
		c.scattered(r, in)
	case r.Weight == 0:
		for _, members := range in {
			c.allButOne(members)
		}
	default:
		for _, members := range in {
			for k, a := range members {
				for _, b := range members[k+1:] {
					if c.loss[a.Item] == 0 {
						break
					}
					c.between(a.Item, b.Item, r.Weight*a.Times*b.Times)
				}
			}
		}
	}
}

// byPlace lists the members of a rule whose cheapest nodes are known, by the places of these.
func (c *clashes) byPlace(r *Constraint) [][]Member {
	place := c.Topologies[r.Topology].Place
	var list []Member
	for _, m := range r.Members {
		if c.at[m.Item] != NoPlace {
			list = append(list, m)
		}
	}
	of := func(m Member) int32 { return place[c.at[m.Item]] }
	slices.SortStableFunc(list, func(a, b Member) int { return cmp.Compare(of(a), of(b)) })
	var in [][]Member
	for from := 0; from < len(list); {
		to := from
		for to < len(list) && of(list[to]) == of(list[from]) {
			to++
		}
		in = append(in, list[from:to])
		from = to
	}
	return in
}

// allButOne of these have to leave; it sorts them.
func (c *clashes) allButOne(members []Member) {
	loss := func(a, b Member) int { return cmp.Compare(c.loss[a.Item], c.loss[b.Item]) }
	slices.SortStableFunc(members, loss)
	last := len(members) - 1
	if last < 1 || c.loss[members[last-1].Item] == endless {
		return
	}
	c.lay(members[last].Item, c.loss[members[last-1].Item])
	for _, m := range members[:last] {
		c.cost += c.loss[m.Item]
		c.loss[m.Item] = 0
	}
}

// scattered counts a wish for one place: whichever that is, the tasks whose cheapest nodes are in
// other places break it or pay for being there.
func (c *clashes) scattered(r *Constraint, in [][]Member) {
	tasks, most, price := int64(0), int64(0), r.Weight
	for _, members := range in {
		here := int64(0)
		for _, m := range members {
			here += m.Times
			price = min(price, c.loss[m.Item]/m.Times)
		}
		tasks += here
		most = max(most, here)
	}
	if tasks == most {
		return
	}
	c.cost += price * (tasks - most)
	for _, members := range in {
		for _, m := range members {
			c.lay(m.Item, price*m.Times)
		}
	}
}

// spread lays a price on all members: one that leaves makes the skew less by two at most for
// each replica that a copy stands for, and those without one cheapest node by one.
func (c *clashes) spread(r *Constraint) {
	count := make([]int64, len(c.Topologies[r.Topology].Names))
	place := c.Topologies[r.Topology].Place
	over, heaviest, least := -r.MaxSkew, int64(0), int64(endless)
	for _, m := range r.Members {
		j := c.at[m.Item]
		if j == NoPlace {
			over -= m.Times * int64(c.Items[m.Item].Count)
			continue
		}
		count[place[j]] += m.Times
		heaviest = max(heaviest, m.Times)
		least = min(least, c.loss[m.Item])
	}
	if over += slices.Max(count) - slices.Min(count); over <= 0 || r.Weight == 0 && least == endless {
		return
	}
	price := least
	if mended := 2 * heaviest; r.Weight == 0 {
		c.cost += price * ((over + mended - 1) / mended) // so many have to leave
	} else {
		price = min(r.Weight, least/mended) * mended
		c.cost += price / mended * over
	}
	for _, m := range r.Members {
		if c.at[m.Item] != NoPlace {
			c.lay(m.Item, price)
		}
	}
}
