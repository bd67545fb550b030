package heuristics

import "berth/model"

// Bonds are what makes an item's place matter to others or to its own copies:
// rebates, sends, apart, the limit of moves, rules (rules.go) and traffic
// (traffic.go). An item that is not bound never comes here.

// tryBound adds what the bonds of an item change.
func (s *state) tryBound(i, a, b int32, d *change) {
	it := &s.p.Items[i]
	if it.Rebates.To > it.Rebates.From {
		d.cost += s.tryRebates(i, a, b)
	}
	if it.Sends.To > it.Sends.From {
		d.penalty += s.trySends(i, a, b)
	}
	if it.Apart >= 0 {
		broken := s.tryApart(i, a, b)
		d.breaches += broken
		d.penalty += broken * s.prices.apart
	}
	if it.Runs.To > it.Runs.From {
		broken := s.tooManyLeave(s.stay+s.tryRuns(i, a, b)) - s.tooManyLeave(s.stay)
		d.breaches += broken
		d.penalty += broken * s.prices.move
	}
	for _, r := range s.roles.of(i) {
		s.spent += ruleWork
		s.tryRule(i, r, a, b, d)
	}
	if len(s.partners.start) > 0 {
		d.cost += s.tryTraffic(i, a, b)
	}
}

func (s *state) tryRebates(i, a, b int32) int64 {
	var d int64
	left, joined := s.count(i, 0, a), s.count(i, 0, b)
	span := s.p.Items[i].Rebates
	for _, r := range s.p.Rebates[span.From:span.To] {
		if r.Node == a && left <= int64(r.Upto) {
			d += r.Amount
		}
		if r.Node == b && joined < int64(r.Upto) {
			d -= r.Amount
		}
	}
	return d
}

// tooManyLeave is how many replicas too many leave where they run today, if so many stay.
func (s *state) tooManyLeave(stay int64) int64 { return max(s.p.MustStay-stay, 0) }

// tryRuns is the change of the replicas that stay where they run today.
func (s *state) tryRuns(i, a, b int32) int64 {
	var d int64
	left, joined := s.count(i, 0, a), s.count(i, 0, b)
	span := s.p.Items[i].Runs
	for _, r := range s.p.Runs[span.From:span.To] {
		if r.Node == a && left <= int64(r.Upto) {
			d -= r.Replicas
		}
		if r.Node == b && joined < int64(r.Upto) {
			d += r.Replicas
		}
	}
	return d
}

// trySends is the change of the price of uplinks.
func (s *state) trySends(i, a, b int32) int64 {
	left, joined := s.sends(i, a, b)
	var d int64
	if left > 0 {
		over := s.reads[a] - s.p.Uplink[a]
		d += s.prices.uplink(a, over+left) - s.prices.uplink(a, over)
	}
	if joined > 0 {
		over := s.reads[b] - s.p.Uplink[b]
		d += s.prices.uplink(b, over-joined) - s.prices.uplink(b, over)
	}
	return d
}

// sends returns what the uplink of a has to carry more, and that of b less.
func (s *state) sends(i, a, b int32) (left, joined int64) {
	last := a >= 0 && s.p.Uplink[a] != model.NoLimit && s.count(i, 0, a) == 1
	first := b >= 0 && s.p.Uplink[b] != model.NoLimit && s.count(i, 0, b) == 0
	span := s.p.Items[i].Sends
	for _, send := range s.p.Sends[span.From:span.To] {
		if last && send.Node == a {
			left += send.Reads
		}
		if first && send.Node == b {
			joined += send.Reads
		}
	}
	return left, joined
}

// tryApart is the change of the number of copies too many in a place.
func (s *state) tryApart(i, a, b int32) int64 {
	t := s.p.Items[i].Apart
	from, to := s.place(t, a), s.place(t, b)
	if from == to {
		return 0
	}
	var d int64
	if from >= 0 && s.count(i, t, from) > 1 {
		d--
	}
	if to >= 0 && s.count(i, t, to) > 0 {
		d++
	}
	return d
}

// bindUplinks charges every send: no copy is there yet.
func (s *state) bindUplinks() {
	if len(s.p.Sends) == 0 {
		return
	}
	s.reads = make([]int64, len(s.held))
	for i := range s.p.Items {
		span := s.p.Items[i].Sends
		for _, send := range s.p.Sends[span.From:span.To] {
			s.reads[send.Node] += send.Reads
		}
	}
	for j := range s.reads {
		if s.sendsTooMuch(int32(j)) {
			s.over++
		}
	}
}

func (s *state) sendsTooMuch(j int32) bool {
	return s.p.Uplink[j] != model.NoLimit && s.reads[j] > s.p.Uplink[j]
}

// moveBound brings tallies, rules and uplinks up to date, before at changes.
func (s *state) moveBound(i, a, b int32) {
	it := &s.p.Items[i]
	if it.Sends.To > it.Sends.From {
		left, joined := s.sends(i, a, b)
		if left > 0 {
			s.send(a, left)
		}
		if joined > 0 {
			s.send(b, -joined)
		}
	}
	if it.Runs.To > it.Runs.From {
		s.stay += s.tryRuns(i, a, b)
	}
	for _, r := range s.roles.of(i) {
		s.moveRule(i, r, a, b)
	}
	if it.Count == 1 {
		return
	}
	m := &s.several[s.severalOf[i]]
	for t := range m.by {
		if a >= 0 {
			m.by[t].add(s.place(int32(t), a), -1)
		}
		if b >= 0 {
			m.by[t].add(s.place(int32(t), b), 1)
		}
	}
	if a < 0 {
		m.placed++
	}
	if b < 0 {
		m.placed--
	}
}

func (s *state) send(j int32, reads int64) {
	if s.sendsTooMuch(j) {
		s.over--
	}
	s.reads[j] += reads
	if s.sendsTooMuch(j) {
		s.over++
	}
}
