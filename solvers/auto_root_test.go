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

// jobs is a document of jobs that take whole devices on nodes that are all the same but for
// those without devices. All have so many percent of what they would need on average; devices
// just suffice. Each node costs so much to use.
func jobs(nodes, bare, tasks, room, open int, devices []int, seed uint64) string {
	rng := rand.New(rand.NewPCG(seed, 1))
	var list strings.Builder
	cpus, gpus := 0, 0
	for i := range tasks {
		cpu, gpu := 4<<rng.IntN(3), devices[rng.IntN(len(devices))]
		fmt.Fprintf(&list, "- {name: t%d, demand: {cpu: %d, gpu: %d}, fetch: {", i, cpu, gpu)
		for j := range nodes {
			fmt.Fprintf(&list, "n%d: %d, ", j, rng.IntN(60))
		}
		list.WriteString("'*': 60}}\n")
		cpus += cpu
		gpus += gpu
	}
	var doc strings.Builder
	doc.WriteString("format: berth/v1\nkind: placement\nnodes:\n")
	for j := range nodes {
		gpu := 0
		if j >= bare {
			gpu = (gpus + nodes - bare - 1) / (nodes - bare)
		}
		fmt.Fprintf(&doc, "- {name: n%d, capacity: {cpu: %d, gpu: %d}, openCost: %d}\n", j, cpus*room/nodes/100, gpu, open)
	}
	return doc.String() + "tasks:\n" + list.String()
}

// What the root of a linear program sees at once, columns may take long to see: that devices
// do not suffice, or that every node has to be used.
func TestAutoLooksAtTheRootOfTheProgram(t *testing.T) {
	for _, c := range []struct {
		name string
		text string
		want model.Status
	}{
		{"too few devices", jobs(12, 6, 80, 105, 0, []int{0, 1, 2, 4}, 1), model.Infeasible},
		{"too few devices, nodes cost something", jobs(12, 6, 80, 105, 50, []int{0, 1, 2, 4}, 1), model.Infeasible},
		{"all nodes are used", jobs(12, 0, 80, 115, 50, []int{0, 1, 1, 2, 4, 8}, 1), model.Optimal},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := compiled.Document(t, c.text)
			r, err := search.Run(context.Background(), p, Auto, search.Limits{Work: 250_000_000}, 1, 1, nil)
			if err != nil {
				t.Fatal(err)
			}
			if r.Status != c.want {
				t.Errorf("ends %v with bound %s; want %v", r.Status, p.Format(r.Bound), c.want)
			}
		})
	}
}
