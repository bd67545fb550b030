package instances

import (
	"fmt"

	"berth/model"
)

// Generalized quadratic assignment, as in the sets of J.-F. Cordeau, M. Gaudioso, G. Laporte
// and L. Moccia (A memetic heuristic for the generalized quadratic assignment problem,
// INFORMS Journal on Computing 18, 2006). Whole numbers and blanks:
//
//	n m v          tasks, nodes, the price of traffic
//	n rows of n    traffic from task to task
//	m rows of m    distances from node to node
//	n rows of m    the cost of task i on node k
//	n numbers      the room that each task takes
//	m numbers      the room that each node has
//
// All ordered pairs of tasks pay v times their traffic times the distance between their
// nodes, so that both directions of a pair are one volume.
var gqapFormat = numbersFormat("gqap", "generalized quadratic assignment, as in the sets of Cordeau and others", (*numbers).gqapSizes, readGQAP)

func readGQAP(n *numbers, taskCount, nodeCount int) (*model.Instance, error) {
	const firstFlow = 3
	firstDistance := firstFlow + taskCount*taskCount
	rest := n.values[firstFlow:]
	take := func(count int) (part []int64) {
		part, rest = rest[:count], rest[count:]
		return part
	}
	flows := take(taskCount * taskCount)
	distances, costs := take(nodeCount*nodeCount), take(taskCount*nodeCount)
	needs, rooms := take(taskCount), take(nodeCount)

	in := &model.Instance{Name: baseName(n.file), Weights: unweighted}
	in.Weights.Traffic = model.Decimal(n.values[2]) * model.DecimalOne
	tasks, nodes := named("task", taskCount), named("node", nodeCount)
	for k, node := range nodes {
		in.Nodes = append(in.Nodes, model.Node{Name: node, Capacity: amount("room", rooms[k])})
		for l := range k + 1 {
			cost := distances[l*nodeCount+k]
			switch {
			case cost != distances[k*nodeCount+l]:
				return nil, n.refuse(firstDistance+k*nodeCount+l,
					fmt.Sprintf("%d from node %d to node %d, and %d back", distances[k*nodeCount+l], k+1, l+1, cost), "one distance for both ways")
			case l < k:
				in.Network.Between = append(in.Network.Between, model.NodeDistance{
					Nodes: [2]string{nodes[l], node}, Cost: model.Decimal(cost) * model.DecimalOne,
				})
			case cost != 0:
				return nil, n.refuse(firstDistance+k*nodeCount+k, fmt.Sprintf("%d from node %d to itself", cost, k+1), "0")
			}
		}
	}
	for i, task := range tasks {
		in.Tasks = append(in.Tasks, model.Task{
			Name: task, Replicas: 1, Demand: amount("room", needs[i]), Fetch: pricesOn(nodes, costs[i*nodeCount:(i+1)*nodeCount]),
		})
		for j := range i {
			there, back := flows[j*taskCount+i], flows[i*taskCount+j]
			if there > maxWhole-back {
				return nil, n.refuse(firstFlow+i*taskCount+j, fmt.Sprintf("%d, and %d the other way", back, there), fmt.Sprintf("together at most %d", maxWhole))
			}
			if there+back > 0 {
				in.Traffic = append(in.Traffic, model.Traffic{
					Between: [2]string{tasks[j], task}, Volume: model.Decimal(there+back) * model.DecimalOne,
				})
			}
		}
	}
	return in, nil
}

// gqapSizes returns the numbers of tasks and nodes.
func (n *numbers) gqapSizes() (tasks, nodes int, err error) {
	return n.sizes("nodes", func(t, k int64) (int64, string) {
		return 1 + t*t + k*k + t*k + t + k, fmt.Sprintf("a price of traffic, %d×%d traffic, %d×%d distances, %d×%d costs, %d needs and %d rooms", t, t, k, k, t, k, t, k)
	})
}
