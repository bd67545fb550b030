//go:build cgo

package recombine

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// What pricing finds fits, takes no more copies than there are, keeps what must be apart
// apart, and is worth what its column says.
func TestPricing(t *testing.T) {
	method := Methods()[0]
	compared := 0
	for seed := range uint64(800) {
		p := compiled.Instance(t, instances.Mixed(seed, 12, 4))
		if method.Lacks(p) != 0 || len(p.Pairs) == 0 {
			continue
		}
		o := newPool(p, seed)
		s := newSack(o)
		rng := rand.New(rand.NewPCG(seed, 1))
		var items []int32
		multiplier, stay := make([]float64, len(p.Items)), 0.
		for i := range p.Items {
			items = append(items, int32(i))
			multiplier[i] = 10 * rng.Float64()
			if seed%2 == 0 { // as a dive leaves them
				o.copies[i] = rng.Int32N(o.copies[i] + 1)
			}
		}
		if p.MustStay > 0 {
			stay = 10 * rng.Float64()
		}
		for class := range int32(len(o.nodes)) {
			s.enter(class, items, multiplier, stay, 2)
			in := s.anneal(s.today(class), 300, 3, 0.1)
			if len(in) == 0 {
				continue
			}
			compared++
			if o.isOver(o.node[class], in) {
				t.Fatalf("seed %d, class %d: %v does not fit", seed, class, in)
			}
			want := stay*float64(o.stay(class, in)) - float64(o.cost(class, in))/2
			copies := map[int32]int32{}
			for _, c := range in {
				want += float64(c.n) * multiplier[c.item]
				copies[c.item] = c.n
				if c.n > o.copies[c.item] {
					t.Fatalf("seed %d, class %d: %v has more of item %d than the %d that are left", seed, class, in, c.item, o.copies[c.item])
				}
				if it := &p.Items[c.item]; !p.Domains[it.Domain].Has(o.node[class]) || it.Apart >= 0 && c.n > 1 {
					t.Fatalf("seed %d, class %d: %v does not keep to domains and apart", seed, class, in)
				}
			}
			for i := range copies {
				for _, foe := range o.foes[i] {
					if copies[foe] > 0 {
						t.Fatalf("seed %d, class %d: %v holds what must be apart", seed, class, in)
					}
				}
			}
			s.restore(in)
			if math.Abs(s.worth-want) > 1e-6*(1+math.Abs(want)) {
				t.Fatalf("seed %d, class %d: %v is worth %v, its column says %v", seed, class, in, s.worth, want)
			}
		}
	}
	if compared < 100 {
		t.Errorf("only %d contents were compared", compared)
	}
}

// Where moves are limited, the method finds what an enumeration of small instances finds
// best, or little worse, and never makes more moves.
func TestLimitedMoves(t *testing.T) {
	method := Methods()[0]
	solved, best := 0, 0
	for seed := uint64(0); seed < 10_000 && solved < 15; seed++ {
		in := instances.Mixed(seed, 7, 3)
		if !slices.ContainsFunc(in.Tasks, func(task model.Task) bool { return len(task.Current) > 0 }) {
			continue
		}
		most := int(seed % 4)
		in.Given.MaxMoves = &most
		p := compiled.Instance(t, in)
		if method.Lacks(p) != 0 || p.MustStay == 0 || len(p.Pairs) == 0 {
			continue
		}
		r, err := search.Run(context.Background(), p, method, search.Limits{Work: 5_000_000}, seed, 1, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if r.Placement == nil {
			continue
		}
		_, cost, _ := bruteforce.Solve(p)
		if verdict := p.Evaluate(r.Placement); len(verdict.Violations) > 0 {
			t.Fatalf("seed %d, at most %d moves: %v", seed, most, verdict.Violations)
		}
		if r.Bound > cost {
			t.Fatalf("seed %d, at most %d moves: bound %d, optimum %d", seed, most, r.Bound, cost)
		}
		solved++
		if r.Cost <= cost {
			best++
		}
	}
	if solved < 10 || best*10 < solved*7 {
		t.Errorf("of %d instances, %d solved to the optimum", solved, best)
	}
}

// Multipliers are rounded one by one, however unlike they are, unless those of all copies
// together are too large.
func TestIntegers(t *testing.T) {
	p := compiled.Instance(t, families.Instance(t, "containers", 1, func(spec *instances.Spec) {
		spec.Racks, spec.Replicas = 0, 3
	}))
	o := newPool(p, 1)
	for i := range p.Items {
		o.addColumn(0, []part{{int32(i), 1}})
	}
	rows, row := o.rows()
	g := newGenerator(o, row, 1<<20)
	for _, test := range []struct {
		largest float64
		exact   bool
	}{{1, true}, {highest / (1 << 20) / 10, true}, {highest / (1 << 20), false}} {
		g.center = make([]float64, len(rows))
		for r := range g.center {
			g.center[r] = 1. / 1024
		}
		g.center[row[0]] = -test.largest
		multiplier, _ := g.integers()
		sum := 0.
		for i, m := range multiplier {
			sum += math.Abs(float64(m)) * float64(p.Items[i].Count)
			if want := int64(g.center[row[i]] * g.unit); test.exact && m != want {
				t.Errorf("largest %g: the multiplier of item %d is %d, want %d", test.largest, i, m, want)
			}
		}
		if sum > highest*1.001 {
			t.Errorf("largest %g: multipliers of all copies are %g together", test.largest, sum)
		}
	}
}
