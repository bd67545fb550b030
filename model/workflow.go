package model

import (
	"slices"

	"berth/model/integer"
)

// Workflow is a workflow compiled: tasks that take time, one after the other on each
// node, and wait for the results of others. Its cost is the makespan, the latest
// finish. All times are whole ticks, the largest unit that divides every time of the
// document exactly (see Problem.Format). It is read-only once made.
type Workflow struct {
	Tasks    []string // names
	Nodes    int
	Duration []int64 // Duration[t*Nodes+j]: how long t runs on node j; Never: it cannot
	Release  []int64 // by task: it does not start before
	Deadline []int64 // by task: it ends by then; Never: no limit

	Edges   []Edge  // by From, then To
	Out     []Span  // by task, into Edges: what waits for it
	In      []Span  // by task, into InEdges: what it waits for
	InEdges []int32 // into Edges
	Order   []int32 // the tasks, each behind those that it waits for

	// Horizon is a time by which everything can be over, in whatever order and
	// wherever tasks run, if no node idles without need.
	Horizon int64

	messages messages
	tick     int64 // in millionths
}

// Never is a time that does not come: a duration where a task cannot run, a message
// between nodes that nothing connects. Sums of a few such times and of real ones,
// all of which are below half of it, stay within 64 bits.
const Never int64 = 1 << 60

// Edge says that a task waits for the result of another.
type Edge struct {
	From, To int32
	Size     int32 // of the result, an index of the problem's different sizes
}

// messages are the times that results take, by size and by route. Nodes that are
// reached over the same latency and bandwidth share a route.
type messages struct {
	route  []int32 // route[a*Nodes+b]; 0 is staying on a node
	routes []route
	sizes  []Quantity
	times  []int64 // times[size*len(routes)+route]; nil where that is too many
}

// DurationOn returns how long a task runs on a node, or Never.
func (w *Workflow) DurationOn(task, node int32) int64 {
	return w.Duration[int(task)*w.Nodes+int(node)]
}

// Message returns how long the result of an edge takes from node a to node b: 0 on
// one node, Never where nothing connects the two.
func (w *Workflow) Message(e *Edge, a, b int32) int64 {
	m := &w.messages
	k := m.route[int(a)*w.Nodes+int(b)]
	if m.times != nil {
		return m.times[int(e.Size)*len(m.routes)+int(k)]
	}
	if k == 0 {
		return 0
	}
	return m.compute(e.Size, k)
}

// Route returns which route joins two nodes, of Routes in all: messages between nodes
// that share a route take the same time. Route 0 is staying on a node, or reaching another in no
// time.
func (w *Workflow) Route(a, b int32) int32 { return w.messages.route[int(a)*w.Nodes+int(b)] }

// Routes counts the different routes.
func (w *Workflow) Routes() int { return len(w.messages.routes) }

// MessageOver returns how long the result of an edge takes over a route.
func (w *Workflow) MessageOver(e *Edge, route int32) int64 {
	m := &w.messages
	if m.times != nil {
		return m.times[int(e.Size)*len(m.routes)+int(route)]
	}
	return m.compute(e.Size, route)
}

// compute is a time that is not in the table. Compile has made sure that it fits.
func (m *messages) compute(size, route int32) int64 {
	if route == 0 {
		return 0
	}
	if !m.routes[route].reached {
		return Never
	}
	d, _ := m.routes[route].transfer(m.sizes[size])
	return int64(d)
}

// LeastDurations returns the shortest time of every task; Never where it runs
// nowhere.
func (w *Workflow) LeastDurations() []int64 {
	least := make([]int64, len(w.Tasks))
	for t := range least {
		least[t] = Never
		for _, d := range w.Duration[t*w.Nodes : (t+1)*w.Nodes] {
			least[t] = min(least[t], d)
		}
	}
	return least
}

// criticalPath is the longest chain of tasks, each on its quickest node and as if
// results took no time: no schedule is shorter. O(tasks · nodes + edges).
func (w *Workflow) criticalPath() int64 {
	least := w.LeastDurations()
	ready := make([]int64, len(w.Tasks))
	longest := int64(0)
	for _, t := range w.Order {
		if least[t] == Never {
			continue // nothing is feasible
		}
		finish := max(ready[t], w.Release[t]) + least[t]
		longest = max(longest, finish)
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			ready[e.To] = max(ready[e.To], finish)
		}
	}
	return longest
}

// Reached says whether a route joins anything: Never over one that does not.
func (w *Workflow) Reached(route int32) bool { return w.messages.routes[route].reached }

// Connected says whether results get from node a to node b.
func (w *Workflow) Connected(a, b int32) bool { return w.Reached(w.Route(a, b)) }

// Reversed returns the workflow with every dependency turned round and without windows:
// its schedules are those of the other without windows, read from the end, since a
// message takes as long in either direction. It shares what it can.
func (w *Workflow) Reversed() *Workflow {
	r := &Workflow{
		Tasks: w.Tasks, Nodes: w.Nodes, Duration: w.Duration, Horizon: w.Horizon, messages: w.messages, tick: w.tick,
		Release: make([]int64, len(w.Tasks)), Deadline: make([]int64, len(w.Tasks)),
	}
	for t := range r.Deadline {
		r.Deadline[t] = Never
	}
	for _, e := range w.Edges {
		r.Edges = append(r.Edges, Edge{From: e.To, To: e.From, Size: e.Size})
	}
	r.sortEdges()
	r.index()
	return r
}

// Times is the table that Message looks up: the time of size s over route r is at
// s·Routes + r. It is nil where it would be too large; then Message computes.
func (w *Workflow) Times() []int64 { return w.messages.times }

// RouteTable is the table of Route: that from a to b is at a·Nodes + b. It is shared.
func (w *Workflow) RouteTable() []int32 { return w.messages.route }

// Ticks returns how many ticks fit into a time: rounded down.
func (w *Workflow) Ticks(time Decimal) int64 { return int64(time) / w.tick }

// Refined returns the workflow with ticks of which the given time, too, is a whole number;
// false where its times then leave 64 bits.
func (p *Problem) Refined(time Decimal) (*Problem, bool) {
	tick := integer.GCD(p.Workflow.tick, int64(time))
	factor := p.Workflow.tick / tick
	if factor == 1 {
		return p, true
	}
	q, w := *p, *p.Workflow
	q.Workflow, q.unit, w.tick = &w, unitOfTicks(tick), tick
	if w.Horizon > w.latest()/factor {
		return nil, false
	}
	w.Horizon *= factor
	for _, column := range []*[]int64{&w.Duration, &w.Release, &w.Deadline, &w.messages.times} {
		*column = slices.Clone(*column)
		for k, v := range *column {
			if v < Never/factor {
				(*column)[k] = v * factor
			} else {
				(*column)[k] = Never // such a deadline is never missed
			}
		}
	}
	return &q, true
}
