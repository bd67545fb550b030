package main

import (
	"bytes"
	"fmt"

	"github.com/spf13/cobra"
)

// shells are those that completion knows, with what writes the script of each.
var shells = map[string]func(*cobra.Command, *bytes.Buffer) error{
	"bash":       func(c *cobra.Command, b *bytes.Buffer) error { return c.GenBashCompletionV2(b, true) },
	"zsh":        func(c *cobra.Command, b *bytes.Buffer) error { return c.GenZshCompletion(b) },
	"fish":       func(c *cobra.Command, b *bytes.Buffer) error { return c.GenFishCompletion(b, true) },
	"powershell": func(c *cobra.Command, b *bytes.Buffer) error { return c.GenPowerShellCompletionWithDesc(b) },
}

func (a *app) completionCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "completion SHELL",
		Short: "Write a script that completes berth's verbs and flags in a shell",
		Long:  `completion writes the script for bash, zsh, fish or powershell.`,
		Example: `  source <(berth completion bash)
  berth completion zsh --output ~/.zfunc/_berth
  berth completion fish | source`,
		Args:      words("SHELL"),
		ValidArgs: []string{"bash", "zsh", "fish", "powershell"},
	}
	out := a.outputFlag(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		write, ok := shells[args[0]]
		if !ok {
			return fmt.Errorf("there is no completion for %q; name one of %s", args[0], list(c.ValidArgs))
		}
		if err := out.check(); err != nil {
			return err
		}
		var b bytes.Buffer
		if err := write(c.Root(), &b); err != nil {
			return broken(err)
		}
		return out.write(b.Bytes())
	})
	return c
}

// completes offers words for the value of a flag.
func completes(c *cobra.Command, name string, words []string) {
	must(c.RegisterFlagCompletionFunc(name, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp)))
}
