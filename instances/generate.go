package instances

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// How a placement is generated: nodes and demands are drawn, a placement is
// planted, and then capacities and rules are fitted to it, so that it remains
// feasible whatever is switched on. Loose instances forget the planted placement
// after its loads have given the sizes: rules and selectors are drawn at random.
//
// Memory is that of the instance: what many tasks have in common (demands, homes,
// penalties) is shared between them.

// The streams of chance, one for each feature.
const (
	streamGap = iota + 1
	streamNodes
	streamReplicas
	streamDemands
	streamPlant
	streamCapacity
	streamHomes
	streamSelectors
	streamUnlike
	streamLeave
	streamAffinity
	streamAntiAffinity
	streamSpread
	streamWishes
	streamTraffic
	streamNetwork
	streamCurrent
	streamReads
	streamWeights
	streamMixed
	streamShape
	streamMachines
	streamResults
	streamPools
	streamCluster
)

// plan is an instance in the making.
type plan struct {
	Spec
	seed  uint64
	in    *model.Instance
	nodes []string
	place map[string][]int32 // by topology: the place of each node
	size  [][]int64          // the demands that tasks share, in steps of each resource
	class []int32            // the demand of each task, into size
	other []unlike           // what differs from it, by task
	first []int32            // the copies of task t are first[t] … first[t+1]-1
	at    []int32            // the planted node of each copy
	group map[int][]int32    // the nodes that a task with affinity is planted on
}

// unlike is what a task takes on one node where that differs, in steps.
type unlike struct {
	task int
	node int32
	size []int64
}

func generatePlacement(spec Spec, seed uint64) *model.Instance {
	g := &plan{Spec: spec, seed: seed, in: &model.Instance{Weights: unweighted}}
	g.makeNodes()
	g.makeTasks()
	g.makeAffinity()
	g.plant()
	g.makeCapacities()
	g.makeHomes()
	g.makeSelectors()
	g.makeAntiAffinity()
	g.makeSpread()
	g.makeWishes()
	g.makeTraffic()
	g.makeCurrent()
	g.makeReads()
	if g.Weights == 1 {
		rng := g.stream(streamWeights)
		for _, w := range []*model.Decimal{&g.in.Weights.Fetch, &g.in.Weights.Traffic, &g.in.Weights.Move, &g.in.Weights.Open} {
			*w = model.Decimal(rng.IntN(4)) * model.DecimalOne
		}
	}
	return g.in
}

// stream is the source of chance of one feature.
func (g *plan) stream(feature uint64) *rand.Rand { return rand.New(rand.NewPCG(g.seed, feature)) }

// chance is true so many times out of a hundred.
func chance(rng *rand.Rand, percent int) bool { return rng.IntN(100) < percent }

// price draws a positive price up to most, with the decimals of the settings.
func (g *plan) price(rng *rand.Rand, most int) model.Decimal {
	step := model.DecimalOne
	for range g.Decimals {
		step /= 10
	}
	return model.Decimal(1+rng.Int64N(int64(most)*int64(model.DecimalOne/step))) * step
}

func (g *plan) makeNodes() {
	rng := g.stream(streamNodes)
	prefix, racks := "node", g.Racks
	if g.Family == "chunks" {
		prefix = "rack"
	}
	g.nodes = named(prefix, g.Nodes)
	g.place = map[string][]int32{"node": make([]int32, g.Nodes)}
	if racks > 0 {
		g.place["rack"] = make([]int32, g.Nodes)
	}
	if g.Zones > 0 {
		g.place["zone"] = make([]int32, g.Nodes)
	}
	for j, name := range g.nodes {
		node := model.Node{Name: name}
		g.place["node"][j] = int32(j)
		if g.Selectors > 0 {
			node.Labels = append(node.Labels, model.Label{Key: "disk", Value: []string{"ssd", "hdd"}[rng.IntN(2)]})
		}
		if racks > 0 {
			rack := j * racks / g.Nodes
			g.place["rack"][j] = int32(rack)
			node.Labels = append(node.Labels, model.Label{Key: "rack", Value: fmt.Sprintf("r%d", rack+1)})
		}
		if g.Zones > 0 {
			zone := j * g.Zones / g.Nodes
			if racks > 0 {
				zone = int(g.place["rack"][j]) * g.Zones / racks
			}
			g.place["zone"][j] = int32(zone)
			node.Labels = append(node.Labels, model.Label{Key: "zone", Value: fmt.Sprintf("z%d", zone+1)})
		}
		if g.OpenCost > 0 {
			node.OpenCost = g.price(rng, g.OpenCost)
		}
		g.in.Nodes = append(g.in.Nodes, node)
	}
}

// topologies lists what rules can speak of, in a fixed order.
func (g *plan) topologies() []string {
	list := []string{"node"}
	for _, key := range []string{"rack", "zone"} {
		if g.place[key] != nil {
			list = append(list, key)
		}
	}
	return list
}

// places counts the places of a topology: they are numbered through.
func (g *plan) places(topology string) int { return int(slices.Max(g.place[topology])) + 1 }

func (g *plan) makeTasks() {
	rng, leave, demand := g.stream(streamReplicas), g.stream(streamLeave), g.stream(streamDemands)
	prefix := "task"
	if g.Family == "chunks" {
		prefix = "chunk"
	}
	shared := g.makeDemands(demand)
	topologies := g.topologies()
	g.in.Tasks = make([]model.Task, 0, g.Tasks)
	g.first = append(make([]int32, 0, g.Tasks+1), 0)
	left := g.copies
	for t := range g.Tasks {
		task := model.Task{Name: fmt.Sprintf("%s%d", prefix, t+1), Replicas: 1 + rng.IntN(max(g.Replicas, 1))}
		if g.copies > 0 {
			task.Replicas = max(1, min(task.Replicas, left-(g.Tasks-t-1)))
			left -= task.Replicas
		}
		if task.Replicas > 1 && chance(rng, g.Apart) {
			if topology := topologies[rng.IntN(len(topologies))]; task.Replicas <= g.places(topology) {
				task.Apart = topology
			} else if task.Replicas <= g.Nodes {
				task.Apart = "node"
			}
		}
		if chance(leave, g.Unplaced) {
			price := g.price(leave, 10*max(g.Fetch, 10))
			task.Unplaced = &price
		}
		class := int32(demand.IntN(len(g.size)))
		g.class = append(g.class, class)
		task.Demand = shared[class]
		g.first = append(g.first, g.first[t]+int32(task.Replicas))
		g.in.Tasks = append(g.in.Tasks, task)
	}
	g.makeUnlike()
}

// makeUnlike gives some tasks another demand on up to two nodes.
func (g *plan) makeUnlike() {
	rng := g.stream(streamUnlike)
	for t := range g.in.Tasks {
		if !chance(rng, g.Unlike) {
			continue
		}
		for _, node := range pick(rng, g.Nodes, 1+rng.IntN(2)) {
			size := slices.Clone(g.size[g.class[t]])
			r := rng.IntN(g.Resources)
			size[r] = 1 + rng.Int64N(2*size[r]+1)
			g.other = append(g.other, unlike{task: t, node: int32(node), size: size})
			g.in.Tasks[t].DemandOn = append(g.in.Tasks[t].DemandOn, model.NodeDemand{
				Node:   g.nodes[node],
				Demand: model.Resources{{Resource: g.kinds()[r].name, Quantity: g.kinds()[r].quantity(size[r])}},
			})
		}
		sortDemands(g.in.Tasks[t].DemandOn)
	}
}

// pick draws count different numbers below n, ascending; all of them where there
// are no more. O(count²), for small counts.
func pick(rng *rand.Rand, n, count int) []int {
	count = min(count, n)
	list := make([]int, 0, count)
	for len(list) < count {
		if v := rng.IntN(n); !slices.Contains(list, v) {
			list = append(list, v)
		}
	}
	slices.Sort(list)
	return list
}
