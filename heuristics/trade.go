package heuristics

import "berth/model"

// trade lets copies that need the same change places, as long as that mends rules, at the least
// cost: how full nodes are stays as it is. It ends after so much work. O(copies of the rule ·
// copies of the same need) a trade.
func (s *state) trade(work int64) {
	alike := map[int32][]int32{} // copies by demand
	for k := range s.rules {
		for s.broken(k) > 0 && s.spent < work {
			if len(alike) == 0 {
				for c, i := range s.itemOf {
					demand := s.p.Items[i].Demand
					alike[demand] = append(alike[demand], int32(c))
				}
			}
			c, d := s.bestTrade(&s.rules[k], alike, work)
			if c < 0 {
				break
			}
			s.exchange(c, d)
		}
	}
}

// bestTrade returns the copies, the first of them one of a rule's, that leave fewest rules broken
// when they change places, and of those the cheapest; −1 where none leaves fewer than there are.
func (s *state) bestTrade(r *rule, alike map[int32][]int32, work int64) (best, other int32) {
	best, breaches, cost := -1, s.breaches, int64(0)
	for _, m := range r.Members {
		it := &s.p.Items[m.Item]
		for c := it.First; c < it.First+it.Count; c++ {
			for _, d := range alike[it.Demand] {
				if s.spent >= work {
					return best, other
				}
				if s.at[c] == s.at[d] || !s.allowed(m.Item, s.at[d]) || !s.allowed(s.itemOf[d], s.at[c]) {
					continue
				}
				s.exchange(c, d)
				if s.breaches < breaches || s.breaches == breaches && best >= 0 && s.cost < cost {
					best, other, breaches, cost = c, d, s.breaches, s.cost
				}
				s.exchange(c, d)
			}
		}
	}
	return best, other
}

// allowed says whether an item may be on a node, or nowhere.
func (s *state) allowed(i, j int32) bool {
	return j == model.NoPlace || s.p.Domains[s.p.Items[i].Domain].Has(j)
}

// exchange lets two copies change places.
func (s *state) exchange(c, d int32) {
	a, b := s.at[c], s.at[d]
	s.move(c, b)
	s.move(d, a)
	s.spent += 2 * tryWork
}
