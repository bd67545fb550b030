package heuristics

import "berth/model"

// partner is one end of a traffic pair, seen from the other.
type partner struct {
	item  int32
	first int32 // its first copy
	slot  int32 // its number in the counts, where it has several copies; else -1
	price int64 // of one unit of distance: for the whole pair where both ends have one copy, else for a unit of share
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
			price := pair.Price
			if p.Items[pair.A].Count == 1 && p.Items[pair.B].Count == 1 {
				price *= p.Full
			}
			add(pair.A, partner{pair.B, p.Items[pair.B].First, s.counts.slotOf(pair.B), price})
			add(pair.B, partner{pair.A, p.Items[pair.A].First, s.counts.slotOf(pair.A), price})
		}
	})
	if p.Matrix != nil {
		s.nowhere = make([]int64, len(p.NodeNames))
	}
	for _, l := range p.Levels {
		of := level{topology: l.Topology, distance: l.Distance}
		if l.Topology >= 0 {
			of.place = p.Topologies[l.Topology].Place
		}
		s.levels = append(s.levels, of)
	}
}

// tryTraffic is the change of the cost of an item's traffic when n copies of it move.
// O(pairs · levels).
func (s *state) tryTraffic(i int32, n int64, a, b int32) int64 {
	partners := s.partners.of(i)
	s.spent += partnerWork * int64(len(partners))
	if s.p.Items[i].Count > 1 {
		return s.tryShares(i, n, a, b, partners)
	}
	if s.p.Matrix != nil {
		return s.tryMatrix(a, b, partners)
	}
	if len(s.levels) == 2 && a >= 0 && b >= 0 && s.levels[0].topology == 0 {
		return s.tryNear(a, b, partners)
	}
	var d int64
	several := false
	for k := range partners {
		q := &partners[k]
		if q.slot >= 0 {
			several = true
		} else if other := s.at[q.first]; other >= 0 {
			d += q.price * (s.distance(b, other) - s.distance(a, other))
		}
	}
	if several {
		d += s.tryShares(i, n, a, b, partners)
	}
	return d
}

// tryNear is the change for an item of one copy where it matters only whether two are
// on the same node.
func (s *state) tryNear(a, b int32, partners []partner) int64 {
	var kept int64
	for k := range partners {
		q := &partners[k]
		if q.slot >= 0 {
			kept += q.price * (s.counts.share(q.slot, 0, b) - s.counts.share(q.slot, 0, a))
			continue
		}
		switch s.at[q.first] {
		case a:
			kept -= q.price
		case b:
			kept += q.price
		}
	}
	return -kept * (s.levels[1].distance - s.levels[0].distance)
}

// tryMatrix is the change where single nodes have distances: all have one copy.
func (s *state) tryMatrix(a, b int32, partners []partner) int64 {
	row := func(j int32) []int64 {
		if j < 0 {
			return s.nowhere
		}
		return s.p.Matrix[int(j)*len(s.held):][:len(s.held)]
	}
	from, to := row(a), row(b)
	var d int64
	for k := range partners {
		if other := s.at[partners[k].first]; other >= 0 {
			d += partners[k].price * (to[other] - from[other])
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

// tryShares is the change of share times distance between an item and the partners
// that it does not only share single copies with, when n copies of it move. The share
// that stays in a place is that of the scarcer end.
func (s *state) tryShares(i int32, n int64, a, b int32, partners []partner) int64 {
	s.spent += partnerWork * int64(len(partners))
	single := s.p.Items[i].Count == 1
	var d int64
	last := len(s.levels) - 1
	for l := range last {
		t := s.levels[l].topology
		from, to := s.place(t, a), s.place(t, b)
		if from == to {
			continue
		}
		var left, leaves, joined, joins int64 // shares of the item, before and after, where it leaves and where it goes
		if from >= 0 {
			here := s.count(i, t, from)
			left, leaves = s.part(i, here), s.part(i, here-n)
		}
		if to >= 0 {
			here := s.count(i, t, to)
			joined, joins = s.part(i, here), s.part(i, here+n)
		}
		var kept int64
		for k := range partners {
			q := &partners[k]
			if q.slot < 0 && single {
				continue
			}
			var change int64
			if from >= 0 {
				with := s.shareIn(q, t, from)
				change = min(leaves, with) - min(left, with)
			}
			if to >= 0 {
				with := s.shareIn(q, t, to)
				change += min(joins, with) - min(joined, with)
			}
			kept += q.price * change
		}
		d -= (s.levels[l+1].distance - s.levels[l].distance) * kept
	}
	if a >= 0 && b >= 0 {
		return d
	}
	placed := int64(s.placed(i))
	after := placed + n
	if b < 0 {
		after = placed - n
	}
	for k := range partners {
		q := &partners[k]
		if q.slot < 0 && single {
			continue
		}
		with := s.part(q.item, int64(s.placed(q.item)))
		d += q.price * s.levels[last].distance * (min(s.part(i, after), with) - min(s.part(i, placed), with))
	}
	return d
}

// shareIn is the share of a partner's copies that are in a place.
func (s *state) shareIn(q *partner, topology, place int32) int64 {
	if q.slot >= 0 {
		return s.counts.share(q.slot, topology, place)
	}
	if s.place(topology, s.at[q.first]) == place {
		return s.p.Full
	}
	return 0
}

// part is the share of an item that n of its copies are.
func (s *state) part(i int32, n int64) int64 {
	if s.p.Items[i].Count == 1 {
		return n * s.p.Full
	}
	return s.counts.part(s.counts.slots[i], n)
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
