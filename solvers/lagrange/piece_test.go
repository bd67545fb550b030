package lagrange

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// whole draws an instance with a placement that leaves some tasks nowhere.
func whole(t *rapid.T) (in *instance, at, lost []int32) {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
	in = &instance{tasks: 1 + rng.IntN(8), nodes: 2 + rng.IntN(4), outside: -1, shift: 3}
	for range in.tasks * in.nodes {
		in.cost, in.need = append(in.cost, rng.Int64N(9)<<in.shift), append(in.need, rng.Int32N(5))
	}
	for range in.nodes {
		in.room = append(in.room, 5*int32(in.tasks))
	}
	at = make([]int32, in.tasks)
	for i := range at {
		if at[i] = rng.Int32N(int32(in.nodes)+1) - 1; at[i] < 0 {
			lost = append(lost, int32(i))
		}
	}
	return in, at, lost
}

// A piece put back unchanged is the placement it was cut from; its costs and needs
// are those of the whole, its room is what the rest leaves; and what is nowhere has
// its price.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, at, lost := whole(t)
		loose := slices.Clone(lost)
		for i := range at {
			if at[i] >= 0 && i%2 == 0 {
				loose = append(loose, int32(i))
			}
		}
		for name, c := range map[string]piece{
			"nodes": cut(in, at, []int32{1, 0}, lost), "tasks": loosen(in, at, loose), "nothing": loosen(in, at, nil),
		} {
			part := c.of(newDomains(in), at, 100)
			inside := make([]int32, len(c.tasks))
			left := slices.Clone(in.room)
			for i, j := range at {
				if j >= 0 && !slices.Contains(c.tasks, int32(i)) {
					left[j] -= in.need[int(j)*in.tasks+i]
				}
			}
			want := int64(0)
			for a, i := range c.tasks {
				inside[a] = c.node(at[i])
				if at[i] < 0 {
					want += 100
					continue
				}
				want += in.cost[int(at[i])*in.tasks+int(i)] >> in.shift
				k, whole := int(inside[a])*part.tasks+a, int(at[i])*in.tasks+int(i)
				if part.need[k] != in.need[whole] || part.room[inside[a]] != left[at[i]] {
					t.Fatalf("%s: task %d needs %d of %d in the piece, %d of %d in the whole",
						name, i, part.need[k], part.room[inside[a]], in.need[whole], left[at[i]])
				}
			}
			if got := part.steps(inside); got != want {
				t.Fatalf("%s: the piece costs %d, its part of the whole %d", name, got, want)
			}
			if back := c.joined(at, inside); !slices.Equal(back, at) {
				t.Fatalf("%s: put back %v, it was %v", name, back, at)
			}
			for i, j := range at {
				if part := slices.Contains(c.tasks, int32(i)); name == "nodes" && part != (j < 2) {
					t.Fatalf("task %d on %d is in the piece of nodes: %v", i, j, part)
				}
			}
		}
	})
}

// The piece of what some placements do not agree about allows each of them, and
// nothing that none of them has.
func TestDiffering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, at, _ := whole(t)
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "others"), 7))
		ends := []end{{at, 0}}
		for range 2 {
			other := make([]int32, in.tasks)
			for i := range other {
				if other[i] = rng.Int32N(int32(in.nodes)); rng.IntN(2) == 0 && at[i] >= 0 {
					other[i] = at[i]
				}
			}
			ends = append(ends, end{other, 0})
		}
		e := newEngine(in, nil)
		m := &improver{e: e, at: at}
		c := m.differing(ends)
		for i := range int32(in.tasks) {
			a, differs := slices.BinarySearch(c.tasks, i)
			for j := range int32(in.nodes) {
				used := slices.ContainsFunc(ends, func(e end) bool { return e.at[i] == j })
				if differs && c.allows(e.domains, a, j) != used {
					t.Fatalf("task %d on node %d: allowed %v, used %v", i, j, !used, used)
				}
				if !differs && used && at[i] != j {
					t.Fatalf("task %d is on node %d in one, on %d in the first, and is not in the piece", i, j, at[i])
				}
			}
		}
	})
}

// The best ends are kept, in order, each once.
func TestElite(t *testing.T) {
	var l elite
	for n := range 3 * mostElite {
		l.add([]int32{int32(n)}, int64(n*7%(3*mostElite)))
		l.add([]int32{int32(n)}, int64(n*7%(3*mostElite)))
	}
	if l.size() != mostElite {
		t.Fatalf("%d ends are kept, not %d", l.size(), mostElite)
	}
	for n, e := range l.ends {
		if e.cost != int64(n) {
			t.Errorf("end %d costs %d", n, e.cost)
		}
	}
}
