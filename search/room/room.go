// Package room finds a place with room for a demand.
package room

// Tree knows how much is free at each of a row of places and finds the next one that
// a demand fits: a binary tree over the places, with the most that is free below by
// resource. A branch may hold enough of each resource at different places, so a
// search can come back from it with nothing; O(log places) all the same in practice.
type Tree struct {
	places, leaves int
	resources      int
	free           func(place int, by []int64)
	most           []int64 // by tree node (leaves at leaves+place) and resource
}

// New returns a tree over so many places, of which free writes down what is free at
// one, by resource.
func New(places, resources int, free func(place int, by []int64)) *Tree {
	t := &Tree{places: places, leaves: 1, resources: resources, free: free}
	for t.leaves < places {
		t.leaves *= 2
	}
	t.most = make([]int64, 2*t.leaves*resources)
	for k := range t.most {
		t.most[k] = -1
	}
	t.Fill()
	return t
}

// Fill asks anew for what is free anywhere. O(places).
func (t *Tree) Fill() {
	for k := range t.places {
		t.free(k, t.row(t.leaves+k))
	}
	for v := t.leaves - 1; v > 0; v-- {
		t.pull(v)
	}
}

// Update asks anew for what is free at a place. O(log places).
func (t *Tree) Update(place int) {
	v := t.leaves + place
	t.free(place, t.row(v))
	for v >>= 1; v > 0 && t.pull(v); v >>= 1 {
	}
}

func (t *Tree) row(v int) []int64 { return t.most[v*t.resources : (v+1)*t.resources] }

// pull takes over what is free below v, and says whether that has changed.
func (t *Tree) pull(v int) (changed bool) {
	own, left, right := t.row(v), t.row(2*v), t.row(2*v+1)
	for r := range own {
		if most := max(left[r], right[r]); own[r] != most {
			own[r], changed = most, true
		}
	}
	return changed
}

// Next returns the first place from one on with room for a demand, or −1.
func (t *Tree) Next(demand []int64, from int) int {
	if from >= t.places {
		return -1
	}
	if t.resources == 0 {
		return from
	}
	v := t.leaves + from
	for {
		if t.below(v, demand) {
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

func (t *Tree) below(v int, demand []int64) bool {
	for r, most := range t.row(v) {
		if most < demand[r] {
			return false
		}
	}
	return true
}
