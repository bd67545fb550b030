package shards

import (
	"iter"
	"slices"
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
	for first, last := range cut(partition) {
		asked := float64(fewest(at[first : last+1]))
		placed.Touched += asked - 1
		placed.Worst = max(placed.Worst, asked)
	}
	placed.Touched /= float64(len(t.dirs))
	return append([]Scheme{placed}, t.hashing(n, len(at[0]))...)
}

// cut yields the first and the last shard of those that hold a directory in parts.
func cut(partition []Shard) iter.Seq2[int, int] {
	return func(yield func(first, last int) bool) {
		for first := 0; first < len(partition); {
			last, directory := first, partition[first].To
			for last+1 < len(partition) && partition[last+1].From == directory {
				if last++; partition[last].To != directory {
					break
				}
			}
			if last > first && !yield(first, last) {
				return
			}
			first = max(last, first+1)
		}
	}
}

// fewest is how many servers are asked that together hold all of some shards, the one
// that holds most of what is missing each time.
func fewest(at [][]int) int {
	asked := 0
	for missing := slices.Clone(at); len(missing) > 0; asked++ {
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
	return asked
}
