package encode

import (
	"bufio"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
)

// Files for other solvers. In every format the variables are x1, x2, …, in the
// order of Vars, and where the format has comments they say what each of them and
// each row stands for. An objective is written without Offset, which not every
// reader takes, and divided by what divides all costs, since some hold 32 bits: an
// answer is brought back by the variables alone (ParseAnswer, Decode) and costed by
// the judge.

// text writes a file; the first error stays until flush.
type text struct {
	*bufio.Writer
	number []byte
}

func newText(w io.Writer) *text { return &text{Writer: bufio.NewWriterSize(w, 1<<16)} }

func (t *text) strings(list ...string) {
	for _, s := range list {
		t.WriteString(s)
	}
}

func (t *text) int(n int64) {
	t.number = strconv.AppendInt(t.number[:0], n, 10)
	t.Write(t.number)
}

// wrapped writes the terms "+3 x1 -2 x4" and breaks the line now and then: some
// readers have a limit.
func (t *text) wrapped(terms []Term) {
	const most = 12
	for k, term := range terms {
		if k > 0 && k%most == 0 {
			t.WriteString("\n")
		}
		t.WriteString(" ")
		t.signed(term)
	}
}

func (t *text) signed(term Term) {
	if term.Coef >= 0 {
		t.WriteString("+")
	}
	t.int(term.Coef)
	t.WriteString(" x")
	t.int(int64(term.Var) + 1)
}

// comment writes a line of comment, without what would end it early.
func (t *text) comment(lead, words string) {
	const most = 120
	clean := strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, words)
	if short := []rune(clean); len(short) > most {
		clean = string(short[:most]) + "…"
	}
	t.strings(lead, " ", clean, "\n")
}

// head writes what a file is about, and its variables.
func (t *text) head(g *Program, lead string) {
	kind := "placement "
	if g.Problem.Workflow != nil {
		kind = "workflow "
	}
	t.comment(lead, kind+g.Problem.Name)
	labels := map[int32]string{}
	label := func(i int32) string {
		name, known := labels[i]
		if !known {
			name = g.Problem.Label(i)
			labels[i] = name
		}
		return name
	}
	for v := range g.Vars {
		t.comment(lead, "x"+strconv.Itoa(v+1)+" = "+g.meaning(int32(v), label))
	}
}

// worth writes how a file's objective becomes a cost in the document's numbers.
func (t *text) worth(g *Program, lead string, s Scale) {
	t.comment(lead, "cost = "+g.Problem.Format(s.Unit)+" · objective + "+g.Problem.Format(s.Zero))
}

// title writes what a row stands for, once for rows that follow each other.
func (t *text) title(g *Program, lead string, row int) {
	if origin := g.Rows[row].Origin; origin.Kind != Definition && (row == 0 || g.Rows[row-1].Origin != origin) {
		t.comment(lead, g.Describe(row))
	}
}

// solid returns the program as files can hold it: with a variable and a row at least and no
// row without terms. A row without terms is one that never holds (see builder.row).
func (g *Program) solid() *Program {
	empty := func(r Row) bool { return len(r.Terms) == 0 }
	if len(g.Vars) > 0 && len(g.Rows) > 0 && !slices.ContainsFunc(g.Rows, empty) {
		return g
	}
	solid := *g
	if len(g.Vars) == 0 {
		solid.Vars = []Var{{}}
	}
	solid.Rows = slices.Clone(g.Rows)
	for k := range solid.Rows {
		if empty(solid.Rows[k]) {
			solid.Rows[k] = Row{Terms: []Term{{0, 1}}, Sense: AtLeast, RHS: 2, Origin: solid.Rows[k].Origin}
		}
	}
	if len(solid.Rows) == 0 {
		solid.Rows = []Row{{Terms: []Term{{0, 1}}, Sense: AtMost, RHS: 1, Origin: Origin{Kind: Definition, A: -1, B: -1}}}
	}
	return &solid
}

// everyCost lists the costs of all variables in units of a file's objective.
func (g *Program) everyCost() []Term {
	unit := g.costUnit()
	terms := make([]Term, len(g.Vars))
	for v := range g.Vars {
		terms[v] = Term{int32(v), g.Vars[v].Cost / unit}
	}
	return terms
}

// objective lists those that are not 0.
func (g *Program) objective() []Term {
	return slices.DeleteFunc(g.everyCost(), func(t Term) bool { return t.Coef == 0 })
}
