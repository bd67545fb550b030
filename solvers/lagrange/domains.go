package lagrange

// domains holds which nodes each task may still have, and takes removals back in
// the order in which they were made.
//
// Tasks with one node left are forced there: they leave the open tasks, and take
// their part of the node's room. Both directions, nodes of a task and open tasks
// of a node, are sparse sets: an array, the place of each element in it, and how
// many of the first are in. An element goes by changing places with the last, and
// comes back when the count grows again (P. Briggs and L. Torczon, An efficient
// representation for sparse sets, ACM Letters on Programming Languages and Systems
// 2, 1993). Removing and bringing back are O(1).
type domains struct {
	*instance
	nodesOf []sparse // by task
	tasksOn []sparse // by node: open tasks that may be there
	open    sparse   // tasks with more than one node left
	at      []int32  // the node of a forced task, else -1
	spare   []int32  // room of each node less the needs of what is forced there
	forced  int64    // what the forced tasks cost
	failed  bool     // a task has no node left, or a node is too small for what is forced there
	trail   []change
}

// change is a step that can be taken back: task lost node, or was forced there.
type change struct {
	task, node int32
	forced     bool
}

// sparse is a set of small numbers.
type sparse struct {
	list, place []int32
	size        int32
}

func newSparse(universe int) sparse {
	return sparse{list: make([]int32, 0, universe), place: make([]int32, universe)}
}

// add puts in an element while the set is built; nothing was removed yet.
func (s *sparse) add(v int32) {
	s.place[v] = s.size
	s.list = append(s.list, v)
	s.size++
}

// all lists the elements; removals change it.
func (s *sparse) all() []int32 { return s.list[:s.size] }

func (s *sparse) remove(v int32) {
	s.size--
	p, last := s.place[v], s.list[s.size]
	s.list[p], s.list[s.size] = last, v
	s.place[last], s.place[v] = p, s.size
}

func newDomains(in *instance) *domains {
	d := &domains{
		instance: in, nodesOf: make([]sparse, in.tasks), tasksOn: make([]sparse, in.nodes),
		open: newSparse(in.tasks), at: make([]int32, in.tasks), spare: append([]int32(nil), in.room...),
	}
	for j := range d.tasksOn {
		d.tasksOn[j] = newSparse(in.tasks)
	}
	for i := range d.nodesOf {
		d.at[i] = -1
		d.nodesOf[i] = newSparse(in.nodes)
		d.open.add(int32(i))
		for j := range in.nodes {
			if in.need[j*in.tasks+i] != never {
				d.nodesOf[i].add(int32(j))
				d.tasksOn[j].add(int32(i))
			}
		}
	}
	for i := range d.nodesOf {
		switch d.nodesOf[i].size {
		case 0:
			d.failed = true
		case 1:
			d.force(int32(i))
		}
	}
	return d
}

// has says whether task i may still be on node j.
func (d *domains) has(i, j int32) bool {
	s := &d.nodesOf[i]
	p := s.place[j]
	return p < s.size && s.list[p] == j
}

// remove takes node j from the open task i.
func (d *domains) remove(i, j int32) {
	d.nodesOf[i].remove(j)
	d.tasksOn[j].remove(i)
	d.trail = append(d.trail, change{task: i, node: j})
	if d.nodesOf[i].size == 1 {
		d.force(i)
	}
}

// force puts an open task where alone it can be.
func (d *domains) force(i int32) {
	j := d.nodesOf[i].list[0]
	k := int(j)*d.tasks + int(i)
	d.tasksOn[j].remove(i)
	d.open.remove(i)
	d.at[i] = j
	d.spare[j] -= d.need[k]
	d.forced += d.cost[k]
	d.failed = d.failed || d.spare[j] < 0
	d.trail = append(d.trail, change{i, j, true})
}

// assign removes all nodes but j from the open task i.
func (d *domains) assign(i, j int32) {
	for d.at[i] < 0 {
		other := d.nodesOf[i].list[0]
		if other == j {
			other = d.nodesOf[i].list[1]
		}
		d.remove(i, other)
	}
}

// undo takes back what happened since the trail was so long.
func (d *domains) undo(length int) {
	for len(d.trail) > length {
		c := d.trail[len(d.trail)-1]
		d.trail = d.trail[:len(d.trail)-1]
		d.tasksOn[c.node].size++
		if !c.forced {
			d.nodesOf[c.task].size++
			continue
		}
		k := int(c.node)*d.tasks + int(c.task)
		d.open.size++
		d.at[c.task] = -1
		d.spare[c.node] += d.need[k]
		d.forced -= d.cost[k]
	}
	d.failed = false
}
