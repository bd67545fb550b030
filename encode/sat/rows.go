package sat

import (
	"berth/encode"
	"berth/model/integer"
)

// Encoder adds the constraints of a program to a CNF whose first variables are
// those of the program.
type Encoder struct {
	CNF
	*structure
	known []int8 // by variable: 1 or -1 where it can only be 1 or 0; nil: nothing is noted
}

// NewEncoder returns an encoder without a clause yet, for all rows of a program
// together. O(size of the program).
func NewEncoder(g *encode.Program) *Encoder {
	s := newStructure(g, func(*encode.Row) bool { return true })
	return &Encoder{CNF: CNF{Vars: len(g.Vars)}, structure: s, known: make([]int8, len(g.Vars))}
}

// NewEncoderOfSome returns an encoder for a program of which only the trusted rows
// are sure to hold: what it adds for another row does not take any but these for
// granted.
func NewEncoderOfSome(g *encode.Program, trusted func(*encode.Row) bool) *Encoder {
	return &Encoder{CNF: CNF{Vars: len(g.Vars)}, structure: newStructure(g, trusted)}
}

// pairwiseUpTo is the size of an at-most-one that is written as all its pairs;
// larger ones get a chain of helping variables.
const pairwiseUpTo = 12

// Sums returns what is left to encode of a row: its two directions in normal
// form. Rows that the encoder knows as groups are added at once, since the normal
// form of all others takes them for granted.
func (e *Encoder) Sums(r *encode.Row) []*Sum {
	if IsGroup(r) {
		lits := literals(r.Terms)
		if r.Sense == encode.Equal {
			e.Add(lits...)
		}
		e.atMostOne(lits)
		return nil
	}
	var sums []*Sum
	if r.Sense != encode.AtMost {
		sums = append(sums, e.Sum(negated(r.Terms), -r.RHS))
	}
	if r.Sense != encode.AtLeast {
		sums = append(sums, e.Sum(r.Terms, r.RHS))
	}
	return sums
}

// AddSum adds a sum, unless it would take more than the given number of clauses:
// then it says false and adds only the literals that the sum fixes.
func (e *Encoder) AddSum(s *Sum, clauses int) bool {
	if e.settle(s) {
		return true
	}
	if lits, most, ok := s.cardinality(); ok {
		switch most {
		case int64(len(lits) - 1):
			e.Add(negations(lits)...)
			return true
		case 1:
			e.atMostOne(lits)
			return true
		}
	}
	_, ok := e.NewTotalizer(s, 1, clauses)
	return ok
}

// settle cuts the sum, divides it, and says whether nothing is left to say.
func (e *Encoder) settle(s *Sum) bool {
	if e.cut(s); s.Limit < 0 {
		return true
	}
	s.divide()
	return s.most() <= s.Limit
}

// cut forbids every step that is above the limit by itself and drops it. A limit
// below 0 makes the clauses false.
func (e *Encoder) cut(s *Sum) {
	if s.Limit < 0 {
		e.Add()
		return
	}
	kept := s.leaves[:0]
	for _, l := range s.leaves {
		n := len(l.steps)
		for n > 0 && l.steps[n-1].value > s.Limit {
			n--
			e.Fix(-l.steps[n].lit)
		}
		if l.steps = l.steps[:n]; n > 0 {
			kept = append(kept, l)
		}
	}
	s.leaves = kept
}

// Fix adds the literal as a clause, and what follows for the groups of its
// variable. Sums that are made later leave these variables out.
func (e *Encoder) Fix(l Lit) {
	e.Add(l)
	v := l.Var()
	if int(v) >= len(e.known) || e.known[v] != 0 {
		return
	}
	if e.known[v] = 1; l < 0 {
		e.known[v] = -1
	}
	for _, k := range e.of[v] {
		g := &e.groups[k]
		var open []int32
		for _, w := range g.members {
			if e.known[w] == 0 {
				open = append(open, w)
			}
		}
		switch {
		case l > 0:
			for _, w := range open {
				e.Fix(-Positive(w))
			}
		case g.exact && len(open) == 1 && !e.chosen(g):
			e.Fix(Positive(open[0]))
		}
	}
}

// chosen says whether a member of the group is known to be 1.
func (e *Encoder) chosen(g *group) bool {
	for _, v := range g.members {
		if e.known[v] > 0 {
			return true
		}
	}
	return false
}

// state is 1 or -1 where a variable is known to be 1 or 0, else 0.
func (e *Encoder) state(v int32) int8 {
	if e.known == nil {
		return 0
	}
	return e.known[v]
}

// cardinality recognises a sum that allows any `most` of some literals: all worth
// the same, or so much that this is what it comes to.
func (s *Sum) cardinality() (lits []Lit, most int64, ok bool) {
	low, low2, total := int64(1<<63-1), int64(1<<63-1), int64(0)
	high := int64(0)
	for k := range s.leaves {
		l := &s.leaves[k]
		if len(l.steps) > 1 {
			return nil, 0, false
		}
		value := l.most()
		lits, total, high = append(lits, l.steps[0].lit), integer.AddCapped(total, value), max(high, value)
		if value < low {
			low, low2 = value, low
		} else {
			low2 = min(low2, value)
		}
	}
	switch {
	case integer.AddCapped(low, low2) > s.Limit:
		return lits, 1, true
	case total-low <= s.Limit:
		return lits, int64(len(lits) - 1), true
	default:
		return lits, s.Limit / high, low == high
	}
}

// atMostOne adds the constraint that at most one literal is true: by pairs, or by
// the sequential counter of Sinz, "Towards an Optimal CNF Encoding of Boolean
// Cardinality Constraints" (CP 2005).
func (e *Encoder) atMostOne(lits []Lit) {
	if len(lits) <= pairwiseUpTo {
		for k, a := range lits {
			for _, b := range lits[:k] {
				e.Add(-a, -b)
			}
		}
		return
	}
	seen := lits[0] // some literal so far is true
	for _, l := range lits[1:] {
		e.Add(-seen, -l)
		next := e.New()
		e.Add(-seen, next)
		e.Add(-l, next)
		seen = next
	}
}

func literals(terms []encode.Term) []Lit {
	lits := make([]Lit, len(terms))
	for k, t := range terms {
		lits[k] = Positive(t.Var)
	}
	return lits
}

func negations(lits []Lit) []Lit {
	opposite := make([]Lit, len(lits))
	for k, l := range lits {
		opposite[k] = -l
	}
	return opposite
}
