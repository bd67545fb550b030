package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"berth/harness"
	"berth/model"
	"berth/results"
)

// sweeping is the call of sweep and regress.
type sweeping struct {
	instances harness.Instances
	methods   []string
	limits    harness.Limits
	seeds     harness.Seeds
	plan      harness.Plan
	status    string
	flags     *pflag.FlagSet
}

func (a *app) sweepCommand() *cobra.Command {
	s := &sweeping{}
	c := &cobra.Command{
		Use:   "sweep PLAN",
		Short: "Run many methods on many instances and record what comes of it",
		Long: `sweep runs every method of a plan on every instance with every seed, each run a
process of its own with its own cores, time and memory, and has the judge cost
every answer again. A record of each run is on the disk as soon as it has ended.

A sweep may be stopped at any moment, by Ctrl-C or by a power cut: the same command
goes on where it was. Two sweeps never work in one folder.

The plan is a YAML document (docs/sweeps.md), or is said with flags. Methods are those
of ` + "`berth methods`" + ` and outside solvers: ` + strings.Join(harness.Outside(), ", ") + `, or what an
adapter describes.`,
		Example: `  berth sweep plan.yaml
  berth sweep --instances 'gap-*.yaml' --methods auto,lp --seeds 5 --time 60s --memory 2Gi --out runs
  berth sweep --status runs
  berth report runs --output report.html`,
		Args: cobra.MaximumNArgs(1),
	}
	s.declare(c.Flags())
	out := a.outputFlags(c.Flags())
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		if s.status != "" {
			return a.sweepStatus(out, s.status)
		}
		plan, err := a.planOf(s, args)
		if err != nil {
			return err
		}
		records, err := a.sweep(c.Context(), plan)
		if err != nil {
			return err
		}
		return a.swept(out, plan, records)
	}
	return c
}

func (s *sweeping) declare(set *pflag.FlagSet) {
	s.flags = set
	set.StringArrayVar(&s.instances.Files, "instances", nil, "`pattern` of instance files, ** for folders in between; may be given several times")
	set.StringArrayVar(&s.instances.Exclude, "exclude", nil, "`pattern` of names or paths to leave out")
	set.StringVar(&s.instances.From, "from", "", "`format` of the files, as of solve")
	set.IntVar(&s.instances.Problem, "problem", 0, "which problem of files that hold several (default: all), a `number`")
	set.BoolVar(&s.instances.Maximise, "maximise", false, "the values of orlib files are profits to be maximised")
	flag(set, &s.instances.Processors, "processors", "", "number", "how many processors the task graphs run on (stg, auckland)", count(1, 1024))
	set.StringVar(&s.instances.Platform, "platform", "", "a workflow `file` with the nodes and the network that traces run on (wfformat)")
	set.StringArrayVar(&s.instances.Known, "known", nil, "`table` of published values (default: best*.tsv and optima*.tsv beside the files)")
	set.StringSliceVar(&s.methods, "methods", nil, "`methods`, separated by commas")
	flag(set, &s.seeds, "seeds", "", "seeds", "how many, such as 3 for 1, 2 and 3, or from-to, such as 4-6 (default 1)", harness.ParseSeeds)
	flag(set, &s.limits.Time, "time", "", "duration", "limit of a run (default 60s, none with --work)", parseTime)
	flag(set, &s.limits.Work, "work", "", "units", "limit of a run in deterministic units", parseWork)
	flag(set, &s.limits.Memory, "memory", "", "bytes", "limit of a run, such as 2Gi (default: none)", parseBytes)
	set.StringVar(&s.limits.Gap, "gap", "", "stop a run this near to the proven bound, a `gap` as of solve")
	flag(set, &s.limits.Threads, "threads", "1", "number", "how many threads a run may use", count(1, 1024))
	set.StringVar(&s.plan.Out, "out", "", "`folder` of the records (default: the plan's name with .runs)")
	flag(set, &s.plan.Jobs, "jobs", "", "number", "runs at a time (default: as many as there are cores for)", count(1, 1024))
	flag(set, &s.plan.Order, "order", "", "seed", "seed of the order in which runs are made", parseSeed)
	set.StringVar(&s.status, "status", "", "show how far the sweep in a `folder` is, and do nothing else")
}

// planFlags go with a plan, too.
var planFlags = []string{"out", "jobs", "order", "output", "format", "baseline", "accept", "factor", "help"}

// planOf reads the plan that is named, or makes one of the flags.
func (a *app) planOf(s *sweeping, args []string) (*harness.Plan, error) {
	if len(args) == 0 {
		return s.fromFlags()
	}
	var clash []string
	s.flags.Visit(func(f *pflag.Flag) {
		for _, name := range planFlags {
			if f.Name == name {
				return
			}
		}
		clash = append(clash, "--"+f.Name)
	})
	if len(clash) > 0 {
		return nil, fmt.Errorf("%s and a plan contradict each other; say it in %s", list(clash), args[0])
	}
	data, err := a.document(args[0])
	if err != nil {
		return nil, err
	}
	plan, err := harness.ReadPlan(data, shownName(args[0]))
	if err != nil {
		return nil, err
	}
	if s.plan.Out != "" {
		plan.Out = s.plan.Out
	}
	if s.plan.Jobs > 0 {
		plan.Jobs = s.plan.Jobs
	}
	if s.flags.Changed("order") {
		plan.Order = s.plan.Order
	}
	return plan, nil
}

func (s *sweeping) fromFlags() (*harness.Plan, error) {
	p := s.plan
	switch {
	case len(s.instances.Files) == 0:
		return nil, errors.New("name a plan, or instances and methods with --instances and --methods; `berth sweep --help` has examples")
	case len(s.methods) == 0:
		return nil, errors.New("--methods is missing; name some of `berth methods` or outside solvers, separated by commas")
	case p.Out == "":
		return nil, errors.New("--out is missing; name a folder for the records")
	}
	p.Instances = []harness.Instances{s.instances}
	for _, name := range s.methods {
		p.Methods = append(p.Methods, harness.Method{Name: name})
	}
	p.Seeds, p.Limits = s.seeds, []harness.Limits{s.limits}
	if err := p.Check(); err != nil {
		return nil, err
	}
	return &p, nil
}

// sweep carries a plan out, with a bar on a terminal and now and then a line
// elsewhere.
func (a *app) sweep(ctx context.Context, plan *harness.Plan) ([]results.Record, error) {
	bar := a.bar()
	records, err := harness.Run(ctx, plan, harness.Watcher{Note: bar.note, Progress: bar.show})
	done, all := bar.end()
	switch {
	case errors.Is(err, context.Canceled):
		return nil, broken(fmt.Errorf("interrupted: %d of %s are recorded in %s; the same command goes on from there", done, model.Plural(all, "run"), plan.Out))
	case errors.Is(err, results.ErrFull):
		return nil, broken(err)
	}
	return records, err
}

// swept says at the end of a sweep what came of it.
func (a *app) swept(out *output, plan *harness.Plan, records []results.Record) error {
	counts := map[results.Outcome]int{}
	for _, r := range results.NewStudy(records).Runs { // some claims are refuted by other runs
		counts[r.Outcome]++
	}
	if !out.table() {
		return out.writeJSON(struct {
			Out      string                  `json:"out"`
			Runs     int                     `json:"runs"`
			Outcomes map[results.Outcome]int `json:"outcomes"`
		}{plan.Out, len(records), counts})
	}
	var b bytes.Buffer
	var parts []string
	for _, o := range results.Outcomes {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], o))
		}
	}
	fmt.Fprintf(&b, "%s in %s: %s\n", model.Plural(len(records), "run"), plan.Out, strings.Join(parts, ", "))
	fmt.Fprintf(&b, "look at them with `berth report %s`\n", plan.Out)
	return out.write(b.Bytes())
}

// sweepStatus shows how far a sweep is that another process is at.
func (a *app) sweepStatus(out *output, folder string) error {
	if _, err := os.Stat(folder); err != nil {
		return fmt.Errorf("--status %s: there is no such folder; name the --out of a sweep", folder)
	}
	p, err := results.ReadProgress(folder)
	if err != nil {
		return err
	}
	busy := results.Busy(folder)
	if !out.table() {
		return out.writeJSON(struct {
			*results.Progress
			Busy bool `json:"busy"`
		}{p, busy})
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", progressText(p, time.Now()))
	for _, run := range p.Running {
		if busy {
			fmt.Fprintf(&b, "  %s\n", run)
		}
	}
	switch {
	case !busy && p.Done < p.Runs:
		fmt.Fprintf(&b, "no sweep is at work in %s; the command that began it goes on where it was\n", folder)
	case !busy:
		fmt.Fprintf(&b, "the sweep is complete\n")
	}
	return out.write(b.Bytes())
}
