package model

import (
	"fmt"
	"math"
	"slices"

	"berth/model/integer"
)

// Compile turns a document into the problem that every method works on: names to
// indices, amounts and costs to exact integers, then the reductions of reduce.go.
// It fails where a number leaves the exact range; that no placement exists is no
// failure but Problem.Impossible. O(size of the document + nodes · distinct rows).
func Compile(in *Instance) (*Problem, error) {
	if err := in.Check(); err != nil {
		return nil, err
	}
	digest := make(chan string, 1)
	go func() { digest <- in.Digest() }()
	c := &compiler{
		in:        in,
		p:         &Problem{Name: in.Name, original: &original{}},
		node:      make(map[string]int32, len(in.Nodes)),
		costs:     newInterner(),
		demands:   newInterner(),
		domains:   newInterner(),
		selectors: map[string]int32{},
	}
	steps := []func() error{
		c.names, c.topologies, c.amounts, c.rows, c.given(c.ask), c.prices, c.tasks, c.rules, c.traffic, c.totals, c.reduce,
	}
	if in.Workflow {
		steps = []func() error{c.names, c.amounts, c.durations, c.given(c.askWorkflow), c.edges, c.ticks, c.finishWorkflow}
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.p.Digest = <-digest
	return c.p, nil
}

// compiler holds what Compile needs on the way.
type compiler struct {
	in     *Instance
	p      *Problem
	node   map[string]int32
	task   map[string]int32 // nil where nothing refers to a task
	scales []scale          // by resource

	costs, demands, domains *interner
	selectors               map[string]int32 // domains by the text of the labels that they carry
	graph                   *graph
	routes                  map[int32][]route // from homes of data

	fetchRow []int32 // by task, into Costs, in millionths until prices scales them
	allowed  []int32 // by task, into Domains

	fetch, reads, move, open, unplaced, wishes, flows *term
	distances                                         []Distance // nil: between single nodes
	distanceUnit                                      int64
}

func (c *compiler) names() error {
	for j := range c.in.Nodes {
		c.node[c.in.Nodes[j].Name] = int32(j)
		c.p.NodeNames = append(c.p.NodeNames, c.in.Nodes[j].Name)
	}
	if len(c.in.Rules)+len(c.in.Traffic)+len(c.in.Dependencies) > 0 {
		c.task = make(map[string]int32, len(c.in.Tasks))
	}
	c.p.original.names = make([]string, len(c.in.Tasks))
	c.p.original.tasks = make([]originalTask, len(c.in.Tasks))
	replicas := 0
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		if c.task != nil {
			c.task[t.Name] = int32(i)
		}
		c.p.original.names[i] = t.Name
		c.p.original.tasks[i].first = int32(replicas)
		c.p.original.tasks[i].replicas = int32(t.Replicas)
		replicas += t.Replicas
		if replicas > math.MaxInt32/2 {
			return &DocumentError{Path: "tasks", Found: "more than 10⁹ replicas in all", Want: "fewer"}
		}
	}
	c.p.original.replicas = replicas
	return nil
}

// topologies finds the label keys that rules, apart and distances speak of.
func (c *compiler) topologies() error {
	c.p.Topologies = []Topology{{Key: "node", Names: c.p.NodeNames}}
	nodes := &c.p.Topologies[0]
	for j := range c.in.Nodes {
		nodes.Place = append(nodes.Place, int32(j))
		nodes.Member = append(nodes.Member, []int32{int32(j)})
	}
	for i := range c.in.Tasks {
		c.topology(c.in.Tasks[i].Apart)
	}
	for k := range c.in.Rules {
		c.topology(c.in.Rules[k].Topology)
	}
	c.distances = c.levels()
	for _, d := range c.distances {
		c.topology(d.Same)
	}
	return nil
}

// topology returns the index of a label key, adding it where it is new. "" and
// "node" are the nodes themselves.
func (c *compiler) topology(key string) int32 {
	if key == "" || key == "node" {
		return 0
	}
	for k := range c.p.Topologies {
		if c.p.Topologies[k].Key == key {
			return int32(k)
		}
	}
	t := Topology{Key: key, Place: make([]int32, len(c.in.Nodes))}
	places := map[string]int32{}
	for j := range c.in.Nodes {
		value, ok := c.in.Nodes[j].Label(key)
		place, known := places[value]
		if !ok || !known {
			place = int32(len(t.Names))
			if ok {
				places[value] = place
				t.Names = append(t.Names, value)
			} else {
				t.Names = append(t.Names, c.in.Nodes[j].Name)
			}
			t.Member = append(t.Member, nil)
		}
		t.Place[j] = place
		t.Member[place] = append(t.Member[place], int32(j))
	}
	c.p.Topologies = append(c.p.Topologies, t)
	return int32(len(c.p.Topologies) - 1)
}

// scale turns quantities of one resource into integers: Units and Nanos times
// multiplier, divided by divisor.
type scale struct{ multiplier, divisor int64 }

func (s scale) of(q Quantity) (int64, bool) {
	if q.Units > (limit-nanosPerUnit)/s.multiplier {
		return 0, false
	}
	return (q.Units*s.multiplier + int64(q.Nanos)/(nanosPerUnit/s.multiplier)) / s.divisor, true
}

// Amount writes an amount of resource r, in the problem's integers, as a quantity.
func (p *Problem) Amount(r int, amount int64) string {
	s := p.scales[r]
	if amount > limit/s.divisor {
		return "more than 2⁶¹"
	}
	v := amount * s.divisor
	return Quantity{Units: v / s.multiplier, Nanos: int32(v % s.multiplier * (nanosPerUnit / s.multiplier))}.String()
}

// amounts scales capacities and demands. A resource that no node names is not
// limited, and left out.
func (c *compiler) amounts() error {
	for j := range c.in.Nodes {
		for _, a := range c.in.Nodes[j].Capacity {
			if k, found := slices.BinarySearch(c.p.Resources, a.Resource); !found {
				c.p.Resources = slices.Insert(c.p.Resources, k, a.Resource)
			}
		}
	}
	nanos := make([]int64, len(c.p.Resources))
	for r := range nanos {
		nanos[r] = nanosPerUnit
	}
	c.eachAmount(func(r int, q Quantity, _ amountPlace) error {
		nanos[r] = integer.GCD(nanos[r], int64(q.Nanos))
		return nil
	})
	for r := range nanos {
		c.scales = append(c.scales, scale{nanosPerUnit / nanos[r], 1})
	}
	divisors := make([]int64, len(c.p.Resources))
	if err := c.eachAmount(func(r int, q Quantity, at amountPlace) error {
		v, ok := c.scales[r].of(q)
		if !ok {
			return &DocumentError{Path: at.path(c.in, c.p.Resources[r]), Found: q.String(), Want: "an amount that fits 64 bits at the finest digit that " + c.p.Resources[r] + " is given in"}
		}
		divisors[r] = integer.GCD(divisors[r], v)
		return nil
	}); err != nil {
		return err
	}
	for r := range divisors {
		c.scales[r].divisor = max(divisors[r], 1)
	}
	c.p.scales = c.scales
	for j := range c.in.Nodes {
		capacity := make([]int64, len(c.p.Resources))
		c.vector(c.in.Nodes[j].Capacity, capacity)
		c.p.Capacity = append(c.p.Capacity, capacity...)
	}
	return nil
}

// amountPlace is where amounts stand in a document: the capacity of a node, or the
// demand of a task, in general or on the node that its exception `on` names. What is
// meant for none is −1.
type amountPlace struct{ node, task, on int }

// path names one resource there, for errors.
func (at amountPlace) path(in *Instance, resource string) string {
	switch {
	case at.task < 0:
		return fmt.Sprintf("nodes[%d].capacity.%s", at.node, resource)
	case at.on < 0:
		return fmt.Sprintf("tasks[%d].demand.%s", at.task, resource)
	}
	return fmt.Sprintf("tasks[%d].demandOn.%s.%s", at.task, in.Tasks[at.task].DemandOn[at.on].Node, resource)
}

// eachAmount calls f on every amount of a limited resource in the document.
func (c *compiler) eachAmount(f func(r int, q Quantity, at amountPlace) error) error {
	visit := func(amounts Resources, at amountPlace) error {
		for _, a := range amounts {
			if r, limited := slices.BinarySearch(c.p.Resources, a.Resource); limited {
				if err := f(r, a.Quantity, at); err != nil {
					return err
				}
			}
		}
		return nil
	}
	for j := range c.in.Nodes {
		if err := visit(c.in.Nodes[j].Capacity, amountPlace{j, -1, -1}); err != nil {
			return err
		}
	}
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		if err := visit(t.Demand, amountPlace{-1, i, -1}); err != nil {
			return err
		}
		for k := range t.DemandOn {
			if err := visit(t.DemandOn[k].Demand, amountPlace{-1, i, k}); err != nil {
				return err
			}
		}
	}
	return nil
}

// vector writes amounts into v, by resource; what is not named stays.
func (c *compiler) vector(amounts Resources, v []int64) {
	for _, a := range amounts {
		if r, limited := slices.BinarySearch(c.p.Resources, a.Resource); limited {
			v[r], _ = c.scales[r].of(a.Quantity)
		}
	}
}

// rows makes every task's demand row, its domain, and its fetch row in millionths.
func (c *compiler) rows() error {
	c.addDomain(nil)
	c.graph = newGraph(&c.in.Network, c.node)
	c.routes = map[int32][]route{}
	c.fetchRow = make([]int32, len(c.in.Tasks))
	c.allowed = make([]int32, len(c.in.Tasks))
	general := make([]int64, len(c.p.Resources))
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		clear(general)
		c.vector(t.Demand, general)
		c.p.original.tasks[i].demand = c.demandRow(general, t.DemandOn)
		c.allowed[i] = c.selector(t.On)
		row, err := c.fetchOf(i, t)
		if err != nil {
			return err
		}
		c.fetchRow[i] = c.addCost(row)
	}
	return nil
}

func (c *compiler) demandRow(general []int64, on []NodeDemand) int32 {
	if len(on) == 0 {
		return c.addDemand(DemandRow{Rest: general})
	}
	dense := make([]int64, 0, len(c.in.Nodes)*len(general))
	for range c.in.Nodes {
		dense = append(dense, general...)
	}
	for _, d := range on {
		j := int(c.node[d.Node]) * len(general)
		c.vector(d.Demand, dense[j:j+len(general)])
	}
	return c.addDemand(sparseDemand(dense, len(general)))
}

// selector returns the domain that `on` leaves.
func (c *compiler) selector(on *Selector) int32 {
	if on == nil {
		return 0
	}
	words := make([]uint64, (len(c.in.Nodes)+63)/64)
	set := func(j int32) { words[j>>6] |= 1 << (uint(j) & 63) }
	if len(on.Nodes) > 0 {
		for _, name := range on.Nodes {
			set(c.node[name])
		}
		return c.addDomain(words)
	}
	key := fmt.Sprintf("%q", on.Labels)
	d, known := c.selectors[key]
	if !known {
		for j := range c.in.Nodes {
			if carries(&c.in.Nodes[j], on.Labels) {
				set(int32(j))
			}
		}
		d = c.addDomain(words)
		c.selectors[key] = d
	}
	return d
}

func carries(n *Node, labels []Label) bool {
	for _, l := range labels {
		if value, ok := n.Label(l.Key); !ok || value != l.Value {
			return false
		}
	}
	return true
}

// fetchOf is what task i pays by node, in millionths. Data that no path brings to
// a node takes that node from the task's domain.
func (c *compiler) fetchOf(i int, t *Task) (CostRow, error) {
	if t.Data != nil {
		return c.fetchData(i, t)
	}
	if t.Fetch == nil || len(t.Reads) > 0 {
		return CostRow{}, nil
	}
	exceptions := len(t.Home) + len(t.Fetch.On)
	row := CostRow{Rest: int64(t.Fetch.Rest), Nodes: make([]int32, 0, exceptions), Values: make([]int64, 0, exceptions)}
	for _, home := range t.Home {
		row.Nodes = append(row.Nodes, c.node[home])
		row.Values = append(row.Values, 0)
	}
	for _, on := range t.Fetch.On {
		if slices.Contains(t.Home, on.Node) {
			continue
		}
		row.Nodes = append(row.Nodes, c.node[on.Node])
		row.Values = append(row.Values, int64(on.Price))
	}
	return sortRow(row, len(c.in.Nodes)), nil
}

func (c *compiler) fetchData(i int, t *Task) (CostRow, error) {
	dense := make([]int64, len(c.in.Nodes))
	for j := range dense {
		dense[j] = NoLimit
	}
	price := map[route]int64{}
	for _, home := range t.Home {
		h := c.node[home]
		if c.routes[h] == nil {
			c.routes[h] = c.graph.routes(h)
		}
		for j, r := range c.routes[h] {
			if !r.reached {
				continue
			}
			cost, known := price[r]
			if !known {
				d, ok := r.transfer(*t.Data)
				if !ok {
					return CostRow{}, &DocumentError{
						Path: fmt.Sprintf("tasks[%d].data", i), Found: t.Data.String(),
						Want: "less data or more bandwidth: the time to node " + c.in.Nodes[j].Name + " leaves 64 bits",
					}
				}
				cost = int64(d)
				price[r] = cost
			}
			if int32(j) == h {
				cost = 0
			}
			if dense[j] == NoLimit || cost < dense[j] {
				dense[j] = cost
			}
		}
	}
	words := make([]uint64, (len(dense)+63)/64)
	cut := false
	for j, cost := range dense {
		if cost == NoLimit {
			dense[j], cut = 0, true
			continue
		}
		words[j>>6] |= 1 << (uint(j) & 63)
	}
	if cut {
		before := c.p.Domains[c.allowed[i]].Size
		c.allowed[i] = c.intersect(c.allowed[i], c.addDomain(words))
		c.p.Report.CutByNetwork += t.Replicas * (before - c.p.Domains[c.allowed[i]].Size)
	}
	return sparseCost(dense), nil
}
