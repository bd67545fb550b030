package sat

import (
	"slices"

	"berth/encode"
)

// Sum brings Σ terms ≤ limit into normal form: values above 0 over leaves.
//
//   - Of a group with exactly one member at 1, the smallest coefficient is always
//     paid: it goes to the limit, and the rest is a leaf.
//   - Of a group with at most one, the positive coefficients are a leaf.
//   - A falling sequence is a leaf with the running sums as values; with negative
//     coefficients it is read backwards, over the negations.
//   - Any other negative coefficient goes to the negation of its variable.
func (e *Encoder) Sum(terms []encode.Term, limit int64) *Sum {
	s := &Sum{Limit: limit}
	left := map[int32]int64{}
	for _, t := range terms {
		switch {
		case e.state(t.Var) == 0:
			left[t.Var] = t.Coef
		case e.state(t.Var) > 0:
			s.Limit -= t.Coef
		}
	}
	for _, k := range e.covering(terms) {
		e.takeGroup(s, &e.groups[k], left)
	}
	rest := make([]encode.Term, 0, len(left))
	for _, t := range terms {
		if _, open := left[t.Var]; open {
			rest = append(rest, t)
		}
	}
	s.takeLines(e.structure, rest)
	return s
}

// takeGroup makes a leaf of a group where at least two of its members are left,
// and removes these from left.
func (e *Encoder) takeGroup(s *Sum, g *group, left map[int32]int64) {
	open, base := 0, int64(1<<63-1)
	for _, v := range g.members {
		if e.state(v) != 0 {
			continue
		}
		coef, found := left[v]
		if found {
			open++
		}
		base = min(base, coef)
	}
	if open < 2 {
		return
	}
	if !g.exact {
		base = 0
	}
	var steps []step
	for _, v := range g.members {
		coef, found := left[v]
		if e.state(v) != 0 || !found && !g.exact || coef < base {
			continue
		}
		delete(left, v)
		if coef > base {
			steps = append(steps, step{coef - base, Positive(v)})
		}
	}
	s.Limit -= base
	if len(steps) > 0 {
		s.leaves = append(s.leaves, newLeaf(steps, false))
	}
}

// takeLines makes leaves of terms that share no group: one of every stretch of a
// falling sequence with coefficients of one sign, one of each other variable.
func (s *Sum) takeLines(known *structure, terms []encode.Term) {
	slices.SortFunc(terms, func(a, b encode.Term) int { return int(a.Var) - int(b.Var) })
	for from := 0; from < len(terms); {
		to, first := from+1, terms[from]
		line := known.ranks[first.Var].line
		for to < len(terms) && line >= 0 && known.ranks[terms[to].Var].line == line &&
			(terms[to].Coef > 0) == (first.Coef > 0) {
			to++
		}
		s.takeLine(terms[from:to])
		from = to
	}
}

func (s *Sum) takeLine(terms []encode.Term) {
	steps := make([]step, 0, len(terms))
	total := int64(0)
	if terms[0].Coef > 0 {
		for _, t := range terms {
			total += t.Coef
			steps = append(steps, step{total, Positive(t.Var)})
		}
	} else {
		for _, t := range slices.Backward(terms) {
			total -= t.Coef
			steps = append(steps, step{total, -Positive(t.Var)})
		}
		s.Limit += total
	}
	s.leaves = append(s.leaves, newLeaf(steps, true))
}

// negated returns the terms with opposite coefficients.
func negated(terms []encode.Term) []encode.Term {
	opposite := make([]encode.Term, len(terms))
	for k, t := range terms {
		opposite[k] = encode.Term{Var: t.Var, Coef: -t.Coef}
	}
	return opposite
}
