package model

import (
	"fmt"
	"math/big"

	"berth/model/integer"
)

// DocumentSchedule is Document for a workflow.
func (p *Problem) DocumentSchedule(status Status, schedule Schedule, bound *int64) (*Solution, error) {
	if !status.HasPlacement() {
		return p.document(status, nil, bound), nil
	}
	v := p.EvaluateSchedule(schedule)
	if len(v.Violations) > 0 {
		return nil, fmt.Errorf("the schedule is not feasible: %s", v.Violations[0].Text)
	}
	s := p.document(status, &v, bound)
	s.Schedule = make([]TaskTime, len(schedule))
	for t, slot := range schedule {
		s.Schedule[t] = TaskTime{
			Task: p.Workflow.Tasks[t], Node: p.NodeNames[slot.Node],
			Start: Number(p.Format(slot.Start)), Finish: Number(p.Format(p.Workflow.Finish(schedule, int32(t)))),
		}
	}
	return s, nil
}

// BeginSchedule is Begin for a workflow. Starts that are no whole number of ticks are
// rounded up where that leaves a schedule.
func (p *Problem) BeginSchedule(s *Solution) (Schedule, error) {
	if err := p.beginsWith(s); err != nil {
		return nil, err
	}
	v := verification{Problem: p, Solution: s}
	at, ok := v.slots()
	if !ok {
		return nil, fmt.Errorf("the solution is not one of this instance: %s", v.failed[0])
	}
	tick := p.Workflow.tick
	for t := range at {
		at[t].Start = (at[t].Start + tick - 1) / tick
	}
	if broken := p.EvaluateSchedule(at).Violations; len(broken) > 0 {
		return nil, fmt.Errorf("%w: %s: %s", ErrDoesNotFit, broken[0].Path, broken[0].Text)
	}
	return at, nil
}

// slots reads the schedule by names, with starts in millionths.
func (v *verification) slots() (at Schedule, ok bool) {
	w := v.Workflow
	task, node := byName(w.Tasks), byName(v.NodeNames)
	if v.Solution.Schedule == nil {
		v.refute("schedule: it is missing, and this instance is a workflow")
		return nil, false
	}
	failed := len(v.failed)
	at = make(Schedule, len(w.Tasks))
	given := make([]bool, len(w.Tasks))
	for _, slot := range v.Solution.Schedule {
		t, known := task[slot.Task]
		if !known {
			v.refute("schedule: there is no task %q in the instance", slot.Task)
			continue
		}
		given[t] = true
		j, known := node[slot.Node]
		if !known {
			v.refute("schedule.%s: there is no node %q in the instance", slot.Task, slot.Node)
		}
		start, exact := millionths(slot.Start)
		if !exact {
			v.refute("schedule.%s: start %s is not a time from 0 with at most six fractional digits", slot.Task, slot.Start)
		}
		at[t] = Slot{j, start}
	}
	for t := range given {
		if !given[t] {
			v.refute("schedule: task %s is missing", w.Tasks[t])
		}
	}
	return at, len(v.failed) == failed
}

// millionths returns a number that is one of 0 or more with at most six digits.
func millionths(n Number) (int64, bool) {
	r := n.Rat()
	if r == nil || r.Sign() < 0 {
		return 0, false
	}
	r = new(big.Rat).Mul(r, big.NewRat(int64(DecimalOne), 1))
	return r.Num().Int64(), r.IsInt() && r.Num().IsInt64()
}

// schedule holds a schedule and what it claims of itself against the judge's word.
func (v *verification) schedule() {
	at, ok := v.slots()
	if !ok {
		return
	}
	w := v.Workflow
	verdict := v.judgeSchedule(at, w.tick)
	for _, broken := range verdict.Violations {
		v.refute("%s: %s", broken.Path, broken.Text)
	}
	task := byName(w.Tasks)
	for _, slot := range v.Solution.Schedule {
		t := task[slot.Task]
		if d := w.DurationOn(t, at[t].Node); d != Never {
			v.claim("schedule."+slot.Task+".finish", slot.Finish, at[t].Start+d*w.tick)
		}
	}
	v.claim("objective", v.Objective, verdict.Cost)
}

// claim holds a time that is claimed against what it is, in millionths.
func (v *verification) claim(field string, claimed Number, time int64) {
	if is := Number(Decimal(time).String()); !equal(claimed, is) {
		v.refute("%s is claimed to be %s, it is %s", field, claimed.orNull(), is)
	}
}

// Slots returns the slots that a solution names, in ticks of the problem that it returns with
// them: p, or p refined where starts are no whole numbers of its ticks; they are rounded up where
// that would leave 64 bits. It returns false where it is no schedule of this workflow, such as one
// in which a task is missing. It does not say whether the schedule is feasible.
func (p *Problem) Slots(s *Solution) (*Problem, Schedule, bool) {
	v := verification{Problem: p, Solution: s}
	at, ok := v.slots()
	if !ok {
		return nil, nil, false
	}
	step := int64(0)
	for t := range at {
		step = integer.GCD(step, at[t].Start)
	}
	if refined, ok := p.Refined(Decimal(step)); ok {
		p = refined
	}
	for t := range at {
		at[t].Start = (at[t].Start + p.Workflow.tick - 1) / p.Workflow.tick
		if p.Workflow.DurationOn(int32(t), at[t].Node) == Never {
			return nil, nil, false
		}
	}
	return p, at, true
}
