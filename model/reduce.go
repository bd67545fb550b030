package model

import (
	"math"
)

// reduce makes what methods work on out of the original: affinity groups merged
// and identical tasks joined to items, impossible nodes cut from domains, rules
// and traffic restated over items, interchangeable nodes recognised.
func (c *compiler) reduce() error {
	p := c.p
	c.merge()
	c.restateRules()
	c.restateTraffic()
	c.cutBySize()
	p.NodeClass = p.nodeClasses()
	p.Features = p.features()
	p.Impossible = c.impossible()
	r := &p.Report
	r.Nodes, r.Tasks, r.Replicas = len(p.NodeNames), len(p.original.tasks), p.original.replicas
	r.Rules, r.Traffic = len(p.original.rules), len(p.original.traffic)
	r.Items, r.Copies = len(p.Items), p.Copies
	classes := map[int32]bool{}
	for _, class := range p.NodeClass {
		classes[class] = true
	}
	r.NodeClasses = len(classes)
	for i := range p.Items {
		switch size := p.Domains[p.Items[i].Domain].Size; {
		case size == 0:
			r.NeverPlaced += int(p.Items[i].Count)
		case size == 1 && p.Items[i].Unplaced == NoLimit:
			r.Forced += int(p.Items[i].Count)
		}
	}
	return nil
}

// cutBySize takes the nodes from every domain that are too small for one copy.
func (c *compiler) cutBySize() {
	p := c.p
	n := len(p.Resources)
	least := make([]int64, n)
	for r := range least {
		least[r] = math.MaxInt64
		for j := range p.NodeNames {
			least[r] = min(least[r], p.Capacity[j*n+r])
		}
	}
	cut := map[[2]int32]int32{}
	for i := range p.Items {
		item := &p.Items[i]
		row := &p.Demands[item.Demand]
		p.Report.CutBySelector += int(item.Count) * (len(p.NodeNames) - p.Domains[item.Domain].Size)
		if row.Values == nil && fits(row.Rest, least) {
			continue
		}
		key := [2]int32{item.Demand, item.Domain}
		to, known := cut[key]
		if !known {
			words := make([]uint64, (len(p.NodeNames)+63)/64)
			for _, j := range p.Domains[item.Domain].Nodes() {
				if fits(row.On(j), p.Capacity[int(j)*n:]) {
					words[j>>6] |= 1 << (uint(j) & 63)
				}
			}
			to = c.addDomain(words)
			cut[key] = to
		}
		p.Report.CutBySize += int(item.Count) * (p.Domains[item.Domain].Size - p.Domains[to].Size)
		item.Domain = to
	}
	p.Report.CutBySelector = max(p.Report.CutBySelector-p.Report.CutByNetwork, 0)
}

func fits(demand, capacity []int64) bool {
	for r, d := range demand {
		if d > capacity[r] {
			return false
		}
	}
	return true
}

// features lists what occurs in the problem.
func (p *Problem) features() Feature {
	var f Feature
	set := func(feature Feature, occurs bool) {
		if occurs {
			f |= feature
		}
	}
	set(SeveralResources, len(p.Resources) > 1)
	for i := range p.Items {
		item := &p.Items[i]
		set(UnlikeDemands, p.Demands[item.Demand].Values != nil)
		set(Selectors, item.Domain != 0)
		set(Copies, item.Count > 1)
		set(Apart, item.Apart >= 0)
		set(LeavingOut, item.Unplaced != NoLimit)
		set(Stays, item.Rebates.To > item.Rebates.From)
		set(Uplinks, item.Sends.To > item.Sends.From)
	}
	for k := range p.Constraints {
		con := &p.Constraints[k]
		set(Wishes, con.Weight > 0)
		set(Conflicts, con.Weight == 0 && con.Kind == AntiAffinity)
		set(Together, con.Weight == 0 && con.Kind == Affinity)
		set(Spreading, con.Weight == 0 && con.Kind == Spread)
	}
	for _, pair := range p.Pairs {
		set(TrafficOn, true)
		set(Shares, p.Items[pair.A].Count > 1 || p.Items[pair.B].Count > 1)
		set(Distances, p.Matrix != nil || len(p.Levels) != 2 || p.Levels[0].Topology != 0)
		set(Matrix, p.Matrix != nil)
	}
	set(MoveLimit, p.MustStay > 0)
	for _, v := range p.Open {
		set(OpenCosts, v > 0)
	}
	return f
}
