//go:build cgo

package bundles_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
	"berth/solvers/bundles"
)

// draw is an instance in the making, from a seed.
type draw struct {
	*rand.Rand
	in    model.Instance
	racks int // 0: no such label
}

// one is true once in n times.
func (d *draw) one(n int) bool { return d.IntN(n) == 0 }

func (d *draw) price(most int) model.Decimal { return model.Decimal(d.IntN(most+1)) * model.DecimalOne }

// small draws a problem over what the method handles, each feature in some of them
// only. Capacities are what some placement takes, and a little less or more, so that
// many problems are tight and some infeasible.
func small(seed uint64) *model.Instance {
	d := &draw{Rand: rand.New(rand.NewPCG(seed, 1))}
	one := model.DecimalOne
	d.in.Weights = model.Weights{Fetch: one, Traffic: one, Move: one, Open: one}
	nodes, resources := 1+d.IntN(5), 1+d.IntN(3)
	d.racks = d.IntN(3) * d.IntN(2)
	load := make([][]int64, nodes)
	for j := range load {
		load[j] = make([]int64, resources)
	}
	d.tasks(load)
	d.nodes(load, !d.one(3))
	d.pairs()
	return &d.in
}

var kinds = []string{"cpu", "disk", "memory"}

func amounts(values []int64) model.Resources {
	var list model.Resources
	for r, v := range values {
		list = append(list, model.Amount{Resource: kinds[r], Quantity: model.Quantity{Units: v}})
	}
	return list
}

// topology is what a rule is about.
func (d *draw) topology() string {
	if d.racks > 0 && d.one(2) {
		return "rack"
	}
	return "node"
}

// tasks makes tasks, and adds up what they take in a placement of chance.
func (d *draw) tasks(load [][]int64) {
	tasks, dearest, largest := 2+d.IntN(6), []int{1, 5, 40}[d.IntN(3)], []int{2, 7, 30}[d.IntN(3)]
	fetch, unlike, selectors, leave, replicas, current := d.one(2), d.one(4), d.one(4), d.one(4), d.one(3), d.one(4)
	node := func(j int) string { return fmt.Sprintf("n%d", j) }
	for i := range tasks {
		task := model.Task{Name: fmt.Sprintf("t%d", i), Replicas: 1}
		if replicas {
			task.Replicas += d.IntN(3)
			if d.one(3) {
				task.Apart = d.topology()
			}
		}
		need := make([]int64, len(load[0]))
		for r := range need {
			need[r] = int64(d.IntN(largest + 1))
		}
		task.Demand = amounts(need)
		if fetch && d.one(2) {
			task.Home = []string{node(d.IntN(len(load)))}
			task.Fetch = &model.Fetch{Rest: d.price(dearest)}
		}
		if unlike && d.one(2) {
			task.DemandOn = []model.NodeDemand{{Node: node(d.IntN(len(load))), Demand: amounts([]int64{int64(d.IntN(largest + 1))})}}
		}
		if selectors && d.one(2) {
			task.On = &model.Selector{Nodes: []string{node(d.IntN(len(load)))}}
			if other := node(d.IntN(len(load))); other != task.On.Nodes[0] {
				task.On.Nodes = append(task.On.Nodes, other)
			}
		}
		if leave && d.one(2) {
			price := d.price(3 * dearest)
			task.Unplaced = &price
		}
		for range task.Replicas {
			j := d.IntN(len(load))
			for r, v := range need {
				load[j][r] += v
			}
			if current && d.one(2) {
				task.Current = append(task.Current, node(j))
				price := d.price(dearest)
				task.MoveCost = &price
			}
		}
		d.in.Tasks = append(d.in.Tasks, task)
	}
}

// nodes makes nodes, alike in capacity or not.
func (d *draw) nodes(load [][]int64, alike bool) {
	percent, open := int64(85+d.IntN(50)), d.one(5)
	for j := range load {
		if alike {
			for r, v := range load[j] {
				load[0][r] = max(load[0][r], v)
			}
		}
	}
	for j := range load {
		room := load[j]
		if alike {
			room = load[0]
		}
		scaled := make([]int64, len(room))
		for r, v := range room {
			scaled[r] = v * percent / 100
		}
		node := model.Node{Name: fmt.Sprintf("n%d", j), Capacity: amounts(scaled)}
		if d.racks > 0 && (j == 0 || !d.one(6)) {
			node.Labels = []model.Label{{Key: "rack", Value: fmt.Sprintf("r%d", j%(d.racks+1))}}
		}
		if open {
			node.OpenCost = d.price(20)
		}
		d.in.Nodes = append(d.in.Nodes, node)
	}
}

// pairs makes rules and traffic.
func (d *draw) pairs() {
	if d.racks > 0 && !d.one(3) {
		d.in.Network.Distance = []model.Distance{{Same: "node", Cost: d.price(1)}, {Same: "rack", Cost: model.DecimalOne + d.price(1)}, {Cost: 2*model.DecimalOne + d.price(2)}}
	}
	name := func(i int) string { return d.in.Tasks[i].Name }
	dear, apart, together, wishes := 1+d.IntN(4), d.one(2), d.one(4), d.one(4)
	replicas := false
	for _, task := range d.in.Tasks {
		replicas = replicas || task.Replicas > 1
	}
	for b := range d.in.Tasks {
		for a := range b {
			two := []string{name(a), name(b)}
			if d.one(2) {
				d.in.Traffic = append(d.in.Traffic, model.Traffic{Between: [2]string{name(a), name(b)}, Volume: model.DecimalOne + d.price(10*dear)})
			}
			switch {
			case apart && d.one(5):
				d.in.Rules = append(d.in.Rules, model.Rule{Kind: model.AntiAffinity, Tasks: two, Topology: d.topology()})
			case together && d.one(8):
				d.in.Rules = append(d.in.Rules, model.Rule{Kind: model.Affinity, Tasks: two})
			case wishes && !replicas && d.one(4):
				weight := d.price(20)
				d.in.Rules = append(d.in.Rules, model.Rule{Kind: model.AntiAffinity, Tasks: two, Weight: &weight, Topology: d.topology()})
			}
		}
	}
}

// ruled draws a small problem and adds rules of all kinds: affinity over racks, and
// wishes over up to four tasks, of which some ask for more than the method takes.
func ruled(seed uint64) *model.Instance {
	in := small(seed)
	d := &draw{Rand: rand.New(rand.NewPCG(seed, 3)), in: *in}
	for j := range d.in.Nodes {
		for _, label := range d.in.Nodes[j].Labels {
			d.racks = max(d.racks, len(label.Key))
		}
	}
	for range 1 + d.IntN(3) {
		rule := model.Rule{Kind: model.Affinity, Topology: d.topology()}
		for _, k := range d.Perm(len(d.in.Tasks))[:1+d.IntN(min(4, len(d.in.Tasks)))] {
			rule.Tasks = append(rule.Tasks, d.in.Tasks[k].Name)
		}
		if !d.one(4) {
			weight := d.price(20)
			rule.Weight = &weight
			switch {
			case len(rule.Tasks) > 1 && d.one(4):
				rule.Kind = model.AntiAffinity
			case d.one(3):
				rule.Kind, rule.MaxSkew = model.Spread, 1+d.IntN(2)
			}
		} else if len(rule.Tasks) < 2 {
			continue
		}
		d.in.Rules = append(d.in.Rules, rule)
	}
	return &d.in
}

// leaves is about how many placements brute force has to try.
func leaves(p *model.Problem) float64 {
	n := 1.0
	for i := range p.Items {
		for range p.Items[i].Count {
			n *= float64(p.Domains[p.Items[i].Domain].Size + 1)
		}
	}
	return n
}

func TestAgainstBruteForce(t *testing.T) {
	againstBruteForce(t, small)
}

func TestRulesAgainstBruteForce(t *testing.T) {
	againstBruteForce(t, ruled)
}

// Where hardly any bundles can be listed, the tree aims low, and branches on what is priced.
func TestFewListedAgainstBruteForce(t *testing.T) {
	defer bundles.ListAtMost(15)()
	againstBruteForce(t, small)
}

// againstBruteForce solves problems of seeds, as long as they are few placements, and
// counts those that the method does not take.
func againstBruteForce(t *testing.T, draw func(seed uint64) *model.Instance) {
	method := bundles.Methods()[0]
	feasible, all, refused := 0, 0, 0
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.Uint64().Draw(rt, "seed")
		for seed := from; seed < from+10; seed++ {
			p := compiled.Instance(rt, draw(seed))
			if lacks := method.Lacks(p); lacks != 0 {
				rt.Fatalf("seed %d has %v", seed, lacks.Names())
			}
			if leaves(p) > 20_000 {
				continue
			}
			best, cost, _ := bruteforce.Solve(p)
			if best != nil {
				hang(p, best)
			}
			r, err := search.Run(context.Background(), p, method, search.Limits{Work: 5_000_000_000}, 1, 1, nil)
			if errors.Is(err, search.ErrTooLarge) {
				refused++
				continue
			}
			all++
			if best != nil {
				feasible++
			}
			switch {
			case err != nil:
				rt.Fatalf("seed %d: %v", seed, err)
			case best == nil && r.Status != model.Infeasible:
				rt.Fatalf("seed %d: ends %v where nothing is feasible", seed, r.Status)
			case best != nil && (r.Status != model.Optimal || r.Cost != cost):
				rt.Fatalf("seed %d: ends %v at %d with bound %d; the optimum is %d", seed, r.Status, r.Cost, r.Bound, cost)
			}
		}
	})
	t.Logf("%d of %d problems were feasible, %d were refused", feasible, all, refused)
	if 3*refused > all {
		t.Errorf("%d problems were refused, only %d solved", refused, all)
	}
	if 4*feasible < all || 20*feasible > 19*all {
		t.Errorf("%d of %d problems were feasible: the test sees too little of one side", feasible, all)
	}
}

// containers is an instance of the family, single copies on nodes without racks.
func containers(t testing.TB, tasks, nodes int, seed uint64) *model.Problem {
	t.Helper()
	in := families.Instance(t, "containers", seed, func(spec *instances.Spec) {
		spec.Tasks, spec.Nodes, spec.Racks, spec.Replicas, spec.Apart = tasks, nodes, 0, 1, 0
		spec.Fill, spec.Traffic, spec.Hubs = 85, 2*tasks, max(tasks/10, 1)
	})
	return compiled.Instance(t, in)
}

// The same seed and work give the same run, event by event, on one thread or
// two.
func TestRepeats(t *testing.T) {
	p := containers(t, 30, 6, 2)
	var runs []*search.Result
	for threads := 1; threads <= 2; threads++ {
		r, err := search.Run(context.Background(), p, bundles.Methods()[0], search.Limits{}, 1, threads, nil)
		if err != nil {
			t.Fatal(err)
		}
		runs = append(runs, r)
	}
	a, b := runs[0], runs[1]
	if len(a.Events) != len(b.Events) || a.Work != b.Work || a.Status != model.Optimal {
		t.Fatalf("two runs differ or end %v: %d events and %d, work %d and %d", a.Status, len(a.Events), len(b.Events), a.Work, b.Work)
	}
	for k := range a.Events {
		x, y := a.Events[k], b.Events[k]
		if x.Seconds, y.Seconds = 0, 0; x != y {
			t.Fatalf("event %d: %+v and %+v", k, x, y)
		}
	}
}

// The published optima of task allocation with communication (Elloumi).
func TestPublished(t *testing.T) {
	for _, test := range []struct {
		file string
		cost string
	}{{"tass1003Aa", "731"}, {"tass2408Aa", "5643"}} {
		path := "../../../shared/instances/ctap/" + test.file + ".dat"
		data, err := os.ReadFile(path)
		if err != nil {
			t.Skipf("the public instances are not here: %v", err)
		}
		in, err := instances.Read(data, path, instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		r, err := search.Run(context.Background(), p, bundles.Methods()[0], search.Limits{Work: 20_000_000_000}, 1, 1, nil)
		if err != nil {
			t.Fatal(err)
		}
		if r.Status != model.Optimal || p.Format(r.Cost) != test.cost {
			t.Errorf("%s ends %s at %s; %s is published", test.file, r.Status, p.Format(r.Cost), test.cost)
		}
	}
}

// Problems on which the method once was wrong: items without a part in a rack's bundle
// that are joined to others, problems without a first placement, and artificial columns that
// did more than a sum may.
func TestOnceWrong(t *testing.T) {
	for _, seed := range []uint64{503969, 5077, 6985, 9161, 9403, 9920, 10592, 3500205491, 3500212010, 3500219721} {
		p := compiled.Instance(t, small(seed))
		_, cost, _ := bruteforce.Solve(p)
		r, err := search.Run(context.Background(), p, bundles.Methods()[0], search.Limits{}, 1, 1, nil)
		if err != nil || r.Status != model.Optimal || r.Cost != cost {
			t.Errorf("seed %d: %v at %d, %v; the optimum is %d", seed, r.Status, r.Cost, err, cost)
		}
	}
}

// Where costs leave multipliers no fractions to speak of, the last step of the bound is proven
// too. A third of a volume has six digits here, beside costs of a hundred.
func TestLargeCosts(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n, capacity: {cpu: 7, memory: 2368Mi, network: 57M}, labels: {rack: r, zone: z}}
tasks:
  - {name: a, demand: {cpu: 1200m, memory: 384Mi, network: 19M}, replicas: 3, home: n, fetch: 9.99, unplaced: 107.62}
  - {name: b, demand: {cpu: 900m, memory: 768Mi, network: 1M}, home: n, fetch: 9.59}
  - {name: c, demand: {cpu: 2, memory: 768Mi, network: 1M}, home: n, fetch: 5.83, unplaced: 16.35}
traffic:
  - {between: [a, b], volume: 2.79}
network:
  distance: [{same: node, cost: 0}, {same: rack, cost: 1}, {same: zone, cost: 5}, {cost: 21}]
`)
	proves(t, p, 0, "107.62")
}

// proves fails unless the method proves that cost with so much work, 0 for all that it takes.
func proves(t *testing.T, p *model.Problem, work int64, cost string) {
	t.Helper()
	r, err := search.Run(t.Context(), p, bundles.Methods()[0], search.Limits{Work: work}, 1, 1, nil)
	if err != nil || r.Status != model.Optimal || p.Format(r.Cost) != cost {
		t.Errorf("%s at %s, bound %s: %v", r.Status, p.Format(r.Cost), p.Format(r.Bound), err)
	}
}

// Where no bundle at all fits into the gap, that is a proof and not a list that failed.
func TestNothingFitsTheGap(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 18, memory: 19, network: 41}}
  - {name: n2, capacity: {cpu: 18, memory: 18, network: 44}}
  - {name: n3, capacity: {cpu: 16, memory: 18, network: 28}}
tasks:
  - {name: a, demand: {cpu: 9, memory: 6, network: 19}, replicas: 2, apart: node, home: n1, fetch: 12, unplaced: 121}
  - {name: b, demand: {cpu: 11, memory: 19, network: 13}, home: n2, fetch: 16}
  - {name: c, demand: {cpu: 9, memory: 6, network: 19}, home: n3, fetch: 16}
  - {name: d, demand: {cpu: 9, memory: 6, network: 19}, home: n3, fetch: 16, unplaced: 103}
  - {name: e, demand: {cpu: 5, memory: 7, network: 15}, home: n3, fetch: 9}
traffic:
  - {between: [a, d], volume: 2}
  - {between: [c, e], volume: 10}
  - {between: [b, e], volume: 10}
  - {between: [c, d], volume: 64}
  - {between: [b, c], volume: 16}
`)
	proves(t, p, 0, "297")
}

// Where a service fits best is what the bound depends on here, and not which of them share a rack.
func TestBranchesOnPlaces(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
nodes:
  - {name: n1, capacity: {cpu: 68}, labels: {rack: r1, zone: z}}
  - {name: n2, capacity: {cpu: 67}, labels: {rack: r2, zone: z}}
tasks:
  - {name: a, demand: {cpu: 10}, home: [n1, n2], fetch: 1, unplaced: 44}
  - {name: b, demand: {cpu: 13}, home: [n1, n2], fetch: 5, unplaced: 30}
  - {name: c, demand: {cpu: 13}, home: n1, fetch: 5, unplaced: 21}
  - {name: d, demand: {cpu: 20}, home: [n1, n2], fetch: 3, unplaced: 76}
  - {name: e, demand: {cpu: 19}, home: [n1, n2], fetch: 9, unplaced: 36}
  - {name: f, demand: {cpu: 10}, home: n1, fetch: 8, unplaced: 69}
  - {name: g, demand: {cpu: 19}, home: n2, fetch: 1}
rules:
  - {antiAffinity: [e, f, g]}
traffic:
  - {between: [a, b], volume: 10}
  - {between: [b, c], volume: 6}
  - {between: [b, e], volume: 20}
  - {between: [a, e], volume: 16}
  - {between: [c, e], volume: 12}
  - {between: [b, d], volume: 8}
network:
  distance: [{same: node, cost: 0}, {same: rack, cost: 1}, {same: zone, cost: 5}, {cost: 21}]
`)
	proves(t, p, 40_000_000, "36")
}
