package encode

import (
	"fmt"
	"io"
)

// A program as clauses has its own variables first, under the same numbers, and
// after them those that the clauses need to add up. Who makes the clauses is
// another matter (package sat); here they are only written down.

// WriteDIMACS writes clauses over variables 1…variables, as SAT solvers read them:
// is there a placement at all, or, where the clauses say so, one that is cheap
// enough.
func WriteDIMACS(w io.Writer, g *Program, variables int, clauses [][]int32) error {
	t := newText(w)
	t.head(g, "c")
	fmt.Fprintf(t, "p cnf %d %d\n", max(variables, 1), len(clauses))
	for _, clause := range clauses {
		t.clause(clause)
	}
	return t.Flush()
}

// WriteWCNF writes the program for MaxSAT solvers in the classic format: the
// clauses are hard, and every variable that costs something has a soft clause that
// wants it to be 0 (or 1, where that is cheaper), at that weight.
func WriteWCNF(w io.Writer, g *Program, variables int, clauses [][]int32) error {
	var soft []Term
	top := int64(1)
	for _, term := range g.objective() {
		if term.Coef != 0 {
			soft = append(soft, term)
			top += max(term.Coef, -term.Coef)
		}
	}
	t := newText(w)
	t.head(g, "c")
	fmt.Fprintf(t, "p wcnf %d %d %d\n", max(variables, g.columns()), len(clauses)+len(soft), top)
	for _, clause := range clauses {
		t.int(top)
		t.WriteString(" ")
		t.clause(clause)
	}
	for _, s := range soft {
		t.int(max(s.Coef, -s.Coef))
		t.WriteString(" ")
		if s.Coef > 0 {
			t.clause([]int32{-s.Var - 1})
		} else {
			t.clause([]int32{s.Var + 1})
		}
	}
	return t.Flush()
}

func (t *text) clause(literals []int32) {
	for _, literal := range literals {
		t.int(int64(literal))
		t.WriteString(" ")
	}
	t.WriteString("0\n")
}
