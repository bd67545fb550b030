package instances

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"berth/model"
)

// A cluster that runs and is full: pods of services in usual sizes, each where it is for no better
// reason than that there was room, and some that wait. What is free lies everywhere in pieces, so
// that much of what waits finds room only where something moves. A move costs 1, a pod that goes on
// waiting 1000, and a node that is to be avoided a tenth of a move: as berth reads lists of kubectl.

const (
	clusterFull  = 96 // percent of each node, if all that waits were in
	waitingOne   = 25 // pod in waitingOne waits
	avoidedOne   = 7  // node in avoidedOne is to be avoided
	clusterDraws = 8  // nodes, of which the emptiest takes a pod
	mostPods     = 10 // of a service
)

var clusterZones = []string{"a", "b", "c"}

// service is what pods have in common.
type service struct {
	name             string
	needs            rented
	spread, apart    bool
	running, waiting []int32 // the nodes of pods, where they run or would have
}

func generateCluster(spec Spec, seed uint64) *model.Instance {
	rng := rand.New(rand.NewPCG(seed, streamCluster))
	in := &model.Instance{Weights: unweighted}
	c := &cluster{rng: rng, load: make([]rented, spec.Nodes), size: make([]int64, spec.Nodes)}
	var avoided []model.NodePrice
	for j := range spec.Nodes {
		node := model.Node{Name: fmt.Sprintf("node%d", j+1), Labels: []model.Label{{Key: "zone", Value: clusterZones[j%len(clusterZones)]}}}
		if c.size[j] = 1; rng.IntN(3) == 0 {
			c.size[j] = 2
		}
		if rng.IntN(avoidedOne) == 0 {
			avoided = append(avoided, model.NodePrice{Node: node.Name, Price: model.DecimalOne / 10})
		}
		in.Nodes = append(in.Nodes, node)
	}
	var services []*service
	var whole, runs rented
	for left := spec.Tasks; left > 0; {
		s := c.service(len(services)+1, min(1+rng.IntN(mostPods), left))
		left -= len(s.running) + len(s.waiting)
		services = append(services, s)
		whole = whole.plus(s.needs, len(s.running)+len(s.waiting))
		runs = runs.plus(s.needs, len(s.running))
	}
	for j := range in.Nodes {
		in.Nodes[j].Capacity = rented{
			milliCPU: withRoom(c.load[j].milliCPU, runs.milliCPU, whole.milliCPU),
			memory:   withRoom(c.load[j].memory, runs.memory, whole.memory),
		}.takes()
	}
	var fetch *model.Fetch
	if len(avoided) > 0 {
		fetch = &model.Fetch{On: avoided}
	}
	for _, s := range services {
		s.state(in, fetch)
	}
	return in
}

// withRoom is what a node has on which load of all that runs does: with its part of the whole, with
// what waits, it would be clusterFull.
func withRoom(load, runs, whole int64) int64 {
	return int64(float64(load) / float64(max(runs, 1)) * float64(whole) * 100 / clusterFull)
}

// cluster is one in the making.
type cluster struct {
	rng  *rand.Rand
	load []rented // by node, of what runs
	size []int64  // by node
}

// service draws a service and places its pods. Of one that is spread none waits: what
// runs keeps to its rule today.
func (c *cluster) service(number, pods int) *service {
	s := &service{name: fmt.Sprintf("service%d", number), needs: usual(c.rng)}
	switch c.rng.IntN(5) {
	case 0:
		s.spread = pods > 1
	case 1:
		s.apart = pods > 1
	}
	zones := make([]int, len(clusterZones))
	for range pods {
		j := c.node(s, zones)
		if j < 0 { // no further node for pods that are kept apart
			s.apart = false
			j = int32(c.rng.IntN(len(c.load)))
		}
		zones[int(j)%len(zones)]++
		if !s.spread && c.rng.IntN(waitingOne) == 0 {
			s.waiting = append(s.waiting, j)
			continue
		}
		s.running = append(s.running, j)
		c.load[j] = c.load[j].plus(s.needs, 1)
	}
	return s
}

// node draws a node for a pod: the emptiest of some, in a zone that has fewest of a service that is
// spread, and none that has one of those that are kept apart; −1 where none of these is left.
func (c *cluster) node(s *service, zones []int) int32 {
	best := int32(-1)
	fewest := slices.Min(zones[:min(len(zones), len(c.load))])
	for n := 0; n < clusterDraws || best < 0 && n < 20*len(c.load); n++ {
		j := int32(c.rng.IntN(len(c.load)))
		if s.spread && zones[int(j)%len(zones)] > fewest || s.apart && (slices.Contains(s.running, j) || slices.Contains(s.waiting, j)) {
			continue
		}
		if best < 0 || c.load[j].milliCPU*c.size[best] < c.load[best].milliCPU*c.size[j] {
			best = j
		}
	}
	return best
}

func (m rented) plus(other rented, times int) rented {
	m.milliCPU += other.milliCPU * int64(times)
	m.memory += other.memory * int64(times)
	return m
}

// state writes down the tasks and rules of a service.
func (s *service) state(in *model.Instance, fetch *model.Fetch) {
	var names []string
	for k, j := range s.running {
		names = append(names, fmt.Sprintf("%s-%d", s.name, k+1))
		in.Tasks = append(in.Tasks, model.Task{Name: names[k], Demand: s.needs.takes(), Replicas: 1, Fetch: fetch, Current: []string{in.Nodes[j].Name}})
	}
	if len(s.waiting) > 0 {
		price := 1000 * model.DecimalOne
		names = append(names, s.name+"-waiting")
		task := model.Task{Name: names[len(names)-1], Demand: s.needs.takes(), Replicas: len(s.waiting), Fetch: fetch, Unplaced: &price}
		if s.apart && len(s.waiting) > 1 {
			task.Apart = "node"
		}
		in.Tasks = append(in.Tasks, task)
	}
	switch {
	case s.spread:
		in.Rules = append(in.Rules, model.Rule{Kind: model.Spread, Tasks: names, Topology: "zone", MaxSkew: 1})
	case s.apart && len(names) > 1:
		in.Rules = append(in.Rules, model.Rule{Kind: model.AntiAffinity, Tasks: names, Topology: "node"})
	}
}
