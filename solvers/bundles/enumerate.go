//go:build cgo

package bundles

import (
	"math"
)

// mostBundles is how many an enumeration lists at most. Tests set it lower.
var mostBundles int64 = 1_500_000

// Limits of an enumeration; beyond them the tree branches first.
const (
	leastSteps  = 200_000_000
	fewBundles  = 100_000 // that it may list from the start on; later, one for each
	workFor     = 1000    // units of work, as it takes so long to look at them again and again
	dearer      = 4       // it may take so many times what exact pricing has taken so far
	earlySteps  = 4       // one that comes early may take so small a part of the work so far
	bundleBytes = 300     // that one takes, about
)

// again is how much smaller a gap has to be than that of an enumeration that failed.
const again = 0.7

// list is enumerate where that is likely enough to end.
func (t *tree) list() []*bundle {
	gap := t.highest()<<t.shift - t.high
	if t.skip--; t.skip >= 0 && float64(gap) > again*float64(t.failed) {
		return nil
	}
	most := int(min(mostBundles, max(fewBundles, t.worked/workFor), t.board.Spare()/bundleBytes))
	pool := t.enumerate(max(dearer*t.spent, leastSteps), most)
	if pool == nil {
		t.skipped = 2*t.skipped + 1
		t.skip, t.failed = t.skipped, gap
	}
	return pool
}

// few lists all bundles while rows are still added, where they are few: then each further
// row costs next to nothing.
func (t *tree) few() {
	gap := t.highest()<<t.shift - t.high
	if t.pool != nil || t.links == 0 || t.many > 0 && float64(gap) > again*float64(t.many) {
		return
	}
	pool := t.enumerate(t.worked/earlySteps, int(min(fewBundles, mostBundles, t.board.Spare()/bundleBytes)))
	if pool == nil {
		t.many = gap
		return
	}
	t.keep(pool)
	t.pool = pool
	t.show()
}

// enumerate lists all bundles that a wanted placement can hold: using one that is
// worth less than the best of its class raises the bound by the difference (R.
// Baldacci, N. Christofides and A. Mingozzi, An exact algorithm for the vehicle
// routing problem based on the set partitioning formulation with additional cuts,
// Mathematical Programming 115, 2008). It returns nil where there are too many, or it
// takes too many steps.
func (t *tree) enumerate(limit int64, most int) []*bundle {
	gap := t.highest()<<t.shift - t.high
	list := make([]listing, len(t.sacks))
	for k, s := range t.sacks {
		c, l := &t.classes[k], &list[k]
		p := t.prepare(s, t.tops[k]-gap-1, false, limit)
		p.found = func(vertices []int32) bool {
			l.chosen = append(l.chosen, vertices...)
			l.ends = append(l.ends, len(l.chosen))
			return len(l.ends) < most
		}
		p.run(c.room, s.weigh(t.instance, &t.best), c.open<<t.shift)
		limit -= p.steps
		most -= len(l.ends)
		if p.ended {
			return nil
		}
	}
	pool := []*bundle{} // where nothing fits, that is known
	for k, s := range t.sacks {
		pool = t.unfold(pool, s, &list[k])
	}
	t.tick(int64(200 * len(pool)))
	return pool
}

// listing is a list of sets of vertices, one behind the other.
type listing struct {
	chosen []int32
	ends   []int
}

// unfold appends the bundles of a list to a pool, those that the master knows as it knows
// them. The others take little room.
func (m *master) unfold(pool []*bundle, s *sack, l *listing) []*bundle {
	wide, words := m.classes[s.class].wide, (m.items+63)/64
	bundles, bits := make([]bundle, len(l.ends)), make([]uint64, words*len(l.ends))
	has := make([]bool, s.vertices)
	size, from := 0, 0
	for _, v := range l.chosen {
		size += len(s.items[v])
	}
	held := make([]taking, 0, size)
	var key []byte
	for n, end := range l.ends {
		chosen := l.chosen[from:end]
		from = end
		in := unpack(s, chosen)
		if key = bundleKey(key[:0], s.class, in); m.pool[string(key)] != nil {
			pool = append(pool, m.pool[string(key)])
			continue
		}
		at := len(held)
		held = append(held, in...)
		b := &bundles[n]
		*b = bundle{class: s.class, wide: wide, cost: s.costOf(m.instance, chosen, has), at: -1}
		b.in, b.bits = held[at:len(held):len(held)], bits[words*n:words*(n+1):words*(n+1)]
		for _, t := range in {
			b.bits[t.item>>6] |= 1 << (uint(t.item) & 63)
		}
		pool = append(pool, b)
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
	t.tick(weigher.steps)
	return kept
}
