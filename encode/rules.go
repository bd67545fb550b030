package encode

import (
	"slices"

	"berth/model"
	"berth/model/integer"
)

// rule states a constraint.
func (b *builder) rule(c int32) {
	r := &b.p.Constraints[c]
	switch {
	case r.Kind == model.Affinity && r.Weight == 0:
		b.together(c, r)
	case r.Kind == model.Affinity:
		b.wishTogether(c, r)
	case r.Kind == model.AntiAffinity && r.Weight == 0:
		b.separate(c, r)
	case r.Kind == model.AntiAffinity:
		b.wishSeparate(c, r)
	default:
		b.spread(c, r)
	}
}

// together: a place holds all copies of all members, or none of any. The group is
// in a place where its first member is; with replicas a variable says it, so that
// every copy can ask for it by itself.
func (b *builder) together(c int32, r *model.Constraint) {
	single := true
	for _, member := range r.Members {
		single = single && b.p.Items[member.Item].Count == 1
	}
	for place := range b.p.Topologies[r.Topology].Member {
		b.togetherIn(c, r, int32(place), single)
	}
}

func (b *builder) togetherIn(c int32, r *model.Constraint, place int32, single bool) {
	members := make([][]slot, len(r.Members))
	some, fits := false, true
	for m, member := range r.Members {
		members[m] = b.within(member.Item, r.Topology, place)
		some = some || len(members[m]) > 0
		fits = fits && b.room(member.Item, members[m]) == b.p.Items[member.Item].Count
	}
	if !some {
		return
	}
	var group []int32
	switch {
	case !fits:
	case single:
		for _, s := range members[0] {
			group = append(group, s.first)
		}
		members[0] = nil
	default:
		group = []int32{b.variable(Var{Kind: Gathered, Item: c, Topology: r.Topology, Place: place, Nth: 1})}
	}
	origin := Origin{Kind: RuleRow, A: c, B: place}
	for m, slots := range members {
		if len(slots) == 0 {
			continue
		}
		for _, s := range slots {
			b.all(s, 1)
		}
		b.sum(group, -int64(b.p.Items[r.Members[m].Item].Count))
		b.row(Equal, 0, origin)
		if fits && !single {
			for _, s := range slots {
				b.term(s.first, 1)
				b.sum(group, -1)
				b.row(AtMost, 0, origin)
			}
		}
	}
}

// wishTogether: the group has one place; a member with a copy in another pays.
// For a single copy the difference of the two is priced place by place, which
// bounds far better than one variable for all places. Of several copies it is said where they are
// all in the group's place: two that are apart are then torn, wherever the group is.
func (b *builder) wishTogether(c int32, r *model.Constraint) {
	homes := make([]int32, len(b.p.Topologies[r.Topology].Member))
	for place := range homes {
		homes[place] = -1
		if slices.ContainsFunc(r.Members, func(m model.Member) bool { return len(b.some(m.Item, r.Topology, int32(place))) > 0 }) {
			homes[place] = b.variable(Var{Kind: Gathered, Item: c, Topology: r.Topology, Place: int32(place), Nth: 1})
		}
	}
	for m, member := range r.Members {
		x := Var{Cost: r.Weight * member.Times, Item: c, Topology: r.Topology, Nth: int32(m + 1)}
		if b.p.Items[member.Item].Count == 1 {
			b.strays(x, member.Item, homes)
		} else {
			b.torn(x, member.Item, homes)
		}
	}
	for _, home := range homes {
		if home >= 0 {
			b.term(home, 1)
		}
	}
	b.define(AtMost, 1)
}

// strays makes the variables of a single copy outside the place of its group: one for each place
// that may be home to the group. x says of which wish.
func (b *builder) strays(x Var, item int32, homes []int32) {
	x.Kind = Stray
	for place, home := range homes {
		x.Place = int32(place)
		if some := b.some(item, x.Topology, x.Place); len(some) > 0 {
			away := b.variable(x)
			b.sum(some, 1)
			b.term(home, -1)
			b.term(away, -1)
			b.define(AtMost, 0)
		}
	}
}

// torn makes what several copies pay that are not all in the place of their group. Where none
// may be left out, they are complete in one place, or pay.
func (b *builder) torn(x Var, item int32, homes []int32) {
	placed := b.p.Items[item].Unplaced == model.NoLimit
	x.Kind, x.Place = Torn, -1
	torn := b.variable(x)
	x.Kind, x.Cost = Complete, 0
	var complete []int32
	for place, home := range homes {
		x.Place = int32(place)
		some := b.some(item, x.Topology, x.Place)
		if len(some) == 0 {
			continue
		}
		var here []int32
		switch all := b.atLeast(item, x.Topology, x.Place, b.p.Items[item].Count); {
		case !placed:
			here = []int32{home}
		case len(all) > 0:
			here = []int32{b.variable(x)}
			complete = append(complete, here[0])
			b.implies(here[0], home)
			b.implies(here[0], all[0])
		}
		b.sum(some, 1)
		b.sum(here, -1)
		b.term(torn, -1)
		b.define(AtMost, 0)
	}
	if placed {
		b.sum(complete, 1)
		b.term(torn, 1)
		b.define(Equal, 1)
	}
}

// separate: of all members at most one has copies in a place. One row a place
// says it for all pairs, and bounds better than they would.
func (b *builder) separate(c int32, r *model.Constraint) {
	for place := range int32(len(b.p.Topologies[r.Topology].Member)) {
		members := b.present(r, place)
		present := 0
		for _, some := range members {
			if len(some) > 0 {
				present++
			}
		}
		if present < 2 {
			continue
		}
		for _, some := range members {
			b.sum(some, 1)
		}
		b.row(AtMost, 1, Origin{Kind: RuleRow, A: c, B: place})
	}
}

// present returns by member what says that it has a copy in the place.
func (b *builder) present(r *model.Constraint, place int32) [][]int32 {
	members := make([][]int32, len(r.Members))
	for m, member := range r.Members {
		members[m] = b.some(member.Item, r.Topology, place)
	}
	return members
}

// wishSeparate: two members that share a place, or several, pay once. Those of the crowd are
// counted place by place, the others pair by pair.
func (b *builder) wishSeparate(c int32, r *model.Constraint) {
	places := make([][][]int32, len(b.p.Topologies[r.Topology].Member))
	for place := range places {
		places[place] = b.present(r, int32(place))
	}
	together := crowd(b.p, r)
	for place, members := range places {
		b.crowded(c, r, int32(place), together, members)
	}
	for u := range r.Members {
		for v := range u {
			if together[u] && together[v] {
				continue
			}
			clash := int32(-1)
			for _, members := range places {
				if len(members[u]) == 0 || len(members[v]) == 0 {
					continue
				}
				if clash < 0 {
					cost := r.Weight * r.Members[u].Times * r.Members[v].Times
					clash = b.variable(Var{Cost: cost, Kind: Clash, Item: c, Topology: r.Topology, Place: int32(v), Nth: int32(u + 1)})
				}
				b.sum(members[u], 1)
				b.sum(members[v], 1)
				b.term(clash, -1)
				b.define(AtMost, 1)
			}
			if clash >= 0 {
				b.clashes(clash, r, u, v, places)
			}
		}
	}
}

// clashes says of all places together what a pair of members shares: no more of them than
// the fewer copies.
func (b *builder) clashes(clash int32, r *model.Constraint, u, v int, places [][][]int32) {
	shared := int64(0)
	for _, members := range places {
		if len(members[u]) > 0 && len(members[v]) > 0 {
			b.sum(members[u], 1)
			b.sum(members[v], 1)
			shared++
		}
	}
	fewer := min(b.p.Items[r.Members[u].Item].Count, b.p.Items[r.Members[v].Item].Count)
	b.term(clash, -min(int64(fewer), shared))
	b.define(AtMost, shared)
}

// crowd says which members of a wish to be apart can be counted place by place, as no two of
// them ever share two places: those of a single copy and one other. Of n in a place the k-th
// pays for k−1 pairs, which adds up to all n·(n−1)/2. That is convex in n, so it bounds no less
// than pairs do, and better where there are more members than places. Empty where pairs do as well.
func crowd(p *model.Problem, r *model.Constraint) []bool {
	together, size, several := make([]bool, len(r.Members)), 0, false
	for m, member := range r.Members {
		if single := p.Items[member.Item].Count == 1; member.Times == 1 && (single || !several) {
			together[m] = true
			several = several || !single
			size++
		}
	}
	if size < 2 || size == 2 && !several {
		clear(together)
	}
	return together
}

// crowded makes what a crowd pays in a place.
func (b *builder) crowded(c int32, r *model.Constraint, place int32, crowd []bool, members [][]int32) {
	present := int32(0)
	for m, some := range members {
		if crowd[m] && len(some) > 0 {
			present++
		}
	}
	if present < 2 {
		return
	}
	first := b.sequence(Var{Kind: Crowd, Item: c, Topology: r.Topology, Place: place, Nth: 2}, present-1)
	for k := range present - 1 {
		b.g.Vars[first+k].Cost = r.Weight * int64(k+1)
	}
	for m, some := range members {
		if crowd[m] {
			b.sum(some, 1)
		}
	}
	b.all(slot{first: first, depth: present - 1}, -1)
	b.define(AtMost, 1)
}

// spread: with L the smallest count, every count n(p) is in [L, L + allowed], and,
// for a wish, S units above that at their price. Counts are in units of the
// greatest common divisor of what the members' copies count, so L and S take only
// values that occur; a first unit of S then stands for what is left of it beyond
// the allowed skew. What L is at least is no variable.
func (b *builder) spread(c int32, r *model.Constraint) {
	unit := spreadUnit(r)
	low, high := int64(0), int64(0) // of the smallest count and of any
	for _, member := range r.Members {
		low += member.Times / unit * int64(b.p.Items[member.Item].Count)
	}
	tallies := make([]tally, len(b.p.Topologies[r.Topology].Member))
	low /= int64(len(tallies))
	for place := range tallies {
		tallies[place] = b.tally(r, int32(place), unit)
		low, high = min(low, tallies[place].most), max(high, tallies[place].most)
	}
	allowed := r.MaxSkew / unit
	if len(tallies) == 1 || high <= allowed {
		return
	}
	surely := ShareOf(b.p, r, int64(len(tallies)))
	x := Var{Kind: Least, Item: c, Topology: r.Topology, Place: -1, Nth: int32(surely) + 1}
	more := int32(max(low-surely, 0))
	least := slot{first: b.sequence(x, more), depth: more}
	origin := Origin{Kind: RuleRow, A: c, B: -1}
	above := slot{}
	if r.Weight > 0 {
		x.Kind, x.Cost, x.Nth = Above, r.Weight*unit, 1
		above = slot{first: b.sequence(x, int32(high-allowed)), depth: int32(high - allowed)}
		b.g.Vars[above.first].Cost = r.Weight * (unit - r.MaxSkew%unit)
		origin.Kind = Definition
	}
	for _, count := range tallies {
		if more > 0 || surely > 0 {
			b.terms = append(b.terms, count.terms...)
			b.all(least, -1)
			b.row(AtLeast, surely, origin)
		}
		if count.most > allowed+surely {
			b.terms = append(b.terms, count.terms...)
			b.all(least, -1)
			b.all(above, -1)
			b.row(AtMost, allowed+surely, origin)
		}
	}
	if member := r.Members[0]; r.Weight > 0 && len(r.Members) == 1 && int64(more+1)*(high-allowed) <= mostSteps {
		b.spreadSteps(member.Item, r.Topology, allowed, least, above)
	}
}

// mostSteps is up to how many rows a place of a wish to spread has for its single counts.
const mostSteps = 40

// spreadSteps says of the single counts of a wish to spread one item what the rows over all of
// them say in sum: where a place has k copies, the smallest count is a, or the skew is more than
// what is allowed by k − allowed − a + 1, for every a.
func (b *builder) spreadSteps(item, topology int32, allowed int64, least, above slot) {
	for place := range int32(len(b.p.Topologies[topology].Member)) {
		for k := int32(allowed) + 1; ; k++ {
			some := b.atLeast(item, topology, place, k)
			if len(some) == 0 {
				break
			}
			for a := range min(least.depth, k-int32(allowed)-1) + 1 {
				b.sum(some, 1)
				if a < least.depth {
					b.term(least.first+a, -1)
				}
				b.term(above.first+k-int32(allowed)-a-1, -1)
				b.define(AtMost, 0)
			}
		}
	}
}

// ShareOf is how much of a spread each of its places holds at least, in its unit: where the
// least one holds L, all others hold at most L + allowed, and together they hold at most
// L + (places − 1)·(L + allowed), which is no less than what must be placed.
func ShareOf(p *model.Problem, r *model.Constraint, places int64) int64 {
	total, unit := int64(0), spreadUnit(r)
	for _, member := range r.Members {
		item := &p.Items[member.Item]
		if item.Unplaced != model.NoLimit {
			return 0
		}
		total += member.Times / unit * int64(item.Count)
	}
	allowed := r.MaxSkew / unit
	if r.Weight > 0 || allowed >= total {
		return 0
	}
	return max((total-(places-1)*allowed+places-1)/places, 0)
}

// tally is what a spread counts in a place, and the most that it can be.
type tally struct {
	terms []Term
	most  int64
}

func (b *builder) tally(r *model.Constraint, place int32, unit int64) tally {
	var t tally
	for _, member := range r.Members {
		times := member.Times / unit
		slots := b.within(member.Item, r.Topology, place)
		t.most += times * int64(b.room(member.Item, slots))
		for _, s := range slots {
			for k := range s.depth {
				t.terms = append(t.terms, Term{s.first + k, times})
			}
		}
	}
	return t
}

// spreadUnit is the greatest common divisor of what the members' copies count.
func spreadUnit(r *model.Constraint) int64 {
	unit := int64(0)
	for _, member := range r.Members {
		unit = integer.GCD(unit, member.Times)
	}
	return max(unit, 1)
}
