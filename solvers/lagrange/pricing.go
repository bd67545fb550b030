package lagrange

// price sets the penalty of each open task of node j: by how much the value of its
// knapsack rises at least if the task is taken and was not, or the other way
// round. Penalties are exact up to gap; above it they need only be above it.
func (k *knapsacks) price(j int32, gap int64) {
	s := &k.sacks[j]
	row := int(j) * k.tasks
	cost, need := k.cost[row:row+k.tasks], k.need[row:row+k.tasks]
	taken, penalty := k.taken[row:row+k.tasks], k.penalty[row:row+k.tasks]
	spare := k.spare[j]
	width, inside := int(spare), int64(0)
	k.core, k.items = k.core[:0], k.items[:0]
	list := k.tasksOn[j].all()
	k.work += int64(10*len(list)) + 50
	for _, i := range list {
		if need[i] > spare {
			penalty[i] = gap + 1
			continue
		}
		t := item{i, need[i], cost[i] - k.u[i]}
		rise := t.value + s.price*int64(t.need)
		if taken[i] {
			rise = -rise
		}
		penalty[i] = max(0, s.lower+max(0, rise)-s.value)
		switch {
		case penalty[i] <= gap && t.value < 0:
			k.core = append(k.core, t)
		case penalty[i] <= gap:
			k.items = append(k.items, t)
		case taken[i]:
			width -= int(t.need)
			inside += t.value
		}
	}
	if 2*(len(k.core)+1)*(width+1) > k.instance.cells {
		return
	}
	if worth(k.core) < narrow {
		k.work += k.slim.join(k.core, k.items, width, inside-s.value, gap, taken, penalty) / slimCells
	} else {
		k.work += k.full.join(k.core, k.items, width, inside-s.value, gap, taken, penalty)
	}
}

// worth is the value of all items of a core together, without its sign.
func worth(core []item) int64 {
	sum := int64(0)
	for _, t := range core {
		sum -= t.value
	}
	return sum
}
