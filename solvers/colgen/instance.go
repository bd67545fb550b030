package colgen

import (
	"fmt"
	"math"
	"slices"

	"berth/model"
	"berth/model/integer"
	"berth/search"
)

// Limits beyond which the engine withdraws.
const (
	maxPairs = 3_000_000 // of item and node
	maxPrice = 1 << 34   // in steps of cost, and the same with multipliers
	maxNeed  = 1 << 50   // in steps of need
)

// pairBytes is what a pair takes on both sides, without its needs.
const pairBytes = 200

// multiplierShift is the precision of multipliers where the costs leave room for
// it: a step of cost is divided into 1<<multiplierShift.
const multiplierShift = 10

// instance is a placement problem as the engine sees it: items with several
// interchangeable copies on nodes. A pair of item i and node j has the index
// j*items+i. Where copies may be left out, the last node stands for outside: it has
// room for all.
type instance struct {
	items, nodes, resources int

	outside int       // the node that stands for leaving out, or -1
	copies  []int32   // by item
	cost    []int64   // by pair: above the item's cheapest, times 1<<shift
	most    []int32   // by pair: copies that may be there; 0 where the pair is impossible
	need    []int64   // need[pair*resources+r]: what a copy takes
	part    []float64 // the same as parts of the node's room
	room    []int64   // room[j*resources+r]
	open    []int64   // by node: the price of using it, times 1<<shift
	foes    [][]int32 // by item: those that it may share no node with; nil: there are none
	clique  []int32   // by item: a set of items that are all foes, or -1; nil where foes is
	cliques int
	base    int64 // what is paid if every copy could have its cheapest node
	dearest int64 // steps above base that no placement exceeds
	shift   uint  // multipliers are in steps of cost over 1<<shift
}

// newInstance restates a problem. It fails with search.ErrTooLarge where the
// problem has more pairs or larger numbers than the engine takes.
func newInstance(p *model.Problem) (*instance, error) {
	in := &instance{items: len(p.Items), nodes: len(p.NodeNames), resources: len(p.Resources), outside: -1}
	for i := range p.Items {
		item := &p.Items[i]
		if item.Apart > 0 {
			return nil, fmt.Errorf("colgen: replicas kept apart by more than the node, %w", search.ErrUnfit)
		}
		if item.Unplaced != model.NoLimit {
			in.outside = len(p.NodeNames)
		}
		in.copies = append(in.copies, item.Count)
	}
	if err := in.loadFoes(p); err != nil {
		return nil, err
	}
	if in.outside >= 0 {
		in.nodes++
	}
	pairs := in.items * in.nodes
	if pairs > maxPairs {
		return nil, fmt.Errorf("colgen: %d items on %d nodes: at most %d pairs: %w", in.items, in.nodes, maxPairs, search.ErrTooLarge)
	}
	in.cost, in.most = make([]int64, pairs), make([]int32, pairs)
	in.need, in.part = make([]int64, pairs*in.resources), make([]float64, pairs*in.resources)
	in.room, in.open = make([]int64, in.nodes*in.resources), make([]int64, in.nodes)
	divisors, err := in.divisors(p)
	if err != nil {
		return nil, err
	}
	for j := range p.NodeNames {
		in.loadNode(p, j, divisors)
	}
	in.loadOutside(p)
	return in, in.scaleCosts(p)
}

// loadFoes finds what may share no node. A rule is a clique; an item that is in
// several counts for the largest.
func (in *instance) loadFoes(p *model.Problem) error {
	var rules [][]int32
	for k := range p.Constraints {
		c := &p.Constraints[k]
		if c.Topology != 0 {
			return fmt.Errorf("colgen: anti-affinity over places wider than a node, %w", search.ErrUnfit)
		}
		var rule []int32
		for _, m := range c.Members {
			rule = append(rule, m.Item)
		}
		rules = append(rules, rule)
	}
	in.setFoes(rules)
	return nil
}

// setFoes makes foes of all items of a rule.
func (in *instance) setFoes(rules [][]int32) {
	if len(rules) == 0 {
		return
	}
	in.foes, in.clique = make([][]int32, in.items), slices.Repeat([]int32{-1}, in.items)
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b []int32) int { return len(b) - len(a) })
	for _, rule := range rules {
		for _, i := range rule {
			if in.clique[i] < 0 {
				in.clique[i] = int32(in.cliques)
			}
			for _, k := range rule {
				if k != i {
					in.foes[i] = append(in.foes[i], k)
				}
			}
		}
		in.cliques++
	}
	for i := range in.foes {
		slices.Sort(in.foes[i])
		in.foes[i] = slices.Compact(in.foes[i])
	}
}

// foesOf lists what may not be where item i is; nothing is kept apart outside.
func (in *instance) foesOf(j int, i int32) []int32 {
	if in.foes == nil || j == in.outside {
		return nil
	}
	return in.foes[i]
}

// meets says whether a foe of a pair's item is on its node.
func (in *instance) meets(at []int32, k int) bool {
	j, i := k/in.items, int32(k%in.items)
	return slices.ContainsFunc(in.foesOf(j, i), func(f int32) bool { return at[j*in.items+int(f)] > 0 })
}

// divisors returns, by resource, what all needs have in common.
func (in *instance) divisors(p *model.Problem) ([]int64, error) {
	divisors := make([]int64, in.resources)
	largest := int64(0)
	for i := range p.Items {
		row := &p.Demands[p.Items[i].Demand]
		for j := range p.NodeNames {
			for r, need := range row.On(int32(j)) {
				divisors[r] = integer.GCD(divisors[r], need)
				largest = max(largest, need)
			}
			if row.Nodes == nil && row.Values == nil {
				break
			}
		}
	}
	for r := range divisors {
		divisors[r] = max(divisors[r], 1)
	}
	for _, room := range p.Capacity {
		largest = max(largest, room)
	}
	if largest > maxNeed {
		return nil, fmt.Errorf("colgen: amounts of %d steps: at most %d: %w", largest, int64(maxNeed), search.ErrTooLarge)
	}
	return divisors, nil
}

// loadNode sets costs, needs and room of node j.
func (in *instance) loadNode(p *model.Problem, j int, divisors []int64) {
	room := in.room[j*in.resources:][:in.resources]
	for r := range room {
		room[r] = p.Capacity[j*in.resources+r] / divisors[r]
	}
	in.open[j] = p.Open[j]
	for i := range p.Items {
		item := &p.Items[i]
		k := j*in.items + i
		if !p.Domains[item.Domain].Has(int32(j)) {
			continue
		}
		in.most[k] = item.Count
		if item.Apart == 0 {
			in.most[k] = 1
		}
		in.cost[k] = p.Costs[item.Cost].At(int32(j))
		for r, need := range p.Demands[item.Demand].On(int32(j)) {
			need /= divisors[r]
			in.need[k*in.resources+r] = need
			if need > 0 {
				in.most[k] = int32(min(int64(in.most[k]), room[r]/need))
				in.part[k*in.resources+r] = float64(need) / float64(max(room[r], 1))
			}
		}
	}
}

// loadOutside sets what leaving copies out costs.
func (in *instance) loadOutside(p *model.Problem) {
	if in.outside < 0 {
		return
	}
	for i := range p.Items {
		if item := &p.Items[i]; item.Unplaced != model.NoLimit {
			k := in.outside*in.items + i
			in.cost[k], in.most[k] = item.Unplaced, item.Count
		}
	}
}

// scaleCosts takes each item's cheapest cost off its costs, and scales the rest.
func (in *instance) scaleCosts(p *model.Problem) error {
	in.base = p.Offset
	most := int64(0)
	for i := range in.items {
		low, high := int64(math.MaxInt64), int64(math.MinInt64)
		for k := i; k < len(in.cost); k += in.items {
			if in.most[k] > 0 {
				low, high = min(low, in.cost[k]), max(high, in.cost[k])
			}
		}
		if low > high {
			continue
		}
		if high-low > maxPrice {
			return fmt.Errorf("colgen: costs of item %d differ by %d steps: at most %d: %w", i, high-low, int64(maxPrice), search.ErrTooLarge)
		}
		in.base += low * int64(in.copies[i])
		in.dearest += (high - low) * int64(in.copies[i])
		most = max(most, high-low)
		for k := i; k < len(in.cost); k += in.items {
			if in.most[k] > 0 {
				in.cost[k] -= low
			}
		}
	}
	for j, open := range in.open {
		if open > maxPrice {
			return fmt.Errorf("colgen: node %s costs %d steps to use: at most %d: %w", p.NodeNames[j], open, int64(maxPrice), search.ErrTooLarge)
		}
		in.dearest += open
		most = max(most, open)
	}
	for in.shift < multiplierShift && most<<(in.shift+1) <= maxPrice {
		in.shift++
	}
	for k := range in.cost {
		in.cost[k] <<= in.shift
	}
	for j := range in.open {
		in.open[j] <<= in.shift
	}
	return nil
}

// needs returns what a copy of a pair takes, by resource.
func (in *instance) needs(pair int) []int64 {
	return in.need[pair*in.resources:][:in.resources]
}

// priced says whether some node costs something to use.
func (in *instance) priced() bool {
	return slices.ContainsFunc(in.open, func(open int64) bool { return open > 0 })
}

// step is one step of cost, as a Lagrangian value.
func (in *instance) step() int64 { return 1 << in.shift }

// stepsUp returns a Lagrangian value in whole steps, rounded up.
func (in *instance) stepsUp(value int64) int64 { return -(-value >> in.shift) }

// steps returns what a placement costs, in steps above base. at holds copies by
// pair.
func (in *instance) steps(at []int32) int64 {
	sum := int64(0)
	for j := range in.nodes {
		used := false
		for i := range in.items {
			if n := at[j*in.items+i]; n > 0 {
				sum += int64(n) * in.cost[j*in.items+i]
				used = true
			}
		}
		if used {
			sum += in.open[j]
		}
	}
	return sum >> in.shift
}

// restate makes copies by pair of a placement of the problem.
func (in *instance) restate(p *model.Problem, pl model.Placement) []int32 {
	at := make([]int32, len(in.most))
	for i := range p.Items {
		item := &p.Items[i]
		for _, j := range pl[item.First : item.First+item.Count] {
			if j == model.NoPlace {
				j = int32(in.outside)
			}
			at[int(j)*in.items+i]++
		}
	}
	return at
}
