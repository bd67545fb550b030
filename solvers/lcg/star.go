package lcg

import (
	"cmp"
	"math"
	"slices"

	"berth/model"
)

// star enumerates what a fork can come to on nodes that are alike: where one task sends
// results to all others, these run, on every node, in the order in which results arrive,
// and all that matters of those placed already is until when each node is busy. Of all
// ways to the same, one is kept. A join is a fork read from the end.
//
// Source: the state space of allocations, which M. Orr and O. Sinnen, Optimal task
// scheduling benefits from a duplicate-free state-space, Journal of Parallel and
// Distributed Computing 146, 2020, search for all graphs; here with the order on nodes
// known, level by level (as M.H. Rothkopf, Scheduling independent tasks on parallel
// processors, Management Science 12(5), 1966). Exponential in the nodes alone, where times
// are small numbers.
type star struct {
	w      *model.Workflow // a fork
	back   bool            // the workflow itself is a join
	centre int32
	leaves []int32
	number []int64 // see queue
	root   int64   // the time of the centre
}

// mostStates bounds the states, and mostStar the nodes; stateSteps is the work of putting a
// task on a node, behind one state.
const (
	mostStates = 3_000_000
	mostStar   = 8
	stateSteps = 60
)

// ends is until when each node is busy: that of the centre first, the others sorted.
type ends [mostStar]int32

// state is a way to some ends: the state before, and on which of its nodes the task was
// put.
type state struct {
	ends   ends
	before int32
	node   int8
}

// newStar returns nil for what is no fork and no join, or has nodes that differ or that no results
// pass between.
func newStar(p *model.Problem) *star {
	w := p.Workflow
	alike := !slices.ContainsFunc(p.NodeClass, func(c int32) bool { return c != p.NodeClass[0] })
	if !alike || w.Nodes > mostStar || w.Nodes < 2 || !w.Connected(0, 1) || len(w.Edges) != len(w.Tasks)-1 || len(w.Edges) == 0 {
		return nil
	}
	if number, _ := queue(w); number == nil || w.Horizon > math.MaxInt32 {
		return nil
	}
	s := &star{w: w}
	if w.Out[w.Order[0]].To-w.Out[w.Order[0]].From != int32(len(w.Edges)) {
		s.w, s.back = w.Reversed(), true
	}
	s.number, s.centre = queue(s.w)
	s.root = w.DurationOn(s.centre, 0)
	s.leaves = slices.Clone(s.w.Order[1:])
	slices.SortFunc(s.leaves, func(a, b int32) int { return cmp.Or(cmp.Compare(s.number[a], s.number[b]), cmp.Compare(a, b)) })
	return s
}

// within looks for the shortest schedule that is no longer than a limit. known is false if
// there are too many states, or if work says stop.
func (s *star) within(limit int64, work func(int64) bool) (best model.Schedule, makespan int64, known bool) {
	rest, states := int64(0), 0
	for _, t := range s.leaves {
		rest += s.w.DurationOn(t, 0)
	}
	levels := [][]state{{{ends: ends{int32(s.root)}}}}
	for _, t := range s.leaves {
		time := s.w.DurationOn(t, 0)
		rest -= time
		next := map[ends]int32{}
		var level []state
		for k, from := range levels[len(levels)-1] {
			for j := range s.w.Nodes {
				if j > 1 && from.ends[j] == from.ends[j-1] {
					continue
				}
				to, ok := s.put(from.ends, j, time, s.number[t], limit, rest)
				if !ok {
					continue
				}
				key := to
				key[0] = 0
				at, there := next[key]
				switch {
				case !there:
					next[key] = int32(len(level))
					level = append(level, state{to, int32(k), int8(j)})
				case to[0] < level[at].ends[0]:
					level[at] = state{to, int32(k), int8(j)}
				}
			}
			if k%1000 == 999 && !work(1000*stateSteps*int64(s.w.Nodes)) || states+len(level) > mostStates {
				return nil, 0, false
			}
		}
		if !work(int64(len(levels[len(levels)-1])%1000) * stateSteps * int64(s.w.Nodes)) {
			return nil, 0, false
		}
		levels = append(levels, level)
		states += len(level)
	}
	last, makespan := -1, limit+1
	for k, at := range levels[len(levels)-1] {
		if m := int64(slices.Max(at.ends[:])); m < makespan {
			last, makespan = k, m
		}
	}
	if last < 0 {
		return nil, 0, true
	}
	return s.schedule(levels, last, makespan), makespan, true
}

// put adds a task to a node. It says whether the rest of the work still fits.
func (s *star) put(e ends, j int, time, arrives, limit, rest int64) (ends, bool) {
	arrives += s.root
	if j > 0 {
		e[j] = max(e[j], int32(arrives))
	}
	e[j] += int32(time)
	if int64(e[j]) > limit {
		return e, false
	}
	room := max(0, limit-int64(e[0]))
	for k := 1; k < s.w.Nodes; k++ {
		room += max(0, limit-max(int64(e[k]), arrives))
	}
	for ; j > 1 && e[j] > e[j-1]; j-- { // the longest first
		e[j], e[j-1] = e[j-1], e[j]
	}
	return e, room >= rest
}

// schedule follows the states back.
func (s *star) schedule(levels [][]state, last int, makespan int64) model.Schedule {
	node := make([]int8, len(s.leaves))
	for k := len(s.leaves); k > 0; k-- {
		node[k-1] = levels[k][last].node
		last = int(levels[k][last].before)
	}
	// Nodes change places as they are sorted.
	at := make([]int32, s.w.Nodes)
	for j := range at {
		at[j] = int32(j)
	}
	e := ends{int32(s.root)}
	slots := make(model.Schedule, len(s.w.Tasks))
	for k, t := range s.leaves {
		j := int(node[k])
		begin := int64(e[j])
		if j > 0 {
			begin = max(begin, s.root+s.number[t])
		}
		slots[t] = model.Slot{Node: at[j], Start: begin}
		e[j] = int32(begin + s.w.DurationOn(t, 0))
		for ; j > 1 && e[j] > e[j-1]; j-- {
			e[j], e[j-1] = e[j-1], e[j]
			at[j], at[j-1] = at[j-1], at[j]
		}
	}
	if s.back {
		for t := range slots {
			slots[t].Start = makespan - s.w.Finish(slots, int32(t))
		}
	}
	return slots
}
