package sat

import (
	"cmp"
	"slices"

	"berth/model/integer"
)

// Lazy is a Sum of which clauses are written only when an assignment breaks it:
// the cover inequalities of the knapsack (Balas 1975) as clauses, made when they
// are needed as in lazy clause generation (Ohrimenko, Stuckey and Codish 2009).
//
// What a leaf is worth is said by an order literal, "at least v", not by the
// member that happened to be chosen, and v is lowered as far as the clause stays
// true. So one clause forbids every assignment that is as much too heavy for the
// same reason.
type Lazy struct {
	encoder *Encoder
	limit   int64
	raw     []leaf // as given: says what a leaf is worth in an assignment
	nodes   []node // the same leaves with their order literals
}

// NewLazy takes a sum to watch. It adds the order literals of its leaves, which
// stay shared with the sum.
func (e *Encoder) NewLazy(s *Sum) *Lazy {
	z := &Lazy{encoder: e, limit: s.Limit, raw: slices.Clone(s.leaves)}
	for k := range s.leaves {
		z.nodes = append(z.nodes, e.order(&s.leaves[k]))
	}
	z.Lower(s.Limit)
	return z
}

// Limit is what the leaves may be worth together.
func (z *Lazy) Limit() int64 { return z.limit }

// Lower replaces the limit by a lower one and forbids what by itself is above it.
func (z *Lazy) Lower(limit int64) {
	z.limit = limit
	if limit < 0 {
		z.encoder.Add()
		return
	}
	for k := range z.nodes {
		n := &z.nodes[k]
		for at := len(n.sums) - 1; at >= 0 && n.sums[at] > limit; at-- {
			z.encoder.Add(-n.lits[at])
			n.sums, n.lits = n.sums[:at], n.lits[:at]
		}
	}
}

// Forbid adds a clause that an assignment breaks, if the assignment is above the
// limit, and says whether it was. O(literals).
func (z *Lazy) Forbid(value func(Lit) bool) bool {
	type part struct {
		leaf int
		at   int // index of its order literal
	}
	var parts []part
	total := int64(0)
	for k := range z.raw {
		worth := z.raw[k].worth(value)
		if worth == 0 {
			continue
		}
		total = integer.AddCapped(total, worth)
		at, _ := slices.BinarySearch(z.nodes[k].sums, worth)
		parts = append(parts, part{k, at})
	}
	if total <= z.limit {
		return false
	}
	slack := total - z.limit - 1
	worth := func(p part) int64 { return z.nodes[p.leaf].sums[p.at] }
	slices.SortStableFunc(parts, func(a, b part) int { return cmp.Compare(worth(a), worth(b)) })
	kept := parts[:0]
	for _, p := range parts {
		if v := worth(p); v <= slack {
			slack -= v
		} else {
			kept = append(kept, p)
		}
	}
	var clause []Lit
	for _, p := range kept {
		for p.at > 0 && worth(p)-z.nodes[p.leaf].sums[p.at-1] <= slack {
			slack -= worth(p) - z.nodes[p.leaf].sums[p.at-1]
			p.at--
		}
		clause = append(clause, -z.nodes[p.leaf].lits[p.at])
	}
	z.encoder.Add(clause...)
	return true
}
