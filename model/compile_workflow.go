package model

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"berth/model/integer"
)

// The steps of Compile for a workflow. Times are in millionths until ticks finds the
// unit that divides all of them.

// mostTimes bounds the table of message times; beyond, they are computed each time.
const mostTimes = 1 << 22

// longest is the most that times may add up to.
const longest = Never / 2

// latest is the last tick that is a time: below longest, and such that it, with a task and a
// message behind it, is a number of millionths, in which schedules are verified.
func (w *Workflow) latest() int64 { return min(longest, math.MaxInt64/2/w.tick) }

// durations makes the time of every task on every node: stated, or work divided by
// speed, rounded up to six digits. A node that is too small runs nothing of it.
func (c *compiler) durations() error {
	n := len(c.in.Nodes)
	w := &Workflow{Tasks: c.p.original.names, Nodes: n, Duration: make([]int64, len(c.in.Tasks)*n)}
	c.p.Workflow = w
	demand := make([]int64, len(c.p.Resources))
	for i := range c.in.Tasks {
		t := &c.in.Tasks[i]
		row := w.Duration[i*n : (i+1)*n]
		for j := range row {
			row[j] = Never
		}
		for _, on := range t.Durations {
			if on.Time > Decimal(longest) {
				return tooLong(fmt.Sprintf("tasks[%d].duration.%s", i, on.Node), on.Time)
			}
			row[c.node[on.Node]] = int64(on.Time)
		}
		if t.Work != nil {
			for j := range row {
				var ok bool
				if row[j], ok = workTime(*t.Work, c.in.Nodes[j].Speed); !ok {
					return tooLong(fmt.Sprintf("tasks[%d].work", i), *t.Work)
				}
			}
		}
		clear(demand)
		c.vector(t.Demand, demand)
		for j := range row {
			if row[j] != Never && !fits(demand, c.p.Capacity[j*len(demand):(j+1)*len(demand)]) {
				row[j] = Never
				c.p.Report.CutBySize++
			}
		}
		if t.Release > Decimal(longest) {
			return tooLong(fmt.Sprintf("tasks[%d].release", i), t.Release)
		}
		w.Release = append(w.Release, int64(t.Release))
	}
	return nil
}

func tooLong(path string, time Decimal) error {
	return &DocumentError{Path: path, Found: time.String(), Want: "times that add up within 64 bits: count in a larger unit"}
}

// workTime is work / speed, rounded up.
func workTime(work Decimal, speed *Decimal) (int64, bool) {
	if speed == nil {
		return int64(work), int64(work) <= longest
	}
	high, low := bits.Mul64(uint64(work), uint64(DecimalOne))
	if high >= uint64(*speed) {
		return 0, false
	}
	time, rest := bits.Div64(high, low, uint64(*speed))
	if rest > 0 {
		time++
	}
	return int64(time), time <= uint64(longest)
}

// askWorkflow takes away the nodes that what is given leaves to no task, or not to
// some.
func (c *compiler) askWorkflow() error {
	c.p.Given = c.in.Given.normal()
	if c.p.Given.MaxMoves != nil {
		return errors.New("maxMoves: moves are limited, but in a workflow nothing runs today; leave the limit out")
	}
	w := c.p.Workflow
	take := func(task int, named []bool, keep bool) (left int) {
		for j, d := range w.Duration[task*w.Nodes : (task+1)*w.Nodes] {
			if named[j] != keep {
				w.Duration[task*w.Nodes+j] = Never
			} else if d != Never {
				left++
			}
		}
		return left
	}
	for _, part := range []struct {
		what string
		said []TaskNodes
		keep bool
	}{{"fix", c.p.Given.Fix, true}, {"forbid", c.p.Given.Forbid, false}} {
		for _, s := range part.said {
			i := slices.Index(w.Tasks, s.Task)
			if i < 0 {
				return fmt.Errorf("%s: %w", part.what, NotKnown("task", s.Task, w.Tasks))
			}
			named, err := c.nodesNamed(part.what, s.Nodes)
			if err != nil {
				return err
			}
			if take(i, named, part.keep) == 0 {
				return fmt.Errorf("%s: it leaves task %s no node that can run it", part.what, s.Task)
			}
		}
	}
	named, err := c.nodesNamed("without", c.p.Given.Without)
	if err != nil || len(c.p.Given.Without) == 0 {
		return err
	}
	for i := range w.Tasks {
		take(i, named, false)
	}
	return nil
}

// edges resolves dependencies, orders them and the tasks, and finds the routes of
// their messages.
func (c *compiler) edges() error {
	w := c.p.Workflow
	sizes := map[Quantity]int32{}
	for _, d := range c.in.Dependencies {
		size, known := sizes[d.Data]
		if !known {
			size = int32(len(w.messages.sizes))
			sizes[d.Data] = size
			w.messages.sizes = append(w.messages.sizes, d.Data)
		}
		w.Edges = append(w.Edges, Edge{From: c.task[d.From], To: c.task[d.To], Size: size})
	}
	w.sortEdges()
	w.index()
	c.graph = newGraph(&c.in.Network, c.node)
	routes := map[route]int32{{reached: true}: 0}
	w.messages.routes = []route{{reached: true}}
	w.messages.route = make([]int32, 0, w.Nodes*w.Nodes)
	for a := range int32(w.Nodes) {
		for b, r := range c.graph.routes(a) {
			k, known := routes[r]
			switch {
			case int32(b) == a:
				k = 0
			case !known:
				k = int32(len(w.messages.routes))
				routes[r] = k
				w.messages.routes = append(w.messages.routes, r)
			}
			w.messages.route = append(w.messages.route, k)
		}
	}
	return nil
}

func (w *Workflow) sortEdges() {
	slices.SortFunc(w.Edges, func(a, b Edge) int {
		if a.From != b.From {
			return int(a.From - b.From)
		}
		return int(a.To - b.To)
	})
}

// index fills in what is found from the edges: spans, incoming edges, the order.
func (w *Workflow) index() {
	n := len(w.Tasks)
	w.Out, w.In = make([]Span, n), make([]Span, n)
	w.InEdges = make([]int32, len(w.Edges))
	for _, e := range w.Edges {
		w.Out[e.From].To++
		w.In[e.To].To++
	}
	out, in := int32(0), int32(0)
	for t := range n {
		w.Out[t], out = Span{out, out + w.Out[t].To}, out+w.Out[t].To
		w.In[t], in = Span{in, in}, in+w.In[t].To
	}
	for k, e := range w.Edges {
		w.InEdges[w.In[e.To].To] = int32(k)
		w.In[e.To].To++
	}
	waits := make([]int32, n)
	w.Order = make([]int32, 0, n)
	for t := range n {
		if waits[t] = w.In[t].To - w.In[t].From; waits[t] == 0 {
			w.Order = append(w.Order, int32(t))
		}
	}
	for k := 0; k < len(w.Order); k++ {
		t := w.Order[k]
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			if waits[e.To]--; waits[e.To] == 0 {
				w.Order = append(w.Order, e.To)
			}
		}
	}
}

// ticks finds the largest unit of time that divides every time, counts in it, and
// makes sure that nothing can leave 64 bits.
func (c *compiler) ticks() error {
	w := c.p.Workflow
	m := &w.messages
	tabled := len(m.routes)*len(m.sizes) <= mostTimes
	slowest := make([]int64, len(m.sizes))
	for s, size := range m.sizes {
		for k, r := range m.routes {
			time := Never
			if r.reached {
				d, ok := r.transfer(size)
				if !ok || int64(d) > longest {
					return &DocumentError{Path: "network", Found: "a message of " + size.String() + " that takes beyond 64 bits", Want: "more bandwidth, less data, or a larger unit of time"}
				}
				time = int64(d)
				slowest[s] = max(slowest[s], time)
			}
			if k == 0 {
				time = 0
			}
			if tabled {
				m.times = append(m.times, time)
			}
		}
	}
	columns := [][]int64{w.Duration, w.Release, m.times}
	w.tick = 0
	for _, column := range columns {
		for _, v := range column {
			if v != Never {
				w.tick = integer.GCD(w.tick, v)
			}
		}
	}
	for i := range c.in.Tasks {
		if deadline := c.in.Tasks[i].Deadline; deadline != nil {
			w.tick = integer.GCD(w.tick, int64(*deadline))
		}
	}
	if w.tick == 0 {
		w.tick = int64(DecimalOne)
	}
	if !tabled {
		w.tick = 1
	}
	for _, column := range columns {
		for k, v := range column {
			if v != Never {
				column[k] = v / w.tick
			}
		}
	}
	for i := range c.in.Tasks {
		deadline := Never
		if stated := c.in.Tasks[i].Deadline; stated != nil {
			deadline = min(int64(*stated)/w.tick, Never)
		}
		w.Deadline = append(w.Deadline, deadline)
	}
	c.p.unit = unitOfTicks(w.tick)
	return c.horizon(slowest)
}

// horizon adds up the longest times; slowest is the longest message by size.
func (c *compiler) horizon(slowest []int64) error {
	w := c.p.Workflow
	sum := total{}
	last := int64(0)
	for t := range w.Tasks {
		most := int64(0)
		for _, d := range w.Duration[t*w.Nodes : (t+1)*w.Nodes] {
			if d != Never {
				most = max(most, d)
			}
		}
		sum.add(most)
		last = max(last, w.Release[t])
	}
	for _, e := range w.Edges {
		sum.add(slowest[e.Size] / w.tick)
	}
	sum.add(last)
	if sum.over || sum.sum > uint64(w.latest()) {
		return &DocumentError{Path: "tasks", Found: "times that may add up beyond 64 bits", Want: "times in a larger unit, or with fewer fractional digits"}
	}
	w.Horizon = int64(sum.sum)
	return nil
}

// finishWorkflow says what occurs and whether a schedule can exist at all.
func (c *compiler) finishWorkflow() error {
	p, w := c.p, c.p.Workflow
	p.Features = Schedules
	p.NodeClass = w.nodeClasses()
	p.Impossible = c.noSchedule()
	r := &p.Report
	r.Nodes, r.Tasks, r.Dependencies = w.Nodes, len(w.Tasks), len(w.Edges)
	for _, class := range p.NodeClass {
		r.NodeClasses = max(r.NodeClasses, int(class)+1)
	}
	return nil
}

// nodeClasses finds nodes that can swap everything that runs on them: the same times
// for every task, and the same routes to every other node.
func (w *Workflow) nodeClasses() []int32 {
	class := make([]int32, w.Nodes)
	var first []int32 // of each class
	for j := range int32(w.Nodes) {
		class[j] = int32(len(first))
		for k, i := range first {
			if w.alike(i, j) {
				class[j] = int32(k)
				break
			}
		}
		if int(class[j]) == len(first) {
			first = append(first, j)
		}
	}
	return class
}

func (w *Workflow) alike(i, j int32) bool {
	if w.Route(i, j) != w.Route(j, i) {
		return false
	}
	for t := range w.Tasks {
		if w.Duration[t*w.Nodes+int(i)] != w.Duration[t*w.Nodes+int(j)] {
			return false
		}
	}
	for k := range int32(w.Nodes) {
		if k != i && k != j && (w.Route(i, k) != w.Route(j, k) || w.Route(k, i) != w.Route(k, j)) {
			return false
		}
	}
	return true
}

// noSchedule says in plain words why no schedule exists, where that shows without a
// search.
func (c *compiler) noSchedule() string {
	p, w := c.p, c.p.Workflow
	least := w.LeastDurations()
	for t, name := range w.Tasks {
		if least[t] == Never {
			return fmt.Sprintf("task %s can run on no node: those that may run it are too small for its demand, or left out", name)
		}
	}
	for k := range w.Edges {
		if e := &w.Edges[k]; !w.joined(e) {
			return fmt.Sprintf("task %s waits for %s, but no node that can run the one is connected with a node that can run the other",
				w.Tasks[e.To], w.Tasks[e.From])
		}
	}
	ready := make([]int64, len(w.Tasks))
	for _, t := range w.Order {
		finish := max(ready[t], w.Release[t]) + least[t]
		if finish > w.Deadline[t] {
			return fmt.Sprintf("task %s ends at %s at the earliest, after its deadline %s",
				w.Tasks[t], p.Format(finish), p.Format(w.Deadline[t]))
		}
		for _, e := range w.Edges[w.Out[t].From:w.Out[t].To] {
			ready[e.To] = max(ready[e.To], finish)
		}
	}
	return ""
}

// joined says whether the result of an edge can arrive anywhere.
func (w *Workflow) joined(e *Edge) bool {
	for a := range int32(w.Nodes) {
		if w.DurationOn(e.From, a) == Never {
			continue
		}
		if w.DurationOn(e.To, a) != Never {
			return true
		}
		for b := range int32(w.Nodes) {
			if w.DurationOn(e.To, b) != Never && w.Connected(a, b) {
				return true
			}
		}
	}
	return false
}
