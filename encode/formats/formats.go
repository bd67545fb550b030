// Package formats lists the formats in which a program is written for other solvers.
package formats

import (
	"errors"
	"fmt"
	"io"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
)

// Format is a row of the list.
type Format struct {
	Name  string
	Short string // what it is and who reads it, in one line
	// Decides is true of a format without costs: it asks for any placement.
	Decides bool
	// Write writes the program. atMost, which may be nil, asks a format that decides
	// for a placement that costs no more units; the others minimise.
	Write func(w io.Writer, g *encode.Program, atMost *int64) error
	// Scale is that of the objective.
	Scale func(g *encode.Program) encode.Scale
	// Clausal is true where every row becomes clauses: a file is then some hundred
	// times the size of the program.
	Clausal bool
	// form is how the times of a workflow are written.
	form func(p *model.Problem) encode.Form
	// answers are the formats of answers to it, where they tell which it was.
	answers string
}

func bits(*model.Problem) encode.Form { return encode.Bits }

func whole(*model.Problem) encode.Form { return encode.Whole }

// All lists the formats.
func All() []Format {
	return []Format{
		{Name: "lp", Short: "CPLEX LP: HiGHS, SCIP, CBC, GLPK, Gurobi", Write: minimise(encode.WriteLP), Scale: (*encode.Program).Scale, form: encode.Stronger},
		{Name: "mps", Short: "free MPS: the same", Write: minimise(encode.WriteMPS), Scale: (*encode.Program).Scale, form: encode.Stronger},
		{Name: "opb", Short: "pseudo-boolean: clasp, RoundingSat, SCIP", Write: minimise(encode.WriteOPB), Scale: (*encode.Program).Scale, form: bits, answers: "sat"},
		{Name: "wcnf", Short: "MaxSAT: clasp, RC2, MaxHS", Write: minimise(writeWCNF), Scale: (*encode.Program).RaisedScale, Clausal: true, form: bits},
		{
			Name: "dimacs", Short: "SAT: is there a placement, or one that costs at most --at-most", Decides: true,
			Write: func(w io.Writer, g *encode.Program, atMost *int64) error {
				return encode.WriteDIMACS(w, g, clauses(g, atMost))
			},
			Scale: (*encode.Program).Scale, Clausal: true, form: bits,
		},
		{Name: "wcsp", Short: "weighted constraints: toulbar2", Write: minimise(encode.WriteWCSP), Scale: (*encode.Program).RaisedScale, form: bits, answers: "toulbar2"},
		{Name: "mzn", Short: "MiniZinc: Gecode, Chuffed, OR-Tools", Write: minimise(encode.WriteMiniZinc), Scale: (*encode.Program).Scale, form: whole, answers: "minizinc"},
	}
}

// Find returns the format of that name.
func Find(name string) (Format, bool) {
	for _, f := range All() {
		if f.Name == name {
			return f, true
		}
	}
	return Format{}, false
}

func minimise(write func(io.Writer, *encode.Program) error) func(io.Writer, *encode.Program, *int64) error {
	return func(w io.Writer, g *encode.Program, _ *int64) error { return write(w, g) }
}

func writeWCNF(w io.Writer, g *encode.Program) error { return encode.WriteWCNF(w, g, clauses(g, nil)) }

// clauses states a program as clauses, to be written.
func clauses(g *encode.Program, atMost *int64) encode.Clauses[sat.Lit] {
	c := sat.Clauses(g, atMost)
	return encode.Clauses[sat.Lit]{Vars: c.Vars, Count: c.Clauses, Each: func(f func([]sat.Lit)) { c.Since(0, f) }}
}

// mostTicked bounds the terms of a program with rows for every tick. Beyond that, binary
// digits are the better choice.
const mostTicked = 5_000_000

// ErrTooLarge is wrapped by the error of Program.
var ErrTooLarge = errors.New("too many to write")

// ForAnswer returns a format that may have been asked for an answer of that format, and
// whose program is that of all others that may.
func ForAnswer(answer string) Format {
	for _, f := range All() {
		if f.answers == answer {
			return f
		}
	}
	return All()[0]
}

// Program states a problem as the program that the format holds, unless it has more
// terms than that: the error then wraps ErrTooLarge.
func (f Format) Program(p *model.Problem, terms int64) (*encode.Program, error) {
	if p.Workflow != nil {
		var g *encode.Program
		if form := f.form(p); form == encode.Bits {
			g = encode.BuildBinary(p, -1, min(terms, mostTicked), encode.Allowance{Terms: terms})
		} else {
			g = encode.BuildSchedule(p, form, -1, terms)
		}
		if g != nil {
			return g, nil
		}
		return nil, fmt.Errorf("as a program it has more than %d terms, %w; try a part of it", terms, ErrTooLarge)
	}
	if v, t := encode.Estimate(p); t > terms {
		return nil, fmt.Errorf("as a program it has about %d variables and %d terms, %w; try a part of it", v, t, ErrTooLarge)
	}
	return encode.Build(p), nil
}
