package encode

import (
	"io"
	"strconv"
)

// WriteLP writes the program in CPLEX's LP format, as HiGHS, SCIP, CBC and GLPK
// read it. The objective names every variable, at 0 too: SCIP refuses to declare
// one that occurs nowhere.
func WriteLP(w io.Writer, g *Program) error {
	t := newText(w)
	t.head(g, `\`)
	t.worth(g, `\`, g.Scale())
	g = g.solid()
	t.WriteString("Minimize\n obj:")
	t.wrapped(g.everyCost())
	t.WriteString("\nSubject To\n")
	for k := range g.Rows {
		r := &g.Rows[k]
		if r.Origin.Kind != Definition {
			t.comment(`\`, g.Describe(k))
		}
		t.strings(" r", strconv.Itoa(k+1), ":")
		t.wrapped(r.Terms)
		t.strings(" ", [...]string{"<=", ">=", "="}[r.Sense], " ")
		t.int(r.RHS)
		t.WriteString("\n")
	}
	t.WriteString("Binaries\n")
	for v := range g.Vars {
		t.strings(" x", strconv.Itoa(v+1), "\n")
	}
	t.WriteString("End\n")
	return t.Flush()
}
