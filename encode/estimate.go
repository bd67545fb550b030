package encode

import (
	"math"
	"slices"

	"berth/model"
)

// Estimate returns how many variables and terms Build would make, from above and
// without making them, so that callers can refuse what is too large. O(items +
// nodes · items with many copies + members of rules + pairs).
func Estimate(p *model.Problem) (vars, terms int64) {
	if p.Impossible != "" {
		return 0, 0
	}
	e := estimate{p: p, copies: make([]int64, len(p.Items)), chained: map[chainKey]bool{}}
	nodes := int64(len(p.NodeNames)) // each may have to be opened
	e.add(nodes, nodes*int64(len(p.Resources)))
	if p.MustStay > 0 {
		for _, run := range p.Runs {
			e.add(0, int64(run.Upto))
		}
	}
	for i := range p.Items {
		e.item(i)
	}
	for c := range p.Constraints {
		e.rule(&p.Constraints[c])
	}
	for k := range p.Pairs {
		e.pair(int32(k))
	}
	return e.vars, e.terms
}

// estimate counts upwards; sums that leave int64 stay at its end.
type estimate struct {
	p           *model.Problem
	copies      []int64 // y variables by item
	vars, terms int64
	chained     map[chainKey]bool // items counted by place, by topology
}

type chainKey struct{ item, topology int32 }

func (e *estimate) add(vars, terms int64) {
	e.vars = saturate(e.vars, vars)
	e.terms = saturate(e.terms, terms)
}

func saturate(a, b int64) int64 {
	if a > math.MaxInt64-b {
		return math.MaxInt64
	}
	return a + b
}

// few copies of an item are all counted on every node; of more only those that
// fit there are, which takes a look at every node.
const few = 16

// item counts its variables; each is in rows for its order, its assignment, its
// resources, its place where copies are kept apart, an uplink and an open node.
func (e *estimate) item(i int) {
	it := &e.p.Items[i]
	domain := &e.p.Domains[it.Domain]
	y := int64(domain.Size)
	switch {
	case it.Apart >= 0:
	case it.Count <= few:
		y *= int64(it.Count)
	default:
		y = 0
		for j := range int32(len(e.p.NodeNames)) {
			if domain.Has(j) {
				y += int64(depth(e.p, it, j))
			}
		}
	}
	e.copies[i] = y
	e.add(y, y*int64(3+len(e.p.Resources)))
	e.add(0, int64(domain.Size)*4)
	if it.Unplaced != model.NoLimit {
		e.add(int64(it.Count), 3*int64(it.Count))
	}
}

// counts adds what counting an item's copies by place takes.
func (e *estimate) counts(i, topology int32) {
	if topology == 0 || e.p.Items[i].Count == 1 || e.chained[chainKey{i, topology}] {
		return
	}
	e.chained[chainKey{i, topology}] = true
	e.add(e.copies[i], 8*e.copies[i])
}

// single bounds the terms that say of every place whether an item is there.
func (e *estimate) single(i int32) int64 {
	return int64(e.p.Domains[e.p.Items[i].Domain].Size)
}

func (e *estimate) rule(r *model.Constraint) {
	places := int64(len(e.p.Topologies[r.Topology].Member))
	for m, member := range r.Members {
		y := e.copies[member.Item]
		e.counts(member.Item, r.Topology)
		switch {
		case r.Kind == model.Affinity && r.Weight == 0:
			e.add(0, places+3*y+e.single(r.Members[0].Item))
		case r.Kind == model.Affinity:
			e.add(places+1, 3*places+e.single(member.Item))
			if e.p.Items[member.Item].Count > 1 {
				e.add(places, 6*places)
			}
		case r.Kind == model.AntiAffinity && r.Weight == 0:
			e.add(0, e.single(member.Item))
		case r.Kind == model.AntiAffinity:
			e.add(int64(m), int64(m)*(places+1)+2*int64(len(r.Members)-1)*e.single(member.Item))
		default:
			e.add(0, 2*y)
		}
	}
	switch r.Kind {
	case model.Affinity:
		e.add(places, places)
	case model.AntiAffinity:
		if r.Weight > 0 && slices.Contains(crowd(e.p, r), true) {
			more := places * int64(len(r.Members)-1)
			e.add(more, 3*more)
		}
	case model.Spread:
		e.spread(r, places)
	}
}

func (e *estimate) spread(r *model.Constraint, places int64) {
	total := int64(0)
	for _, member := range r.Members {
		total += member.Times / spreadUnit(r) * int64(e.p.Items[member.Item].Count)
	}
	low := max(total/places-ShareOf(e.p, r, places), 0)
	e.add(low, 2*low*(places+1))
	if r.Weight > 0 {
		e.add(total, total*(places+2))
		e.add(0, 3*places*min((low+1)*total, mostSteps))
	}
}

func (e *estimate) pair(k int32) {
	pair := &e.p.Pairs[k]
	if e.p.Matrix != nil {
		x, y := e.copies[pair.A], e.copies[pair.B]
		e.add(x*y, 3*x*y+x+y+2)
		return
	}
	a, b := &e.p.Items[pair.A], &e.p.Items[pair.B]
	steps := int64(1)
	if a.Count > 1 || b.Count > 1 {
		steps = int64(len(shareSteps(e.p, k)))
	}
	e.add(steps, 3*steps)
	for _, level := range e.p.Levels[:len(e.p.Levels)-1] {
		places := int64(len(e.p.Topologies[level.Topology].Member))
		e.counts(pair.A, level.Topology)
		e.counts(pair.B, level.Topology)
		e.add(places*steps, (4*places+e.single(pair.A)+e.single(pair.B))*steps+steps)
	}
}
