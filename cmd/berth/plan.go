package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/model"
	"berth/solvers/moving"
)

// planning is the call of plan.
type planning struct {
	source
	out      *output
	time     time.Duration
	parallel int
}

func (a *app) planCommand() *cobra.Command {
	s := &planning{}
	c := &cobra.Command{
		Use:   "plan FILE SOLUTION",
		Short: "Order the moves from what runs today to a solution",
		Long: `plan looks for an order of moves from where ` + "`current`" + ` says that everything runs to
where the solution wants it, in which no node is ever over capacity and no hard rule
is broken on the way.

Moves are made in waves. A replica starts on its new node before it stops on its old
one: during a wave it takes room on both. --parallel limits how many move at a time.
Where moves wait for one another in a circle, a replica goes to a third node first;
such hops are as few as could be found, and the plan says how many any order needs.

Where there is no order, plan says so, and what capacity on which node would make one.
The plan is a document that verify walks through step by step.`,
		Example: `  berth solve drain.yaml --output answer.json
  berth plan drain.yaml answer.json
  berth plan drain.yaml answer.json --parallel 4 --output plan.json
  berth verify drain.yaml plan.json`,
		Args: files("FILE", "SOLUTION"),
	}
	set := c.Flags()
	s.flags(set)
	flag(set, &s.parallel, "parallel", "", "number", "how many replicas may move at a time (default: any number)", count(1, 1_000_000))
	flag(set, &s.time, "time", "60s", "duration", "limit of the whole command", parseTime)
	s.out = a.outputFlags(set)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := s.out.check(); err != nil {
			return err
		}
		return a.plan(c.Context(), args[0], args[1], s)
	}
	return c
}

func (a *app) plan(ctx context.Context, file, solution string, s *planning) error {
	deadline := a.started.Add(s.time)
	v, err := inTime(ctx, file, deadline, 0, func() (*verifiedQuestion, error) { return a.verified(file, solution, &s.source) })
	if err != nil {
		return err
	}
	if !v.problem.RunsToday() {
		fmt.Fprintf(a.err, "berth: %s: no task says where it runs today (`current`), so that all of them start\n", shownName(file))
	}
	ctx, cancel := context.WithDeadline(ctx, deadline)
	defer cancel()
	r := moving.Order(ctx, v.problem, v.problem.At(v.doc), moving.Options{Parallel: s.parallel, Work: s.time.Nanoseconds() / 2})
	if r.Plan == nil {
		fmt.Fprintf(a.err, "berth: %s\n", noOrder(r, ctx.Err()))
		if r.Impossible {
			return answered(statusInfeasible)
		}
		return answered(statusNothing)
	}
	if failed := v.problem.VerifyPlan(r.Plan); len(failed) > 0 {
		return broken(fmt.Errorf("the plan does not hold: %s", failed[0]))
	}
	if s.out.table() {
		err = s.out.write(planText(title(v.problem), r))
	} else {
		err = s.out.writeBy(r.Plan.Write)
	}
	if err == nil && s.out.watched() {
		fmt.Fprintln(a.err, planHeadline(title(v.problem), r))
	}
	return err
}

// noOrder says that there is no order, or that none was found, and what would help; ended is
// what cut the search short.
func noOrder(r *moving.Result, ended error) string {
	var b strings.Builder
	if r.Impossible {
		b.WriteString("there is no order of moves to this solution: every one was tried")
	} else {
		b.WriteString("no order of moves was found, and none is proven impossible")
	}
	for _, k := range r.Knots {
		enough := "at least"
		if !k.Least {
			enough = "enough, perhaps more than needed"
		}
		fmt.Fprintf(&b, "\n  with %s more of %s on node %s there is one (%s)", k.Add, k.Resource, k.Node, enough)
	}
	switch {
	case r.Impossible, ended == nil:
		if len(r.Knots) == 0 {
			b.WriteString("; no capacity on a single node was found that would make one")
		}
	case errors.Is(ended, context.Canceled):
		b.WriteString("; the search was interrupted")
	default:
		b.WriteString("; the search was stopped, give it more --time")
	}
	return b.String()
}

// mostMoves is how many moves are shown to people.
const mostMoves = 400

// planHeadline says in a line how long a plan is, and whether a shorter one can be.
func planHeadline(name string, r *moving.Result) string {
	said := name + ": " + steps(r.Plan)
	hops := "; " + model.Counted(r.Hops, "move goes", "moves go") + " to a node in between"
	switch {
	case !slices.ContainsFunc(slices.Concat(r.Plan.Waves...), func(m model.Move) bool { return m.From != "" && m.To != "" }):
		return said
	case r.Hops == 0:
		return said + ", each straight to its node"
	case r.Hops == r.LeastHops:
		return said + hops + ", the fewest there can be"
	case r.LeastHops == 0:
		return said + hops + "; perhaps there is an order without"
	}
	return said + hops + fmt.Sprintf("; any order needs at least %d such", r.LeastHops)
}

// steps counts what a plan does: what moves, what starts and what stops.
func steps(plan *model.Plan) string {
	moves, starts, stops := 0, 0, 0
	for _, wave := range plan.Waves {
		for _, m := range wave {
			switch "" {
			case m.From:
				starts++
			case m.To:
				stops++
			default:
				moves++
			}
		}
	}
	var kinds []string
	for _, kind := range []struct {
		name  string
		count int
	}{{"move", moves}, {"start", starts}, {"stop", stops}} {
		if kind.count > 0 {
			kinds = append(kinds, model.Plural(kind.count, kind.name))
		}
	}
	if kinds == nil {
		return "nothing moves"
	}
	return list(kinds) + " in " + model.Plural(len(plan.Waves), "wave")
}

func planText(name string, r *moving.Result) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s\n", planHeadline(name, r))
	moves := r.Plan.Moves()
	if moves == 0 {
		return b.Bytes()
	}
	b.WriteByte('\n')
	t := newTable(&b, right, left, left)
	t.row("wave", "task", "move")
	shown := 0
	for k, wave := range r.Plan.Waves {
		number := fmt.Sprint(k + 1)
		for _, m := range wave[:min(len(wave), mostMoves-shown)] {
			t.row(number, m.Task, moveText(m))
			number, shown = "", shown+1
		}
	}
	t.render()
	if more := moves - shown; more > 0 {
		fmt.Fprintf(&b, " … and %s more, which --format json has\n", model.Plural(more, "move"))
	}
	return b.Bytes()
}

// moveText says from where to where something moves.
func moveText(m model.Move) string {
	switch {
	case m.From == "":
		return "starts on " + m.To
	case m.To == "":
		return "stops on " + m.From
	}
	return m.From + " → " + m.To
}
