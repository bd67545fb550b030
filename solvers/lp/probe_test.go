//go:build cgo

package lp

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/solvers/lp/safe"
)

// What probing fixes, every assignment below the cutoff has; where it finds nothing left,
// there is none.
func TestProbing(t *testing.T) {
	found, empty := 0, 0
	check := func(t *rapid.T) {
		g := drawProgram(t)
		c, err := newCore(g, false)
		if err != nil {
			t.Fatal(err)
		}
		cutoff := noCutoff
		if best := optimum(g); best != noCutoff && rapid.IntRange(0, 9).Draw(t, "cutoff") > 0 {
			cutoff = best + rapid.Int64Range(1, 10).Draw(t, "above")
		}
		d := safe.NewDomain(c.below(cutoff), len(c.cost))
		open := d.Propagate()
		if before := len(d.Trail); open {
			if open = probe(d, func(int64) bool { return true }); !open || len(d.Trail) > before {
				found++
			}
		}
		if !open {
			empty++
		}
		for x := range 1 << len(g.Vars) {
			cost, ok := price(g, func(v int) bool { return x>>v&1 == 1 })
			if !ok || cost >= cutoff {
				continue
			}
			if !open {
				t.Fatalf("nothing is said to be left below %d, but %b costs %d", cutoff, x, cost)
			}
			for j, v := range d.Value {
				if v != safe.Free && int8(x>>j&1) != v {
					t.Fatalf("variable %d is fixed to %d, but %b costs %d, below %d", j, v, x, cost, cutoff)
				}
			}
		}
	}
	for range 5 { // one in twenty draws leaves something to probing
		rapid.Check(t, check)
	}
	if found == 0 || empty == 0 {
		t.Errorf("%d times probing found something, %d times nothing left: the test tests little", found, empty)
	}
}

// Probing ends where the work does.
func TestProbingWithin(t *testing.T) {
	p := compiled.Instance(t, families.Instance(t, "containers", 1, func(*instances.Spec) {}))
	const limit = 1_000_000
	r, err := search.Run(t.Context(), p, Methods()[0], search.Limits{Work: limit}, 1, 1, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Work < limit || r.Work > limit+4*probeReport {
		t.Errorf("%d units of work with a limit of %d", r.Work, limit)
	}
}

// Every placement that fits satisfies the rows over all nodes and over those of a rack, and there
// are such rows where nodes have a price or tasks may be left out.
func TestTotalsHold(t *testing.T) {
	rows, fit, most := 0, 0, 0
	for seed := range uint64(60) {
		in, err := instances.Generate(instances.Spec{
			Family: "tasks", Nodes: 3, Racks: 2, Spread: int(seed % 4 * 2), Tasks: 7, Resources: 2, Replicas: 2, Fill: 90, Homes: 1, Fetch: 50,
			Unlike: int(seed % 3 * 40), Unplaced: int(seed % 2 * 70), OpenCost: int(seed % 5 * 20), Loose: 1,
		}, seed)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		g := encode.Build(p)
		list := totals(g)
		rows, most = rows+len(list), max(most, len(list))
		chance := rand.New(rand.NewPCG(seed, 2))
		for range 300 {
			pl := make(model.Placement, p.Copies)
			for c := range pl {
				if pl[c] = chance.Int32N(4); pl[c] == 3 {
					pl[c] = model.NoPlace
				}
			}
			if len(p.Evaluate(pl).Violations) > 0 {
				continue
			}
			fit++
			value := g.Values(pl)
			for _, row := range list {
				sum := int64(0)
				for k, v := range row.Vars {
					if value[v] {
						sum += row.Coefs[k]
					}
				}
				if sum > row.RHS {
					t.Fatalf("seed %d: %v·%v ≤ %d excludes the placement %v", seed, row.Coefs, row.Vars, row.RHS, pl)
				}
			}
		}
	}
	if rows < 20 || fit < 100 || most < 4 {
		t.Errorf("%d rows, up to %d at a time, and %d placements: the test tests little", rows, most, fit)
	}
	t.Log(rows, most, fit)
}
