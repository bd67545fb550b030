//go:build cgo

package colgen

import (
	"cmp"
	"slices"

	"berth/solvers/clp"
)

// The columns of the master: the pool of all that were met, and what the model may
// use of them.

const (
	spare = 4000    // columns that a model takes beyond twice those it began with
	keeps = 200_000 // columns in the pool, of some 400 bytes each …
	shows = 5       // … of which a model begins with one in so many
)

// column is a set of copies on a node.
type column struct {
	node  int32
	in    []taking
	cost  int64
	at    int32 // in the model, -1: not there
	state byte  // in the basis to begin with
	shown bool  // the model may use it
}

// gather adds what all knapsacks take now to the pool.
func (m *master) gather() {
	for j := range m.sacks {
		m.column(j, m.sacks[j].in)
	}
}

// column returns the column of a set, made if there is none; nil for the empty one,
// unless the node is paid for, and those of leaving out, which are there from the
// start.
func (m *master) column(j int, in []taking) *column {
	if len(in) == 0 && !m.opened[j] || j == m.outside {
		return nil
	}
	sorted := slices.SortedFunc(slices.Values(in), func(a, b taking) int { return cmp.Compare(a.item, b.item) })
	c := &column{node: int32(j), in: sorted, cost: m.open[j], at: -1}
	key := c.key()
	if known := m.pool[key]; known != nil {
		return known
	}
	if len(m.made) >= m.keeps {
		m.forget()
	}
	for _, t := range sorted {
		c.cost += m.cost[j*m.items+int(t.item)] * int64(t.copies)
	}
	m.pool[key] = c
	m.made = append(m.made, c)
	return c
}

// key names the set.
func (c *column) key() string {
	key := make([]byte, 0, 6*len(c.in)+3)
	key = append(key, byte(c.node), byte(c.node>>8), byte(c.node>>16))
	for _, t := range c.in {
		key = append(key, byte(t.item), byte(t.item>>8), byte(t.item>>16), byte(t.copies), byte(t.copies>>8), byte(t.copies>>16))
	}
	return string(key)
}

// copies is how many copies of an item a column has.
func (c *column) copies(i int32) int32 {
	t, found := slices.BinarySearchFunc(c.in, i, func(t taking, i int32) int { return cmp.Compare(t.item, i) })
	if !found {
		return 0
	}
	return c.in[t].copies
}

// allowed says whether the domains allow a column.
func (m *master) allowed(c *column) bool {
	if len(c.in) == 0 && !m.opened[c.node] {
		return false
	}
	row := int(c.node) * m.items
	for _, t := range c.in {
		if m.hi[row+int(t.item)] < t.copies {
			return false
		}
	}
	for _, pair := range m.raised {
		if int(c.node) == m.outside {
			break // one of several columns
		}
		if pair/int32(m.items) != c.node {
			continue
		}
		if c.copies(pair%int32(m.items)) < m.lo[pair] {
			return false
		}
	}
	return true
}

// complete says whether a column has the copies that are decided.
func (m *master) complete(c *column) bool {
	row := int(c.node) * m.items
	for _, i := range m.listed[c.node] {
		if n := m.hi[row+int(i)]; n > 0 && m.gone[i] {
			if c.copies(i) < n {
				return false
			}
		}
	}
	return true
}

// loss is by how much a column is worse than the best of its node at the present
// point, as far as the last evaluation knows.
func (e *engine) loss(c *column) int64 {
	gain := -c.cost
	for _, t := range c.in {
		gain += e.u[t.item] * int64(t.copies)
	}
	for _, cut := range e.atNode[c.node] {
		if w := e.w[cut.index]; w > 0 {
			gain -= w * cut.sum(c.node, c.in)
		}
	}
	return e.sacks[c.node].bound - gain
}

// vector is a column as the model has it.
func (m *master) vector(c *column) clp.Vector {
	v := clp.Vector{Upper: 1, Cost: float64(c.cost) / m.unit()}
	for _, t := range c.in {
		if !m.gone[t.item] {
			v.Index, v.Value = append(v.Index, t.item), append(v.Value, float64(t.copies))
		}
	}
	if int(c.node) == m.outside {
		v.Upper = float64(m.hi[int(c.node)*m.items+int(c.in[0].item)])
	} else {
		v.Index, v.Value = append(v.Index, int32(m.items)+c.node), append(v.Value, 1)
	}
	for _, cut := range m.atNode[c.node] {
		if cut.index >= m.rows {
			continue
		}
		if sum := cut.sum(c.node, c.in); sum != 0 {
			v.Index, v.Value = append(v.Index, int32(m.items+m.nodes+cut.index)), append(v.Value, float64(sum)/cut.norm)
		}
	}
	return v
}

// sync hides the columns that the domains forbid, and those that would pay at the
// last duals: the dual simplex needs a basis where none does.
func (m *master) sync() {
	for j, open := range m.open {
		if open > 0 {
			m.model.SetRowBounds(int32(m.items+j), m.leastSets(j), 1)
			m.model.SetBounds(int32(2*m.items+j), 0, m.mostArtificial(j))
		}
	}
	for t, c := range m.columns {
		if int(c.node) == m.outside {
			pair := m.outside*m.items + int(c.in[0].item)
			m.model.SetBounds(int32(m.first+t), float64(m.least(pair)), float64(m.hi[pair]))
			continue
		}
		m.show(t, m.allowed(c) && (c.shown || m.reduced(c) >= -negative))
	}
	m.tally += int64(30 * len(m.columns))
}

// leastSets is how many sets node j has at least: one where copies have to be there
// or where it is paid for.
func (m *master) leastSets(j int) float64 {
	if m.busy[j] || m.opened[j] {
		return 1
	}
	return -clp.Infinity
}

// mostArtificial is how often node j may be used by a set that holds nothing and is dear: where
// there has to be a set, or cuts may ask for more nodes than the sets in the model are on.
func (m *master) mostArtificial(j int) float64 {
	if m.open[j] > 0 {
		return 1
	}
	return max(m.leastSets(j), 0)
}

// show lets the model use a column, or not.
func (m *master) show(t int, shown bool) {
	c := m.columns[t]
	if shown == c.shown {
		return
	}
	c.shown = shown
	upper := 0.0
	if shown {
		upper = 1
	}
	m.model.SetBounds(int32(m.first+t), 0, upper)
}

// reduced is the reduced cost of a column at the last duals, in steps.
func (m *master) reduced(c *column) float64 {
	if len(m.duals) == 0 {
		return 0
	}
	sum := float64(c.cost)/m.unit() - m.duals[m.items+int(c.node)]
	for _, t := range c.in {
		sum -= float64(m.duals[t.item] * float64(t.copies))
	}
	for _, cut := range m.atNode[c.node] {
		if r := m.items + m.nodes + cut.index; cut.index < m.rows && r < len(m.duals) && m.duals[r] != 0 {
			sum -= float64(m.duals[r] * float64(cut.sum(c.node, c.in)) / cut.norm)
		}
	}
	return sum
}

// reveal shows columns of the model that pay at the duals.
func (m *master) reveal() (added int) {
	for t, c := range m.columns {
		if !c.shown && int(c.node) != m.outside && m.allowed(c) && m.reduced(c) < -negative {
			m.show(t, true)
			added++
		}
	}
	m.tally += int64(30 * len(m.columns))
	return added
}

// stand is where the master is after a node of the tree was solved.
type stand struct {
	artificial, rows []byte
	columns          []standing // that are not at their lower bound
	duals            []float64
}

type standing struct {
	column *column
	state  byte
}

func (m *master) stand() stand {
	basis := m.model.Basis(nil)
	s := stand{artificial: basis[:m.first], rows: basis[m.model.Columns():], duals: slices.Clone(m.duals)}
	for t, c := range m.columns {
		if state := basis[m.first+t]; state != clp.AtLower {
			s.columns = append(s.columns, standing{c, state})
		}
	}
	return s
}

// back goes to where the master was when there were perhaps other columns and fewer
// rows. From there the dual simplex has a short way, from the last leaf of a subtree
// it does not. Columns that came later and would pay there are hidden at first.
func (m *master) back(s *stand) {
	basis := slices.Clone(s.artificial)
	for range m.columns {
		basis = append(basis, clp.AtLower)
	}
	for _, x := range s.columns {
		if x.column.at >= 0 {
			basis[m.first+int(x.column.at)] = x.state
		}
	}
	basis = append(basis, s.rows...)
	for len(basis) < m.model.Columns()+m.model.Rows() {
		basis = append(basis, clp.Basic)
	}
	m.model.SetBasis(basis)
	m.duals = append(m.duals[:0], s.duals...)
	for t, c := range m.columns {
		if basis[m.first+t] != clp.Basic && m.reduced(c) < -negative && int(c.node) != m.outside {
			m.show(t, false)
		}
	}
}

// purge takes columns out of a model that has grown to twice its size: those outside
// the basis that cost most at the duals. They stay in the pool.
func (m *master) purge() {
	if len(m.columns) < 2*m.built+m.spare {
		return
	}
	basis := m.model.Basis(nil)
	cost := make([]float64, len(m.columns))
	for t, c := range m.columns {
		if basis[m.first+t] != clp.Basic && int(c.node) != m.outside {
			cost[t] = m.reduced(c)
		}
	}
	sorted := slices.Sorted(slices.Values(cost))
	limit := max(sorted[m.built+m.spare/2], negative)
	var gone []int32
	kept := m.columns[:0]
	for t, c := range m.columns {
		if cost[t] > limit {
			gone = append(gone, int32(m.first+t))
			c.at = -1
		} else {
			c.at = int32(len(kept))
			kept = append(kept, c)
		}
	}
	m.columns = kept
	m.tally += int64(100 * len(cost))
	if m.model.DeleteColumns(gone) != nil {
		m.stopped = true
	}
}

// forget empties a pool that is full of what no model holds. It is the one place
// that bounds the memory of the engine.
func (m *master) forget() {
	kept := m.made[:0]
	for _, c := range m.made {
		if c.at >= 0 {
			kept = append(kept, c)
		} else {
			delete(m.pool, c.key())
		}
	}
	clear(m.made[len(kept):])
	m.made = kept
}
