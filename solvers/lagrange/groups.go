package lagrange

import (
	"slices"

	"berth/model"
)

const (
	manyAlike  = 10        // nodes come in groups where one pair in so many costs an item the same
	mostLooked = 3_000_000 // pairs of item and node: with more no engine takes the problem
)

// Grouped says whether nodes come in groups that cost the items the same, such as
// racks. What keeps such a group from being filled evenly no bound on single nodes
// sees, and cuts on groups do; and costs are so few that prices of nodes lead to a placement
// near the best within milliseconds. O(items · nodes · log nodes).
func Grouped(p *model.Problem) bool {
	if len(p.Items)*len(p.NodeNames) > mostLooked {
		return false
	}
	alike, pairs := 0, 0
	costs := make([]int64, 0, len(p.NodeNames))
	for i := range p.Items {
		costs = costs[:0]
		for j := range int32(len(p.NodeNames)) {
			if p.Domains[p.Items[i].Domain].Has(j) {
				costs = append(costs, p.Costs[p.Items[i].Cost].At(j))
			}
		}
		slices.Sort(costs)
		pairs += len(costs) * (len(costs) - 1) / 2
		for first, k := 0, 1; k < len(costs); k++ {
			if costs[k] != costs[first] {
				first = k
			}
			alike += k - first
		}
	}
	return alike > 0 && alike*manyAlike >= pairs
}
