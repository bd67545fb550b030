package instances

import (
	"fmt"
	"math/rand/v2"

	"berth/model"
)

// Machines in pools, as clouds rent them: those of a pool are all alike and cost the same to use,
// and services come in usual sizes. What they take of processors fills few machines to the last, so
// what counts is how well sizes fit together. Nothing is planted: with about as many tasks as nodes,
// up to half more, nearly all seeds have room for everything.

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
		needs := rented{milliCPU: usualCPU[rng.IntN(len(usualCPU))], memory: usualMemory[rng.IntN(len(usualMemory))]}
		task := model.Task{Name: fmt.Sprintf("task%d", t+1), Demand: needs.takes(), Replicas: min(usualReplicas[rng.IntN(len(usualReplicas))], spec.Nodes)}
		if task.Replicas > 1 && rng.IntN(5) < 3 {
			task.Apart = "node"
		}
		in.Tasks = append(in.Tasks, task)
	}
	return in
}

// takes is what a machine has, or a service needs.
func (m rented) takes() model.Resources {
	return model.Resources{
		{Resource: "cpu", Quantity: model.Quantity{Units: m.milliCPU / 1000, Nanos: int32(m.milliCPU%1000) * 1_000_000}},
		{Resource: "memory", Quantity: model.Quantity{Units: m.memory << 20}},
	}
}
