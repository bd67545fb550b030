package encode

import (
	"berth/model"
)

// The program of a placement, part by part. Where things are is stated by unary
// variables y(i,j,k), "at least k copies of item i are on node j": identical
// copies are never told apart, and what a copy costs may depend on how many are
// there already. copies.go states them with assignment, capacity and open nodes;
// places.go counts them by rack or zone; rules.go and traffic.go say the rest in
// terms of both. Helping variables are made only where a row needs them.

// Build states the problem as a 0/1 program. Time and memory are O(size of the
// program), which may be far more than that of the problem: ask Estimate first.
func Build(p *model.Problem) *Program {
	b := &builder{g: &Program{Problem: p, Offset: p.Offset}, p: p, counted: map[placeKey]placeVars{}}
	if p.Impossible != "" {
		b.row(AtLeast, 1, Origin{Kind: NeverPossible, A: -1, B: -1})
		return b.g
	}
	b.copies()
	b.assignment()
	b.capacities()
	b.apart()
	b.uplinks()
	b.stays()
	for c := range p.Constraints {
		b.rule(int32(c))
	}
	for k := range p.Pairs {
		b.pair(int32(k))
	}
	return b.g
}

// builder makes a Program.
type builder struct {
	g *Program
	p *model.Problem

	slots []slot  // all (item, node) that go together, by item, then node
	of    []int32 // slots of item i: slots[of[i]:of[i+1]]
	out   []int32 // by item: its first Out variable, or -1
	open  []int32 // by node: its Opened variable, or -1

	counted map[placeKey]placeVars // counts by place that have variables of their own

	terms []Term  // of the row being made
	arena []Term  // where the terms of finished rows lie
	lists []int32 // where lists of variables lie
}

// slot is an item on a node: depth copies at most, with variables first,
// first+1, … for the first, second, … of them.
type slot struct{ item, node, first, depth int32 }

// variable adds a variable.
func (b *builder) variable(v Var) int32 {
	b.g.Vars = append(b.g.Vars, v)
	return int32(len(b.g.Vars) - 1)
}

// sequence adds variables "at least 1", …, "at least n" with the rows that order
// them, and returns the first. v.Nth and v.Cost are those of the first.
func (b *builder) sequence(v Var, n int32) int32 {
	first := int32(len(b.g.Vars))
	for k := range n {
		b.variable(v)
		v.Nth++
		if k > 0 {
			b.implies(first+k, first+k-1)
		}
	}
	return first
}

// term adds a term to the row being made. No variable comes twice in a row.
func (b *builder) term(v int32, coef int64) {
	b.terms = append(b.terms, Term{v, coef})
}

// sum adds a term for each variable of a list.
func (b *builder) sum(list []int32, coef int64) {
	for _, v := range list {
		b.term(v, coef)
	}
}

// row ends the row being made. One without terms that holds is left out.
func (b *builder) row(sense Sense, rhs int64, origin Origin) {
	r := Row{Terms: b.terms, Sense: sense, RHS: rhs, Origin: origin}
	r.reduce()
	if len(b.terms) > 0 || !r.holds(0) {
		r.Terms = keep(&b.arena, b.terms)
		b.g.Rows = append(b.g.Rows, r)
	}
	b.terms = b.terms[:0]
}

// implies adds the row low ≤ high.
func (b *builder) implies(low, high int32) {
	b.term(low, 1)
	b.term(high, -1)
	b.row(AtMost, 0, Origin{Kind: Definition, A: -1, B: -1})
}

// define ends a row that ties helping variables.
func (b *builder) define(sense Sense, rhs int64) {
	b.row(sense, rhs, Origin{Kind: Definition, A: -1, B: -1})
}

// keep copies a list into the arena, which grows in large pieces: a program has
// millions of short lists.
func keep[T any](arena *[]T, list []T) []T {
	const piece = 1 << 14
	if cap(*arena)-len(*arena) < len(list) {
		*arena = make([]T, 0, max(piece, len(list)))
	}
	from := len(*arena)
	*arena = append(*arena, list...)
	return (*arena)[from:len(*arena):len(*arena)]
}
