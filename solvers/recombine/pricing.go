//go:build cgo

package recombine

import (
	"math"
	"slices"

	"berth/model"
)

// Pricing: contents of a node that the master would use if it had them, found by an
// annealing of that one node. With multipliers of the master's rows, contents are worth
//
//	what they save + Σ multipliers of their copies + price of a move · replicas that stay
//
// and pay where that is more than what the master pays for their class. A step takes
// copies of an item in, so many as its partner there can use or another number, and
// others out until all fit; or takes some out.

// sack is the pricing of a class: by item, what copies of it are worth there.
type sack struct {
	*pool
	items  []int32     // that may come in,
	wanted []int32     // and those of them that are worth it by themselves
	limit  []int32     // by item: copies that may
	own    [][]float64 // by item and number of copies: worth by themselves
	need   [][]int64   // by item: what a copy takes

	unit    float64 // of worth, in units of cost
	in      []int32 // by item: copies
	share   []int64 // by item: the share that they are
	present []int32 // items that are in
	slot    []int32 // by item: where it is there
	left    []int64 // room, by resource
	worth   float64 // of what is in
	trail   []part  // of a step: items with the copies they had
	nearby  float64 // contents that are worth more are kept in beside
	beside  [][]part
	met     int // so many came
}

const (
	mostBeside = 64  // contents that an annealing keeps beside the best
	mostOut    = 8   // items that may leave in a step
	stepWork   = 150 // units of work of a step, and
	enterWork  = 10  // of taking up a class, by copy
)

func newSack(o *pool) *sack {
	n := len(o.problem.Items)
	return &sack{
		pool: o, nearby: math.Inf(1), limit: make([]int32, n), own: make([][]float64, n), need: make([][]int64, n),
		in: make([]int32, n), share: make([]int64, n), slot: make([]int32, n),
	}
}

// enter makes the sack that of a class, with the multiplier of each item, that of a
// replica that stays, and what a unit of cost is worth.
func (s *sack) enter(class int32, items []int32, multiplier []float64, stay, unit float64) {
	p := s.problem
	j := s.node[class]
	capacity := p.Capacity[int(j)*len(p.Resources):][:len(p.Resources)]
	s.unit = unit
	s.items, s.wanted, s.left = s.items[:0], s.wanted[:0], append(s.left[:0], capacity...)
	for _, i := range items {
		s.need[i] = p.Demands[p.Items[i].Demand].On(j)
		if s.limit[i] = s.fitting(i, j, min(s.most(i, j), s.copies[i])); s.limit[i] == 0 {
			continue
		}
		s.items = append(s.items, i)
		s.own[i] = s.alone(s.own[i][:0], i, j, multiplier[i], stay)
		if s.own[i][1] > 0 {
			s.wanted = append(s.wanted, i)
		}
	}
	s.worth = -float64(p.Open[j]) / unit
	for _, i := range s.present {
		s.in[i], s.share[i] = 0, 0
	}
	s.present = s.present[:0]
}

// alone appends what 0, 1, … copies of an item are worth by themselves on a node.
func (s *sack) alone(own []float64, i, j int32, multiplier, stay float64) []float64 {
	p := s.problem
	it := &p.Items[i]
	each := p.Costs[it.Cost].At(j)
	if it.Unplaced != model.NoLimit {
		each -= it.Unplaced
	}
	first := len(own)
	for n := range s.limit[i] + 1 {
		own = append(own, float64(n)*(multiplier-float64(each)/s.unit))
	}
	bonus := func(upto int32, worth float64) {
		for n := range s.limit[i] + 1 {
			own[first+int(n)] += float64(min(n, upto)) * worth
		}
	}
	for _, r := range p.Rebates[it.Rebates.From:it.Rebates.To] {
		if r.Node == j {
			bonus(r.Upto, float64(r.Amount)/s.unit)
		}
	}
	for _, r := range p.Runs[it.Runs.From:it.Runs.To] {
		if r.Node == j {
			bonus(r.Upto, float64(r.Replicas)*stay)
		}
	}
	return own
}

// set changes the number of copies of an item that are in to n, whether they fit or not.
func (s *sack) set(i, n int32) {
	before := s.in[i]
	if n == before {
		return
	}
	s.trail = append(s.trail, part{i, before})
	s.worth += s.own[i][n] - s.own[i][before]
	count := s.problem.Items[i].Count
	old, share := s.share[i], s.problem.Share(n, count, n, count)
	kept := int64(0)
	for _, l := range s.links[i] {
		if other := s.share[l.item]; other > 0 {
			kept += l.price * (min(share, other) - min(old, other))
		}
	}
	s.worth += float64(kept) * float64(s.whole) / s.unit
	for r, need := range s.need[i] {
		s.left[r] -= int64(n-before) * need
	}
	s.in[i], s.share[i] = n, share
	switch {
	case before == 0:
		s.slot[i] = int32(len(s.present))
		s.present = append(s.present, i)
	case n == 0:
		last := s.present[len(s.present)-1]
		s.present[s.slot[i]], s.slot[last] = last, s.slot[i]
		s.present = s.present[:len(s.present)-1]
	}
}

// anneal improves contents, and returns the best that it met.
func (s *sack) anneal(from []part, steps int, hot, cold float64) (best []part) {
	s.beside, s.met = nil, 0
	s.restore(from)
	for s.trail = s.trail[:0]; !s.fit(); {
		s.trail = s.trail[:0]
	}
	if len(s.items) == 0 {
		return nil
	}
	most := math.Inf(-1)
	heat, cooling := hot, math.Pow(cold/hot, 1/float64(steps))
	for range steps {
		s.step(float64(heat * s.rng.ExpFloat64()))
		heat *= cooling
		if s.worth > most {
			most = s.worth
			best = s.contents(best[:0])
		}
		if s.worth > s.nearby && len(s.trail) > 0 {
			s.keepBeside()
		}
	}
	return best
}

// keepBeside keeps what is in as one of mostBeside contents: all that it was called for have the
// same chance to be among them (reservoir sampling).
func (s *sack) keepBeside() {
	s.met++
	if len(s.beside) < mostBeside {
		s.beside = append(s.beside, s.contents(nil))
	} else if k := s.rng.IntN(s.met); k < mostBeside {
		s.beside[k] = s.contents(s.beside[k][:0])
	}
}

// restore takes everything out and puts these contents in, of each item as many as may be there.
func (s *sack) restore(in []part) {
	for len(s.present) > 0 {
		s.set(s.present[0], 0)
	}
	for _, t := range in {
		s.set(t.item, min(t.n, s.limit[t.item]))
	}
}

func (s *sack) contents(in []part) []part {
	for _, i := range s.present {
		in = append(in, part{i, s.in[i]})
	}
	slices.SortFunc(in, func(a, b part) int { return int(a.item) - int(b.item) })
	return in
}

// step makes a step that loses no more than a limit, or none.
func (s *sack) step(limit float64) {
	before := s.worth
	s.trail = s.trail[:0]
	i := s.draw()
	chance := s.rng.Uint32()
	if n := s.in[i]; n == s.limit[i] || n > 0 && chance&1 == 0 {
		s.set(i, n-s.some(n, chance>>1))
	} else {
		s.takeIn(i, chance>>1)
	}
	if !s.fit() || s.worth < before-limit {
		for k := len(s.trail) - 1; k >= 0; k-- {
			s.set(s.trail[k].item, s.trail[k].n)
		}
		s.trail = s.trail[:0]
	}
}

// some draws a number up to n: 1, n or any.
func (s *sack) some(n int32, chance uint32) int32 {
	switch chance & 3 {
	case 0, 1:
		return 1
	case 2:
		return n
	}
	return 1 + s.rng.Int32N(n)
}

// draw picks an item: one that is worth it by itself, one that is in, a partner of such a
// one, or any.
func (s *sack) draw() int32 {
	kind := s.rng.Uint32() & 7
	if kind < 2 && len(s.wanted) > 0 {
		return s.wanted[s.rng.IntN(len(s.wanted))]
	}
	if len(s.present) == 0 || kind == 2 {
		return s.items[s.rng.IntN(len(s.items))]
	}
	i := s.present[s.rng.IntN(len(s.present))]
	if links := s.links[i]; kind < 6 && len(links) > 0 {
		if other := links[s.rng.IntN(len(links))].item; s.limit[other] > 0 {
			return other
		}
	}
	return i
}

// takeIn takes copies of an item in, perhaps with as large a share of a partner.
func (s *sack) takeIn(i int32, chance uint32) {
	links := s.links[i]
	var other int32 = -1
	if len(links) > 0 {
		if other = links[s.rng.IntN(len(links))].item; s.limit[other] == 0 {
			other = -1
		}
	}
	n := s.in[i]
	if other >= 0 && s.in[other] > 0 && chance&3 == 0 {
		s.level(i, other)
	}
	if s.in[i] == n {
		s.set(i, n+s.some(s.limit[i]-n, chance>>2))
	}
	if other >= 0 && chance&16 == 0 {
		s.level(other, i)
	}
}

// level brings the share of an item up to that of another.
func (s *sack) level(i, other int32) {
	count, whole := int64(s.problem.Items[i].Count), int64(s.problem.Items[other].Count)
	n := int32((int64(s.in[other])*count + whole - 1) / whole)
	s.set(i, max(s.in[i], min(n, s.limit[i])))
}

// fit takes out what the step did not touch until there is room, and says whether it
// succeeded.
func (s *sack) fit() bool {
	touched := len(s.trail)
	for _, t := range s.trail[:touched] {
		if s.in[t.item] > t.n && !s.part(t.item) {
			return false
		}
	}
	for range mostOut {
		short := slices.IndexFunc(s.left, func(left int64) bool { return left < 0 })
		if short < 0 {
			return true
		}
		i := s.present[s.rng.IntN(len(s.present))]
		need := s.need[i][short]
		if need == 0 || s.inStep(i, touched) {
			continue
		}
		s.set(i, s.in[i]-int32(min((-s.left[short]+need-1)/need, int64(s.in[i]))))
	}
	return !slices.ContainsFunc(s.left, func(left int64) bool { return left < 0 })
}

// inStep says whether an item is among the first so many of the trail.
func (s *sack) inStep(i int32, touched int) bool {
	return slices.ContainsFunc(s.trail[:touched], func(t part) bool { return t.item == i })
}

// part takes out what must not be with an item, and says whether it may.
func (s *sack) part(i int32) bool {
	for _, other := range s.foes[i] {
		if s.in[other] == 0 {
			continue
		}
		if s.inStep(other, len(s.trail)) {
			return false
		}
		s.set(other, 0)
	}
	return true
}
