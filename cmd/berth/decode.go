package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"berth/encode"
	"berth/encode/formats"
	"berth/model"
	"berth/search"
)

func (a *app) decodeCommand() *cobra.Command {
	s := &source{}
	c := &cobra.Command{
		Use:   "decode FILE ANSWER",
		Short: "Read another solver's answer back as a solution",
		Long: `decode reads what another solver said about a file that encode wrote: its solution
file, or what it printed. The placement or schedule is judged and written as a solution.

That the solver calls it optimal, or says that there is none, is not believed: the
solution carries the bound that berth knows without a search. What --fix, --forbid,
--without and --max-moves asked of encode has to be asked here, too.`,
		Example: `  berth encode shop.yaml --to lp --output shop.lp
  highs --solution_file shop.sol shop.lp
  berth decode shop.yaml shop.sol

  berth encode shop.yaml --to opb | clasp | berth decode shop.yaml -`,
		Args: files("FILE", "ANSWER"),
	}
	s.flags(c.Flags())
	s.asks(c.Flags())
	var by string
	formats := encode.AnswerFormats()
	flag(c.Flags(), &by, "by", "", "format", "whose answer it is: "+strings.Join(formats, ", ")+" (default: what it looks like)", oneOf(formats...))
	out := a.outputFlags(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		q, err := a.question(args[0], s)
		if err != nil {
			return err
		}
		data, err := a.document(args[1])
		if err != nil {
			return err
		}
		answer, err := encode.ParseAnswer(data, by)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[1]), err)
		}
		result, err := decoded(q.problem, answer)
		if err != nil {
			return fmt.Errorf("%s: %w", shownName(args[1]), err)
		}
		return a.answer(q.problem, result, &solving{out: out, solver: answer.Format}, []string{q.problem.Impossible})
	})
	return c
}

// decoded judges an answer. What has no solution in it is known as far as berth
// knows without a search.
func decoded(p *model.Problem, answer *encode.Answer) (*search.Result, error) {
	r := &search.Result{Status: model.Unknown, Cost: search.NoCost, Bound: p.TrivialBound()}
	if !answer.Solved() {
		if p.Impossible != "" {
			r.Status = model.Infeasible
		}
		return r, nil
	}
	g, err := formats.ForAnswer(answer.Format).Program(p, most)
	if err != nil {
		return nil, err
	}
	var v model.Verdict
	if p.Workflow != nil {
		if r.Schedule, err = g.DecodeScheduleAnswer(answer); err != nil {
			return nil, err
		}
		v = p.EvaluateSchedule(r.Schedule)
	} else {
		if r.Placement, err = g.DecodeAnswer(answer); err != nil {
			return nil, err
		}
		v = p.Evaluate(r.Placement)
	}
	if len(v.Violations) > 0 {
		return nil, fmt.Errorf("the answer breaks a rule: %s: %s", v.Violations[0].Path, v.Violations[0].Text)
	}
	r.Cost, r.Status = v.Cost, model.Feasible
	if r.Bound >= r.Cost {
		r.Status = model.Optimal
	}
	r.Events = []search.Event{{Cost: r.Cost, Bound: r.Bound, By: answer.Format}}
	return r, nil
}
