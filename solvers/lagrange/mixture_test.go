package lagrange

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"berth/solvers/powers"
)

// mixed is an instance of the kind of type d, with some slack, and the mixture of it.
func mixed(rng *rand.Rand, tasks, nodes int) *mixture {
	in := &instance{
		tasks: tasks, nodes: nodes, outside: -1, shift: multiplierShift, cells: maxCells, room: make([]int32, nodes),
		cost: make([]int64, tasks*nodes), need: make([]int32, tasks*nodes), twin: make([]int32, tasks),
	}
	for i := range in.twin {
		in.twin[i] = -1
	}
	for k := range in.cost {
		in.need[k] = 1 + rng.Int32N(40)
		in.cost[k] = int64(60-in.need[k]+rng.Int32N(9)) << in.shift
		in.room[k/tasks] += in.need[k]
	}
	for j := range in.room {
		in.room[j] = in.room[j] * 8 / int32(10*nodes)
	}
	in.dearest = int64(100 * tasks)
	e := newEngine(in, &quiet{most: in.dearest})
	e.resolve()
	m := newMixture(e)
	m.begin()
	m.heat = float64(e.step()) * (1 + 4*rng.Float64())
	return &m
}

// Parts of a task add up to one, and are those of the formula; at settled prices, which keep
// above zero, every node with a price is filled and no other is overfull.
func TestMixture(t *testing.T) {
	filled := 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 11))
		m := mixed(rng, 40+rng.IntN(40), 2+rng.IntN(6))
		e := m.e
		m.settle(settlingAll)
		m.gather()
		m.blend()
		load := make([]float64, e.nodes)
		from := 0
		for n, i := range e.open.all() {
			sum, weight := 0.0, 0.0
			value := func(j int32) float64 {
				k := int(j)*e.tasks + int(i)
				return (float64(e.cost[k]) + m.prices[j]*float64(e.need[k])) / m.heat
			}
			best := m.pairs[from]
			for _, p := range m.pairs[from:m.ends[n]] {
				if p.part > best.part {
					best = p
				}
			}
			for j := range int32(e.nodes) {
				weight += math.Exp(value(best.node) - value(j))
			}
			for _, p := range m.pairs[from:m.ends[n]] {
				sum += p.part
				load[p.node] += p.part * p.need
				if want := math.Exp(value(best.node)-value(p.node)) / weight; math.Abs(p.part-want) > 1e-5 {
					t.Fatalf("task %d is on node %d in part %g, not %g", i, p.node, p.part, want)
				}
			}
			if math.Abs(sum-1) > 1e-9 {
				t.Fatalf("the parts of task %d add up to %g", i, sum)
			}
			from = m.ends[n]
		}
		settled := true
		for j := range load {
			over := load[j] - float64(e.spare[j])
			if m.prices[j] < 0 || math.Abs(load[j]-m.load[j]) > 1e-6 {
				t.Fatalf("node %d has price %g and load %g, recounted %g", j, m.prices[j], m.load[j], load[j])
			}
			settled = settled && (math.Abs(over) <= 2 || over < 0 && m.prices[j] == 0)
		}
		if settled {
			filled++
		}
	})
	if filled < 50 {
		t.Errorf("the prices of %d mixtures of 100 fill the nodes", filled)
	}
}

// A node is filled with the likeliest set of all, chance included; then it is closed, and
// multipliers are as before.
func TestFill(t *testing.T) {
	several := 0
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		m := mixed(rand.New(rand.NewPCG(seed, 12)), 8+int(seed%4), 2+int(seed%3))
		e := m.e
		m.settle(settling)
		j := m.surest(rand.New(rand.NewPCG(seed, 1)))
		u := append([]int64(nil), e.u...)

		var worth []float64
		var needs []int32
		var tasks []int32
		chance := rand.New(rand.NewPCG(seed, 2))
		from := 0
		for n, i := range e.open.all() {
			for _, p := range m.pairs[from:m.ends[n]] {
				if p.node == j {
					noise := wild * powers.Log(max(chance.ExpFloat64(), slightest))
					odds := math.Log(max(p.part, slightest) / max(1-p.part, slightest))
					worth = append(worth, m.prices[j]*p.need+m.heat*(odds-noise))
					needs, tasks = append(needs, int32(p.need)), append(tasks, i)
				}
			}
			from = m.ends[n]
		}
		best := 0.0
		for set := range 1 << len(worth) {
			sum, room := 0.0, e.spare[j]
			for n := range worth {
				if set>>n&1 == 1 {
					sum, room = sum+worth[n], room-needs[n]
				}
			}
			if room >= 0 {
				best = max(best, sum)
			}
		}

		m.fill(j, rand.New(rand.NewPCG(seed, 2)))
		sum, count := 0.0, 0
		for n, i := range tasks {
			if e.at[i] == j {
				sum, count = sum+worth[n], count+1
			}
		}
		if math.Abs(sum-best) > 20 {
			t.Fatalf("node %d is filled with what is worth %g; the likeliest set is worth %g", j, sum, best)
		}
		if e.tasksOn[j].size != 0 || e.spare[j] < 0 {
			t.Fatalf("node %d is not closed: %d tasks may be there, room is %d", j, e.tasksOn[j].size, e.spare[j])
		}
		for i := range u {
			if u[i] != e.u[i] {
				t.Fatalf("the multiplier of task %d was %d and is %d", i, u[i], e.u[i])
			}
		}
		if count > 1 {
			several++
		}
	})
	if several == 0 {
		t.Error("no set had several tasks: the test sees too little")
	}
}
