//go:build cgo

package bundles

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// random draws a sack with clashes, edges of both signs, chains of copies and subsets.
func random(rng *rand.Rand) (*sack, *class) {
	in := randomInstance(rng)
	d := newDecisions(in)
	for range rng.IntN(6) {
		d.sums = append(d.sums, randomSubset(rng, in)...)
	}
	s := newSack(in, 0, d)
	for n := range s.subsets {
		s.subsets[n].price = int64(rng.IntN(15))
	}
	return s, &in.classes[0]
}

// randomSubset is a subset row, if chance draws different items of one copy.
func randomSubset(rng *rand.Rand, in *instance) []*sum {
	var items []int32
	for range 3 {
		if i := rng.Int32N(int32(in.items)); in.copies[i] == 1 && !slices.Contains(items, i) {
			items = append(items, i)
		}
	}
	if len(items) < 3 {
		return nil
	}
	return []*sum{{class: -1, a: taking{items[0], 1}, b: taking{items[1], 1}, third: items[2], triple: true, top: 1}}
}

// randomInstance has one class.
func randomInstance(rng *rand.Rand) *instance {
	items, resources := 1+rng.IntN(8), 1+rng.IntN(2)
	in := &instance{items: items, resources: resources, concern: make([][]bool, 1)}
	c := class{count: 1, link: make([][]int32, items), cost: make([][]int64, items)}
	for range resources {
		c.room = append(c.room, int64(rng.IntN(30)))
	}
	for i := range items {
		in.copies = append(in.copies, 1+int32(rng.IntN(2)))
		c.most = append(c.most, 1+rng.Int32N(in.copies[i]))
		for range in.copies[i] {
			c.cost[i] = append(c.cost[i], int64(rng.IntN(20)-8))
		}
		for range resources {
			c.need = append(c.need, int64(rng.IntN(12)))
		}
		for other := range i {
			a, b := int32(other), int32(i)
			switch rng.IntN(5) {
			case 0, 1:
				c.ties = append(c.ties, tie{a, b, 1 + rng.Int32N(c.most[a]), 1 + rng.Int32N(c.most[b]), int64(rng.IntN(30) - 6)})
			case 2:
				if rng.IntN(3) == 0 {
					c.clash = append(c.clash, [2]int32{a, b})
				}
			}
		}
	}
	in.classes = []class{c}
	return in
}

// all calls each on every set of vertices that fits, with what it is worth.
func all(s *sack, room []int64, each func(set, worth int64)) {
	for set := range int64(1) << s.vertices {
		left, worth, fits := append([]int64(nil), room...), int64(0), true
		for v := range s.vertices {
			if set>>v&1 == 0 {
				continue
			}
			worth += s.fixed[v]
			if b := s.before[v]; b >= 0 && set>>b&1 == 0 {
				fits = false
			}
			for r := range left {
				left[r] -= s.need[v*len(room)+r]
				fits = fits && left[r] >= 0
			}
			for w := range v {
				fits = fits && (set>>w&1 == 0 || !s.clashes(int32(v), int32(w)))
			}
			for e := s.start[v]; e < s.start[v+1]; e++ {
				if w := s.to[e]; int(w) < v && set>>w&1 == 1 {
					worth += s.worth[e]
				}
			}
		}
		for _, q := range s.subsets {
			in := int64(0)
			for _, v := range q.v {
				if v >= 0 {
					in += set >> v & 1
				}
			}
			if in >= 2 {
				worth -= q.price
			}
		}
		if fits && set > 0 {
			each(set, worth)
		}
	}
}

func setOf(chosen []int32) int64 {
	set := int64(0)
	for _, v := range chosen {
		set |= 1 << v
	}
	return set
}

// Pricing finds the best set, enumeration every set above a threshold, a search that
// is cut short a bound; the quick search finds nothing that is not there.
func TestPricingAgainstAllSets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 2))
		s, c := random(rng)
		threshold := int64(rng.IntN(60) - 40)
		best, above, worths := threshold, map[int64]bool{}, map[int64]int64{}
		all(s, c.room, func(set, worth int64) {
			worths[set] = worth
			best = max(best, worth)
			if worth > threshold {
				above[set] = true
			}
		})
		p := pricing{sack: s, resources: len(c.room), threshold: threshold, rising: true, limit: 1 << 40}
		p.tick = func(int64) bool { return true }
		p.found = func([]int32) bool { return true }
		p.run(c.room, s.fixed, 0)
		if p.bound != best {
			t.Fatalf("the best of %d vertices is worth %d, pricing says %d", s.vertices, best, p.bound)
		}
		p.threshold, p.rising = threshold, false
		p.found = func(chosen []int32) bool {
			set := setOf(chosen)
			if _, ok := above[set]; !ok {
				t.Fatalf("enumeration has %b, which is not worth enough, or twice", set)
			}
			delete(above, set)
			return true
		}
		p.run(c.room, s.fixed, 0)
		if len(above) > 0 {
			t.Fatalf("enumeration lacks %d sets", len(above))
		}
		p.threshold, p.rising, p.limit = threshold, true, int64(rng.IntN(3000))
		p.found = func([]int32) bool { return true }
		if p.run(c.room, s.fixed, 0); p.bound < best {
			t.Fatalf("cut short, pricing claims that nothing is worth more than %d; a set is worth %d", p.bound, best)
		}
		g := greedy{sack: s, resources: len(c.room), room: c.room}
		for _, found := range g.run(s.fixed, threshold, 5) {
			worth, fits := worths[setOf(found.chosen)]
			if !fits || found.worth != worth || worth <= threshold {
				t.Fatalf("the quick search has %v at %d; %d, %v; the threshold is %d", found.chosen, found.worth, worth, fits, threshold)
			}
		}
	})
}

// What a sack says of a set is what its bundle is worth, also under rows that hold the
// nodes of a rack against the rack, and those of branches that count copies.
func TestWorthUnderSums(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
		in := randomInstance(rng)
		in.links, in.concern = in.items, make([][]bool, 2)
		node := &in.classes[0]
		node.nodes = []int32{0}
		for i := range node.link {
			node.link[i] = []int32{int32(in.items + i)}
		}
		rack := *node
		rack.wide, rack.topology = true, 1
		in.classes = append(in.classes, rack)
		d := newDecisions(in)
		for range rng.IntN(6) {
			a, b := rng.Int32N(int32(in.items)), rng.Int32N(int32(in.items))
			i, j := 1+rng.Int32N(in.copies[a]), 1+rng.Int32N(in.copies[b])
			if a == b {
				j = i
			}
			low := -min(in.copies[a]/i, in.copies[b]/j)
			d.sums = append(d.sums, &sum{class: 1, matches: true, low: low, a: taking{a, i}, b: taking{b, j}})
			d.sums = append(d.sums, randomSubset(rng, in)...)
			d.sums = append(d.sums, &sum{class: rng.Int32N(3) - 1, a: taking{a, i}, b: taking{b, j}, low: 1, top: 3})
			if a != b && in.copies[a] == 1 && in.copies[b] == 1 && rng.IntN(4) == 0 {
				d.pairs[0].join(a, b)
			}
		}
		at := point{}
		for range 2 * in.items {
			at.item = append(at.item, int64(rng.IntN(40)-20))
		}
		for range d.sums {
			at.sum = append(at.sum, 0)
		}
		m := &master{instance: in, pool: map[string]*bundle{}, sums: d.sums}
		for k := range in.classes {
			s := newSack(in, int32(k), d)
			for range 2 {
				for n := range at.sum {
					if at.sum[n] = int64(-rng.IntN(40)); d.sums[n].low > 0 {
						at.sum[n] += 20
					}
				}
				profit := s.weigh(in, &at)
				known := *s
				known.fixed = profit
				all(&known, node.room, func(set, worth int64) {
					var chosen []int32
					for v := range int32(s.vertices) {
						if set>>v&1 == 1 {
							chosen = append(chosen, v)
						}
					}
					b := m.bundle(int32(k), unpack(s, chosen))
					if cost := s.costOf(in, chosen, make([]bool, s.vertices)); cost != b.cost {
						t.Fatalf("class %d: the sack says that %v costs %d, its bundle costs %d", k, chosen, cost, b.cost)
					}
					if real := m.weigher(&at, m.sums).worth(b, math.MinInt64); real != worth {
						t.Fatalf("class %d: the sack says that %v is worth %d, its bundle is worth %d", k, chosen, worth, real)
					}
				})
				for e, w := range s.worth {
					if a, b := s.share[e], s.share[s.twin[e]]; a < 0 || b < 0 || a+b != max(w, 0) || s.worth[s.twin[e]] != w {
						t.Fatalf("class %d: an edge worth %d is divided into %d and %d", k, w, a, b)
					}
				}
			}
		}
	})
}
