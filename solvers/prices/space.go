package prices

import (
	"cmp"
	"math"
	"slices"

	"berth/search/room"
)

// space finds a node with room, in the order of the nodes' prices, those first of
// equal ones that had most room.
type space struct {
	*state
	order []int32 // nodes, the cheapest first
	place []int32 // by node, where it is in that order
	tree  *room.Tree
}

func newSpace(s *state) *space {
	t := &space{state: s, order: make([]int32, s.outside), place: make([]int32, s.outside)}
	for j := range t.order {
		t.order[j] = int32(j)
	}
	t.rank()
	t.tree = room.New(len(t.order), s.resources, func(k int, by []int64) {
		copy(by, s.free[int(t.order[k])*s.resources:])
	})
	return t
}

// sort orders the nodes anew.
func (t *space) sort() {
	t.rank()
	t.tree.Fill()
}

func (t *space) rank() {
	type ranked struct {
		rent, free float64
		node       int32
	}
	rank := make([]ranked, len(t.order))
	for j := range rank {
		rank[j].node = int32(j)
		for r, mean := range t.mean {
			k := j*t.resources + r
			rank[j].rent += float64(t.lambda[k] * mean)
			rank[j].free += float64(t.free[k]) / mean
		}
	}
	slices.SortFunc(rank, func(a, b ranked) int {
		return cmp.Or(cmp.Compare(a.rent, b.rent), cmp.Compare(b.free, a.free), cmp.Compare(a.node, b.node))
	})
	for k, r := range rank {
		t.order[k], t.place[r.node] = r.node, int32(k)
	}
}

// update takes over what is free on node j. O(log nodes).
func (t *space) update(j int32) {
	if j == t.outside {
		return
	}
	t.tree.Update(int(t.place[j]))
}

const (
	tries  = 100 // nodes that a search for room looks at, be they in the set or not
	choice = 64  // nodes that it chooses from
)

// find returns a node of the set of kind k with room, other than but. Of the cheapest such nodes,
// as many as among, it is the one on which the rent of a copy times rents and its weight come to
// least; nobody where it finds none.
func (t *space) find(k, but int32, among int, rents float64) int32 {
	set, size := &t.sets[t.kinds[k].set], t.small[int(k)*t.resources:int(k+1)*t.resources]
	found, low := nobody, math.Inf(1)
	for from, seen, tried := 0, 0, 0; seen < among && tried < tries; from, tried = from+1, tried+1 {
		t.work += 40
		if from = t.tree.Next(size, from); from < 0 {
			break
		}
		j := t.order[from]
		if j == but || !set.has(j) || !t.fits(k, j) {
			continue
		}
		if seen++; among == 1 {
			return j
		}
		if v := t.weight(k, j) + float64(rents*t.rent(k, j)); v < low {
			found, low = j, v
		}
	}
	return found
}
