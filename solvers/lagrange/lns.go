package lagrange

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/model"
	"berth/search"
)

// Improver is the registry's row of the method lns.
//
// Large neighbourhoods: some nodes are emptied, and the best way to put their tasks
// back is found exactly, by the questions of the engine, asked of that piece alone
// and with the multipliers of the whole (P. Shaw, Using constraint programming and
// local search methods to solve vehicle routing problems, CP 1998, for the idea;
// the rest is tree.go).
//
// The multipliers say where to look. What a placement costs above L(u) is the sum,
// over the nodes, of what its set is worth less than the best one there: a node
// with a large loss is emptied first, others join it by the tasks that they could
// exchange. Where nothing is better, a placement that costs the same is taken, and
// leads elsewhere. Pieces grow while they are easy, and shrink when a search
// runs out of its work.
var Improver = &search.Method{
	Name:    "lns",
	Short:   "large neighbourhoods: a few nodes are emptied and refilled exactly, where the bound's prices point",
	Source:  "Shaw 1998",
	Handles: Method.Handles,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		in, err := newInstance(p)
		if err != nil {
			return err
		}
		e := newRunEngine(in, b)
		e.aim()
		closed := e.failed || e.start()
		if closed && !e.stopped {
			e.host.exhausted()
		}
		if closed || e.stopped {
			return e.lost
		}
		e.host.raise(e.stepsUp(e.value))
		newImprover(e, b).run()
		return e.lost
	},
}

const (
	firstEffort   = 50_000_000    // units of work that a piece gets, at first
	mostEffort    = 2_000_000_000 // and at last
	effortGrowth  = 1.02          // after a piece in vain
	fewestNodes   = 2
	sizeGrowth    = 0.1 // nodes, after a piece whose best placement is proven
	sizeLoss      = 0.3 // nodes, after one whose search ran out of work
	streamOfPiece = 0x6c6e73
)

// improver is one run of lns.
type improver struct {
	e      *engine // of the whole, with its multipliers and what they fix
	host   onBoard
	rng    *rand.Rand
	at     []int32
	cost   int64 // of at, in steps
	chosen []int32
	loss   []int64 // by node
	bond   []int64 // by node: tasks that it could exchange with those chosen
	size   float64 // nodes to a piece
	effort float64 // units of work to a piece
}

func newImprover(e *engine, b *search.Board) *improver {
	return &improver{
		e: e, host: onBoard{e.instance, b}, rng: rand.New(rand.NewPCG(b.Seed(), streamOfPiece)), cost: math.MaxInt64,
		loss: make([]int64, e.nodes), bond: make([]int64, e.nodes), size: fewestNodes, effort: firstEffort,
	}
}

func (m *improver) run() {
	for m.adopt() {
		m.pick()
		c := cut(m.at, m.chosen)
		h := m.refill(&c)
		if h.stop {
			return
		}
		m.adapt(h)
		if h.better == nil {
			continue
		}
		for a, b := range h.better {
			m.at[c.tasks[a]] = c.nodes[b]
		}
		m.e.sortTwins(m.at)
		m.cost = m.e.steps(m.at)
		m.host.offer(m.at, m.cost)
	}
}

// adopt takes the board's best placement over where it is better, and fixes what
// the new cutoff allows. It returns false when there is nothing to do.
func (m *improver) adopt() bool {
	_, cost := m.host.board.Best()
	if cost == search.NoCost || !m.host.work(100) {
		return false
	}
	if cost-m.e.base < m.cost {
		m.at, m.cost = m.host.best(), cost-m.e.base
	}
	if m.e.aim(); m.e.value > m.e.cutoff || m.e.fix() {
		m.host.exhausted()
		return false
	}
	return true
}

// refill searches the piece for the best placement of its tasks.
func (m *improver) refill(c *piece) *patch {
	h := &patch{whole: m.host, left: int64(m.effort), current: make([]int32, len(c.tasks))}
	for a, i := range c.tasks {
		h.current[a] = int32(slices.Index(c.nodes, m.at[i]))
	}
	in := c.of(m.e.domains, m.at)
	e := newEngine(in, h)
	h.cost = in.steps(h.current)
	for a, i := range c.tasks {
		e.u[a] = m.e.u[i]
	}
	if e.evaluate() {
		h.bound = in.stepsUp(e.value)
		e.prove(h.bound)
	}
	return h
}

// adapt makes pieces larger while they are easy.
func (m *improver) adapt(h *patch) {
	if h.proven || h.better != nil && h.bound > h.highest() {
		m.size = min(m.size+sizeGrowth, float64(m.e.nodes))
	} else {
		m.size = max(m.size-sizeLoss, fewestNodes)
	}
	if h.better == nil {
		m.effort = min(m.effort*effortGrowth, mostEffort)
	}
}

// pick chooses the nodes of the next piece.
func (m *improver) pick() {
	e := m.e
	total := int64(0)
	for j := range e.nodes {
		m.loss[j] = -e.sacks[j].value
	}
	for _, i := range e.open.all() {
		m.loss[m.at[i]] += e.cost[int(m.at[i])*e.tasks+int(i)] - e.u[i]
	}
	for _, l := range m.loss {
		total += l
	}
	for j := range m.loss {
		m.loss[j] += total/int64(4*e.nodes) + 1
	}
	clear(m.bond)
	m.chosen = m.chosen[:0]
	size := int(m.size)
	if m.rng.Float64() < m.size-float64(size) {
		size++
	}
	m.choose(m.draw(func(j int) int64 { return m.loss[j] }))
	for len(m.chosen) < min(size, e.nodes) {
		j := m.draw(func(j int) int64 { return m.bond[j] * m.loss[j] >> e.shift })
		if j < 0 {
			j = m.draw(func(j int) int64 { return m.loss[j] })
		}
		m.choose(j)
	}
}

// choose adds a node to the piece.
func (m *improver) choose(j int) {
	m.chosen = append(m.chosen, int32(j))
	for _, i := range m.e.tasksOn[j].all() {
		if m.at[i] != int32(j) {
			m.bond[m.at[i]]++
			continue
		}
		for _, k := range m.e.nodesOf[i].all() {
			m.bond[k]++
		}
	}
}

// draw picks a node that is not chosen yet, with a chance by weight; -1 where all
// weights are 0.
func (m *improver) draw(weight func(j int) int64) int {
	total := int64(0)
	for j := range m.e.nodes {
		if !slices.Contains(m.chosen, int32(j)) {
			total += weight(j)
		}
	}
	if total <= 0 {
		return -1
	}
	at := m.rng.Int64N(total)
	for j := range m.e.nodes {
		if slices.Contains(m.chosen, int32(j)) {
			continue
		}
		if at -= weight(j); at < 0 {
			return j
		}
	}
	return -1
}
