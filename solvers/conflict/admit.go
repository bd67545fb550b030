package conflict

import (
	"slices"

	"berth/model"
)

// What would let a task in while all others stay where a placement has them: for each node the
// parts of the document that keep it off as things stand. Nothing is searched, so that it
// is known of any size; that fewer or smaller changes would do if others moved is for Find.

// mostAlike bounds the ways of the same kinds of changes, and mostJudged all that are judged.
const (
	mostAlike  = 3
	mostJudged = 24
)

// Admit lists changes to a document after which a placement of it holds with one more replica of
// a task, or one that is elsewhere, on one of some nodes, nothing else being moved; the
// cheapest first, at most mostAlike with changes of the same kinds and none with others beside
// those of one before it.
func Admit(in *model.Instance, placement []model.TaskNodes, task int, nodes []int) ([]Way, error) {
	s, err := newStatement(in)
	if err != nil {
		return nil, err
	}
	at := s.p.At(&model.Solution{Placement: placement})
	replica := s.toPlace(task, nodes, at)
	if replica < 0 {
		return nil, nil
	}
	at[replica] = model.NoPlace
	load := s.load(at)
	var ways []Way
	for _, j := range nodes {
		at[replica] = int32(j)
		ways = append(ways, Way{Changes: s.inTheWay(task, j, at, load), Placement: s.p.PlacementOf(at)})
	}
	slices.SortStableFunc(ways, s.cheaper)
	var out []Way
	judged := 0
	for _, w := range ways {
		alike := 0
		for _, before := range out {
			switch {
			case !w.includes(&before):
			case len(before.Changes) < len(w.Changes):
				alike = mostAlike
			default:
				alike++
			}
		}
		if alike >= mostAlike || judged == mostJudged {
			continue
		}
		judged++
		if w.judge(in) == nil { // else it breaks what no part of this list speaks of, such as an uplink
			out = append(out, w)
		}
	}
	return out, nil
}

// includes says whether for each change of another way this one has one of the same kind.
func (w *Way) includes(other *Way) bool {
	return !slices.ContainsFunc(other.Changes, func(a Change) bool {
		return !slices.ContainsFunc(w.Changes, func(b Change) bool { return a.Kind == b.Kind && a.Resource == b.Resource })
	})
}

// toPlace is the replica of a task that is to go to one of the nodes: one that is nowhere, or the
// first that is elsewhere; −1 where all are there.
func (s *statement) toPlace(task int, nodes []int, at []int32) int {
	span, found := s.tasks[task].Replicas, -1
	for c := int(span.From); c < int(span.To); c++ {
		switch {
		case at[c] == model.NoPlace:
			return c
		case found < 0 && !slices.Contains(nodes, int(at[c])):
			found = c
		}
	}
	return found
}

// load is what a placement takes of each node and resource.
func (s *statement) load(at []int32) []int64 {
	load := make([]int64, len(s.capacity))
	for i := range s.tasks {
		t := &s.tasks[i]
		for _, j := range at[t.Replicas.From:t.Replicas.To] {
			if j == model.NoPlace {
				continue
			}
			for r, need := range t.Demand.On(j) {
				load[int(j)*s.resources+r] += need
			}
		}
	}
	return load
}

// inTheWay lists what has to change for a replica to be on node j. In at it is there already;
// load is what the nodes hold without it.
func (s *statement) inTheWay(i, j int, at []int32, load []int64) (changes []Change) {
	t := &s.tasks[i]
	add := func(m int, c Change) {
		c.Member, c.Least = s.members[m], true
		changes = append(changes, c)
	}
	for r, need := range t.Demand.On(int32(j)) {
		k := j*s.resources + r
		if lack := load[k] + need - s.capacity[k]; need > 0 && lack > 0 {
			add(s.ofCapacity[k], Change{Add: s.p.Amount(r, lack)})
		}
	}
	if lost := s.ofLost[j]; lost >= 0 {
		add(lost, Change{})
	}
	for kind := Fix; kind <= Reach; kind++ {
		switch set := t.barred[kind]; {
		case set == nil || !set[j]:
		case kind == Selector:
			add(t.part[kind], Change{Allow: []string{s.p.NodeNames[j]}})
		default:
			add(t.part[kind], Change{})
		}
	}
	if apart := t.part[Apart]; apart >= 0 {
		place := s.p.Topologies[t.Apart].Place
		together := 0
		for _, o := range at[t.Replicas.From:t.Replicas.To] {
			if o != model.NoPlace && place[o] == place[j] {
				together++
			}
		}
		if together > 1 {
			add(apart, Change{})
		}
	}
	for _, k := range t.rules {
		if limit, broken := s.breaks(k, i, j, at); broken {
			add(s.rules[k].member, Change{Limit: limit})
		}
	}
	return changes
}

// breaks says whether a rule is broken by a replica of a task on a node, and which limit of a
// spread would let it be.
func (s *statement) breaks(k, i, j int, at []int32) (limit int, broken bool) {
	r := &s.rules[k]
	if r.Kind == model.Spread {
		uneven := skew(s, r, at)
		return int(uneven), uneven > r.MaxSkew
	}
	for _, other := range r.Tasks {
		t := &s.tasks[other]
		for _, o := range at[t.Replicas.From:t.Replicas.To] {
			if o == model.NoPlace {
				continue
			}
			same := r.place[o] == r.place[j]
			broken = broken || r.Kind == model.AntiAffinity && int(other) != i && same || r.Kind == model.Affinity && !same
		}
	}
	return 0, broken
}
