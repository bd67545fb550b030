//go:build cgo

package colgen

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/clp"
)

// The master: a linear program whose columns are sets of copies on a node, with the
// rows "every copy once", "one set a node" and the cuts (P.C. Gilmore and R.E.
// Gomory 1961; M. Savelsbergh, A branch-and-price algorithm for the generalized
// assignment problem, Operations Research 45, 1997). The knapsacks find columns. Its
// duals are pulled towards the best point met (P. Wentges, Weighted Dantzig-Wolfe
// decomposition for linear mixed-integer programming, International Transactions in
// Operational Research 4, 1997), and no more is asked of it than directions: what
// counts is the bound at the points. Multipliers stay in a box around a good point,
// by artificial columns, which is widened where the program pushes against it (O. du
// Merle, D. Villeneuve, J. Desrosiers and P. Hansen, Stabilized column generation,
// Discrete Mathematics 194, 1999).
//
// It is kept small: at the root of a question it takes only columns that the domains
// allow and that, by the bound, a placement within the cutoff can have.
type master struct {
	*engine
	model   *clp.Model
	pool    map[string]*column
	made    []*column // the pool, in the order in which they came
	columns []*column // of the model, behind the artificial ones
	built   int       // how many it began with
	spare   int       // how many may come beyond that …
	keeps   int       // … and be in the pool
	first   int       // how many are artificial: two an item, one a node
	dear    []float64 // by node: what its artificial set costs, in steps
	busy    []bool    // by node: copies are decided that are there
	gone    []bool    // by item: its copies are all decided, so that the model needs no row
	rows    int       // cuts that are rows
	box     []float64 // by item: how far its multiplier may leave the center, in steps
	center  []float64 // of the box, in steps
	states  []byte    // of the artificial columns and the rows in the basis to begin with

	values []float64
	duals  []float64
	x      []float64 // by pair
	used   []float64 // by node: its sets
	trial  point     // the duals, rounded
	best   point     // where the bound was best …
	high   int64     // … and how high
	atRoot bool      // of a stage: what is high there is a bound
}

const (
	pull       = 0.5  // how far duals are pulled towards the best point
	negative   = 1e-6 // in steps: a column pays if its reduced cost is below minus this
	enough     = 15   // the bound is good enough at 1/enough of the way to the cutoff below the program's value
	boxAtFirst = 32   // in steps
	wider      = 6    // factor on a box that is too narrow
	dearestOne = 1e8  // in steps: boxes are never wider
	dearestSet = 1e4  // in steps: what an artificial set costs at first
	cutsAtOnce = 20
)

func newMaster(e *engine) *master {
	return &master{engine: e, pool: map[string]*column{}, x: make([]float64, len(e.hi)), spare: spare, keeps: keeps, first: 2*e.items + e.nodes, dear: make([]float64, e.nodes), busy: make([]bool, e.nodes), gone: make([]bool, e.items), used: make([]float64, e.nodes), box: make([]float64, e.items), center: make([]float64, e.items)}
}

// ascend improves the present point by steps along a deflected subgradient (P.M.
// Camerini, L. Fratta and F. Maffioli, On improving relaxation methods by modified
// gradient techniques, Mathematical Programming Study 3, 1975), and puts what the
// knapsacks take on the way into the pool. It returns false where the run has to
// stop.
func (m *master) ascend(rounds int) bool {
	const deflection, patience = 0.7, 8
	direction := make([]float64, m.items)
	m.best.set(&m.point)
	m.high = m.value
	theta, idle := 1.0, 0
	for range rounds {
		m.gather()
		norm := 0.0
		for i := range direction {
			direction[i] = float64(deflection*direction[i]) + float64(m.copies[i])
		}
		for j := range m.sacks {
			for _, t := range m.sacks[j].in {
				direction[t.item] -= float64(t.copies)
			}
		}
		for _, d := range direction {
			norm += float64(d * d)
		}
		if norm == 0 {
			break
		}
		length := theta * float64(m.cutoff-m.value) / norm
		for i, d := range direction {
			m.u[i] += int64(math.Round(length * d))
		}
		if !m.evaluate() {
			return false
		}
		if m.value > m.high {
			m.high, idle = m.value, 0
			m.best.set(&m.point)
			if m.value > m.cutoff {
				return true
			}
		} else if idle++; idle == patience {
			theta, idle = theta/2, 0
			m.set(&m.best)
			clear(direction)
		}
	}
	m.set(&m.best)
	return m.evaluate()
}

// close frees the model.
func (m *master) close() {
	if m.model != nil {
		m.model.Close()
		m.model = nil
	}
}

// build makes the model anew from the columns that a placement within the cutoff
// can have. The present point has just been evaluated.
func (m *master) build() error {
	m.close()
	rows, columns := m.frame()
	for _, c := range m.cuts {
		rows = append(rows, clp.Vector{Lower: -clp.Infinity, Upper: float64(c.right) / c.norm})
	}
	m.rows = len(m.cuts)
	m.columns = m.columns[:0]
	if m.outside >= 0 {
		for i := range m.items {
			if k := m.outside*m.items + i; m.hi[k] > 0 {
				c := &column{node: int32(m.outside), in: []taking{{int32(i), 1}}, cost: m.cost[k]}
				m.columns = append(m.columns, c)
			}
		}
	}
	outside := len(m.columns)
	gap := m.cutoff - m.value
	for _, c := range m.made {
		c.at = -1
		if m.allowed(c) && m.complete(c) && m.loss(c) <= gap {
			m.columns = append(m.columns, c)
		}
	}
	if most := m.keeps / shows; len(m.columns)-outside > most {
		slices.SortStableFunc(m.columns[outside:], func(a, b *column) int { return cmp.Compare(m.loss(a), m.loss(b)) })
		m.columns = m.columns[:outside+most]
	}
	for t, c := range m.columns {
		c.at, c.shown = int32(t), true
		columns = append(columns, m.vector(c))
	}
	m.built = len(m.columns)
	var err error
	if m.model, err = clp.New(rows, columns); err == nil && m.states != nil {
		m.recall()
	}
	return err
}

// frame makes the rows of items and nodes, and the artificial columns.
func (m *master) frame() (rows, columns []clp.Vector) {
	clear(m.busy)
	for i, n := range m.copies {
		m.gone[i] = m.tight(int32(i))
		m.center[i], m.box[i] = float64(m.u[i])/m.unit(), boxAtFirst
		row := clp.Vector{Lower: float64(n), Upper: float64(n)}
		column := clp.Vector{Index: []int32{int32(i)}, Value: []float64{1}, Upper: float64(n), Cost: m.center[i] + m.box[i]}
		if m.gone[i] {
			row, column.Upper = clp.Vector{Lower: -clp.Infinity, Upper: clp.Infinity}, 0
			for j := range m.nodes {
				m.busy[j] = m.busy[j] || j != m.outside && m.hi[j*m.items+i] > 0
			}
		}
		rows, columns = append(rows, row), append(columns, column)
	}
	for i := range m.copies {
		columns = append(columns, clp.Vector{Index: []int32{int32(i)}, Value: []float64{-1}, Upper: columns[i].Upper, Cost: m.box[i] - m.center[i]})
	}
	for j := range m.nodes {
		m.dear[j] = dearestSet
		row := clp.Vector{Lower: m.leastSets(j), Upper: 1}
		column := clp.Vector{Index: []int32{int32(m.items + j)}, Value: []float64{1}, Cost: m.dear[j], Upper: m.mostArtificial(j)}
		for _, c := range m.atNode[j] {
			if c.uses != nil && c.uses[j] != 0 {
				column.Index, column.Value = append(column.Index, int32(m.items+m.nodes+c.index)), append(column.Value, float64(c.uses[j])/c.norm)
			}
		}
		rows, columns = append(rows, row), append(columns, column)
	}
	return rows, columns
}

// remember keeps the basis for models to come.
func (m *master) remember() {
	basis := m.model.Basis(nil)
	m.states = append(m.states[:0], basis[:m.first]...)
	for _, c := range m.made {
		c.state = clp.AtLower
	}
	for t, c := range m.columns {
		c.state = basis[m.first+t]
	}
	m.states = append(m.states, basis[m.first+len(m.columns):]...)
}

// recall starts a new model from the basis that was kept.
func (m *master) recall() {
	basis := slices.Clone(m.states[:m.first])
	for _, c := range m.columns {
		basis = append(basis, c.state)
	}
	basis = append(basis, m.states[m.first:]...)
	for i, gone := range m.gone {
		if gone {
			basis[m.first+len(m.columns)+i] = clp.Basic
		}
	}
	for len(basis) < m.model.Columns()+m.model.Rows() {
		basis = append(basis, clp.Basic)
	}
	m.model.SetBasis(basis)
}

// enlarge adds what the knapsacks take now, as far as it pays at the duals.
func (m *master) enlarge() (added int) {
	var vectors []clp.Vector
	for j := range m.sacks {
		c := m.column(j, m.sacks[j].in)
		if c == nil || c.at >= 0 {
			continue
		}
		v := m.vector(c)
		if reduced(v, m.duals) < -negative {
			c.at, c.shown = int32(len(m.columns)), true
			m.columns = append(m.columns, c)
			vectors = append(vectors, v)
		}
	}
	if m.model.AddColumns(vectors) != nil {
		return 0
	}
	return len(vectors)
}

// reduced is the reduced cost of a column.
func reduced(v clp.Vector, duals []float64) float64 {
	cost := v.Cost
	for t, r := range v.Index {
		cost -= float64(duals[r] * v.Value[t])
	}
	return cost
}

// read takes the duals and makes a point of them.
func (m *master) read() {
	m.duals = m.model.Duals(m.duals[:0])
	m.trial.u, m.trial.w = m.trial.u[:0], m.trial.w[:0]
	for i := range m.items {
		m.trial.u = append(m.trial.u, int64(math.Round(m.duals[i]*m.unit())))
	}
	for _, c := range m.cuts {
		w := 0.0
		if c.index < m.rows {
			w = -m.duals[m.items+m.nodes+c.index] / c.norm * m.unit()
		}
		m.trial.w = append(m.trial.w, max(int64(math.Round(w)), 0))
	}
}

// between sets the present point to the trial one, pulled towards the best.
func (m *master) between(pull float64) {
	m.set(&m.trial)
	mix := func(at, best []int64) {
		for k := range at {
			at[k] += int64(math.Round(pull * float64(best[k]-at[k])))
		}
	}
	mix(m.u, m.best.u)
	mix(m.w[:len(m.best.w)], m.best.w)
}

// optimise generates columns until the program's value and the bound are near each
// other, and leaves the present point at the best. It returns true when the bound
// passes the cutoff. solved is false where the program could not be solved.
func (m *master) optimise() (closed, solved bool) {
	m.sync()
	m.best.set(&m.point)
	m.high = m.value
	primal := false
	for {
		if !m.run(m.model, primal) {
			m.set(&m.best)
			return false, false
		}
		primal = true
		top := m.model.Objective() * m.unit()
		m.read()
		added := m.reveal()
		for _, pull := range []float64{pull, 0} {
			m.between(pull)
			if !m.evaluate() {
				return false, false
			}
			if m.value > m.cutoff {
				return true, true
			}
			if m.value > m.high {
				m.high = m.value
				m.best.set(&m.point)
				if m.atRoot {
					m.host.raise(min(m.stepsUp(m.high), m.cutoff>>m.shift+1))
				}
			}
			if added += m.enlarge(); added > 0 {
				break
			}
		}
		near := max(float64(m.cutoff-m.high)/enough, 2)
		if added == 0 || top-float64(m.high) < near {
			if !m.widen() {
				break
			}
		}
	}
	m.set(&m.best)
	m.fill()
	return false, true
}

// widen makes the box wider around the present best point where the program pushes
// against it.
func (m *master) widen() bool {
	m.values = m.model.Values(m.values[:0])
	any := false
	for i := range m.items {
		if m.values[i] <= wholeAt && m.values[m.items+i] <= wholeAt || m.box[i] >= dearestOne {
			continue
		}
		any = true
		m.box[i] = min(m.box[i]*wider, dearestOne)
		m.center[i] = float64(m.best.u[i]) / m.unit()
		m.model.SetCost(int32(i), m.center[i]+m.box[i])
		m.model.SetCost(int32(m.items+i), m.box[i]-m.center[i])
	}
	for j, dear := range m.dear {
		if column := 2*m.items + j; m.values[column] > wholeAt && dear < dearestOne {
			any = true
			m.dear[j] *= wider
			m.model.SetCost(int32(column), m.dear[j])
		}
	}
	return any
}

// fill computes the values of the pairs.
func (m *master) fill() {
	m.values = m.model.Values(m.values[:0])
	clear(m.x)
	clear(m.used)
	for t, c := range m.columns {
		if x := m.values[m.first+t]; x > 1e-9 {
			m.used[c.node] += x
			for _, in := range c.in {
				m.x[int(c.node)*m.items+int(in.item)] += x * float64(in.copies)
			}
		}
	}
}

// usable says whether all columns that the last solution uses are still allowed.
func (m *master) usable() bool {
	for t, c := range m.columns {
		if m.values[m.first+t] > wholeAt && !m.allowed(c) {
			return false
		}
	}
	return true
}

// addCuts adds cuts that the last solution violates, as rows.
func (m *master) addCuts() int {
	var cuts []*cut
	for _, g := range m.groupsOf {
		cuts = append(cuts, m.separate(g, m.x, m.used)...)
	}
	if m.priced() {
		for _, g := range m.scarce() {
			cuts = append(cuts, m.separate(g, m.x, m.used)...)
		}
	}
	cuts = append(cuts, m.openings.separate(m.instance, m.used)...)
	m.tally += int64(len(m.groupsOf) * m.items * 100)
	slices.SortStableFunc(cuts, func(a, b *cut) int { return cmp.Compare(b.violation, a.violation) })
	cuts = cuts[:min(len(cuts), cutsAtOnce)]
	for _, c := range cuts {
		m.keep(c, 0)
	}
	return len(cuts)
}

// setRight changes the right side of a cut.
func (m *master) setRight(c *cut, right int64) {
	c.right = right
	if c.index < m.rows {
		m.model.SetRowBounds(int32(m.items+m.nodes+c.index), -clp.Infinity, float64(right)/c.norm)
	}
}

// grow makes rows of the cuts that are none yet.
func (m *master) grow() error {
	var rows []clp.Vector
	for _, c := range m.cuts[m.rows:] {
		row := clp.Vector{Lower: -clp.Infinity, Upper: float64(c.right) / c.norm}
		for j, uses := range c.uses {
			if uses != 0 {
				row.Index, row.Value = append(row.Index, int32(2*m.items+j)), append(row.Value, float64(uses)/c.norm)
			}
		}
		for t, column := range m.columns {
			if !slices.Contains(c.group.nodes, column.node) {
				continue
			}
			if sum := c.sum(column.node, column.in); sum != 0 {
				row.Index, row.Value = append(row.Index, int32(m.first+t)), append(row.Value, float64(sum)/c.norm)
			}
		}
		rows = append(rows, row)
	}
	m.rows = len(m.cuts)
	return m.model.AddRows(rows)
}
