package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"strings"
	"time"

	"berth/instances"
	"berth/model"
	"berth/search"
	"berth/solvers/explain"
)

// answer judges what a search found, puts it out and says it with the exit status.
// why tells why there is no placement, where that was proven.
func (a *app) answer(p *model.Problem, r *search.Result, s *solving, why []string) error {
	doc, err := a.solution(p, r, s.solver, s.seed)
	if err != nil {
		return err
	}
	switch {
	case s.out.table():
		err = s.out.write(show(p, r, s.seed, why))
	case s.out.watched():
		err = s.out.writeSolution(doc)
	default:
		a.remark(p, r, why)
		err = s.out.writeSolution(doc)
	}
	if err == nil && s.out.watched() {
		fmt.Fprintln(a.err, headline(p, r, judged(p, r), why))
	}
	return cmp.Or(err, answeredBy(r.Status))
}

// remark says on standard error what a solution document has no field for.
func (a *app) remark(p *model.Problem, r *search.Result, why []string) {
	if r.Status == model.Infeasible {
		fmt.Fprintf(a.err, "berth: no %s exists%s\n", sought(p), because(why))
	}
	if best, ok := instances.Profit(p.Name); ok && r.Placement != nil {
		fmt.Fprintf(a.err, "berth: the profit is %s\n", profit(p, best, r.Cost))
	}
}

// sought is what a problem asks for.
func sought(p *model.Problem) string {
	if p.Workflow != nil {
		return "schedule"
	}
	return "placement"
}

// because joins the reasons: the only one on the same line, several below it.
func because(why []string) string {
	switch len(why) {
	case 0:
		return ": every possibility was searched"
	case 1:
		return ": " + why[0]
	}
	return ":\n  " + strings.Join(why, "\n  ")
}

// until says until when nothing was found, and what would help: ended is what cut the search
// short, or nil.
func until(ended error) string {
	if errors.Is(ended, context.Canceled) {
		return "before the interrupt"
	}
	return "in time; give it more --time"
}

// What looking for a reason may take: explainGrace where the time is up, and explainWork, or
// explainTimes the work of the search where that is more. Who wants it at any price asks explain.
const (
	explainGrace = 300 * time.Millisecond
	explainWork  = 2_000_000_000
	explainTimes = 10
)

// reasons looks for what makes a problem infeasible, until the deadline or an interrupt; took is
// the work that it was to prove that it is.
func reasons(ctx context.Context, p *model.Problem, took int64, deadline time.Time) []string {
	soon := time.Now().Add(explainGrace)
	if ctx.Err() != nil {
		ctx, deadline = context.WithoutCancel(ctx), soon
	}
	if !deadline.IsZero() {
		if deadline.Before(soon) {
			deadline = soon
		}
		var cancel context.CancelFunc
		ctx, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	if p.Workflow != nil {
		if p.Impossible == "" {
			return nil
		}
		return []string{p.Impossible}
	}
	return explain.Explain(ctx, p, min(max(explainTimes*took, explainWork), explain.MostWork))
}

// solution makes the document of a result. The judge sees the placement again.
func (a *app) solution(p *model.Problem, r *search.Result, solver string, seed uint64) (*model.Solution, error) {
	var doc *model.Solution
	var err error
	if bound := known(r.Bound, search.NoBound); p.Workflow != nil {
		doc, err = p.DocumentSchedule(r.Status, r.Schedule, bound)
	} else {
		doc, err = p.Document(r.Status, r.Placement, bound)
	}
	if err != nil {
		return nil, broken(err)
	}
	if r.Status.HasPlacement() && doc.Objective != model.Number(p.Format(r.Cost)) {
		return nil, broken(fmt.Errorf("the %s costs %s, not the %s that the search said", sought(p), doc.Objective, p.Format(r.Cost)))
	}
	doc.Solver, doc.Seed, doc.Work = solver, seed, r.Work
	number := func(cost *int64) model.Number {
		if cost == nil {
			return ""
		}
		return model.Number(p.Format(*cost))
	}
	for _, e := range r.Events {
		doc.Trajectory = append(doc.Trajectory, model.Step{
			Seconds: microseconds(e.Seconds), By: e.By,
			Objective: number(known(e.Cost, search.NoCost)), Bound: number(known(e.Bound, search.NoBound)),
		})
	}
	doc.Seconds = microseconds(time.Since(a.started).Seconds())
	return doc, nil
}

// microseconds rounds a time, in seconds, to whole ones of these.
func microseconds(seconds float64) float64 { return math.Round(seconds*1e6) / 1e6 }

// known is a value, or nil where it stands for none.
func known(value, none int64) *int64 {
	if value == none {
		return nil
	}
	return &value
}

// writeSolution puts out a solution document.
func (o *output) writeSolution(doc *model.Solution) error { return o.writeBy(doc.Write) }
