package prices

import (
	"cmp"
	"math"
	"slices"
)

// space finds a node with room: a tree over the nodes in the order of their prices,
// those first of equal ones that had most room, with the most that is free below by
// resource. A branch may hold enough of each resource on different nodes, so a
// search can come back from it with nothing; O(log nodes) all the same in practice.
type space struct {
	*state
	leaves int
	order  []int32 // nodes, the cheapest first
	leaf   []int32 // by node
	most   []int64 // by tree node and resource
}

func newSpace(s *state) *space {
	t := &space{state: s, leaves: 1, leaf: make([]int32, s.outside)}
	for t.leaves < int(s.outside) {
		t.leaves *= 2
	}
	t.most = make([]int64, 2*t.leaves*s.resources)
	for j := range s.outside {
		t.order = append(t.order, j)
	}
	t.sort()
	return t
}

// sort orders the nodes anew.
func (t *space) sort() {
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
	for k := range t.most {
		t.most[k] = -1
	}
	for k, r := range rank {
		t.order[k], t.leaf[r.node] = r.node, int32(k)
		copy(t.top(t.leaves+k), t.free[int(r.node)*t.resources:])
	}
	for v := t.leaves - 1; v > 0; v-- {
		t.pull(v)
	}
}

func (t *space) top(v int) []int64 { return t.most[v*t.resources : (v+1)*t.resources] }

// pull takes over what is free below v, and says whether that has changed.
func (t *space) pull(v int) (changed bool) {
	own, left, right := t.top(v), t.top(2*v), t.top(2*v+1)
	for r := range own {
		if most := max(left[r], right[r]); own[r] != most {
			own[r], changed = most, true
		}
	}
	return changed
}

// update takes over what is free on node j. O(log nodes).
func (t *space) update(j int32) {
	if j == t.outside {
		return
	}
	v := t.leaves + int(t.leaf[j])
	copy(t.top(v), t.free[int(j)*t.resources:])
	for v >>= 1; v > 0 && t.pull(v); v >>= 1 {
	}
}

const (
	tries  = 100 // nodes that a search for room looks at, be they in the set or not
	choice = 64  // nodes that it chooses from
)

// find returns one of the cheapest nodes with room of a kind's set, other than one:
// of so many the one on which the rent, so much of it, and the weight of a copy are
// least. It returns nobody's where it finds none.
func (t *space) find(k, but int32, among int, rents float64) int32 {
	set, size := &t.sets[t.kinds[k].set], t.small[int(k)*t.resources:int(k+1)*t.resources]
	found, low := nobody, math.Inf(1)
	for from, seen, tried := 0, 0, 0; seen < among && tried < tries; from, tried = from+1, tried+1 {
		t.work += 40
		if from = t.next(size, from); from < 0 {
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

// next returns the first leaf from one on with room for a size, or −1.
func (t *space) next(size []int64, from int) int {
	switch {
	case from >= len(t.order):
		return -1
	case len(size) == 0:
		return from
	}
	v := t.leaves + from
	for {
		if t.below(v, size) {
			if v >= t.leaves {
				return v - t.leaves
			}
			v *= 2
			continue
		}
		for v&1 == 1 {
			v >>= 1
		}
		if v == 0 {
			return -1
		}
		v++
	}
}

func (t *space) below(v int, size []int64) bool {
	for r, most := range t.top(v) {
		if most < size[r] {
			return false
		}
	}
	return true
}
