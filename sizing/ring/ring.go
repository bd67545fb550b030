// Package ring spreads keys over members by hashing, so that few keys change their
// member when one joins or leaves:
//
//   - ring.go: consistent hashing with virtual nodes, and bounded loads.
//   - rendezvous.go, jump.go: the two other schemes that are widely used.
//   - moves.go: what each of them moves, against the least that must move.
package ring

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// Ring is consistent hashing with virtual nodes (D. Karger and others, Consistent hashing
// and random trees, STOC 1997): each member owns points on a ring of 2⁶⁴, and a key
// belongs to the owner of the next point clockwise from its hash. A member with twice
// the points gets about twice the keys; with p points, its part is off by about 1/√p of
// itself. Where a member leaves, its keys alone move.
type Ring struct {
	hashes []uint64 // of the points, ascending
	owners []int32  // of the points
}

// New makes a ring. Points carry the names of their members, so that they stay where they
// are whoever else is there. O(points · log points).
func New(seed uint64, names []string, points []int) *Ring {
	type point struct {
		hash  uint64
		owner int32
	}
	var all []point
	for j, n := range points {
		h := Hash(seed, names[j])
		for k := range n {
			all = append(all, point{Mix(h + uint64(k)), int32(j)})
		}
	}
	slices.SortFunc(all, func(a, b point) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.owner, b.owner))
	})
	r := &Ring{make([]uint64, len(all)), make([]int32, len(all))}
	for k, p := range all {
		r.hashes[k], r.owners[k] = p.hash, p.owner
	}
	return r
}

// Points is how many points each member gets for its weight, none less than one. The
// number for a weight of 1 must stay what it is when members come and go, or points of
// those that stay move as well.
func Points(weights []float64, each float64) []int {
	points := make([]int, len(weights))
	for j, w := range weights {
		points[j] = max(int(math.Round(w*each)), 1)
	}
	return points
}

// owner is the member of the next point clockwise. O(log points).
func (r *Ring) owner(hash uint64) int32 {
	for owner := range r.Walk(hash) {
		return owner
	}
	return -1 // a ring without points
}

// Walk goes round the ring clockwise from a hash, once, and yields the owner of each
// point.
func (r *Ring) Walk(hash uint64) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		start, _ := slices.BinarySearch(r.hashes, hash)
		for _, owner := range r.owners[start:] {
			if !yield(owner) {
				return
			}
		}
		for _, owner := range r.owners[:start] {
			if !yield(owner) {
				return
			}
		}
	}
}

// bounded gives each key, in their order, to the first member clockwise that has less
// than its part by weight and slack more, such as 0.25 (V. Mirrokni, M. Thorup, M.
// Zadimoghaddam, Consistent hashing with bounded loads, SODA 2018). Expected O(1/slack²)
// steps a key.
func (r *Ring) bounded(keys []uint64, weights []float64, slack float64) []int32 {
	total := 0.0
	for _, w := range weights {
		total += w
	}
	room := make([]int, len(weights))
	for j, w := range weights {
		room[j] = int(math.Ceil((1 + slack) * w / total * float64(len(keys))))
	}
	owners := make([]int32, len(keys))
	for k, key := range keys {
		owners[k] = -1
		for owner := range r.Walk(key) {
			if room[owner] > 0 {
				room[owner]--
				owners[k] = owner
				break
			}
		}
	}
	return owners
}

// Hash is FNV-1a of a name, from a seed, mixed.
func Hash[T string | []byte](seed uint64, name T) uint64 {
	h := seed ^ 0xcbf29ce484222325
	for k := range len(name) {
		h = (h ^ uint64(name[k])) * 0x100000001b3
	}
	return Mix(h)
}

// Mix is the finaliser of splitmix64 (G. Steele, D. Lea, C. Flood, OOPSLA 2014).
func Mix(v uint64) uint64 {
	v += 0x9e3779b97f4a7c15
	v = (v ^ v>>30) * 0xbf58476d1ce4e5b9
	v = (v ^ v>>27) * 0x94d049bb133111eb
	return v ^ v>>31
}
