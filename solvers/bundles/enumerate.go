//go:build cgo

package bundles

// Limits of an enumeration; beyond them the tree branches first.
const (
	mostBundles = 300_000
	mostSteps   = 20_000_000_000
)

// enumerate lists all bundles that a wanted placement can hold: using one that is
// worth less than the best of its class raises the bound by the difference (R.
// Baldacci, N. Christofides and A. Mingozzi, An exact algorithm for the vehicle
// routing problem based on the set partitioning formulation with additional cuts,
// Mathematical Programming 115, 2008). It returns nil where there are too many.
func (t *tree) enumerate() []*bundle {
	gap := t.highest()<<t.shift - t.high
	pool := []*bundle{}
	limit := int64(mostSteps)
	for k, s := range t.sacks {
		c := &t.classes[k]
		p := t.prepare(s, t.tops[k]-gap-1, false, limit)
		p.found = func(chosen []int32, _ int64) bool {
			pool = append(pool, t.bundle(int32(k), unpack(s, chosen)))
			return len(pool) < mostBundles
		}
		p.run(c.room, t.profits(s, &t.best), c.open<<t.shift)
		limit -= p.steps
		if p.ended {
			return nil
		}
	}
	return pool
}

// thin drops the bundles of the pool that no wanted placement of the node holds.
func (t *tree) thin() {
	gap := t.highest()<<t.shift - t.high
	kept := make([]*bundle, 0, len(t.pool))
	for _, b := range t.pool {
		if t.worth(b, &t.best) >= t.tops[b.class]-gap {
			kept = append(kept, b)
		}
	}
	t.tick(int64(30 * len(t.pool)))
	t.pool = kept
}
