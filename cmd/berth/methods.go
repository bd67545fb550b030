package main

import (
	"bytes"

	"github.com/spf13/cobra"

	"berth/model"
	"berth/search"
	"berth/solvers"
)

func (a *app) methodsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "methods",
		Short: "List the methods and what each of them handles",
		Long: `methods lists every method that --solver takes: whether it proves what it finds, and
which features of a problem it handles. A method is never run on a problem with a
feature that it does not handle; auto picks among the others.`,
		Example: `  berth methods
  berth methods --format json`,
		Args: words(),
	}
	out := a.outputFlags(c.Flags())
	c.RunE = a.verb(func([]string) error {
		if err := out.check(); err != nil {
			return err
		}
		if out.table() {
			return out.write(methodTable(solvers.All()))
		}
		return out.writeJSON(describe(solvers.All()))
	})
	return c
}

// methodRow is a method as JSON shows it.
type methodRow struct {
	Name    string   `json:"name"`
	Short   string   `json:"short"`
	Source  string   `json:"source,omitempty"`
	Proves  bool     `json:"proves"`
	Handles []string `json:"handles"`
}

func describe(methods []*search.Method) []methodRow {
	rows := make([]methodRow, len(methods))
	for k, m := range methods {
		rows[k] = methodRow{m.Name, m.Short, m.Source, m.Proves, m.Handles.Names()}
	}
	return rows
}

// methodTable shows what each method is, and below it who handles what.
func methodTable(methods []*search.Method) []byte {
	var b bytes.Buffer
	what := newTable(&b, left, left, left)
	what.row("method", "proves", "what it does")
	for _, m := range methods {
		what.row(m.Name, mark(m.Proves), m.Short)
	}
	what.render()
	b.WriteByte('\n')
	columns := []string{"handles"}
	sides := []side{left}
	for _, m := range methods {
		columns, sides = append(columns, m.Name), append(sides, centre)
	}
	who := newTable(&b, sides...)
	who.row(columns...)
	for k, name := range (model.AllFeatures | model.Schedules).Names() {
		row := []string{name}
		for _, m := range methods {
			row = append(row, mark(m.Handles>>k&1 == 1))
		}
		who.row(row...)
	}
	who.render()
	return b.Bytes()
}

func mark(yes bool) string {
	if yes {
		return "✓"
	}
	return "·"
}
