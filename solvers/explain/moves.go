package explain

import (
	"cmp"
	"fmt"
	"slices"

	"berth/model"
)

// movers says that more replicas have to leave where they run today than may: those
// that may not be there, and of the others on a node, one resource at a time, as many
// as have to go until the rest fits, the largest first. Each node is looked at by
// itself, so the number is a lower bound.
func movers(p *model.Problem) []string {
	if p.MustStay == 0 {
		return nil
	}
	on := make([][]int32, len(p.NodeNames)) // copies that run there today, by their items
	leave := 0
	for i := range p.Items {
		item := &p.Items[i]
		for _, r := range p.Runs[item.Runs.From:item.Runs.To] {
			if !p.Domains[item.Domain].Has(r.Node) {
				leave += int(r.Upto)
				continue
			}
			for range r.Upto {
				on[r.Node] = append(on[r.Node], int32(i))
			}
		}
	}
	var full []int32
	for j, items := range on {
		if n := surplus(p, items, int32(j)); n > 0 {
			leave += n
			full = append(full, int32(j))
		}
	}
	most := *p.Given.MaxMoves
	if leave <= most {
		return nil
	}
	why := "since they may not be there"
	if len(full) > 0 {
		why = "since they may not be there, or what runs today is more than fits on " + names(p.NodeNames, full)
	}
	return []string{fmt.Sprintf("at most %s, and at least %d have to, %s", model.MayLeave(most), leave, why)}
}

// surplus is how many of the copies on a node have to leave it, at least.
func surplus(p *model.Problem, items []int32, j int32) int {
	most := 0
	for r := range p.Resources {
		over := -p.Capacity[int(j)*len(p.Resources)+r]
		var needs []int64
		for _, i := range items {
			need := p.Demands[p.Items[i].Demand].On(j)[r]
			needs = append(needs, need)
			over += need
		}
		slices.SortFunc(needs, func(a, b int64) int { return cmp.Compare(b, a) })
		n := 0
		for ; over > 0 && n < len(needs); n++ {
			over -= needs[n]
		}
		most = max(most, n)
	}
	return most
}
