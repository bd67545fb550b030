package encode

import (
	"bufio"
	"io"
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
	column int
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
	t.comment(lead, "placement "+g.Problem.Name)
	t.comment(lead, "cost in units = "+strconv.FormatInt(g.costUnit(), 10)+" · objective + "+strconv.FormatInt(g.Offset, 10))
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

// costUnit is what one unit of a file's objective stands for.
func (g *Program) costUnit() int64 {
	unit := int64(0)
	for v := range g.Vars {
		unit = gcd(unit, g.Vars[v].Cost)
	}
	return max(unit, 1)
}

// objective lists the costs in units of a file's objective.
func (g *Program) objective() []Term {
	unit := g.costUnit()
	var terms []Term
	for v := range g.Vars {
		if cost := g.Vars[v].Cost; cost != 0 {
			terms = append(terms, Term{int32(v), cost / unit})
		}
	}
	return filled(terms)
}

// filled returns the terms, or, where there are none and a format wants some, one
// that adds nothing. A file has one variable at least.
func filled(terms []Term) []Term {
	if len(terms) == 0 {
		return []Term{{0, 0}}
	}
	return terms
}

// columns is how many variables a file has.
func (g *Program) columns() int { return max(len(g.Vars), 1) }
