package encode

import (
	"fmt"
	"io"
)

// WriteMPS writes the program in the MPS format. The fields are separated by
// blanks, as free readers want them, and start in the columns that fixed readers
// look at (up to ten million rows and variables and numbers of twelve digits).
func WriteMPS(w io.Writer, g *Program) error {
	t := newText(w)
	t.head(g, "*")
	t.worth(g, "*", g.Scale())
	g = g.solid()
	t.WriteString("NAME          berth\nROWS\n N  obj\n")
	for k := range g.Rows {
		t.title(g, "*", k)
		fmt.Fprintf(t, " %c  r%d\n", "LGE"[g.Rows[k].Sense], k+1)
	}
	t.WriteString("COLUMNS\n    MARKER    'MARKER'                 'INTORG'\n")
	g.writeColumns(t)
	t.WriteString("    MARKER    'MARKER'                 'INTEND'\nRHS\n")
	for k := range g.Rows {
		if g.Rows[k].RHS != 0 {
			fmt.Fprintf(t, "    RHS       r%-7d  %d\n", k+1, g.Rows[k].RHS)
		}
	}
	t.WriteString("BOUNDS\n")
	for v := range g.Vars {
		if most := g.Vars[v].Most; most > 0 {
			fmt.Fprintf(t, " UP BND       x%-7d  %d\n", v+1, most)
		} else {
			fmt.Fprintf(t, " BV BND       x%d\n", v+1)
		}
	}
	t.WriteString("ENDATA\n")
	return t.Flush()
}

// writeColumns writes the coefficients by variable.
func (g *Program) writeColumns(t *text) {
	type entry struct {
		row  int32
		coef int64
	}
	start := make([]int, len(g.Vars)+1) // first the end of each, then, as it fills, its start
	for k := range g.Rows {
		for _, term := range g.Rows[k].Terms {
			start[term.Var]++
		}
	}
	for v := range g.Vars {
		start[v+1] += start[v]
	}
	entries := make([]entry, start[len(g.Vars)])
	for k := len(g.Rows) - 1; k >= 0; k-- {
		for _, term := range g.Rows[k].Terms {
			start[term.Var]--
			entries[start[term.Var]] = entry{int32(k), term.Coef}
		}
	}
	for v, cost := range g.everyCost() {
		fmt.Fprintf(t, "    x%-7d  obj       %d\n", v+1, cost.Coef)
		for _, e := range entries[start[v]:start[v+1]] {
			fmt.Fprintf(t, "    x%-7d  r%-7d  %d\n", v+1, e.row+1, e.coef)
		}
	}
}
