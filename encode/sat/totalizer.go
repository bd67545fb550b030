package sat

import (
	"slices"

	"berth/model/integer"
)

// The generalised totalizer: Joshi, Martins and Manquinho, "Generalized Totalizer
// Encoding for Pseudo-Boolean Constraints" (CP 2015), after Bailleux and Boufkhad,
// "Efficient CNF Encoding of Boolean Cardinality Constraints" (CP 2003), which it
// is where all values are 1.
//
// A binary tree stands over the leaves. A node has an output for every sum that
// the leaves below it can be worth, up to the limit; the output is true when they
// are worth at least that. Two true outputs of its children, a and b, imply the
// output a+b, or contradict each other where a+b is above the limit. Unit
// propagation then finds every literal that no longer fits.
//
// Departures: leaves are whole groups and sequences, not single literals, so the
// sums are far fewer; and outputs are ordered (each implies the one before), which
// makes one contradiction enough where the paper needs one for every pair. Nodes
// with few outputs are joined first. The size is the number of pairs of sums, and
// is found before a clause is written.

// Totalizer is a Sum in clauses whose limit can be lowered again and again. The
// root of its tree has no outputs, which would be the most by far: its two children
// contradict each other where they are above the limit of the day.
type Totalizer struct {
	left, right node
	unit        int64
}

// NewTotalizer writes a sum with its values in multiples of unit, rounded down, so
// that with a unit above 1 it is a weaker constraint and a smaller one. It says
// false and writes nothing but the order of the leaves where it would take more
// than the given number of clauses.
func (e *Encoder) NewTotalizer(s *Sum, unit int64, clauses int) (*Totalizer, bool) {
	for k := range s.leaves {
		e.order(&s.leaves[k])
	}
	c := s.coarse(unit)
	t := &Totalizer{unit: unit}
	if e.cut(c); c.Limit < 0 || len(c.leaves) == 0 {
		return t, true
	}
	p, ok := planTotalizer(c, clauses)
	if !ok {
		return nil, false
	}
	t.left, t.right = e.total(c, p)
	e.Lower(t, s.Limit, 0)
	return t, true
}

// Lower limits the sum to less than so far: always, or, with a literal, where that
// is true. The limit is 0 at least. O(outputs of the root's children) clauses.
func (e *Encoder) Lower(t *Totalizer, limit int64, where Lit) {
	most := integer.FloorDiv(limit, t.unit)
	j := len(t.right.sums)
	for i := -1; i < len(t.left.sums); i++ {
		clause, sum := make([]Lit, 0, 3), int64(0)
		if where != 0 {
			clause = append(clause, -where)
		}
		if i >= 0 {
			clause, sum = append(clause, -t.left.lits[i]), t.left.sums[i]
		}
		if sum > most {
			e.Add(clause...) // and all later ones imply this one
			return
		}
		before := j
		for j > 0 && t.right.sums[j-1] > most-sum {
			j--
		}
		if j < before {
			e.Add(append(clause, -t.right.lits[j])...)
		}
	}
}

// node is what a set of leaves may be worth: the literal k is true when it is at
// least sums[k]. Each literal implies the one before it.
type node struct {
	sums []int64
	lits []Lit
}

// plan is the shape of a tree before its literals exist: first the leaves, then
// the inner nodes, the root last.
type plan struct {
	nodes   []planned
	clauses int
}

type planned struct {
	left, right int
	sums        []int64
}

// planTotalizer plans the tree for a sum whose steps are all within its limit. It
// says false where that would take more than the given number of clauses.
func planTotalizer(s *Sum, clauses int) (*plan, bool) {
	p := &plan{}
	layer := make([]int, len(s.leaves))
	for k := range s.leaves {
		p.nodes = append(p.nodes, planned{sums: s.leaves[k].distinct()})
		p.clauses += 2 * len(s.leaves[k].steps)
		layer[k] = k
	}
	for len(layer) > 1 {
		slices.SortStableFunc(layer, func(a, b int) int { return len(p.nodes[a].sums) - len(p.nodes[b].sums) })
		next := layer[:0:0]
		for k := 0; k+1 < len(layer); k += 2 {
			a, b := p.nodes[layer[k]].sums, p.nodes[layer[k+1]].sums
			inner := planned{left: layer[k], right: layer[k+1]}
			if len(layer) > 2 {
				p.clauses += (len(a) + 1) * (len(b) + 1)
				if p.clauses > clauses {
					return nil, false
				}
				inner.sums = joinedSums(a, b, s.Limit)
			}
			p.clauses += len(a) + len(inner.sums)
			next = append(next, len(p.nodes))
			p.nodes = append(p.nodes, inner)
		}
		if len(layer)%2 == 1 {
			next = append(next, layer[len(layer)-1])
		}
		layer = next
	}
	return p, p.clauses <= clauses
}

// distinct lists the values of a leaf, each once.
func (l *leaf) distinct() []int64 {
	values := make([]int64, 0, len(l.steps))
	for _, st := range l.steps {
		if n := len(values); n == 0 || values[n-1] != st.value {
			values = append(values, st.value)
		}
	}
	return values
}

// joinedSums lists what two nodes may be worth together, up to the limit.
func joinedSums(a, b []int64, limit int64) []int64 {
	sums := make([]int64, 0, len(a)*len(b)+len(a)+len(b))
	sums = append(append(sums, a...), b...)
	for _, x := range a {
		for _, y := range b {
			if y > limit-x {
				break
			}
			sums = append(sums, x+y)
		}
	}
	slices.Sort(sums)
	return slices.Clone(slices.Compact(sums))
}

// total writes the planned tree and returns the two nodes below its root.
func (e *Encoder) total(s *Sum, p *plan) (left, right node) {
	nodes := make([]node, len(p.nodes))
	for k := range s.leaves {
		nodes[k] = e.order(&s.leaves[k])
	}
	root := len(p.nodes) - 1
	for k := len(s.leaves); k < root; k++ {
		inner := &p.nodes[k]
		nodes[k] = e.join(nodes[inner.left], nodes[inner.right], inner.sums, s.Limit)
	}
	if root == 0 {
		return nodes[0], node{}
	}
	return nodes[p.nodes[root].left], nodes[p.nodes[root].right]
}

// join writes the node over a and b.
func (e *Encoder) join(a, b node, sums []int64, limit int64) node {
	out := node{sums: sums, lits: make([]Lit, len(sums))}
	for k := range sums {
		out.lits[k] = e.New()
		if k > 0 {
			e.Add(-out.lits[k], out.lits[k-1])
		}
	}
	for i := -1; i < len(a.sums); i++ {
		for j := -1; j < len(b.sums); j++ {
			clause, sum := make([]Lit, 0, 3), int64(0)
			if i >= 0 {
				clause, sum = append(clause, -a.lits[i]), a.sums[i]
			}
			if j >= 0 {
				clause = append(clause, -b.lits[j])
				if b.sums[j] > limit-sum {
					e.Add(clause...) // and so do all later ones of b: they imply this one
					break
				}
				sum += b.sums[j]
			}
			if k, found := slices.BinarySearch(sums, sum); found {
				e.Add(append(clause, out.lits[k])...)
			}
		}
	}
	return out
}

// order turns a leaf into a node: in place, so that it is done once. A group gets
// a literal for every distinct value, true when the chosen member is worth that or
// more.
func (e *Encoder) order(l *leaf) node {
	if !l.ordered {
		l.steps, l.ordered = e.ladder(l.steps), true
	}
	var n node
	for _, st := range l.steps {
		n.sums, n.lits = append(n.sums, st.value), append(n.lits, st.lit)
	}
	return n
}

func (e *Encoder) ladder(steps []step) []step {
	var rungs []step // from the highest
	for to := len(steps); to > 0; {
		from := to - 1
		for from > 0 && steps[from-1].value == steps[to-1].value {
			from--
		}
		if to == len(steps) && from == to-1 {
			rungs = append(rungs, steps[from])
		} else {
			rung := e.New()
			for _, st := range steps[from:to] {
				e.Add(-st.lit, rung)
			}
			if len(rungs) > 0 {
				e.Add(-rungs[len(rungs)-1].lit, rung)
			}
			rungs = append(rungs, step{steps[from].value, rung})
		}
		to = from
	}
	slices.Reverse(rungs)
	return rungs
}
