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
			return out.write(methodTable(solvers.All(), a.width))
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

// methodTable shows what each method is, and below it who handles what: a letter for each
// feature. No line is wider than the terminal; width is 0 without one.
func methodTable(methods []*search.Method, width int) []byte {
	var b bytes.Buffer
	what := newTable(&b, left, left, left)
	what.row("method", "proves", "what it does")
	for _, m := range methods {
		what.row(m.Name, mark(m.Proves), m.Short)
	}
	if width > 0 {
		what.fold(width)
	}
	what.render()
	features := (model.AllFeatures | model.Schedules).Names()
	heads, sides := []string{"handles"}, []side{left}
	b.WriteString("\n")
	legend := newTable(&b, left, left)
	for k, name := range features {
		letter := string(rune('a' + k))
		heads, sides = append(heads, letter), append(sides, left)
		legend.row(letter, name)
	}
	legend.render()
	b.WriteString("\n")
	who := newTable(&b, sides...)
	who.row(heads...)
	for _, m := range methods {
		row := []string{m.Name}
		for k := range features {
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
