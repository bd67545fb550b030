package instances

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// Machines in pools, as clouds rent them: those of a pool are all alike and cost the same to use,
// and services come in usual sizes. What they take of processors fills few machines to the last, so
// what counts is how well sizes fit together. Nothing is planted: whether all has room is tried
// afterwards, and more nodes are asked for where it has none.

// rented is what the nodes of a pool are like.
type rented struct {
	pool             string
	milliCPU, memory int64 // thousandths, MiB
	price            int64
}

// A node keeps something of what it has to itself.
var pools = []rented{
	{"small", 3800, 14_884, 10},
	{"medium", 7800, 31_268, 19},
	{"large", 15_800, 64_036, 37},
	{"roomy", 7800, 64_036, 24},
}

// Usual sizes of services.
var (
	usualCPU      = []int64{100, 250, 500, 500, 1000, 1500, 2000, 3000}
	usualMemory   = []int64{128, 256, 512, 1024, 2048, 4096, 6144}
	usualReplicas = []int{1, 1, 1, 2, 3, 3, 5}
)

func generatePools(spec Spec, seed uint64) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, streamPools))
	in := &model.Instance{Weights: unweighted}
	kinds := min(2+rng.IntN(len(pools)-1), spec.Nodes)
	of := rng.Perm(len(pools))[:kinds]
	for k, m := range of {
		from, to := spec.Nodes*k/kinds, spec.Nodes*(k+1)/kinds
		for n := range to - from {
			in.Nodes = append(in.Nodes, model.Node{
				Name: fmt.Sprintf("%s%d", pools[m].pool, n+1), Capacity: pools[m].takes(),
				OpenCost: model.Decimal(pools[m].price) * model.DecimalOne, Labels: []model.Label{{Key: "pool", Value: pools[m].pool}},
			})
		}
	}
	for t := range spec.Tasks {
		task := model.Task{Name: fmt.Sprintf("task%d", t+1), Demand: usual(rng).takes(), Replicas: min(usualReplicas[rng.IntN(len(usualReplicas))], spec.Nodes)}
		if task.Replicas > 1 && rng.IntN(5) < 3 {
			task.Apart = "node"
		}
		in.Tasks = append(in.Tasks, task)
	}
	return in
}

// usual draws what a service needs.
func usual(rng *rand.Rand) rented {
	return rented{milliCPU: usualCPU[rng.IntN(len(usualCPU))], memory: usualMemory[rng.IntN(len(usualMemory))]}
}

// takes is what a machine has, or a service needs.
func (m rented) takes() model.Resources {
	return model.Resources{
		{Resource: "cpu", Quantity: model.Quantity{Units: m.milliCPU / 1000, Nanos: int32(m.milliCPU%1000) * 1_000_000}},
		{Resource: "memory", Quantity: model.Quantity{Units: m.memory << 20}},
	}
}

// poolsFit says whether services find room on the machines, those that take more processors, more
// memory or more of both first.
func poolsFit(in *model.Instance) bool {
	for _, weight := range [][2]int64{{4, 1}, {1, 0}, {0, 1}, {2, 1}, {8, 1}} {
		if firstFit(in, weight) {
			return true
		}
	}
	return false
}

// firstFit says whether services find room, each on the first machine that has it, the larger first,
// with weights of a thousandth of a processor and of a MiB. As services are of few sizes and machines only fill
// up, those that are full for a size are passed by: O(services · log services + machines · sizes).
func firstFit(in *model.Instance, weight [2]int64) bool {
	left := make([]rented, len(in.Nodes))
	for n := range in.Nodes {
		left[n] = rentedOf(in.Nodes[n].Capacity)
	}
	size := func(t *model.Task) int64 {
		needs := rentedOf(t.Demand)
		return weight[0]*needs.milliCPU + weight[1]*needs.memory
	}
	tasks := make([]*model.Task, len(in.Tasks))
	for t := range in.Tasks {
		tasks[t] = &in.Tasks[t]
	}
	slices.SortStableFunc(tasks, func(a, b *model.Task) int { return cmp.Compare(size(b), size(a)) })
	first := map[rented]int{} // by what is needed: the first machine that may have it
	for _, t := range tasks {
		needs := rentedOf(t.Demand)
		at := first[needs]
		for range t.Replicas {
			for at < len(left) && (left[at].milliCPU < needs.milliCPU || left[at].memory < needs.memory) {
				if at++; first[needs] == at-1 {
					first[needs] = at
				}
			}
			if at == len(left) {
				return false
			}
			left[at].milliCPU -= needs.milliCPU
			left[at].memory -= needs.memory
			if t.Apart != "" {
				at++
			}
		}
	}
	return true
}

// rentedOf is takes turned round.
func rentedOf(r model.Resources) rented {
	cpu, memory := r[0].Quantity, r[1].Quantity
	return rented{milliCPU: cpu.Units*1000 + int64(cpu.Nanos)/1_000_000, memory: memory.Units >> 20}
}
