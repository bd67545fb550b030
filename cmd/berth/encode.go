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

func (a *app) encodeCommand() *cobra.Command {
	s := &source{}
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
	s.flags(set)
	s.asks(set)
	var to string
	flag(set, &to, "to", "", "format", "format to write, see above", oneOf(names...))
	var atMost model.Decimal
	flag(set, &atMost, "at-most", "", "cost", "with dimacs: ask for a placement that costs no more", model.ParseDecimal)
	var about string
	set.StringVar(&about, "proof", "", "with lp: the program that the proof in this `file` is about")
	completes(c, "to", names)
	out := a.outputFlag(set)
	c.RunE = a.verb(func(args []string) error {
		format, known := formats.Find(to)
		switch {
		case !known:
			return fmt.Errorf("--to is missing; name one of %s", list(names))
		case set.Changed("at-most") && !format.Decides:
			return errors.New("--at-most goes with --to dimacs only; the other formats minimise")
		case about != "" && to != "lp":
			return errors.New("--proof goes with --to lp, whose names of rows and variables proofs use")
		}
		if err := out.check(); err != nil {
			return err
		}
		q, err := a.question(args[0], s)
		if err != nil {
			return err
		}
		var g *encode.Program
		if about == "" {
			g, err = format.Program(q.problem, most)
		} else {
			g, err = a.programOf(about, q.problem)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		var limit *int64
		if set.Changed("at-most") {
			limit = atMostUnits(q.problem, atMost)
		}
		var b bytes.Buffer
		err = format.Write(&b, g, limit)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[0]), err)
		}
		if format.Name == "opb" && !g.Narrow() {
			fmt.Fprintf(a.err, "berth: %s: the file has numbers beyond 32 bits, which clasp refuses; other solvers that read OPB take them\n", shownName(args[0]))
		}
		return out.write(b.Bytes())
	})
	return c
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
