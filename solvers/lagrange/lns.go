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
	Handles: handles,
	Run: func(_ context.Context, p *model.Problem, b *search.Board) error {
		in, err := newInstance(p)
		if err != nil {
			return err
		}
		return improve(in, b)
	},
}

// improve improves placements until the board says stop.
func improve(in *instance, b *search.Board) error {
	e := newRunEngine(in, b)
	if e.begin() {
		newImprover(e, b).run()
	}
	return e.lost
}

const (
	firstEffort   = 10_000_000    // units of work that a piece gets, at first
	mostEffort    = 2_000_000_000 // and at last
	effortGrowth  = 1.03          // after a piece in vain
	fewestNodes   = 2
	sizeGrowth    = 0.1  // nodes, after a piece whose best placement is proven
	sizeLoss      = 0.3  // nodes, after one whose search ran out of work
	lossParts     = 1000 // the loss of all nodes together, as a chance
	pieceWork     = 1000 // units of work that a piece costs beside its search
	lostAtOnce    = 6    // tasks that are nowhere join a piece
	streamOfPiece = 0x6c6e73
)

// improver is one run of lns.
type improver struct {
	e       *engine // of the whole, with its multipliers and what they fix
	host    onBoard
	rng     *rand.Rand
	at      []int32
	cost    int64   // of at, in steps
	lost    []int32 // tasks that are nowhere
	chosen  []int32
	loss    []int64 // by node
	bond    []int64 // by node: tasks that it could exchange with those chosen
	nowhere int64   // what a lost task costs, in steps
	size    float64 // nodes to a piece
	effort  float64 // units of work to a piece
}

func newImprover(e *engine, b *search.Board) *improver {
	m := &improver{
		e: e, host: onBoard{e.instance, b}, rng: rand.New(rand.NewPCG(b.Seed(), streamOfPiece)), cost: math.MaxInt64,
		loss: make([]int64, e.nodes), bond: make([]int64, e.nodes), size: fewestNodes, effort: firstEffort,
	}
	m.nowhere = 4*slices.Max(e.cost)>>e.shift + 1
	return m
}

func (m *improver) run() {
	if m.e.dive() {
		m.take(m.e.repairer.at)
	}
	for m.adopt() {
		m.pick()
		c := cut(m.at, m.chosen, m.drawLost())
		h := m.refill(&c)
		if h.stop {
			return
		}
		m.adapt(h)
		if h.better != nil {
			m.take(c.joined(m.at, h.better))
		}
	}
}

// take makes a placement the current one, and offers it if it is whole.
func (m *improver) take(at []int32) {
	m.at = slices.Clone(at)
	m.e.sortTwins(m.at)
	m.lost, m.cost = m.lost[:0], 0
	for i, j := range m.at {
		if j < 0 {
			m.lost = append(m.lost, int32(i))
			m.cost += m.nowhere << m.e.shift
		} else {
			m.cost += m.e.cost[int(j)*m.e.tasks+i]
		}
	}
	m.cost >>= m.e.shift
	if len(m.lost) == 0 {
		m.host.offer(m.at, m.cost)
	}
}

// adopt takes the board's best placement over where it is better, and fixes what
// the new cutoff allows. It returns false when there is nothing to do.
func (m *improver) adopt() bool {
	_, cost := m.host.board.Best()
	units := m.e.work + pieceWork
	m.e.work = 0
	if !m.host.work(units) {
		return false
	}
	if cost != search.NoCost && cost-m.e.base < m.cost {
		m.take(m.host.best())
	}
	before := m.e.cutoff
	if m.e.aim(); m.e.cutoff < before && (m.e.value > m.e.cutoff || m.e.fix()) {
		m.host.exhausted()
		return false
	}
	return m.at != nil
}

// drawLost picks some of the tasks that are nowhere.
func (m *improver) drawLost() []int32 {
	some := slices.Clone(m.lost)
	m.rng.Shuffle(len(some), func(a, b int) { some[a], some[b] = some[b], some[a] })
	return some[:min(len(some), lostAtOnce)]
}

// refill searches the piece for the best placement of its tasks.
func (m *improver) refill(c *piece) *patch {
	h := &patch{whole: m.host, left: int64(m.effort), current: make([]int32, len(c.tasks))}
	in := c.of(m.e.domains, m.at, m.nowhere)
	e := newEngine(in, h)
	for a, i := range c.tasks {
		h.current[a] = c.node(m.at[i])
		e.u[a] = m.e.u[i]
	}
	h.cost = in.steps(h.current)
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
		if m.at[i] < 0 {
			continue
		}
		m.loss[m.at[i]] += e.cost[int(m.at[i])*e.tasks+int(i)] - e.u[i]
	}
	for j, l := range m.loss {
		m.loss[j] = max(l, 0)
		total += m.loss[j]
	}
	for j, l := range m.loss {
		m.loss[j] = l/(total/lossParts+1) + lossParts/int64(4*e.nodes) + 1
	}
	clear(m.bond)
	m.chosen = m.chosen[:0]
	size := int(m.size)
	if m.rng.Float64() < m.size-float64(size) {
		size++
	}
	m.choose(m.draw(func(j int) int64 { return m.loss[j] }))
	for len(m.chosen) < min(size, e.nodes) {
		j := m.draw(func(j int) int64 { return m.bond[j] * m.loss[j] })
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
		switch m.at[i] {
		case -1:
			continue
		case int32(j):
		default:
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
