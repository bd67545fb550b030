package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/model"
	"berth/solvers"
	"berth/solvers/conflict"
)

// explaining is the call of explain.
type explaining struct {
	solving
	task string
	ways int
}

func (a *app) explainCommand() *cobra.Command {
	e := &explaining{solving: solving{solver: "auto", seed: 1}}
	c := &cobra.Command{
		Use:   "explain FILE [SOLUTION --task TASK]",
		Short: "Say why an instance has no placement and what would help, or what keeps a task where it is",
		Long: `explain of an instance without a placement names a minimal set of its own parts that
cannot hold together: rules, capacities, selectors and tasks, each with its place in
the file. Without any one of them the others can. Then it lists ways out: what to
add, widen or drop, each a change after which a placement was found and judged.

The cheapest way out has the fewest changes; of as many, capacity comes first (the
least share of what the node has), then limits, selectors, rules, and last leaving
tasks out. Amounts are the least that do.

With a solution and --task it says for each other node what the whole would cost with
the task there, and which tasks would have to move, or why it cannot be there. What
why says of one node in detail, this says of all in short.`,
		Example: `  berth explain overfull.yaml
  berth explain --max-moves 1 drain.yaml
  berth solve shop.yaml --output answer.json
  berth explain shop.yaml answer.json --task web`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				return files("FILE", "SOLUTION")(c, args)
			}
			return files("FILE")(c, args)
		},
	}
	set := c.Flags()
	e.flags(set)
	e.asks(set)
	set.StringVar(&e.task, "task", "", "with SOLUTION: what keeps this `task` where it is")
	flag(set, &e.ways, "ways", "8", "number", "how many ways out to list", count(1, 1000))
	flag(set, &e.time, "time", "60s", "duration", "limit of the whole command", parseTime)
	flag(set, &e.threads, "threads", "2", "number", "how many threads may be busy", count(1, 1024))
	e.out = a.outputFlags(set)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := e.out.check(); err != nil {
			return err
		}
		switch {
		case len(args) == 2 && e.task == "":
			return errors.New("say which task: `berth explain FILE SOLUTION --task TASK`")
		case len(args) == 1 && e.task != "":
			return errors.New("--task asks about a solution: `berth explain FILE SOLUTION --task TASK`")
		case len(args) == 2 && !e.given.IsZero():
			return errors.New("what was given beside the instance stands in the solution; leave --fix, --forbid, --without and --max-moves out")
		case len(args) == 2 && set.Changed("ways"):
			return errors.New("--ways is for what has no placement; leave it or SOLUTION out")
		case len(args) == 2:
			return a.explainTask(c.Context(), args[0], args[1], e)
		}
		return a.explain(c.Context(), args[0], e)
	}
	return c
}

// conflictDoc is why an instance has no placement, as JSON.
type conflictDoc struct {
	Instance string         `json:"instance"`
	Status   model.Status   `json:"status"`  // infeasible, feasible, or unknown
	Minimal  bool           `json:"minimal"` // without any one member the others can hold together
	Conflict []conflictPart `json:"conflict"`
	Ways     []wayOut       `json:"ways"` // the cheapest first
	AllWays  bool           `json:"allWays"`
	why      []string       // in short, where Conflict is empty
	ended    error          // nil: it came to its end by itself
	optional bool           // some task may be left out, so that there can be a placement without it
}

// conflictPart is a part of the document with its place.
type conflictPart struct {
	Kind   string `json:"kind"`
	Path   string `json:"path,omitempty"`
	Line   int    `json:"line,omitempty"` // 0: it was given beside the file, or the file is of a foreign format
	Column int    `json:"column,omitempty"`
	Text   string `json:"text"`
}

// wayOut is a set of changes that help together.
type wayOut struct {
	Changes []wayChange `json:"changes"`
}

type wayChange struct {
	conflictPart
	Add   string   `json:"add,omitempty"`
	Allow []string `json:"allow,omitempty"`
	Limit int      `json:"limit,omitempty"`
	Least bool     `json:"least"`
}

func (a *app) explain(ctx context.Context, file string, e *explaining) error {
	deadline := a.started.Add(e.time)
	var data []byte
	q, err := inTime(ctx, file, deadline, 0, func() (q *question, err error) {
		if data, err = a.document(file); err != nil {
			return nil, err
		}
		in, err := a.read(&e.source, data, file)
		if err != nil {
			return nil, err
		}
		if err := noWorkflow(in, file); err != nil {
			return nil, err
		}
		in.Given = e.given
		return compile(in, file)
	})
	if err != nil {
		return err
	}
	timed, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	status, report, err := a.conflict(timed, q, e, deadline)
	if err != nil {
		return err
	}
	doc := &conflictDoc{
		Instance: q.Name, Status: status, Minimal: report.Minimal, AllWays: report.Exhausted,
		Conflict: []conflictPart{}, Ways: []wayOut{}, ended: timed.Err(), optional: q.problem.Features&model.LeavingOut != 0,
	}
	if status == model.Infeasible && len(report.Conflict) == 0 {
		doc.why = reasons(ctx, q.problem, 0, deadline)
	}
	doc.fill(data, q.Instance, report)
	if e.out.table() {
		err = e.out.write(doc.text(shownName(file)))
	} else {
		err = e.out.writeJSON(doc)
	}
	return cmp.Or(err, answeredBy(doc.Status))
}

// conflict looks for what cannot hold together. Where neither that nor a placement is found soon,
// any placement is searched as solve would, and if there is none, it looks longer.
func (a *app) conflict(ctx context.Context, q *question, e *explaining, deadline time.Time) (model.Status, *conflict.Report, error) {
	const longer = 4
	status := model.Unknown
	for work := e.time.Nanoseconds() / 2; ; work *= longer {
		report, err := conflict.Find(ctx, q.Instance, conflict.Limits{Work: work, Ways: e.ways})
		switch {
		case err != nil:
			return status, nil, broken(err)
		case report.Feasible:
			return model.Feasible, report, nil
		case len(report.Conflict) > 0:
			return model.Infeasible, report, nil
		case ctx.Err() != nil || work > math.MaxInt64/longer:
			return status, report, nil
		case status == model.Infeasible:
			continue
		}
		if status, err = a.placeable(ctx, q, &e.solving, deadline); err != nil || status != model.Infeasible {
			return status, report, err
		}
	}
}

// placeable says whether there is any placement.
func (a *app) placeable(ctx context.Context, q *question, s *solving, deadline time.Time) (model.Status, error) {
	wide := *s
	wide.gap = gap{relative: math.Inf(1)}
	result, err := a.hunt(ctx, q, solvers.Auto, &wide, deadline, nil)
	switch {
	case err != nil:
		return model.Unknown, err
	case result.Status.HasPlacement():
		return model.Feasible, nil
	}
	return result.Status, nil
}

// fill adds the members and the ways out with their places in the file.
func (d *conflictDoc) fill(data []byte, in *model.Instance, report *conflict.Report) {
	var members []conflict.Member
	var paths [][]any
	see := func(m conflict.Member) {
		members, paths = append(members, m), append(paths, m.Path(in))
	}
	for _, m := range report.Conflict {
		see(m)
	}
	for _, w := range report.Ways {
		for _, c := range w.Changes {
			see(c.Member)
		}
	}
	places := model.Locate(data, paths)
	next := func(text string) conflictPart {
		m, place := members[0], places[0]
		members, places = members[1:], places[1:]
		if m.Given() {
			place.Line, place.Column = 0, 0
		}
		return conflictPart{m.Kind.String(), place.Path, place.Line, place.Column, text}
	}
	for _, m := range report.Conflict {
		d.Conflict = append(d.Conflict, next(m.Text(in)))
	}
	for _, w := range report.Ways {
		out := wayOut{changesOf(in, w)}
		for k := range out.Changes {
			out.Changes[k].conflictPart = next(out.Changes[k].Text)
		}
		d.Ways = append(d.Ways, out)
	}
}

// mostParts is how many members are shown to people.
const mostParts = 40

// until is until, where time was what was lacking: how much work is done depends on it.
func (d *conflictDoc) until() string {
	if d.ended == nil {
		return "; more --time may help"
	}
	return " " + until(d.ended)
}

func (d *conflictDoc) text(file string) []byte {
	var b bytes.Buffer
	switch d.Status {
	case model.Feasible:
		fmt.Fprintf(&b, "%s has a placement: nothing is in conflict\n", file)
		if d.optional {
			b.WriteString("some tasks may be left out: `berth solve` says which, and `berth why` what would let one in\n")
		}
		return b.Bytes()
	case model.Unknown:
		fmt.Fprintf(&b, "%s: neither a placement nor a conflict was found %s\n", file, until(d.ended))
		return b.Bytes()
	}
	if len(d.Conflict) == 0 {
		fmt.Fprintf(&b, "no placement exists%s\nwhich parts cannot hold together was not found%s\n", because(d.why), d.until())
		return b.Bytes()
	}
	without := ", and without any one of them the others can"
	if !d.Minimal {
		without = " (whether fewer of them can was not found" + d.until() + ")"
	}
	fmt.Fprintf(&b, "no placement exists: these cannot hold together%s\n\n", without)
	t := newTable(&b, left, left, left)
	for k, part := range d.Conflict {
		if k == mostParts {
			break
		}
		place := ""
		if part.Line > 0 {
			place = fmt.Sprintf("%s:%d:%d", file, part.Line, part.Column)
		}
		t.row(place, part.Path, part.Text)
	}
	t.render()
	if more := len(d.Conflict) - mostParts; more > 0 {
		fmt.Fprintf(&b, " … and %d more, which --format json has\n", more)
	}
	if len(d.Ways) == 0 {
		fmt.Fprintf(&b, "\nno way out was found%s\n", d.until())
		return b.Bytes()
	}
	b.WriteString("\nways out, the cheapest first; each was tried and has a placement\n\n")
	for k, w := range d.Ways {
		for n, c := range w.Changes {
			lead := fmt.Sprintf("%3d  ", k+1)
			if n > 0 {
				lead = "     and "
			}
			least := ""
			if c.Add != "" && !c.Least {
				least = " (perhaps less would do)"
			}
			fmt.Fprintf(&b, "%s%s%s\n", lead, c.Text, least)
		}
	}
	if !d.AllWays {
		b.WriteString("\nthere may be others as short\n")
	}
	return b.Bytes()
}

// staying is what keeps a task where it is.
type staying struct {
	Task  string       `json:"task"`
	Now   []string     `json:"now"`
	Cost  model.Number `json:"cost"`
	Nodes []elsewhere  `json:"nodes"`
}

// elsewhere is what it would mean to have a task on another node: all its replicas, or,
// where they are kept apart, that one of them for which it costs least.
type elsewhere struct {
	Node string `json:"node"`
	forcing
}

func (a *app) explainTask(ctx context.Context, file, solution string, e *explaining) error {
	deadline := a.started.Add(e.time)
	v, err := inTime(ctx, file, deadline, 0, func() (*verifiedQuestion, error) { return a.verified(file, solution, &e.source) })
	if err != nil {
		return err
	}
	task := slices.IndexFunc(v.Tasks, func(t model.Task) bool { return t.Name == e.task })
	w := asking{solving: e.solving, on: []string{v.Nodes[0].Name}}
	now, err := w.question(v.Instance, v.doc, e.task)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	s := &staying{Task: e.task, Now: now.Now, Cost: v.doc.Objective, Nodes: []elsewhere{}}
	for k := range v.Nodes {
		node := v.Nodes[k].Name
		choices := instead(now.Now, node, v.Tasks[task].Apart != "")
		var best *forcing
		for n, there := range choices {
			r := &forcing{
				Task: e.task, Now: now.Now, There: there, Cost: now.Cost, Optimal: now.Optimal,
				someOut: v.Tasks[task].Apart != "" && len(there) < len(now.Now),
			}
			switch {
			case !v.problem.Stated(task).Allowed.Has(int32(k)):
				r.bar()
			case ctx.Err() != nil:
				r.Status, r.ended = model.Unknown, ctx.Err()
			default:
				left := (len(v.Nodes)-k)*len(choices) - n
				if err := a.force(ctx, v, r, &e.solving, time.Now().Add(time.Until(deadline)/time.Duration(left))); err != nil {
					return err
				}
			}
			if best == nil || best.CostThere == "" || r.CostThere != "" && minus(r.CostThere, best.CostThere).Sign() < 0 {
				best = r
			}
		}
		if best != nil {
			s.Nodes = append(s.Nodes, elsewhere{node, *best})
		}
	}
	return s.write(e.out)
}

// instead lists where the replicas of a task may be for it to be on a node where it is
// not: all there, or, kept apart, one there and the others where they are.
func instead(now []string, node string, apart bool) [][]string {
	switch {
	case slices.Contains(now, node) && (apart || !slices.ContainsFunc(now, func(n string) bool { return n != node })):
		return nil
	case !apart || len(now) == 1:
		return [][]string{{node}}
	}
	var choices [][]string
	for k := range now {
		there := slices.Delete(slices.Clone(now), k, k+1)
		there = slices.DeleteFunc(there, func(n string) bool { return n == "" })
		choices = append(choices, append(there, node))
	}
	return choices
}

func (s *staying) write(out *output) error {
	if out.table() {
		return out.write(s.text(cmp.Or(out.app.width, pipeWidth)))
	}
	return out.writeJSON(s)
}

func (s *staying) text(width int) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s is on %s; the whole costs %s\n\n", s.Task, places(s.Now), s.Cost)
	t := newTable(&b, left, right, left)
	t.row("on", "costs more", "moves, or why not")
	for _, r := range s.Nodes {
		t.row(r.Node, r.more(), r.displaced())
	}
	t.fold(width)
	t.render()
	return b.Bytes()
}

// more is what the whole costs more with the task there.
func (f *forcing) more() string {
	switch {
	case f.Status == model.Infeasible:
		return "never"
	case f.leftOut && f.BoundThere != "":
		return "at least " + trimmed(minus(f.BoundThere, f.Cost))
	case f.CostThere == "":
		return "?"
	case f.Status == model.Optimal:
		return trimmed(minus(f.CostThere, f.Cost))
	case f.BoundThere != "":
		return trimmed(minus(f.BoundThere, f.Cost)) + " to " + trimmed(minus(f.CostThere, f.Cost))
	}
	return "at most " + trimmed(minus(f.CostThere, f.Cost))
}

// displaced says which other tasks move then, or why it cannot be.
func (f *forcing) displaced() string {
	if f.Status == model.Infeasible {
		if len(f.Impossible) == 0 {
			return "every possibility was searched"
		}
		return strings.Join(f.Impossible, "; ")
	}
	if f.leftOut {
		return "it costs less to leave that replica out"
	}
	if f.CostThere == "" {
		return "no placement was found " + until(f.ended)
	}
	var moves []string
	for _, c := range f.Changes {
		if c.From != nil && c.Name != f.Task {
			moves = append(moves, fmt.Sprintf("%s %s → %s", c.Name, places(c.From), places(c.To)))
		}
	}
	if moves == nil {
		return "nothing else moves"
	}
	return strings.Join(moves, "; ")
}
