package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/model"
)

func (a *app) verifyCommand() *cobra.Command {
	s := &source{}
	c := &cobra.Command{
		Use:   "verify FILE SOLUTION",
		Short: "Recompute everything that a solution claims, or walk through a plan",
		Long: `verify reads an instance and a solution, and recomputes the cost, its terms and every
rule from these two documents alone. It exits with status 0 where every claim holds,
else with 3, naming each claim that fails.

That a bound is true takes a proof: with --proof verify follows one that solve wrote, step
by step and in whole numbers. Without, it holds the bound against the objective, the gap
and the status. A solution of a foreign file is verified with the flags that it was
solved with.

In place of a solution it takes a plan as berth plan writes it, and walks through it:
that no step takes more room than there is or breaks a rule, and where it ends.`,
		Example: `  berth solve shop.yaml | berth verify shop.yaml -
  berth solve --proof shop.proof --output answer.json shop.yaml
  berth verify --proof shop.proof shop.yaml answer.json
  berth solve drain.yaml --output drained.json
  berth plan drain.yaml drained.json --output plan.json
  berth verify drain.yaml plan.json
  berth verify --from orlib --problem 3 --maximise gap1.txt gap1.json`,
		Args: files("FILE", "SOLUTION"),
	}
	s.flags(c.Flags())
	var proof string
	c.Flags().StringVar(&proof, "proof", "", "follow the proof of the bound in this `file`")
	out := a.outputFlags(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		file, err := a.document(args[0])
		if err != nil {
			return err
		}
		data, err := a.document(args[1])
		if err != nil {
			return err
		}
		if model.Kind(data) == "plan" {
			if proof != "" {
				return errors.New("--proof goes with a solution; a plan has no bound")
			}
			return a.walkPlan(out, s, file, data, args)
		}
		doc, wrong := model.ReadSolution(data, shownName(args[1]))
		in, err := a.solvedInstance(file, args[0], s, doc, wrong)
		if err != nil {
			return err
		}
		q, err := compileUnder(in, args[0], doc.Given, args[1])
		if err != nil {
			return err
		}
		good := fmt.Sprintf("✓ no claim to recompute: the status is %s", doc.Status)
		switch {
		case doc.Schedule != nil:
			good = fmt.Sprintf("✓ the schedule keeps every dependency and ends at %s, as claimed", doc.Objective)
		case doc.Status.HasPlacement():
			good = fmt.Sprintf("✓ the placement keeps every rule and costs %s, as claimed", doc.Objective)
		}
		failed := q.problem.Verify(doc)
		if proof != "" {
			shown, wrong, err := a.checkProof(proof, q.problem, doc)
			if err != nil {
				return err
			}
			good, failed = good+"\n"+shown, append(failed, wrong...)
		}
		return a.report(out, doc.Instance, &doc.Given, good, failed)
	})
	return c
}

// solvedInstance reads an instance whose solution was read, or is wrong. How a cluster is read hangs
// on what the solution says was given; yet where both are wrong the instance comes first.
func (a *app) solvedInstance(data []byte, name string, s *source, doc *model.Solution, wrong error) (*model.Instance, error) {
	given := model.Given{}
	if wrong == nil {
		given = doc.Given
	}
	in, err := a.read(s.under(given), data, name)
	return in, cmp.Or(err, wrong)
}

// walkPlan judges a plan step by step.
func (a *app) walkPlan(out *output, s *source, file, data []byte, args []string) error {
	plan, err := model.ReadPlan(data, shownName(args[1]))
	if err != nil {
		return err
	}
	in, err := a.read(s.under(plan.Given), file, args[0])
	if err != nil {
		return err
	}
	q, err := compileUnder(in, args[0], plan.Given, args[1])
	if err != nil {
		return err
	}
	good := "✓ every rule is kept on the way, and the end is the placement: " + steps(plan)
	return a.report(out, plan.Instance, &plan.Given, good, q.problem.VerifyPlan(plan))
}

// solutionDocument reads a solution.
func (a *app) solutionDocument(name string) (*model.Solution, error) {
	data, err := a.document(name)
	if err != nil {
		return nil, err
	}
	return model.ReadSolution(data, shownName(name))
}

// verified is what verify found, as JSON.
type verified struct {
	Instance string   `json:"instance"`
	Holds    bool     `json:"holds"`
	Failed   []string `json:"failed"`
}

// report says which claims failed, or that all is good.
func (a *app) report(out *output, instance string, asked *model.Given, good string, failed []string) error {
	var err error
	if out.table() {
		err = out.write(verifiedText(asked, good, failed))
	} else {
		for _, claim := range shortened(failed) {
			fmt.Fprintf(a.err, "berth: %s\n", claim)
		}
		err = out.writeJSON(verified{instance, len(failed) == 0, append([]string{}, failed...)})
	}
	if err == nil && len(failed) > 0 {
		return answered(statusRefuted)
	}
	return err
}

func verifiedText(asked *model.Given, good string, failed []string) []byte {
	var b bytes.Buffer
	for _, claim := range shortened(failed) {
		fmt.Fprintf(&b, "✗ %s\n", claim)
	}
	if said := given(asked); said != "" {
		fmt.Fprintf(&b, "given: %s\n", said)
	}
	if len(failed) > 0 {
		good = claims(len(failed))
	}
	fmt.Fprintln(&b, good)
	return b.Bytes()
}

// shortened leaves of many claims as many as people read; JSON has them all.
func shortened(claims []string) []string {
	const most = 20
	if len(claims) <= most+1 {
		return claims
	}
	return append(slices.Clone(claims[:most]), fmt.Sprintf("and %d more, which --format json lists", len(claims)-most))
}

// given says what was asked beside the instance; nothing: "".
func given(g *model.Given) string {
	var parts []string
	for _, s := range g.Fix {
		parts = append(parts, s.Task+" only on "+list(s.Nodes))
	}
	for _, s := range g.Forbid {
		parts = append(parts, s.Task+" not on "+list(s.Nodes))
	}
	if len(g.Without) > 0 {
		parts = append(parts, "without "+list(g.Without))
	}
	if g.MaxMoves != nil {
		parts = append(parts, fmt.Sprintf("at most %s", model.Plural(*g.MaxMoves, "move")))
	}
	return strings.Join(parts, "; ")
}

func claims(n int) string {
	if n == 1 {
		return "1 claim does not hold"
	}
	return fmt.Sprintf("%d claims do not hold", n)
}
