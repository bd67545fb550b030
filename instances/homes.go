package instances

import (
	"math/rand/v2"
	"slices"

	"berth/model"
)

// makeHomes says where data sits and what fetching it costs.
func (g *plan) makeHomes() {
	if g.Homes == 0 {
		return
	}
	rng := g.stream(streamHomes)
	one := make([][]string, g.Nodes)
	for j, name := range g.nodes {
		one[j] = []string{name}
	}
	shared := map[fetchKey]*model.Fetch{}
	for t := range g.in.Tasks {
		homes := make([]int, g.Homes)
		for k := range homes {
			homes[k] = rng.IntN(g.Nodes)
			if chance(rng, g.Skew) {
				homes[k] = 10 * rng.IntN((g.Nodes+9)/10)
			}
		}
		slices.Sort(homes)
		homes = slices.Compact(homes)
		task := &g.in.Tasks[t]
		if task.Home = one[homes[0]]; len(homes) > 1 {
			task.Home = nil
			for _, node := range homes {
				task.Home = append(task.Home, g.nodes[node])
			}
		}
		if chance(rng, g.Data) {
			data := resourceKinds[1].quantity(1 + rng.Int64N(64))
			task.Data = &data
			continue
		}
		g.makeFetch(rng, task, homes, shared)
	}
	if g.Data > 0 {
		g.makeLinks()
	}
}

// nearest is how many nodes of its rack to either side of a home are near it: each
// is named in the document, which should not grow with the rack.
const nearest = 5

// fetchKey is what tasks of one penalty have in common: the price and, where the
// rack counts, the only home.
type fetchKey struct {
	far  model.Decimal
	home int // -1: the same price everywhere
}

// makeFetch sets what a task pays away from home; equal penalties are shared.
func (g *plan) makeFetch(rng *rand.Rand, task *model.Task, homes []int, shared map[fetchKey]*model.Fetch) {
	near := chance(rng, g.Near)
	if g.Fetch == 0 {
		return
	}
	key := fetchKey{g.price(rng, g.Fetch), -1}
	if !near {
		if shared[key] == nil {
			shared[key] = &model.Fetch{Rest: key.far}
		}
		task.Fetch = shared[key]
		return
	}
	if key.home = homes[0]; len(homes) == 1 && shared[key] != nil {
		task.Fetch = shared[key]
		return
	}
	task.Fetch = &model.Fetch{Rest: key.far}
	rack, home := g.place["rack"], homes[0]
	for j := max(0, home-nearest); j <= min(home+nearest, g.Nodes-1); j++ {
		if rack[j] == rack[home] && !slices.Contains(homes, j) {
			task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: g.nodes[j], Price: key.far / 4})
		}
	}
	sortPrices(task.Fetch.On)
	if len(homes) == 1 {
		shared[key] = task.Fetch
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

// makeCurrent says where some tasks run today: about half of their replicas where
// they are planted, the others anywhere.
func (g *plan) makeCurrent() {
	rng := g.stream(streamCurrent)
	for t := range g.in.Tasks {
		if !chance(rng, g.Current) {
			continue
		}
		nodes := slices.Clone(g.planted(t))
		for k := range nodes {
			if chance(rng, 50) {
				nodes[k] = int32(rng.IntN(g.Nodes))
			}
		}
		g.in.Tasks[t].Current = g.namesOf(nodes)
		if g.MoveCost > 0 {
			price := g.price(rng, g.MoveCost)
			g.in.Tasks[t].MoveCost = &price
		}
	}
}
