package prices

import (
	"cmp"
	"slices"
)

// space finds a node with room: a tree over the nodes in the order of their prices,
// with the most that is free below by resource. A branch may hold enough of each
// resource on different nodes, so a search can come back from it with nothing;
// O(log nodes) all the same in practice.
type space struct {
	*state
	leaves int
	order  []int32    // nodes, the cheapest first
	leaf   []int32    // by node
	most   []int64    // by tree node and resource
	has    [][]uint64 // by kind: its nodes, nil for all
}

func newSpace(s *state) *space {
	t := &space{state: s, leaves: 1, leaf: make([]int32, s.outside), has: make([][]uint64, len(s.kinds))}
	for t.leaves < int(s.outside) {
		t.leaves *= 2
	}
	key := make([]float64, s.outside)
	mean := s.largest()
	for j := range s.outside {
		t.order = append(t.order, j)
		for r := range mean {
			key[j] += float64(s.lambda[int(j)*s.resources+r] * float64(mean[r]))
		}
	}
	slices.SortFunc(t.order, func(a, b int32) int {
		if key[a] != key[b] {
			return cmp.Compare(key[a], key[b])
		}
		return cmp.Compare(a, b)
	})
	t.most = make([]int64, 2*t.leaves*s.resources)
	for k := range t.most {
		t.most[k] = -1
	}
	for k, j := range t.order {
		t.leaf[j] = int32(k)
		copy(t.most[(t.leaves+k)*s.resources:(t.leaves+k+1)*s.resources], s.free[int(j)*s.resources:])
	}
	for v := t.leaves - 1; v > 0; v-- {
		t.pull(v)
	}
	for k := range s.kinds {
		if list := s.kinds[k].nodes; list != nil {
			t.has[k] = make([]uint64, (s.nodes+63)/64)
			for _, j := range list {
				t.has[k][j>>6] |= 1 << (uint(j) & 63)
			}
		}
	}
	return t
}

func (t *space) pull(v int) (changed bool) {
	R := t.resources
	for r := range R {
		most := max(t.most[2*v*R+r], t.most[(2*v+1)*R+r])
		if t.most[v*R+r] != most {
			t.most[v*R+r], changed = most, true
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
	copy(t.most[v*t.resources:(v+1)*t.resources], t.free[int(j)*t.resources:])
	for v >>= 1; v > 0 && t.pull(v); v >>= 1 {
	}
}

// tries is how many nodes with room are looked at that the rest of a kind does not
// speak of.
const tries = 100

// find returns the cheapest node but one that the rest of kind k speaks of and that
// has room, or nobody's.
func (t *space) find(k, but int32) int32 {
	if t.kinds[k].unlike != nil {
		return t.findUnlike(k, but)
	}
	size := t.takes(k, 0)
	from := 0
	for range tries {
		at := t.next(size, from)
		if at < 0 {
			return nobody
		}
		if j := t.order[at]; j != but && (t.has[k] == nil || t.has[k][j>>6]>>(uint(j)&63)&1 == 1) {
			return j
		}
		from = at + 1
	}
	return nobody
}

// findUnlike looks at the nodes one by one
func (t *space) findUnlike(k, but int32) int32 {
	for _, j := range t.order {
		if j != but && (t.has[k] == nil || t.has[k][j>>6]>>(uint(j)&63)&1 == 1) && t.fits(k, j) {
			return j
		}
	}
	return nobody
}

// next returns the first leaf from one on with room for a size, or −1.
func (t *space) next(size []int64, from int) int {
	if from >= len(t.order) {
		return -1
	}
	if len(size) == 0 {
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
	for r, amount := range size {
		if t.most[v*t.resources+r] < amount {
			return false
		}
	}
	return true
}
