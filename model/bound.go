package model

import "math"

// TrivialBound is what every copy pays on its cheapest node, or left out, as if it
// were alone: a lower bound on the cost of every placement, and no term of the cost is negative.
// For a workflow it is the CriticalPath. O(items · nodes of
// their domains) at worst, O(items) where rows are sparse.
func (p *Problem) TrivialBound() int64 {
	if p.Workflow != nil {
		return p.Workflow.CriticalPath()
	}
	type choice struct{ cost, domain int32 }
	cheapest := map[choice]int64{}
	bound := p.Offset
	for i := range p.Items {
		item := &p.Items[i]
		key := choice{item.Cost, item.Domain}
		least, known := cheapest[key]
		if !known {
			least = p.Costs[item.Cost].least(&p.Domains[item.Domain])
			cheapest[key] = least
		}
		if item.Unplaced != NoLimit {
			least = min(least, item.Unplaced)
		}
		if least == math.MaxInt64 {
			continue // no node at all: nothing is feasible
		}
		bound += int64(item.Count) * least
		for _, r := range p.Rebates[item.Rebates.From:item.Rebates.To] {
			bound -= int64(min(r.Upto, item.Count)) * r.Amount
		}
	}
	return max(bound, 0)
}

// least returns the smallest cost of the row on a domain; MaxInt64 if it is empty.
func (r *CostRow) least(d *Domain) int64 {
	least := int64(math.MaxInt64)
	if r.Nodes == nil && r.Values != nil {
		for j, v := range r.Values {
			if d.Has(int32(j)) {
				least = min(least, v)
			}
		}
		return least
	}
	exceptions := 0
	for k, j := range r.Nodes {
		if d.Has(j) {
			least = min(least, r.Values[k])
			exceptions++
		}
	}
	if exceptions < d.Size {
		least = min(least, r.Rest)
	}
	return least
}
