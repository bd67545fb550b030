package view

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/model"
)

// payload is what the page's script reads: columns, in which things go by index.
// Costs, volumes and prices are in the document's numbers, amounts in the problem's
// integers; both are rounded to what a float64 holds.
type payload struct {
	Resources  []resource     `json:"resources"`
	Nodes      nodeColumns    `json:"nodes"`
	Groupings  []grouping     `json:"groupings"`
	Tasks      taskColumns    `json:"tasks"`
	Replicas   replicaColumns `json:"replicas"`
	Demands    [][]int64      `json:"demands"`   // distinct ones, by resource
	NodeLists  [][]int32      `json:"nodeLists"` // distinct homes and nodes of today
	Traffic    trafficColumns `json:"traffic"`
	Flows      flowColumns    `json:"flows"`
	Rules      []rule         `json:"rules"`
	Reads      readColumns    `json:"reads"`
	Trajectory stepColumns    `json:"trajectory"`
	Seconds    float64        `json:"seconds"` // the whole run
	Kept       []kept         `json:"kept"`    // the dearest replicas away from home
}

type resource struct {
	Name   string  `json:"name"`
	Worth  float64 `json:"worth"`  // of one unit
	Binary bool    `json:"binary"` // written in Ki, Mi, Gi
}

type nodeColumns struct {
	Name     []string            `json:"name"`
	Capacity [][]int64           `json:"capacity"` // by resource and node
	Open     []float64           `json:"open"`     // what its use costs
	Labels   []map[string]string `json:"labels"`
}

type grouping struct {
	Key   string   `json:"key"`
	Of    []int32  `json:"of"` // by node
	Names []string `json:"names"`
}

type taskColumns struct {
	Name  []string `json:"name"`
	First []int32  `json:"first"` // its replicas are first[i] to first[i+1]
	Home  []int32  `json:"home"`  // into nodeLists, -1: none
	Today []int32  `json:"today"` // likewise
	Apart []string `json:"apart"`
}

type replicaColumns struct {
	Node     []int32   `json:"node"` // -1: left out
	Demand   []int32   `json:"demand"`
	State    []uint16  `json:"state"`
	Fetch    []float64 `json:"fetch"`
	Move     []float64 `json:"move"`
	Unplaced []float64 `json:"unplaced"`
}

type trafficColumns struct {
	A      []int32   `json:"a"`
	B      []int32   `json:"b"`
	Volume []float64 `json:"volume"`
	Cost   []float64 `json:"cost"`
}

type flowColumns struct {
	Traffic []int32   `json:"traffic"`
	From    []int32   `json:"from"`
	To      []int32   `json:"to"`
	Volume  []float64 `json:"volume"`
	Cost    []float64 `json:"cost"`
}

type rule struct {
	Kind   string   `json:"kind"`
	Place  string   `json:"place"`
	Tasks  []int32  `json:"tasks"`
	Weight *float64 `json:"weight"` // nil: it must hold
	Broken int64    `json:"broken"`
	Cost   float64  `json:"cost"`
}

type readColumns struct {
	Task []int32   `json:"task"`
	Node []int32   `json:"node"`
	Cost []float64 `json:"cost"`
}

type stepColumns struct {
	Seconds   []float64  `json:"seconds"`
	Objective []*float64 `json:"objective"`
	Bound     []*float64 `json:"bound"`
	By        []string   `json:"by"`
}

type kept struct {
	Replica int32  `json:"replica"`
	Why     string `json:"why"`
}

// packer fills a payload.
type packer struct {
	*Picture
	out     payload
	worth   float64 // of a unit of cost
	task    map[string]int32
	node    map[string]int32
	lists   map[string]int32
	demands map[string]int32
	scratch []byte
}

func (v *Picture) payload() *payload {
	k := &packer{
		Picture: v, worth: v.Problem.Value(1),
		task:  index(v.Instance.Tasks, func(t *model.Task) string { return t.Name }),
		node:  index(v.Instance.Nodes, func(n *model.Node) string { return n.Name }),
		lists: map[string]int32{}, demands: map[string]int32{},
	}
	k.out.Seconds = v.Solution.Seconds
	k.resources()
	k.nodes()
	k.steps()
	if v.Bill != nil {
		k.tasks()
		k.replicas()
		k.traffic()
		k.rules()
		k.reads()
		k.keptOnes()
	}
	return &k.out
}

func index[T any](list []T, name func(*T) string) map[string]int32 {
	at := make(map[string]int32, len(list))
	for k := range list {
		at[name(&list[k])] = int32(k)
	}
	return at
}

// cost is in the document's numbers. The last digit of a float64, where products
// such as 53 · 0.1 are off, is rounded away.
func (k *packer) cost(units int64) float64 {
	rounded, err := strconv.ParseFloat(strconv.FormatFloat(float64(units)*k.worth, 'g', 15, 64), 64)
	if err != nil {
		return float64(units) * k.worth
	}
	return rounded
}

func (k *packer) resources() {
	for r, name := range k.Problem.Resources {
		one := k.Problem.Amount(r, 1)
		worth := 1.0
		if q, err := model.ParseQuantity(one); err == nil {
			worth = float64(q.Units) + float64(q.Nanos)/1e9
		}
		k.out.Resources = append(k.out.Resources, resource{name, worth, strings.HasSuffix(one, "i")})
	}
}

func (k *packer) nodes() {
	resources := len(k.Problem.Resources)
	k.out.Nodes.Capacity = make([][]int64, resources)
	for j := range k.Instance.Nodes {
		node := &k.Instance.Nodes[j]
		k.out.Nodes.Name = append(k.out.Nodes.Name, node.Name)
		for r := range resources {
			k.out.Nodes.Capacity[r] = append(k.out.Nodes.Capacity[r], k.Problem.Capacity[j*resources+r])
		}
		labels := map[string]string{}
		for _, l := range node.Labels {
			labels[l.Key] = l.Value
		}
		k.out.Nodes.Labels = append(k.out.Nodes.Labels, labels)
		if k.Bill != nil {
			k.out.Nodes.Open = append(k.out.Nodes.Open, k.cost(k.Bill.Open[j]))
		}
	}
	for _, places := range k.Groupings() {
		k.out.Groupings = append(k.out.Groupings, grouping(places))
	}
}

// list numbers a list of nodes.
func (k *packer) list(names []string) int32 {
	if len(names) == 0 {
		return -1
	}
	key := strings.Join(names, "\x00")
	id, known := k.lists[key]
	if !known {
		id = int32(len(k.out.NodeLists))
		k.lists[key] = id
		nodes := make([]int32, len(names))
		for e, name := range names {
			nodes[e] = k.node[name]
		}
		k.out.NodeLists = append(k.out.NodeLists, nodes)
	}
	return id
}

func (k *packer) tasks() {
	t := &k.out.Tasks
	for i := range k.Instance.Tasks {
		task := &k.Instance.Tasks[i]
		t.Name = append(t.Name, task.Name)
		t.First = append(t.First, k.Problem.Replicas(i).From)
		t.Home = append(t.Home, k.list(k.Home(i)))
		t.Today = append(t.Today, k.list(task.Current))
		t.Apart = append(t.Apart, task.Apart)
	}
	t.First = append(t.First, int32(len(k.Bill.At)))
}

func (k *packer) replicas() {
	c := &k.out.Replicas
	for r, node := range k.Bill.At {
		own := k.Bill.Own[r]
		c.Node = append(c.Node, node)
		c.Demand = append(c.Demand, k.demand(k.Problem.Takes(int(k.taskOf[r]), max(node, 0))))
		c.State = append(c.State, uint16(k.State(int32(r))))
		c.Fetch = append(c.Fetch, k.cost(own.Fetch))
		c.Move = append(c.Move, k.cost(own.Move))
		c.Unplaced = append(c.Unplaced, k.cost(own.Unplaced))
	}
}

// demand numbers a vector of amounts.
func (k *packer) demand(amounts []int64) int32 {
	k.scratch = k.scratch[:0]
	for _, a := range amounts {
		k.scratch = fmt.Appendf(k.scratch, "%d ", a)
	}
	id, known := k.demands[string(k.scratch)]
	if !known {
		id = int32(len(k.out.Demands))
		k.demands[string(k.scratch)] = id
		k.out.Demands = append(k.out.Demands, amounts)
	}
	return id
}

func (k *packer) traffic() {
	for e := range k.Instance.Traffic {
		t := &k.Instance.Traffic[e]
		k.out.Traffic.A = append(k.out.Traffic.A, k.task[t.Between[0]])
		k.out.Traffic.B = append(k.out.Traffic.B, k.task[t.Between[1]])
		k.out.Traffic.Volume = append(k.out.Traffic.Volume, decimal(t.Volume))
		k.out.Traffic.Cost = append(k.out.Traffic.Cost, k.cost(k.Bill.Traffic[e]))
	}
	for e := range k.Bill.Flows {
		f := &k.Bill.Flows[e]
		k.out.Flows.Traffic = append(k.out.Flows.Traffic, f.Traffic)
		k.out.Flows.From = append(k.out.Flows.From, f.Nodes[0])
		k.out.Flows.To = append(k.out.Flows.To, f.Nodes[1])
		k.out.Flows.Volume = append(k.out.Flows.Volume, k.volume(f))
		k.out.Flows.Cost = append(k.out.Flows.Cost, k.cost(f.Cost))
	}
}

func (k *packer) rules() {
	for e := range k.Instance.Rules {
		r := &k.Instance.Rules[e]
		row := rule{Kind: r.Kind.String(), Place: cmp.Or(r.Topology, "node"), Broken: k.Bill.Broken[e], Cost: k.cost(k.Bill.Wishes[e])}
		for _, name := range r.Tasks {
			row.Tasks = append(row.Tasks, k.task[name])
		}
		if r.Weight != nil {
			weight := decimal(*r.Weight)
			row.Weight = &weight
		}
		k.out.Rules = append(k.out.Rules, row)
	}
}

func (k *packer) reads() {
	for _, read := range k.Bill.Reads {
		k.out.Reads.Task = append(k.out.Reads.Task, read.Task)
		k.out.Reads.Node = append(k.out.Reads.Node, read.Node)
		k.out.Reads.Cost = append(k.out.Reads.Cost, k.cost(read.Cost))
	}
}

func (k *packer) steps() {
	for _, step := range k.Solution.Trajectory {
		k.out.Trajectory.Seconds = append(k.out.Trajectory.Seconds, step.Seconds)
		k.out.Trajectory.Objective = append(k.out.Trajectory.Objective, value(step.Objective))
		k.out.Trajectory.Bound = append(k.out.Trajectory.Bound, value(step.Bound))
		k.out.Trajectory.By = append(k.out.Trajectory.By, step.By)
	}
}

// value is a number for a picture, nil for null.
func value(n model.Number) *float64 {
	r := n.Rat()
	if r == nil {
		return nil
	}
	f, _ := r.Float64()
	return &f
}

// What asking the judge may cost in all, in replicas, pairs and rules looked at, and
// how many answers are enough.
const (
	askedWork = 1_000_000
	askedMost = 300
)

// keptOnes asks the judge what keeps the dearest replicas away from home.
func (k *packer) keptOnes() {
	size := len(k.Bill.At) + len(k.Instance.Traffic) + len(k.Instance.Rules) + len(k.Instance.Nodes)
	away := k.AwayFromHome()
	for _, r := range away[:min(len(away), askedMost, max(askedWork/max(size, 1), 1))] {
		if why := k.Kept(r, false); why != "" {
			k.out.Kept = append(k.out.Kept, kept{r, why})
		}
	}
	slices.SortFunc(k.out.Kept, func(a, b kept) int { return cmp.Compare(a.Replica, b.Replica) })
}
