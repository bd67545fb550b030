package shards

import (
	"slices"

	"berth/sizing/ring"
)

// Servers says what a placement of the shards comes to, at[k] being the servers, below n,
// that hold the kth: bytes of the fullest server, and how many servers a listing asks,
// the copies of what it needs chosen so that these are few. Beside it stand hashing
// directories and hashing every path to servers, with as many copies as the first shard
// has, each on the server after the one before.
// O(paths + shards · copies).
func (t *Tree) Servers(partition []Shard, at [][]int, n int) []Scheme {
	held := make([]int64, n)
	for k, s := range partition {
		for _, server := range at[k] {
			held[server] += s.Bytes
		}
	}
	placed := scheme("as placed", held)
	placed.Touched, placed.Worst = float64(len(t.dirs)), 1
	for k := 0; k < len(partition); {
		last := t.lastOf(partition, k)
		if last > k {
			asked := float64(fewest(at[k : last+1]))
			placed.Touched += asked - 1
			placed.Worst = max(placed.Worst, asked)
		}
		k = max(last, k+1)
	}
	placed.Touched /= float64(len(t.dirs))
	list := []Scheme{placed}
	whole, each := t.hashing(n)
	for _, h := range []hashing{whole, each} {
		one := scheme(h.name, copies(t.sizes(h.loads), len(at[0])))
		one.Touched, one.Worst = h.touched, h.worst
		list = append(list, one)
	}
	return list
}

// lastOf is the last shard that holds a part of the directory with which the kth ends.
func (t *Tree) lastOf(partition []Shard, k int) int {
	directory := partition[k].To
	for k+1 < len(partition) && partition[k+1].From == directory {
		k++
		if partition[k].To != directory {
			break
		}
	}
	return k
}

// fewest is how many servers are asked that together hold all of some shards, the one
// that holds most of what is missing each time.
func fewest(at [][]int) int {
	missing := slices.Clone(at)
	for asked := 0; ; asked++ {
		if len(missing) == 0 {
			return asked
		}
		holds, best := map[int]int{}, -1
		for _, servers := range missing {
			for _, server := range servers {
				holds[server]++
				if best < 0 || holds[server] > holds[best] || holds[server] == holds[best] && server < best {
					best = server
				}
			}
		}
		missing = slices.DeleteFunc(missing, func(servers []int) bool { return slices.Contains(servers, best) })
	}
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

// hashing is what a way of hashing does.
type hashing struct {
	name           string
	loads          []load
	touched, worst float64
}

// hashing hashes directories, each with what is in it, and every path, to n places. How
// many places a listing of m paths meets, when each is hashed by itself, is in the mean
// n·(1−(1−1/n)^m).
func (t *Tree) hashing(n int) (byDirectory, byPath hashing) {
	byDirectory = hashing{name: "directories by hash", loads: make([]load, n), touched: 1, worst: 1}
	byPath = hashing{name: "every path by hash", loads: make([]load, n)}
	largest := int64(0)
	for k := range t.dirs {
		d := &t.dirs[k]
		at := &byDirectory.loads[ring.Hash(0, t.path(int32(k)))%uint64(n)]
		at.records += d.files + d.dirs
		at.slots += d.slots
		largest = max(largest, d.files+d.dirs)
		byPath.touched += meets(n, d.files+d.dirs) / float64(len(t.dirs))
	}
	for k, one := range t.hashed {
		at := &byPath.loads[k*n/buckets]
		at.records += one.records
		at.slots += one.slots
	}
	byPath.worst = meets(n, largest)
	return byDirectory, byPath
}
