package encode

import (
	"fmt"
	"io"
)

// WriteWCSP writes the program as a weighted constraint network for toulbar2: the
// variables have values 0 and 1, costs are unary functions (counted from the
// cheaper value, as they may not be negative), and every row is a knapsack, which
// says Σ weight·variable ≥ capacity. An equality becomes two. The format has no
// comments.
func WriteWCSP(w io.Writer, g *Program) error {
	t := newText(w)
	g = g.solid()
	costs := g.objective()
	functions, top := len(costs), int64(1)
	for _, c := range costs {
		top += max(c.Coef, -c.Coef)
	}
	for k := range g.Rows {
		functions++
		if g.Rows[k].Sense == Equal {
			functions++
		}
	}
	fmt.Fprintf(t, "berth %d 2 %d %d\n", len(g.Vars), functions, top)
	for range g.Vars {
		t.WriteString("2 ")
	}
	t.WriteString("\n")
	for _, c := range costs {
		value := 1
		if c.Coef < 0 {
			value = 0
		}
		fmt.Fprintf(t, "1 %d 0 1\n%d %d\n", c.Var, value, max(c.Coef, -c.Coef))
	}
	for k := range g.Rows {
		r := &g.Rows[k]
		if r.Sense != AtMost {
			t.knapsack(r, 1)
		}
		if r.Sense != AtLeast {
			t.knapsack(r, -1)
		}
	}
	return t.Flush()
}

// knapsack writes sign · left side ≥ sign · right side.
func (t *text) knapsack(r *Row, sign int64) {
	t.int(int64(len(r.Terms)))
	for _, term := range r.Terms {
		t.WriteString(" ")
		t.int(int64(term.Var))
	}
	t.WriteString(" -1 knapsack ")
	t.int(sign * r.RHS)
	for _, term := range r.Terms {
		t.WriteString(" ")
		t.int(sign * term.Coef)
	}
	t.WriteString("\n")
}
