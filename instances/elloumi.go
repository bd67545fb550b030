package instances

import (
	"fmt"

	"berth/model"
)

// Capacitated task allocation with communication, as in the sets that S. Elloumi
// keeps (The task allocation problem, a library of instances, CEDRIC, CNAM
// Paris). Whole numbers and blanks:
//
//	N              tasks
//	M              processors
//	M rows of N    the cost of running task i on processor p
//	N(N−1)/2       what tasks i < j pay when they run apart: the upper triangle
//	N numbers      the memory that each task needs
//	M numbers      the memory that each processor has
//
// Processors become nodes, tasks become tasks with a fetch penalty by node, and
// communication becomes traffic over the usual distances: 0 on one node, else 1.
var elloumiFormat = numbersFormat("elloumi", "task allocation with communication (ctap), as in Elloumi's sets", (*numbers).elloumiSizes, readElloumi)

func readElloumi(n *numbers, taskCount, nodeCount int) (*model.Instance, error) {
	rest := n.values[2:]
	take := func(count int) (part []int64) {
		part, rest = rest[:count], rest[count:]
		return part
	}
	costs, volumes := take(nodeCount*taskCount), take(taskCount*(taskCount-1)/2)
	needs, capacities := take(taskCount), take(nodeCount)

	in := &model.Instance{Name: baseName(n.file), Weights: unweighted}
	tasks, nodes := named("task", taskCount), named("processor", nodeCount)
	for p, node := range nodes {
		in.Nodes = append(in.Nodes, model.Node{Name: node, Capacity: amount("memory", capacities[p])})
	}
	prices := make([]int64, nodeCount)
	for i, task := range tasks {
		for p := range prices {
			prices[p] = costs[p*taskCount+i]
		}
		in.Tasks = append(in.Tasks, model.Task{
			Name: task, Replicas: 1, Demand: amount("memory", needs[i]), Fetch: pricesOn(nodes, prices),
		})
		for j := i + 1; j < taskCount; j++ {
			if volume := volumes[0]; volume > 0 {
				in.Traffic = append(in.Traffic, model.Traffic{
					Between: [2]string{task, tasks[j]}, Volume: model.Decimal(volume) * model.DecimalOne,
				})
			}
			volumes = volumes[1:]
		}
	}
	return in, nil
}

// elloumiSizes returns the numbers of tasks and processors.
func (n *numbers) elloumiSizes() (tasks, nodes int, err error) {
	return n.sizes("processors", func(t, p int64) (int64, string) {
		return p*t + t*(t-1)/2 + t + p, fmt.Sprintf("%d×%d costs, %d×(%d−1)/2 communications, %d needs and %d capacities", p, t, t, t, t, p)
	})
}
