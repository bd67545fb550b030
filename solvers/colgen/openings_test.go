package colgen

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/compiled"
)

// Every placement satisfies every cut on which nodes are used, whatever values it was made
// of; and there are such cuts.
func TestOpenings(t *testing.T) {
	made, draws := 0, 0 // -short draws less
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 7))
		draws++
		in := priced(rng)
		var cuts []*cut
		o, used := in.newOpenings(), make([]float64, in.nodes)
		for range 10 {
			for j := range used {
				used[j] = rng.Float64()
			}
			cuts = append(cuts, o.separate(in, used)...)
		}
		made += len(cuts)
		all(in, 0, make([]int, in.items), func(at []int) {
			uses := make([]bool, in.nodes)
			for _, j := range at {
				uses[j] = true
			}
			for _, c := range cuts {
				sum := int64(0)
				for j, yes := range uses {
					if yes {
						sum += c.uses[j]
					}
				}
				if sum > c.right {
					rt.Fatalf("the placement %v has %d in %v, at most %d", at, sum, c.uses, c.right)
				}
			}
		})
	})
	if made < 2*draws {
		t.Errorf("only %d cuts in %d draws: the test sees too few", made, draws)
	}
}

// Forty nodes alike: there are too many sets of them to search, but what is saved is whole, and
// four are needed for what would fill three and a tenth.
func TestOpeningsAlike(t *testing.T) {
	document := "format: berth/v1\nkind: placement\nname: alike\nnodes:\n"
	for j := range 40 {
		document += fmt.Sprintf("  - {name: n%d, capacity: {cpu: 100}, openCost: 1}\n", j)
	}
	document += "tasks:\n"
	for i := range 31 {
		document += fmt.Sprintf("  - {name: t%d, demand: {cpu: %d}}\n", i, 10-i%2+i/16%2)
	}
	in, err := newInstance(compiled.Document(t, document))
	if err != nil {
		t.Fatal(err)
	}
	if saved := in.newOpenings().savable(); saved != 36 {
		t.Errorf("%d nodes need not be used, want 36", saved)
	}
}

// priced draws an instance in which most nodes cost something to use.
func priced(rng *rand.Rand) *instance {
	in := &instance{items: 2 + rng.IntN(4), nodes: 2 + rng.IntN(3), resources: 1 + rng.IntN(2), outside: -1}
	if rng.IntN(3) == 0 {
		in.outside = in.nodes
		in.nodes++
	}
	pairs := in.items * in.nodes
	in.most, in.need = make([]int32, pairs), make([]int64, pairs*in.resources)
	in.room, in.open = make([]int64, in.nodes*in.resources), make([]int64, in.nodes)
	for range in.items {
		in.copies = append(in.copies, 1)
	}
	for j := range in.nodes {
		if j != in.outside && rng.IntN(4) > 0 {
			in.open[j] = 1 + rng.Int64N(9)
		}
		for r := range in.resources {
			in.room[j*in.resources+r] = rng.Int64N(40)
		}
		for i := range in.items {
			in.most[j*in.items+i] = int32(min(rng.IntN(4), 1))
			if j == in.outside {
				continue
			}
			for r := range in.resources {
				in.need[(j*in.items+i)*in.resources+r] = 1 + rng.Int64N(25)
			}
		}
	}
	return in
}

// Every placement satisfies the cuts on groups of nodes, of which some are not used, whatever
// values they were made of; and there are such cuts.
func TestGroupCuts(t *testing.T) {
	made, draws := 0, 0 // -short draws less
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 9))
		draws++
		in := priced(rng)
		var cuts []*cut
		for range 20 {
			g := &group{}
			for j := range in.nodes {
				if j != in.outside && rng.IntN(3) > 0 {
					g.nodes = append(g.nodes, int32(j))
				}
			}
			in.fill(g)
			value, used := make([]float64, len(in.most)), make([]float64, in.nodes)
			for k := range value {
				value[k] = rng.Float64() * float64(in.most[k])
			}
			for j := range used {
				used[j] = rng.Float64()
			}
			cuts = append(cuts, in.separate(g, value, used)...)
		}
		for _, c := range cuts {
			if c.uses != nil {
				made++
			}
		}
		all(in, 0, make([]int, in.items), func(at []int) {
			sets := make([][]taking, in.nodes)
			for i, j := range at {
				sets[j] = append(sets[j], taking{int32(i), 1})
			}
			for _, c := range cuts {
				sum := int64(0)
				for _, j := range c.group.nodes {
					if len(sets[j]) > 0 {
						sum += c.sum(j, sets[j])
					}
				}
				if sum > c.right {
					rt.Fatalf("the placement %v has %d in %v and %v of %v, at most %d", at, sum, c.dense, c.uses, c.group.nodes, c.right)
				}
			}
		})
	})
	if made < 2*draws {
		t.Errorf("only %d cuts in %d draws: the test sees too few", made, draws)
	}
}

// all calls f with every placement of the items from i on: a node for each.
func all(in *instance, i int, at []int, f func(at []int)) {
	if i == in.items {
		f(at)
		return
	}
	for j := range in.nodes {
		if in.most[j*in.items+i] == 0 {
			continue
		}
		at[i] = j
		if j == in.outside || fits(in, j, at[:i+1]) {
			all(in, i+1, at, f)
		}
	}
}

// fits says whether node j has room for the items that are there.
func fits(in *instance, j int, at []int) bool {
	for r := range in.resources {
		left := in.room[j*in.resources+r]
		for i, node := range at {
			if node == j {
				left -= in.need[(j*in.items+i)*in.resources+r]
			}
		}
		if left < 0 {
			return false
		}
	}
	return true
}
