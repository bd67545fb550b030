package engine

import (
	"cmp"
	"slices"
)

// clause is literals of which one must be true. The first two are watched; where the
// clause is a reason, the first is what it implied.
type clause struct {
	literals []Literal
	distance int32 // levels among its literals when it was learned (LBD); 0: never forgotten
	used     int64 // conflicts when it last took part in one
}

// watch belongs to a half and has to be looked at when its bound reaches at: then the
// literal that is watched is false. If other is true, nothing has to be done.
type watch struct {
	at     int64
	clause int32
	other  Literal
}

// AddClause adds a clause for good. It may be called between searches.
func (e *Engine) AddClause(literals ...Literal) {
	e.back(0)
	open := e.open[:0]
	for _, l := range literals {
		if e.True(l) {
			return
		}
		if !e.False(l) && !slices.Contains(open, l) {
			open = append(open, l)
		}
	}
	e.open = open
	switch len(open) {
	case 0:
		e.dead = true
	case 1:
		e.set(open[0], reason{})
	default:
		if len(open) > 2 || !e.imply(open[0], open[1]) {
			e.attach(clause{literals: slices.Clone(open)})
		}
	}
}

func (e *Engine) attach(c clause) int32 {
	k := int32(len(e.clauses))
	e.clauses = append(e.clauses, c)
	if c.distance > 0 {
		e.learned++
	}
	e.watch(k, c.literals[0], c.literals[1])
	e.watch(k, c.literals[1], c.literals[0])
	return k
}

func (e *Engine) watch(clause int32, l, other Literal) {
	not := l.Not()
	d := &e.drawers[not.Half]
	if d.first < 0 {
		d.first = int32(len(e.drawer))
		for range d.many {
			e.drawer = append(e.drawer, -1)
		}
	}
	k := &e.drawer[d.of(not.At)]
	if *k < 0 {
		*k = int32(len(e.watches))
		e.watches = append(e.watches, nil)
	}
	e.watches[*k] = append(e.watches[*k], watch{not.At, clause, other})
}

// drawers are where the watches of a half are kept: by bounds, so that those far above a
// rising bound are not looked at.
type drawers struct {
	low   int64 // the least bound that is watched
	first int32 // into drawer; −1 where nothing is watched yet
	many  int32
	shift uint8
}

// mostDrawers bounds those of a half.
const mostDrawers = 64

func newDrawers(low, high int64) drawers {
	d := drawers{low: low + 1, first: -1}
	for (high-d.low)>>d.shift >= mostDrawers {
		d.shift++
	}
	d.many = int32(max(high-d.low, 0)>>d.shift) + 1
	return d
}

func (d *drawers) of(at int64) int32 {
	return d.first + int32(min(int64(d.many-1), max(at-d.low, 0)>>d.shift))
}

// visit looks at the clauses with a watched literal that became false by a rising bound.
func (e *Engine) visit(h Half, old int64) bool {
	d := &e.drawers[h]
	if d.first < 0 {
		return true
	}
	for k := d.of(old + 1); k <= d.of(e.low[h]); k++ {
		if list := e.drawer[k]; list >= 0 && !e.visitDrawer(list, h, old) {
			return false
		}
	}
	return true
}

func (e *Engine) visitDrawer(place int32, h Half, old int64) bool {
	list := e.watches[place]
	low := e.low[h]
	e.steps += int64(2 * len(list))
	kept := 0
	for k := 0; k < len(list); k++ {
		w := list[k]
		if w.at > low || w.at <= old || e.True(w.other) {
			list[kept] = w
			kept++
			continue
		}
		e.steps += 20
		c := &e.clauses[w.clause]
		refuted := Literal{h, w.at}.Not()
		if c.literals[0] == refuted {
			c.literals[0], c.literals[1] = c.literals[1], refuted
		}
		first := c.literals[0]
		w.other = first
		if !e.True(first) {
			if e.replace(w.clause) {
				list = e.watches[place] // the new watch may be here
				continue
			}
			if !e.set(first, reason{kind: byClause, at: w.clause}) {
				kept += copy(list[kept:], list[k:])
				e.watches[place] = list[:kept]
				return false
			}
			low = e.low[h]
		}
		list[kept] = w
		kept++
	}
	e.watches[place] = list[:kept]
	return true
}

// replace watches another literal of a clause instead of its second, if one is not false.
func (e *Engine) replace(k int32) bool {
	literals := e.clauses[k].literals
	for i := 2; i < len(literals); i++ {
		if l := literals[i]; !e.False(l) {
			literals[1], literals[i] = l, literals[1]
			e.watch(k, l, literals[0])
			return true
		}
	}
	return false
}

// The learned clauses that may be there before half of them are forgotten, and by how
// much that grows.
const (
	firstForget = 3000
	moreForget  = 500
	keepAlways  = 2 // distance up to which a clause is kept
)

// forget drops the half of the learned clauses that spans most levels and was of no use
// for longest, and those that are true for good. Only between searches, when no clause is a
// reason.
//
// Source: G. Audemard and L. Simon, Predicting learnt clauses quality in modern SAT
// solvers, IJCAI 2009.
func (e *Engine) forget() {
	var candidates []int32
	for k := range e.clauses {
		if e.clauses[k].distance > keepAlways {
			candidates = append(candidates, int32(k))
		}
	}
	slices.SortFunc(candidates, func(a, b int32) int {
		x, y := &e.clauses[a], &e.clauses[b]
		return cmp.Or(cmp.Compare(x.distance, y.distance), cmp.Compare(y.used, x.used), cmp.Compare(b, a))
	})
	drop := make([]bool, len(e.clauses))
	for _, k := range candidates[len(candidates)/2:] {
		drop[k] = true
	}
	old := e.clauses
	e.clauses, e.learned = nil, 0
	for k := range e.watches {
		e.watches[k] = e.watches[k][:0]
	}
	for k := range old {
		if drop[k] || slices.ContainsFunc(old[k].literals, e.True) {
			continue
		}
		c := old[k]
		c.literals = slices.DeleteFunc(c.literals, e.False)
		switch len(c.literals) {
		case 0:
			e.dead = true
		case 1:
			e.set(c.literals[0], reason{})
		default:
			e.attach(c)
		}
	}
	e.limit += moreForget
}
