package rlt

import "math"

// take raises the bound by what unit has at least to pay.
func (t *table) take(unit int32, cutoff int64) bool {
	from, to := t.of(unit)
	least := int64(math.MaxInt64)
	for s := from; s < to; s++ {
		if t.own[s] < forbidden && t.gather(s) {
			least = min(least, t.own[s])
		}
	}
	if least == math.MaxInt64 {
		return false
	}
	t.bound += least
	if t.bound > cutoff {
		return false
	}
	for s := from; s < to; s++ {
		if t.own[s] >= forbidden {
			continue
		}
		t.own[s] -= least
		t.dear[s] = t.bound + t.own[s]
		slack := cutoff - t.bound - t.own[s]
		if slack < 0 {
			t.close(s)
			continue
		}
		for u, c := range t.row(s) {
			if c > slack && c < forbidden {
				t.forbid(s, int32(u))
			}
		}
	}
	return true
}

// close rules a state out.
func (t *table) close(s int32) { t.own[s] = forbidden }

// gather takes over what the others hold against a state, prices the room, and moves
// the least of each row to the state. It closes the state where a row has nothing left.
func (t *table) gather(s int32) bool {
	n := int32(len(t.states))
	row := t.row(s)
	unit := t.states[s].unit
	for v := range int32(len(t.copies)) {
		if v == unit {
			continue
		}
		from, to := t.of(v)
		for u := from; u < to; u++ {
			if row[u] < forbidden {
				row[u] += t.cost[u*n+s]
				t.cost[u*n+s] = 0
			}
		}
	}
	if !t.rooms.price(t, s) {
		t.close(s)
		return false
	}
	for v := range int32(len(t.copies)) {
		if v == unit {
			continue
		}
		from, to := t.of(v)
		least := t.least(row, from, to)
		if least >= forbidden {
			t.close(s)
			return false
		}
		t.own[s] += least
		for u := from; u < to; u++ {
			if row[u] < forbidden {
				row[u] -= least
			}
		}
	}
	return true
}

// least returns the least cost of the open states [from, to) in a row.
func (t *table) least(row []int64, from, to int32) int64 {
	least := forbidden
	for u := from; u < to; u++ {
		if row[u] < least && t.own[u] < forbidden {
			least = row[u]
		}
	}
	return least
}

// give hands what the states of a unit cost beyond the least to the units after it.
func (t *table) give(unit int32, back bool) {
	before, after := int64(unit), int64(len(t.copies))-1-int64(unit)
	low, high := unit+1, int32(len(t.copies))
	if back {
		before, after = after, before
		low, high = 0, unit
	}
	if after == 0 {
		return
	}
	from, to := t.of(unit)
	for s := from; s < to; s++ {
		if t.own[s] >= forbidden || t.own[s] == 0 {
			continue
		}
		part := t.own[s] / max(before, after)
		row := t.row(s)
		for u := t.first[low]; u < t.first[high]; u++ {
			if row[u] < forbidden {
				row[u] += part
			}
		}
		t.own[s] -= part * after
	}
}
