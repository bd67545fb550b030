//go:build cgo

package colgen

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/compiled"
)

// consolidation draws an instance where all that is paid is the use of nodes, each of which
// any item fits on.
func consolidation(t compiled.T, rng *rand.Rand) *instance {
	nodes, items, resources := 2+rng.IntN(7), 5+rng.IntN(10), 1+rng.IntN(3)
	var b strings.Builder
	b.WriteString("format: berth/v1\nkind: placement\nname: drawn\nnodes:\n")
	amounts := func(least, most int) string {
		var list []string
		for r := range resources {
			list = append(list, fmt.Sprintf("r%d: %d", r, least+rng.IntN(most-least)))
		}
		return "{" + strings.Join(list, ", ") + "}"
	}
	for j := range nodes {
		fmt.Fprintf(&b, "  - {name: n%d, capacity: %s, openCost: %d}\n", j, amounts(20, 60), 1+rng.IntN(300))
	}
	b.WriteString("tasks:\n")
	for i := range items {
		fmt.Fprintf(&b, "  - {name: t%d, demand: %s}\n", i, amounts(1, 20))
	}
	in, err := newInstance(compiled.Document(t, b.String()))
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// cheapestCover enumerates what the cheapest nodes cost, in steps, that have as much of
// everything as the items need; false where all nodes have not.
func cheapestCover(in *instance) (least int64, some bool) {
	for set := range 1 << in.nodes {
		cost, enough := int64(0), true
		for j := range in.nodes {
			if set>>j&1 == 1 {
				cost += in.open[j] >> in.shift
			}
		}
		for r := range in.resources {
			spare := int64(0)
			for j := range in.nodes {
				if set>>j&1 == 1 {
					spare += in.room[j*in.resources+r]
				}
			}
			for i, copies := range in.copies {
				spare -= in.needs(i)[r] * int64(copies)
			}
			enough = enough && spare >= 0
		}
		if enough && (!some || cost < least) {
			least, some = cost, true
		}
	}
	return least, some
}

// Where only nodes cost something, the bound of the first program is what the cheapest nodes
// that have enough of everything cost, and the sets that are tried have enough, the cheapest
// first, which costs that.
func TestCheapestCover(t *testing.T) {
	seen := 0
	rapid.Check(t, func(rt *rapid.T) {
		in := consolidation(rt, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 8)))
		least, some := cheapestCover(in)
		if !some {
			return
		}
		seen++
		e := newEngine(in, idle{})
		if e.climb() && e.stepsUp(e.value) < least {
			rt.Errorf("the bound is %d, and no nodes that have enough cost less than %d", e.stepsUp(e.value), least)
		}
		usages := e.drawUsages(1)
		if len(usages) == 0 && len(e.openings.rows) > 0 {
			rt.Fatal("no set is drawn")
		}
		for n, u := range usages {
			for r := range in.resources {
				spare := int64(0)
				for j, shut := range u.shut {
					if !shut {
						spare += in.room[j*in.resources+r]
					}
				}
				for i, copies := range in.copies {
					spare -= in.needs(i)[r] * int64(copies)
				}
				if spare < 0 {
					rt.Errorf("set %v lacks %d of resource %d", u.shut, -spare, r)
				}
			}
			if n == 0 && u.cost>>in.shift != least {
				rt.Errorf("the first set costs %d, the cheapest %d", u.cost>>in.shift, least)
			}
			if n > 0 && u.cost < usages[n-1].cost {
				rt.Errorf("set %d is cheaper than the one before", n)
			}
			if slices.ContainsFunc(usages[:n], func(o usage) bool { return slices.Equal(o.shut, u.shut) }) {
				rt.Errorf("set %d is there twice", n)
			}
		}
	})
	if seen == 0 {
		t.Error("no problem has nodes enough")
	}
}

// Cuts may ask for more nodes than there are sets for, of which there are none here to begin
// with: the program over columns is solved all the same.
func TestNodesWithoutSets(t *testing.T) {
	solved := 0
	rapid.Check(t, func(rt *rapid.T) {
		in := consolidation(rt, rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 10)))
		least, some := cheapestCover(in)
		if !some {
			return
		}
		tree := newTree(in, idle{})
		defer tree.close()
		if len(tree.openings.rows) == 0 || !tree.start() || tree.value > in.dearest<<in.shift {
			return
		}
		tree.cutoff = in.dearest << in.shift
		if err := tree.build(); err != nil {
			rt.Fatal(err)
		}
		closed, done := tree.optimise()
		if !closed && !done {
			rt.Fatal("the program over columns has no solution")
		}
		if bound := tree.stepsUp(tree.high); !closed && bound < least {
			rt.Errorf("the bound is %d, nodes that have enough cost %d", bound, least)
		}
		solved++
	})
	if solved == 0 {
		t.Error("nothing was solved")
	}
}
