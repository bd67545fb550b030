package instances

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// Mixed returns a small instance over every feature of a placement, the same for
// the same seed: with so many replicas in all and so many nodes, at least one of
// each. Up to 8 replicas on 4 nodes are small enough for trying everything.
//
// Each feature is on in some instances and off in others, so that they also meet
// alone or in pairs (A. Groce and others, Swarm testing, ISSTA 2012). Half of the
// instances have a planted placement; the others may be infeasible, and so may those
// in which a number of moves is given beside the document.
func Mixed(seed uint64, replicas, nodes int) *model.Instance {
	replicas, nodes = max(replicas, 1), max(nodes, 1)
	rng := rand.New(rand.NewPCG(seed, streamMixed))
	often := func(percent, most int) int {
		if !chance(rng, percent) {
			return 0
		}
		return 1 + rng.IntN(most)
	}
	some := func(percent int) int { return often(percent, 100) }
	s := Spec{
		Nodes: nodes, Tasks: max(1, replicas-rng.IntN(replicas)*rng.IntN(2)), copies: replicas,
		Resources: 1 + rng.IntN(3), Fill: 60 + rng.IntN(41), Alike: often(30, 1), Tail: often(20, 1), Unlike: some(25),
		Homes: min(nodes, often(60, 2)), Skew: some(30), Fetch: often(80, 20), Decimals: often(20, 2), Replicas: 1,
		Selectors: some(20), Unplaced: some(30),
		Current: some(30), MoveCost: often(50, 10), OpenCost: often(30, 30), Weights: often(15, 1),
		Loose: often(50, 1),
	}
	if chance(rng, 70) {
		s.Racks = 1 + rng.IntN(nodes)
		s.Zones = often(40, s.Racks)
		s.Near = some(30)
	}
	if s.Tasks < replicas {
		s.Replicas, s.Apart = 3, some(50)
		s.Spread = often(25, 2)
	}
	if s.Homes > 0 {
		s.Data = some(20)
	} else {
		s.Reads, s.Uplinks = some(40), some(60)
	}
	if s.Tasks > 1 {
		s.Affinity, s.AntiAffinity, s.Wishes = often(20, 1), often(25, 2), often(30, 3)
		s.Traffic = min(often(50, 6), s.Tasks*(s.Tasks-1)/4)
		s.Hubs = often(20, s.Tasks)
	}
	in := generatePlacement(s, seed)
	if chance(rng, 40) && singleTraffic(in) {
		in.Network.Distance, in.Network.Between = nil, anyDistances(in, rng)
	}
	running := 0
	for i := range in.Tasks {
		running += len(in.Tasks[i].Current)
	}
	if running > 0 && chance(rng, 60) {
		most := rng.IntN(running)
		in.Given.MaxMoves = &most
	}
	in.Name = fmt.Sprintf("mixed-%dx%d-seed%d", nodes, replicas, seed)
	return in
}

// singleTraffic says whether tasks with traffic have one replica each.
func singleTraffic(in *model.Instance) bool {
	several := map[string]bool{}
	for i := range in.Tasks {
		several[in.Tasks[i].Name] = in.Tasks[i].Replicas > 1
	}
	return !slices.ContainsFunc(in.Traffic, func(t model.Traffic) bool { return several[t.Between[0]] || several[t.Between[1]] })
}

// anyDistances draws one for each pair of nodes; they need not be those of a plane.
func anyDistances(in *model.Instance, rng *rand.Rand) (list []model.NodeDistance) {
	for k := range in.Nodes {
		for j := range k {
			list = append(list, model.NodeDistance{
				Nodes: [2]string{in.Nodes[j].Name, in.Nodes[k].Name}, Cost: model.Decimal(rng.IntN(10)) * model.DecimalOne,
			})
		}
	}
	return list
}
