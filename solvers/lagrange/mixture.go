package lagrange

import (
	"math"
	"math/rand/v2"

	"berth/solvers/powers"
)

// A mixture says in which part each open task is on each node, if all placements near the
// best are taken together: at a heat, task i is on node j in part
//
//	exp(−(cost(i,j) + price(j)·need(i,j)) / heat), divided by the sum of these over j,
//
// with prices that let the parts fill every node just up to its room (A.G. Wilson, A
// statistical theory of spatial distribution models, Transportation Research 1, 1967: of
// all mixtures that fill the nodes and cost as much, it is the one of the largest entropy). Where
// many pairs are as good as each other, and on type d with many nodes they are, the bound's
// prices do not tell them apart; the mixture does, since a task that the others can do without
// on a node is there in a small part.
//
// A node is filled with the set that is likeliest: that leaves the others the most ways to be
// filled as well. By the logarithms of parts that is one more knapsack.
//
// Prices go by damped Newton steps on the diagonal. A round costs an exponential for each open
// pair that is in a part worth the name.

const (
	faint       = 15    // pairs so many heats above the task's best have no part
	damping     = 0.7   // of a Newton step
	longest     = 4     // heats that a price moves in a round, at most
	settling    = 12    // rounds between two nodes …
	settlingAll = 200   // … and before the first, at most
	settled     = 1e-3  // a node is filled where the square of what is amiss is less than this part of the variance
	slightest   = 1e-12 // part
	wild        = 0.1   // how much chance adds to the logarithm of a part
	vague       = 0.3   // how much chance adds to what is open about a node, as a part of it, at most
)

// mixture is the parts of the open tasks of an engine.
type mixture struct {
	e      *engine
	heat   float64 // in the engine's costs
	prices []float64
	pairs  []blended // task by task, in the order of the open ones
	ends   []int     // by open task, where its pairs end
	load   []float64 // by node: what is there of the open tasks
	varies []float64 // by node: its variance, if tasks were there by chance
	doubt  []float64 // by node: the number of tasks there, as a variance
	kept   []int64   // the multipliers
}

// blended is a pair with its part.
type blended struct {
	node             int32
	cost, need, part float64
}

func newMixture(e *engine) mixture {
	floats := func() []float64 { return make([]float64, e.nodes) }
	return mixture{e: e, prices: floats(), load: floats(), varies: floats(), doubt: floats()}
}

// begin takes the prices of the knapsacks to begin with.
func (m *mixture) begin() {
	for j := range m.e.sacks {
		m.prices[j] = float64(m.e.sacks[j].price)
	}
}

// settle finds parts and prices, in so many rounds at most. It returns false when the search
// must stop.
func (m *mixture) settle(rounds int) bool {
	for r := range rounds {
		if r%settling == 0 {
			if !m.e.report() {
				return false
			}
			m.gather()
		}
		m.blend()
		if m.move() {
			break
		}
	}
	return true
}

// gather lists the pairs that have a part.
func (m *mixture) gather() {
	e := m.e
	m.pairs, m.ends = m.pairs[:0], m.ends[:0]
	for _, i := range e.open.all() {
		first, low := len(m.pairs), math.Inf(1)
		for _, j := range e.nodesOf[i].all() {
			k := int(j)*e.tasks + int(i)
			p := blended{node: j, cost: float64(e.cost[k]), need: float64(e.need[k])}
			low = min(low, p.cost+float64(m.prices[j]*p.need))
			m.pairs = append(m.pairs, p)
		}
		e.work += int64(4 * e.nodesOf[i].size)
		left := first
		for _, p := range m.pairs[first:] {
			if p.cost+float64(m.prices[p.node]*p.need) <= low+float64(faint*m.heat) {
				m.pairs[left] = p
				left++
			}
		}
		m.pairs = m.pairs[:left]
		m.ends = append(m.ends, left)
	}
}

// blend computes the parts, and what they make of the nodes.
func (m *mixture) blend() {
	clear(m.load)
	clear(m.varies)
	clear(m.doubt)
	from := 0
	for _, end := range m.ends {
		pairs := m.pairs[from:end]
		from = end
		low := math.Inf(1)
		for n := range pairs {
			p := &pairs[n]
			p.part = p.cost + float64(m.prices[p.node]*p.need)
			low = min(low, p.part)
		}
		sum := 0.0
		for n := range pairs {
			p := &pairs[n]
			p.part = powers.Exp((low - p.part) / m.heat)
			sum += p.part
		}
		for n := range pairs {
			p := &pairs[n]
			p.part /= sum
			open := float64(p.part * (1 - p.part))
			m.load[p.node] += float64(p.part * p.need)
			m.varies[p.node] += float64(open * float64(p.need*p.need))
			m.doubt[p.node] += open
		}
	}
	m.e.work += int64(8 * len(m.pairs))
}

// move brings the prices nearer to those that fill the nodes, and says whether there was no
// need.
func (m *mixture) move() (filled bool) {
	filled = true
	for j, varies := range m.varies {
		if varies == 0 {
			continue
		}
		over := m.load[j] - float64(m.e.spare[j])
		if over < 0 && m.prices[j] == 0 {
			continue
		}
		filled = filled && float64(over*over) <= float64(settled*varies)
		step := damping * over / varies
		m.prices[j] = max(0, m.prices[j]+float64(m.heat*min(max(step, -longest), longest)))
	}
	return filled
}

// descend fills nodes until no more than nodes of them have open tasks. It returns false where what is open
// does not fit any more, or the search must stop.
func (m *mixture) descend(nodes int, rng *rand.Rand) bool {
	for m.e.openNodes() > nodes {
		if !m.settle(settling) {
			return false
		}
		if m.fill(m.surest(rng), rng); m.e.failed {
			return false
		}
	}
	return true
}

// surest draws the node about which the least is open. There is one.
func (m *mixture) surest(rng *rand.Rand) int32 {
	least, node := math.Inf(1), int32(-1)
	for j := range m.doubt {
		if m.e.tasksOn[j].size == 0 {
			continue
		}
		if doubt := m.doubt[j] * (1 + float64(vague*rng.Float64())); doubt < least {
			least, node = doubt, int32(j)
		}
	}
	return node
}

// fill puts the likeliest set of tasks on node j, and no others.
func (m *mixture) fill(j int32, rng *rand.Rand) {
	e := m.e
	m.kept = append(m.kept[:0], e.u...)
	for _, i := range e.tasksOn[j].all() {
		e.u[i] = e.cost[int(j)*e.tasks+int(i)] // worth nothing there
	}
	from := 0
	for n, i := range e.open.all() {
		for _, p := range m.pairs[from:m.ends[n]] {
			if p.node == j {
				odds := powers.Log(max(p.part, slightest) / max(1-p.part, slightest))
				odds -= float64(wild * powers.Log(max(rng.ExpFloat64(), slightest)))
				e.u[i] += int64(min(float64(m.prices[j]*p.need)+float64(m.heat*odds), steepest))
			}
		}
		from = m.ends[n]
	}
	e.solve(j)
	for _, i := range e.sacks[j].in {
		e.assign(i, j)
	}
	for e.tasksOn[j].size > 0 {
		e.remove(e.tasksOn[j].list[0], j)
	}
	copy(e.u, m.kept)
}

// openNodes counts the nodes that open tasks may be on.
func (e *engine) openNodes() int {
	count := 0
	for j := range e.tasksOn {
		if e.tasksOn[j].size > 0 {
			count++
		}
	}
	return count
}
