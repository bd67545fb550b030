//go:build cgo

package bundles

import (
	"math"
)

// Limits of an enumeration; beyond them the tree branches first.
const (
	mostBundles = 1_500_000
	leastSteps  = 200_000_000
	dearer      = 4   // it may take so many times what exact pricing has taken so far
	bundleBytes = 300 // that one takes, about
)

// again is how much smaller a gap has to be than that of an enumeration that failed.
const again = 0.7

// list is enumerate where that is likely enough to end.
func (t *tree) list() []*bundle {
	gap := t.highest()<<t.shift - t.high
	if t.skip--; t.skip >= 0 && float64(gap) > again*float64(t.failed) {
		return nil
	}
	pool := t.enumerate()
	if pool == nil {
		t.skipped = 2*t.skipped + 1
		t.skip, t.failed = t.skipped, gap
	}
	return pool
}

// enumerate lists all bundles that a wanted placement can hold: using one that is
// worth less than the best of its class raises the bound by the difference (R.
// Baldacci, N. Christofides and A. Mingozzi, An exact algorithm for the vehicle
// routing problem based on the set partitioning formulation with additional cuts,
// Mathematical Programming 115, 2008). It returns nil where there are too many.
func (t *tree) enumerate() []*bundle {
	gap := t.highest()<<t.shift - t.high
	var l listing
	limit, most := max(dearer*t.spent, leastSteps), int(min(mostBundles, t.board.Spare()/bundleBytes))
	for k, s := range t.sacks {
		c := &t.classes[k]
		p := t.prepare(s, t.tops[k]-gap-1, false, limit)
		in := make([]bool, s.vertices)
		p.found = func(vertices []int32) bool {
			l.add(t.instance, s, vertices, in)
			return len(l.bundles) < most
		}
		p.run(c.room, s.weigh(t.instance, &t.best), c.open<<t.shift)
		limit -= p.steps
		if p.ended {
			return nil
		}
	}
	t.tick(int64(200 * len(l.bundles)))
	return l.pool(t.master)
}

// listing is a list of bundles that takes little room while it grows.
type listing struct {
	bundles []bundle // without what they hold
	ends    []int    // in held
	held    []taking
}

// add adds the bundle of chosen vertices of a sack. in is false of all vertices.
func (l *listing) add(in *instance, s *sack, chosen []int32, has []bool) {
	c := &in.classes[s.class]
	l.bundles = append(l.bundles, bundle{class: s.class, wide: c.wide, cost: s.costOf(in, chosen, has), at: -1})
	l.held = append(l.held, unpack(s, chosen)...)
	l.ends = append(l.ends, len(l.held))
}

// pool returns the bundles, those that the master knows as it knows them.
func (l *listing) pool(m *master) []*bundle {
	words := (m.items + 63) / 64
	bits := make([]uint64, words*len(l.bundles))
	pool := make([]*bundle, len(l.bundles))
	var key []byte
	from := 0
	for n := range l.bundles {
		b := &l.bundles[n]
		b.in, from = l.held[from:l.ends[n]:l.ends[n]], l.ends[n]
		if key = bundleKey(key[:0], b.class, b.in); m.pool[string(key)] != nil {
			pool[n] = m.pool[string(key)]
			continue
		}
		b.bits = bits[words*n : words*(n+1) : words*(n+1)]
		for _, t := range b.in {
			b.bits[t.item>>6] |= 1 << (uint(t.item) & 63)
		}
		pool[n] = b
	}
	return pool
}

// costOf is what the bundle of chosen vertices costs, in steps. has is false of all
// vertices.
func (s *sack) costOf(in *instance, chosen []int32, has []bool) int64 {
	worth := int64(0)
	for _, v := range chosen {
		worth += s.fixed[v]
		for e := s.start[v]; e < s.start[v+1]; e++ {
			if has[s.to[e]] {
				worth += s.own[e]
			}
		}
		has[v] = true
	}
	for _, v := range chosen {
		has[v] = false
	}
	return in.classes[s.class].open - worth>>in.shift
}

// sieve returns those of some bundles that a wanted placement of the node may hold:
// they keep the decisions, and using one that is worth less than the best of its class
// raises the bound by the difference.
func (t *tree) sieve(list []*bundle) []*bundle {
	t.tick(int64(30 * len(list)))
	kept, rules := make([]*bundle, 0, len(list)), t.decided.rules()
	if t.high == math.MinInt64 {
		for _, b := range list {
			if rules.allow(&t.classes[b.class], b) {
				kept = append(kept, b)
			}
		}
		return kept
	}
	weigher, gap := t.weigher(&t.best, t.decided.sums), t.highest()<<t.shift-t.high
	for _, b := range list {
		enough := t.tops[b.class] - gap - 1
		if weigher.worth(b, enough) > enough && rules.allow(&t.classes[b.class], b) {
			kept = append(kept, b)
		}
	}
	return kept
}
