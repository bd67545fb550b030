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
// long as a unit of room there costs at most limit more than it does. Until limit is needed it is
// what all of the weight may cost more.
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

// claim is a state that takes of a room.
type claim struct {
	state, unit int32
	weight      int64
}

// listClaims lists the states that take of each room. Where it suffices for all of them the list
// is empty.
func (t *table) listClaims() {
	kinds := t.kinds()
	t.claims, t.ends = t.claims[:0], t.ends[:0]
	for k, room := range t.room {
		begin, sum := len(t.claims), int64(0)
		for _, u := range t.on[k/kinds] {
			if weight := t.states[u].demand[k%kinds]; weight > 0 {
				t.claims = append(t.claims, claim{u, t.states[u].unit, weight})
				sum += weight
			}
		}
		if sum <= room {
			t.claims = t.claims[:begin]
		}
		t.ends = append(t.ends, int32(len(t.claims)))
	}
}

// kinds is how many rooms a node has.
func (t *table) kinds() int { return len(t.room) / max(t.nodes, 1) }

// price finds the least costs of a state's row, and sets the prices of room beside the state,
// one after the other, each where those less what the room is worth are largest: where what
// would still come no longer exceeds the room. It returns false where the others have no room
// beside it.
func (r *rooms) price(t *table, s int32) bool {
	kinds := t.kinds()
	row := t.row(s)
	units := len(t.copies)
	r.best, r.second, r.at = slices.Grow(r.best[:0], units)[:units], slices.Grow(r.second[:0], units)[:units], slices.Grow(r.at[:0], units)[:units]
	r.asked = slices.Grow(r.asked[:0], len(t.room))[:len(t.room)]
	clear(r.asked)
	for v := range int32(units) {
		r.look(t, row, v)
		r.ask(t, r.at[v], 1, kinds)
	}
	prices := t.price[int(s)*len(t.room):][:len(t.room)]
	own := &t.states[s]
	begin := int32(0)
	for k, end := range t.ends {
		claims := t.claims[begin:end]
		begin = end
		if len(claims) == 0 {
			continue
		}
		left := t.room[k]
		if int(own.node) == k/kinds {
			left -= own.demand[k%kinds]
		}
		if left < 0 {
			return false
		}
		if prices[k] == 0 && r.asked[k] <= left {
			continue
		}
		change, possible := r.change(row, claims, left, prices[k])
		if !possible {
			return false
		}
		if change == 0 {
			continue
		}
		prices[k] += change
		t.own[s] -= change * left
		for _, c := range claims {
			if row[c.state] >= forbidden {
				continue
			}
			was := r.at[c.unit]
			if r.add(row, c.state, c.unit, change*c.weight) {
				r.look(t, row, c.unit)
			}
			if now := r.at[c.unit]; was != now {
				r.ask(t, was, -1, kinds)
				r.ask(t, now, 1, kinds)
			}
		}
	}
	return true
}

// ask counts what a state would take, so many times.
func (r *rooms) ask(t *table, u int32, times int64, kinds int) {
	if u < 0 || t.states[u].node < 0 {
		return
	}
	asked := r.asked[int(t.states[u].node)*kinds:]
	for k, d := range t.states[u].demand {
		asked[k] += times * d
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
func (r *rooms) change(row []int64, claims []claim, left, price int64) (change int64, possible bool) {
	r.wishes = r.wishes[:0]
	sum := int64(0)
	for _, c := range claims {
		cost := row[c.state]
		if cost >= forbidden {
			continue
		}
		other := r.best[c.unit]
		if cost == other {
			other = r.second[c.unit]
		}
		if gain := other - cost; gain >= -price*c.weight {
			r.wishes = append(r.wishes, wish{c.weight, gain})
			sum += c.weight
		}
	}
	if sum <= left {
		return -price, true
	}
	for k, w := range r.wishes {
		switch {
		case w.limit >= forbidden/2: // there is no elsewhere
			r.wishes[k].limit = math.MaxInt64
		case w.weight > 1:
			r.wishes[k].limit = integer.FloorDiv(w.limit, w.weight)
		}
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
