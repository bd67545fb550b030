//go:build cgo

package bundles

import (
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// random draws a sack with clashes, edges of both signs and chains of copies.
func random(rng *rand.Rand) (*sack, *class) {
	items, resources := 1+rng.IntN(8), 1+rng.IntN(2)
	in := &instance{items: items, resources: resources, concern: make([][]bool, 1)}
	c := class{count: 1, link: make([][]int32, items), cost: make([][]int64, items)}
	for range resources {
		c.room = append(c.room, int64(rng.IntN(30)))
	}
	for i := range items {
		in.copies = append(in.copies, 1+int32(rng.IntN(2)))
		c.most = append(c.most, in.copies[i])
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
				c.ties = append(c.ties, tie{a, b, 1 + rng.Int32N(in.copies[a]), 1 + rng.Int32N(in.copies[b]), int64(rng.IntN(30) - 6)})
			case 2:
				if rng.IntN(3) == 0 {
					c.clash = append(c.clash, [2]int32{a, b})
				}
			}
		}
	}
	in.classes = []class{c}
	return newSack(in, 0, newDecisions(in)), &in.classes[0]
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
		var from []*bundle
		for range 2 {
			g := greedy{sack: s, resources: len(c.room), room: c.room}
			for _, found := range g.run(from, s.fixed, threshold, 5) {
				worth, fits := worths[setOf(found.chosen)]
				if !fits || found.worth != worth || worth <= threshold {
					t.Fatalf("the quick search has %v at %d; %d, %v; the threshold is %d", found.chosen, found.worth, worth, fits, threshold)
				}
			}
			from = from[:0]
			for i := range int32(len(c.cost)) {
				from = append(from, &bundle{in: []taking{{i, 2}, {(i + 1) % int32(len(c.cost)), 1}}})
			}
		}
	})
}
