//go:build cgo

package bundles

import (
	"fmt"
	"math"

	"berth/model"
	"berth/search"
)

// Limits beyond which the engine withdraws.
const (
	maxItems   = 1000
	maxClasses = 300
	maxCost    = 1 << 36 // in steps: what all placements cost at most
	maxNeed    = 1 << 46
	finest     = 14      // multipliers are at most this fine: a step is divided into 1<<finest
	maxValue   = 1 << 38 // of everything together, in the units of multipliers
)

// instance is a placement problem as the engine sees it: items with one or more
// copies, and classes of places that hold bundles of them. Behind the items of the
// problem are those of its wishes, see anchor.
type instance struct {
	items, resources int
	real             int // items of the problem
	anchors          []anchor

	copies  []int32 // by item
	classes []class
	concern [][]bool // by topology and item: it matters with whom it shares a place there; of nodes nil
	links   int      // rows beside those of the items, see class.link
	base    int64    // what is paid if every pair pays its full distance
	dearest int64    // steps above base that no placement exceeds
	widest  int64    // more than any two placements differ by, in steps
	shift   uint     // multipliers are in steps over 1<<shift
}

// nowhere is the topology of the place outside.
const nowhere int32 = -1

// class is a set of interchangeable places: nodes, or the one place outside where
// copies go that are left out, or a wider place such as a rack, whose bundle is
// what lies on all its nodes together.
type class struct {
	nodes    []int32 // nil: no nodes
	count    int32   // bundles that it holds
	wide     bool    // a wider place: its bundles repeat what lies on its nodes
	topology int32   // what ties and clashes are about here, or nowhere
	open     int64   // what a bundle pays that is not empty
	room     []int64
	most     []int32   // by item: copies in a bundle; 0 where it is impossible
	need     []int64   // need[item*resources+r]: what a copy takes
	cost     [][]int64 // by item: what its first copy in a bundle costs, its second, …
	ties     []tie
	clash    [][2]int32 // items that no bundle holds both of
	joined   []int32    // by item: the first of those that are there together; nil: all by themselves
	lump     []bool     // by item: all its copies are there, or none; nil: none has to
	link     [][]int32  // by item: rows that say that wide and narrow bundles agree
}

// counts says whether the bundles of a class count in the row of an item. Those of
// wide places repeat what is on their nodes, but for what is in wide places alone.
func (c *class) counts(i int32) bool { return !c.wide || c.link[i] == nil }

// tie is what a bundle saves that holds at least so many copies of each of two
// items; it is negative where they had better be apart.
type tie struct {
	a, b             int32
	copiesA, copiesB int32
	worth            int64
}

// newInstance restates a problem. It fails with search.ErrTooLarge where the
// problem is larger, or has rules that reach wider, than the engine takes.
func newInstance(p *model.Problem) (*instance, error) {
	in := &instance{real: len(p.Items), resources: len(p.Resources), base: p.Offset}
	in.anchors = anchorsOf(p)
	in.items = in.real + len(in.anchors)
	if in.items > maxItems {
		return nil, fmt.Errorf("bundles: %d items: at most %d: %w", in.items, maxItems, search.ErrTooLarge)
	}
	for i := range p.Items {
		in.copies = append(in.copies, p.Items[i].Count)
	}
	for range in.anchors {
		in.copies = append(in.copies, 1)
	}
	for _, nodes := range p.NodesByClass() {
		c := in.nodeClass(p, nodes[0])
		c.nodes, c.count = nodes, int32(len(nodes))
		in.classes = append(in.classes, c)
	}
	if len(in.classes) > maxClasses {
		return nil, fmt.Errorf("bundles: %d classes of nodes: at most %d: %w", len(in.classes), maxClasses, search.ErrTooLarge)
	}
	in.places(p)
	if len(in.classes) > maxClasses {
		return nil, fmt.Errorf("bundles: %d classes of places: at most %d: %w", len(in.classes), maxClasses, search.ErrTooLarge)
	}
	in.outside(p)
	in.traffic(p)
	if err := in.rules(p); err != nil {
		return nil, err
	}
	return in, in.scale()
}

// nodeClass is the class of node j, without ties.
func (in *instance) nodeClass(p *model.Problem, j int32) class {
	c := in.newClass(0)
	c.open, c.room = p.Open[j], p.Capacity[int(j)*in.resources:][:in.resources]
	for i := range p.Items {
		item := &p.Items[i]
		demand := p.Demands[item.Demand].On(j)
		copy(c.need[i*in.resources:], demand)
		if !p.Domains[item.Domain].Has(j) {
			continue
		}
		c.most[i] = item.Count
		if item.Apart == 0 {
			c.most[i] = 1
		}
		for r, d := range demand {
			if d > 0 {
				c.most[i] = int32(min(int64(c.most[i]), c.room[r]/d))
			}
		}
		for range c.most[i] {
			c.cost[i] = append(c.cost[i], p.Costs[item.Cost].At(j))
		}
		for _, r := range p.Rebates[item.Rebates.From:item.Rebates.To] {
			if r.Node == j {
				for n := range min(r.Upto, c.most[i]) {
					c.cost[i][n] -= r.Amount
				}
			}
		}
	}
	return c
}

// newClass is a class of a topology that has room for nothing yet but anchors.
func (in *instance) newClass(topology int32) class {
	c := class{
		topology: topology, room: make([]int64, in.resources), need: make([]int64, in.items*in.resources),
		most: make([]int32, in.items), cost: make([][]int64, in.items), link: make([][]int32, in.items),
	}
	for n := range in.anchors {
		if t := in.anchors[n].topology; t == topology || topology == nowhere {
			c.most[in.real+n], c.cost[in.real+n] = 1, []int64{0}
		}
	}
	return c
}

// traffic makes ties of the traffic that stays on a node, in a rack, and so on. The share min(a, b) of
// two items is cut at all the shares that some number of copies of either has; over
// each piece it is a product: both have at least so many copies, or not.
func (in *instance) traffic(p *model.Problem) {
	last := len(p.Levels) - 1
	for _, pair := range p.Pairs {
		in.base += pair.Price * p.Full * p.Levels[last].Distance
		Pieces(p, pair, func(a, b int32, share int64) {
			for l := range last {
				if saved := pair.Price * (p.Levels[l+1].Distance - p.Levels[l].Distance); saved != 0 {
					in.tie(p.Levels[l].Topology, tie{pair.A, pair.B, a, b, saved * share})
				}
			}
			in.missing(pair.A, pair.B, a, b, pair.Price*p.Levels[last].Distance*share)
		})
	}
}

// Pieces calls each for the numbers of copies of both items at which a pair's share
// grows, with how much it grows there. O(copies of both).
func Pieces(p *model.Problem, pair model.Pair, each func(a, b int32, share int64)) {
	countA, countB := p.Items[pair.A].Count, p.Items[pair.B].Count
	at := int64(0)
	for a, b := int32(1), int32(1); a <= countA && b <= countB; {
		partA, partB := p.Share(a, countA, countB, countB), p.Share(countA, countA, b, countB)
		if to := min(partA, partB); to > at {
			each(a, b, to-at)
			at = to
		}
		if partA <= partB {
			a++
		}
		if partB <= partA {
			b++
		}
	}
}

// missing takes off what two items do not pay where one of them lacks copies: what is
// due for the first a copies of A and the first b of B is lost where more than the rest
// of either is left out, and where both are, only once.
func (in *instance) missing(itemA, itemB, a, b int32, worth int64) {
	for k := range in.classes {
		c := &in.classes[k]
		if c.topology != nowhere {
			continue
		}
		a, b := in.copies[itemA]-a+1, in.copies[itemB]-b+1
		hasA, hasB := a <= c.most[itemA], b <= c.most[itemB]
		if hasA {
			c.cost[itemA][a-1] -= worth
		}
		if hasB {
			c.cost[itemB][b-1] -= worth
		}
		if hasA && hasB {
			c.ties = append(c.ties, tie{itemA, itemB, a, b, -worth})
		}
	}
}

// outside adds the class of what is left out, if anything may be.
func (in *instance) outside(p *model.Problem) {
	c, any := in.newClass(nowhere), false
	c.count = 1
	for i := range p.Items {
		item := &p.Items[i]
		if item.Unplaced == model.NoLimit {
			continue
		}
		any = true
		c.most[i] = item.Count
		for range item.Count {
			c.cost[i] = append(c.cost[i], item.Unplaced)
		}
	}
	if any {
		in.classes = append(in.classes, c)
	}
}

// scale finds how fine multipliers may be, and refuses what is too large.
func (in *instance) scale() error {
	most, all := make([]int64, in.items), int64(0)
	for k := range in.classes {
		c := &in.classes[k]
		in.dearest += c.open * int64(c.count)
		saved := int64(0)
		for _, t := range c.ties {
			saved += max(t.worth, -t.worth)
			in.dearest += max(-t.worth, 0) * int64(c.count)
		}
		all = max(all, saved)
		for i, costs := range c.cost {
			for _, v := range costs {
				most[i] = max(most[i], v, -v)
			}
		}
		for _, need := range c.need {
			if need > maxNeed {
				return fmt.Errorf("bundles: amounts of %d steps: at most %d: %w", need, int64(maxNeed), search.ErrTooLarge)
			}
		}
	}
	for i, v := range most {
		if v > maxCost {
			all = math.MaxInt64 / 2
			break
		}
		in.dearest += v * int64(in.copies[i])
	}
	all = 2 * max(all, in.dearest, 1)
	in.widest = all
	if all > maxCost {
		return fmt.Errorf("bundles: costs of up to %d steps: at most %d: %w", all, int64(maxCost), search.ErrTooLarge)
	}
	for in.shift < finest && all<<(in.shift+1) <= maxValue {
		in.shift++
	}
	return nil
}

// stepsUp returns a value in the units of multipliers in whole steps, rounded up.
func (in *instance) stepsUp(value int64) int64 { return -(-value >> in.shift) }
