package sat

import "berth/encode"

// totalizerUpTo is the number of clauses above which a row is written as an adder
// where the clauses have to be complete.
const totalizerUpTo = 200_000

// Clauses encodes the whole program, and with atMost that its objective is at most
// that. The first variables are those of the program; every solution of the
// program extends to the others, and every solution of the clauses is one of the
// program.
func Clauses(g *encode.Program, atMost *int64) *CNF {
	e := NewEncoder(g)
	for k := range g.Rows {
		for _, s := range e.Sums(&g.Rows[k]) {
			e.AddWhole(s)
		}
	}
	if atMost != nil {
		e.AddWhole(e.Sum(Objective(g), *atMost-g.Offset))
	}
	return &e.CNF
}

// AddWhole adds a sum whatever its size.
func (e *Encoder) AddWhole(s *Sum) {
	if !e.AddSum(s, totalizerUpTo) {
		e.adder(s)
	}
}

// Objective returns the costs of the program as terms.
func Objective(g *encode.Program) []encode.Term {
	var terms []encode.Term
	for v := range g.Vars {
		if cost := g.Vars[v].Cost; cost != 0 {
			terms = append(terms, encode.Term{Var: int32(v), Coef: cost})
		}
	}
	return terms
}
