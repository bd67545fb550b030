package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/big"

	"github.com/spf13/cobra"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
)

// writers are the formats of other solvers.
var writers = []struct {
	name, short string
	write       func(io.Writer, *encode.Program) error
}{
	{"lp", "CPLEX LP: HiGHS, SCIP, CBC, GLPK, Gurobi", encode.WriteLP},
	{"mps", "free MPS: the same", encode.WriteMPS},
	{"opb", "pseudo-boolean: clasp, RoundingSat, SCIP", encode.WriteOPB},
	{"wcnf", "MaxSAT: clasp, RC2, MaxHS", func(w io.Writer, g *encode.Program) error {
		return encode.WriteWCNF(w, g, clauses(g, nil))
	}},
	{"dimacs", "SAT: is there a placement, or one that costs at most --at-most", nil},
	{"wcsp", "weighted constraints: toulbar2", encode.WriteWCSP},
}

// most is how many terms of a program are written out; more would fill memory and
// no solver would read it.
const most = 200_000_000

func (a *app) encodeCommand() *cobra.Command {
	s := &source{}
	var formats []string
	long := `encode states an instance as a 0/1 program or as clauses and writes it for another
solver. decode reads that solver's answer back. Formats:

`
	for _, w := range writers {
		formats = append(formats, w.name)
		long += fmt.Sprintf("    %-7s %s\n", w.name, w.short)
	}
	c := &cobra.Command{
		Use:   "encode FILE --to FORMAT",
		Short: "Write an instance for another solver",
		Long:  long,
		Example: `  berth encode shop.yaml --to lp --output shop.lp
  cbc shop.lp solve solution shop.txt
  berth decode shop.yaml shop.txt

  berth encode shop.yaml --to dimacs --at-most 300 | cadical`,
		Args: files("FILE"),
	}
	set := c.Flags()
	s.flags(set)
	var to string
	flag(set, &to, "to", "", "format", "format to write, see above", oneOf(formats...))
	var atMost model.Decimal
	flag(set, &atMost, "at-most", "", "cost", "with dimacs: ask for a placement that costs no more", model.ParseDecimal)
	completes(c, "to", formats)
	out := a.outputFlag(set)
	c.RunE = a.verb(func(args []string) error {
		switch {
		case to == "":
			return fmt.Errorf("--to is missing; name one of %s", list(formats))
		case set.Changed("at-most") && to != "dimacs":
			return errors.New("--at-most goes with --to dimacs only; the other formats minimise")
		}
		if err := out.check(); err != nil {
			return err
		}
		q, err := a.question(args[0], s)
		if err != nil {
			return err
		}
		g, err := program(q.problem)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		var b bytes.Buffer
		for _, w := range writers {
			switch {
			case w.name != to:
			case w.write != nil:
				err = w.write(&b, g)
			default:
				var limit *int64
				if set.Changed("at-most") {
					limit = atMostUnits(q.problem, atMost)
				}
				err = encode.WriteDIMACS(&b, g, clauses(g, limit))
			}
		}
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		return out.write(b.Bytes())
	})
	return c
}

// clauses states a program as clauses, to be written.
func clauses(g *encode.Program, atMost *int64) encode.Clauses[sat.Lit] {
	c := sat.Clauses(g, atMost)
	return encode.Clauses[sat.Lit]{Vars: c.Vars, Count: c.Clauses, Each: func(f func([]sat.Lit)) { c.Since(0, f) }}
}

// program states a problem as a 0/1 program, unless it is too large to be of use.
func program(p *model.Problem) (*encode.Program, error) {
	if vars, terms := encode.Estimate(p); terms > most {
		return nil, fmt.Errorf("as a program it has about %d variables and %d terms, too many to write; try a part of it", vars, terms)
	}
	return encode.Build(p), nil
}

// atMostUnits states a cost in units, rounded down; a cost beyond them all is no
// limit.
func atMostUnits(p *model.Problem, cost model.Decimal) *int64 {
	units, exact := p.Units(new(big.Rat).SetFrac64(int64(cost), int64(model.DecimalOne)))
	if !exact {
		units.Sub(units, big.NewInt(1))
	}
	if !units.IsInt64() {
		return nil
	}
	limit := units.Int64()
	return &limit
}
