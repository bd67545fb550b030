package rlt

import "math"

// take raises the bound by what unit has at least to pay.
func (t *table) take(unit int32, cutoff int64) bool {
	from, to := t.of(unit)
	t.gather(from, to)
	least := int64(math.MaxInt64)
	for s := from; s < to; s++ {
		if t.own[s] < forbidden && t.settle(s) {
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
			if c < forbidden && c+t.own[u] > slack {
				t.forbid(s, int32(u))
			}
		}
	}
	return true
}

// close rules a state out, alone and beside any other.
func (t *table) close(s int32) {
	t.own[s] = forbidden
	for u := range t.states {
		t.forbid(s, int32(u))
	}
}

// gather takes over what the others hold against the states [from, to) of a unit.
func (t *table) gather(from, to int32) {
	n := len(t.states)
	for u := range n {
		if int32(u) >= from && int32(u) < to {
			continue
		}
		held, at := t.cost[u*n:][from:to], int(from)*n+u
		for k, c := range held {
			if c > 0 && c < forbidden {
				t.cost[at] += c
				held[k] = 0
			}
			at += n
		}
	}
}

// settle prices the room beside a state, and moves the least of each row to the state. It
// closes the state where a row has nothing left.
func (t *table) settle(s int32) bool {
	row := t.row(s)
	unit := t.states[s].unit
	if !t.rooms.price(t, s) {
		t.close(s)
		return false
	}
	for v, least := range t.rooms.best {
		if int32(v) == unit || least == 0 {
			continue
		}
		if least >= forbidden {
			t.close(s)
			return false
		}
		t.own[s] += least
		others := row[t.first[v]:t.first[v+1]]
		for k, c := range others {
			if c < forbidden {
				others[k] = c - least
			}
		}
	}
	return true
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
