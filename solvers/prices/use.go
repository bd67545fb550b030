package prices

import (
	"math"

	"berth/solvers/powers"
)

// Which nodes are used, while prices climb. A node that costs something adds to the bound only
// what it loses when it is used, or nothing (bound.go). That maximum is smoothed, too: a node is
// used in so far as it is worth about what it costs. Copies may be there to that part (edge.go),
// and there is that part of its room. Its heat is that of a copy times the copies that a node
// holds in the mean.
//
// Copies go to and fro between nodes at the least difference of their prices, which keeps the
// steps of each price short; but where room is short on all nodes that are used, all prices have
// to rise until more are. So there is a Newton step beside those, for all prices of a
// resource that count, whose curvature is only by how much that brings nodes into use.

const (
	patient = 3   // times in a row that prices may gain nothing
	slow    = 0.5 // of the way to how much is used, a round
)

// startUsing begins with all nodes used.
func (s *smoother) startUsing() {
	if s.open == nil || s.settled {
		return
	}
	s.used, s.common = make([]float64, s.nodes), make([]float64, s.resources)
	held := 0.0
	for j := range s.used {
		s.used[j] = 1
		if int32(j) != s.outside {
			held += s.holds(j)
		}
	}
	s.grain = max(held/float64(s.outside), 1)
}

// holds is how many copies of mean size there is room for on node j.
func (s *smoother) holds(j int) float64 {
	held := math.Inf(1)
	for r, mean := range s.mean {
		if room := s.capacity[j*s.resources+r]; room > 0 {
			held = min(held, room/mean)
		}
	}
	if math.IsInf(held, 1) {
		return 0
	}
	return held
}

// inQuestion says whether node j may be used or not.
func (l *ledger) inQuestion(j int32) bool { return l.used != nil && l.open[j] > 0 }

// part is how much of node j is used, as far as that is in question.
func (l *ledger) part(j int32) float64 {
	if l.used == nil || l.open[j] == 0 {
		return 1
	}
	return l.used[j]
}

// patience is how often in a row prices may gain nothing.
func (s *smoother) patience() int {
	if s.used != nil {
		return patient
	}
	return 1
}

// cooling is what a round leaves of the heat.
func (s *smoother) cooling() float64 {
	if s.used != nil {
		return cooledUse
	}
	return cooled
}

// use computes how much of each node is used after a round.
func (s *smoother) use() {
	for j := range s.used {
		if s.open[j] == 0 {
			continue
		}
		now := 1 / (1 + powers.Exp(max(min(-s.worth(int32(j))/(s.heat*s.grain), 500), -500)))
		s.used[j] += float64(slow * (now - s.used[j]))
	}
}

// worth is what node j is worth at the prices of the last round, less what it costs.
func (s *smoother) worth(j int32) float64 {
	gain := -float64(s.open[j])
	for part := range s.sums {
		gain += s.sums[part].spared[j]
	}
	for r, price := range s.ahead[int(j)*s.resources : int(j+1)*s.resources] {
		gain += float64(price * s.capacity[int(j)*s.resources+r])
	}
	return gain
}

// yields is how much room a rise of price k brings into use, as bend counts it.
func (s *smoother) yields(k int) float64 {
	j, all := k/s.resources, 0.0
	for r, mean := range s.mean {
		all += s.capacity[j*s.resources+r] / mean
	}
	used := s.used[j]
	return float64(used*(1-used)*s.capacity[k]) * float64(all*s.mean[k%s.resources]) / s.grain
}

// shift computes the step that all prices of a resource take together that count. (A node
// without a price in it has room to spare.)
func (s *smoother) shift(load []float64) {
	if s.used == nil {
		return
	}
	for r, mean := range s.mean {
		over, curve := 0.0, 0.0
		for k := r; k < int(s.outside)*s.resources; k += s.resources {
			if j := int32(k / s.resources); s.inQuestion(j) && s.ahead[k] > 0 {
				over += load[k] - float64(s.capacity[k]*s.used[j])
				curve += damping * (s.yields(k) + float64(stiffness*float64(mean*mean))) / s.heat
			}
		}
		most := reach * s.heat / mean
		s.common[r] = 0
		if curve > 0 {
			s.common[r] = max(min(over/curve, most), -most)
		}
	}
}
