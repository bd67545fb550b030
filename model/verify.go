package model

import (
	"errors"
	"fmt"
	"math"
	"math/big"
)

// Document writes a placement, judged once more, as a solution document; pl is nil
// where there is none, bound nil where none is known. Who solved it, how long it
// took and the trajectory are the caller's to add. A placement that the judge
// refuses is an error: the caller has a bug.
func (p *Problem) Document(status Status, pl Placement, bound *int64) (*Solution, error) {
	if !status.HasPlacement() {
		return p.document(status, nil, bound), nil
	}
	v := p.Evaluate(pl)
	if len(v.Violations) > 0 {
		return nil, fmt.Errorf("the placement is not feasible: %s", v.Violations[0].Text)
	}
	s := p.document(status, &v, bound)
	s.Cost = p.costs(v.Terms)
	s.Placement = p.PlacementOf(p.expand(pl))
	return s, nil
}

// document is a solution document up to what was found; v is what the judge says of
// that, nil where there is nothing.
func (p *Problem) document(status Status, v *Verdict, bound *int64) *Solution {
	s := &Solution{Instance: p.Name, InstanceDigest: p.Digest, Given: p.Given, Status: status}
	if bound != nil {
		s.Bound = Number(p.Format(*bound))
	}
	if v != nil {
		s.Objective = Number(p.Format(v.Cost))
	}
	if v != nil && bound != nil {
		gap := p.Gap(v.Cost, *bound)
		s.Gap = &gap
	}
	return s
}

func (p *Problem) costs(t Terms) *Costs {
	f := func(cost int64) Number { return Number(p.Format(cost)) }
	return &Costs{f(t.Fetch), f(t.Traffic), f(t.Move), f(t.Open), f(t.Unplaced), f(t.Wishes)}
}

// Verify recomputes everything that a solution claims about its placement, and
// lists the claims that fail, in words; none: all of them hold. It trusts nothing
// but the problem. That a bound is true takes a proof; here it is only held
// against the objective.
func (p *Problem) Verify(s *Solution) []string {
	v := verification{Problem: p, Solution: s}
	if s.InstanceDigest != p.Digest {
		v.refute("instanceDigest is %s, this instance has %s: the solution was made for another one", s.InstanceDigest, p.Digest)
	}
	if s.Instance != p.Name {
		v.refute("instance is %q, this one is called %q", s.Instance, p.Name)
	}
	if given := s.Given.normal(); !given.equal(&p.Given) {
		v.refute("given is not what is asked here: the solution answers another question")
	}
	switch {
	case !s.Status.HasPlacement():
	case p.Workflow != nil:
		v.schedule()
	case s.Schedule != nil:
		v.refute("schedule: this instance asks for a placement")
	default:
		if at, ok := v.replicas(); ok {
			v.judge(at)
		}
	}
	v.bound()
	return v.failed
}

// Recost returns what the placement of a solution costs, in units, whatever it claims
// to cost; ok is false where there is none or the judge refuses it.
func (p *Problem) Recost(s *Solution) (cost int64, ok bool) {
	v := verification{Problem: p, Solution: s}
	if p.Workflow != nil {
		at, whole := v.slots()
		if !whole {
			return 0, false
		}
		verdict := p.judgeSchedule(at, p.Workflow.tick)
		return (verdict.Cost + p.Workflow.tick - 1) / p.Workflow.tick, len(verdict.Violations) == 0
	}
	at, whole := v.replicas()
	if !whole {
		return 0, false
	}
	verdict := p.judge(at)
	return verdict.Cost, len(verdict.Violations) == 0
}

// ErrDoesNotFit is wrapped by the error of Begin where a placement breaks a rule or
// what is given.
var ErrDoesNotFit = errors.New("the placement does not keep the rules or what is given here")

// Begin returns the placement of a solution, for a search to begin with. It looks at
// nothing else in the solution but which instance it is of: the placement must keep
// the rules of this problem, and what is given here, not what was given there. The
// cost is for Evaluate to say. The error wraps ErrDoesNotFit where only that fails.
func (p *Problem) Begin(s *Solution) (Placement, error) {
	if err := p.beginsWith(s); err != nil {
		return nil, err
	}
	v := verification{Problem: p, Solution: s}
	at, ok := v.replicas()
	if !ok {
		return nil, fmt.Errorf("the solution is not one of this instance: %s", v.failed[0])
	}
	if broken := p.judge(at).Violations; len(broken) > 0 {
		return nil, fmt.Errorf("%w: %s: %s", ErrDoesNotFit, broken[0].Path, broken[0].Text)
	}
	pl, _ := p.Lift(at) // what hard affinity holds together is together
	return pl, nil
}

// beginsWith refuses a solution that cannot be of this problem.
func (p *Problem) beginsWith(s *Solution) error {
	if s.InstanceDigest != p.Digest {
		return fmt.Errorf("the solution is of another instance: its instanceDigest is %s, this one has %s", s.InstanceDigest, p.Digest)
	}
	if !s.Status.HasPlacement() {
		return fmt.Errorf("the solution has no placement and no schedule: its status is %s", s.Status)
	}
	return nil
}

type verification struct {
	*Problem
	*Solution
	failed []string
}

func (v *verification) refute(format string, args ...any) {
	v.failed = append(v.failed, fmt.Sprintf(format, args...))
}

// At returns the node of every replica that a solution names, task after task;
// NoPlace for those that it leaves out, and where it names what is not there.
func (p *Problem) At(s *Solution) []int32 {
	v := verification{Problem: p, Solution: s}
	at, _ := v.replicas()
	return at
}

// byName returns the index of every name.
func byName(names []string) map[string]int32 {
	index := make(map[string]int32, len(names))
	for k, name := range names {
		index[name] = int32(k)
	}
	return index
}

// replicas reads the placement by names.
func (v *verification) replicas() (at []int32, ok bool) {
	o := v.original
	task, node := byName(o.names), byName(v.NodeNames)
	failed := len(v.failed)
	at = make([]int32, o.replicas)
	for r := range at {
		at[r] = NoPlace
	}
	given := make([]bool, len(o.tasks))
	for _, place := range v.Solution.Placement {
		i, known := task[place.Task]
		if !known {
			v.refute("placement: there is no task %q in the instance", place.Task)
			continue
		}
		given[i] = true
		t := &o.tasks[i]
		if len(place.Nodes) != int(t.replicas) {
			v.refute("placement.%s: %d nodes for %d replicas", place.Task, len(place.Nodes), t.replicas)
			continue
		}
		for k, name := range place.Nodes {
			j, known := node[name]
			switch {
			case name == "":
				j = NoPlace
			case !known:
				j = NoPlace
				v.refute("placement.%s: there is no node %q in the instance", place.Task, name)
			}
			at[int(t.first)+k] = j
		}
	}
	for i := range given {
		if !given[i] {
			v.refute("placement: task %s is missing", o.names[i])
		}
	}
	return at, len(v.failed) == failed
}

// judge holds the objective and its terms against the judge's.
func (v *verification) judge(at []int32) {
	verdict := v.Problem.judge(at)
	for _, broken := range verdict.Violations {
		v.refute("%s: %s", broken.Path, broken.Text)
	}
	v.compare("objective", v.Objective, verdict.Cost)
	costs := v.costs(verdict.Terms)
	claimed := v.Cost.terms()
	for k, term := range costs.terms() {
		if !equal(*claimed[k], *term) {
			v.refute("cost.%s is claimed to be %s, it is %s", termNames[k], claimed[k].orNull(), *term)
		}
	}
}

func (v *verification) compare(field string, claimed Number, cost int64) {
	if is := Number(v.Format(cost)); !equal(claimed, is) {
		v.refute("%s is claimed to be %s, it is %s", field, claimed.orNull(), is)
	}
}

func (n Number) orNull() string {
	if n == "" {
		return "null"
	}
	return string(n)
}

func equal(a, b Number) bool {
	x, y := a.Rat(), b.Rat()
	return x != nil && y != nil && x.Cmp(y) == 0
}

// bound holds bound, gap and status against the objective that is claimed.
func (v *verification) bound() {
	objective, bound := v.Objective.Rat(), v.Bound.Rat()
	if objective == nil {
		if v.Solution.Gap != nil {
			v.refute("gap is %g without an objective", *v.Solution.Gap)
		}
		return
	}
	if bound == nil {
		if v.Status == Optimal {
			v.refute("status is optimal without a bound")
		}
		if v.Solution.Gap != nil {
			v.refute("gap is %g without a bound", *v.Solution.Gap)
		}
		return
	}
	if bound.Cmp(objective) > 0 {
		v.refute("bound %s is above the objective %s", v.Bound, v.Objective)
	}
	if v.Status == Optimal && bound.Cmp(objective) != 0 {
		v.refute("status is optimal, but bound %s is not the objective %s", v.Bound, v.Objective)
	}
	size := new(big.Rat).Abs(objective)
	if size.Cmp(big.NewRat(1, 1)) < 0 {
		size.SetInt64(1)
	}
	gap, _ := new(big.Rat).Quo(new(big.Rat).Sub(objective, bound), size).Float64()
	switch {
	case v.Solution.Gap == nil:
		v.refute("gap is missing, it is %g", gap)
	case math.Abs(*v.Solution.Gap-gap) > 1e-9*max(1, math.Abs(gap)):
		v.refute("gap is claimed to be %g, it is %g", *v.Solution.Gap, gap)
	}
}
