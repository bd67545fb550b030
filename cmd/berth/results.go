package main

import (
	"errors"

	"github.com/spf13/cobra"

	"berth/results"
)

func (a *app) resultsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "results",
		Short: "Work with the records of sweeps",
		Long: `results works with the records of sweeps: the folders that sweep writes, or files of
records (records.jsonl in such a folder).`,
		Example: "  berth results merge here there --output both.jsonl",
		RunE: func(*cobra.Command, []string) error {
			return errors.New("say what to do, as in `berth results merge A B`")
		},
	}
	c.AddCommand(a.mergeCommand())
	return c
}

func (a *app) mergeCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "merge RUNS…",
		Short: "Unite the records of several sweeps",
		Long: `merge writes the union of records as one file of records. A run that is in several
counts once: the one that was made first. The order of the arguments does not matter,
and merging again changes nothing.`,
		Example:     "  berth results merge here there --output both.jsonl\n  berth report both.jsonl",
		Annotations: rewrites,
	}
	out := a.outputFlag(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if len(args) == 0 {
			return errors.New("name the folders or files of records to merge, as in `berth results merge A B`")
		}
		if err := out.check(); err != nil {
			return err
		}
		records, err := a.records(args)
		if err != nil {
			return err
		}
		data, err := results.Lines(records)
		if err != nil {
			return broken(err)
		}
		return out.write(data)
	})
	return c
}
