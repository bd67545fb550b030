package instances

import (
	"fmt"
	"math/rand/v2"

	"berth/model"
)

// MixedWorkflow makes a small workflow with every feature at random: machines alike or
// not, tasks that run on some nodes only or take no time, memory, windows, links,
// several paths, and nodes that nothing connects. Most have a schedule. The same seed
// and numbers give the same instance.
func MixedWorkflow(seed uint64, tasks, nodes int) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, streamMixed))
	in := &model.Instance{Name: fmt.Sprintf("mixed-workflow-%d", seed), Workflow: true, Weights: unweighted, Tasks: []model.Task{}}
	tight, windows, stated := rng.IntN(3) == 0, rng.IntN(3) == 0, rng.IntN(2) == 0
	density := 1 + rng.IntN(4)
	for _, name := range named("n", nodes) {
		n := model.Node{Name: name}
		if tight {
			n.Capacity = amount("memory", int64(2+rng.IntN(3)))
		}
		if rng.IntN(3) == 0 {
			speed := model.Decimal(1+rng.IntN(6)) * model.DecimalOne / 2
			n.Speed = &speed
		}
		in.Nodes = append(in.Nodes, n)
	}
	for t, name := range named("t", tasks) {
		task := model.Task{Name: name, Replicas: 1}
		if tight && rng.IntN(2) == 0 {
			task.Demand = amount("memory", int64(1+rng.IntN(4)))
		}
		if stated {
			for _, n := range in.Nodes {
				if rng.IntN(6) > 0 {
					task.Durations = append(task.Durations, model.NodeTime{Node: n.Name, Time: model.Decimal(rng.IntN(12)) * model.DecimalOne})
				}
			}
		}
		if len(task.Durations) == 0 {
			work := model.Decimal(rng.IntN(24)) * model.DecimalOne / 2
			task.Work = &work
		}
		if windows && rng.IntN(3) == 0 {
			task.Release = model.Decimal(rng.IntN(10)) * model.DecimalOne
		}
		if windows && rng.IntN(3) == 0 {
			deadline := task.Release + model.Decimal(8+rng.IntN(8*tasks))*model.DecimalOne
			task.Deadline = &deadline
		}
		for from := range t {
			if rng.IntN(6) < density {
				d := model.Dependency{From: in.Tasks[from].Name, To: name}
				d.Data.Units = rng.Int64N(20)
				in.Dependencies = append(in.Dependencies, d)
			}
		}
		in.Tasks = append(in.Tasks, task)
	}
	if rng.IntN(2) == 0 {
		in.Network.Default = &model.Line{Latency: model.Decimal(rng.IntN(3)) * model.DecimalOne / 2, Bandwidth: &model.Quantity{Units: 1 + rng.Int64N(3)}}
	}
	for a := range in.Nodes {
		for b := range a {
			if rng.IntN(3) > 0 {
				in.Network.Links = append(in.Network.Links, model.Link{
					Between: [2]string{in.Nodes[b].Name, in.Nodes[a].Name},
					Line:    model.Line{Latency: model.Decimal(rng.IntN(4)) * model.DecimalOne / 2, Bandwidth: &model.Quantity{Units: 1 + rng.Int64N(4)}},
				})
			}
		}
	}
	return in
}
