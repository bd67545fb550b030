package shards

import (
	"math"
	"slices"

	"berth/sizing/ring"
)

// buckets are what paths are hashed into while a listing is read; a hashed shard is a
// range of them, so that the number of shards may be chosen later. Ranges differ by one
// bucket: shards of 1000 by less than 2 %.
const buckets = 1 << 16

// Scheme is what a way to make shards comes to.
type Scheme struct {
	Name    string
	Largest int64   // bytes of the largest shard, one copy
	Skew    float64 // that against the mean
	Touched float64 // shards that listing a directory asks, in the mean over directories
	Worst   float64 // … and of the largest directory
}

// Compare holds a partition against hashing directories (each with what is in it) and
// hashing every path.
func (t *Tree) Compare(partition []Shard) []Scheme {
	n := len(partition)
	var sizes []int64
	parts, worst := int64(0), 1 // shards that hold part of a directory; of one
	for _, s := range partition {
		sizes = append(sizes, s.Bytes)
		parts += int64(s.Directories)
	}
	for first, last := range cut(partition) {
		worst = max(worst, last-first+1)
	}
	trees := scheme("directories in ranges", sizes)
	trees.Touched, trees.Worst = float64(parts)/float64(len(t.dirs)), float64(worst)
	return append([]Scheme{trees}, t.hashing(n, 1)...)
}

// hashing hashes directories, each with what is in it, and every path, to n places, as
// many replicas of each. How many places a listing of m paths meets, when each is hashed
// by itself, is in the mean n·(1−(1−1/n)^m).
func (t *Tree) hashing(n, replicas int) []Scheme {
	byDirectory, byPath := make([]load, n), make([]load, n)
	largest, touched := int64(0), 0.0
	for k := range t.dirs {
		d := &t.dirs[k]
		at := &byDirectory[ring.Hash(0, t.path(int32(k)))%uint64(n)]
		at.records += d.files + d.dirs
		at.slots += d.slots
		largest = max(largest, d.files+d.dirs)
		touched += meets(n, d.files+d.dirs) / float64(len(t.dirs))
	}
	for k, one := range t.hashed {
		at := &byPath[k*n/buckets]
		at.records += one.records
		at.slots += one.slots
	}
	whole := scheme("directories by hash", copies(t.sizes(byDirectory), replicas))
	whole.Touched, whole.Worst = 1, 1
	each := scheme("every path by hash", copies(t.sizes(byPath), replicas))
	each.Touched, each.Worst = touched, meets(n, largest)
	return []Scheme{whole, each}
}

// copies is what servers hold where what is hashed to one is on those after it as well.
func copies(sizes []int64, replicas int) []int64 {
	held := make([]int64, len(sizes))
	for k, size := range sizes {
		for c := range min(replicas, len(sizes)) {
			held[(k+c)%len(sizes)] += size
		}
	}
	return held
}

// meets is how many of n shards m hashed paths meet, in the mean; a directory without
// anything in it is asked for in one place.
func meets(n int, m int64) float64 {
	if m == 0 {
		return 1
	}
	return -float64(n) * math.Expm1(float64(m)*math.Log1p(-1/float64(n)))
}

func (t *Tree) sizes(loads []load) []int64 {
	sizes := make([]int64, len(loads))
	for k, l := range loads {
		sizes[k] = t.layout.Bytes(l.records, l.slots)
	}
	return sizes
}

func scheme(name string, sizes []int64) Scheme {
	total := int64(0)
	for _, size := range sizes {
		total += size
	}
	s := Scheme{Name: name, Largest: slices.Max(sizes)}
	s.Skew = float64(s.Largest) * float64(len(sizes)) / float64(total)
	return s
}
