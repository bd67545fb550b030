//go:build cgo

package colgen

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// idle is a host that wants everything and takes nothing.
type idle struct{}

func (idle) work(int64) bool           { return true }
func (idle) left() int64               { return math.MaxInt64 }
func (idle) highest() int64            { return 1 << 40 }
func (idle) offer([]int32, int64) bool { return false }
func (idle) raise(int64)               {}
func (idle) exhausted()                {}
func (idle) question(int64) int64      { return 1 }
func (idle) stage(int64) int64         { return 1 }

// draw makes an instance of one node.
func draw(rng *rand.Rand) *instance {
	in := &instance{items: 1 + rng.IntN(8), nodes: 1, resources: 1 + rng.IntN(3), outside: -1}
	largest := []int{3, 20}[rng.IntN(2)]
	for range in.resources {
		in.room = append(in.room, int64(rng.IntN(3*largest+1)))
	}
	in.open = []int64{int64(rng.IntN(2) * rng.IntN(30))}
	for range in.items {
		most := int32(1 + rng.IntN(2))
		in.copies = append(in.copies, most)
		for r := range in.resources {
			need := int64(rng.IntN(largest + 1))
			if need > 0 {
				most = int32(min(int64(most), in.room[r]/need))
			}
			in.need = append(in.need, need)
			in.part = append(in.part, float64(need)/float64(max(in.room[r], 1)))
		}
		in.most = append(in.most, most)
		in.cost = append(in.cost, int64(rng.IntN(20)))
	}
	var rules [][]int32
	for range rng.IntN(3) {
		var rule []int32
		for _, i := range rng.Perm(in.items)[:min(1+rng.IntN(5), in.items)] {
			rule = append(rule, int32(i))
		}
		rules = append(rules, rule)
	}
	in.setFoes(rules)
	return in
}

// best enumerates what the node can hold, with item i (if i ≥ 0) in or out, and
// returns the most that it is worth; ok is false where nothing is left.
func best(in *instance, u []int64, i int, within bool) (value int64, ok bool) {
	var taken []int32
	var walk func(t int, left []int64, gain int64, any bool)
	walk = func(t int, left []int64, gain int64, any bool) {
		if t == in.items {
			if any {
				gain -= in.open[0]
			}
			if !ok || gain > value {
				value, ok = gain, true
			}
			return
		}
		low, high := int32(0), in.most[t]
		if t == i && within {
			low = 1
		} else if t == i {
			high = 0
		}
		for n := low; n <= high; n++ {
			rest := append([]int64(nil), left...)
			fits := true
			for r, need := range in.needs(t) {
				rest[r] -= need * int64(n)
				fits = fits && rest[r] >= 0
			}
			if n > 0 {
				for _, f := range in.foesOf(0, int32(t)) {
					fits = fits && !slices.Contains(taken, f)
				}
				taken = append(taken, int32(t))
			}
			if fits {
				walk(t+1, rest, gain+int64(n)*(u[t]-in.cost[t]), any || n > 0)
			}
			if n > 0 {
				taken = taken[:len(taken)-1]
			}
		}
	}
	walk(0, in.room, 0, false)
	return value, ok
}

// Knapsacks and penalties are what enumeration says, whatever the prices were.
func TestKnapsack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 2))
		in := draw(rng)
		for i := range in.copies {
			in.copies[i] += 10 // elsewhere: nothing has to be on the node
		}
		e := newEngine(in, idle{})
		for i := range e.slots {
			e.slots[i] = in.copies[i] + in.most[i]
		}
		for range 3 {
			for i := range e.u {
				e.u[i] = int64(rng.IntN(40))
			}
			if !e.solve(0) {
				rt.Fatal("nothing fits")
			}
			want, _ := best(in, e.u, -1, false)
			if s := e.sacks[0]; s.gain != want || s.bound != want {
				rt.Fatalf("worth %d, bound %d, want %d", s.gain, s.bound, want)
			}
			gap := int64(rng.IntN(60))
			e.penalties(0, gap)
			taken := map[int32]bool{}
			for _, x := range e.sacks[0].in {
				taken[x.item] = true
			}
			for i := range in.items {
				if in.most[i] == 0 {
					continue
				}
				rise := gap + 1
				if other, ok := best(in, e.u, i, !taken[int32(i)]); ok {
					rise = min(rise, want-other)
				}
				if e.penalty[i] != rise {
					rt.Fatalf("item %d changes sides at %d, want %d (gap %d)", i, e.penalty[i], rise, gap)
				}
			}
		}
	})
}

// Every cut holds for all integers that keep the row it comes from, and is violated
// by what it was made for.
func TestCuts(t *testing.T) {
	made := 0
	rapid.Check(t, func(rt *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 3))
		for range 20 {
			in := &instance{items: 2 + rng.IntN(5), nodes: 1}
			g := &group{nodes: []int32{0}}
			row := capacity{}
			for i := range in.items {
				in.copies = append(in.copies, int32(1+rng.IntN(2)))
				g.items, g.top = append(g.items, int32(i)), append(g.top, int64(in.copies[i]))
				row.need = append(row.need, int64(rng.IntN(30)))
				row.room += row.need[i] * int64(in.copies[i])
			}
			row.room = row.room * int64(40+rng.IntN(50)) / 100
			g.rows, g.y = []capacity{row}, make([]float64, in.items)
			value := make([]float64, in.items)
			left := float64(row.room)
			for _, i := range rng.Perm(in.items) {
				value[i] = float64(in.copies[i])
				if need := float64(row.need[i]); need > 0 {
					value[i] = min(value[i], left/need)
					left -= need * value[i]
				}
			}
			for _, c := range in.separate(g, value, nil) {
				made++
				holds(rt, in, row, c)
				left := 0.0
				for k, i := range c.items {
					left += float64(c.factor[k]) * value[i]
				}
				if left <= float64(c.right) {
					rt.Fatalf("a cut that cuts nothing: %v ≤ %d", left, c.right)
				}
			}
		}
	})
	if made < 200 {
		t.Errorf("only %d cuts: the test sees too few", made)
	}
}

// holds enumerates all integers within the row.
func holds(t *rapid.T, in *instance, row capacity, c *cut) {
	y := make([]int64, in.items)
	var walk func(i int, left int64)
	walk = func(i int, left int64) {
		if i == in.items {
			sum := int64(0)
			for k, i := range c.items {
				sum += c.factor[k] * y[i]
			}
			if sum > c.right {
				t.Fatalf("%v keeps %v ≤ %d and breaks %v·%v ≤ %d", y, row.need, row.room, c.items, c.factor, c.right)
			}
			return
		}
		for y[i] = 0; y[i] <= int64(in.copies[i]) && y[i]*row.need[i] <= left; y[i]++ {
			walk(i+1, left-y[i]*row.need[i])
		}
	}
	walk(0, row.room)
}

// found is a host that keeps the best placement's cost.
type found struct {
	idle
	cost int64
}

func (h *found) highest() int64 { return h.cost - 1 }

func (h *found) offer(_ []int32, steps int64) bool {
	h.cost = min(h.cost, steps)
	return true
}

// A search that may keep next to no columns comes to the same end.
func TestForgetful(t *testing.T) {
	for seed := range uint64(2) {
		restated := generated(t, 4, 30, seed)
		var costs [2]int64
		for k, small := range []bool{false, true} {
			h := &found{cost: restated.dearest + 1}
			s := newTree(restated, h)
			if small {
				s.spare, s.keeps = 4, 60
			}
			if err := s.solve(); err != nil {
				t.Fatal(err)
			}
			if small && len(s.made) > 200 {
				t.Errorf("seed %d: %d columns were kept", seed, len(s.made))
			}
			s.close()
			costs[k] = h.cost
		}
		if costs[0] != costs[1] {
			t.Errorf("seed %d: the optimum is %d, and %d with few columns", seed, costs[0], costs[1])
		}
	}
}

func generated(t testing.TB, nodes, tasks int, seed uint64) *instance {
	t.Helper()
	restated, err := newInstance(generatedProblem(t, nodes, tasks, seed))
	if err != nil {
		t.Fatal(err)
	}
	return restated
}

func generatedProblem(t testing.TB, nodes, tasks int, seed uint64) *model.Problem {
	t.Helper()
	return compiled.Instance(t, families.Instance(t, "tasks", seed, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks = nodes, tasks, 2
	}))
}

// One round of prices over 20 nodes and 200 tasks, at multipliers near the best.
func BenchmarkPricing(b *testing.B) {
	restated := generated(b, 20, 200, 1)
	m := newMaster(newEngine(restated, idle{}))
	m.begin()
	m.evaluate()
	m.cutoff = m.value + m.value/ahead
	m.ascend(firstRounds)
	b.ReportAllocs()
	for b.Loop() {
		m.evaluate()
	}
}

// Two items of two copies each that may share no node: half of each set of one item on
// each node makes whole numbers, which are no placement.
func TestHalvesOfFoesAreNotOffered(t *testing.T) {
	in := &model.Instance{
		Nodes: []model.Node{{Name: "n0"}, {Name: "n1"}},
		Tasks: []model.Task{{Name: "a", Replicas: 2, Home: []string{"n0"}}, {Name: "b", Replicas: 2, Home: []string{"n1"}}},
		Rules: []model.Rule{{Kind: model.AntiAffinity, Tasks: []string{"a", "b"}}},
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	restated, err := newInstance(p)
	if err != nil {
		t.Fatal(err)
	}
	board := search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil)
	s := newTree(restated, onBoard{restated, p, board})
	if s.x = []float64{1, 1, 1, 1}; s.offer() || !board.Work(0) {
		t.Error("a node of two foes was offered")
	}
	if s.x = []float64{0, 2, 2, 0}; !s.offer() {
		t.Error("a placement was not offered")
	}
}
