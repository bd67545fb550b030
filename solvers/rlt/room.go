package rlt

import (
	"math"
	"slices"

	"berth/model"
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

// roomOf is the room of all nodes as tables have it: of each resource how many may take more than
// half of what the node has, which is one, and then how much all may take. Of those that are so
// large a part of each would otherwise do (E. Balas, Facets of the knapsack polytope, Mathematical
// Programming 8, 1975). The count comes first, because once the amount has its price
// it is not exceeded any more.
func roomOf(p *model.Problem) (room []int64) {
	resources := len(p.Resources)
	for j := range p.NodeNames {
		for range resources {
			room = append(room, 1)
		}
		room = append(room, p.Capacity[j*resources:][:resources]...)
	}
	return room
}

// demandOn is what a copy takes of the room of node j.
func demandOn(p *model.Problem, need []int64, j int32) []int64 {
	demand := make([]int64, len(need), 2*len(need))
	for r, d := range need {
		if d > p.Capacity[int(j)*len(need)+r]/2 {
			demand[r] = 1
		}
	}
	return append(demand, need...)
}

// price finds the least costs of a state's row, and sets the prices of room beside the state,
// one after the other, each where those less what the room is worth are largest: where what
// would still come no longer exceeds the room. It returns false where the others have no room
// beside it.
func (r *rooms) price(t *table, s int32) bool {
	resources := len(t.room) / max(t.nodes, 1)
	row := t.row(s)
	units := len(t.copies)
	r.best, r.second, r.at = slices.Grow(r.best[:0], units)[:units], slices.Grow(r.second[:0], units)[:units], slices.Grow(r.at[:0], units)[:units]
	r.asked = slices.Grow(r.asked[:0], len(t.room))[:len(t.room)]
	clear(r.asked)
	for v := range int32(units) {
		if v == t.states[s].unit {
			r.best[v], r.second[v], r.at[v] = forbidden, forbidden, -1
			continue
		}
		r.look(t, row, v)
		r.ask(t, r.at[v], 1, resources)
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
			if other-row[u] < -price*weight {
				continue
			}
			limit = integer.FloorDiv(other-row[u], weight)
		}
		r.wishes = append(r.wishes, wish{weight, limit})
		sum += weight
	}
	if sum <= left {
		return -price, true
	}
	for { // few fit, so this takes less than sorting
		k := 0
		for n, w := range r.wishes {
			if top := r.wishes[k]; w.limit > top.limit || w.limit == top.limit && w.weight < top.weight {
				k = n
			}
		}
		w := r.wishes[k]
		if left -= w.weight; left < 0 {
			return w.limit, w.limit != math.MaxInt64
		}
		r.wishes[k] = r.wishes[len(r.wishes)-1]
		r.wishes = r.wishes[:len(r.wishes)-1]
	}
}
