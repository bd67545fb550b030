package model

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// TrivialBound is what every copy pays on its cheapest node, or left out, as if it
// were alone, what clashes between those cost, and what leaving out costs where not all have
// room: a lower bound on the cost of every placement, and no term of the cost is negative.
// For a workflow it is the criticalPath. O(items · nodes of
// their domains) at worst, O(items · log items) where rows are sparse and nothing clashes.
func (p *Problem) TrivialBound() int64 {
	if p.Workflow != nil {
		return p.Workflow.criticalPath()
	}
	type choice struct{ cost, domain int32 }
	known := map[choice]cheapest{}
	bound := p.Offset
	placed := make([]int64, len(p.Items)) // what a copy pays that is placed, at least
	alone := &clashes{Problem: p, at: make([]int32, len(p.Items)), loss: make([]int64, len(p.Items))}
	for i := range p.Items {
		item := &p.Items[i]
		key := choice{item.Cost, item.Domain}
		best, seen := known[key]
		if !seen {
			best = p.Costs[item.Cost].cheapest(&p.Domains[item.Domain])
			known[key] = best
		}
		placed[i], alone.at[i] = best.cost, NoPlace
		least, next := best.cost, best.next
		if item.Unplaced != NoLimit {
			least, next = min(least, item.Unplaced), min(next, item.Unplaced)
		}
		if least == math.MaxInt64 {
			continue // no node at all: nothing is feasible
		}
		if item.Count == 1 && next > least {
			alone.at[i], alone.loss[i] = best.node, min(next-least, endless)
		}
		bound += int64(item.Count) * least
		for _, r := range p.Rebates[item.Rebates.From:item.Rebates.To] {
			bound -= int64(min(r.Upto, item.Count)) * r.Amount
		}
	}
	if len(p.Constraints)+len(p.Pairs) > 0 {
		loss := slices.Clone(alone.loss)
		alone.add()
		bound += alone.cost
		for i := range placed {
			placed[i] += loss[i] - alone.loss[i] // of what leaving it out costs, so much is paid for
		}
	}
	return max(bound+p.leavesOut(placed), 0)
}

// mostDomains is how many sets of nodes leavesOut looks at, those with most items.
const mostDomains = 32

// leavesOut returns what has to be paid more than placed, by item, because some copies
// find no room: of one resource, all that may only be on some nodes, against what these
// have. What is left out is what costs least for its size, the last of it in part
// (Dantzig 1957).
func (p *Problem) leavesOut(placed []int64) int64 {
	users := make([]int, len(p.Domains))
	some := false
	for i := range p.Items {
		users[p.Items[i].Domain]++
		some = some || p.Items[i].Unplaced != NoLimit
	}
	if !some {
		return 0
	}
	var domains []int
	for d := range users {
		if users[d] > 0 && p.Domains[d].Size > 0 {
			domains = append(domains, d)
		}
	}
	slices.SortFunc(domains, func(a, b int) int { return cmp.Or(cmp.Compare(users[b], users[a]), cmp.Compare(a, b)) })
	sizes := make([]int64, len(p.Demands)) // of one resource, by row: what a copy takes at least
	domains = domains[:min(len(domains), mostDomains)]
	inside := make([][]bool, len(domains)) // by domain: the domains within it
	for k, d := range domains {
		inside[k] = make([]bool, len(p.Domains))
		for e := range users {
			inside[k][e] = users[e] > 0 && p.Domains[e].Size > 0 && p.Domains[e].within(&p.Domains[d])
		}
	}
	most := int64(0)
	for r := range p.Resources {
		for row := range sizes {
			sizes[row] = p.Demands[row].least(r)
		}
		for k, d := range domains {
			most = max(most, p.leavesOutOf(&p.Domains[d], inside[k], r, sizes, placed))
		}
	}
	return most
}

// leavesOutOf is leavesOut of one resource on the nodes of a domain; inside are the
// domains within it, and sizes what copies take by their row of demands.
func (p *Problem) leavesOutOf(d *Domain, inside []bool, r int, sizes, placed []int64) int64 {
	type candidate struct{ more, size, count int64 }
	var candidates []candidate
	over := int64(0)
	for i := range p.Items {
		item := &p.Items[i]
		size := sizes[item.Demand]
		if !inside[item.Domain] || size == 0 || item.Unplaced != NoLimit && item.Unplaced <= placed[i] {
			continue
		}
		over += size * int64(item.Count)
		if item.Unplaced != NoLimit {
			candidates = append(candidates, candidate{item.Unplaced - placed[i], size, int64(item.Count)})
		}
	}
	for _, j := range d.Nodes() {
		if over -= p.Capacity[int(j)*len(p.Resources)+r]; over <= 0 {
			return 0
		}
	}
	slices.SortFunc(candidates, func(a, b candidate) int {
		ah, al := bits.Mul64(uint64(a.more), uint64(b.size))
		bh, bl := bits.Mul64(uint64(b.more), uint64(a.size))
		return cmp.Or(cmp.Compare(ah, bh), cmp.Compare(al, bl))
	})
	paid := int64(0)
	for _, c := range candidates {
		whole := min(over/c.size, c.count)
		paid += whole * c.more
		if over -= whole * c.size; whole < c.count {
			high, low := bits.Mul64(uint64(c.more), uint64(over))
			part, rest := bits.Div64(high, low, uint64(c.size))
			return paid + int64(part) + min(int64(rest), 1)
		}
	}
	return paid
}

// within reports whether all nodes of a domain are nodes of another. O(nodes / 64).
func (d *Domain) within(other *Domain) bool {
	switch {
	case d.Size > other.Size:
		return false
	case d.Words == nil || other.Words == nil:
		return other.Words == nil || d.Size == other.Size
	}
	for k, word := range d.Words {
		if word&^other.Words[k] != 0 {
			return false
		}
	}
	return true
}

// cheapest is the node of a domain where a row of costs is least.
type cheapest struct {
	node int32 // NoPlace where there are several, or none
	cost int64 // there, MaxInt64 on no node
	next int64 // what the next node costs, MaxInt64 where there is none
}

// cheapest finds it. O(nodes where the row is dense, else exceptions).
func (r *CostRow) cheapest(d *Domain) cheapest {
	best := cheapest{NoPlace, math.MaxInt64, math.MaxInt64}
	take := func(j int32, cost int64) {
		if cost < best.cost {
			best = cheapest{j, cost, best.cost}
		} else if best.next = min(best.next, cost); cost == best.cost {
			best.node = NoPlace
		}
	}
	if r.Nodes == nil && r.Values != nil {
		for j, v := range r.Values {
			if d.Has(int32(j)) {
				take(int32(j), v)
			}
		}
		return best
	}
	exceptions := 0
	for k, j := range r.Nodes {
		if d.Has(j) {
			take(j, r.Values[k])
			exceptions++
		}
	}
	switch d.Size - exceptions {
	case 0:
	case 1:
		for j := int32(0); ; j++ {
			if d.Has(j) && find(r.Nodes, j) < 0 {
				take(j, r.Rest)
				break
			}
		}
	default:
		take(NoPlace, r.Rest)
		take(NoPlace, r.Rest)
	}
	return best
}
