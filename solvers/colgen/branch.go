//go:build cgo

package colgen

import "math"

// branching is what is decided in a node of the tree: an item of one copy pays at
// most level, or more; or, where pair ≥ 0, at most so many copies are there, or more.
type branching struct {
	item   int
	level  int64
	pair   int
	copies int32
	below  float64 // how likely the first side is
}

var noBranching = branching{item: -1}

// sides lists the sides, the likelier first: true is "at most".
func (b *branching) sides() [2]bool {
	if b.below >= 0.5 {
		return [2]bool{true, false}
	}
	return [2]bool{false, true}
}

// take decides for a side.
func (b *branching) take(e *engine, side bool) {
	switch {
	case b.pair >= 0 && side:
		e.limit(b.pair, b.copies)
		return
	case b.pair >= 0:
		e.require(b.pair, b.copies+1)
		return
	}
	for pair := b.item; pair < len(e.hi); pair += e.items {
		if e.cost[pair] <= b.level != side {
			e.limit(pair, 0)
		}
	}
}

// branch chooses by how much both sides raise the bound, by the penalties of the
// last fixing. It returns no branching where everything is decided.
func (t *tree) branch() branching {
	best, single, some := noBranching, noBranching, noBranching
	most, farthest := 0.0, 0.0
	for pair, hi := range t.hi {
		i := pair % t.items
		if hi == t.least(pair) {
			continue
		}
		some = branching{item: i, pair: pair, copies: t.least(pair)}
		floor := math.Floor(t.x[pair] + wholeAt)
		part := t.x[pair] - floor
		if part <= wholeAt || int32(floor) < t.least(pair) || int32(floor) >= hi {
			continue
		}
		if inner := min(part, 1-part); inner > farthest {
			farthest = inner
			single = branching{item: i, pair: pair, copies: int32(floor), below: 1 - part}
		}
		if t.copies[i] == 1 {
			b := branching{item: i, pair: -1, level: t.cost[pair]}
			if score := t.score(&b); score > most {
				most, best = score, b
			}
		}
	}
	switch {
	case best.item >= 0:
		return best
	case single.item >= 0:
		return single
	}
	return some
}

// score is the product of what both sides of a level gain, and of how fractional it
// is; 0 where the level is integral.
func (t *tree) score(b *branching) float64 {
	low, high := t.cutoff-t.value, t.cutoff-t.value
	for pair := b.item; pair < len(t.hi); pair += t.items {
		switch {
		case t.hi[pair] == 0:
		case t.cost[pair] <= b.level:
			b.below += t.x[pair]
			low = min(low, t.rise(pair))
		default:
			high = min(high, t.rise(pair))
		}
	}
	if b.below < wholeAt || b.below > 1-wholeAt {
		return 0
	}
	some := t.unit() / 10
	return (float64(low) + some) * (float64(high) + some) * b.below * (1 - b.below)
}
