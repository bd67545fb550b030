package lagrange

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A piece put back unchanged is the placement it was cut from; its costs, needs and
// room are those of the whole; and what is nowhere has its price.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		in := &instance{tasks: 1 + rng.IntN(8), nodes: 2 + rng.IntN(4), outside: -1, shift: 3}
		for range in.tasks * in.nodes {
			in.cost, in.need = append(in.cost, rng.Int64N(9)<<in.shift), append(in.need, rng.Int32N(5))
		}
		for range in.nodes {
			in.room = append(in.room, 5*int32(in.tasks))
		}
		at := make([]int32, in.tasks)
		var lost []int32
		for i := range at {
			if at[i] = rng.Int32N(int32(in.nodes)+1) - 1; at[i] < 0 {
				lost = append(lost, int32(i))
			}
		}
		nodes := []int32{1, 0}
		c := cut(at, nodes, lost)
		part := c.of(newDomains(in), at, 100)
		inside := make([]int32, len(c.tasks))
		want := int64(0)
		for a, i := range c.tasks {
			inside[a] = c.node(at[i])
			if at[i] < 0 {
				want += 100
				continue
			}
			want += in.cost[int(at[i])*in.tasks+int(i)] >> in.shift
			k, whole := int(inside[a])*part.tasks+a, int(at[i])*in.tasks+int(i)
			if part.need[k] != in.need[whole] || part.room[inside[a]] != in.room[at[i]] {
				t.Fatalf("task %d needs %d of %d in the piece, %d of %d in the whole", i, part.need[k], part.room[inside[a]], in.need[whole], in.room[at[i]])
			}
		}
		if got := part.steps(inside); got != want {
			t.Fatalf("the piece costs %d, its part of the whole %d", got, want)
		}
		if back := c.joined(at, inside); !slices.Equal(back, at) {
			t.Fatalf("put back %v, it was %v", back, at)
		}
		for i, j := range at {
			if part := slices.Contains(c.tasks, int32(i)); part != (j < 2) {
				t.Fatalf("task %d on %d is in the piece: %v", i, j, part)
			}
		}
	})
}
