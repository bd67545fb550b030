package encode

import (
	"slices"

	"berth/model"
)

// The program of a workflow. Tasks have a variable for each node that can run them and a
// time at which they begin; results arrive after they are made, and tasks that share a
// node take turns. Times are stated in one of two ways:
//
//   - as whole numbers, with rows that hold where other variables are 1 and are slack by
//     no more than the tasks' windows ask for (A.S. Manne, On the job-shop scheduling
//     problem, Operations Research 8(2), 1960);
//   - as falling sequences of 0/1 variables, "at least k ticks", with a row, mostly a
//     clause, for every k (J.M. Crawford and A.B. Baker, Experimental results on the
//     application of satisfiability algorithms to scheduling problems, AAAI 1994). Where
//     nodes are interchangeable the tasks that run at a time are then a plain sum and no
//     task needs a node (A.A.B. Pritsker, L.J. Watters and P.M. Wolfe, Multiproject
//     scheduling with limited resources, Management Science 16(1), 1969; the steps are
//     those of N. Christofides, R. Alvarez-Valdes and J.M. Tamarit, European Journal of
//     Operational Research 29(3), 1987).
//
// Where ticks are too many for that, the whole numbers are written in binary digits.
//
// Windows come from heads and tails and from the makespan of a list schedule, which the
// best one does not exceed.

// Form is how a workflow's times are stated.
type Form uint8

// The forms.
const (
	Bits   Form = iota // every variable is 0 or 1, and says that it is some tick or later
	Whole              // times are whole numbers
	Digits             // the same in binary digits: every variable is 0 or 1
)

// fewTicks bounds tasks · ticks up to which a row for every tick is no burden.
const fewTicks = 1_000_000

// Stronger returns the form that solvers of integer programs prove more with: where nodes
// are interchangeable and ticks are few, that with a row for every tick.
func Stronger(p *model.Problem) Form {
	if w := p.Workflow; p.Interchangeable() && w.Horizon <= fewTicks/max(int64(len(w.Tasks)), 1) {
		return Bits
	}
	return Whole
}

// BuildSchedule states a workflow as a program that has schedules of at most that makespan,
// in ticks; below 0 it is that of a list schedule. It returns nil where the program would
// have more terms than the given number. O(size of the program + tasks²).
func BuildSchedule(p *model.Problem, form Form, most, terms int64) *Program {
	return buildSchedule(p, form, most, Allowance{Terms: terms})
}

// Allowance is what the making of a program may take.
type Allowance struct {
	Terms int64
	GoOn  func() bool // asked between rows; nil: nothing ends it
}

func buildSchedule(p *model.Problem, form Form, most int64, room Allowance) *Program {
	w := p.Workflow
	if n := int64(len(w.Tasks)); n*n*int64(w.Nodes) > fewTerms && plan(p, form, most, room, true) == nil {
		return nil
	}
	return plan(p, form, most, room, false)
}

// plan makes the program, or counts its terms only; it is nil where there is no room for it.
func plan(p *model.Problem, form Form, most int64, room Allowance, counted bool) *Program {
	w := p.Workflow
	n := int64(len(w.Tasks))
	if n*n > room.Terms || n*int64(w.Nodes) > room.Terms {
		return nil
	}
	v := newWindows(w, most)
	b := &planner{
		builder: &builder{g: &Program{Problem: p, Offset: v.bound, windows: v}, p: p},
		windows: v, w: w, form: form, room: room.Terms, goOn: room.GoOn, counted: counted, follows: reachable(w),
		on: make([][]int32, n), begin: make([]line, n), end: make([]line, n),
	}
	if b.state(); b.room < 0 {
		return nil
	}
	return b.g
}

// fewTerms are so few that they are made at once. Of what may have more they are counted
// first, since those that are made take memory.
const fewTerms = 10_000_000

// state makes the variables and the rows.
func (b *planner) state() {
	if b.p.Impossible != "" || b.limit < b.bound || !b.tasks() {
		b.g.Vars, b.g.Rows = nil, nil
		b.row(AtLeast, 1, Origin{Kind: NeverPossible, A: -1, B: -1})
		return
	}
	b.results()
	b.ends()
	if b.form == Bits && b.alike {
		b.busy()
	} else {
		b.turns()
		b.work()
	}
}

// BuildBinary is BuildSchedule with variables that are all 0 or 1: a row for every tick, or
// binary digits where that would have more terms than ticked. Which of both it is does not depend
// on the room.
func BuildBinary(p *model.Problem, most, ticked int64, room Allowance) *Program {
	rows := Allowance{min(ticked, room.Terms), room.GoOn}
	if g := buildSchedule(p, Bits, most, rows); g != nil {
		return g
	}
	if rows.Terms < ticked && plan(p, Bits, most, Allowance{ticked, room.GoOn}, true) != nil {
		return nil
	}
	return buildSchedule(p, Digits, most, room)
}

// planner makes the program of a workflow.
type planner struct {
	*builder
	*windows
	w    *model.Workflow
	form Form
	room int64       // terms that may still be made; below 0 nothing more is
	goOn func() bool // see Allowance

	counted bool // the terms are only counted

	alike      bool // tasks need no nodes
	on         [][]int32
	begin, end []line
	over       line
	follows    []bool // see reachable
}

// line is a time from low to high: low + the variable first, or low + the sum of first,
// first+1, …
type line struct {
	first     int32
	low, high int64
}

// none is in the place of a variable where there is none.
const none = -1

func (b *planner) row(sense Sense, rhs int64, origin Origin) {
	b.room -= int64(len(b.terms)) + 1
	if b.room >= 0 && b.goOn != nil && !b.goOn() {
		b.room = -1
	}
	if b.counted || b.room < 0 {
		b.terms = b.terms[:0]
		return
	}
	b.builder.row(sense, rhs, origin)
}

// time adds the variables of a time.
func (b *planner) time(kind VarKind, task int32, low, high, cost int64) line {
	l := line{first: int32(len(b.g.Vars)), low: low, high: high}
	v := Var{Kind: kind, Item: task, Topology: none, Place: none, Cost: cost}
	switch {
	case low >= high:
		l.high = low
	case b.form == Whole:
		v.Most = high - low
		b.variable(v)
	case b.form == Digits:
		v.Nth = -1
		for rest := high - low; rest > 0; rest /= 2 {
			b.variable(v)
			v.Nth, v.Cost = v.Nth-1, 2*v.Cost
		}
		b.addTime(l, 1)
		b.row(AtMost, high-low, definition)
	case b.room < 3*(high-low):
		b.room, l.high = -1, low
	default:
		v.Nth = 1
		b.room -= 3 * (high - low)
		b.sequence(v, int32(high-low))
	}
	return l
}

// addTime adds a time to the row being made and returns what of it is constant.
func (b *planner) addTime(l line, coef int64) int64 {
	switch {
	case l.low == l.high:
	case b.form == Bits:
		for k := range l.high - l.low {
			b.term(l.first+int32(k), coef)
		}
	case b.form == Digits:
		for k, rest := int32(0), l.high-l.low; rest > 0; k, rest = k+1, rest/2 {
			b.term(l.first+k, coef<<k)
		}
	default:
		b.term(l.first, coef)
	}
	return coef * l.low
}

// tasks adds the variables of all tasks and that each runs on one node. It is false where
// one can run nowhere.
func (b *planner) tasks() bool {
	w := b.w
	b.alike = b.p.Interchangeable()
	for t := range w.Tasks {
		b.on[t] = slices.Repeat([]int32{none}, w.Nodes)
	}
	before := b.sameBefore()
	used := make([]bool, w.Nodes) // an earlier task can run there
	for k, t := range w.Order {
		most := int64(none)
		for j := range int32(w.Nodes) {
			if !b.runs(t, j) || before[j] >= 0 && !used[before[j]] {
				continue
			}
			most = max(most, w.DurationOn(t, j))
			if b.form != Bits || !b.alike {
				b.on[t][j] = b.variable(Var{Kind: Runs, Item: t, Topology: none, Place: j})
			} else {
				b.on[t][j] = 0 // it can, and that is all
			}
		}
		if most == none {
			return false
		}
		if b.form != Bits || !b.alike {
			b.assign(t, w.Order[:k], before)
		}
		for j, x := range b.on[t] {
			used[j] = used[j] || x >= 0
		}
		b.span(t, most)
	}
	return true
}

// sameBefore is, by node, the node before it that is alike, or −1. Of schedules that
// differ by which of such nodes is which, one is stated: that in which they are in the
// order of the first task that each runs (Y.C. Law and J.H.M. Lee, Constraints 11, 2006).
func (b *planner) sameBefore() []int32 {
	before := make([]int32, b.w.Nodes)
	last := map[int32]int32{}
	for j, class := range b.p.NodeClass {
		before[j] = none
		if i, known := last[class]; known {
			before[j] = i
		}
		last[class] = int32(j)
	}
	return before
}

// assign says that a task runs on one node, and on one of several that are alike only if
// an earlier task is on the one before.
func (b *planner) assign(t int32, earlier, before []int32) {
	if b.room < 0 {
		return
	}
	for _, x := range b.on[t] {
		if x >= 0 {
			b.term(x, 1)
		}
	}
	b.row(Equal, 1, Origin{Kind: TaskRow, A: t, B: none})
	for j, x := range b.on[t] {
		if x < 0 || before[j] < 0 {
			continue
		}
		b.term(x, 1)
		for _, s := range earlier {
			if y := b.on[s][before[j]]; y >= 0 {
				b.term(y, -1)
			}
		}
		b.row(AtMost, 0, definition)
	}
}

var definition = Origin{Kind: Definition, A: none, B: none}

// span adds when a task begins and when it ends, if it takes most ticks at the most.
func (b *planner) span(t int32, most int64) {
	head, least, latest := b.head[t], b.least[t], b.latest(t)
	s := b.time(Begins, t, head, latest-least, 0)
	b.begin[t] = s
	if least == most {
		b.end[t] = line{s.first, s.low + least, s.high + least}
		return
	}
	f := b.time(Ends, t, head+least, latest, 0)
	b.end[t] = f
	if b.form != Bits {
		constant := b.addTime(f, 1) + b.addTime(s, -1)
		for j, x := range b.on[t] {
			if x >= 0 {
				b.term(x, -b.w.DurationOn(t, int32(j)))
			}
		}
		b.row(Equal, -constant, definition)
		return
	}
	b.after(s, f, least, 0, definition)
	for j, x := range b.on[t] {
		if d := b.w.DurationOn(t, int32(j)); x >= 0 && d > least {
			b.after(s, f, d, least, definition, x)
		}
	}
}

// after says that a time is at least d ticks behind another where all conditions are 1,
// given that it is known ticks behind in any case. Where the windows rule that out, not all
// of the conditions are 1.
func (b *planner) after(early, late line, d, known int64, origin Origin, conditions ...int32) {
	if b.room < 0 {
		return
	}
	if len(conditions) > 0 && early.low+d > late.high {
		for _, c := range conditions {
			b.term(c, 1)
		}
		b.row(AtMost, int64(len(conditions))-1, origin)
		return
	}
	if b.form != Bits {
		slack := early.high + d - late.low
		if len(conditions) > 0 {
			slack = min(slack, d-known)
		}
		if slack <= 0 {
			return
		}
		constant := b.addTime(late, 1) + b.addTime(early, -1)
		for _, c := range conditions {
			b.term(c, -slack)
		}
		b.row(AtLeast, d-slack*int64(len(conditions))-constant, origin)
		return
	}
	for k := max(early.low, late.low+1-d); k <= early.high; k++ {
		ones := int64(len(conditions))
		for _, c := range conditions {
			b.term(c, 1)
		}
		if k > early.low {
			b.term(b.bit(early, k), 1)
			ones++
		}
		if k+d > late.high {
			b.row(AtMost, ones-1, origin)
			return
		}
		b.term(b.bit(late, k+d), -1)
		b.row(AtMost, ones-1, origin)
	}
}

// bit is the variable that a time is at least k, which is above its low.
func (b *planner) bit(l line, k int64) int32 { return l.first + int32(k-l.low-1) }

// ends says that the makespan is behind what nothing waits for.
func (b *planner) ends() {
	b.over = b.time(Makespan, none, b.bound, b.limit, 1)
	for t := range b.w.Tasks {
		if b.w.Out[t].From == b.w.Out[t].To {
			b.after(b.end[t], b.over, 0, 0, definition)
		}
	}
}

// busy says that at no time more tasks run than there are nodes.
func (b *planner) busy() {
	for at := int64(0); at < b.limit && b.room >= 0; {
		nodes, running, more := int64(b.w.Nodes), 0, b.limit
		for t := range b.w.Tasks {
			s, d := b.begin[t], b.least[t]
			if at < s.low {
				more = min(more, s.low)
			}
			if d == 0 || at < s.low || at >= s.high+d {
				continue
			}
			running++
			if from := at - d + 1; from > s.low {
				b.term(b.bit(s, from), 1)
			} else {
				nodes--
			}
			if at+1 <= s.high {
				b.term(b.bit(s, at+1), -1)
			}
		}
		if running <= b.w.Nodes { // as they are until another one can begin
			b.terms = b.terms[:0]
			at = more
			continue
		}
		b.row(AtMost, nodes, Origin{Kind: BusyRow, A: int32(min(at, 1<<30)), B: none})
		at++
	}
}
