//go:build cgo

package bundles

// Limits of an enumeration; beyond them the tree branches first.
const (
	mostBundles = 100_000
	leastSteps  = 200_000_000
	dearer      = 4 // it may take so many times what exact pricing has taken so far
)

// enumerate lists all bundles that a wanted placement can hold: using one that is
// worth less than the best of its class raises the bound by the difference (R.
// Baldacci, N. Christofides and A. Mingozzi, An exact algorithm for the vehicle
// routing problem based on the set partitioning formulation with additional cuts,
// Mathematical Programming 115, 2008). It returns nil where there are too many.
func (t *tree) enumerate() []*bundle {
	gap := t.highest()<<t.shift - t.high
	type listed struct {
		class int
		from  int // in chosen
	}
	var list []listed
	var chosen []int32
	limit := max(dearer*t.spent, leastSteps)
	for k, s := range t.sacks {
		c := &t.classes[k]
		p := t.prepare(s, t.tops[k]-gap-1, false, limit)
		p.found = func(vertices []int32) bool {
			list, chosen = append(list, listed{k, len(chosen)}), append(chosen, vertices...)
			return len(list) < mostBundles
		}
		p.run(c.room, s.weigh(t.instance, &t.best), c.open<<t.shift)
		limit -= p.steps
		if p.ended {
			return nil
		}
	}
	pool := make([]*bundle, len(list))
	for n, l := range list {
		to := len(chosen)
		if n+1 < len(list) {
			to = list[n+1].from
		}
		pool[n] = t.bundle(int32(l.class), unpack(t.sacks[l.class], chosen[l.from:to]))
	}
	return pool
}

// thin drops the bundles of the pool that no wanted placement of the node holds.
func (t *tree) thin() {
	kept := make([]*bundle, 0, len(t.pool))
	for _, b := range t.pool {
		if t.wanted(b) {
			kept = append(kept, b)
		}
	}
	t.tick(int64(30 * len(t.pool)))
	t.pool = kept
}
