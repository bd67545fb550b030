package instances_test

import (
	"fmt"
	"maps"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/heuristics"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// spec draws settings over all knobs, small enough for brute force.
func spec(t *rapid.T) instances.Spec {
	s := instances.Spec{Family: rapid.SampledFrom([]string{"tasks", "containers", "chunks"}).Draw(t, "family")}
	for _, k := range instances.Knobs() {
		if k.Workflows {
			continue
		}
		*k.Of(&s) = rapid.IntRange(k.Low, min(k.High, 100)).Draw(t, k.Name)
	}
	s.Nodes = rapid.IntRange(1, 4).Draw(t, "nodes")
	s.Tasks = rapid.IntRange(1, 4).Draw(t, "tasks")
	s.Racks = rapid.IntRange(0, s.Nodes).Draw(t, "racks")
	s.Zones = rapid.IntRange(0, max(s.Racks, 1)).Draw(t, "zones")
	s.Homes = rapid.IntRange(0, s.Nodes).Draw(t, "homes")
	s.Replicas = rapid.IntRange(1, 2).Draw(t, "replicas")
	s.Hubs = rapid.IntRange(0, s.Tasks).Draw(t, "hubs")
	s.Traffic = rapid.IntRange(0, s.Tasks*(s.Tasks-1)/4).Draw(t, "traffic")
	if s.Racks == 0 {
		s.Near = 0
	}
	if s.Homes == 0 {
		s.Data = 0
	}
	for _, rules := range []*int{&s.Affinity, &s.AntiAffinity, &s.Wishes} {
		*rules = rapid.IntRange(0, min(3, s.Tasks-1)).Draw(t, "rules")
	}
	return s
}

// What is generated is valid, and feasible unless it is loose.
func TestGenerateKeepsThePlantedPlacement(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := spec(t)
		in, err := instances.Generate(s, rapid.Uint64().Draw(t, "seed"))
		if err != nil {
			t.Fatal(err)
		}
		if err := in.Check(); err != nil {
			t.Fatal(err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		placement, _, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("too large for brute force")
		}
		if placement == nil && s.Loose == 0 {
			t.Fatalf("infeasible: %s", p.Impossible)
		}
	})
}

func TestGenerateGoesByTheSeed(t *testing.T) {
	for _, f := range instances.Families() {
		s := f.Defaults
		first, err := instances.Generate(s, 7)
		if err != nil {
			t.Fatal(err)
		}
		again, _ := instances.Generate(s, 7)
		if !reflect.DeepEqual(first, again) {
			t.Errorf("%s: one seed gave two instances", f.Name)
		}
		other, _ := instances.Generate(s, 8)
		other.Name = first.Name
		if reflect.DeepEqual(first, other) {
			t.Errorf("%s: two seeds gave one instance", f.Name)
		}
		if err := first.Check(); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
		if _, err := model.Compile(first); err != nil {
			t.Errorf("%s: %v", f.Name, err)
		}
	}
}

// Everything at once, with more than nine nodes and more tasks than demands.
func TestGenerateEverything(t *testing.T) {
	s := instances.Spec{Family: "tasks"}
	for _, k := range instances.Knobs() {
		if !k.Workflows {
			*k.Of(&s) = max(k.Low, min(k.High, 50))
		}
	}
	s.Nodes, s.Tasks, s.Racks, s.Zones, s.Homes, s.Replicas, s.Loose = 30, 400, 6, 3, 2, 3, 0
	in, err := instances.Generate(s, 5)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
	s.Homes, s.Data = 0, 0
	in, err = instances.Generate(s, 5)
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Check(); err != nil {
		t.Fatal(err)
	}
}

// Switching a feature on leaves the others as they are.
func TestFeaturesAreIndependent(t *testing.T) {
	s, err := instances.Defaults("tasks")
	if err != nil {
		t.Fatal(err)
	}
	plain, _ := instances.Generate(s, 1)
	s.Traffic, s.OpenCost, s.Unplaced, s.Current, s.Wishes = 50, 10, 30, 40, 5
	more, _ := instances.Generate(s, 1)
	for k := range plain.Tasks {
		if !reflect.DeepEqual(plain.Tasks[k].Fetch, more.Tasks[k].Fetch) || !reflect.DeepEqual(plain.Tasks[k].Demand, more.Tasks[k].Demand) {
			t.Fatalf("task %d changed", k)
		}
	}
	if len(more.Traffic) != 50 || len(more.Rules) != 5 {
		t.Errorf("%d pairs with traffic and %d rules, want 50 and 5", len(more.Traffic), len(more.Rules))
	}
}

// Every knob turns something.
func TestKnobsMatter(t *testing.T) {
	base := instances.Spec{
		Family: "tasks", Nodes: 12, Tasks: 60, Racks: 4, Zones: 2, Resources: 2, Fill: 60, Unlike: 20,
		Homes: 1, Skew: 30, Fetch: 20, Near: 30, Data: 20, Decimals: 1, Replicas: 3, Apart: 50, Selectors: 20, Unplaced: 20,
		Affinity: 2, AntiAffinity: 3, Spread: 2, Wishes: 4, Traffic: 40, Hubs: 3, Current: 30, MoveCost: 5, OpenCost: 10,
	}
	chunks := base
	chunks.Homes, chunks.Near, chunks.Data, chunks.Reads, chunks.Uplinks, chunks.Zipf = 0, 0, 0, 50, 50, 100
	seen := map[string]bool{}
	for _, k := range instances.Knobs() {
		s := base
		if k.Name == "reads" || k.Name == "uplinks" || k.Name == "zipf" {
			s = chunks
		}
		if k.Workflows {
			s = instances.Spec{Family: "layered", Nodes: 3, Tasks: 20, CCR: 50}
		}
		before, err := instances.Generate(s, 2)
		if err != nil {
			t.Fatal(err)
		}
		if value := k.Of(&s); *value < k.High {
			*value++
		} else {
			*value--
		}
		if k.High == 100 {
			*k.Of(&s) += 30
		}
		after, err := instances.Generate(s, 2)
		if err != nil {
			t.Fatalf("%s: %v", k.Name, err)
		}
		after.Name = before.Name
		if reflect.DeepEqual(before, after) {
			t.Errorf("%s changes nothing", k.Name)
		}
		if seen[k.Name] || k.Short == "" {
			t.Errorf("%s is there twice or says nothing", k.Name)
		}
		seen[k.Name] = true
	}
	if fields := reflect.TypeFor[instances.Spec]().NumField(); len(seen) != fields-2 { // Family and copies are none
		t.Errorf("%d knobs for %d fields", len(seen), fields)
	}
}

func TestGenerateRefuses(t *testing.T) {
	tests := []struct {
		family string
		change func(*instances.Spec)
		want   string
	}{
		{"task", func(*instances.Spec) {}, `did you mean "tasks"?`},
		{"cats", func(*instances.Spec) {}, "the families are tasks, containers"},
		{"tasks", func(s *instances.Spec) { s.Nodes = 0 }, "nodes is 0; want 1 to"},
		{"tasks", func(s *instances.Spec) { s.Fill = 101 }, "fill is 101; want 1 to 100"},
		{"tasks", func(s *instances.Spec) { s.Racks = 21 }, "racks is 21; want at most the number of nodes, 20"},
		{"tasks", func(s *instances.Spec) { s.Zones = 5 }, "zones is 5; want at most the number of racks, 4"},
		{"tasks", func(s *instances.Spec) { s.Racks, s.Near, s.Zones = 0, 0, 30 }, "zones is 30; want at most the number of nodes"},
		{"tasks", func(s *instances.Spec) { s.Racks = 0 }, "near is 50, but there are no racks"},
		{"tasks", func(s *instances.Spec) { s.Homes = 21 }, "homes is 21"},
		{"tasks", func(s *instances.Spec) { s.Homes, s.Data = 0, 1 }, "data is 1, but there are no homes"},
		{"tasks", func(s *instances.Spec) { s.Hubs = 201 }, "hubs is 201"},
		{"tasks", func(s *instances.Spec) { s.Tasks, s.Traffic = 10, 23 }, "traffic is 23; want at most half of the pairs of tasks, 22"},
		{"tasks", func(s *instances.Spec) { s.Tasks, s.Wishes = 1, 1 }, "rules take two"},
		{"gap-c", func(s *instances.Spec) { s.Racks = 2 }, "does not take racks; leave it out"},
	}
	for _, test := range tests {
		s, _ := instances.Defaults(test.family)
		s.Family = test.family
		test.change(&s)
		if _, err := instances.Generate(s, 1); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.family, err, test.want)
		}
	}
}

// TestSettings: however few nodes and tasks are asked for, with racks or none, the defaults make room
// for what is named, and what is named stays.
func TestSettings(t *testing.T) {
	for _, f := range instances.Families() {
		if f.Workflow {
			continue
		}
		for n := 1; n <= 12; n++ {
			for _, named := range []map[string]int{
				{"nodes": n, "tasks": n},
				{"nodes": 20, "tasks": n},
				{"nodes": n, "tasks": 30},
				{"nodes": 8, "tasks": 10, "racks": 0},
				{"nodes": 8, "tasks": 10, "racks": n % 8, "homes": 0},
			} {
				if f.Fixed {
					maps.DeleteFunc(named, func(name string, _ int) bool { return name != "nodes" && name != "tasks" })
				}
				spec, err := instances.Settings(f.Name, named)
				if err == nil {
					_, err = instances.Generate(spec, 1)
				}
				if err != nil && !strings.Contains(err.Error(), "find no room") {
					t.Errorf("%s %v: %v", f.Name, named, err)
				}
				for _, k := range instances.Knobs() {
					if want, is := named[k.Name]; is && *k.Of(&spec) != want {
						t.Errorf("%s %v: %s is %d", f.Name, named, k.Name, *k.Of(&spec))
					}
				}
			}
		}
	}
	if _, err := instances.Settings("tasks", map[string]int{"rack": 3}); err == nil || !strings.Contains(err.Error(), `no setting "rack"`) {
		t.Errorf("a setting that is not there: %v", err)
	}
}

// The mixed instances are mostly feasible and cover every feature.
func TestMixed(t *testing.T) {
	var seen model.Feature
	feasible := 0
	const count = 300
	for seed := range uint64(count) {
		replicas, nodes := 4+int(seed%5), 2+int(seed%3)
		in := instances.Mixed(seed, replicas, nodes)
		if err := in.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		p, err := model.Compile(in)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if p.Report.Replicas > replicas || p.Report.Nodes != nodes {
			t.Errorf("seed %d: %d replicas on %d nodes, want up to %d on %d", seed, p.Report.Replicas, p.Report.Nodes, replicas, nodes)
		}
		placement, _, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatalf("seed %d: too large for brute force", seed)
		}
		if placement != nil {
			feasible++
		}
		seen |= p.Features
	}
	if feasible < count*6/10 || feasible > count*95/100 {
		t.Errorf("%d of %d are feasible", feasible, count)
	}
	if lacks := model.AllFeatures &^ seen; lacks != 0 {
		t.Errorf("no instance has %v", lacks.Names())
	}
}

// The families of the generalized assignment problem keep to their ranges.
func TestGapRanges(t *testing.T) {
	for _, family := range []string{"gap-a", "gap-b", "gap-c", "gap-d", "gap-e"} {
		s, err := instances.Defaults(family)
		if err != nil {
			t.Fatal(err)
		}
		in, err := instances.Generate(s, 3)
		if err != nil {
			t.Fatal(err)
		}
		var loads, room int64
		for _, task := range in.Tasks {
			for _, node := range in.Nodes {
				load, cost := loadOn(task, node.Name), int64(priceOn(task, node.Name)/model.DecimalOne)
				loads += load
				var ok bool
				switch family {
				case "gap-d":
					ok = load >= 1 && load <= 100 && cost >= 101-load && cost <= 121-load
				case "gap-e":
					ok = load >= 1 && cost >= 0 && cost <= 1000
				default:
					ok = load >= 5 && load <= 25 && cost >= 10 && cost <= 50
				}
				if !ok {
					t.Fatalf("%s: %s on %s takes %d and costs %d", family, task.Name, node.Name, load, cost)
				}
			}
		}
		for _, node := range in.Nodes {
			room += node.Capacity.Of("load").Units
		}
		// Types c to e: the capacities add up to 80 % of the average loads.
		average := loads / int64(len(in.Nodes))
		if tight := family >= "gap-c"; tight && (room > average*8/10 || room < average*8/10-int64(len(in.Nodes))) {
			t.Errorf("%s: room for %d, average loads %d", family, room, average)
		}
	}
}

func loadOn(task model.Task, node string) int64 {
	for _, other := range task.DemandOn {
		if other.Node == node {
			return other.Demand.Of("load").Units
		}
	}
	return task.Demand.Of("load").Units
}

func priceOn(task model.Task, node string) model.Decimal {
	for _, p := range task.Fetch.On {
		if p.Node == node {
			return p.Price
		}
	}
	return task.Fetch.Rest
}

func BenchmarkGenerate(b *testing.B) {
	for _, family := range []string{"tasks", "containers", "chunks"} {
		s, err := instances.Defaults(family)
		if err != nil {
			b.Fatal(err)
		}
		s.Nodes, s.Tasks = 1000, 100_000
		b.Run(fmt.Sprintf("%s-%dx%d", family, s.Nodes, s.Tasks), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := instances.Generate(s, 1); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// Machines in pools have room for what is made for them: a placement is found. Where they are too
// few, the message says how many are enough.
func TestPoolsHaveRoom(t *testing.T) {
	refused := 0
	for seed := range uint64(60) {
		spec, err := instances.Defaults("pools")
		if err != nil {
			t.Fatal(err)
		}
		spec.Nodes, spec.Tasks = 1+int(seed%30), 1+int(seed*7%40)
		in, err := instances.Generate(spec, seed)
		if err != nil {
			refused++
			_, number, found := strings.Cut(err.Error(), "find no room on "+strconv.Itoa(spec.Nodes)+" nodes; set nodes to ")
			if spec.Nodes, err = strconv.Atoi(number); err != nil || !found {
				t.Fatal(err)
			}
			if in, err = instances.Generate(spec, seed); err != nil {
				t.Fatal(err)
			}
		}
		p := compiled.Instance(t, in)
		r, err := search.Run(t.Context(), p, heuristics.Descent, search.Limits{Work: 10_000_000}, 1, 1, nil)
		if err != nil || r.Placement == nil {
			t.Errorf("%d nodes, %d tasks, seed %d: no placement is found: %v", spec.Nodes, spec.Tasks, seed, err)
		}
	}
	if refused == 0 || refused > 30 {
		t.Errorf("%d are refused: the test tests little", refused)
	}
}

// In a cluster everything may stay where it runs, some pods wait, and not all of them find room
// where nothing moves.
func TestClustersRun(t *testing.T) {
	waits, moves := 0, 0
	for seed := range uint64(20) {
		spec, err := instances.Defaults("cluster")
		if err != nil {
			t.Fatal(err)
		}
		spec.Nodes, spec.Tasks = 1+int(seed), 15*int(1+seed)
		in, err := instances.Generate(spec, seed)
		if err != nil {
			t.Fatal(err)
		}
		p := compiled.Instance(t, in)
		r, err := search.Run(t.Context(), p, heuristics.Stay, search.Limits{}, 1, 1, nil)
		if err != nil || r.Placement == nil {
			t.Fatalf("seed %d: no placement: %v", seed, err)
		}
		at := make(model.Placement, p.Copies)
		for i := range p.Items {
			it := &p.Items[i]
			for c := it.First; c < it.First+it.Count; c++ {
				at[c] = model.NoPlace
				if runs := p.Runs[it.Runs.From:it.Runs.To]; len(runs) > 0 {
					at[c] = runs[0].Node
				} else {
					waits++
				}
			}
		}
		if v := p.Evaluate(at); len(v.Violations) > 0 {
			t.Errorf("seed %d: what runs today breaks %v", seed, v.Violations)
		}
		moves += p.Evaluate(r.Placement).Moved
	}
	if waits < 50 || moves < 10 {
		t.Errorf("%d wait and %d move: the clusters are not full", waits, moves)
	}
}
