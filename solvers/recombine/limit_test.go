//go:build cgo

package recombine

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/search"
)

// No contents that fit are worth more than the limit, at every step of the search, and at
// its end the limit is what the best of them are worth.
func TestLimit(t *testing.T) {
	method, compared := Methods()[1], 0
	for seed := range uint64(1500) {
		p := compiled.Instance(t, instances.Mixed(seed, 7, 3))
		if method.Lacks(p) != 0 || len(p.Pairs) == 0 {
			continue
		}
		o := newPool(p, seed)
		rng := rand.New(rand.NewPCG(seed, 2))
		multiplier, stay := make([]int64, len(p.Items)), rng.Int64N(100)
		for i := range multiplier {
			multiplier[i] = rng.Int64N(4000) - 2000
		}
		for class := range int32(len(o.nodes)) {
			best := mostWorth(o, class, multiplier, stay)
			l := newLimiter(o)
			l.enter(class, multiplier, stay)
			l.begin()
			for going := true; going; going = l.divide() {
				if worth, _ := l.limit(); worth < best {
					t.Fatalf("seed %d, class %d: limit %d, but some contents are worth %d", seed, class, worth, best)
				}
			}
			if worth, _ := l.limit(); worth != best || l.best != best {
				t.Fatalf("seed %d, class %d: limit %d, found %d, want %d", seed, class, worth, l.best, best)
			}
			compared++
		}
	}
	if compared < 100 {
		t.Errorf("only %d classes were compared", compared)
	}
}

// mostWorth enumerates what fits on a node of a class, and returns what the best of it is
// worth at the multipliers.
func mostWorth(o *pool, class int32, multiplier []int64, stay int64) (best int64) {
	p := o.problem
	j := o.node[class]
	var in []part
	var extend func(i int32)
	extend = func(i int32) {
		if o.isOver(j, in) {
			return
		}
		if int(i) == len(p.Items) {
			worth := stay*o.stay(class, in) - o.cost(class, in) + p.Open[j]
			for _, t := range in {
				worth += multiplier[t.item] * int64(t.n)
			}
			best = max(best, worth)
			return
		}
		extend(i + 1)
		it := &p.Items[i]
		if !p.Domains[it.Domain].Has(j) {
			return
		}
		for n := int32(1); n <= it.Count && (n == 1 || it.Apart < 0); n++ {
			in = append(in, part{i, n})
			extend(i + 1)
			in = in[:len(in)-1]
		}
	}
	extend(0)
	return best
}

// The bound of the method is never above the optimum, also where moves are limited.
func TestBoundHolds(t *testing.T) {
	method := Methods()[1]
	compared, raised := 0, 0
	for seed := uint64(0); seed < 3000 && compared < 40; seed++ {
		in := instances.Mixed(seed, 7, 3)
		if most := int(seed % 4); slices.ContainsFunc(in.Tasks, func(task model.Task) bool { return len(task.Current) > 0 }) {
			in.Given.MaxMoves = &most
		}
		p := compiled.Instance(t, in)
		if method.Lacks(p) != 0 || len(p.Pairs) == 0 || p.Impossible != "" {
			continue
		}
		compared++
		if boundOf(t, p, seed) > p.TrivialBound() {
			raised++
		}
	}
	if compared < 30 || raised < 5 {
		t.Errorf("%d bounds were compared, %d of them better than that of each copy alone", compared, raised)
	}
}

// boundOf is the bound of the method, held against the optimum.
func boundOf(t *testing.T, p *model.Problem, seed uint64) int64 {
	t.Helper()
	r, err := search.Run(context.Background(), p, Methods()[1], search.Limits{Work: 4_000_000}, seed, 1, nil)
	if err != nil {
		t.Fatalf("seed %d: %v", seed, err)
	}
	best, cost, ok := bruteforce.Solve(p)
	if ok && best != nil && r.Bound > cost {
		t.Fatalf("seed %d: bound %d, optimum %d", seed, r.Bound, cost)
	}
	return r.Bound
}

// So it is where nodes state no capacities.
func TestBoundWithoutResources(t *testing.T) {
	method, compared := Methods()[1], 0
	for seed := range uint64(120) {
		in := instances.Mixed(seed, 4, 3)
		for j := range in.Nodes {
			in.Nodes[j].Capacity = nil
		}
		p := compiled.Instance(t, in)
		if method.Lacks(p) != 0 || p.Impossible != "" {
			continue
		}
		compared++
		boundOf(t, p, seed)
	}
	if compared < 10 {
		t.Errorf("only %d bounds were compared", compared)
	}
}
