package bruteforce

import (
	"slices"

	"berth/model"
)

// maxSchedules bounds the steps of a search that Schedule begins.
const maxSchedules = 30_000_000

// Schedule tries every order of the tasks of a workflow and every node for each, each
// task as early as it can be behind what was put on its node before: one of these is
// a schedule of least makespan. It returns nil where none exists; ok is false where
// the workflow is too large.
func Schedule(p *model.Problem) (best model.Schedule, makespan int64, ok bool) {
	w := p.Workflow
	s := &scheduling{
		p: p, w: w, at: make(model.Schedule, len(w.Tasks)), done: make([]bool, len(w.Tasks)),
		free: make([]int64, w.Nodes), makespan: model.Never, steps: maxSchedules,
	}
	s.next(0, 0)
	return s.best, s.makespan, s.steps > 0
}

type scheduling struct {
	p        *model.Problem
	w        *model.Workflow
	at       model.Schedule
	done     []bool
	free     []int64 // by node: when it can begin another task
	best     model.Schedule
	makespan int64
	steps    int
}

// next puts one more task behind those that are placed and end at the latest at last.
func (s *scheduling) next(placed int, last int64) {
	if s.steps--; s.steps <= 0 || last >= s.makespan {
		return
	}
	if placed == len(s.at) {
		if v := s.p.EvaluateSchedule(s.at); len(v.Violations) == 0 && v.Cost < s.makespan {
			s.best, s.makespan = slices.Clone(s.at), v.Cost
		}
		return
	}
	for t := range int32(len(s.at)) {
		if s.done[t] || !s.ready(t) {
			continue
		}
		s.done[t] = true
		for j := range int32(s.w.Nodes) {
			start := s.earliest(t, j)
			if start >= model.Never {
				continue
			}
			before := s.free[j]
			s.at[t] = model.Slot{Node: j, Start: start}
			s.free[j] = s.w.Finish(s.at, t)
			if s.free[j] <= s.w.Deadline[t] {
				s.next(placed+1, max(last, s.free[j]))
			}
			s.free[j] = before
		}
		s.done[t] = false
	}
}

func (s *scheduling) ready(t int32) bool {
	for k := range s.w.Edges {
		if e := &s.w.Edges[k]; e.To == t && !s.done[e.From] {
			return false
		}
	}
	return true
}

func (s *scheduling) earliest(t, j int32) int64 {
	if s.w.DurationOn(t, j) == model.Never {
		return model.Never
	}
	start := max(s.free[j], s.w.Release[t])
	for k := range s.w.Edges {
		if e := &s.w.Edges[k]; e.To == t {
			start = max(start, s.w.Finish(s.at, e.From)+s.w.Message(e, s.at[e.From].Node, j))
		}
	}
	return start
}
