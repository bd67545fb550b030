//go:build cgo

package colgen

import (
	"cmp"
	"slices"
)

// rounded makes a placement of values by pair: pairs with the largest values first, as
// far as they fit, then what is left where it is cheapest. Copies that find no room
// are left out. Nodes that are shut, if that is not nil, are not used. Cost: O(pairs · log pairs).
func (e *engine) rounded(x []float64, shut []bool) []int32 {
	at, left := make([]int32, len(x)), slices.Clone(e.copies)
	room := slices.Clone(e.instance.room)
	pairs := make([]int, 0, len(x))
	for k, most := range e.most {
		if most > 0 && (shut == nil || !shut[k/e.items]) {
			pairs = append(pairs, k)
		}
	}
	place := func(k int, copies int32) {
		i, j := k%e.items, k/e.items
		copies = min(copies, left[i], e.most[k]-at[k])
		free := room[j*e.resources:][:e.resources]
		for r, need := range e.needs(k) {
			if need > 0 {
				copies = int32(min(int64(copies), free[r]/need))
			}
		}
		if copies <= 0 || e.meets(at, k) {
			return
		}
		for r, need := range e.needs(k) {
			free[r] -= need * int64(copies)
		}
		at[k] += copies
		left[i] -= copies
	}
	slices.SortFunc(pairs, func(a, b int) int { return cmp.Or(cmp.Compare(x[b], x[a]), cmp.Compare(a, b)) })
	for _, k := range pairs {
		if x[k] < 0.1 {
			break
		}
		place(k, int32(x[k]+0.9))
	}
	slices.SortFunc(pairs, func(a, b int) int { return cmp.Or(cmp.Compare(e.cost[a], e.cost[b]), cmp.Compare(a, b)) })
	for _, k := range pairs {
		place(k, left[k%e.items])
	}
	e.tally += int64(100 * len(pairs))
	return at
}

// round offers what becomes of the last solution where every copy finds a place.
func (t *tree) round() {
	if at := t.rounded(t.x, nil); t.whole(at) {
		t.host.offer(at, t.steps(at))
	}
}
