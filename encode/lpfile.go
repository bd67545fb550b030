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
		t.title(g, `\`, k)
		t.strings(" r", strconv.Itoa(k+1), ":")
		t.wrapped(r.Terms)
		t.strings(" ", [...]string{"<=", ">=", "="}[r.Sense], " ")
		t.int(r.RHS)
		t.WriteString("\n")
	}
	t.listed(g, "Bounds", Var.whole, func(v Var) string { return " <= " + strconv.FormatInt(v.Most, 10) })
	t.listed(g, "Generals", Var.whole, nil)
	t.listed(g, "Binaries", func(v Var) bool { return !v.whole() }, nil)
	t.WriteString("End\n")
	return t.Flush()
}

// whole says whether a variable has more values than 0 and 1.
func (v Var) whole() bool { return v.Most > 0 }

// listed writes a section with the variables for which of is true, each with what what says of
// it; nothing where there are none.
func (t *text) listed(g *Program, section string, of func(Var) bool, what func(Var) string) {
	some := false
	for k, v := range g.Vars {
		if !of(v) {
			continue
		}
		if !some {
			t.strings(section, "\n")
			some = true
		}
		t.strings(" x", strconv.Itoa(k+1))
		if what != nil {
			t.WriteString(what(v))
		}
		t.WriteString("\n")
	}
}
