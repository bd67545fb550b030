package rlt

import (
	"math"
	"slices"
)

// take raises the bound by what unit has at least to pay.
func (t *table) take(unit int32, cutoff int64) bool {
	from, to := t.of(unit)
	t.gather(from, to)
	least := int64(math.MaxInt64)
	for s := from; s < to; s++ {
		if t.own[s] < forbidden && t.settle(s, cutoff) {
			least = min(least, t.own[s])
		}
	}
	if least == math.MaxInt64 {
		return false
	}
	t.bound += least
	for s := from; s < to; s++ {
		if t.own[s] < forbidden {
			t.own[s] -= least
		}
	}
	return t.bound <= cutoff
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
	for u, own := range t.own {
		if own >= forbidden {
			continue
		}
		held, at := t.cost[u*n:][from:to], int(from)*n+u
		for k, c := range held {
			open := (c - forbidden) >> 63 // all bits or none: no guess of the processor can be wrong
			t.cost[at] += c & open
			held[k] = c &^ open
			at += n
		}
	}
}

// settle prices the room beside a state, and moves the least of each row to the state. Then it
// closes, and with the state, what is too dear: beside it each unit has to pay at least the least of
// what its states cost by themselves and there. It returns false where it closes the state.
func (t *table) settle(s int32, cutoff int64) bool {
	row := t.row(s)
	unit := t.states[s].unit
	if !t.rooms.price(t, s) {
		t.close(s)
		return false
	}
	rest := t.rooms.second // no longer needed
	least := t.bound + t.own[s]
	for v, best := range t.rooms.best {
		if int32(v) == unit {
			continue
		}
		if best >= forbidden {
			t.close(s)
			return false
		}
		t.own[s] += best
		from, to := t.first[v], t.first[v+1]
		others, own := row[from:to], t.own[from:to]
		sum := forbidden
		for k, c := range others {
			c -= best & ((c - forbidden) >> 63)
			others[k] = c
			sum = min(sum, c+own[k])
		}
		rest[v] = sum
		least += best + sum
	}
	t.dear[s] = least
	if least > cutoff {
		t.close(s)
		return false
	}
	for v, sum := range rest {
		if int32(v) == unit {
			continue
		}
		from, to := t.first[v], t.first[v+1]
		own, most := t.own[from:to], cutoff-least+sum
		for k, c := range row[from:to] {
			if uint64(c+own[k]-most-1) < uint64(forbidden-most-1) { // above most, and not forbidden
				t.forbid(s, from+int32(k))
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
		row := t.row(s)[t.first[low]:t.first[high]]
		for k, c := range row {
			row[k] = c + part&((c-forbidden)>>63)
		}
		t.own[s] -= part * after
	}
}

// weigh finds out how dear the placements with each state are at least, as settle does, but after all
// passes, and with what the others hold against the state as well. It closes what is too dear, and
// returns false where a unit has no state left.
func (t *table) weigh(cutoff int64) bool {
	for unit := range int32(len(t.copies)) {
		from, _ := t.of(unit)
		open := false
		for k, rest := range t.others(unit) {
			s := from + int32(k)
			if t.own[s] >= forbidden {
				continue
			}
			if t.dear[s] = t.bound + t.own[s] + rest; t.dear[s] > cutoff {
				t.close(s)
				continue
			}
			open = true
		}
		if !open {
			return false
		}
	}
	return true
}

// others is what all other units pay at least beside each state of a unit, up to forbidden. The
// slice is scratch.
func (t *table) others(unit int32) []int64 {
	n := len(t.states)
	from, to := t.of(unit)
	least, sum := slices.Grow(t.rooms.best[:0], n)[:to-from], slices.Grow(t.rooms.second[:0], n)[:to-from]
	t.rooms.best, t.rooms.second = least, sum
	clear(sum)
	for v := range int32(len(t.copies)) {
		if v == unit {
			continue
		}
		for k := range least {
			least[k] = forbidden
		}
		for u := t.first[v]; u < t.first[v+1]; u++ {
			own, at := t.own[u], int(from)*n+int(u)
			if own >= forbidden {
				continue
			}
			for k, held := range t.cost[int(u)*n:][from:to] {
				least[k] = min(least[k], own+held+t.cost[at])
				at += n
			}
		}
		for k, c := range least {
			sum[k] = min(sum[k]+c, forbidden)
		}
	}
	return sum
}
