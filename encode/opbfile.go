package encode

import (
	"fmt"
	"io"
)

// WriteOPB writes the program in the format of the pseudo-boolean competitions,
// which has ≥ and = only: a row with ≤ is written with its signs turned.
func WriteOPB(w io.Writer, g *Program) error {
	t := newText(w)
	fmt.Fprintf(t, "* #variable= %d #constraint= %d\n", max(len(g.Vars), 1), max(len(g.Rows), 1))
	t.head(g, "*")
	t.worth(g, "*", g.Scale())
	g = g.solid()
	t.WriteString("min:")
	t.wrapped(g.objective())
	t.WriteString(" ;\n")
	for k := range g.Rows {
		r := &g.Rows[k]
		t.title(g, "*", k)
		sign := int64(1)
		if r.Sense == AtMost {
			sign = -1
		}
		for _, term := range r.Terms {
			t.signed(Term{term.Var, sign * term.Coef})
			t.WriteString(" ")
		}
		t.WriteString([...]string{">= ", ">= ", "= "}[r.Sense])
		t.int(sign * r.RHS)
		t.WriteString(" ;\n")
	}
	return t.Flush()
}
