package shards

import (
	"math"
	"slices"
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
	for k, s := range partition {
		sizes = append(sizes, s.Bytes)
		parts += int64(s.Directories)
		if k > 0 && s.From == partition[k-1].To && s.Part.First > 0 {
			worst = max(worst, t.shardsOf(partition, k))
		}
	}
	trees := scheme("directories in ranges", sizes)
	trees.Touched, trees.Worst = float64(parts)/float64(len(t.dirs)), float64(worst)

	list := []Scheme{trees}
	whole, each := t.hashing(n)
	for _, h := range []hashing{whole, each} {
		one := scheme(h.name, t.sizes(h.loads))
		one.Touched, one.Worst = h.touched, h.worst
		list = append(list, one)
	}
	return list
}

// shardsOf counts the shards up to the kth that hold parts of the directory with which
// the kth begins.
func (t *Tree) shardsOf(partition []Shard, k int) int {
	count := 1
	for directory := partition[k].From; k > 0 && partition[k-1].To == directory; k-- {
		count++
		if partition[k-1].From != directory {
			break
		}
	}
	return count
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
