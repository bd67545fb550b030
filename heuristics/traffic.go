package heuristics

import "berth/model"

// partner is one end of a traffic pair, seen from the other.
type partner struct {
	item  int32
	first int32 // its copy, where both ends have one only; else -1
	price int64 // of one unit of distance: for the whole pair where first is set, else for a unit of share
}

// level is a distance with the places it is inside of; place is nil on the last.
type level struct {
	place    []int32
	topology int32
	distance int64
}

func (s *state) bindTraffic() {
	p := s.p
	s.partners = indexBy(len(p.Items), func(add func(int32, partner)) {
		for _, pair := range p.Pairs {
			a, b := partner{pair.A, -1, pair.Price}, partner{pair.B, -1, pair.Price}
			if p.Items[pair.A].Count == 1 && p.Items[pair.B].Count == 1 {
				a.first, b.first = p.Items[pair.A].First, p.Items[pair.B].First
				a.price *= p.Full
				b.price *= p.Full
			}
			add(pair.A, b)
			add(pair.B, a)
		}
	})
	for _, l := range p.Levels {
		of := level{topology: l.Topology, distance: l.Distance}
		if l.Topology >= 0 {
			of.place = p.Topologies[l.Topology].Place
		}
		s.levels = append(s.levels, of)
	}
}

// tryTraffic is the change of the cost of an item's traffic. O(pairs · levels).
func (s *state) tryTraffic(i int32, n int64, a, b int32) int64 {
	var d int64
	partners := s.partners.of(i)
	s.spent += partnerWork * int64(len(partners))
	for _, q := range partners {
		if q.first < 0 {
			d += q.price * s.tryShares(i, q.item, n, a, b)
		} else if other := s.at[q.first]; other >= 0 {
			d += q.price * (s.distance(b, other) - s.distance(a, other))
		}
	}
	return d
}

// distance is what a unit of traffic costs between two nodes; nothing flows to
// what is not placed.
func (s *state) distance(a, b int32) int64 {
	if a < 0 {
		return 0
	}
	for l := range s.levels {
		if place := s.levels[l].place; place == nil || place[a] == place[b] {
			return s.levels[l].distance
		}
	}
	return 0
}

// tryShares is the change of share times distance between items i and k when m
// copies of i move. The share that stays in a place is that of the scarcer end.
func (s *state) tryShares(i, k int32, m int64, a, b int32) int64 {
	s.spent += partnerWork
	var d int64
	last := len(s.levels) - 1
	for l := range last {
		t := s.levels[l].topology
		from, to := s.place(t, a), s.place(t, b)
		if from == to {
			continue
		}
		var kept int64
		if from >= 0 {
			n, with := s.count(i, t, from), s.part(k, s.count(k, t, from))
			kept += min(s.part(i, n-m), with) - min(s.part(i, n), with)
		}
		if to >= 0 {
			n, with := s.count(i, t, to), s.part(k, s.count(k, t, to))
			kept += min(s.part(i, n+m), with) - min(s.part(i, n), with)
		}
		d -= (s.levels[l+1].distance - s.levels[l].distance) * kept
	}
	if a >= 0 && b >= 0 {
		return d
	}
	n := int64(s.placed(i))
	after := n + m
	if b < 0 {
		after = n - m
	}
	with := s.part(k, int64(s.placed(k)))
	return d + s.levels[last].distance*(min(s.part(i, after), with)-min(s.part(i, n), with))
}

// part is the share of an item that n of its copies are.
func (s *state) part(i int32, n int64) int64 {
	if s.p.Items[i].Count == 1 {
		return n * s.p.Full
	}
	return s.several[s.severalOf[i]].part[n]
}

// partnerNodes appends the nodes where the partners of an item are, at most limit.
func (s *state) partnerNodes(i int32, list []int32, limit int) []int32 {
	for _, q := range s.partners.of(i) {
		other := &s.p.Items[q.item]
		for c := other.First; c < other.First+other.Count; c++ {
			if limit == 0 {
				return list
			}
			if j := s.at[c]; j != model.NoPlace {
				list = append(list, j)
				limit--
			}
		}
	}
	return list
}
