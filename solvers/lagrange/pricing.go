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
	k.work += int64(6*len(list)) + 20
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
	if 2*(len(k.core)+1)*(width+1) > maxCells {
		return
	}
	k.join(width, inside-s.value, gap, taken, penalty)
}

// join raises the penalties of the core by tables over the items before and behind
// each, and those of the items that no best set wants by one look-up each. The
// rest is inside the knapsack, or outside, in every set within the gap; base is
// what that is worth above the knapsack's value.
func (k *knapsacks) join(width int, base, gap int64, taken []bool, penalty []int64) {
	count, stride := len(k.core), width+1
	k.table = grow(k.table, (count+1)*stride)
	k.behind = grow(k.behind, (count+1)*stride)
	clear(k.table[:stride])
	for t, x := range k.core {
		add(k.table[(t+1)*stride:][:stride], k.table[t*stride:][:stride], 0, int(x.need), x.value)
	}
	full := k.table[count*stride:][:stride]
	for _, t := range k.items {
		rise := gap + 1
		if int(t.need) <= width {
			rise = min(rise, base+t.value+full[width-int(t.need)])
		}
		penalty[t.task] = max(penalty[t.task], rise)
	}
	// behind runs the other way: entry c holds the best with width−c of room.
	clear(k.behind[count*stride:][:stride])
	for t := count - 1; t >= 0; t-- {
		x := k.core[t]
		after := k.behind[(t+1)*stride:][:stride]
		rise := gap + 1
		before := k.table[t*stride:][:stride]
		if taken[x.task] {
			rise = min(rise, base+least(before, after))
		} else if int(x.need) <= width {
			rise = min(rise, base+x.value+least(before, after[x.need:]))
		}
		penalty[x.task] = max(penalty[x.task], rise)
		addBackwards(k.behind[t*stride:][:stride], after, int(x.need), x.value)
	}
	k.work += int64(3 * count * stride)
}

// least returns the least sum of two entries at the same place, as far as the
// second slice goes.
func least(a, b []int64) int64 {
	a = a[:len(b)]
	best := a[0] + b[0]
	for c := range b {
		best = min(best, a[c]+b[c])
	}
	return best
}

// addBackwards is add for rows in which room falls from entry to entry.
func addBackwards(after, before []int64, need int, value int64) {
	end := max(0, len(before)-need)
	with := before[len(before)-end:]
	out, without := after[:end], before[:end]
	with, without = with[:len(out)], without[:len(out)]
	for c := range out {
		out[c] = min(without[c], with[c]+value)
	}
	copy(after[end:], before[end:])
}
