//go:build cgo

package colgen

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"berth/search"
)

// Large neighbourhoods: some nodes are emptied, and the best way to put their copies
// back is found exactly, by the engine itself, asked about that piece alone and
// with the multipliers of the whole (P. Shaw, Using constraint programming and local
// search methods to solve vehicle routing problems, CP 1998, for the idea).
//
// What a placement costs above the bound is the sum, over the nodes, of what its set
// is worth less than the best one there: a node with a large loss is emptied first.
// Others join it by what their copies would save there, or its copies with them.
// Where nothing is better, a placement that costs the same is taken, and leads
// elsewhere. Copies that found no room are nowhere, at a price, and join a piece now
// and then. Pieces grow while they are easy, and shrink when a search runs out of
// its work.

const (
	firstEffort   = 20_000_000    // units of work that a piece gets, at first
	mostEffort    = 2_000_000_000 // and at last
	effortGrowth  = 1.03          // after a piece in vain
	fewestNodes   = 2
	sizeGrowth    = 0.25 // nodes, after a piece whose best placement is proven
	sizeLoss      = 0.5  // nodes, after one whose search ran out of work
	lossParts     = 1000
	pieceWork     = 100_000 // units of work that a piece costs beside its search …
	pairWork      = 100     // … and each of its pairs
	lostAtOnce    = 6       // items that are nowhere join a piece
	strays        = 5       // one in so many nodes joins a piece for its loss alone
	streamOfPiece = 0x6c6e73
)

// improver is one run of large neighbourhoods.
type improver struct {
	e       *engine // of the whole, with its multipliers and what they close
	host    onBoard
	rng     *rand.Rand
	at      []int32 // copies by pair
	cost    int64   // of at, in steps
	lost    []int32 // by item: copies that are nowhere
	missing int32   // of all items
	nowhere int64   // what a lost copy costs, in steps
	fixed   int64   // the cutoff of the last fixing
	chosen  []int32
	loss    []int64 // by node
	bond    []int64 // by node: what it and those chosen could save by exchange
	size    float64 // nodes to a piece
	effort  float64 // units of work to a piece
}

// improve improves placements until the board says stop.
func improve(ctx context.Context, in *instance, h onBoard, start *opening) error {
	if in.items == 0 {
		return nil // nothing is better than nothing
	}
	m := newMaster(newEngine(in, h))
	defer m.close()
	if m.failed {
		h.exhausted()
		return nil
	}
	if !m.follow(start, h.board) || !m.consolidate(ctx, h) {
		return nil
	}
	m.cutoff = min(m.value+max(m.value/ahead, m.step()), h.highest()<<m.shift)
	first := m.rounded(m.begun, nil)
	if !m.ascend(firstRounds) {
		return nil
	}
	l := &improver{
		e: m.engine, host: h, rng: rand.New(rand.NewPCG(h.board.Seed(), streamOfPiece)), cost: math.MaxInt64,
		fixed: math.MaxInt64, lost: make([]int32, in.items), loss: make([]int64, in.nodes), bond: make([]int64, in.nodes),
		size: fewestNodes, effort: firstEffort, nowhere: 4*slices.Max(in.cost)>>in.shift + 1,
	}
	l.take(first)
	l.run()
	return nil
}

func (m *improver) run() {
	for m.adopt() {
		m.pick()
		c := m.cut(m.chosen, m.drawLost())
		if len(c.items) == 0 {
			m.size = min(m.size+sizeGrowth, float64(m.e.nodes))
			continue
		}
		h := m.refill(&c)
		if h.stop {
			return
		}
		m.adapt(h)
		if h.better != nil {
			m.put(&c, h.better)
		}
		if h.proven && len(c.nodes) == m.e.nodes && m.missing == 0 {
			m.host.exhausted()
			return
		}
	}
}

// take makes a placement the current one, and offers it if it is whole.
func (m *improver) take(at []int32) {
	m.at = at
	m.missing = 0
	copy(m.lost, m.e.copies)
	for k, n := range at {
		m.lost[k%m.e.items] -= n
	}
	for _, n := range m.lost {
		m.missing += n
	}
	m.cost = m.e.steps(at) + int64(m.missing)*m.nowhere
	if m.missing == 0 {
		m.host.offer(m.at, m.cost)
	}
}

// put replaces what a piece of the current placement holds.
func (m *improver) put(c *piece, better []int32) {
	at := slices.Clone(m.at)
	for b := range c.nodes {
		for a := range c.items {
			if k := c.pair(m.e, a, b); m.e.most[k] > 0 {
				at[k] = better[b*len(c.items)+a]
			}
		}
	}
	m.take(at)
}

// adopt takes the board's best placement over where it is better, and closes what
// the new cutoff allows. It returns false when there is nothing to do.
func (m *improver) adopt() bool {
	pl, cost := m.host.board.Best()
	if !m.e.tick(pieceWork) {
		return false
	}
	if cost != search.NoCost && cost-m.host.base < m.cost {
		m.take(m.host.counts(pl))
	}
	// Fixing costs as much as some pieces.
	if cutoff := m.host.highest() << m.e.shift; cutoff-m.e.value < (m.fixed-m.e.value)/10*9 {
		m.e.cutoff, m.fixed = cutoff, cutoff
		if m.e.fix() && !m.e.stopped {
			m.host.exhausted()
			return false
		}
		m.e.list()
	}
	return !m.e.stopped
}

// drawLost picks some of the copies that are nowhere.
func (m *improver) drawLost() []taking {
	var some []taking
	for i, n := range m.lost {
		if n > 0 {
			some = append(some, taking{int32(i), n})
		}
	}
	m.rng.Shuffle(len(some), func(a, b int) { some[a], some[b] = some[b], some[a] })
	return some[:min(len(some), lostAtOnce)]
}

// refill searches the piece for the best placement of its copies.
func (m *improver) refill(c *piece) *patch {
	in := c.of(m.e, m.at, m.nowhere)
	h := &patch{whole: m.host, rest: int64(m.effort), current: make([]int32, len(in.most))}
	for b := range c.nodes {
		for a := range c.items {
			h.current[b*in.items+a] = m.at[c.pair(m.e, a, b)]
		}
	}
	for a, n := range c.lost {
		if n > 0 {
			h.current[in.outside*in.items+a] += n
		}
	}
	h.cost = in.steps(h.current)
	m.e.tally += int64(pairWork * len(in.most))
	t := newTree(in, h)
	defer t.close()
	t.solve()
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
		m.loss[j] = max(e.lossOf(j, m.at), 0)
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
	if e.outside >= 0 {
		m.choose(e.outside)
	}
	m.choose(m.draw(m.loss))
	for len(m.chosen) < min(size, e.nodes) {
		j := -1
		if m.rng.IntN(strays) > 0 {
			j = m.draw(m.bond)
		}
		if j < 0 {
			j = m.draw(m.loss)
		}
		m.choose(j)
	}
}

// lossOf is by how much what node j holds is worth less than the best set there.
func (e *engine) lossOf(j int, at []int32) int64 {
	c := column{node: int32(j), cost: e.open[j]}
	row := at[j*e.items:][:e.items]
	for i, n := range row {
		if n > 0 {
			c.in = append(c.in, taking{int32(i), n})
			c.cost += e.cost[j*e.items+i] * int64(n)
		}
	}
	if len(c.in) == 0 {
		c.cost = 0
	}
	return e.loss(&c)
}

// choose adds a node to the piece.
func (m *improver) choose(j int) {
	e := m.e
	m.chosen = append(m.chosen, int32(j))
	for k := range e.nodes {
		if k == j {
			continue
		}
		here, there := j*e.items, k*e.items
		for i := range e.items {
			saves := (e.cost[here+i] - e.cost[there+i]) >> e.shift
			if m.at[here+i] > 0 && e.hi[there+i] > 0 {
				m.bond[k] += max(saves, 0)
			}
			if m.at[there+i] > 0 && e.hi[here+i] > 0 {
				m.bond[k] += max(-saves, 0)
			}
		}
	}
	m.e.tally += int64(len(e.hi))
}

// draw picks a node that is not chosen yet, with a chance by weight; -1 where all
// weights are 0.
func (m *improver) draw(weight []int64) int {
	total := int64(0)
	for j, w := range weight {
		if !slices.Contains(m.chosen, int32(j)) {
			total += w
		}
	}
	if total <= 0 {
		return -1
	}
	at := m.rng.Int64N(total)
	for j, w := range weight {
		if slices.Contains(m.chosen, int32(j)) {
			continue
		}
		if at -= w; at < 0 {
			return j
		}
	}
	return -1
}
