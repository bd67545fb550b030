package lagrange

import (
	"cmp"
	"math"
	"slices"
)

// Which part of a placement is taken out next. The multipliers say where to look.
//
// By nodes: what a placement costs above L(u) is the sum, over the nodes, of what
// its set is worth less than the best one there. A node with a large loss is emptied
// first, others join it by the tasks that they could exchange.
//
// By tasks: those come out that the knapsacks would rather have elsewhere, of all
// nodes (as relaxation induced neighbourhoods do: E. Danna, E. Rothberg and C. Le
// Pape, Mathematical Programming 102, 2005, with the shares of the last rounds for
// the fractional solution). With many nodes this reaches further.
//
// How far: a pair of task and node that alone raises L(u) by much is in no placement
// near the bound, though no cutoff rules it out. The nearer a piece keeps to the pairs
// that raise it by little, in its searches too, the larger it may be (reduced costs
// choose the core of a problem so: E. Balas and E. Zemel, An algorithm for large
// zero-one knapsack problems, Operations Research 28, 1980). In placements of type d
// within 0.5 % of the bound no pair raised it by more than a fifth of the gap, and two
// thirds of all pairs would. Where a node holds many tasks the gap for each task is so
// little that the nearest pairs leave nothing to search, and some pieces reach further.
//
// Each way has pieces of its own size, and the next is drawn by what each gained of
// late for its work.

const (
	fewestNodes = 2 // to a piece
	fewestTasks = 10
	sizeGrowth  = 1.04 // after a piece whose best placement is proven
	sizeLoss    = 0.9  // after one whose search ran out of work
	lossParts   = 1000 // the loss of all nodes together, as a chance
	lostAtOnce  = 6    // tasks that are nowhere join a piece
	recall      = 0.97 // how much of gains and work is remembered from try to try
	littleWork  = 1e7  // units: makes rates of little work less wild
	leastDoubt  = 0.1  // of a task, as a chance
	easyPart    = 8    // a piece is easy that took less than one part in so many of its work
	easyGrowth  = 1.5  // after such a one
	crowd       = 30   // tasks to a node are many
)

// reaches says by how much a pair may raise L(u), as multiples of what the incumbent
// costs above it for each task; at last, by as much as can be.
func (in *instance) reaches() []float64 {
	if in.tasks > crowd*in.nodes {
		return []float64{16, 40, 120, math.Inf(1)}
	}
	return []float64{16, 40, math.Inf(1)}
}

// way is a way to take a part out.
type way struct {
	tasks bool    // by tasks, not by nodes
	reach float64 // one of the instance's
	size  float64 // nodes to a piece, or as many tasks as are on so many
	yield
}

// yield is what something gained of late, and for how much work.
type yield struct {
	gain float64 // steps of cost
	work float64 // units
}

func (y *yield) rate() float64 { return (y.gain + 1) / (y.work + littleWork) }

// add takes in what came of one more try.
func (y *yield) add(gain, work int64) {
	y.gain, y.work = y.gain*recall+float64(gain), y.work*recall+float64(work)
}

// picker draws pieces.
type picker struct {
	e      *engine
	ways   []way // by nodes, then by tasks
	last   *way  // of the piece drawn last
	chosen []int32
	loss   []int64 // by node
	bond   []int64 // by node: tasks that it could exchange with those chosen
	doubts []doubt
}

// doubt is a task with the chance to come out, drawn: the least first.
type doubt struct {
	task  int32
	drawn float64
}

func newPicker(e *engine) picker {
	p := picker{e: e, loss: make([]int64, e.nodes), bond: make([]int64, e.nodes)}
	for _, tasks := range []bool{false, true} {
		for _, reach := range e.reaches() {
			p.ways = append(p.ways, way{tasks: tasks, reach: reach})
		}
	}
	return p
}

// renew makes pieces small again.
func (p *picker) renew() {
	for k := range p.ways {
		p.ways[k].size = p.least(&p.ways[k])
	}
}

// least is the size of the smallest pieces.
func (p *picker) least(w *way) float64 {
	if w.tasks {
		return min(fewestNodes, fewestTasks*float64(p.e.nodes)/float64(p.e.tasks))
	}
	return fewestNodes
}

// draw picks the next piece of the current placement.
func (p *picker) draw(m *improver) piece {
	total := 0.0
	for k := range p.ways {
		total += p.ways[k].rate()
	}
	drawn := m.rng.Float64() * total
	for k := range p.ways {
		p.last = &p.ways[k]
		if drawn -= p.last.rate(); drawn < 0 {
			break
		}
	}
	if !p.last.tasks {
		p.drawNodes(m)
		return cut(p.e.instance, m.at, p.chosen, p.drawLost(m))
	}
	return loosen(p.e.instance, m.at, append(p.drawTasks(m), p.drawLost(m)...))
}

// learn takes in what came of the piece drawn last, with so much work.
func (p *picker) learn(h *patch, effort float64) {
	w := p.last
	w.add(h.gained, h.done)
	if h.proven || h.better != nil && h.bound > h.highest() {
		growth := sizeGrowth
		if float64(h.done)*easyPart < effort {
			growth = easyGrowth
		}
		w.size = min(w.size*growth, float64(p.e.nodes))
	} else {
		w.size = max(w.size*sizeLoss, p.least(w))
	}
}

// drawLost picks some of the tasks that are nowhere.
func (p *picker) drawLost(m *improver) []int32 {
	some := slices.Clone(m.lost)
	m.rng.Shuffle(len(some), func(a, b int) { some[a], some[b] = some[b], some[a] })
	return some[:min(len(some), lostAtOnce)]
}

// drawTasks picks tasks to come out.
func (p *picker) drawTasks(m *improver) []int32 {
	e := p.e
	p.doubts = p.doubts[:0]
	for _, i := range e.open.all() {
		j := m.at[i]
		if j < 0 {
			continue
		}
		total := 0.0
		for _, k := range e.nodesOf[i].all() {
			total += e.share[int(k)*e.tasks+int(i)]
		}
		chance := 1 + leastDoubt
		if total > 0 {
			chance = max(chance-e.share[int(j)*e.tasks+int(i)]/total, leastDoubt)
		}
		p.doubts = append(p.doubts, doubt{i, m.rng.ExpFloat64() / chance})
	}
	slices.SortFunc(p.doubts, func(a, b doubt) int { return cmp.Or(cmp.Compare(a.drawn, b.drawn), cmp.Compare(a.task, b.task)) })
	count := min(len(p.doubts), 1+int(p.last.size*float64(e.tasks)/float64(e.nodes)))
	tasks := make([]int32, count)
	for n := range tasks {
		tasks[n] = p.doubts[n].task
	}
	return tasks
}

// drawNodes chooses the nodes of the next piece.
func (p *picker) drawNodes(m *improver) {
	e := p.e
	total := int64(0)
	for j := range e.nodes {
		p.loss[j] = -e.sacks[j].value
	}
	for _, i := range e.open.all() {
		if j := m.at[i]; j >= 0 {
			p.loss[j] += e.cost[int(j)*e.tasks+int(i)] - e.u[i]
		}
	}
	for j, l := range p.loss {
		p.loss[j] = max(l, 0)
		total += p.loss[j]
	}
	for j, l := range p.loss {
		p.loss[j] = l/(total/lossParts+1) + lossParts/int64(4*e.nodes) + 1
	}
	clear(p.bond)
	p.chosen = p.chosen[:0]
	size := int(p.last.size)
	if m.rng.Float64() < p.last.size-float64(size) {
		size++
	}
	p.choose(m, p.drawNode(m, func(j int) int64 { return p.loss[j] }))
	for len(p.chosen) < min(size, e.nodes) {
		j := p.drawNode(m, func(j int) int64 { return p.bond[j] * p.loss[j] })
		if j < 0 {
			j = p.drawNode(m, func(j int) int64 { return p.loss[j] })
		}
		p.choose(m, j)
	}
}

// choose adds a node to the piece.
func (p *picker) choose(m *improver, j int) {
	p.chosen = append(p.chosen, int32(j))
	for _, i := range p.e.tasksOn[j].all() {
		switch m.at[i] {
		case -1:
			continue
		case int32(j):
		default:
			p.bond[m.at[i]]++
			continue
		}
		for _, k := range p.e.nodesOf[i].all() {
			p.bond[k]++
		}
	}
}

// drawNode picks a node that is not chosen yet, with a chance by weight; -1 where
// all weights are 0.
func (p *picker) drawNode(m *improver, weight func(j int) int64) int {
	total := int64(0)
	for j := range p.e.nodes {
		if !slices.Contains(p.chosen, int32(j)) {
			total += weight(j)
		}
	}
	if total <= 0 {
		return -1
	}
	at := m.rng.Int64N(total)
	for j := range p.e.nodes {
		if slices.Contains(p.chosen, int32(j)) {
			continue
		}
		if at -= weight(j); at < 0 {
			return j
		}
	}
	return -1
}
