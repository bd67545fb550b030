package lagrange

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// oneNode is a node with tasks that may be there or on another node without limit.
func oneNode(costs []int64, needs []int32, room int32) *knapsacks {
	n := len(costs)
	in := &instance{tasks: n, nodes: 2, outside: -1, cells: maxCells, cost: make([]int64, 2*n), need: make([]int32, 2*n), room: []int32{room, 0}}
	copy(in.cost, costs)
	copy(in.need, needs)
	return newKnapsacks(newDomains(in))
}

// enumerate returns the least value of a set that fits, with task i kept in or out
// where in[i] is not 0; MaxInt64 where there is none.
func enumerate(k *knapsacks, in []int) int64 {
	best := int64(math.MaxInt64)
	for set := range 1 << k.tasks {
		value, need, ok := int64(0), int64(0), true
		for i := range k.tasks {
			inside := set>>i&1 == 1
			if inside {
				value += k.cost[i] - k.u[i]
				need += int64(k.need[i])
			}
			ok = ok && (in[i] == 0 || inside == (in[i] > 0))
		}
		if ok && need <= int64(k.room[0]) {
			best = min(best, value)
		}
	}
	return best
}

// The value of a knapsack is that of the best set, the set it takes is worth that,
// and its penalties are exact up to the gap and above it where they should be.
func TestKnapsackAgainstEnumeration(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		k := randomKnapsack(rng, 20)
		large := rng.Int64N(2) * 1 << 31 // more than cells of 4 bytes hold
		for i := range k.u {
			k.u[i] += large
		}
		k.solve(0)
		best := enumerate(k, make([]int, k.tasks))
		if got := k.sacks[0].value; got != best {
			t.Fatalf("value %d, the best set is worth %d", got, best)
		}
		if value, need := contents(k); value != best || need > int64(k.room[0]) {
			t.Fatalf("takes a set worth %d that needs %d of %d; the best is worth %d", value, need, k.room[0], best)
		}
		checkPenalties(t, k, rng.Int64N(60), true)
	})
}

// Where room is too large for a table, the value and the penalties are bounds.
func TestBoundedKnapsack(t *testing.T) {
	bounded := 0
	for seed := range uint64(40) {
		rng := rand.New(rand.NewPCG(seed, 2))
		k := randomKnapsack(rng, 5_000_000)
		k.solve(0)
		best := enumerate(k, make([]int, k.tasks))
		if k.sacks[0].value > best {
			t.Fatalf("seed %d: value %d, the best set is worth %d", seed, k.sacks[0].value, best)
		}
		if value, need := contents(k); value < best || need > int64(k.room[0]) {
			t.Fatalf("seed %d: takes a set worth %d that needs %d of %d", seed, value, need, k.room[0])
		}
		if k.sacks[0].value < best {
			bounded++
		}
		checkPenalties(t, k, rng.Int64N(60), false)
	}
	if bounded == 0 {
		t.Error("no knapsack was so large that a bound stood in for its value")
	}
}

// randomKnapsack draws one with needs below a limit.
func randomKnapsack(rng *rand.Rand, limit int32) *knapsacks {
	n := 1 + rng.IntN(9)
	costs, needs := make([]int64, n), make([]int32, n)
	total := int64(0)
	for i := range n {
		costs[i], needs[i] = rng.Int64N(50), rng.Int32N(limit)
		total += int64(needs[i])
	}
	k := oneNode(costs, needs, int32(rng.Int64N(total+1)))
	for i := range k.u {
		k.u[i] = rng.Int64N(80)
	}
	return k
}

// contents returns what the taken set is worth and needs.
func contents(k *knapsacks) (value, need int64) {
	for _, i := range k.sacks[0].in {
		value += k.cost[i] - k.u[i]
		need += int64(k.need[i])
	}
	return value, need
}

// fataler is a test of either package.
type fataler interface {
	Fatalf(format string, args ...any)
}

// checkPenalties holds the penalties against enumeration: never above the rise,
// unless both are above the gap, and where exact is asked for, equal within it.
func checkPenalties(t fataler, k *knapsacks, gap int64, exact bool) {
	k.price(0, gap)
	for i := range k.tasks {
		force := make([]int, k.tasks)
		force[i] = 1
		if k.taken[i] {
			force[i] = -1
		}
		other := enumerate(k, force)
		rise := int64(math.MaxInt64)
		if other != math.MaxInt64 {
			rise = other - k.sacks[0].value
		}
		switch got := k.penalty[i]; {
		case got > rise && got > gap && rise > gap:
		case got > rise:
			t.Fatalf("task %d: penalty %d, but changing sides raises the value by %d only (gap %d)", i, got, rise, gap)
		case exact && rise <= gap && got != rise:
			t.Fatalf("task %d: penalty %d, changing sides raises the value by %d (gap %d)", i, got, rise, gap)
		case exact && rise > gap && got <= gap:
			t.Fatalf("task %d: penalty %d within the gap %d, changing sides raises the value by %d", i, got, gap, rise)
		}
	}
}

// Whatever is removed comes back.
func TestDomainsUndo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		in := &instance{tasks: 1 + rng.IntN(5), nodes: 1 + rng.IntN(4), outside: -1, cells: maxCells}
		for range in.tasks * in.nodes {
			in.cost = append(in.cost, rng.Int64N(9))
			in.need = append(in.need, []int32{1, 2, 3, never}[rng.IntN(4)])
		}
		for range in.nodes {
			in.room = append(in.room, rng.Int32N(9))
		}
		d := newDomains(in)
		wide := snapshot(d)
		mark := len(d.trail)
		for range rng.IntN(8) {
			if d.failed || d.open.size == 0 {
				break
			}
			i := d.open.all()[rng.IntN(int(d.open.size))]
			nodes := d.nodesOf[i].all()
			j := nodes[rng.IntN(len(nodes))]
			if rng.IntN(2) == 0 {
				d.assign(i, j)
			} else {
				d.remove(i, j)
			}
			checkDomains(t, d)
		}
		if d.failed && mark == len(d.trail) {
			return
		}
		d.undo(mark)
		if now := snapshot(d); now != wide {
			t.Fatalf("after undo %s, before %s", now, wide)
		}
	})
}

// checkDomains compares what is kept with what follows from the tasks' nodes.
func checkDomains(t *rapid.T, d *domains) {
	spare, forced := append([]int32(nil), d.room...), int64(0)
	for i := range int32(d.tasks) {
		nodes := d.nodesOf[i].all()
		if (d.at[i] >= 0) != (len(nodes) == 1) {
			t.Fatalf("task %d is forced to %d and has %d nodes", i, d.at[i], len(nodes))
		}
		if len(nodes) == 1 {
			spare[nodes[0]] -= d.need[int(nodes[0])*d.tasks+int(i)]
			forced += d.cost[int(nodes[0])*d.tasks+int(i)]
		}
		for j := range int32(d.nodes) {
			on := d.tasksOn[j].size > 0 && contains(d.tasksOn[j].all(), i)
			if on != (d.has(i, j) && len(nodes) > 1) {
				t.Fatalf("node %d lists the open task %d: %v; the task has it: %v", j, i, on, d.has(i, j))
			}
		}
	}
	for j := range spare {
		if spare[j] != d.spare[j] {
			t.Fatalf("node %d has %d to spare, not %d", j, spare[j], d.spare[j])
		}
	}
	if forced != d.forced {
		t.Fatalf("forced tasks cost %d, not %d", forced, d.forced)
	}
}

func contains(list []int32, v int32) bool {
	for _, x := range list {
		if x == v {
			return true
		}
	}
	return false
}

// snapshot writes down who may be where, in a fixed order.
func snapshot(d *domains) string {
	var text []byte
	for i := range int32(d.tasks) {
		for j := range int32(d.nodes) {
			text = append(text, "-x"[btoi(d.has(i, j))], "-x"[btoi(d.tasksOn[j].size > 0 && contains(d.tasksOn[j].all(), i))])
		}
		text = append(text, ' ')
	}
	return string(text)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// drawn is a node of a tight, hard family: what takes more costs less.
func drawn(n int, room int32) *knapsacks {
	rng := rand.New(rand.NewPCG(1, 4))
	costs, needs := make([]int64, n), make([]int32, n)
	for i := range n {
		needs[i] = 1 + rng.Int32N(100)
		costs[i] = (111 - int64(needs[i]) + rng.Int64N(21) - 10) << 10
	}
	k := oneNode(costs, needs, room)
	for i := range k.u {
		k.u[i] = 111<<10 + rng.Int64N(1<<10)
	}
	return k
}

func BenchmarkKnapsack(b *testing.B) {
	k := drawn(100, 400)
	b.ReportAllocs()
	for b.Loop() {
		k.solve(0)
	}
}

func BenchmarkPenalties(b *testing.B) {
	k := drawn(100, 400)
	k.solve(0)
	b.ReportAllocs()
	for b.Loop() {
		k.price(0, 3<<10)
	}
}
