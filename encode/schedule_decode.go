package encode

import (
	"fmt"

	"berth/model"
)

// DecodeSchedule returns the schedule that values of the variables stand for: it reads
// where tasks run and when they begin, and lets each begin as soon as it can in that
// order. It fails with NoPlacement where a task runs on no node or on several; whether the
// schedule keeps the rules, and its makespan, is for the judge to say.
func (g *Program) DecodeSchedule(value func(v int32) int64) (model.Schedule, error) {
	begin, node, err := g.Slots(value)
	if err != nil {
		return nil, err
	}
	return g.Problem.Workflow.Timed(begin, node), nil
}

// Slots returns when tasks begin and where they run as the values of the variables say;
// node is nil where nodes are interchangeable. It fails as DecodeSchedule does.
func (g *Program) Slots(value func(v int32) int64) (begin []int64, node []int32, err error) {
	w := g.Problem.Workflow
	begin, node = make([]int64, len(w.Tasks)), make([]int32, len(w.Tasks))
	copy(begin, g.windows.head)
	for t := range node {
		node[t] = model.NoPlace
	}
	for v := range g.Vars {
		n := value(int32(v))
		switch x := &g.Vars[v]; {
		case n == 0:
		case x.Kind == Begins:
			if x.Nth < 0 {
				n <<= -x.Nth - 1
			}
			begin[x.Item] = min(begin[x.Item]+n, model.Never)
		case x.Kind == Runs && node[x.Item] != model.NoPlace:
			return nil, nil, NoPlacement(fmt.Sprintf("the answer runs %s on more than one node: x%d (%s) is one too many",
				w.Tasks[x.Item], v+1, g.Meaning(int32(v))))
		case x.Kind == Runs:
			node[x.Item] = x.Place
		}
	}
	if g.Problem.Interchangeable() {
		return begin, nil, nil
	}
	for t, j := range node {
		if j == model.NoPlace {
			return nil, nil, NoPlacement(fmt.Sprintf("the answer runs %s on no node: is it the answer to a file written from this instance?", w.Tasks[t]))
		}
	}
	return begin, node, nil
}

// Head returns the tick with which the window of a task begins: its variables count from
// there.
func (g *Program) Head(task int32) int64 { return g.windows.head[task] }
