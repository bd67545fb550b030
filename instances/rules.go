package instances

import (
	"math/bits"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// ruleTries is how often the tasks of a rule are drawn anew when they do not suit
// the planted placement; after that there is one rule less.
const ruleTries = 20

// makeAffinity binds two or three tasks to one place each time, before anything is
// planted. Unless the instance is loose, a task is in one such rule at most, and
// none of its tasks is kept apart, so that they can be planted together.
func (g *plan) makeAffinity() {
	rng := g.stream(streamAffinity)
	g.group = map[int][]int32{}
	topologies := g.topologies()
	for range g.Affinity {
		topology := topologies[rng.IntN(len(topologies))]
		for range ruleTries {
			tasks := pick(rng, g.Tasks, 2+rng.IntN(2))
			if g.Loose == 0 {
				tasks = slices.DeleteFunc(tasks, func(t int) bool {
					return g.group[t] != nil || g.in.Tasks[t].Apart != ""
				})
			}
			if len(tasks) > 1 {
				g.bind(rng, tasks, topology)
				break
			}
		}
	}
}

// bind adds an affinity rule and has its tasks planted in one random place.
func (g *plan) bind(rng *rand.Rand, tasks []int, topology string) {
	g.rule(model.Rule{Kind: model.Affinity, Topology: topology}, tasks)
	if g.Loose == 1 {
		return
	}
	place := int32(rng.IntN(g.places(topology)))
	var nodes []int32
	for j, p := range g.place[topology] {
		if p == place {
			nodes = append(nodes, int32(j))
		}
	}
	for _, t := range tasks {
		g.group[t] = nodes
	}
}

// rule adds a rule over tasks.
func (g *plan) rule(r model.Rule, tasks []int) {
	for _, t := range tasks {
		r.Tasks = append(r.Tasks, g.in.Tasks[t].Name)
	}
	g.in.Rules = append(g.in.Rules, r)
}

// makeAntiAffinity keeps two or three tasks apart each time; the planted placement
// must do so already, unless the instance is loose.
func (g *plan) makeAntiAffinity() {
	rng := g.stream(streamAntiAffinity)
	topologies := g.topologies()
	for range g.AntiAffinity {
		for range ruleTries {
			topology := topologies[rng.IntN(len(topologies))]
			tasks := pick(rng, g.Tasks, 2+rng.IntN(2))
			if len(tasks) > 1 && (g.Loose == 1 || g.disjoint(tasks, topology)) {
				g.rule(model.Rule{Kind: model.AntiAffinity, Topology: topology}, tasks)
				break
			}
		}
	}
}

// disjoint reports whether no place holds planted replicas of two of the tasks.
func (g *plan) disjoint(tasks []int, topology string) bool {
	owner := map[int32]int{}
	for _, t := range tasks {
		for _, node := range g.planted(t) {
			place := g.place[topology][node]
			if other, taken := owner[place]; taken && other != t {
				return false
			}
			owner[place] = t
		}
	}
	return true
}

// makeSpread asks for replicas to be spread as evenly as the planted ones are, or
// evenly but for one or two, where the instance is loose.
func (g *plan) makeSpread() {
	rng := g.stream(streamSpread)
	topologies := g.topologies()
	for range g.Spread {
		topology := topologies[rng.IntN(len(topologies))]
		tasks := pick(rng, g.Tasks, 1+rng.IntN(2))
		skew := 1 + rng.IntN(2)
		if g.Loose == 0 {
			skew = max(1, g.skew(tasks, topology))
		}
		g.rule(model.Rule{Kind: model.Spread, Topology: topology, MaxSkew: skew}, tasks)
	}
}

// skew is by how much the numbers of planted replicas by place differ.
func (g *plan) skew(tasks []int, topology string) int {
	count := make([]int, g.places(topology))
	for _, t := range tasks {
		for _, node := range g.planted(t) {
			count[g.place[topology][node]]++
		}
	}
	return slices.Max(count) - slices.Min(count)
}

// makeWishes adds rules of any kind that may be broken at a price.
func (g *plan) makeWishes() {
	rng := g.stream(streamWishes)
	topologies := g.topologies()
	for range g.Wishes {
		weight := g.price(rng, 20)
		r := model.Rule{
			Kind:     []model.RuleKind{model.Affinity, model.AntiAffinity, model.Spread}[rng.IntN(3)],
			Topology: topologies[rng.IntN(len(topologies))],
			Weight:   &weight,
		}
		least := 2
		if r.Kind == model.Spread {
			r.MaxSkew, least = 1, 1
		}
		g.rule(r, pick(rng, g.Tasks, least+rng.IntN(2)))
	}
}

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

// makeLinks draws the network that data comes over: each rack is a star around its
// first node, and a line joins the racks. A loose instance may lack a link; half
// of them have no connection that could stand in for it.
func (g *plan) makeLinks() {
	rng := g.stream(streamNetwork)
	hub := 0
	for j := 1; j < g.Nodes; j++ {
		from := hub
		if rack := g.place["rack"]; rack != nil && rack[j] != rack[hub] {
			hub = j
		}
		line := g.line(rng)
		if g.Loose == 0 || chance(rng, 80) {
			g.in.Network.Links = append(g.in.Network.Links, model.Link{Between: [2]string{g.nodes[from], g.nodes[j]}, Line: line})
		}
	}
	if g.Loose == 0 || chance(rng, 50) || len(g.in.Network.Links) == 0 {
		line := g.line(rng)
		line.Latency += 10 * model.DecimalOne
		g.in.Network.Default = &line
	}
}

// line draws a connection of 1 to 5 units of latency and 1 to 64 MiB per unit of
// time, or without a limit.
func (g *plan) line(rng *rand.Rand) model.Line {
	line := model.Line{Latency: g.price(rng, 5)}
	if !chance(rng, 20) {
		line.Bandwidth = &model.Quantity{Units: 1 << (20 + rng.IntN(7))}
	}
	return line
}
