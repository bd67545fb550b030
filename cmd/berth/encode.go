package main

import (
	"bytes"
	"errors"
	"fmt"
	"math/big"

	"github.com/spf13/cobra"

	"berth/encode"
	"berth/encode/formats"
	"berth/model"
	"berth/proof"
)

// most is how many terms of a program are written out; more would fill memory and
// no solver would read it.
const most = 200_000_000

// encoding is the call of encode.
type encoding struct {
	source
	out    *output
	to     string
	atMost *model.Decimal // nil: no limit
	about  string         // the proof whose program is wanted; "": none
}

func (a *app) encodeCommand() *cobra.Command {
	e := &encoding{}
	var names []string
	long := `encode states an instance as a program of integers or as clauses and writes it for another
solver. decode reads that solver's answer back. Formats:

`
	for _, f := range formats.All() {
		names = append(names, f.Name)
		long += fmt.Sprintf("    %-7s %s\n", f.Name, f.Short)
	}
	c := &cobra.Command{
		Use:   "encode FILE --to FORMAT",
		Short: "Write an instance for another solver",
		Long:  long,
		Example: `  berth encode shop.yaml --to lp --output shop.lp
  cbc shop.lp solve solution shop.txt
  berth decode shop.yaml shop.txt

  berth encode shop.yaml --to dimacs --at-most 300 | cadical

  berth solve flight.yaml --proof flight.proof --output answer.json
  berth encode flight.yaml --to lp --proof flight.proof`,
		Args: files("FILE"),
	}
	set := c.Flags()
	e.flags(set)
	e.asks(set)
	flag(set, &e.to, "to", "", "format", "format to write, see above", oneOf(names...))
	var atMost model.Decimal
	flag(set, &atMost, "at-most", "", "cost", "with dimacs: ask for a placement that costs no more", model.ParseDecimal)
	set.StringVar(&e.about, "proof", "", "with lp: the program that the proof in this `file` is about")
	completes(c, "to", names)
	e.out = a.outputFlag(set)
	c.RunE = a.verb(func(args []string) error {
		if set.Changed("at-most") {
			e.atMost = &atMost
		}
		format, known := formats.Find(e.to)
		switch {
		case !known:
			return fmt.Errorf("--to is missing; name one of %s", list(names))
		case e.atMost != nil && !format.Decides:
			return errors.New("--at-most goes with --to dimacs only; the other formats minimise")
		case e.about != "" && e.to != "lp":
			return errors.New("--proof goes with --to lp, whose names of rows and variables proofs use")
		}
		return a.encode(args[0], format, e)
	})
	return c
}

func (a *app) encode(file string, format formats.Format, e *encoding) error {
	if err := e.out.check(); err != nil {
		return err
	}
	q, err := a.question(file, &e.source)
	if err != nil {
		return err
	}
	var g *encode.Program
	if e.about == "" {
		g, err = format.Program(q.problem, most)
	} else {
		g, err = a.programOf(e.about, q.problem)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", shownName(file), err)
	}
	var limit *int64
	if e.atMost != nil {
		limit = atMostUnits(q.problem, *e.atMost)
	}
	var b bytes.Buffer
	if err := format.Write(&b, g, limit); err != nil {
		return fmt.Errorf("%s: %w", shownName(file), err)
	}
	floating := format.Name == "lp" || format.Name == "mps"
	switch {
	case format.Name == "opb" && !g.Narrow():
		fmt.Fprintf(a.err, "berth: %s: the file has numbers beyond 32 bits, which clasp refuses; other solvers that read OPB take them\n", shownName(file))
	case format.Name == "wcnf" && !g.NarrowCosts():
		fmt.Fprintf(a.err, "berth: %s: the file has weights beyond 32 bits, which clasp refuses; other solvers that read WCNF take them\n", shownName(file))
	case format.Name == "mzn" && !g.Narrow():
		fmt.Fprintf(a.err, "berth: %s: the file has numbers beyond 32 bits, which Gecode refuses; give prices and times fewer digits, or try another solver\n", shownName(file))
	case floating && g.Coarse():
		fmt.Fprintf(a.err, "berth: %s: times may be more than a million of their steps, which solvers with a tolerance of 1e-6 do not tell apart: what they say of an optimum may be wrong; give times fewer digits\n", shownName(file))
	case floating && g.Vast():
		fmt.Fprintf(a.err, "berth: %s: costs may be more than 2^53 of their steps, which solvers that compute in floating point do not tell apart: what they say of an optimum may be wrong; give prices fewer digits\n", shownName(file))
	}
	return e.out.write(b.Bytes())
}

// programOf makes the program that the proof of a file is about.
func (a *app) programOf(name string, p *model.Problem) (*encode.Program, error) {
	data, err := a.document(name)
	if err != nil {
		return nil, err
	}
	return proof.Program(bytes.NewReader(data), shownName(name), p)
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
