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

// chunkKinds are what chunks take: storage first.
var chunkKinds = slices.Concat([]resourceKind{{"storage", model.Quantity{Units: 64 << 20}}}, resourceKinds[:4])

// kinds are the resources of the family, in the order in which they are taken.
func (g *plan) kinds() []resourceKind {
	if g.Family == "chunks" {
		return chunkKinds
	}
	return resourceKinds
}

// resources writes a vector of steps down.
func (g *plan) resources(size []int64) model.Resources {
	list := make(model.Resources, len(size))
	for r, steps := range size {
		kind := g.kinds()[r]
		list[r] = model.Amount{Resource: kind.name, Quantity: kind.quantity(steps)}
	}
	slices.SortFunc(list, func(a, b model.Amount) int { return strings.Compare(a.Resource, b.Resource) })
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
		shared[c] = g.resources(size)
	}
	return shared
}

// drawSize draws a demand in steps: one each where all are alike, else evenly from 1
// to 20, or, with a heavy tail, twice as large half as often, up to 192.
func (g *plan) drawSize(rng *rand.Rand) int64 {
	if g.Even == 1 {
		return 1
	}
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
		g.in.Nodes[j].Capacity = g.resources(steps)
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
