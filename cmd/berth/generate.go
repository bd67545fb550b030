package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"berth/instances"
)

func (a *app) generateCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "generate FAMILY",
		Short: "Make up an instance from a seed",
		Long: `generate writes an instance of a family. The same family, settings and seed give the
same instance on every machine. Unless --loose is 1, a placement is planted first
and everything else fitted to it, so that one exists; the families gap-a to gap-e
plant none, and small ones may have none; pools says how many nodes it takes where
there are too few. What is not set is the family's; where the settings leave no
room for that, such as racks among fewer nodes, it is as large as it can be.

Families:

` + familyHelp(),
		Example: `  berth generate tasks --nodes 40 --tasks 400 --racks 8 --fill 95 --seed 3 --output tasks.yaml
  berth generate containers --tasks 16 --nodes 4 | berth solve -
  berth generate gap-d --nodes 10 --tasks 100`,
		Args:      words("FAMILY"),
		ValidArgs: familyNames(),
	}
	set := c.Flags()
	var changed instances.Spec
	for _, k := range instances.Knobs() {
		flag(set, k.Of(&changed), k.Name, "", "number", k.Short, count(k.Low, k.High))
	}
	var seed uint64
	flag(set, &seed, "seed", "1", "number", "where chance begins", parseSeed)
	to := formFlag(set)
	out := a.outputFlag(set)
	c.RunE = a.verb(func(args []string) error {
		named := map[string]int{}
		for _, k := range instances.Knobs() {
			if set.Changed(k.Name) {
				named[k.Name] = *k.Of(&changed)
			}
		}
		spec, err := instances.Settings(args[0], named)
		if err != nil {
			return err
		}
		if err := out.check(); err != nil {
			return err
		}
		in, err := instances.Generate(spec, seed)
		if err != nil {
			return err
		}
		return out.writeInstance(in, *to)
	})
	return c
}

func familyNames() []string {
	var names []string
	for _, f := range instances.Families() {
		names = append(names, f.Name)
	}
	return names
}

func familyHelp() string {
	var b strings.Builder
	knobs := instances.Knobs()
	for _, f := range instances.Families() {
		fmt.Fprintf(&b, "    %-11s %s\n", f.Name, f.Short)
		var settings []string
		spec := f.Defaults
		for _, k := range knobs {
			if v := *k.Of(&spec); v != 0 {
				settings = append(settings, fmt.Sprintf("%s %d", k.Name, v))
			}
		}
		fmt.Fprintf(&b, "    %-11s by default %s\n", "", strings.Join(settings, ", "))
		if f.Source != "" {
			fmt.Fprintf(&b, "    %-11s after %s\n", "", f.Source)
		}
	}
	return b.String()
}
