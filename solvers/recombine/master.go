//go:build cgo

package recombine

import (
	"math"
	"slices"

	"berth/model"
	"berth/search"
	"berth/solvers/clp"
)

// The master: how often each column is used, at most as often as its class has nodes,
// so that no item has more copies than there are, and as many replicas as have to stay
// where they run today; what is left over is placed later.
// Floating point chooses, and what it chooses is only a start for an annealing.

const (
	iterations  = 20_000 // of a solve, and
	pivotWork   = 20_000 // what each costs
	mostDives   = 400    // steps of a dive
	nearlyWhole = 0.9
	tiny        = 1e-6
	mostColumns = 60_000 // a pool beyond that is cut down to what the master may use
)

// choose solves the master and returns the placement of columns chosen among its own, in which
// copies may be missing; nil where the board stopped it. Where moves are limited it asks for
// columns first; where they are few, near the end also for those that are nearly worth it, and it
// looks for the best choice. Else, or where none is better than the best placement, it dives.
func (o *pool) choose(b *search.Board) (model.Placement, error) {
	m, g, err := o.open(b)
	if m == nil {
		return nil, err
	}
	defer m.Close()
	if o.problem.MustStay > 0 && !g.generate(m, b) || o.near && !g.gather(m, b) {
		return nil, nil
	}
	reduced := m.ReducedCosts(nil)
	defer o.release()
	closed := o.near && g.close(m.Duals(nil), m.Objective(), b)
	if !closed && !g.dive(m, b) {
		return nil, nil
	}
	pl := o.placement()
	o.trim(reduced)
	return pl, nil
}

// open solves the master over the columns of the pool; nil where the board stopped it.
func (o *pool) open(b *search.Board) (*clp.Model, *generator, error) {
	rows, row := o.rows()
	unit := 1.
	for k := range o.columns {
		unit = max(unit, math.Abs(float64(o.columns[k].cost)))
	}
	vectors := make([]clp.Vector, len(o.columns))
	for k := range o.columns {
		vectors[k] = o.vector(&o.columns[k], row, unit)
	}
	m, err := clp.New(rows, vectors)
	if err != nil {
		return nil, nil, err
	}
	status := m.Primal(iterations)
	if !b.Work(int64(m.Iterations())*pivotWork) || status != clp.Optimal {
		m.Close()
		return nil, nil, nil
	}
	return m, newGenerator(o, row, unit), nil
}

// vector is a column as the program has it.
func (o *pool) vector(c *column, row []int32, unit float64) clp.Vector {
	v := clp.Vector{Lower: 0, Upper: float64(o.nodes[c.class]), Cost: float64(c.cost) / unit}
	v.Index, v.Value = append(v.Index, c.class), append(v.Value, 1)
	for _, t := range c.in {
		if row[t.item] > 0 {
			v.Index, v.Value = append(v.Index, row[t.item]), append(v.Value, float64(t.n))
		}
	}
	if o.problem.MustStay > 0 && c.stay > 0 {
		v.Index, v.Value = append(v.Index, row[len(row)-1]), append(v.Value, float64(c.stay))
	}
	return v
}

// rows makes a row for each class, one for each item that occurs, and last one for
// those that have to stay: row is theirs by item, and the last of the latter.
func (o *pool) rows() (rows []clp.Vector, row []int32) {
	for _, n := range o.nodes {
		rows = append(rows, clp.Vector{Lower: -clp.Infinity, Upper: float64(n)})
	}
	row = make([]int32, len(o.problem.Items)+1)
	for k := range o.columns {
		for _, t := range o.columns[k].in {
			if row[t.item] == 0 && !o.loose(t.item) {
				row[t.item] = int32(len(rows))
				rows = append(rows, clp.Vector{Lower: -clp.Infinity, Upper: float64(o.problem.Items[t.item].Count)})
			}
		}
	}
	if most := o.problem.MustStay; most > 0 {
		row[len(row)-1] = int32(len(rows))
		rows = append(rows, clp.Vector{Lower: float64(most), Upper: clp.Infinity})
	}
	return rows, row
}

// dive makes the solution integral: columns keep what they have of whole nodes, those
// that are nearly whole are rounded up together, or else the one that is nearest to it;
// where that leaves nothing, that one is held where it is. Where the value has changed since,
// pricing looks for columns that fit better beside those that are held (R. Sadykov, F.
// Vanderbeck, A. Pessoa, I. Tahiri and E. Uchoa, Primal heuristics for branch and price,
// INFORMS Journal on Computing 31, 2019). It returns false where the board stopped it.
func (g *generator) dive(m *clp.Model, b *search.Board) bool {
	last := m.Objective() // before the last pricing
	for range mostDives {
		near, nearest := g.fractional(m)
		if nearest < 0 {
			break
		}
		work := 10
		if len(near) < 2 || !g.raise(m, near, &work) {
			if !g.raise(m, []int32{nearest}, &work) {
				held := float64(g.columns[nearest].held)
				m.SetBounds(nearest, held, held)
				if m.Dual(iterations) != clp.Optimal && m.Primal(iterations) != clp.Optimal {
					break
				}
				work += m.Iterations()
			}
		}
		if math.Abs(m.Objective()-last) <= leastGain*math.Abs(last) {
			if !b.Work(int64(work) * pivotWork) {
				return false
			}
			continue
		}
		known := len(g.columns)
		g.center = nil // what it lags behind has passed
		priced := g.price(m)
		g.rounds++
		last = m.Objective()
		if !g.extend(m, known) || !b.Work(int64(work+m.Iterations())*pivotWork+priced) {
			return false
		}
	}
	return true
}

// raise uses each of some columns once more for good. Where the program then has no solution, it
// takes that back and returns false.
func (g *generator) raise(m *clp.Model, columns []int32, work *int) bool {
	for _, k := range columns {
		m.SetBounds(k, float64(g.columns[k].held+1), g.upper(k))
	}
	done := m.Dual(iterations) == clp.Optimal
	*work += m.Iterations()
	for _, k := range columns {
		if done {
			g.hold(k)
		} else {
			m.SetBounds(k, float64(g.columns[k].held), g.upper(k))
		}
	}
	return done
}

func (o *pool) upper(k int32) float64 { return float64(o.nodes[o.columns[k].class]) }

// fractional holds columns as often as they have whole nodes, and returns those that have
// nearly another one and the one that is nearest to it; −1 where none has a part.
func (o *pool) fractional(m *clp.Model) (near []int32, nearest int32) {
	nearest, most := -1, tiny
	for k, v := range m.Values(nil) {
		c := &o.columns[k]
		whole := math.Floor(v + tiny)
		for float64(c.held) < whole {
			o.hold(int32(k))
			m.SetBounds(int32(k), float64(c.held), o.upper(int32(k)))
		}
		rest := v - float64(c.held) // below 0 only by what the program tolerates
		if rest > most {
			nearest, most = int32(k), rest
		}
		if rest > nearlyWhole {
			near = append(near, int32(k))
		}
	}
	return near, nearest
}

// placement puts the columns that are held on nodes of their classes, as far as there are
// copies.
func (o *pool) placement() model.Placement {
	p := o.problem
	pl := make(model.Placement, p.Copies)
	for c := range pl {
		pl[c] = model.NoPlace
	}
	next := make([]int32, len(p.Items)) // copies of each item that are placed
	used := make([]int32, len(o.nodes))
	for k := range o.columns {
		c := &o.columns[k]
		for range c.held {
			j := o.members[c.class][used[c.class]]
			used[c.class]++
			for _, t := range c.in {
				it := &p.Items[t.item]
				for range min(t.n, it.Count-next[t.item]) {
					pl[it.First+next[t.item]] = j
					next[t.item]++
				}
			}
		}
	}
	return pl
}

// trim forgets the columns that the master is farthest from using where there are too
// many. Those that the dive added have no reduced cost yet.
func (o *pool) trim(reduced []float64) {
	if len(o.columns) <= mostColumns {
		return
	}
	sorted := slices.Clone(reduced)
	slices.Sort(sorted)
	limit := sorted[mostColumns/2]
	kept := o.columns[:0]
	for k, c := range o.columns {
		if k >= len(reduced) || reduced[k] <= limit {
			kept = append(kept, c)
		} else {
			delete(o.known, keyOf(c.class, c.in))
		}
	}
	o.columns, o.climb = kept, nil // rows may be others now
}

func (o *pool) base() int64 {
	p := o.problem
	bound := p.Offset
	for _, pair := range p.Pairs {
		bound += pair.Price * p.Full * p.Levels[len(p.Levels)-1].Distance
	}
	return bound
}
