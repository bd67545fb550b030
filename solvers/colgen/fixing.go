package colgen

import "slices"

// Fixing. For every pair of item and node the knapsack says by how much the node's
// part of the bound rises when the pair changes sides: the item comes in, or goes
// out. An item with one copy that moves to node j leaves all other nodes that took
// it, so the bound rises by all their penalties together. A pair whose rise passes
// the cutoff is closed; where every node of an item does, nothing is left here.

// penalties prices the pairs of node j, whose knapsack was just solved, up to a
// rise of gap; what is more becomes gap+1.
func (e *engine) penalties(j int, gap int64) {
	k, s, row := &e.knapsack, &e.sacks[j], j*e.items
	gap = min(gap, 1<<59>>k.fine)
	base := int64(0) // what the best set loses; with no proof, at least nothing
	if k.steps > 0 {
		base = k.best
	}
	shut := int64(0) // what opening the node costs beyond what it gains
	closed := e.price[j] > 0 && len(s.in) == 0 && !e.opened[j]
	if closed {
		shut = max(e.price[j]-(k.top-base)>>k.fine, 0)
	}
	limit := base + (gap+1)<<k.fine
	e.star = append(e.star[:0], k.chosen...)
	e.flip = slices.Grow(e.flip[:0], len(k.entries))[:len(k.entries)]
	for t := range e.flip {
		e.flip[t] = limit
	}
	k.meet = func(loss int64) {
		for t, n := range k.taken {
			if n > 0 != (e.star[t] > 0) {
				e.flip[t] = min(e.flip[t], loss)
			}
		}
	}
	for t := range k.entries {
		e.hold(t)
		rise := max((e.flip[t]-base)>>k.fine, 0)
		pair := row + int(k.entries[t].item)
		switch {
		case closed && e.star[t] > 0:
			rise = shut
		case closed:
			rise += shut
		case e.star[t] > 0 && e.price[j] > 0 && !e.opened[j]:
			rise = min(rise, max(s.bound, 0))
		}
		e.penalty[pair] = min(rise, gap+1)
	}
	k.held = -1
	for _, i := range e.listed[j] {
		pair := row + int(i)
		if e.hi[pair] == 0 || e.least(pair) > 0 {
			continue
		}
		if e.isBarred(j, i) {
			e.penalty[pair] = gap + 1
			continue
		}
		if e.profit[i] > 0 {
			continue
		}
		e.penalty[pair] = min(e.join(pair, i, base, limit)+shut, gap+1)
	}
	k.meet = nil
}

// hold finds the least loss of a set that has entry t on its other side, as far as
// it is below what flip[t] says.
func (e *engine) hold(t int) {
	k := &e.knapsack
	x := &k.entries[t]
	least := int64(0) // by the prices alone
	k.held, k.low, k.high = t, 0, 0
	if e.star[t] == 0 {
		k.low, k.high = 1, int(x.copies)
		least = max(-x.rest, 0)
	} else if x.clique < 0 {
		least = max(x.worth(), 0)
	}
	if least >= e.flip[t] {
		return
	}
	if !k.solve(0, e.flip[t], holdSteps) {
		e.flip[t] = least
	}
}

// join returns the rise for an item that does not pay and has to be in.
func (e *engine) join(pair int, i int32, base, limit int64) int64 {
	k := &e.knapsack
	needs := e.needs(pair)
	loss := -e.profit[i]
	if loss > (limit-base)>>k.fine {
		return loss
	}
	loss <<= k.fine
	for r, need := range needs {
		if need > k.left[r] {
			return (limit - base) >> k.fine
		}
		loss += k.price[r] * need
	}
	if loss >= limit {
		return (limit - base) >> k.fine
	}
	least := loss
	for r, need := range needs {
		k.left[r] -= need
	}
	k.block(i, 1)
	if k.solve(loss, limit, holdSteps) {
		least = k.best
	}
	k.block(i, -1)
	for r, need := range needs {
		k.left[r] += need
	}
	return max((least-base)>>k.fine, 0)
}

// maxFixings bounds the rounds of fixing at one point.
const maxFixings = 4

// fix closes pairs that would pass the cutoff, at the present point, and evaluates
// it. It returns true when nothing below the cutoff is left here.
func (e *engine) fix() (done bool) {
	for range maxFixings {
		if e.failed {
			return true
		}
		before := len(e.trail)
		if !e.evaluate() {
			return false
		}
		if e.value > e.cutoff {
			return true
		}
		if !e.priceAll() {
			return false
		}
		rise := e.closePairs()
		if e.failed || e.value+rise > e.cutoff {
			return true
		}
		if len(e.trail) == before {
			break
		}
	}
	return false
}

// priceAll computes all penalties at the present point. It returns false where the
// run has to stop.
func (e *engine) priceAll() bool {
	gap := e.cutoff - e.value
	for j := range e.sacks {
		e.solve(j)
		e.penalties(j, gap)
		if !e.tick(0) {
			return false
		}
	}
	return true
}

// closePairs closes what the penalties rule out. It returns by how much the bound
// rises whatever the item that is worst off does.
func (e *engine) closePairs() (rise int64) {
	gap := e.cutoff - e.value
	e.leaving()
	for i := range e.items {
		if e.tight(int32(i)) {
			continue
		}
		least := int64(infeasible)
		for j := range e.nodes {
			pair := j*e.items + i
			if e.hi[pair] == 0 {
				continue
			}
			r := e.rise(pair)
			if r > gap && e.least(pair) == 0 {
				e.limit(pair, 0)
			}
			least = min(least, r)
		}
		if e.copies[i] == 1 {
			rise = max(rise, least)
		}
	}
	e.tally += int64(len(e.hi)) / 2
	return rise
}

// leaving sums up, by item, the penalties of the nodes that took it, and marks
// those pairs.
func (e *engine) leaving() {
	e.leave = append(e.leave[:0], make([]int64, e.items)...)
	e.isIn = append(e.isIn[:0], make([]bool, len(e.hi))...)
	for j := range e.sacks {
		for _, t := range e.sacks[j].in {
			pair := j*e.items + int(t.item)
			e.isIn[pair] = true
			if e.copies[t.item] == 1 && !e.tight(t.item) {
				e.leave[t.item] += e.penalty[pair]
			}
		}
	}
}

// rise returns by how much the bound rises at least where a copy of the pair's item
// is on the pair's node.
func (e *engine) rise(pair int) int64 {
	i := pair % e.items
	switch {
	case e.copies[i] == 1 && e.isIn[pair]:
		return e.leave[i] - e.penalty[pair]
	case e.copies[i] == 1:
		return e.leave[i] + e.penalty[pair]
	case e.isIn[pair]:
		return 0
	}
	return e.penalty[pair]
}
