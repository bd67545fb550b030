package instances

import (
	"math"
	"math/bits"
	"slices"
	"strings"

	"berth/model"
)

// makeTraffic joins pairs of tasks, no pair twice: with hubs, seven of ten times
// one of these and any task. Volumes are heavy-tailed. With racks or zones, what
// leaves them costs more.
func (g *plan) makeTraffic() {
	rng := g.stream(streamTraffic)
	seen := make(map[[2]int]bool, g.Traffic)
	for len(seen) < g.Traffic {
		a, b := rng.IntN(g.Tasks), rng.IntN(g.Tasks)
		// The draw from hubs may run out of new pairs; the other one never does.
		if g.Hubs > 0 && chance(rng, 70) {
			a = rng.IntN(g.Hubs)
		}
		pair := [2]int{min(a, b), max(a, b)}
		if a == b || seen[pair] {
			continue
		}
		seen[pair] = true
		volume := g.price(rng, 10) << min(bits.TrailingZeros64(rng.Uint64()), 4)
		g.in.Traffic = append(g.in.Traffic, model.Traffic{
			Between: [2]string{g.in.Tasks[pair[0]].Name, g.in.Tasks[pair[1]].Name}, Volume: volume,
		})
	}
	if topologies := g.topologies(); g.Traffic > 0 && len(topologies) > 1 {
		cost := model.Decimal(0)
		for _, topology := range topologies {
			g.in.Network.Distance = append(g.in.Network.Distance, model.Distance{Same: topology, Cost: cost})
			cost = 4*cost + model.DecimalOne
		}
		g.in.Network.Distance = append(g.in.Network.Distance, model.Distance{Cost: cost})
	}
}

// makeReads has nodes read chunks, the k-th chunk in proportion to 1/k or a power of
// that (Zipf's law), and limits what nodes send out to what the planted placement needs.
func (g *plan) makeReads() {
	rng := g.stream(streamReads)
	sent := make([]int64, g.Nodes)
	for t := range g.in.Tasks {
		task := &g.in.Tasks[t]
		if !chance(rng, g.Reads) || task.Home != nil {
			continue
		}
		most := 1 + 10*int64(g.Tasks)/int64(t+1)
		if g.Zipf != 100 {
			most = 1 + int64(10*float64(g.Tasks)/math.Pow(float64(t+1), float64(g.Zipf)/100))
		}
		for _, node := range pick(rng, g.Nodes, 1+rng.IntN(4)) {
			reads := between(rng, (most+3)/4, most)
			task.Reads = append(task.Reads, model.NodeReads{Node: g.nodes[node], Reads: model.Decimal(reads) * model.DecimalOne})
			if !slices.Contains(g.planted(t), int32(node)) {
				sent[node] += reads
			}
		}
		slices.SortFunc(task.Reads, func(a, b model.NodeReads) int { return strings.Compare(a.Node, b.Node) })
		if g.Fetch > 0 {
			task.Fetch = &model.Fetch{Rest: g.price(rng, g.Fetch)}
		}
	}
	for j := range g.in.Nodes {
		if !chance(rng, g.Uplinks) {
			continue
		}
		limit := sent[j]
		if g.Loose == 1 {
			limit = sent[j] * (50 + rng.Int64N(101)) / 100
		}
		uplink := model.Decimal(ceilDiv(limit*100, int64(g.Fill))) * model.DecimalOne
		g.in.Nodes[j].Uplink = &uplink
	}
}
