package engine

import (
	"fmt"

	"berth/search"
)

// analysis is what the analysis of conflicts keeps.
type analysis struct {
	need    []int64 // by half: it has to be at least that
	needed  []bool  // by half
	place   []int32 // by half: the entry of the trail that made it so
	halves  []Half  // that are needed, or were
	found   []Literal
	reasons []Literal
	seen    []int64 // by level: the conflict that counted it last
}

func newAnalysis(halves int) analysis {
	return analysis{need: make([]int64, 0, halves), needed: make([]bool, 0, halves), place: make([]int32, 0, halves)}
}

func (a *analysis) grow() {
	a.need = append(a.need, 0, 0)
	a.needed = append(a.needed, false, false)
	a.place = append(a.place, -1, -1)
}

// entryOf is the entry of the trail by which a true literal became true; −1: it always
// was.
func (e *Engine) entryOf(l Literal) int32 {
	k := e.last[l.Half]
	for k >= 0 && e.trail[k].old >= l.At {
		k = e.trail[k].previous
	}
	return k
}

// levelOf is the level of a true literal.
func (e *Engine) levelOf(l Literal) int32 {
	if k := e.entryOf(l); k >= 0 {
		return e.trail[k].level
	}
	return 0
}

// learn makes a clause of the conflict, goes back to where it implies something, and
// asserts that. False: nothing is feasible.
func (e *Engine) learn() bool {
	e.Conflicts++
	top := int32(0)
	for _, l := range e.conflict {
		top = max(top, e.levelOf(l))
	}
	if top == 0 {
		return false
	}
	e.back(int(top)) // a conflict may be found later than it arose
	learned := e.firstPoint(top)
	if e.Learned != nil {
		e.Learned(learned)
	}
	e.cool()
	if len(learned) == 1 {
		e.back(0)
		return e.set(learned[0], reason{})
	}
	second, distance := 1, int32(1)
	highest := int32(0)
	for k, l := range learned[1:] {
		at := e.levelOf(l.Not())
		if at > highest {
			second, highest = k+1, at
		}
		if e.seen[at] != e.Conflicts {
			e.seen[at] = e.Conflicts
			distance++
		}
	}
	learned[1], learned[second] = learned[second], learned[1]
	e.back(int(highest))
	if len(learned) == 2 && e.imply(learned[0], learned[1]) {
		return e.set(learned[0], reason{kind: byBooleans, at: int32(learned[1].Half ^ 1), size: -1})
	}
	k := e.attach(clause{literals: append([]Literal(nil), learned...), distance: distance, used: e.Conflicts})
	return e.set(learned[0], reason{kind: byClause, at: k})
}

// firstPoint resolves the conflict until one literal of its level is left, and returns
// the clause: that literal's negation first.
func (e *Engine) firstPoint(top int32) []Literal {
	for len(e.seen) <= int(top) {
		e.seen = append(e.seen, 0)
	}
	start := int32(e.levels[top-1].trail)
	here := 0 // literals of the level
	add := func(l Literal) {
		k := e.entryOf(l)
		if k < 0 || e.trail[k].level == 0 {
			return
		}
		if e.needed[l.Half] {
			if e.need[l.Half] >= l.At {
				return
			}
			if e.place[l.Half] >= start {
				here--
			}
		} else {
			e.needed[l.Half] = true
			e.halves = append(e.halves, l.Half)
			e.bump(l.Half)
		}
		e.need[l.Half], e.place[l.Half] = l.At, k
		if k >= start {
			here++
		}
	}
	for _, l := range e.conflict {
		add(l)
	}
	var point Literal
	for k := int32(len(e.trail) - 1); ; k-- {
		t := &e.trail[k]
		if !e.needed[t.half] || e.place[t.half] != k {
			continue
		}
		l := Literal{t.half, e.need[t.half]}
		if here == 1 {
			point = l
			break
		}
		here--
		e.needed[t.half] = false
		if t.reason.kind == byClause {
			e.clauses[t.reason.at].used = e.Conflicts
		}
		e.reasons = e.explain(e.reasons[:0], l, t.reason)
		e.steps += int64(10 * len(e.reasons))
		for _, r := range e.reasons {
			if search.Tripwire && (!e.True(r) || e.entryOf(r) >= k) {
				panic(fmt.Sprintf("engine: %v is explained by %v, which was not true then", l, r))
			}
			add(r)
		}
	}
	e.found = append(e.found[:0], point.Not())
	for _, h := range e.halves {
		if e.needed[h] && h != point.Half && !e.redundant(h) {
			e.found = append(e.found, Literal{h, e.need[h]}.Not())
		}
	}
	for _, h := range e.halves {
		e.needed[h] = false
	}
	e.halves = e.halves[:0]
	return e.found
}

// redundant says whether a needed literal follows by its reason from other needed ones.
// Only those that came before it count, so that no two are dropped for each other.
func (e *Engine) redundant(h Half) bool {
	t := &e.trail[e.place[h]]
	if t.reason.kind == decided {
		return false
	}
	e.reasons = e.explain(e.reasons[:0], Literal{h, e.need[h]}, t.reason)
	for _, r := range e.reasons {
		if e.needed[r.Half] && e.place[r.Half] < e.place[h] && e.need[r.Half] >= r.At {
			continue
		}
		if k := e.entryOf(r); k >= 0 && e.trail[k].level > 0 {
			return false
		}
	}
	return true
}
