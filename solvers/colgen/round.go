//go:build cgo

package colgen

import (
	"cmp"
	"slices"
)

// round makes a placement of the last solution: pairs with the largest values first,
// as far as they fit, then what is left where it is cheapest. It offers one where
// every copy finds a place. Cost: O(pairs · log pairs).
func (t *tree) round() {
	at, left := make([]int32, len(t.x)), slices.Clone(t.copies)
	room := slices.Clone(t.instance.room)
	pairs := make([]int, 0, len(t.x))
	for k, most := range t.most {
		if most > 0 {
			pairs = append(pairs, k)
		}
	}
	place := func(k int, copies int32) {
		i, j := k%t.items, k/t.items
		copies = min(copies, left[i], t.most[k]-at[k])
		free := room[j*t.resources:][:t.resources]
		for r, need := range t.needs(k) {
			if need > 0 {
				copies = int32(min(int64(copies), free[r]/need))
			}
		}
		if copies <= 0 {
			return
		}
		for r, need := range t.needs(k) {
			free[r] -= need * int64(copies)
		}
		at[k] += copies
		left[i] -= copies
	}
	slices.SortFunc(pairs, func(a, b int) int { return cmp.Or(cmp.Compare(t.x[b], t.x[a]), cmp.Compare(a, b)) })
	for _, k := range pairs {
		if t.x[k] < 0.1 {
			break
		}
		place(k, int32(t.x[k]+0.9))
	}
	slices.SortFunc(pairs, func(a, b int) int { return cmp.Or(cmp.Compare(t.cost[a], t.cost[b]), cmp.Compare(a, b)) })
	for _, k := range pairs {
		place(k, left[k%t.items])
	}
	t.tally += int64(100 * len(pairs))
	for _, n := range left {
		if n > 0 {
			return
		}
	}
	t.host.offer(at, t.steps(at))
}
