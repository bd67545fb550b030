package heuristics

import "berth/model"

// Bonds are what makes an item's place matter to others or to its own copies:
// rebates, sends, apart, the limit of moves, rules (rules.go) and traffic
// (traffic.go). An item that is not bound never comes here.

// tryBound adds what the bonds of an item change.
func (s *state) tryBound(i int32, n int64, a, b int32, d *change) {
	it := &s.p.Items[i]
	if it.Rebates.To > it.Rebates.From {
		d.cost += s.tryRebates(i, n, a, b)
	}
	if it.Sends.To > it.Sends.From {
		d.penalty += s.trySends(i, n, a, b)
	}
	if it.Apart >= 0 {
		broken := s.tryApart(i, n, a, b)
		d.breaches += broken
		d.penalty += broken * s.prices.apart
	}
	if s.stays && it.Runs.To > it.Runs.From {
		d.stay = s.tryRuns(i, n, a, b)
		broken := s.tooManyLeave(s.stay+d.stay) - s.tooManyLeave(s.stay)
		d.breaches += broken
		d.penalty += broken * s.prices.move
	}
	for _, r := range s.roles.of(i) {
		s.spent += ruleWork
		s.tryRule(i, n, r, a, b, d)
	}
	if len(s.partners.start) > 0 {
		d.cost += s.tryTraffic(i, n, a, b)
	}
}

func (s *state) tryRebates(i int32, n int64, a, b int32) int64 {
	var d int64
	left, joined := s.count(i, 0, a), s.count(i, 0, b)
	span := s.p.Items[i].Rebates
	for _, r := range s.p.Rebates[span.From:span.To] {
		if r.Node == a {
			d += r.Amount * fewer(left, n, int64(r.Upto))
		}
		if r.Node == b {
			d -= r.Amount * fewer(joined+n, n, int64(r.Upto))
		}
	}
	return d
}

// fewer is how many of the first upto copies are no longer there when n of them leave.
func fewer(copies, n, upto int64) int64 { return min(copies, upto) - min(copies-n, upto) }

// tooManyLeave is how many replicas too many leave where they run today, if so many stay.
func (s *state) tooManyLeave(stay int64) int64 { return max(s.p.MustStay-stay, 0) }

// tryRuns is the change of the replicas that stay where they run today.
func (s *state) tryRuns(i int32, n int64, a, b int32) int64 {
	var d int64
	left, joined := s.count(i, 0, a), s.count(i, 0, b)
	span := s.p.Items[i].Runs
	for _, r := range s.p.Runs[span.From:span.To] {
		if r.Node == a {
			d -= r.Replicas * fewer(left, n, int64(r.Upto))
		}
		if r.Node == b {
			d += r.Replicas * fewer(joined+n, n, int64(r.Upto))
		}
	}
	return d
}

// trySends is the change of the price of uplinks.
func (s *state) trySends(i int32, n int64, a, b int32) int64 {
	left, joined := s.sends(i, n, a, b)
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
func (s *state) sends(i int32, n int64, a, b int32) (left, joined int64) {
	last := a >= 0 && s.p.Uplink[a] != model.NoLimit && s.count(i, 0, a) == n
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
func (s *state) tryApart(i int32, n int64, a, b int32) int64 {
	t := s.p.Items[i].Apart
	from, to := s.place(t, a), s.place(t, b)
	if from == to {
		return 0
	}
	var d int64
	if from >= 0 {
		d -= crowd(s.count(i, t, from), n)
	}
	if to >= 0 {
		d += crowd(s.count(i, t, to)+n, n)
	}
	return d
}

// crowd is how many copies too many go when n of them leave a place.
func crowd(copies, n int64) int64 { return max(copies-1, 0) - max(copies-n-1, 0) }

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
func (s *state) moveBound(i int32, n int64, a, b int32) {
	it := &s.p.Items[i]
	if it.Sends.To > it.Sends.From {
		left, joined := s.sends(i, n, a, b)
		if left > 0 {
			s.send(a, left)
		}
		if joined > 0 {
			s.send(b, -joined)
		}
	}
	for _, r := range s.roles.of(i) {
		s.moveRule(i, n, r, a, b)
	}
	if it.Count == 1 {
		return
	}
	slot := s.counts.slots[i]
	for t := range int32(len(s.p.Topologies)) {
		if a >= 0 {
			s.counts.add(slot, t, s.place(t, a), -n)
		}
		if b >= 0 {
			s.counts.add(slot, t, s.place(t, b), n)
		}
	}
	if a < 0 {
		s.counts.placed[slot] += int32(n)
	}
	if b < 0 {
		s.counts.placed[slot] -= int32(n)
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
