//go:build cgo

package colgen

import "math"

// branching is what is decided in a node of the tree. Its two sides are: more than copies of the
// item's copies pay at most level, or no more than that; where pair ≥ 0, at most copies are at the
// pair, or more; where node ≥ 0, the node is not used, or it is paid for.
type branching struct {
	node    int
	item    int
	level   int64
	pair    int
	copies  int32
	below   float64 // how likely the first side is
	changed []restriction
}

// restriction is the right side that a cut had before a branching.
type restriction struct {
	cut   *cut
	right int64
}

var noBranching = branching{item: -1, node: -1}

// sides lists the sides, the likelier first.
func (b *branching) sides() [2]bool {
	if b.below >= 0.5 {
		return [2]bool{true, false}
	}
	return [2]bool{false, true}
}

// whole says whether all is on one side already.
func (b *branching) whole() bool { return b.below == 0 || b.below == 1 }

// take decides for a side. Where that leaves several copies on both sides of a
// level, it takes a row.
func (t *tree) take(b *branching, side bool) {
	switch {
	case b.node >= 0 && side:
		for k := b.node * t.items; k < (b.node+1)*t.items; k++ {
			t.limit(k, 0)
		}
		return
	case b.node >= 0:
		t.opened[b.node] = true
		return
	case b.pair >= 0 && side:
		t.limit(b.pair, b.copies)
		return
	case b.pair >= 0:
		t.require(b.pair, b.copies+1)
		return
	}
	within, beyond := b.copies, t.copies[b.item]
	if side {
		within, beyond = t.copies[b.item], t.copies[b.item]-b.copies-1
	}
	for pair := b.item; pair < len(t.hi); pair += t.items {
		if t.cost[pair] <= b.level {
			t.limit(pair, within)
		} else {
			t.limit(pair, beyond)
		}
	}
	switch {
	case side && beyond > 0:
		t.restrict(b, -1, -int64(b.copies)-1)
	case !side && within > 0:
		t.restrict(b, 1, int64(within))
	}
}

// restrict lowers the right side of the row of a level: factor times the copies
// that pay no more.
func (t *tree) restrict(b *branching, factor, right int64) {
	key := levelRow{b.item, b.level, factor}
	c := t.levels[key]
	if c == nil {
		c = t.levelCut(key)
		t.levels[key] = c
		t.keep(c, 0)
		if t.failure = t.grow(); t.failure != nil {
			t.stopped = true
			return
		}
	}
	if right < c.right {
		b.changed = append(b.changed, restriction{c, c.right})
		t.setRight(c, right)
	}
}

// release takes back what a side did beside the domains.
func (t *tree) release(b *branching) {
	if b.node >= 0 {
		t.opened[b.node] = false
	}
	for _, r := range b.changed {
		t.setRight(r.cut, r.right)
	}
	b.changed = b.changed[:0]
}

// restricted says whether rows rule a side out already: then the values are those of
// an older program.
func (t *tree) restricted(b *branching) bool {
	most, least := t.levels[levelRow{b.item, b.level, 1}], t.levels[levelRow{b.item, b.level, -1}]
	return most != nil && most.right <= int64(b.copies) || least != nil && least.right < -int64(b.copies)
}

// levelRow says which copies a row counts: those of an item that pay at most level.
type levelRow struct {
	item   int
	level  int64
	factor int64 // 1: at most so many; −1: at least
}

// levelCut makes the row of a level. It restricts nothing to begin with.
func (t *tree) levelCut(key levelRow) *cut {
	c := &cut{
		group: &group{}, items: []int32{int32(key.item)}, factor: []int64{key.factor}, norm: 1,
		dense: make([]int64, t.items),
	}
	c.dense[key.item] = key.factor
	if key.factor > 0 {
		c.right = int64(t.copies[key.item])
	}
	for j := range t.nodes {
		if k := j*t.items + key.item; t.most[k] > 0 && t.cost[k] <= key.level {
			c.group.nodes = append(c.group.nodes, int32(j))
		}
	}
	return c
}

// branch chooses by how much both sides raise the bound: by the penalties of the last
// fixing at least, and by what such branchings have gained so far. Where no level is in
// parts, one that is whole by chance is decided before any single pair: while one item
// may yet pay more, that others do not fit together costs nothing. Of pairs, what is in
// parts counts, how much the item takes, and that it has few nodes left (R.M. Haralick and
// G.L. Elliott, Increasing tree search efficiency for constraint satisfaction problems,
// Artificial Intelligence 14, 1980). It returns no branching where everything is decided.
func (t *tree) branch() branching {
	if b := t.branchOnUse(); b.node >= 0 {
		return b
	}
	best, single, some := noBranching, noBranching, noBranching
	most, hardest := 0.0, -1.0
	for pair, hi := range t.hi {
		i := pair % t.items
		if hi == t.least(pair) {
			continue
		}
		some = branching{item: i, node: -1, pair: pair, copies: t.least(pair)}
		floor := math.Floor(t.x[pair] + wholeAt)
		part := t.x[pair] - floor
		if part <= wholeAt || int32(floor) < t.least(pair) || int32(floor) >= hi {
			continue
		}
		if hard := t.hardness(pair, min(part, 1-part)); hard > hardest {
			hardest = hard
			single = branching{item: i, node: -1, pair: pair, copies: int32(floor), below: 1 - part}
		}
		b := branching{item: i, node: -1, pair: -1, level: t.cost[pair]}
		if score := t.score(&b); score > most {
			most, best = score, b
		}
	}
	switch {
	case best.item >= 0:
		return best
	case single.item < 0:
		return some
	}
	if whole := t.branchOnWhole(); whole.item >= 0 {
		return whole
	}
	return single
}

// branchOnWhole chooses the level that is least decided.
func (t *tree) branchOnWhole() branching {
	best, least := noBranching, int64(math.MaxInt64)
	for pair, hi := range t.hi {
		if hi == t.least(pair) {
			continue
		}
		if b, rise := t.undecided(pair%t.items, t.cost[pair]); rise < least {
			best, least = b, rise
		}
	}
	return best
}

// undecided returns the branching on a level that is whole, with by how much the bound rises on the
// side where it changes; that is the largest number where the level is in parts or decided.
func (t *tree) undecided(i int, level int64) (b branching, rise int64) {
	v := t.view(i, level)
	n := math.Round(v.copies)
	if math.Abs(v.copies-n) > wholeAt {
		return noBranching, math.MaxInt64
	}
	more := branching{item: i, node: -1, pair: -1, level: level, copies: int32(n)}
	if v.within > more.copies && more.copies < t.copies[i] && !t.restricted(&more) {
		return more, v.below
	}
	fewer := branching{item: i, node: -1, pair: -1, level: level, copies: int32(n) - 1, below: 1}
	if more.copies > 0 && v.beyond > t.copies[i]-more.copies && !t.restricted(&fewer) {
		return fewer, v.above
	}
	return noBranching, math.MaxInt64
}

// view is how an item stands to a level: the copies of the last solution that pay no more, how many
// may yet pay no more and how many more, and by how much the bound rises at least for one of these.
type view struct {
	copies         float64
	within, beyond int32
	below, above   int64
}

func (t *tree) view(i int, level int64) view {
	v := view{below: math.MaxInt64, above: math.MaxInt64}
	for pair := i; pair < len(t.hi); pair += t.items {
		switch {
		case t.hi[pair] == 0:
		case t.cost[pair] <= level:
			v.copies += t.x[pair]
			v.within += t.hi[pair]
			v.below = min(v.below, t.rise(pair))
		default:
			v.beyond += t.hi[pair]
			v.above = min(v.above, t.rise(pair))
		}
	}
	return v
}

// hardness says how much speaks for branching on a pair that is in parts.
func (t *tree) hardness(pair int, part float64) float64 {
	size, nodes := 0.0, 0
	for r := range t.resources {
		size += t.part[pair*t.resources+r]
	}
	for k := pair % t.items; k < len(t.hi); k += t.items {
		if t.hi[k] > t.least(k) {
			nodes++
		}
	}
	return part * size / float64(nodes)
}

// branchOnUse chooses a node with a price that is used in part: the one for which
// most is at stake.
func (t *tree) branchOnUse() branching {
	best, most := noBranching, 0.0
	for j, open := range t.open {
		used := t.used[j]
		if open == 0 || t.opened[j] || used <= wholeAt || used >= 1-wholeAt {
			continue
		}
		any, decided := false, false
		for k := j * t.items; k < (j+1)*t.items; k++ {
			any, decided = any || t.hi[k] > 0, decided || t.least(k) > 0
		}
		if stake := float64(open) * min(used, 1-used); any && !decided && stake > most {
			most, best = stake, branching{item: 0, pair: -1, node: j, below: 1 - used}
		}
	}
	return best
}

// score is the product of what both sides of a level may gain; 0 where the level is
// integral.
func (t *tree) score(b *branching) float64 {
	const some = 0.1 // of a step, so that no factor is 0
	v, gap := t.view(b.item, b.level), t.cutoff-t.value
	floor := math.Floor(v.copies + wholeAt)
	b.copies, b.below = int32(floor), v.copies-floor
	if b.below < wholeAt || b.below > 1-wholeAt || v.beyond == 0 || t.restricted(b) {
		return 0
	}
	low, high := min(v.below, gap), min(v.above, gap)
	within, beyond := t.gains.expect(b)
	return (max(float64(low)/t.unit(), within) + some) * (max(float64(high)/t.unit(), beyond) + some)
}
