package colgen

// Groups of nodes that are short of the same. Where costs tell nodes apart, groups of equal
// cost (cuts.go) are single nodes and all the others, and no cut comes of them. But on some
// nodes it is the processors that run out, on others the memory, and what has to leave the
// ones for the others must fit both in all: a sum over nodes that the knapsack of none sees.
// So the nodes are divided anew at every look by the resource whose multiplier in the
// knapsack is worth most there, and rows are made of each part.

// scarce returns the groups of nodes that are short of the same resource now.
func (e *engine) scarce() (groups []*group) {
	for r := range e.resources {
		g := &group{}
		for j := range e.sacks {
			if j != e.outside && !e.vacant(j) && e.scarcest(j) == r {
				g.nodes = append(g.nodes, int32(j))
			}
		}
		if len(g.nodes) > 1 {
			e.fill(g)
			groups = append(groups, g)
		}
	}
	return groups
}

// scarcest is the resource of node j with the largest multiplier, or −1 where there is room
// for everything that pays.
func (e *engine) scarcest(j int) int {
	scarcest, most := -1, 0.0
	for r, price := range e.sacks[j].prices {
		if price > most {
			scarcest, most = r, price
		}
	}
	return scarcest
}
