package heuristics

import (
	"slices"

	"berth/model"
)

// rule is a constraint with what is kept of it under moves.
type rule struct {
	*model.Constraint
	single bool    // every member has one copy only
	copies int64   // of all members
	placed int64   // copies placed (hard affinity), tasks placed (wished affinity)
	sum    tally   // by place: members there (hard anti-affinity), tasks there (wished), copies there (hard affinity), tasks that are there whole (wished)
	spread []int64 // weighted copies by place (spread)
}

// role is the part of an item in a rule.
type role struct {
	rule  int32
	times int64
}

func (s *state) bindRules() {
	p := s.p
	s.rules = make([]rule, len(p.Constraints))
	for k := range s.rules {
		r := &s.rules[k]
		r.Constraint = &p.Constraints[k]
		r.single = true
		for _, m := range r.Members {
			r.single = r.single && p.Items[m.Item].Count == 1
			r.copies += int64(p.Items[m.Item].Count)
		}
		if r.Kind == model.Spread {
			r.spread = make([]int64, len(p.Topologies[r.Topology].Names))
		}
	}
	s.roles = indexBy(len(p.Items), func(add func(int32, role)) {
		for k := range p.Constraints {
			for _, m := range p.Constraints[k].Members {
				add(m.Item, role{int32(k), m.Times})
			}
		}
	})
}

// tryRule adds what moving n copies of item i from a to b changes in a rule.
func (s *state) tryRule(i int32, n int64, of role, a, b int32, d *change) {
	r := &s.rules[of.rule]
	from, to := s.place(r.Topology, a), s.place(r.Topology, b)
	if from == to {
		return
	}
	var units int64
	switch {
	case r.Kind == model.Spread:
		units = s.trySpread(r, n*of.times, from, to)
	case r.Kind == model.Affinity && r.Weight == 0:
		units = r.tryTogether(n, from, to)
	case r.Kind == model.Affinity:
		units = s.tryGathering(i, n, r, of.times, from, to)
	case r.Weight == 0:
		units = s.tryMeeting(i, n, r, 1, from, to)
	case r.single:
		units = of.times * s.tryMeeting(i, n, r, of.times, from, to)
	default:
		units = s.trySharing(i, n, r, of.times, from, to)
	}
	if r.Weight > 0 {
		d.cost += r.Weight * units
		return
	}
	d.breaches += units
	d.penalty += units * s.prices.rule[of.rule]
}

// tryMeeting is the change of how much an item meets of others in a place, by sum.
func (s *state) tryMeeting(i int32, n int64, r *rule, self int64, from, to int32) int64 {
	var units int64
	if from >= 0 && s.count(i, r.Topology, from) == n {
		units -= r.sum.at(from) - self
	}
	if to >= 0 && s.count(i, r.Topology, to) == 0 {
		units += r.sum.at(to)
	}
	return units
}

// trySharing is the change of the broken pairs of a wished anti-affinity whose
// members have several copies: a pair counts once, however many places it shares.
// O(members · places of a member).
func (s *state) trySharing(i int32, n int64, r *rule, times int64, from, to int32) int64 {
	leaves := from >= 0 && s.count(i, r.Topology, from) == n
	var units int64
	for _, m := range r.Members {
		if m.Item == i {
			continue
		}
		var elsewhere, before, after bool
		other := &s.p.Items[m.Item]
		for c := other.First; c < other.First+other.Count; c++ {
			place := s.place(r.Topology, s.at[c])
			switch {
			case place < 0:
			case place == from:
				before = true
				after = after || !leaves
			case place == to:
				after = true
				before = before || s.count(i, r.Topology, to) > 0
			default:
				elsewhere = elsewhere || s.count(i, r.Topology, place) > 0
			}
		}
		switch {
		case elsewhere || before == after:
		case after:
			units += times * m.Times
		default:
			units -= times * m.Times
		}
	}
	return units
}

// tryTogether is the change of what a hard affinity lacks: once a copy is placed,
// all that are not in the most used place.
func (r *rule) tryTogether(n int64, from, to int32) int64 {
	placed := r.placed
	if from < 0 {
		placed += n
	}
	if to < 0 {
		placed -= n
	}
	return lacking(placed, r.copies, r.sum.most(from, to, n)) -
		lacking(r.placed, r.copies, r.sum.most(model.NoPlace, model.NoPlace, 0))
}

func lacking(placed, copies, most int64) int64 {
	if placed == 0 {
		return 0
	}
	return copies - most
}

// tryGathering is the change of the tasks of a wished affinity that are not whole
// in the place that holds the most.
func (s *state) tryGathering(i int32, n int64, r *rule, times int64, from, to int32) int64 {
	whole, then := s.wholeIn(i, n, r.Topology, from, to)
	now := r.sum.most(model.NoPlace, model.NoPlace, 0)
	next := now
	if whole != then {
		next = r.sum.most(whole, then, times)
	}
	return s.tasksJoining(i, n, times, from, to) - (next - now)
}

// tasksJoining is times where a move places the first copy of an item, −times
// where it leaves out the last.
func (s *state) tasksJoining(i int32, n, times int64, from, to int32) int64 {
	switch placed := s.placed(i); {
	case from < 0 && placed == 0:
		return times
	case to < 0 && int64(placed) == n:
		return -times
	}
	return 0
}

// wholeIn returns the place that all placed copies of an item are in, before and
// after a move; NoPlace where there is none.
func (s *state) wholeIn(i int32, n int64, topology, from, to int32) (now, then int32) {
	if s.p.Items[i].Count == 1 {
		return from, to
	}
	it := &s.p.Items[i]
	before, elsewhere := model.NoPlace, model.NoPlace
	split, scattered := false, false
	vacated := from >= 0 && s.count(i, topology, from) == n
	for c := it.First; c < it.First+it.Count; c++ {
		place := s.place(topology, s.at[c])
		if place < 0 {
			continue
		}
		split = split || before >= 0 && place != before
		before = place
		if place == to || place == from && vacated {
			continue
		}
		scattered = scattered || elsewhere >= 0 && place != elsewhere
		elsewhere = place
	}
	if split {
		before = model.NoPlace
	}
	switch {
	case to < 0 && !scattered:
		return before, elsewhere
	case elsewhere < 0:
		return before, to
	}
	return before, model.NoPlace
}

// trySpread is the change of the skew above what is allowed. O(places).
func (s *state) trySpread(r *rule, times int64, from, to int32) int64 {
	s.spent += int64(len(r.spread))
	low, high := r.spread[0], r.spread[0]
	lowThen, highThen := int64(1)<<62, int64(0)
	for place, n := range r.spread {
		low, high = min(low, n), max(high, n)
		if int32(place) == from {
			n -= times
		}
		if int32(place) == to {
			n += times
		}
		lowThen, highThen = min(lowThen, n), max(highThen, n)
	}
	return max(highThen-lowThen-r.MaxSkew, 0) - max(high-low-r.MaxSkew, 0)
}

// moveRule brings a rule up to date, before at and the tallies change.
func (s *state) moveRule(i int32, n int64, of role, a, b int32) {
	r := &s.rules[of.rule]
	from, to := s.place(r.Topology, a), s.place(r.Topology, b)
	if from == to {
		return
	}
	switch {
	case r.Kind == model.Spread:
		if from >= 0 {
			r.spread[from] -= n * of.times
		}
		if to >= 0 {
			r.spread[to] += n * of.times
		}
	case r.Kind == model.Affinity && r.Weight == 0:
		if from >= 0 {
			r.sum.add(from, -n)
			r.placed -= n
		}
		if to >= 0 {
			r.sum.add(to, n)
			r.placed += n
		}
	case r.Kind == model.Affinity:
		s.gather(i, n, r, of.times, from, to)
	default:
		s.meet(i, n, r, of.times, from, to)
	}
}

func (s *state) gather(i int32, n int64, r *rule, times int64, from, to int32) {
	r.placed += s.tasksJoining(i, n, times, from, to)
	whole, then := s.wholeIn(i, n, r.Topology, from, to)
	if whole == then {
		return
	}
	if whole >= 0 {
		r.sum.add(whole, -times)
	}
	if then >= 0 {
		r.sum.add(then, times)
	}
}

func (s *state) meet(i int32, n int64, r *rule, times int64, from, to int32) {
	if r.Weight == 0 {
		times = 1
	}
	if from >= 0 && s.count(i, r.Topology, from) == n {
		r.sum.add(from, -times)
	}
	if to >= 0 && s.count(i, r.Topology, to) == 0 {
		r.sum.add(to, times)
	}
}

// broken returns by how many units a hard rule is broken. O(places in use).
func (s *state) broken(k int) int64 {
	r := &s.rules[k]
	switch {
	case r.Weight > 0:
		return 0
	case r.Kind == model.Spread:
		return max(slices.Max(r.spread)-slices.Min(r.spread)-r.MaxSkew, 0)
	case r.Kind == model.Affinity:
		return lacking(r.placed, r.copies, r.sum.most(model.NoPlace, model.NoPlace, 0))
	}
	var pairs int64
	for _, e := range r.sum {
		pairs += e.n * (e.n - 1) / 2
	}
	return pairs
}
