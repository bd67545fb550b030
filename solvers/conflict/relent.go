package conflict

import (
	"slices"

	"berth/model"
	"berth/model/integer"
)

// How little each member of a way has to give way: the least value of a limit by bisection,
// the fewest nodes of a selector by leaving out.

// way finds the least change of each member that goes: one after the other, those
// behind it gone altogether, those before it changed as little as was found.
func (d *decider) way(f set) (Way, error) {
	e := &decider{statement: d.statement, goOn: d.goOn, each: d.each, suspects: d.suspects, last: d.last}
	off := d.without(f.gone)
	at := f.at
	var w Way
	for _, m := range f.gone {
		change := Change{Member: d.members[m], Least: true}
		var needed bool
		if e, at, needed = e.relent(m, off, at, &change); needed {
			w.Changes = append(w.Changes, change)
		}
	}
	w.Placement = d.p.PlacementOf(at)
	return w, w.judge(d.in)
}

// relent turns a member on again, changed as little as it must be, and returns the
// decider of the changed statement with a placement for it. What can only go as a whole
// stays off. needed is false where the placement keeps the member as it is.
func (e *decider) relent(m int, off []bool, at []int32, change *Change) (next *decider, then []int32, needed bool) {
	var l limit
	switch f := e.members[m]; f.Kind {
	case Capacity:
		l = e.capacityAt(slices.Index(e.ofCapacity, m), at)
	case Uplink:
		l = e.uplinkAt(f.Node, at)
	case Moves:
		l = e.movesAt()
	case Rule:
		k := slices.IndexFunc(e.rules, func(r rule) bool { return r.member == m })
		if e.rules[k].Kind != model.Spread {
			return e, at, true
		}
		l = e.skewAt(k, at)
	case Selector:
		next, then = e.widen(m, off, at, change)
		return next, then, len(change.Allow) > 0
	default:
		return e, at, true
	}
	off[m] = false
	if l.high <= l.low {
		return e, at, false
	}
	value, next, at, least := e.least(l, off, at)
	change.Least = least
	switch e.members[m].Kind {
	case Capacity:
		change.Add = e.p.Amount(slices.Index(e.p.Resources, change.Resource), value-l.low)
	case Uplink:
		change.Add = model.Decimal(value - l.low).String()
	default:
		change.Limit = int(value)
	}
	return next, at, true
}

// limit is a number in the statement that is too tight: low is what it is now, high what it
// would have to be for a placement that breaks it, step the least change that matters, and set
// changes it.
type limit struct {
	low, high, step int64
	set             func(s *statement, value int64)
}

// capacityAt is the capacity of a node and a resource, k by both.
func (e *decider) capacityAt(k int, at []int32) limit {
	node, r := k/e.resources, k%e.resources
	l := limit{low: e.capacity[k], set: func(s *statement, value int64) {
		s.capacity = slices.Clone(s.capacity)
		s.capacity[k] = value
	}}
	for i := range e.tasks {
		t := &e.tasks[i]
		need := t.Demand.On(int32(node))[r]
		l.step = integer.GCD(l.step, need)
		for _, j := range at[t.Replicas.From:t.Replicas.To] {
			if int(j) == node {
				l.high += need
			}
		}
	}
	return l
}

// uplinkAt is the limit of the reads that a node sends out.
func (e *decider) uplinkAt(node int, at []int32) limit {
	l := limit{low: e.uplink[node], set: func(s *statement, value int64) {
		s.uplink = slices.Clone(s.uplink)
		s.uplink[node] = value
	}}
	for i := range e.tasks {
		t := &e.tasks[i]
		for _, read := range t.Reads {
			if int(read.Node) != node {
				continue
			}
			l.step = integer.GCD(l.step, read.Reads)
			if !slices.Contains(at[t.Replicas.From:t.Replicas.To], read.Node) {
				l.high += read.Reads
			}
		}
	}
	return l
}

// movesAt is how many replicas may leave where they run today.
func (e *decider) movesAt() limit {
	most := *e.in.Given.MaxMoves
	running := int64(e.stay + most)
	return limit{int64(most), running, 1, func(s *statement, value int64) { s.stay = int(running - value) }}
}

// skewAt is how uneven a rule lets its tasks be spread.
func (e *decider) skewAt(k int, at []int32) limit {
	r := &e.rules[k]
	return limit{r.MaxSkew, skew(e.statement, r, at), 1, func(s *statement, value int64) {
		s.rules = slices.Clone(s.rules)
		s.rules[k].MaxSkew = value
	}}
}

// least finds the least value of a limit at which the statement can hold together: not low,
// surely high. Values count in steps from 0.
func (e *decider) least(l limit, off []bool, at []int32) (int64, *decider, []int32, bool) {
	changed := func(value int64) *decider {
		s := *e.statement
		l.set(&s, value)
		return &decider{statement: &s, goOn: e.goOn, each: e.each, suspects: e.suspects, last: at}
	}
	step := max(l.step, 1)
	below, value := l.low/step, l.high/step
	if l.high%step != 0 {
		value++
	}
	exact := true
	for below+1 < value {
		middle := below + (value-below)/2
		switch answer := changed(middle * step).decide(off); answer.verdict {
		case yes:
			value, at = middle, answer.at
		case no:
			below = middle
		default:
			below, exact = middle, false
		}
	}
	return value * step, changed(value * step), at, exact
}

// widen looks for the fewest nodes that a selector has to allow as well: for one, then
// for as few of those that the placement uses as will do.
func (e *decider) widen(m int, off []bool, at []int32, change *Change) (*decider, []int32) {
	i := change.Task
	t := &e.tasks[i]
	var used []int
	for _, j := range at[t.Replicas.From:t.Replicas.To] {
		if j != model.NoPlace && t.barred[Selector][j] && !slices.Contains(used, int(j)) {
			used = append(used, int(j))
		}
	}
	allowing := func(nodes []int) *decider {
		s := *e.statement
		s.tasks = slices.Clone(s.tasks)
		set := slices.Clone(t.barred[Selector])
		for _, j := range nodes {
			set[j] = false
		}
		s.tasks[i].barred[Selector] = set
		return &decider{statement: &s, goOn: e.goOn, each: e.each, suspects: e.suspects, last: at}
	}
	off[m] = false
	if len(used) > 1 {
		for j := range e.nodes {
			if !t.barred[Selector][j] {
				continue
			}
			answer := allowing([]int{j}).decide(off)
			if answer.verdict == yes {
				used, at = []int{j}, answer.at
				break
			}
			change.Least = change.Least && answer.verdict == no
		}
	}
	for n := 0; n < len(used) && len(used) > 1; {
		fewer := slices.Delete(slices.Clone(used), n, n+1)
		if answer := allowing(fewer).decide(off); answer.verdict == yes {
			used, at = fewer, answer.at
			continue
		}
		n++
	}
	change.Least = len(used) <= 2 && change.Least // a pair is the fewest where no one node will do
	for _, j := range used {
		change.Allow = append(change.Allow, e.p.NodeNames[j])
	}
	slices.Sort(change.Allow)
	return allowing(used), at
}

// skew is how uneven a placement spreads the tasks of a rule.
func skew(s *statement, r *rule, at []int32) int64 {
	count := make([]int64, r.places)
	for _, i := range r.Tasks {
		t := &s.tasks[i]
		for _, j := range at[t.Replicas.From:t.Replicas.To] {
			if j != model.NoPlace {
				count[r.place[j]]++
			}
		}
	}
	return slices.Max(count) - slices.Min(count)
}
