package sat

import (
	"context"
	"fmt"

	"berth/encode"
	"berth/encode/sat"
	"berth/model"
	"berth/search"
	"berth/solvers/sat/oracle"
)

// Schedule is the method sat-schedule: makespans of workflows by a SAT solver.
//
// The program of the workflow (encode.BuildSchedule, in bits) becomes clauses, but for
// the rows that keep tasks from running on one node at once. Where an answer overlaps
// tasks, the clauses that keep these apart are added and it is asked again (E. Clarke,
// O. Grumberg, S. Jha, Y. Lu and H. Veith, Counterexample-guided abstraction refinement,
// CAV 2000). What is asked is a makespan, in turn the bound, halfway to
// the incumbent, and one below the incumbent. It is a second opinion: lcg, whose
// propagators see what here takes many questions, proves more.
var Schedule = &search.Method{
	Name: "sat-schedule", Short: "makespans by a SAT solver, told of overlaps as they occur", Proves: true,
	Source: "Crawford and Baker 1994; Clarke and others 2000", Handles: model.Schedules, Run: runSchedule,
}

// mostScheduleTerms bounds the program of a workflow, in which a term takes so many bytes,
// with its clauses; firstAsk what a question may take at first, in units of work.
const (
	mostScheduleTerms = 3_000_000
	scheduleTermBytes = 250
	firstAsk          = 200_000_000
)

func runSchedule(_ context.Context, p *model.Problem, b *search.Board) error {
	if len(p.Workflow.Tasks) == 0 {
		b.OfferSchedule(model.Schedule{}, 0)
		b.Exhausted()
		return nil
	}
	most := int64(-1)
	if _, cost := b.Schedule(); cost != search.NoCost {
		if most = cost - 1; most < 0 {
			b.Exhausted()
			return nil
		}
	}
	terms := min(mostScheduleTerms, b.Spare()/scheduleTermBytes)
	g := encode.BuildSchedule(p, encode.Bits, most, terms)
	if g == nil {
		what := "times in fewer ticks take less"
		if terms < mostScheduleTerms {
			what = "the limit of memory leaves no room for more"
		}
		return fmt.Errorf("sat-schedule: %w: more than %d terms; %s", search.ErrTooLarge, terms, what)
	}
	return newScheduler(p, b, g).solve()
}

// scheduler is a run of the method.
type scheduler struct {
	p       *model.Problem
	b       *search.Board
	g       *encode.Program
	encoder *sat.Encoder
	oracle  *oracle.Oracle
	turns   map[[2]int32][]int32 // rows that keep two tasks apart, until they are added
	begins  [][]int32            // by task: the variables that it begins some tick or later
	over    []int32              // the same of the makespan
	work    int64
}

func newScheduler(p *model.Problem, b *search.Board, g *encode.Program) *scheduler {
	atOnce := func(r *encode.Row) bool { // added at once; those of nodes as they are needed, or not at all
		return r.Origin.Kind != encode.TurnRow && r.Origin.Kind != encode.BusyRow && r.Origin.Kind != encode.NodeRow
	}
	s := &scheduler{
		p: p, b: b, g: g, oracle: oracle.New(), turns: map[[2]int32][]int32{}, begins: make([][]int32, len(p.Workflow.Tasks)),
		encoder: sat.NewEncoderOfSome(g, atOnce),
	}
	if last := sat.Positive(int32(len(g.Vars) - 1)); last > 0 {
		s.encoder.Add(last, -last) // gini has no value of what no clause names
	}
	for k := range g.Rows {
		switch r := &g.Rows[k]; {
		case r.Origin.Kind == encode.TurnRow:
			pair := [2]int32{r.Origin.A, r.Origin.B}
			s.turns[pair] = append(s.turns[pair], int32(k))
		case atOnce(r):
			s.add(r)
		}
	}
	for v := range g.Vars {
		switch x := &g.Vars[v]; x.Kind {
		case encode.Begins:
			s.begins[x.Item] = append(s.begins[x.Item], int32(v))
		case encode.Makespan:
			s.over = append(s.over, int32(v))
		}
	}
	return s
}

func (s *scheduler) add(r *encode.Row) {
	for _, sum := range s.encoder.Sums(r) {
		s.encoder.AddWhole(sum)
	}
}

// solve asks until nothing better than the incumbent is left.
func (s *scheduler) solve() error {
	low, high := s.g.Offset, s.g.Offset+int64(len(s.over))
	for turn := int64(0); ; turn++ {
		low = max(low, s.b.Bound())
		if _, cost := s.b.Schedule(); cost != search.NoCost {
			high = min(high, cost-1)
		}
		if low > high {
			s.b.Exhausted()
			return nil
		}
		target := [...]int64{low, low + (high-low)/2, high}[turn%3]
		answer, err := s.ask(target, s.work+firstAsk*(1+turn/3))
		if err != nil || !s.b.Work(0) {
			return err
		}
		if answer == oracle.No {
			if low = target + 1; low <= high {
				s.b.Raise(low)
			}
		}
	}
}

// ask says whether there is a schedule within that makespan, and offers what it finds. It
// gives up when so much work is done.
func (s *scheduler) ask(most, until int64) (oracle.Answer, error) {
	var assumed []sat.Lit
	if k := most - s.g.Offset; k < int64(len(s.over)) {
		assumed = append(assumed, -sat.Positive(s.over[k]))
	}
	goOn := func(work int64) bool {
		s.work += work
		return s.b.Work(work) && s.work < until
	}
	for s.oracle.Read(&s.encoder.CNF, func(work int64) bool { s.work += work; return s.b.Work(work) }) {
		if answer := s.oracle.Solve(assumed, goOn); answer != oracle.Yes {
			return answer, nil
		}
		begin, node, err := s.g.Slots(s.value)
		if err != nil {
			return oracle.Stopped, fmt.Errorf("sat-schedule: clauses and program disagree: %w", err)
		}
		found := s.p.Workflow.Timed(begin, node)
		if v := s.p.EvaluateSchedule(found); len(v.Violations) == 0 {
			s.b.OfferSchedule(found, v.Cost)
			if v.Cost <= most {
				return oracle.Yes, nil
			}
		}
		if !s.refine(begin, node) {
			return oracle.Stopped, fmt.Errorf("sat-schedule: clauses and program disagree on a makespan of %s", s.p.Format(most))
		}
	}
	return oracle.Stopped, nil
}

func (s *scheduler) value(v int32) int64 {
	if s.oracle.Value(sat.Positive(v)) {
		return 1
	}
	return 0
}

// refine adds clauses against every overlap, and says whether there was any.
func (s *scheduler) refine(begin []int64, node []int32) bool {
	w := s.p.Workflow
	if node == nil {
		return s.crowds(begin)
	}
	some := false
	for a := range int32(len(begin)) {
		for t := range a {
			apart := node[a] != node[t] || begin[a] >= begin[t]+w.DurationOn(t, node[t]) || begin[t] >= begin[a]+w.DurationOn(a, node[a])
			pair := [2]int32{a, t}
			if apart || s.turns[pair] == nil {
				continue
			}
			for _, k := range s.turns[pair] {
				s.add(&s.g.Rows[k])
			}
			delete(s.turns, pair)
			some = true
		}
	}
	return some
}

// crowds adds a clause for every begin of a task at which more tasks run than there are
// nodes: one of those, up to the first too many, runs at another time.
func (s *scheduler) crowds(begin []int64) bool {
	w := s.p.Workflow
	some := false
	for _, at := range begin {
		var clause []sat.Lit
		running := 0
		for t, from := range begin {
			d := w.DurationOn(int32(t), 0)
			if at < from || at >= from+d || running > w.Nodes {
				continue
			}
			running++
			if l, ok := s.beginsBy(int32(t), at-d+1); ok {
				clause = append(clause, -l)
			}
			if l, ok := s.beginsBy(int32(t), at+1); ok {
				clause = append(clause, l)
			}
		}
		if running > w.Nodes {
			s.encoder.Add(clause...)
			some = true
		}
	}
	return some
}

// beginsBy is the literal that a task begins at some tick or later; none where it always
// or never does.
func (s *scheduler) beginsBy(t int32, at int64) (sat.Lit, bool) {
	k := at - s.g.Head(t) - 1
	if k < 0 || k >= int64(len(s.begins[t])) {
		return 0, false
	}
	return sat.Positive(s.begins[t][k]), true
}
