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
// copies, and classes of places that hold bundles of them.
type instance struct {
	items, resources int

	copies  []int32 // by item
	classes []class
	links   int   // rows beside those of the items, see class.link
	base    int64 // what is paid if every pair pays its full distance
	dearest int64 // steps above base that no placement exceeds
	widest  int64 // more than any two placements differ by, in steps
	shift   uint  // multipliers are in steps over 1<<shift
}

// class is a set of interchangeable places: nodes, or the one place outside where
// copies go that are left out, or a wider place such as a rack, whose bundle is
// what lies on all its nodes together.
type class struct {
	nodes    []int32 // nil: no nodes
	count    int32   // bundles that it holds
	wide     bool    // a wider place: its bundles repeat what lies on its nodes
	topology int32   // what ties and clashes are about here, outside -1
	open     int64   // what a bundle pays that is not empty
	room     []int64
	most     []int32   // by item: copies in a bundle; 0 where it is impossible
	need     []int64   // need[item*resources+r]: what a copy takes
	cost     [][]int64 // by item: what its first copy in a bundle costs, its second, …
	ties     []tie
	clash    [][2]int32 // items that no bundle holds both of
	link     [][]int32  // by item: rows that say that wide and narrow bundles agree
}

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
	in := &instance{items: len(p.Items), resources: len(p.Resources), base: p.Offset}
	if in.items > maxItems {
		return nil, fmt.Errorf("bundles: %d items: at most %d: %w", in.items, maxItems, search.ErrTooLarge)
	}
	for i := range p.Items {
		in.copies = append(in.copies, p.Items[i].Count)
	}
	at := map[int32]int{}
	for j, id := range p.NodeClass {
		k, known := at[id]
		if !known {
			k = len(in.classes)
			at[id] = k
			in.classes = append(in.classes, in.nodeClass(p, int32(j)))
		}
		in.classes[k].nodes = append(in.classes[k].nodes, int32(j))
		in.classes[k].count++
	}
	if len(in.classes) > maxClasses {
		return nil, fmt.Errorf("bundles: %d classes of nodes: at most %d: %w", len(in.classes), maxClasses, search.ErrTooLarge)
	}
	in.places(p)
	if len(in.classes) > maxClasses {
		return nil, fmt.Errorf("bundles: %d classes of places: at most %d: %w", len(in.classes), maxClasses, search.ErrTooLarge)
	}
	if err := in.rules(p); err != nil {
		return nil, err
	}
	in.traffic(p)
	in.outside(p)
	return in, in.scale()
}

// nodeClass is the class of node j, without ties.
func (in *instance) nodeClass(p *model.Problem, j int32) class {
	c := class{
		open: p.Open[j], room: p.Capacity[int(j)*in.resources:][:in.resources],
		most: make([]int32, in.items), cost: make([][]int64, in.items),
		need: make([]int64, 0, in.items*in.resources), link: make([][]int32, in.items),
	}
	for i := range p.Items {
		item := &p.Items[i]
		demand := p.Demands[item.Demand].On(j)
		c.need = append(c.need, demand...)
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

// rules takes up anti-affinity and wishes.
func (in *instance) rules(p *model.Problem) error {
	for k := range p.Constraints {
		con := &p.Constraints[k]
		if con.Kind != model.AntiAffinity {
			return fmt.Errorf("bundles: rule %d is not of a kind that the engine takes: %w", con.Rule+1, search.ErrTooLarge)
		}
		for s, a := range con.Members {
			for _, b := range con.Members[:s] {
				if con.Weight == 0 {
					in.clash(con.Topology, b.Item, a.Item)
					continue
				}
				if in.copies[a.Item] > 1 && in.copies[b.Item] > 1 {
					return fmt.Errorf("bundles: a wish to keep replicas from replicas: %w", search.ErrTooLarge)
				}
				in.tie(con.Topology, tie{b.Item, a.Item, 1, 1, -con.Weight * a.Times * b.Times})
			}
		}
	}
	return nil
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

// traffic makes ties of the traffic that stays on a node, in a rack, and so on. The share min(a, b) of
// two items is cut at all the shares that some number of copies of either has; over
// each piece it is a product: both have at least so many copies, or not.
func (in *instance) traffic(p *model.Problem) {
	last := len(p.Levels) - 1
	for _, pair := range p.Pairs {
		in.base += pair.Price * p.Full * p.Levels[last].Distance
		for l := range last {
			saved := pair.Price * (p.Levels[l+1].Distance - p.Levels[l].Distance)
			if saved == 0 {
				continue
			}
			Pieces(p, pair, func(a, b int32, share int64) {
				in.tie(p.Levels[l].Topology, tie{pair.A, pair.B, a, b, saved * share})
			})
		}
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

// outside adds the class of what is left out. Pairs that miss copies pay less: with x
// copies of A and y of B left out, a piece of the share that takes a and b copies is
// lost where x > countA − a or y > countB − b, and where both are, only once.
func (in *instance) outside(p *model.Problem) {
	c := class{
		count: 1, topology: -1, room: make([]int64, in.resources), need: make([]int64, in.items*in.resources),
		most: make([]int32, in.items), cost: make([][]int64, in.items), link: make([][]int32, in.items),
	}
	any := false
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
	if !any {
		return
	}
	distance := p.Levels[len(p.Levels)-1].Distance
	for _, pair := range p.Pairs {
		Pieces(p, pair, func(a, b int32, share int64) {
			worth := pair.Price * distance * share
			a, b = p.Items[pair.A].Count-a+1, p.Items[pair.B].Count-b+1
			hasA, hasB := a <= c.most[pair.A], b <= c.most[pair.B]
			if hasA {
				c.cost[pair.A][a-1] -= worth
			}
			if hasB {
				c.cost[pair.B][b-1] -= worth
			}
			if hasA && hasB {
				c.ties = append(c.ties, tie{pair.A, pair.B, a, b, -worth})
			}
		})
	}
	in.classes = append(in.classes, c)
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
