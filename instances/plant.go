package instances

import (
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"

	"berth/model"
)

// resourceKind is a resource with the step in which its amounts are drawn.
type resourceKind struct {
	name string
	step model.Quantity
}

// resourceKinds are sorted by name once the first two are taken: cpu and memory
// come first, as most instances have just these.
var resourceKinds = []resourceKind{
	{"cpu", model.Quantity{Nanos: 100_000_000}},
	{"memory", model.Quantity{Units: 64 << 20}},
	{"network", model.Quantity{Units: 1_000_000}},
	{"pods", model.Quantity{Units: 1}},
	{"storage", model.Quantity{Units: 1 << 30}},
}

func resourceNames() []string {
	list := make([]string, len(resourceKinds))
	for r, kind := range resourceKinds {
		list[r] = kind.name
	}
	return list
}

// quantity is so many steps of the resource.
func (k resourceKind) quantity(steps int64) model.Quantity {
	nanos := steps * int64(k.step.Nanos)
	return model.Quantity{Units: steps*k.step.Units + nanos/1e9, Nanos: int32(nanos % 1e9)}
}

// resources writes a vector of steps down.
func resources(size []int64) model.Resources {
	list := make(model.Resources, len(size))
	for r, steps := range size {
		list[r] = model.Amount{Resource: resourceKinds[r].name, Quantity: resourceKinds[r].quantity(steps)}
	}
	return list
}

// makeDemands draws the demands that tasks choose from, and returns them as the
// instance has them.
func (g *plan) makeDemands(rng *rand.Rand) []model.Resources {
	const most = 256
	shared := make([]model.Resources, min(g.Tasks, most))
	for c := range shared {
		size := make([]int64, g.Resources)
		for r := range size {
			size[r] = g.drawSize(rng)
		}
		g.size = append(g.size, size)
		shared[c] = resources(size)
	}
	return shared
}

// drawSize draws a demand in steps: evenly from 1 to 20, or, with a heavy tail,
// twice as large half as often, up to 192.
func (g *plan) drawSize(rng *rand.Rand) int64 {
	if g.Tail == 0 {
		return 1 + rng.Int64N(20)
	}
	return (2 + rng.Int64N(2)) << min(bits.TrailingZeros64(rng.Uint64()), 6)
}

// plant puts every copy on a node: the less loaded of two random ones that keep
// its replicas apart and its affinity group together.
func (g *plan) plant() {
	rng := g.stream(streamPlant)
	load := make([]int64, g.Nodes)
	everywhere := make([]int32, g.Nodes)
	for j := range everywhere {
		everywhere[j] = int32(j)
	}
	g.at = make([]int32, g.first[g.Tasks])
	for t := range g.in.Tasks {
		nodes := everywhere
		if group := g.group[t]; group != nil {
			nodes = group
		}
		placed := g.at[g.first[t]:g.first[t]]
		for len(placed) < g.in.Tasks[t].Replicas {
			node := g.free(rng, t, nodes, placed)
			if second := g.free(rng, t, nodes, placed); load[second] < load[node] {
				node = second
			}
			load[node] += g.size[g.class[t]][0]
			placed = append(placed, node)
		}
	}
}

// free draws a node whose place holds no replica yet, where these are kept apart.
func (g *plan) free(rng *rand.Rand, t int, nodes, placed []int32) int32 {
	place := g.place[g.in.Tasks[t].Apart]
	taken := func(node int32) bool {
		return slices.ContainsFunc(placed, func(other int32) bool { return place[node] == place[other] })
	}
	node := nodes[rng.IntN(len(nodes))]
	if place == nil || !taken(node) {
		return node
	}
	for _, next := range rng.Perm(len(nodes)) {
		if !taken(nodes[next]) {
			return nodes[next]
		}
	}
	return node
}

// planted returns the planted nodes of a task.
func (g *plan) planted(t int) []int32 { return g.at[g.first[t]:g.first[t+1]] }

// makeCapacities fits capacities to the planted loads: these fill the given
// percentage of them. A node without load gets the size of the average one. Loose
// instances get average sizes, up to three tenths more or less.
func (g *plan) makeCapacities() {
	rng := g.stream(streamCapacity)
	loads := g.loads()
	total, most := make([]int64, g.Resources), make([]int64, g.Resources)
	for k, load := range loads {
		total[k%g.Resources] += load
		most[k%g.Resources] = max(most[k%g.Resources], load)
	}
	for j := range g.in.Nodes {
		steps := make([]int64, g.Resources)
		for r := range steps {
			average := ceilDiv(total[r], int64(g.Nodes))
			used := loads[j*g.Resources+r]
			switch {
			case g.Loose == 1:
				used = ceilDiv(average*(70+rng.Int64N(61)), 100)
			case g.Alike == 1:
				used = most[r]
			case used == 0:
				used = average
			}
			steps[r] = ceilDiv(used*100, int64(g.Fill))
		}
		g.in.Nodes[j].Capacity = resources(steps)
	}
}

// loads adds up what the planted placement takes, by node and resource.
func (g *plan) loads() []int64 {
	loads := make([]int64, g.Nodes*g.Resources)
	other := g.other
	for t, class := range g.class {
		own := 0
		for own < len(other) && other[own].task == t {
			own++
		}
		for _, node := range g.planted(t) {
			size := g.size[class]
			if k := slices.IndexFunc(other[:own], func(u unlike) bool { return u.node == node }); k >= 0 {
				size = other[k].size
			}
			for r, steps := range size {
				loads[int(node)*g.Resources+r] += steps
			}
		}
		other = other[own:]
	}
	return loads
}

func ceilDiv(a, b int64) int64 { return (a + b - 1) / b }

// makeSelectors limits some tasks to nodes with a label, or to named nodes, that
// the planted ones are among.
func (g *plan) makeSelectors() {
	rng := g.stream(streamSelectors)
	for t := range g.in.Tasks {
		if !chance(rng, g.Selectors) {
			continue
		}
		nodes := g.planted(t)
		if g.Loose == 1 {
			nodes = []int32{int32(rng.IntN(g.Nodes))}
		}
		labels := g.in.Nodes[nodes[0]].Labels
		label := labels[rng.IntN(len(labels))]
		shared := !slices.ContainsFunc(nodes, func(j int32) bool {
			value, _ := g.in.Nodes[j].Label(label.Key)
			return value != label.Value
		})
		if shared && chance(rng, 60) {
			g.in.Tasks[t].On = &model.Selector{Labels: []model.Label{label}}
			continue
		}
		named := slices.Clone(nodes)
		for _, node := range pick(rng, g.Nodes, 1+g.Nodes/3) {
			named = append(named, int32(node))
		}
		slices.Sort(named)
		g.in.Tasks[t].On = &model.Selector{Nodes: g.namesOf(slices.Compact(named))}
	}
}

func (g *plan) namesOf(nodes []int32) []string {
	list := make([]string, len(nodes))
	for k, node := range nodes {
		list[k] = g.nodes[node]
	}
	return list
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

// makeReads has nodes read chunks, the k-th chunk in proportion to 1/k (Zipf's
// law), and limits what nodes send out to what the planted placement needs.
func (g *plan) makeReads() {
	rng := g.stream(streamReads)
	sent := make([]int64, g.Nodes)
	for t := range g.in.Tasks {
		task := &g.in.Tasks[t]
		if !chance(rng, g.Reads) || task.Home != nil {
			continue
		}
		most := 1 + 100*int64(g.Tasks)/int64(t+1)/10
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
	task.Fetch = &model.Fetch{Rest: key.far, ByNode: true}
	rack := g.place["rack"]
	for j, name := range g.nodes {
		if rack[j] == rack[homes[0]] && !slices.Contains(homes, j) {
			task.Fetch.On = append(task.Fetch.On, model.NodePrice{Node: name, Price: key.far / 4})
		}
	}
	sortPrices(task.Fetch.On)
	if len(homes) == 1 {
		shared[key] = task.Fetch
	}
}
