package lagrange

// tables are the two tables of dynamic programming over a core: ahead over the
// items before one, behind over those after it.
type tables[T cell] struct {
	ahead, behind []T
	width         int // of what fill made
}

// fill packs the core into room of the given width, and returns the value and how
// many cells that took. Row t holds the best values of the first t items, for as
// much room as the items behind them can leave.
func (b *tables[T]) fill(core []item, width int) (value, cells int64) {
	count, stride := len(core), width+1
	b.width = width
	b.ahead = grow(b.ahead, (count+1)*stride)
	behind := 0
	for _, x := range core {
		behind += int(x.need)
	}
	clear(b.ahead[max(0, width-behind):stride])
	for t, x := range core {
		behind -= int(x.need)
		from := max(0, width-behind)
		before, after := b.ahead[t*stride:][:stride], b.ahead[(t+1)*stride:][:stride]
		add(after, before, from, int(x.need), T(x.value))
		cells += int64(stride - from)
	}
	return int64(b.ahead[count*stride+width]), cells
}

// unpack calls take for the items of the set that fill found.
func (b *tables[T]) unpack(core []item, take func(i int32)) {
	stride, room := b.width+1, b.width
	for t := len(core) - 1; t >= 0; t-- {
		if b.ahead[(t+1)*stride+room] != b.ahead[t*stride+room] {
			take(core[t].task)
			room -= int(core[t].need)
		}
	}
}

// join raises the penalties of the core by tables over the items before and behind
// each, and those of the others, which no best set wants, by one look-up each. What
// is in neither is inside the knapsack, or outside, in every set within the gap;
// base is what that is worth above the knapsack's value.
func (b *tables[T]) join(core, others []item, width int, base, gap int64, taken []bool, penalty []int64) (cells int64) {
	count, stride := len(core), width+1
	b.ahead = grow(b.ahead, (count+1)*stride)
	b.behind = grow(b.behind, (count+1)*stride)
	clear(b.ahead[:stride])
	for t, x := range core {
		add(b.ahead[(t+1)*stride:][:stride], b.ahead[t*stride:][:stride], 0, int(x.need), T(x.value))
	}
	full := b.ahead[count*stride:][:stride]
	for _, t := range others {
		rise := gap + 1
		if int(t.need) <= width {
			rise = min(rise, base+t.value+int64(full[width-int(t.need)]))
		}
		penalty[t.task] = max(penalty[t.task], rise)
	}
	// behind runs the other way: entry c holds the best with width−c of room.
	clear(b.behind[count*stride:][:stride])
	for t := count - 1; t >= 0; t-- {
		x := core[t]
		after := b.behind[(t+1)*stride:][:stride]
		rise := gap + 1
		before := b.ahead[t*stride:][:stride]
		if taken[x.task] {
			rise = min(rise, base+int64(leastSum(before, after)))
		} else if int(x.need) <= width {
			rise = min(rise, base+x.value+int64(leastSum(before, after[x.need:])))
		}
		penalty[x.task] = max(penalty[x.task], rise)
		addBackwards(b.behind[t*stride:][:stride], after, int(x.need), T(x.value))
	}
	return int64(count * (3*stride + 80))
}
