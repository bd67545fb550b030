//go:build cgo

package solvers

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// chains is a document of services that call each other in chains, on nodes in racks and zones
// with room for a tenth more than they need.
func chains(nodes, tasks int, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var list, flows strings.Builder
	load := make([]int, nodes)
	for i, left := 0, 0; i < tasks; i++ {
		cpu := 1 + rng.IntN(6)
		load[rng.IntN(nodes)] += cpu
		fmt.Fprintf(&list, "- {name: t%d, demand: {cpu: %d}}\n", i, cpu)
		if left == 0 {
			left = 2 + rng.IntN(5)
		} else {
			fmt.Fprintf(&flows, "- {between: [t%d, t%d], volume: %d}\n", i-1, i, 1+rng.IntN(30))
		}
		left--
	}
	var doc strings.Builder
	doc.WriteString("format: berth/v1\nkind: placement\nnodes:\n")
	for j, cpu := range load {
		fmt.Fprintf(&doc, "- {name: n%d, capacity: {cpu: %d}, labels: {rack: r%d, zone: z%d}}\n", j, (cpu*11+9)/10, j%4, j%2)
	}
	return doc.String() + "tasks:\n" + list.String() + "traffic:\n" + flows.String() +
		"network: {distance: [{same: node, cost: 0}, {same: rack, cost: 1}, {same: zone, cost: 3}, {cost: 7}]}\n"
}

// What little has to be parted of chains over racks and zones, bundles take long to see.
func TestAutoProvesChains(t *testing.T) {
	for _, seed := range []uint64{7, 9} {
		p := compiled.Document(t, chains(10, 40, seed))
		r, err := search.Run(context.Background(), p, Auto, search.Limits{Work: 700_000_000}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != model.Optimal {
			t.Errorf("seed %d ends %s with bound %s below %s", seed, r.Status, p.Format(r.Bound), p.Format(r.Cost))
		}
	}
}

// Where there are too many places for lp to be a match otherwise, it has twice the work of
// bundles on chains over racks, and no more than others where traffic is dense.
func TestThinTrafficIsForLP(t *testing.T) {
	for _, thick := range []bool{false, true} {
		text := chains(10, 40, 7)
		if thick {
			var more strings.Builder
			for i := range 40 {
				fmt.Fprintf(&more, "- {between: [t%d, t%d], volume: 1}\n", i, (i+7)%40)
			}
			text = strings.Replace(text, "network:", more.String()+"network:", 1)
		}
		rivals := []*search.Method{{Name: "bundles"}, {Name: "auto"}, {Name: "lp"}}
		share(compiled.Document(t, text), rivals, 2, false)
		if favoured := rivals[2].Share > rivals[0].Share; favoured == thick {
			t.Errorf("dense traffic %v: bundles has %d shares and lp %d", thick, rivals[0].Share, rivals[2].Share)
		}
	}
}
