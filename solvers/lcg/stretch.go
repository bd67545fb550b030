package lcg

import (
	"context"
	"math/rand/v2"
	"slices"

	"berth/heuristics/schedule"
	"berth/model"
	"berth/search"
	"berth/solvers/lcg/engine"
)

// Stretches makes stretches of a schedule anew, everything before and behind them staying in
// its order and on its nodes, by asking for a shorter makespan until there is none. Stretches
// where there is none grow; where no answer comes in time, they shrink. Of many nodes a task
// may go to some. Workflows with deadlines it leaves alone.
//
// Source: P. Shaw, Using constraint programming and local search methods to solve vehicle
// routing problems, CP 1998; stretches of time as D. Godard, P. Laborie and W. Nuijten,
// Randomized large neighborhood search for cumulative scheduling, ICAPS 2005.
var Stretches = &search.Method{
	Name: "stretches", Short: "makes stretches of a schedule anew, by a search that learns from conflicts",
	Source: "Shaw 1998; Godard, Laborie and Nuijten 2005", Handles: model.Schedules,
	Run: func(ctx context.Context, p *model.Problem, b *search.Board) error {
		w := p.Workflow
		if s, _ := b.Schedule(); s == nil {
			if err := schedule.HEFT.Run(ctx, p, b); err != nil {
				return err
			}
		}
		if slices.ContainsFunc(w.Deadline, func(d int64) bool { return d < model.Never }) {
			return nil
		}
		(&remaking{b: b, f: newFrame(w), rng: rand.New(rand.NewPCG(b.Seed(), 0x57e7c4)), size: firstStretch}).run()
		return nil
	},
}

// The length of the first stretches, and how it changes: where twice as many as it takes to
// cover the schedule gave nothing, and where one was not settled within so many conflicts.
const (
	firstStretch    = 12
	stretchGrowth   = 1.3
	stretchShrink   = 0.9
	leastStretch    = 6
	stretchConflict = 300

	mostNodes = 8       // that a task of a stretch may run on
	mostApart = 100_000 // pairs of its tasks on every node
	slowness  = 2       // of the engine's steps where it has just been made
)

// remaking is a run of Stretches.
type remaking struct {
	b      *search.Board
	f      *frame
	rng    *rand.Rand
	size   float64 // of stretches
	failed int     // stretches of this size
}

// run remakes stretches until the board says stop, or the stretch is all there is.
func (r *remaking) run() {
	n := len(r.f.w.Tasks)
	most := mostFree(n, r.f.w.Nodes)
	for r.b.Work(r.f.spent()) {
		s, makespan := r.b.Schedule()
		if len(s) == 0 {
			return
		}
		if r.f.seq == nil || makespan != r.f.makespan {
			r.f.take(s)
		}
		size := min(int(r.size), most)
		r.f.stretch(r.rng.IntN(n-size+1), size)
		better, settled := false, true
		if r.f.choose(r.f.makespan-1, r.rng) {
			better, settled = r.remake()
		}
		switch {
		case better:
			r.failed = 0
		case !settled:
			r.size, r.failed = max(leastStretch, r.size*stretchShrink), 0
		case size == n && !r.f.partial:
			r.b.Exhausted()
			return
		default:
			if r.failed++; r.failed*size >= 2*n {
				r.size, r.failed = min(float64(r.size*stretchGrowth)+1, float64(most)), 0
			}
		}
	}
}

// mostFree is how many tasks a stretch may have.
func mostFree(tasks, nodes int) int {
	most := tasks
	for most > leastStretch && most*most*min(nodes, mostNodes) > mostApart {
		most--
	}
	return most
}

// remake asks for shorter and shorter schedules, and in longer steps for as long as there are
// any. It says whether there was one, and whether the last question was answered.
func (r *remaking) remake() (better, settled bool) {
	q := newStretch(r.f)
	best, step := r.f.makespan, int64(0)
	for r.b.Work(r.f.spent()) {
		until := q.e.Conflicts + stretchConflict
		status := q.e.Solve(engine.AtMost(q.end, best-1-step), func(steps int64) bool {
			return r.b.Work(slowness*steps) && q.e.Conflicts < until
		})
		switch {
		case status == engine.Solved:
			step = 2*step + best - q.e.Low(q.end)
			best, better = q.e.Low(q.end), true
			s := r.f.with(q)
			r.b.OfferSchedule(s, r.f.w.Makespan(s))
		case step > 0:
			step = 0
		default:
			return better, status != engine.Stopped
		}
	}
	return better, false
}

// newStretch makes the program of the stretch of a frame, for makespans that are shorter.
func newStretch(f *frame) *program {
	w := f.w
	q := &program{
		w: w, g: &graph{w: w, least: f.least}, e: engine.New(0),
		start: make([]engine.Half, len(w.Tasks)), done: make([]moment, len(w.Tasks)), on: make([][]engine.Literal, len(w.Tasks)),
	}
	by := f.makespan - 1
	q.end = q.e.NewVariable(f.through, by, false)
	free := f.seq[f.first:f.last]
	for _, t := range free {
		q.loose(f, t, by)
	}
	// What comes after each task of the stretch within it.
	behind := make([]set, len(free))
	for k, s := range slices.Backward(free) {
		behind[k] = make(set, (len(free)+63)/64)
		for i := w.Out[s].From; i < w.Out[s].To; i++ {
			e := &w.Edges[i]
			if !f.free(e.To) {
				continue
			}
			behind[k].add(f.pos[e.To] - f.first)
			behind[k].union(behind[f.pos[e.To]-f.first])
			q.following(q.done[s], e.To, 0)
			q.message(e)
			f.steps += int64(20 * w.Nodes * w.Nodes)
		}
		for l := k + 1; l < len(free); l++ {
			if t := free[l]; !behind[k].has(int32(l)) && q.meet(s, t) {
				first, second, known := q.apart(s, t)
				if known && f.node[s] == f.node[t] {
					q.e.Prefer(first.Half, 1)
					q.e.Prefer(second.Half, 0)
				}
				f.steps += int64(600 * w.Nodes)
			}
		}
	}
	for j := range w.Nodes {
		q.load(j, free)
	}
	return q
}

// loose adds a task of a stretch: where and when it can run, and what follows for the makespan.
func (q *program) loose(f *frame, t int32, by int64) {
	low, high := model.Never, int64(0)
	for j := range int32(q.w.Nodes) {
		if f.can(t, j) {
			low = min(low, f.head[f.place(t, j)])
			high = max(high, by-f.after[f.place(t, j)]-q.w.DurationOn(t, j))
		}
	}
	q.start[t] = q.e.NewVariable(low, high, false)
	q.on[t] = q.e.NewChoice(q.w.Nodes)
	for k, x := range q.on[t] {
		j := int32(k)
		if !f.can(t, j) {
			q.e.AddClause(x.Not())
			continue
		}
		q.e.AddClause(x.Not(), engine.AtLeast(q.start[t], f.head[f.place(t, j)]))
		q.e.AddDifference(q.start[t], q.end, q.w.DurationOn(t, j)+f.after[f.place(t, j)], x)
	}
	q.done[t] = q.ending(t)
	q.e.Prefer(q.on[t][f.node[t]].Half, 1)
	f.steps += int64(600 * q.w.Nodes)
}

// meet says whether two tasks may share a node.
func (q *program) meet(s, t int32) bool {
	for j, x := range q.on[s] {
		if !q.e.False(x) && !q.e.False(q.on[t][j]) {
			return true
		}
	}
	return false
}

// with is the schedule of the frame with its stretch as the program has found it: what is
// behind begins as late as it may.
func (f *frame) with(q *program) model.Schedule {
	begin, node := slices.Clone(f.begin), slices.Clone(f.node)
	for k, t := range f.seq[f.first:] {
		if int32(k) < f.last-f.first {
			begin[t], node[t] = q.e.Low(q.start[t]), q.nodeOf(t)
		} else {
			begin[t] = f.makespan - 1 - f.tail[t] - f.time(t)
		}
	}
	return f.w.Timed(begin, node)
}
