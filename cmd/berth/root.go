package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"berth/model"
)

// app is one call of the program: its streams and its clock.
type app struct {
	started     time.Time
	in          io.Reader
	out, err    io.Writer
	outTerminal bool
	errTerminal bool
	width       int // of the terminal that is written to, 0 without one
}

// failure is an error with the exit status it ends in; any other error means that
// the input or the call is wrong.
type failure struct {
	status int
	cause  error
}

func (f *failure) Error() string { return f.cause.Error() }
func (f *failure) Unwrap() error { return f.cause }

// answered ends the program with a status and without a message.
var errAnswered = errors.New("answered")

func answered(status int) error { return &failure{status, errAnswered} }

// answeredBy ends the program with the exit status that says what was found.
func answeredBy(status model.Status) error {
	switch status {
	case model.Infeasible:
		return answered(statusInfeasible)
	case model.Unknown:
		return answered(statusNothing)
	}
	return nil
}

// broken is an error that the user did not make.
func broken(cause error) error { return &failure{statusOther, cause} }

// run executes a call and returns its exit status.
func (a *app) run(ctx context.Context, args []string) (status int) {
	defer func() {
		if cause := recover(); cause != nil {
			fmt.Fprintf(a.err, "berth: this is a bug of berth: %v\n%s", cause, debug.Stack())
			status = statusOther
		}
	}()
	help := &kept{Writer: a.out}
	root := a.root(args)
	root.SetArgs(args)
	root.SetOut(help)
	err := cmp.Or(root.ExecuteContext(ctx), help.failed)
	if err == nil {
		return statusSolved
	}
	status = statusWrong
	if f := (*failure)(nil); errors.As(err, &f) {
		status = f.status
	}
	if !errors.Is(err, errAnswered) {
		fmt.Fprintf(a.err, "berth: %s\n", strings.TrimRight(err.Error(), "\n"))
	}
	return status
}

// root makes the command tree; for a call of one verb, only that one: making all of them takes
// longer than a small instance does.
func (a *app) root(args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "berth",
		Short: "Decides where things run and proves how good the decision is",
		Long: `berth reads a placement problem (tasks with demands and homes, nodes with limited
resources, rules, traffic), decides which node every task runs on at the least
cost, and proves how far from the best possible the decision can be. It schedules
workflows, too: tasks that wait for one another's results over a network.

The examples of every verb run in the folder instances/library of berth's source, those of
size in examples/search, those of demand in examples/datacentre; gap1.txt is one of
OR-Library.

Exit status: 0 a solution was found (or, of verify, every claim holds),
10 proven infeasible, 20 no answer within the limits, 3 a claim does not hold,
2 the input or the call is wrong, 1 anything else.`,
		Example: `  berth solve shop.yaml
  berth solve --time 10s --output answer.json shop.yaml
  berth verify shop.yaml answer.json
  berth view answer.json`,
		SilenceUsage: true, SilenceErrors: true, PersistentPreRunE: keepInput,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return nil
			}
			return noVerb(c, args[0])
		},
		RunE: func(c *cobra.Command, _ []string) error {
			if c.Flags().Changed("version") {
				fmt.Fprintf(c.OutOrStdout(), "berth %s\n", version())
				return nil
			}
			return errors.New("say what to do, as in `berth solve FILE`; `berth --help` lists the verbs")
		},
	}
	root.SetIn(a.in)
	root.SetErr(a.err)
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w%s `%s --help` lists the flags", err, cmp.Or(nearestFlag(c, err), ";"), c.CommandPath())
	})
	root.CompletionOptions.DisableDefaultCmd = true
	root.SetHelpCommand(helpCommand())
	root.Flags().Bool("version", false, "say which build this is")
	groups := a.verbs()
	for _, g := range groups {
		for _, v := range g.verbs {
			if len(args) > 0 && args[0] == v.name {
				root.AddCommand(v.make())
				return root
			}
		}
	}
	for _, g := range groups {
		root.AddGroup(&cobra.Group{ID: g.title, Title: g.title})
		for _, v := range g.verbs {
			command := v.make()
			command.GroupID = g.title
			root.AddCommand(command)
		}
	}
	root.AddCommand(a.completionCommand(), a.manCommand()) // these two tell of all others
	return root
}

// The help lists verbs in the order in which they are wanted, not by the alphabet.
func init() { cobra.EnableCommandSorting = false }

// nearestFlag says which flag may be meant where a command does not have the one that it is called
// with; nothing where no name is near.
func nearestFlag(c *cobra.Command, err error) string {
	unknown, is := errors.AsType[*pflag.NotExistError](err)
	if !is {
		return ""
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
	return model.OrNearest("", "--"+unknown.GetSpecifiedName(), slices.Values(names))
}

func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [VERB]",
		Short: "Show the help of a verb",
		RunE: func(c *cobra.Command, args []string) error {
			verb, rest, err := c.Root().Find(args)
			switch {
			case err != nil:
				return err
			case len(rest) > 0:
				return noVerb(verb, rest[0])
			}
			verb.InitDefaultHelpFlag()
			return verb.Help()
		},
	}
}

// noVerb says that a command has no such verb, and which one may be meant.
func noVerb(c *cobra.Command, name string) error {
	meant := ""
	c.SuggestionsMinimumDistance = 2
	if near := c.SuggestionsFor(name); len(near) > 0 {
		meant = ", perhaps " + list(near) + " is meant"
	}
	return fmt.Errorf("%s has no verb %q%s; `%s --help` lists them", c.CommandPath(), name, meant, c.CommandPath())
}

// verbGroup is what the help lists under one title.
type verbGroup struct {
	title string
	verbs []verbOf
}

// verbOf is a verb with the constructor of its command.
type verbOf struct {
	name string
	make func() *cobra.Command
}

// verbs lists the commands that need no other.
func (a *app) verbs() []verbGroup {
	return []verbGroup{
		{"Decide where things run, and understand the answer:", []verbOf{
			{"solve", a.solveCommand},
			{"view", a.viewCommand},
			{"verify", a.verifyCommand},
			{"why", a.whyCommand},
			{"explain", a.explainCommand},
			{"plan", a.planCommand},
			{"simulate", a.simulateCommand},
		}},
		{"Make and look into instances:", []verbOf{
			{"generate", a.generateCommand},
			{"convert", a.convertCommand},
			{"presolve", a.presolveCommand},
			{"demand", a.demandCommand},
			{"size", a.sizeCommand},
			{"shards", a.shardsCommand},
		}},
		{"Compare methods and other solvers:", []verbOf{
			{"methods", a.methodsCommand},
			{"sweep", a.sweepCommand},
			{"report", a.reportCommand},
			{"compare", a.compareCommand},
			{"regress", a.regressCommand},
			{"results", a.resultsCommand},
			{"encode", a.encodeCommand},
			{"decode", a.decodeCommand},
		}},
	}
}

// rewrites marks verbs whose output may take the place of what they read.
var rewrites = map[string]string{"rewrites": "yes"}

// keepInput refuses to write over a file that the call reads, unless with one of the same kind.
func keepInput(c *cobra.Command, args []string) error {
	for _, name := range []string{"output", "proof", "svg", "map"} {
		out := c.Flags().Lookup(name)
		if out == nil || name == "output" && c.Annotations["rewrites"] != "" {
			continue
		}
		for _, arg := range args {
			if sameFile(arg, out.Value.String()) {
				return fmt.Errorf("--%s %s is a file that is read here; name another", name, out.Value)
			}
		}
	}
	return nil
}

// files makes a call name exactly these files, of which one may be standard input.
func files(names ...string) cobra.PositionalArgs {
	named := words(names...)
	return func(c *cobra.Command, args []string) error {
		err := named(c, args)
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%w, - stands for standard input", err)
		case err == nil && len(args) >= 2 && args[0] == "-" && args[1] == "-":
			return errOnce
		}
		return err
	}
}

// words makes a call have exactly these arguments.
func words(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		usage := strings.Join(append([]string{c.CommandPath()}, names...), " ")
		switch {
		case len(args) < len(names):
			return fmt.Errorf("%s is missing; the call is `%s`", names[len(args)], usage)
		case len(args) > len(names):
			return fmt.Errorf("%q is one argument too many; the call is `%s`", args[len(names)], usage)
		}
		return nil
	}
}

// errOnce refuses to read two things from standard input.
var errOnce = errors.New("standard input can be read only once; name a file instead of one -")

// kept is a stream that keeps its first failure: who writes help looks at none.
type kept struct {
	io.Writer
	failed error
}

func (k *kept) Write(p []byte) (int, error) {
	n, err := k.Writer.Write(p)
	if err != nil && k.failed == nil {
		k.failed = broken(fmt.Errorf("standard output cannot be written: %w; send it elsewhere", plain(err)))
	}
	return n, err
}

// errInterrupted ends a verb that has nothing to show before its end.
var errInterrupted = errors.New("interrupted")

// verb makes a command that an interrupt ends at once, whatever it is doing.
func (a *app) verb(do func(args []string) error) func(*cobra.Command, []string) error {
	return func(c *cobra.Command, args []string) error {
		_, err := await(c.Context(), 0, func() (struct{}, error) { return struct{}{}, do(args) })
		if errors.Is(err, errInterrupted) {
			return broken(err)
		}
		return err
	}
}

// await runs f until ctx ends and for some grace after that; then it leaves f to
// itself and returns errInterrupted. A crash of f is an error.
func await[T any](ctx context.Context, grace time.Duration, f func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		var o outcome
		defer func() {
			if cause := recover(); cause != nil {
				o.err = broken(fmt.Errorf("this is a bug of berth: %v\n%s", cause, debug.Stack()))
			}
			done <- o
		}()
		o.value, o.err = f()
	}()
	select {
	case o := <-done:
		return o.value, o.err
	case <-ctx.Done():
	}
	select {
	case o := <-done:
		return o.value, o.err
	case <-time.After(grace):
		var none T
		return none, errInterrupted
	}
}
