package rlt

import (
	"cmp"
	"math"
	"slices"

	"berth/model/integer"
)

// rooms prices the room of the nodes beside one state after the other. Its slices are
// scratch.
type rooms struct {
	best, second []int64 // by unit: the two least costs of a row
	at           []int32 // by unit: the state of the least
	asked        []int64 // by node and resource: what would come
	wishes       []wish
}

// wish is a unit that would rather be on a node, beside a state, than elsewhere for as
// long as a unit of room there costs at most limit more than it does.
type wish struct{ weight, limit int64 }

// price sets the prices of room beside a state, one after the other, each where the
// row's least costs less what the room is worth are largest: where what would still come
// no longer exceeds the room. It returns false where the others have no room beside it.
func (r *rooms) price(t *table, s int32) bool {
	resources := len(t.room) / max(t.nodes, 1)
	if resources == 0 {
		return true
	}
	row := t.row(s)
	r.best, r.second, r.at = r.best[:0], r.second[:0], r.at[:0]
	r.asked = append(r.asked[:0], make([]int64, len(t.room))...)
	for v := range int32(len(t.copies)) {
		r.best, r.second, r.at = append(r.best, forbidden), append(r.second, forbidden), append(r.at, -1)
		if v == t.states[s].unit {
			continue
		}
		r.look(t, row, v)
		if u := r.at[v]; u >= 0 && t.states[u].node >= 0 {
			for k, d := range t.states[u].demand {
				r.asked[int(t.states[u].node)*resources+k] += d
			}
		}
	}
	prices := t.price[int(s)*len(t.room):][:len(t.room)]
	own := &t.states[s]
	for k := range t.room {
		left := t.room[k]
		node, resource := int32(k/resources), k%resources
		if own.node == node {
			left -= own.demand[resource]
		}
		if left < 0 {
			return false
		}
		if prices[k] == 0 && r.asked[k] <= left {
			continue
		}
		change, possible := r.change(t, row, node, resource, left, prices[k])
		if !possible {
			return false
		}
		if change == 0 {
			continue
		}
		prices[k] += change
		t.own[s] -= change * left
		for _, u := range t.on[node] {
			if v := t.states[u].unit; v != own.unit && row[u] < forbidden {
				was := r.at[v]
				if r.add(row, u, v, change*t.states[u].demand[resource]) {
					r.look(t, row, v)
				}
				if was != r.at[v] {
					r.ask(t, was, -1, resources)
					r.ask(t, r.at[v], 1, resources)
				}
			}
		}
	}
	return true
}

// ask counts what a state would take, so many times.
func (r *rooms) ask(t *table, u int32, times int64, resources int) {
	if u < 0 || t.states[u].node < 0 {
		return
	}
	for k, d := range t.states[u].demand {
		r.asked[int(t.states[u].node)*resources+k] += times * d
	}
}

// add changes what a state of a unit costs in a row. It returns whether the unit has to
// be looked at again.
func (r *rooms) add(row []int64, u, v int32, change int64) bool {
	before := row[u]
	row[u] += change
	switch c := row[u]; {
	case change > 0:
		return before <= r.second[v]
	case u == r.at[v]:
		r.best[v] = c
	case c < r.best[v]:
		r.best[v], r.second[v], r.at[v] = c, r.best[v], u
	case c < r.second[v]:
		r.second[v] = c
	}
	return false
}

// look finds the two least costs of a unit in a row.
func (r *rooms) look(t *table, row []int64, v int32) {
	best, second, at := forbidden, forbidden, int32(-1)
	first := t.first[v]
	for k, c := range row[first:t.first[v+1]] {
		switch {
		case c >= second:
		case c < best:
			best, second, at = c, best, first+int32(k)
		default:
			second = c
		}
	}
	r.best[v], r.second[v], r.at[v] = best, second, at
}

// change is by how much the price of a room should change.
func (r *rooms) change(t *table, row []int64, node int32, resource int, left, price int64) (change int64, possible bool) {
	r.wishes = r.wishes[:0]
	sum := int64(0)
	for _, u := range t.on[node] {
		v, weight := t.states[u].unit, t.states[u].demand[resource]
		if weight == 0 || row[u] >= forbidden || r.at[v] < 0 {
			continue
		}
		other := r.best[v]
		if r.at[v] == u {
			other = r.second[v]
		}
		limit := int64(math.MaxInt64)
		if other < forbidden {
			limit = integer.FloorDiv(other-row[u], weight)
		}
		if limit >= -price {
			r.wishes = append(r.wishes, wish{weight, limit})
			sum += weight
		}
	}
	if sum <= left {
		return -price, true
	}
	slices.SortFunc(r.wishes, func(a, b wish) int { return cmp.Or(cmp.Compare(b.limit, a.limit), cmp.Compare(a.weight, b.weight)) })
	for _, w := range r.wishes {
		if left -= w.weight; left < 0 {
			return w.limit, w.limit != math.MaxInt64
		}
	}
	return 0, true
}
