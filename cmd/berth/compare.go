package main

import (
	"bytes"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/results"
	"berth/results/figures"
	"berth/results/tables"
)

func (a *app) compareCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "compare RUNS… A B",
		Short: "Compare two methods on the instances that both ran on",
		Long: `compare holds two methods against each other, instance by instance: a verdict with its
uncertainty (Wilcoxon's signed-rank test, bootstrapped intervals), and the ten instances
that differ most. As svg or pdf it draws the seconds of both on logarithmic axes.

A method goes by the name that report shows; NAME@VERSION is one version of it, and the
beginning of a version will do. Two versions in two sweeps are compared by naming both
sweeps.`,
		Example: `  berth sweep --instances 'gap-*.yaml' --methods auto,lp --seeds 5 --time 60s --out runs
  berth compare runs auto lp
  berth compare before after auto@1a2b auto@9f3c
  berth compare runs auto lp --format svg --output duel.svg`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 3 {
				return fmt.Errorf("the records and two methods are wanted; the call is `berth compare RUNS A B`")
			}
			return nil
		},
	}
	out := a.outputFlag(c.Flags())
	flag(c.Flags(), &out.format, "format", "", "form", strings.Join(compareFormats, ", ")+" (default: table on a terminal, else json)", oneOf(compareFormats...))
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		paths, methods := args[:len(args)-2], args[len(args)-2:]
		s, err := a.study(paths)
		if err != nil {
			return err
		}
		d, err := s.Duel(methods[0], methods[1])
		if err != nil {
			return err
		}
		return a.writeDuel(out, s, d)
	})
	return c
}

var compareFormats = append([]string{"table", "json"}, figures.Formats...)

// differing is how many instances are shown.
const differing = 10

func (a *app) writeDuel(out *output, s *results.Study, d *results.Duel) error {
	var b bytes.Buffer
	var err error
	switch {
	case out.table():
		err = a.writeTables(&b, out, "table", tables.Verdict(d), tables.Pairs(d, differing))
	case slices.Contains(figures.Formats, out.format):
		err = figures.Duel(s, d).Draw(&b, out.format)
	default:
		return out.writeJSON(compared(d))
	}
	if err != nil {
		return broken(err)
	}
	return out.write(b.Bytes())
}

// duelJSON is a comparison as JSON. What has no value is null.
type duelJSON struct {
	A         string       `json:"a"`
	B         string       `json:"b"`
	Verdict   string       `json:"verdict"`
	Better    int          `json:"better"` // instances
	Worse     int          `json:"worse"`
	Ties      int          `json:"ties"`
	AWrong    int          `json:"aWrong"` // runs
	BWrong    int          `json:"bWrong"`
	TimeRatio estimateJSON `json:"timeRatio"` // of A to B, to the proof
	UsedRatio estimateJSON `json:"usedRatio"`
	GapDiff   estimateJSON `json:"gapDifference"` // A less B, as a share
	Instances []pairJSON   `json:"instances"`     // those that differ most first
}

type estimateJSON struct {
	Value *float64 `json:"value"`
	Low   *float64 `json:"low"`
	High  *float64 `json:"high"`
	P     *float64 `json:"p"`
}

type pairJSON struct {
	Instance string   `json:"instance"`
	Group    string   `json:"group,omitempty"`
	A        cellJSON `json:"a"`
	B        cellJSON `json:"b"`
}

type cellJSON struct {
	Outcome results.Outcome `json:"outcome"` // the worst of the seeds
	Proven  float64         `json:"proven"`  // share of the seeds
	Seconds float64         `json:"seconds"` // to the proof, the limit where there is none
	Used    float64         `json:"used"`    // seconds
	Gap     float64         `json:"gap"`
}

func compared(d *results.Duel) duelJSON {
	doc := duelJSON{
		A: d.A, B: d.B, Verdict: d.Verdict, Better: d.Better, Worse: d.Worse, Ties: d.Ties, AWrong: d.AWrong, BWrong: d.BWrong,
		TimeRatio: estimated(d.Ratio, d.PTime), UsedRatio: estimated(d.UsedRatio, d.PUsed), GapDiff: estimated(d.GapDiff, d.PGap),
	}
	for _, p := range d.Pairs {
		doc.Instances = append(doc.Instances, pairJSON{p.Entry.Name, p.Entry.Group, celled(p.A), celled(p.B)})
	}
	return doc
}

func estimated(i results.Interval, p float64) estimateJSON {
	return estimateJSON{finite(i.Value), finite(i.Low), finite(i.High), finite(p)}
}

func celled(c *results.Cell) cellJSON { return cellJSON{c.Outcome, c.Proven, c.Time, c.Used, c.Gap} }

func finite(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	return &x
}
