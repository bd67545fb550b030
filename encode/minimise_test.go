package encode_test

import (
	"math"

	"berth/encode"
)

// minimise solves a small program by trying 0 and 1 for one variable after the
// other, with what every row then forces (bounds propagation). It is here to be
// simple: it knows nothing of what rows mean.
func minimise(g *encode.Program) (best []bool, objective int64) {
	m := &minimiser{g: g, value: make([]int8, len(g.Vars)), cost: math.MaxInt64, rows: make([][]int32, len(g.Vars))}
	for k := range g.Rows {
		for _, t := range g.Rows[k].Terms {
			m.rows[t.Var] = append(m.rows[t.Var], int32(k))
		}
		if len(g.Rows[k].Terms) == 0 {
			return nil, 0
		}
	}
	for v := range m.value {
		m.value[v] = free
	}
	m.branch(0)
	return m.best, m.cost
}

const free int8 = -1

type minimiser struct {
	g     *encode.Program
	rows  [][]int32 // by variable
	value []int8
	trail []int32
	best  []bool
	cost  int64
}

func (m *minimiser) branch(v int32) {
	if m.bound() >= m.cost {
		return
	}
	for int(v) < len(m.value) && m.value[v] != free {
		v++
	}
	if int(v) == len(m.value) {
		m.cost = m.bound()
		m.best = make([]bool, len(m.value))
		for k, value := range m.value {
			m.best[k] = value == 1
		}
		return
	}
	first := int8(0)
	if m.g.Vars[v].Cost < 0 || m.g.Vars[v].Kind == encode.Copy {
		first = 1
	}
	for _, value := range []int8{first, 1 - first} {
		mark := len(m.trail)
		m.set(v, value)
		if m.propagate(mark) {
			m.branch(v + 1)
		}
		for _, u := range m.trail[mark:] {
			m.value[u] = free
		}
		m.trail = m.trail[:mark]
	}
}

func (m *minimiser) set(v int32, value int8) {
	m.value[v] = value
	m.trail = append(m.trail, v)
}

// bound is the objective with every free variable at its cheaper value.
func (m *minimiser) bound() int64 {
	cost := m.g.Offset
	for v, value := range m.value {
		if value == 1 || value == free && m.g.Vars[v].Cost < 0 {
			cost += m.g.Vars[v].Cost
		}
	}
	return cost
}

// propagate visits the rows of all variables set since mark and says whether each
// can still hold.
func (m *minimiser) propagate(mark int) bool {
	for ; mark < len(m.trail); mark++ {
		for _, k := range m.rows[m.trail[mark]] {
			if !m.row(&m.g.Rows[k]) {
				return false
			}
		}
	}
	return true
}

// row sets the free variables of a row that have one value left.
func (m *minimiser) row(r *encode.Row) bool {
	low, high := int64(0), int64(0)
	for _, t := range r.Terms {
		switch {
		case m.value[t.Var] == 1:
			low, high = low+t.Coef, high+t.Coef
		case m.value[t.Var] == free:
			low, high = low+min(t.Coef, 0), high+max(t.Coef, 0)
		}
	}
	upper, lower := r.Sense != encode.AtLeast, r.Sense != encode.AtMost
	if upper && low > r.RHS || lower && high < r.RHS {
		return false
	}
	for _, t := range r.Terms {
		if m.value[t.Var] != free {
			continue
		}
		wide := max(t.Coef, -t.Coef)
		switch {
		case upper && low+wide > r.RHS: // it cannot leave its lower end
			m.set(t.Var, end(t.Coef < 0))
		case lower && high-wide < r.RHS: // it cannot leave its upper end
			m.set(t.Var, end(t.Coef > 0))
		}
	}
	return true
}

func end(one bool) int8 {
	if one {
		return 1
	}
	return 0
}
