package conflict

import (
	"cmp"
	"slices"

	"berth/model"
	"berth/model/integer"
)

// Shortages that sums show, and that a SAT solver would count one by one: tasks that
// may only be on some nodes and need more than these have; more replicas that are kept
// apart, or tasks, than places for them.

// mostSets bounds the sets of nodes that are looked at.
const mostSets = 300

// shortage returns members that cannot hold together; none where sums show nothing.
func (d *decider) shortage(off []bool) []int {
	inside := make([]*domain, len(d.tasks)) // nil: the task need not be placed
	sets := [][]bool{slices.Repeat([]bool{true}, d.nodes)}
	known := map[string]bool{}
	open := d.open(off)
	lost := slices.ContainsFunc(d.ofLost, func(m int) bool { return m >= 0 && off[m] })
	for i := range d.tasks {
		t := &d.tasks[i]
		if !t.must || off[t.part[Placed]] {
			continue
		}
		if !d.goOn(int64(d.nodes) * workPerPair) {
			return nil
		}
		own := d.domainOf(i, off, lost, open)
		if own == nil {
			return nil
		}
		inside[i] = own
		apart := t.part[Apart] >= 0 && !off[t.part[Apart]]
		if own.size == 0 || apart && d.places(d.p.Topologies[t.Apart].Place, own.nodes) < t.count {
			core := append(d.reasons(i, own.nodes, off), t.part[Placed])
			if own.size > 0 {
				core = append(core, t.part[Apart])
			}
			return core
		}
		if own.size < d.nodes && len(sets) < mostSets {
			if key := bitmap(own.nodes); !known[key] {
				known[key] = true
				sets = append(sets, own.nodes)
			}
		}
	}
	for _, nodes := range sets {
		if core := d.tooLittle(nodes, inside, off); core != nil {
			return core
		}
	}
	for k := range d.rules {
		if core := d.tooMany(&d.rules[k], inside, off); core != nil {
			return core
		}
	}
	return nil
}

// domain is where a task may be by itself, with the nodes empty as they are, and what
// all its replicas take at least there.
type domain struct {
	nodes []bool
	size  int
	least []int64 // by resource
}

// domainOf is domain, which it does not ask again where nothing is off that could matter: the
// loss of a node, or the capacities of the list. It returns nil where that takes too much work.
func (d *decider) domainOf(i int, off []bool, lost bool, open []int) *domain {
	t := &d.tasks[i]
	matters := lost ||
		slices.ContainsFunc(t.part[Fix:Reach+1], func(m int) bool { return m >= 0 && off[m] }) ||
		slices.ContainsFunc(open, func(k int) bool {
			return t.Demand.On(int32(k / d.resources))[k%d.resources] > d.capacity[k]
		})
	if d.whole == nil {
		d.whole = make([]*domain, len(d.tasks))
	}
	known, work := !matters && d.whole[i] != nil, int64(workPerPair)
	if known {
		work = workPerKnown
	}
	switch {
	case !d.goOn(int64(d.nodes) * work):
		return nil
	case known:
		return d.whole[i]
	}
	own := d.domain(i, off)
	if !matters {
		d.whole[i] = own
	}
	return own
}

// open lists the capacities that are off, by node and resource.
func (d *decider) open(off []bool) []int {
	var list []int
	for k, m := range d.ofCapacity {
		if off[m] {
			list = append(list, k)
		}
	}
	return list
}

func (d *decider) domain(i int, off []bool) *domain {
	own := &domain{nodes: make([]bool, d.nodes), least: make([]int64, d.resources)}
	for j := range own.nodes {
		if !d.may(i, j, off) || d.tooSmall(i, j, off) >= 0 {
			continue
		}
		own.nodes[j] = true
		for r, need := range d.tasks[i].Demand.On(int32(j)) {
			if need *= int64(d.tasks[i].count); own.size == 0 || need < own.least[r] {
				own.least[r] = need
			}
		}
		own.size++
	}
	return own
}

// tooSmall is the capacity of a node that a replica alone is too large for, or −1.
func (s *statement) tooSmall(i, j int, off []bool) int {
	for r, need := range s.tasks[i].Demand.On(int32(j)) {
		if k := j*s.resources + r; need > s.capacity[k] && !off[s.ofCapacity[k]] {
			return s.ofCapacity[k]
		}
	}
	return -1
}

// reasons lists what keeps a task from the nodes outside a set that its domain lies in.
func (d *decider) reasons(i int, inside []bool, off []bool) []int {
	var list []int
	for j, in := range inside {
		if in {
			continue
		}
		why := d.against(i, j, off)
		if why < 0 {
			why = d.tooSmall(i, j, off)
		}
		if !slices.Contains(list, why) {
			list = append(list, why)
		}
	}
	return list
}

// places counts those of a topology that nodes of a set belong to.
func (d *decider) places(place []int32, nodes []bool) int {
	seen := make([]bool, d.nodes)
	n := 0
	for j, in := range nodes {
		if in && !seen[place[j]] {
			seen[place[j]] = true
			n++
		}
	}
	return n
}

// tooLittle holds what the tasks that may only be on some nodes need against what these
// have, one resource at a time. Of too many tasks the largest are named.
func (d *decider) tooLittle(nodes []bool, inside []*domain, off []bool) []int {
	size := 0
	for _, in := range nodes {
		if in {
			size++
		}
	}
	need, have, limited := make([]int64, d.resources), make([]int64, d.resources), slices.Repeat([]bool{true}, d.resources)
	var tasks []int
	for i, own := range inside {
		if own == nil || own.size > size || size < d.nodes && !subset(own.nodes, nodes) {
			continue
		}
		tasks = append(tasks, i)
		for r := range need {
			need[r] += own.least[r]
		}
	}
	for j, in := range nodes {
		for r := range have {
			if in {
				have[r] = integer.AddCapped(have[r], d.capacity[j*d.resources+r])
				limited[r] = limited[r] && !off[d.ofCapacity[j*d.resources+r]]
			}
		}
	}
	for r := range need {
		if !limited[r] || need[r] <= have[r] {
			continue
		}
		slices.SortStableFunc(tasks, func(a, b int) int { return cmp.Compare(inside[b].least[r], inside[a].least[r]) })
		total := int64(0)
		for n, i := range tasks {
			if total += inside[i].least[r]; total > have[r] {
				return d.named(tasks[:n+1], nodes, r, inside, off)
			}
		}
	}
	return nil
}

// named lists the members of a shortage: what the nodes have, that the tasks must be placed,
// and what keeps each from the other nodes, and from those of the set where it takes less than
// was counted.
func (d *decider) named(tasks []int, nodes []bool, r int, inside []*domain, off []bool) []int {
	var core []int
	for j, in := range nodes {
		if in {
			core = append(core, d.ofCapacity[j*d.resources+r])
		}
	}
	for _, i := range tasks {
		core = append(core, d.tasks[i].part[Placed])
		own, kept := inside[i], slices.Clone(nodes)
		for j, in := range nodes {
			kept[j] = in && (own.nodes[j] || d.tasks[i].Demand.On(int32(j))[r]*int64(d.tasks[i].count) >= own.least[r])
		}
		core = append(core, d.reasons(i, kept, off)...)
	}
	slices.Sort(core)
	return slices.Compact(core)
}

// tooMany holds the tasks of an anti-affinity against the places that there are for
// any of them.
func (d *decider) tooMany(r *rule, inside []*domain, off []bool) []int {
	if r.Kind != model.AntiAffinity || off[r.member] {
		return nil
	}
	var tasks []int
	nodes := make([]bool, d.nodes)
	for _, i := range r.Tasks {
		own := inside[i]
		if own == nil {
			continue
		}
		if own.size >= len(r.Tasks) && r.Topology == 0 {
			return nil
		}
		tasks = append(tasks, int(i))
		for j, in := range own.nodes {
			nodes[j] = nodes[j] || in
		}
	}
	most := d.places(r.place, nodes)
	if len(tasks) <= most {
		return nil
	}
	core := []int{r.member}
	for _, i := range tasks[:most+1] {
		core = append(core, d.tasks[i].part[Placed])
		core = append(core, d.reasons(i, nodes, off)...)
	}
	slices.Sort(core)
	return slices.Compact(core)
}

func subset(a, b []bool) bool {
	for j := range a {
		if a[j] && !b[j] {
			return false
		}
	}
	return true
}

// bitmap is a set as text, to be compared.
func bitmap(set []bool) string {
	text := make([]byte, len(set))
	for j, in := range set {
		if in {
			text[j] = 1
		}
	}
	return string(text)
}
