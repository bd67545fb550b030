package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"berth/model"
)

func (a *app) presolveCommand() *cobra.Command {
	s := &source{}
	c := &cobra.Command{
		Use:   "presolve FILE",
		Short: "Show what compiling an instance finds and removes",
		Long: `presolve reads and compiles an instance, without a search, and shows how large it is,
what it is made of, what was merged and cut, and, where that shows already, why
no placement exists. An instance that is found impossible exits with status 10.`,
		Example: `  berth presolve shop.yaml
  berth presolve --format json --from orlib gap1.txt --problem 2`,
		Args: files("FILE"),
	}
	s.flags(c.Flags())
	s.asks(c.Flags())
	out := a.outputFlags(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		q, err := a.question(args[0], s)
		if err != nil {
			return err
		}
		if out.table() {
			err = out.write(reportTable(q.problem))
		} else {
			err = out.writeJSON(report(q.problem))
		}
		if err == nil && q.problem.Impossible != "" {
			return answered(statusInfeasible)
		}
		return err
	})
	return c
}

// finding is a line of the report: its name in JSON, what it counts, which of them, and
// how many.
type finding struct {
	key, thing, which string
	count             int
}

func findings(p *model.Problem) []finding {
	r := &p.Report
	return []finding{
		{"nodes", "node", "", r.Nodes},
		{"tasks", "task", "", r.Tasks},
		{"replicas", "replica", " of all tasks", r.Replicas},
		{"rules", "rule", "", r.Rules},
		{"traffic", "pair", " of tasks with traffic", r.Traffic},
		{"dependencies", "dependency", "", r.Dependencies},
		{"items", "different thing", " to place: what must be together is one", r.Items},
		{"copies", "thing", " to place, those that are alike counted each", r.Copies},
		{"nodeClasses", "kind", " of node", r.NodeClasses},
		{"merged", "task", " merged into affinity groups", r.Merged},
		{"identical", "replica", " like another", r.Identical},
		{"cutBySelector", "pair", " of thing and node ruled out by `on`", r.CutBySelector},
		{"cutBySize", "pair", " of thing and node ruled out because the node is too small", r.CutBySize},
		{"cutByNetwork", "pair", " of thing and node ruled out because no path leads to a home", r.CutByNetwork},
		{"forced", "thing", " with one node left", r.Forced},
		{"neverPlaced", "thing", " with no node left", r.NeverPlaced},
	}
}

func report(p *model.Problem) map[string]any {
	found := map[string]any{"name": p.Name, "instanceDigest": p.Digest, "resources": p.Resources, "features": p.Features.Names()}
	for _, f := range findings(p) {
		found[f.key] = f.count
	}
	if p.Impossible != "" {
		found["impossible"] = p.Impossible
	}
	return found
}

func reportTable(p *model.Problem) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n\n", title(p))
	t := newTable(&b, right, left)
	for _, f := range findings(p) {
		if f.count > 0 {
			number, words, _ := strings.Cut(model.Plural(f.count, f.thing), " ")
			t.row(number, words+f.which)
		}
	}
	t.render()
	if p.Workflow != nil {
		fmt.Fprintf(&b, "\nIt is a workflow: no schedule ends before %s.\n", p.Format(p.TrivialBound()))
	} else if names := p.Features.Names(); len(names) > 0 {
		fmt.Fprintf(&b, "\nIt has %s.\n", list(names))
	} else {
		b.WriteString("\nIt has one resource and nothing special.\n")
	}
	if p.Impossible != "" {
		fmt.Fprintf(&b, "\nNo %s exists: %s.\n", sought(p), p.Impossible)
	}
	return b.Bytes()
}

// title names an instance that may have no name.
func title(p *model.Problem) string {
	if p.Name == "" {
		return "the instance"
	}
	return p.Name
}
