package lagrange

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// quiet is a host that knows no placement, and counts what it is told of.
type quiet struct {
	most    int64
	offered int
}

func (h *quiet) work(int64) bool           { return true }
func (h *quiet) highest() int64            { return h.most }
func (h *quiet) offer([]int32, int64) bool { h.offered++; return false }
func (h *quiet) raise(int64)               {}
func (h *quiet) exhausted()                {}
func (h *quiet) coarse(int64) int64        { return 1 }
func (e *engine) state() string {
	sets := ""
	for j := range e.sacks {
		s := &e.sacks[j]
		sets += fmt.Sprint(s.value, s.price, s.lower, s.likely, s.in, ";")
	}
	return fmt.Sprint(snapshot(e.domains), sets, e.taken, e.penalty, e.u, e.value, e.stale, e.dirty)
}

// tight is a problem of a few tasks that fill their nodes, what takes more costing
// less.
func tight(rng *rand.Rand) *instance {
	tasks, nodes := 4+rng.IntN(4), 2+rng.IntN(3)
	in := &instance{
		tasks: tasks, nodes: nodes, outside: -1, shift: multiplierShift, room: make([]int32, nodes),
		cost: make([]int64, tasks*nodes), need: make([]int32, tasks*nodes), twin: slices.Repeat([]int32{-1}, tasks),
	}
	for k := range in.cost {
		in.need[k] = 1 + rng.Int32N(20)
		in.cost[k] = int64(25-in.need[k]+rng.Int32N(5)) << in.shift
		in.room[k/tasks] += in.need[k] * 9 / int32(10*nodes)
	}
	in.dearest = int64(30 * tasks)
	return in
}

// A probe leaves everything as it was, and what it says is left nothing of holds no
// placement within the cutoff; nor does what branching fixes lose one.
func TestProbes(t *testing.T) {
	probed, closed := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 6))
		in := tight(rng)
		within := in.enumerate()
		if len(within) == 0 {
			return
		}
		h := &quiet{most: within[0].steps + rng.Int64N(4)}
		within = slices.DeleteFunc(within, func(p placed) bool { return p.steps > h.most })
		e := newEngine(in, h)
		e.aim()
		if e.climb(1 + rng.IntN(30)) {
			t.Fatalf("nothing is left, but a placement costs %d of %d", within[0].steps, h.most)
		}
		for _, c := range slices.Clone(e.candidates()) {
			for _, put := range []bool{true, false} {
				before := e.state()
				h.offered = 0
				_, none := e.probe(c, put)
				probed++
				if after := e.state(); after != before {
					t.Fatalf("a probe of task %d on node %d changed\n%s\nto\n%s", c.task, c.node, before, after)
				}
				if !none {
					continue
				}
				closed++
				for _, p := range within {
					if e.allows(p) && (p.at[c.task] == c.node) == put && h.offered == 0 {
						t.Fatalf("a probe of task %d on node %d lost a placement of cost %d", c.task, c.node, p.steps)
					}
				}
			}
		}
		h.offered = 0
		_, _, none := e.branch()
		for _, p := range within {
			if h.offered == 0 && (none || !e.allows(p)) {
				t.Fatalf("branching lost a placement of cost %d, within %d", p.steps, h.most)
			}
		}
	})
	if closed == 0 || closed == probed {
		t.Errorf("%d of %d probes left nothing: the test sees too little of one side", closed, probed)
	}
}

// placed is a placement with its cost.
type placed struct {
	at    []int32
	steps int64
}

// enumerate lists all placements, the cheapest first.
func (in *instance) enumerate() []placed {
	var all []placed
	at, left := make([]int32, in.tasks), slices.Clone(in.room)
	var put func(i int)
	put = func(i int) {
		if i == in.tasks {
			all = append(all, placed{slices.Clone(at), in.steps(at)})
			return
		}
		for j := range in.nodes {
			if need := in.need[j*in.tasks+i]; need <= left[j] {
				left[j] -= need
				at[i] = int32(j)
				put(i + 1)
				left[j] += need
			}
		}
	}
	put(0)
	slices.SortFunc(all, func(a, b placed) int { return int(a.steps - b.steps) })
	return all
}

// allows says whether the domains still hold a placement.
func (d *domains) allows(p placed) bool {
	for i, j := range p.at {
		if !d.has(int32(i), j) {
			return false
		}
	}
	return true
}
