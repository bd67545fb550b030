//go:build cgo

package colgen

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// crowd draws a small cluster: services of tasks that take the same, most of which run today, with
// rules, replicas, wishes of where to be, and some that may wait.
func crowd(t *rapid.T) *model.Problem {
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 28))
	some := func(n int) bool { return rng.IntN(n) == 0 }
	nodes := 2 + rng.IntN(3)
	var b strings.Builder
	fmt.Fprintf(&b, "format: berth/v1\nkind: placement\nname: crowd\nnodes:\n")
	for j := range nodes {
		fmt.Fprintf(&b, "  - {name: n%d, capacity: {cpu: %d, memory: %d}, labels: {zone: z%d}}\n", j, 3+rng.IntN(5), 3+rng.IntN(5), rng.IntN(2))
	}
	var tasks, rules []string
	left := 7
	for s := 0; left > 0 && s < 4; s++ {
		demand := fmt.Sprintf("demand: {cpu: %d, memory: %d}", 1+rng.IntN(2), rng.IntN(3))
		fetch := ""
		if some(2) {
			fetch = fmt.Sprintf(", fetch: {n%d: %d}", rng.IntN(nodes), 1+rng.IntN(3))
		}
		var members []string
		for n := 1 + rng.IntN(3); n > 0 && left > 0; n-- {
			replicas := 1
			more := ""
			if some(4) && left > 1 {
				replicas = 2
				more = ", replicas: 2" + []string{"", ", apart: node", ", apart: zone"}[rng.IntN(3)]
			}
			if !some(3) {
				if replicas == 1 {
					more += fmt.Sprintf(", current: n%d", rng.IntN(nodes))
				} else {
					more += fmt.Sprintf(", current: [n%d, n%d]", rng.IntN(nodes), rng.IntN(nodes))
				}
				if some(3) {
					more += fmt.Sprintf(", moveCost: %d", rng.IntN(4))
				}
			}
			if some(3) {
				more += fmt.Sprintf(", unplaced: %d", 2+rng.IntN(9))
			}
			left -= replicas
			name := fmt.Sprintf("s%d-%d", s, n)
			members = append(members, name)
			tasks = append(tasks, fmt.Sprintf("  - {name: %s, %s%s%s}\n", name, demand, fetch, more))
		}
		if list := strings.Join(members, ", "); len(members) > 1 && !some(3) {
			rules = append(rules, "  - {"+[]string{
				"antiAffinity: [" + list + "]", "antiAffinity: [" + list + "], topology: zone", "spread: [" + list + "], topology: zone",
				"spread: [" + list + "], topology: zone, maxSkew: 2", "affinity: [" + list + "], topology: zone", "antiAffinity: [" + list + "], weight: 3",
			}[rng.IntN(6)]+"}\n")
		}
	}
	b.WriteString("tasks:\n" + strings.Join(tasks, ""))
	if len(rules) > 0 {
		b.WriteString("rules:\n" + strings.Join(rules, ""))
	}
	return compiled.Document(t, b.String())
}

// The bound of patterns holds, and nearly always says it all; its placements are the judge's to look at.
func TestPatternsAgreeWithBruteForce(t *testing.T) {
	tight, all := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := crowd(t)
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatal("too large for brute force")
		}
		r, err := search.Run(context.Background(), p, Patterns()[0], search.Limits{Work: 50_000_000}, 1, 2, nil)
		if err != nil {
			t.Fatal(err)
		}
		if best == nil {
			return
		}
		if r.Bound > cost || r.Placement != nil && r.Cost < cost {
			t.Fatalf("cost %s, bound %s, the optimum is %s", p.Format(r.Cost), p.Format(r.Bound), p.Format(cost))
		}
		if all++; r.Bound == cost {
			tight++
		}
	})
	t.Logf("the bound is the optimum of %d in %d", tight, all)
	if 10*tight < 9*all {
		t.Errorf("the bound is the optimum of %d in %d only", tight, all)
	}
}

// At whatever prices, everything costs at least what evaluate says.
func TestPatternsBoundAtAnyPrices(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := crowd(t)
		best, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatal("too large for brute force")
		}
		if best == nil {
			return
		}
		k, err := newCensus(p, rapid.Bool().Draw(t, "spreads"))
		if err != nil {
			t.Fatal(err)
		}
		s := newPatternSearch(k, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
		if err := s.make(); err != nil {
			t.Fatal(err)
		}
		defer s.model.Close()
		if !s.solve() {
			t.Fatal("the program has a solution")
		}
		s.stages = rapid.SampledFrom([]int64{0, mostStages}).Draw(t, "stages")
		u := make([]int64, k.prices)
		for n := range u {
			u[n] = int64(rapid.IntRange(-6, 12).Draw(t, "price")) << k.shift
			if n < len(k.kinds) {
				u[n] = max(u[n], 0)
			}
		}
		s.evaluate(u)
		if bound := k.bound(s.high); bound > cost {
			t.Fatalf("bound %s at prices %v, the optimum is %s", p.Format(bound), u, p.Format(cost))
		}
	})
}

// The knapsacks of a cluster's nodes at the prices of a program that was begun.
func BenchmarkPacking(b *testing.B) {
	p := compiled.Instance(b, families.Instance(b, "cluster", 1, func(spec *instances.Spec) { spec.Nodes, spec.Tasks = 60, 900 }))
	k, err := newCensus(p, false)
	if err != nil {
		b.Fatal(err)
	}
	s := newPatternSearch(k, search.NewBoard(context.Background(), p, search.Limits{}, 1, 1, nil))
	if err := s.make(); err != nil {
		b.Fatal(err)
	}
	defer s.model.Close()
	for range 10 {
		s.solve()
		s.evaluate(s.between(0))
		s.gather()
	}
	u := s.between(0)
	b.ReportAllocs()
	for b.Loop() {
		s.price(u)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*s.nodes), "ns/node")
}
