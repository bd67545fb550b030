package heuristics

import (
	"cmp"
	"context"
	"slices"

	"berth/model"
	"berth/search"
)

// Cluster: items that talk much are joined to clusters, which then are placed whole,
// the largest first, each where it costs least.
//
// The coarsening of G. Karypis and V. Kumar (A fast and high quality multilevel scheme
// for partitioning irregular graphs, SIAM Journal on Scientific Computing 20, 1998):
// rounds of matchings along heavy edges. An edge counts by its weight over the product
// of the sizes of its ends, so that small clusters join first and all grow together; a
// round joins at most a fifth of the clusters, the best first. No cluster grows beyond
// a third of the largest node or beyond the mean node, which would leave too little of the
// few large nodes to the items that need them; nor does it hold two members of an
// anti-affinity, or items with different domains, unless each has half of the nodes. An
// edge that this rules out is looked at once. Then, as in best fit decreasing, a cluster goes to the cheapest
// of the nodes where its partners are and of a few others with room. A cluster that
// fits nowhere is placed item by item.
//
// Large items that nothing binds take their turns among the clusters, each where it is
// cheapest; the small ones, and bound items with several copies, are placed by penalty, at
// the end. O(pairs · log pairs) a round, about fifteen of them.
var Cluster = &search.Method{
	Name:    "cluster",
	Short:   "what talks much is joined to clusters, which are placed whole",
	Source:  "G. Karypis, V. Kumar: SIAM Journal on Scientific Computing 20, 1998",
	Handles: model.AllFeatures &^ model.MoveLimit,
	Run: func(_ context.Context, p *model.Problem, board *search.Board) error {
		b := newBuilder(p, board)
		if b.placeClusters() {
			b.finish()
		}
		return nil
	},
}

// cluster is a set of items.
type cluster struct {
	members []int32
	demand  []int64
	size    int64   // the sum over the resources, see sizes
	rules   []int32 // anti-affinities of its members, ascending
	domain  int32   // the narrowest of its members
}

// clusters joins the items with one copy each.
type clusters struct {
	*builder
	sizes []int64
	most  []int64 // a cluster may take, by resource
	all   []cluster
	into  []int32 // by cluster: the one that it joined, or itself
	edges []edge
}

const (
	clusterPart   = 0.34 // of the largest node that a cluster may fill, if the mean node has so much
	joinPart      = 5    // a round joins one cluster in so many
	clusterRounds = 40
	joinWork      = 100 // units an edge takes in a round
)

// placeClusters places everything, clusters first. It returns false where the board
// stopped it.
func (b *builder) placeClusters() bool {
	x := newClusters(b)
	for range clusterRounds {
		joined := x.join()
		if !b.goOn() {
			return false
		}
		if !joined {
			break
		}
	}
	for _, c := range x.turns() {
		if !x.place(c) {
			return false
		}
	}
	return b.placeRest(descending(b.penalties()))
}

// turns lists the clusters, and as clusters of their own the large items that nothing
// binds, the largest first.
func (x *clusters) turns() []*cluster {
	var order []*cluster
	for k := range x.all {
		if len(x.all[k].members) > 0 {
			order = append(order, &x.all[k])
		}
	}
	room := x.meanRoom()
	for i := range x.p.Items {
		if !x.p.Items[i].Bound && !x.small(int32(i), room) {
			order = append(order, &cluster{members: []int32{int32(i)}, size: x.sizes[i]})
		}
	}
	slices.SortStableFunc(order, func(c, d *cluster) int { return cmp.Compare(d.size, c.size) })
	return order
}

func newClusters(b *builder) *clusters {
	p := b.p
	x := &clusters{builder: b, sizes: b.sizes(), most: make([]int64, len(p.Resources))}
	of := make([]int32, len(p.Items)) // by item: its cluster, or -1
	for k, capacity := range p.Capacity {
		r := k % len(x.most)
		x.most[r] = max(x.most[r], int64(clusterPart*float64(capacity)))
	}
	for r, mean := range b.meanRoom() {
		x.most[r] = min(x.most[r], int64(mean))
	}
	for i := range p.Items {
		of[i] = -1
		it := &p.Items[i]
		if it.Count > 1 || !it.Bound {
			continue
		}
		of[i] = int32(len(x.all))
		c := cluster{members: []int32{int32(i)}, demand: slices.Clone(p.Demands[it.Demand].Rest), size: x.sizes[i], domain: it.Domain}
		for _, role := range b.roles.of(int32(i)) {
			if r := b.rules[role.rule]; r.Kind == model.AntiAffinity && r.Weight == 0 {
				c.rules = append(c.rules, role.rule)
			}
		}
		slices.Sort(c.rules)
		x.into = append(x.into, int32(len(x.all)))
		x.all = append(x.all, c)
	}
	for _, pair := range p.Pairs {
		if a, b := of[pair.A], of[pair.B]; a >= 0 && b >= 0 {
			x.edges = append(x.edges, edge{a: a, b: b, traffic: float64(pair.Price)})
		}
	}
	return x
}

// edge is the traffic between two clusters. Without traffic they may not be one.
type edge struct {
	a, b           int32
	traffic, value float64
}

func (e *edge) ends() uint64 { return uint64(e.a)<<32 | uint64(e.b) }

// join is one round. It says whether any clusters were joined.
func (x *clusters) join() bool {
	x.spent += joinWork * int64(len(x.edges))
	x.gather()
	live := 0
	for k := range x.all {
		if len(x.all[k].members) > 0 {
			live++
		}
	}
	left := live/joinPart + 1
	taken := make([]bool, len(x.all))
	joined := false
	for k := range x.edges {
		e := &x.edges[k]
		if left == 0 {
			break
		}
		if taken[e.a] || taken[e.b] {
			continue
		}
		if !x.fit(&x.all[e.a], &x.all[e.b]) {
			e.traffic = 0
			continue
		}
		x.merge(e.a, e.b)
		taken[e.a], taken[e.b], joined = true, true, true
		left--
	}
	return joined
}

// gather adds up the traffic between clusters, the most valuable first.
func (x *clusters) gather() {
	edges := x.edges[:0]
	for _, e := range x.edges {
		if a, b := x.into[e.a], x.into[e.b]; a != b && e.traffic > 0 {
			edges = append(edges, edge{a: min(a, b), b: max(a, b), traffic: e.traffic})
		}
	}
	slices.SortFunc(edges, func(e, f edge) int { return cmp.Compare(e.ends(), f.ends()) })
	sums := edges[:0]
	for _, e := range edges {
		if last := len(sums) - 1; last >= 0 && sums[last].ends() == e.ends() {
			sums[last].traffic += e.traffic
		} else {
			sums = append(sums, e)
		}
	}
	for k := range sums {
		e := &sums[k]
		e.value = e.traffic / (float64(max(x.all[e.a].size, 1)) * float64(max(x.all[e.b].size, 1)))
	}
	slices.SortFunc(sums, func(e, f edge) int {
		if e.value != f.value {
			return cmp.Compare(f.value, e.value)
		}
		return cmp.Compare(e.ends(), f.ends())
	})
	x.edges = sums
}

// fit says whether two clusters may be one.
func (x *clusters) fit(a, b *cluster) bool {
	for r, most := range x.most {
		if a.demand[r]+b.demand[r] > most {
			return false
		}
	}
	if d, e := a.domain, b.domain; d != e && min(x.p.Domains[d].Size, x.p.Domains[e].Size)*2 < len(x.held) {
		return false
	}
	for k, l := 0, 0; k < len(a.rules) && l < len(b.rules); {
		switch cmp.Compare(a.rules[k], b.rules[l]) {
		case 0:
			return false
		case -1:
			k++
		default:
			l++
		}
	}
	return true
}

// merge puts cluster b into cluster a.
func (x *clusters) merge(a, b int32) {
	into, from := &x.all[a], &x.all[b]
	x.into[b] = a
	into.members = append(into.members, from.members...)
	into.rules = append(into.rules, from.rules...)
	slices.Sort(into.rules)
	for r := range into.demand {
		into.demand[r] += from.demand[r]
	}
	into.size += from.size
	if x.p.Domains[from.domain].Size < x.p.Domains[into.domain].Size {
		into.domain = from.domain
	}
	*from = cluster{}
}

// place puts a cluster on the cheapest node that takes all of it.
func (x *clusters) place(c *cluster) bool {
	if i := c.members[0]; !x.p.Items[i].Bound {
		return x.placeItem(i, x.cheapest)
	}
	best, least := model.NoPlace, none.cost
	seen := map[int32]bool{}
	for _, i := range c.members {
		if x.partners.start == nil {
			break
		}
		x.list = x.partnerNodes(i, x.list[:0], manyPartners)
		for _, j := range x.list {
			if !seen[j] {
				seen[j] = true
				if cost, ok := x.costOn(c, j); ok && cost < least {
					best, least = j, cost
				}
			}
		}
	}
	for j, tries := int32(-1), 0; tries < otherNodes/4; tries++ {
		if j = int32(x.room.Next(c.demand, int(j)+1)); j < 0 {
			break
		}
		if !seen[j] {
			if cost, ok := x.costOn(c, j); ok && cost < least {
				best, least = j, cost
			}
		}
	}
	for _, i := range c.members {
		first := x.p.Items[i].First
		if best >= 0 && x.fits(i, best) {
			x.put(first, best)
			continue
		}
		if j := x.cheapest(i, first); j >= 0 {
			x.put(first, j)
		}
	}
	return x.goOn()
}

// costOn is what it costs to have a cluster on a node, and whether it may be there. What
// its members keep to themselves is the same everywhere and not counted.
func (x *clusters) costOn(c *cluster, j int32) (cost int64, ok bool) {
	for r, amount := range c.demand {
		if k := int(j)*len(c.demand) + r; x.load[k]+amount > x.p.Capacity[k] {
			return 0, false
		}
	}
	for _, i := range c.members {
		if !x.p.Domains[x.p.Items[i].Domain].Has(j) || !x.fits(i, j) {
			return 0, false
		}
		cost += x.try(x.p.Items[i].First, j).cost
	}
	return cost, true
}
