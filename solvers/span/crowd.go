package span

import (
	"cmp"
	"math/bits"
	"slices"

	"berth/model"
)

// A task that waits for many begins no sooner than all of these are done, and they are
// done no sooner than the nodes can do them. crowd bounds how long a set of tasks takes on
// all nodes, each behind its head and with a way to go after it:
//
// By load: with the prices of time of load (load.go), what the tasks cost at their cheapest,
// over the sum of prices.
//
// By count: of the m longest tasks, a node holds no more within some time than that time
// holds of the quickest there. So machines that are many, slow and unlike do not share
// a few long tasks as if these could be cut.
//
// On alike nodes lcg has the same by load; the count is the pigeonhole principle.
type crowd struct {
	w      *model.Workflow
	least  []int64 // by task: its shortest time
	share  []int64 // by task: what it costs at its cheapest over the sum of prices, in 2^-shift ticks
	shift  int
	way    []int64 // by task: the longest way from its end to a task; −1: none
	quick  []int64 // by node, see count
	member []member
	cut    []cut
	steps  int64 // of work
}

// member is a task of a set: it begins after head, and way passes after its end.
type member struct {
	task      int32
	head, way int64
}

// cut leaves the members out that begin before head, or after which less than way passes.
type cut struct{ head, way int64 }

func (c cut) leavesOut(m member) bool { return m.head < c.head || m.way < c.way }

// countedPerNode bounds the tasks that are counted, for each node; mostJumps bounds the cuts
// by heads, and those by ways.
const (
	countedPerNode = 3
	mostJumps      = 6
)

func newCrowd(w *model.Workflow, price []int64) *crowd {
	c := &crowd{w: w, least: w.LeastDurations(), way: make([]int64, len(w.Tasks)), quick: make([]int64, w.Nodes)}
	c.shift = min(16, max(0, bits.LeadingZeros64(uint64(w.Horizon))-2))
	total := uint64(0)
	for _, p := range price {
		total += uint64(p)
	}
	for t := range w.Tasks {
		share := model.Never
		for j, d := range w.Duration[t*w.Nodes : (t+1)*w.Nodes] {
			if d >= model.Never {
				continue
			}
			if high, low := bits.Mul64(uint64(d)<<c.shift, uint64(price[j])); high < total {
				quotient, _ := bits.Div64(high, low, total)
				share = min(share, int64(quotient))
			}
		}
		if share == model.Never {
			share = 0 // it runs nowhere, or costs more than can be said
		}
		c.share = append(c.share, share)
	}
	return c
}

// before bounds when a task can begin, from what it waits for, given the heads of that.
// O(ancestors · log ancestors + edges + nodes²).
func (c *crowd) before(task int32, place int, head []int64) int64 {
	c.member = c.member[:0]
	for _, t := range c.w.Order[:place] {
		c.way[t] = -1
	}
	c.way[task] = 0
	c.steps += int64(place) * 2
	for k := place; k >= 0; k-- {
		t := c.w.Order[k]
		if c.way[t] < 0 {
			continue
		}
		onward := c.way[t]
		if t != task {
			c.member = append(c.member, member{t, head[t], c.way[t]})
			onward += c.least[t]
		}
		for _, e := range c.w.InEdges[c.w.In[t].From:c.w.In[t].To] {
			from := c.w.Edges[e].From
			c.way[from] = max(c.way[from], onward)
		}
	}
	return c.bound()
}

// bound is the least time by which all members and their ways can be over.
func (c *crowd) bound() int64 {
	most := int64(0)
	c.steps += 20 * int64(len(c.member))
	c.cut = append(c.cut[:0], cut{})
	longestFirst(c.member, byWay)
	head, load := model.Never, int64(0)
	for _, m := range c.member {
		head, load = min(head, m.head), load+c.share[m.task]
		most = max(most, head+c.ticks(load)+m.way)
	}
	for _, way := range jumps(c.member, byWay) {
		c.cut = append(c.cut, cut{way: way})
	}
	longestFirst(c.member, byHead)
	way := model.Never
	load = 0
	for _, m := range c.member {
		way, load = min(way, m.way), load+c.share[m.task]
		most = max(most, m.head+c.ticks(load)+way)
	}
	for _, head := range jumps(c.member, byHead) {
		c.cut = append(c.cut, cut{head: head})
	}
	longestFirst(c.member, func(m member) int64 { return c.least[m.task] })
	for _, of := range c.cut {
		most = c.count(of, most)
	}
	return most
}

func byWay(m member) int64  { return m.way }
func byHead(m member) int64 { return m.head }

// longestFirst puts the members with the most first.
func longestFirst(members []member, by func(member) int64) {
	slices.SortFunc(members, func(a, b member) int {
		return cmp.Or(cmp.Compare(by(b), by(a)), cmp.Compare(a.task, b.task))
	})
}

// jumps are the values above the largest jumps of sorted members: workflows come in
// levels, and a level is counted for itself.
func jumps(members []member, by func(member) int64) []int64 {
	type jump struct{ down, value int64 }
	var all []jump
	for k := 1; k < len(members); k++ {
		if above, below := by(members[k-1]), by(members[k]); above > below {
			all = append(all, jump{above - below, above})
		}
	}
	slices.SortFunc(all, func(a, b jump) int { return cmp.Or(cmp.Compare(b.down, a.down), cmp.Compare(b.value, a.value)) })
	var values []int64
	for _, j := range all[:min(len(all), mostJumps)] {
		values = append(values, j.value)
	}
	return values
}

// ticks is a load in whole ticks, rounded up.
func (c *crowd) ticks(load int64) int64 { return (load + 1<<c.shift - 1) >> c.shift }

// count raises a bound by the m longest members that are not cut off, for every m that is
// small beside the nodes. The members stand by how long they take.
func (c *crowd) count(of cut, most int64) int64 {
	n, counted := c.w.Nodes, 0
	for j := range c.quick {
		c.quick[j] = model.Never
	}
	c.steps += int64(len(c.member))
	head, way := model.Never, model.Never
	for _, m := range c.member {
		if of.leavesOut(m) || c.least[m.task] >= model.Never {
			continue
		}
		if counted++; c.least[m.task] == 0 || counted > countedPerNode*n {
			break
		}
		c.steps += 2 * int64(n)
		head, way = min(head, m.head), min(way, m.way)
		for j, d := range c.w.Duration[int(m.task)*n : int(m.task+1)*n] {
			c.quick[j] = min(c.quick[j], d)
		}
		low, high := most-head-way, int64(counted)*slices.Min(c.quick)
		for low < high && !c.holds(low, counted) {
			if middle := low + (high-low)/2; c.holds(middle, counted) {
				high = middle
			} else {
				low = middle + 1
			}
		}
		most = max(most, head+low+way)
	}
	return most
}

// holds says whether the nodes hold so many tasks, none quicker than quick, within a time.
func (c *crowd) holds(time int64, tasks int) bool {
	room := int64(0)
	for _, d := range c.quick {
		room += max(time, 0) / d
	}
	return room >= int64(tasks)
}
