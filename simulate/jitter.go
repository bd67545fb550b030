// Package simulate runs schedules of workflows as they may turn out: with times that
// vary (jitter.go), and with a node that is lost on the way (lose.go).
package simulate

import (
	"math/rand/v2"
	"slices"

	"berth/model"
)

// Jitter says how runs vary. Every duration and every message is multiplied by a factor
// of its own, drawn evenly from 1 − Share to 1 + Share.
type Jitter struct {
	Share float64 // from 0 to 1
	Runs  int
	Seed  uint64
}

// Outcome is what became of many runs.
type Outcome struct {
	Planned   int64     // the makespan of the schedule, in ticks
	Makespans []float64 // of all runs, ascending, in ticks
	Ends      []int     // by task: the runs that ended with it
	Critical  []int     // by task: the runs whose makespan hung on it
	Slack     []int64   // by task: by how much it may end later as planned, in ticks
	Late      []int     // by task: the runs in which it missed its deadline
}

// Run runs a feasible schedule many times. Nodes keep the order of their tasks; a task
// begins when the one before it has ended and everything that it needs is there, or as
// much later as it was planned to. So without jitter every run is as planned. O(runs ·
// (tasks + edges)).
func (j Jitter) Run(w *model.Workflow, s model.Schedule) *Outcome {
	o := &Outcome{
		Planned: w.Makespan(s), Slack: w.Slack(s), Ends: make([]int, len(s)), Critical: make([]int, len(s)), Late: make([]int, len(s)),
		Makespans: make([]float64, j.Runs),
	}
	r := newRunner(w, s)
	for k := range o.Makespans {
		rng := rand.New(rand.NewPCG(j.Seed, uint64(k)))
		o.Makespans[k] = r.run(func() float64 { return 1 + j.Share*(2*rng.Float64()-1) })
		r.count(o)
	}
	slices.Sort(o.Makespans)
	return o
}

// Quantile is the makespan that a share of the runs does not exceed.
func (o *Outcome) Quantile(share float64) float64 {
	if len(o.Makespans) == 0 {
		return 0
	}
	return o.Makespans[min(int(share*float64(len(o.Makespans))), len(o.Makespans)-1)]
}

// Mean is the mean makespan: that of the plan where every run is as planned.
func (o *Outcome) Mean() float64 {
	sum, planned := 0.0, float64(o.Planned)
	for _, m := range o.Makespans {
		sum += m - planned
	}
	return planned + sum/float64(max(len(o.Makespans), 1))
}

// runner runs one schedule again and again.
type runner struct {
	w      *model.Workflow
	at     model.Schedule
	order  []int32   // in which tasks begin
	before []int32   // by task: the one before it on its node, -1
	extra  []float64 // by task: how much later than possible it is planned to begin
	finish []float64 // by task, of the last run
	cause  []int32   // by task, of the last run: what it waited for last, -1
	last   int32     // the task that ended the last run; -1
}

func newRunner(w *model.Workflow, s model.Schedule) *runner {
	n := len(s)
	r := &runner{
		w: w, at: s, order: w.Running(s), before: make([]int32, n), extra: make([]float64, n),
		finish: make([]float64, n), cause: make([]int32, n),
	}
	last := make([]int32, w.Nodes)
	for j := range last {
		last[j] = -1
	}
	for _, t := range r.order {
		r.before[t] = last[s[t].Node]
		last[s[t].Node] = t
	}
	for _, t := range r.order {
		r.extra[t] = float64(s[t].Start) - r.possible(t, func() float64 { return 1 })
		r.finish[t] = float64(w.Finish(s, t))
	}
	return r
}

// possible is when a task can begin at the earliest, given when those before it ended.
func (r *runner) possible(t int32, factor func() float64) float64 {
	w := r.w
	start := float64(w.Release[t])
	r.cause[t] = -1
	if b := r.before[t]; b >= 0 && r.finish[b] > start {
		start, r.cause[t] = r.finish[b], b
	}
	for _, k := range w.InEdges[w.In[t].From:w.In[t].To] {
		e := &w.Edges[k]
		message := w.Message(e, r.at[e.From].Node, r.at[t].Node)
		arrives := r.finish[e.From]
		if message > 0 {
			arrives += float64(message) * factor()
		}
		if arrives > start || arrives == start && r.cause[t] < 0 {
			start, r.cause[t] = arrives, e.From
		}
	}
	return start
}

// run runs the schedule once and returns the makespan.
func (r *runner) run(factor func() float64) float64 {
	makespan := 0.0
	r.last = -1
	for _, t := range r.order {
		start := r.possible(t, factor) + r.extra[t]
		r.finish[t] = start + float64(r.w.DurationOn(t, r.at[t].Node))*factor()
		if r.finish[t] >= makespan {
			makespan, r.last = r.finish[t], t
		}
	}
	return makespan
}

// count notes what the last run hung on.
func (r *runner) count(o *Outcome) {
	if r.last < 0 {
		return
	}
	o.Ends[r.last]++
	for t := r.last; t >= 0; t = r.cause[t] {
		o.Critical[t]++
	}
	for t, deadline := range r.w.Deadline {
		if deadline < model.Never && r.finish[t] > float64(deadline)*(1+1e-12) {
			o.Late[t]++
		}
	}
}
