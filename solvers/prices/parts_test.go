package prices

import (
	"cmp"
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"berth/instances"
	"berth/internal/compiled"
	"berth/internal/families"
	"berth/model"
	"berth/search"
)

// generated makes an instance of the family tasks.
func generated(t testing.TB, nodes, tasks int, change func(*instances.Spec)) (*instance, *search.Board) {
	t.Helper()
	in := families.Instance(t, "tasks", 1, func(spec *instances.Spec) {
		spec.Nodes, spec.Tasks, spec.Racks = nodes, tasks, max(nodes/25, 1)
		change(spec)
	})
	p := compiled.Instance(t, in)
	b := search.NewBoard(context.Background(), p, search.Limits{}, 1, 2, nil)
	restated, err := newInstance(p, b)
	if err != nil {
		t.Fatal(err)
	}
	return restated, b
}

func everything(s *instances.Spec) {
	s.Selectors, s.Unlike, s.Unplaced, s.Replicas, s.Resources = 30, 20, 20, 3, 3
}

// The instance says of every item and node what the problem says.
func TestInstanceRestates(t *testing.T) {
	in, _ := generated(t, 60, 600, everything)
	p := in.problem
	for i := range p.Items {
		item, it := &p.Items[i], &in.items[i]
		for j := range in.outside {
			cost := int64(nowhere)
			for _, o := range in.options(it) {
				if o.node == j {
					cost = o.cost
				}
			}
			if set := in.kinds[it.kind].set; cost == nowhere && set != nobody && in.sets[set].has(j) {
				cost = in.rest[it.choice]
			}
			want := int64(nowhere)
			if p.Domains[item.Domain].Has(j) {
				want = p.Costs[item.Cost].At(j)
			}
			if cost != want || want != nowhere && in.costOn(it, j) != want {
				t.Fatalf("item %d costs %d on node %d, the problem says %d", i, cost, j, want)
			}
			if demand := p.Demands[item.Demand].On(j); !slices.Equal(in.takes(it.kind, j), demand) {
				t.Fatalf("item %d takes %v on node %d, the problem says %v", i, in.takes(it.kind, j), j, demand)
			}
		}
	}
}

// The bound at prices of chance is that of the formula, item by item and node by
// node, in numbers of any size.
func TestBoundIsExact(t *testing.T) {
	in, b := generated(t, 60, 600, everything)
	p, l := in.problem, newLedger(in)
	rng := rand.New(rand.NewPCG(1, 1))
	for _, high := range []float64{0, 0.01, 3, 1e3, 1e30} {
		prices := make([]float64, len(l.price))
		for k := range prices {
			if rng.IntN(3) > 0 {
				prices[k] = rng.Float64() * high
			}
		}
		l.take(prices, b)
		got := l.bound(b)
		total := new(big.Int).Lsh(big.NewInt(p.Offset), l.shift)
		term := func(sign, a, b int64) {
			product := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
			total.Add(total, product.Mul(product, big.NewInt(sign)))
		}
		for i := range p.Items {
			item, least := &p.Items[i], int64(math.MaxInt64)
			if item.Unplaced != model.NoLimit {
				least = item.Unplaced << l.shift
			}
			for _, j := range p.Domains[item.Domain].Nodes() {
				cost := p.Costs[item.Cost].At(j) << l.shift
				for r, size := range p.Demands[item.Demand].On(j) {
					cost += size * l.price[int(j)*in.resources+r]
				}
				least = min(least, cost)
			}
			term(1, int64(item.Count), least)
		}
		for k, capacity := range p.Capacity {
			term(-1, capacity, l.price[k])
		}
		want := int64(0)
		if total.Sign() > 0 {
			up := new(big.Int).Add(total, new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), l.shift), big.NewInt(1)))
			want = new(big.Int).Rsh(up, l.shift).Int64()
		}
		if got != want {
			t.Errorf("prices up to %g: the bound is %d, want %d", high, got, want)
		}
	}
}

// A node that may be used or not adds what it costs less its room and less what copies save there
// against their edge, which is where they are whole if they take no more of a node than is used;
// or nothing. Of either there are such nodes.
func TestBoundOfUse(t *testing.T) {
	in, b := generated(t, 60, 600, func(s *instances.Spec) { s.OpenCost, s.Racks, s.Near = 200, 4, 50 })
	l := newLedger(in)
	rng := rand.New(rand.NewPCG(1, 1))
	prices := make([]float64, len(l.price))
	for k := range prices {
		prices[k] = rng.Float64() * 0.1 / in.mean[k%in.resources] * in.matters
	}
	l.used = make([]float64, in.nodes)
	for j := range l.used {
		l.used[j] = rng.Float64()
	}
	l.take(prices, b)
	total, saved := new(big.Int), make([]int64, in.nodes)
	for i := range in.items {
		it := &in.items[i]
		options := slices.Clone(in.options(it))
		price := func(o option) int64 { return o.cost<<l.shift + l.of(it.kind, o.node) }
		slices.SortStableFunc(options, func(a, b option) int { return cmp.Compare(price(a), price(b)) })
		edge, sum := in.rest[it.choice]<<l.shift+l.low[it.kind], 0.0
		for _, o := range options {
			if sum += l.used[o.node]; sum >= 1 {
				edge = min(edge, price(o))
				break
			}
		}
		total.Add(total, big.NewInt(edge*int64(it.count)))
		for _, o := range options {
			saved[o.node] += max(edge-price(o), 0) * int64(it.count)
		}
	}
	used, unused := 0, 0
	for j := range in.outside {
		use := in.open[j]<<l.shift - saved[j]
		for r := range in.resources {
			use -= l.price[int(j)*in.resources+r] * in.room[int(j)*in.resources+r]
		}
		if use < 0 {
			used++
		} else {
			unused++
		}
		total.Add(total, big.NewInt(min(use, 0)))
	}
	unit := int64(1) << l.shift
	if got, want := l.bound(b), new(big.Int).Rsh(total.Add(total, big.NewInt(unit-1)), l.shift).Int64(); got != want {
		t.Errorf("the bound is %d, want %d", got, want)
	}
	if used == 0 || unused == 0 {
		t.Errorf("%d nodes used and %d unused: the test sees one side only", used, unused)
	}
}

// Copies are whole where they are spread smoothly, and take of no node more than is used.
func TestCopiesAreWholeAtTheirEdge(t *testing.T) {
	in, b := generated(t, 60, 600, func(s *instances.Spec) { s.OpenCost, s.Racks = 200, 4 })
	s := newSmoother(newLedger(in), b)
	rng := rand.New(rand.NewPCG(1, 1))
	for round := range 20 {
		for k := range s.ahead {
			s.ahead[k] = rng.Float64() * 2 * in.matters / in.mean[k%in.resources]
		}
		for j := range s.used {
			s.used[j] = min(2*rng.Float64(), 1)
		}
		s.heat = in.matters / float64(int(1)<<round)
		for g := range s.groups {
			s.lower(g, &s.sums[0])
		}
		for i := range s.items {
			it, sums := &s.items[i], &s.sums[0]
			clear(sums.load)
			clear(sums.takes)
			s.choose(it, sums)
			all := sums.takes[s.groupOf[it.kind]] / float64(it.count)
			for j := range in.outside {
				part := sums.load[int(j)*in.resources] / float64(it.count) / float64(in.takes(it.kind, j)[0])
				if all += part; part > s.used[j]+1e-3 {
					t.Fatalf("round %d: item %d takes %g of node %d, of which %g is used", round, i, part, j, s.used[j])
				}
			}
			if math.Abs(all-1) > 1e-9 {
				t.Fatalf("round %d: item %d has %g places", round, i, all)
			}
		}
	}
}

// What all but fills nodes keeps to them, and copies that are nowhere are counted.
func TestStuffingKeepsToItsNodes(t *testing.T) {
	in, b := generated(t, 40, 300, func(s *instances.Spec) { s.OpenCost, s.Fill, s.Near, s.Racks = 2000, 60, 0, 0 })
	s := newSmoother(newLedger(in), b)
	if !s.cool(coldest) {
		t.Fatal("stopped")
	}
	c := &consolidation{smoother: s}
	shut, likely := c.selectNodes(0)
	final := c.newStuffing(shut, slices.Clone(s.best))
	check := func(when string) {
		t.Helper()
		free, cost, lost := make([]int64, len(in.room)), in.problem.Offset, 0.0
		for k := range free {
			if j := k / in.resources; j == int(in.outside) || !final.shut[j] {
				free[k] = in.room[k]
			}
		}
		on := make([]bool, in.nodes)
		for copy, j := range final.at {
			if j == nobody {
				lost += final.out[in.itemOf[copy]]
				continue
			}
			it := final.itemAt(int32(copy))
			if cost += in.costOn(it, j); !on[j] {
				cost += in.open[j]
			}
			on[j] = true
			for r, size := range in.takes(it.kind, j) {
				free[int(j)*in.resources+r] -= size
			}
		}
		if !slices.Equal(free, final.free) || slices.Min(free) < 0 {
			t.Fatalf("%s: what is free is not what it is counted anew, or less than nothing", when)
		}
		if cost != final.cost || math.Abs(lost-final.lost) > 1e-6*lost {
			t.Fatalf("%s: cost %d and %g lost, counted anew %d and %g", when, final.cost, final.lost, cost, lost)
		}
	}
	final.count(firstMore)
	if !final.stuff() {
		t.Fatal("stopped")
	}
	check("stuffed")
	before := slices.Clone(final.shut)
	if len(final.gone) == 0 {
		t.Error("nothing is left over: the test sees one side only")
	}
	final.choose(likely)
	check("chosen")
	if slices.Equal(before, final.shut) || final.whole() == search.NoCost {
		t.Error("no node was opened or shut, or copies are nowhere still")
	}
}

// What is kept by increments while the search runs is what counting anew gives.
func TestStateAgainstScratch(t *testing.T) {
	in, b := generated(t, 60, 3000, func(s *instances.Spec) { everything(s); s.OpenCost = 100 })
	s := newSmoother(newLedger(in), b)
	if !s.cool(earlyHeat) {
		t.Fatal("stopped")
	}
	c := s.place()
	check := func(when string) {
		t.Helper()
		free, cost, lost := slices.Clone(in.room), in.problem.Offset, 0.0
		on := make([]int, in.nodes)
		for copy, j := range c.at {
			if j == nobody {
				lost += c.out[c.itemOf[copy]]
				continue
			}
			on[j]++
			it := c.itemAt(int32(copy))
			cost += in.costOn(it, j)
			for r, size := range in.takes(it.kind, j) {
				free[int(j)*in.resources+r] -= size
			}
			if c.on[j][c.slot[copy]] != int32(copy) {
				t.Fatalf("%s: copy %d is not where node %d lists it", when, copy, j)
			}
		}
		for j, n := range on {
			if n > 0 {
				cost += in.open[j]
			}
		}
		if !slices.Equal(free, c.free) || cost != c.cost || lost != c.lost {
			t.Fatalf("%s: cost %d and %g lost, counted anew %d and %g", when, c.cost, c.lost, cost, lost)
		}
		if slices.Min(free) < 0 {
			t.Fatalf("%s: a node is asked for more than it has", when)
		}
		for j := range in.nodes {
			if len(c.on[j]) != on[j] {
				t.Fatalf("%s: node %d lists %d copies, has %d", when, j, len(c.on[j]), on[j])
			}
		}
		for k, j := range c.space.order {
			size := slices.Clone(free[int(j)*in.resources : int(j+1)*in.resources])
			if c.space.tree.Next(size, k) != k {
				t.Fatalf("%s: the tree has less room for node %d", when, j)
			}
			size[0]++
			if c.space.tree.Next(size, k) == k {
				t.Fatalf("%s: the tree has more room for node %d", when, j)
			}
		}
	}
	check("filled")
	c.sweep(1)
	check("made room")
	cost, lost := c.cost, c.lost
	c.sweep(0)
	check("swept")
	if c.lost > lost || c.lost == lost && c.cost > cost {
		t.Errorf("a sweep by cost went from %d to %d", cost, c.cost)
	}
	for j := range in.outside {
		cost, lost = c.cost, c.lost
		c.chain(j)
		if c.lost > lost || c.lost == lost && c.cost > cost {
			t.Fatalf("a chain went from %d to %d", cost, c.cost)
		}
	}
	check("chained")
}

// A node that was polished by cost alone is as good as trying all its sets says.
func TestPolishIsExact(t *testing.T) {
	in, b := generated(t, 12, 60, func(s *instances.Spec) { s.Skew = 80 })
	s := newSmoother(newLedger(in), b)
	if !s.cool(earlyHeat) {
		t.Fatal("stopped")
	}
	c := s.place()
	better := 0
	for j := range in.outside {
		c.rents = 0
		c.look(j)
		if len(c.looks) > 20 {
			c.looks = c.looks[:20] // then the others stay where they are
		}
		copy(c.q, c.lambda[int(j)*c.resources:])
		c.fit(j)
		c.loss = c.appraise(j) - tiny
		room := slices.Clone(c.free[int(j)*c.resources : int(j+1)*c.resources])
		today := 0.0
		for _, k := range c.looks {
			if k.in {
				today += k.gain
				for r, size := range k.size {
					room[r] += size
				}
			}
		}
		most := math.Inf(-1)
		for set := range 1 << len(c.looks) {
			sum, left := 0.0, slices.Clone(room)
			for n, k := range c.looks {
				if set>>n&1 == 1 {
					sum += k.gain
					for r, size := range k.size {
						left[r] -= size
					}
				}
			}
			if len(left) == 0 || slices.Min(left) >= 0 {
				most = max(most, sum)
			}
		}
		gain := 0.0
		if c.loss > 0 {
			before := c.loss + tiny
			c.setCore()
			if c.enumerate(maxSums) {
				gain = before - c.loss
				better++
			}
		}
		if math.Abs(today+gain-most) > 1e-3 {
			t.Errorf("node %d: %g and a gain of %g, the best of all sets is %g", j, today, gain, most)
		}
	}
	if better == 0 {
		t.Error("nothing was there to gain: the test sees one side only")
	}
}

// cooledTo returns the prices of a generated instance when the heat has fallen that far; the
// clock of the benchmark begins then.
func cooledTo(b *testing.B, nodes, tasks int, heat float64) *smoother {
	b.Helper()
	in, board := generated(b, nodes, tasks, func(*instances.Spec) {})
	s := newSmoother(newLedger(in), board)
	s.cool(heat)
	b.ReportAllocs()
	b.ResetTimer()
	return s
}

func BenchmarkClimb(b *testing.B) {
	s := cooledTo(b, 1000, 100_000, earlyHeat)
	for range b.N {
		s.climb()
	}
}

func BenchmarkBound(b *testing.B) {
	s := cooledTo(b, 1000, 100_000, earlyHeat)
	for range b.N {
		s.take(s.prices, s.board)
		s.ledger.bound(s.board)
	}
}

func BenchmarkFill(b *testing.B) {
	s := cooledTo(b, 1000, 100_000, earlyHeat)
	for range b.N {
		s.place()
	}
}

// BenchmarkPolish polishes nodes that are at their best: what a sweep mostly does.
func BenchmarkPolish(b *testing.B) {
	c := cooledTo(b, 100, 10_000, coldest).place()
	c.sweep(1)
	for c.sweep(0) > 0 {
	}
	b.ResetTimer()
	for k := range b.N {
		c.polish(int32(k % int(c.outside)))
		c.trail = c.trail[:0]
	}
}
