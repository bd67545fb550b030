package main

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"berth/model"
	"berth/solvers"
)

// asking is the call of why.
type asking struct {
	solving
	on []string
}

func (a *app) whyCommand() *cobra.Command {
	w := &asking{solving: solving{solver: "auto", seed: 1}}
	c := &cobra.Command{
		Use:   "why FILE SOLUTION TASK",
		Short: "Say why a task is not at home, and what it would cost to have it there",
		Long: `why solves the instance again with the task forced onto its home, or onto the nodes
that --on names, and says what the whole would cost then and what would have to give
way: which tasks move, and how each part of the cost changes. The parts add up to the
difference. Where a task has no home, the nodes that it runs on today are asked about
instead: why a pod has to move. Of one that is left out and has no home either, why says
what it would cost to have it on any node: why a pod is pending.

Where it cannot be, or only with others left out, why lists what would let one more
replica of it in, while all that is placed stays placed: what to add to which node,
which rule or selector to widen, one more node like another, and what else moves then.
Each was tried, and the placement judged.

The answer is exact where the new solution is proven optimal within --time; else the
difference is given as at least and at most.`,
		Example: `  berth solve shop.yaml --output answer.json
  berth why shop.yaml answer.json index
  berth why shop.yaml answer.json web --on b2`,
		Args: files("FILE", "SOLUTION", "TASK"),
	}
	set := c.Flags()
	w.flags(set)
	set.Var(&nodesFlag{to: &w.on}, "on", "ask about these nodes, separated by commas, instead of the task's homes")
	flag(set, &w.time, "time", "60s", "duration", "limit of the whole command", parseTime)
	flag(set, &w.threads, "threads", "2", "number", "how many threads may be busy", count(1, 1024))
	w.out = a.outputFlags(set)
	c.RunE = func(c *cobra.Command, args []string) error {
		if err := w.out.check(); err != nil {
			return err
		}
		return a.why(c.Context(), args[0], args[1], args[2], w)
	}
	return c
}

func (a *app) why(ctx context.Context, file, solution, task string, w *asking) error {
	deadline := a.started.Add(w.time)
	v, err := inTime(ctx, file, deadline, 0, func() (*verifiedQuestion, error) { return a.verified(file, solution, &w.source) })
	if err != nil {
		return err
	}
	r, err := w.question(v.Instance, v.doc, task)
	if err != nil {
		return err
	}
	if !r.today && !slices.ContainsFunc(r.Now, func(node string) bool { return !slices.Contains(r.There, node) }) {
		r.AtHome = true
		return w.out.writeForcing(r)
	}
	allowed, err := v.allows(r)
	if err != nil {
		return err
	}
	if !allowed {
		r.bar()
	} else {
		until := deadline
		if slices.Contains(r.Now, "") {
			until = time.Now().Add(time.Duration(forcePart * float64(time.Until(deadline))))
		}
		if err := a.force(ctx, v, r, &w.solving, until); err != nil {
			return err
		}
	}
	if r.asksForHelp() {
		if err := a.helps(ctx, v, r, &w.solving, deadline); err != nil {
			return err
		}
	}
	return w.out.writeForcing(r)
}

// allows says whether the task may be on one of the nodes, as far as that does not hang
// on others.
func (v *verifiedQuestion) allows(r *forcing) (bool, error) {
	task := slices.IndexFunc(v.Tasks, func(t model.Task) bool { return t.Name == r.Task })
	domain, allowed := v.problem.Stated(task).Allowed, false
	for _, name := range r.There {
		node := slices.Index(v.problem.NodeNames, name)
		if node < 0 {
			return false, fmt.Errorf("--on: %w", model.NotKnown("node", name, v.problem.NodeNames))
		}
		allowed = allowed || domain.Has(int32(node))
	}
	return allowed, nil
}

// verifiedQuestion is an instance with a solution of it that holds.
type verifiedQuestion struct {
	*question
	file string
	doc  *model.Solution
}

// verified reads an instance and a solution of it that holds and has a placement.
func (a *app) verified(file, solution string, s *source) (*verifiedQuestion, error) {
	in, doc, err := a.pair(file, solution, s)
	if err != nil {
		return nil, err
	}
	if err := noWorkflow(in, file); err != nil {
		return nil, err
	}
	v, err := solvedBy(in, file, solution, doc)
	if err == nil && !v.doc.Status.HasPlacement() {
		err = fmt.Errorf("%s has no placement to ask about: its status is %s", shownName(solution), v.doc.Status)
	}
	return v, err
}

// pair reads an instance and a solution of it.
func (a *app) pair(file, solution string, s *source) (*model.Instance, *model.Solution, error) {
	data, err := a.document(file)
	if err != nil {
		return nil, nil, err
	}
	doc, wrong := a.solutionDocument(solution)
	in, err := a.solvedInstance(data, file, s, doc, wrong)
	return in, doc, err
}

// solvedBy compiles an instance under what its solution says, and refuses one that does not hold.
func solvedBy(in *model.Instance, file, solution string, doc *model.Solution) (*verifiedQuestion, error) {
	q, err := compileUnder(in, file, doc.Given, solution)
	if err != nil {
		return nil, err
	}
	if failed := q.problem.Verify(doc); len(failed) > 0 {
		return nil, fmt.Errorf("%s does not hold: %s", shownName(solution), failed[0])
	}
	return &verifiedQuestion{q, file, doc}, nil
}

// force solves again with the task where it is asked for, and compares. What may be left
// out must be placed then, or leaving it out would be the answer; unless the question is of
// one replica while others stay out.
func (a *app) force(ctx context.Context, v *verifiedQuestion, r *forcing, s *solving, deadline time.Time) error {
	forced := *v.Instance
	forced.Given.Fix = append(slices.Clone(forced.Given.Fix), model.TaskNodes{Task: r.Task, Nodes: r.There})
	forced.Tasks = slices.Clone(forced.Tasks)
	task := &forced.Tasks[slices.IndexFunc(forced.Tasks, func(t model.Task) bool { return t.Name == r.Task })]
	if !r.someOut {
		task.Unplaced = nil
	}
	if r.today && task.Apart == "" {
		task.Apart = "node" // on as many nodes as it has replicas: one on each
	}
	then, err := compile(&forced, v.file)
	if err != nil {
		return err
	}
	result, err := a.hunt(ctx, then, solvers.Auto, s, deadline, nil)
	if err != nil {
		return err
	}
	r.ended = ctx.Err()
	if r.Status = result.Status; r.Status == model.Infeasible {
		r.Impossible = reasons(ctx, then.problem, result.Work, deadline)
	}
	if err := r.compare(v.Instance, v.problem, then.problem, v.doc, result); err != nil {
		return broken(err)
	}
	return nil
}

// question finds the task and the nodes that are asked about.
func (w *asking) question(in *model.Instance, doc *model.Solution, name string) (*forcing, error) {
	k := slices.IndexFunc(in.Tasks, func(t model.Task) bool { return t.Name == name })
	if k < 0 {
		return nil, model.NotKnown("task", name, namesOf(in.Tasks))
	}
	there := in.Tasks[k].Home
	if len(w.on) > 0 {
		there = slices.Compact(slices.Sorted(slices.Values(w.on)))
	}
	at := slices.IndexFunc(doc.Placement, func(p model.TaskNodes) bool { return p.Task == name })
	r := &forcing{Task: name, Now: doc.Placement[at].Nodes, There: there, Cost: doc.Objective, Optimal: doc.Status == model.Optimal}
	current := in.Tasks[k].Current
	today := slices.Compact(slices.Sorted(slices.Values(current)))
	left, _ := difference(current, r.Now)
	switch {
	case len(there) > 0:
	case slices.Contains(r.Now, ""):
		r.anywhere = true
		for k := range in.Nodes {
			r.There = append(r.There, in.Nodes[k].Name)
		}
	case left != nil:
		r.There, r.today = today, len(today) > 1 && len(today) == len(r.Now)
	default:
		what := "has no home"
		if len(today) > 0 {
			what = "runs where it runs today"
		}
		return nil, fmt.Errorf("task %s %s; name a node with --on, or ask about all nodes: `berth explain FILE SOLUTION --task TASK`", name, what)
	}
	return r, nil
}
