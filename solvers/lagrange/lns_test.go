package lagrange

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/model"
	"berth/search"
)

// A search within reach offers what is a placement and costs what it says; without a
// limit to its reach it finds the best, with a narrow one it misses that at times.
func TestReach(t *testing.T) {
	narrow, missed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 8))
		in := tight(rng)
		all := in.enumerate()
		if len(all) < 2 || all[0].steps == all[len(all)-1].steps {
			return
		}
		worst := all[len(all)-1]
		priced := newEngine(in, &quiet{most: in.dearest})
		priced.aim()
		priced.start()
		for _, reach := range []int64{noReach, 2 << in.shift} {
			h := &patch{whole: &quiet{}, left: 1 << 40, strict: true, current: worst.at, cost: worst.steps}
			e := newEngine(in, h)
			e.reach = reach
			copy(e.u, priced.u)
			if e.evaluate() {
				e.prove(in.stepsUp(e.value))
			}
			if h.better != nil && !slices.ContainsFunc(all, func(p placed) bool { return p.steps == h.cost && slices.Equal(p.at, h.better) }) {
				t.Fatalf("reach %d: %v at cost %d is no placement", reach, h.better, h.cost)
			}
			if reach == noReach && h.cost != all[0].steps {
				t.Fatalf("without a limit it ends at %d; the best costs %d", h.cost, all[0].steps)
			}
			if reach < noReach {
				narrow++
				if h.better == nil || h.cost > all[0].steps {
					missed++
				}
			}
		}
	})
	if missed == 0 || missed == narrow {
		t.Errorf("%d of %d narrow searches missed the best: the test sees too little of one side", missed, narrow)
	}
}

// Where the cutoff is the bound, the widest reach is still without a limit.
func TestReachWithoutGap(t *testing.T) {
	m := &improver{e: newEngine(&instance{tasks: 1}, &quiet{})}
	m.e.cutoff, m.e.value = 7, 7
	for times, want := range map[float64]int64{16: 1, math.Inf(1): noReach} {
		if got := m.reach(times); got != want {
			t.Errorf("%v times no gap is a reach of %d, not %d", times, got, want)
		}
	}
}

// Where nodes hold many tasks, pieces by nodes and by tasks have one more distance.
func TestReaches(t *testing.T) {
	for _, c := range []struct{ tasks, nodes, ways int }{{61, 2, 8}, {60, 2, 6}, {12, 3, 6}} {
		pairs := c.tasks * c.nodes
		in := &instance{
			tasks: c.tasks, nodes: c.nodes,
			need: make([]int32, pairs), cost: make([]int64, pairs), room: make([]int32, c.nodes),
		}
		p := newPicker(newEngine(in, &quiet{}))
		seen := map[way]bool{}
		for _, w := range p.ways {
			seen[w] = true
		}
		if len(p.ways) != c.ways || len(seen) != c.ways {
			t.Errorf("%d tasks on %d nodes: ways %v, of which %d are unlike; want %d", c.tasks, c.nodes, p.ways, len(seen), c.ways)
		}
	}
}

// What rivals found takes the place of a placement with lost tasks only where it is
// cheaper than that, the lost ones priced.
func TestAdopt(t *testing.T) {
	const tasks, away = 8, 4
	in := &model.Instance{Weights: model.Weights{Fetch: model.DecimalOne}}
	for j, room := range []int64{tasks - 1, tasks} {
		in.Nodes = append(in.Nodes, model.Node{Name: fmt.Sprintf("n%d", j), Capacity: model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: room}}}})
	}
	for i := range tasks {
		in.Tasks = append(in.Tasks, model.Task{
			Name: fmt.Sprintf("t%d", i), Replicas: 1, Home: []string{"n0"}, Fetch: &model.Fetch{Rest: away * model.DecimalOne},
			Demand: model.Resources{{Resource: "memory", Quantity: model.Quantity{Units: 1}}},
		})
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	b := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	restated, err := newInstance(p, b)
	if err != nil {
		t.Fatal(err)
	}
	e := newRunEngine(restated, b)
	e.resolve()
	m := newImprover(e, b)
	m.take([]int32{-1, 0, 0, 0, 0, 0, 0, 0})
	steps := []struct {
		name  string
		found model.Placement
		lost  int
	}{
		{"nothing was found", nil, 1},
		{"all away is dearer", model.Placement{1, 1, 1, 1, 1, 1, 1, 1}, 1},
		{"one away is cheaper", model.Placement{0, 0, 0, 0, 0, 0, 0, 1}, 0},
	}
	for _, s := range steps {
		if s.found != nil {
			b.Offer(s.found, p.Evaluate(s.found).Cost)
		}
		m.adopt()
		if len(m.lost) != s.lost {
			t.Errorf("%s: the current placement has %d tasks lost, not %d", s.name, len(m.lost), s.lost)
		}
	}
}
