package encode

import (
	"fmt"
	"io"
)

// Clauses are a program in clauses: its own variables come first, under the same
// numbers, then those that the clauses need to add up. Package sat makes them; here
// they are only written down.
type Clauses[Literal ~int32] struct {
	Vars  int                            // in all
	Count int                            // of clauses
	Each  func(f func(clause []Literal)) // calls f on every clause; the slice is lent
}

// WriteDIMACS writes clauses as SAT solvers read them: is there a placement at
// all, or, where the clauses say so, one that is cheap enough.
func WriteDIMACS[Literal ~int32](w io.Writer, g *Program, clauses Clauses[Literal]) error {
	t := newText(w)
	t.head(g, "c")
	fmt.Fprintf(t, "p cnf %d %d\n", max(clauses.Vars, 1), clauses.Count)
	clauses.Each(func(clause []Literal) { writeClause(t, clause) })
	return t.Flush()
}

// WriteWCNF writes the program for MaxSAT solvers in the classic format: the
// clauses are hard, and every variable that costs something has a soft clause that
// wants it to be 0 (or 1, where that is cheaper), at that weight.
func WriteWCNF[Literal ~int32](w io.Writer, g *Program, clauses Clauses[Literal]) error {
	soft := g.objective()
	top := int64(1)
	for _, term := range soft {
		top += max(term.Coef, -term.Coef)
	}
	t := newText(w)
	t.head(g, "c")
	t.worth(g, "c", g.RaisedScale())
	fmt.Fprintf(t, "p wcnf %d %d %d\n", max(clauses.Vars, 1), clauses.Count+len(soft), top)
	clauses.Each(func(clause []Literal) {
		t.int(top)
		t.WriteString(" ")
		writeClause(t, clause)
	})
	for _, s := range soft {
		t.int(max(s.Coef, -s.Coef))
		t.WriteString(" ")
		literal := s.Var + 1
		if s.Coef > 0 {
			literal = -literal
		}
		writeClause(t, []int32{literal})
	}
	return t.Flush()
}

func writeClause[Literal ~int32](t *text, clause []Literal) {
	for _, literal := range clause {
		t.int(int64(literal))
		t.WriteString(" ")
	}
	t.WriteString("0\n")
}
