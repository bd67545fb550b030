package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"berth/harness"
	"berth/model"
)

func (a *app) regressCommand() *cobra.Command {
	s := &sweeping{}
	baseline, accept, factor := "", false, 0.0
	c := &cobra.Command{
		Use:   "regress PLAN",
		Short: "Run a plan and fail where something got worse than a baseline",
		Long: `regress makes the runs of a plan, as sweep does, and holds them against a baseline: a
proof, a placement or a bound that was lost, a cost that is higher, a run that takes
more than --factor times the units of work, and every wrong claim is a loss. Losses
are listed and end it with status 3.

With limits in units of work (work: 2G in the plan) the comparison is exact and the
same on every machine.`,
		Example: `  berth regress plan.yaml --accept
  berth regress plan.yaml
  berth regress plan.yaml --baseline main.tsv --factor 1.5`,
		Args: files("PLAN"),
	}
	set := c.Flags()
	s.flags = set
	set.StringVar(&baseline, "baseline", "", "`file` of the baseline (default: the plan's name with .baseline.tsv)")
	set.BoolVar(&accept, "accept", false, "write what is now as the baseline")
	flag(set, &factor, "factor", "1.1", "times", "how many times the work of before is no loss yet", parseFactor)
	set.StringVar(&s.plan.Out, "out", "", "`folder` of the records (default: the plan's name with .runs)")
	flag(set, &s.plan.Jobs, "jobs", "", "number", "runs at a time (default: as many as there are cores for)", count(1, 1024))
	out := a.outputFlags(set)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		file := cmp.Or(baseline, strings.TrimSuffix(args[0], filepath.Ext(args[0]))+".baseline.tsv")
		plan, err := a.planOf(s, args)
		if err != nil {
			return err
		}
		before, err := readBaseline(file, accept)
		if err != nil {
			return err
		}
		accepted := &output{app: a, flag: "--baseline", name: file}
		if accept {
			if err := accepted.check(); err != nil {
				return err
			}
		}
		records, err := a.sweep(c.Context(), plan)
		if err != nil {
			return err
		}
		now := harness.NewBaseline(records)
		if accept {
			if wrong := now.Wrong(); wrong != "" {
				return broken(fmt.Errorf("a baseline with a wrong claim is not accepted: %s", wrong))
			}
			if err := accepted.write(now.Write()); err != nil {
				return err
			}
		}
		return a.regressed(out, now.Compare(before, factor), len(now), accept)
	}
	return c
}

func parseFactor(text string) (float64, error) {
	factor, err := strconv.ParseFloat(text, 64)
	if err != nil || !(factor >= 1 && factor < 1e6) {
		return 0, errors.New("want a number of at least 1, such as 1.5")
	}
	return factor, nil
}

// readBaseline reads the baseline; one that is to be written may be missing.
func readBaseline(file string, accept bool) (harness.Baseline, error) {
	data, err := os.ReadFile(file)
	switch {
	case accept && errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no baseline yet; --accept writes it", file)
	case err != nil:
		return nil, unreadable(file, err)
	}
	return harness.ReadBaseline(data, file)
}

// regressed puts out what changed.
func (a *app) regressed(out *output, found []harness.Finding, runs int, accepted bool) error {
	lost := 0
	for _, f := range found {
		if f.Lost {
			lost++
		}
	}
	var err error
	if out.table() {
		err = out.write(regressedText(found, runs, lost))
	} else {
		err = out.writeJSON(struct {
			Runs     int               `json:"runs"`
			Lost     int               `json:"lost"`
			Accepted bool              `json:"accepted"`
			Findings []harness.Finding `json:"findings"`
		}{runs, lost, accepted, append([]harness.Finding{}, found...)})
	}
	if err == nil && lost > 0 && !accepted {
		return answered(statusRefuted)
	}
	return err
}

func regressedText(found []harness.Finding, runs, lost int) []byte {
	var b bytes.Buffer
	if len(found) > 0 {
		t := newTable(&b, left, left, left, left, left)
		t.row("", "run", "what", "before", "now")
		for _, f := range found {
			mark := "+"
			if f.Lost {
				mark = "✗"
			}
			t.row(mark, f.Run, f.What, f.Before, f.Now)
		}
		t.render()
	}
	switch lost {
	case 0:
		fmt.Fprintf(&b, "✓ %s, nothing lost\n", model.Plural(runs, "run"))
	case 1:
		fmt.Fprintf(&b, "✗ %s, 1 loss\n", model.Plural(runs, "run"))
	default:
		fmt.Fprintf(&b, "✗ %s, %d losses\n", model.Plural(runs, "run"), lost)
	}
	return b.Bytes()
}
