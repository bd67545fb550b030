//go:build cgo

package lp

import (
	"math"

	"berth/solvers/clp"
	"berth/solvers/lp/safe"
)

// relaxation is the linear program of a core and its cuts in CLP. Rows and costs
// are scaled by powers of two, which changes no digit, so that CLP's tolerances
// mean the same whatever the units are.
type relaxation struct {
	model *clp.Model
	rows  []*safe.Row
	scale []int // of each row: it is divided by 2^scale
	cost  int   // the costs are divided by 2^cost
	size  int64 // work of going once over the whole program
	unit  int64 // work of one iteration
	slice int   // iterations between two looks at the clock

	value, dual []float64
	basis       []byte
}

// smallProgram is the size up to which an iteration touches all of a program.
const smallProgram = 300_000

// sliceWork is about how much work is done between two looks at the limits.
const sliceWork = 200_000_000

func newRelaxation(c *core, cuts []*safe.Row) (*relaxation, error) {
	x := &relaxation{cost: safe.CostScale(c.cost)}
	columns := make([]clp.Vector, len(c.cost))
	for j, cost := range c.cost {
		columns[j] = clp.Vector{Upper: 1, Cost: math.Ldexp(float64(cost), -x.cost)}
	}
	model, err := clp.New(nil, columns)
	if err != nil {
		return nil, err
	}
	x.model = model
	model.Perturb()
	if err := x.add(append(append([]*safe.Row(nil), c.rows...), cuts...)); err != nil {
		model.Close()
		return nil, err
	}
	return x, nil
}

func (x *relaxation) add(rows []*safe.Row) error {
	vectors := make([]clp.Vector, len(rows))
	for r, row := range rows {
		scale := safe.RowScale(row)
		right := math.Ldexp(float64(row.RHS), -scale)
		v := clp.Vector{Index: row.Vars, Value: make([]float64, len(row.Coefs)), Lower: -clp.Infinity, Upper: right}
		if row.Equal {
			v.Lower = right
		}
		for k, a := range row.Coefs {
			v.Value[k] = math.Ldexp(float64(a), -scale)
		}
		vectors[r] = v
		x.scale = append(x.scale, scale)
	}
	x.rows = append(x.rows, rows...)
	entries := 0
	for _, row := range x.rows {
		entries += len(row.Vars)
	}
	// Measured: of a small program an iteration takes about as long as going over all of it, of a
	// large one far less; a call takes callWork times as long.
	x.size = int64(3000 + 40*len(x.rows) + 5*x.model.Columns() + 5*entries)
	x.unit = min(x.size, int64(math.Sqrt(float64(x.size*smallProgram))))
	x.slice = int(max(sliceWork/x.unit, 10))
	return x.model.AddRows(vectors)
}

// remove takes rows away; which is ascending.
func (x *relaxation) remove(which []int32) error {
	if err := x.model.DeleteRows(which); err != nil {
		return err
	}
	kept := 0
	for r := range x.rows {
		if len(which) > 0 && int(which[0]) == r {
			which = which[1:]
			continue
		}
		x.rows[kept], x.scale[kept] = x.rows[r], x.scale[r]
		kept++
	}
	x.rows, x.scale = x.rows[:kept], x.scale[:kept]
	return nil
}

// bound tells CLP what variable j may be.
func (x *relaxation) bound(j int32, v int8) {
	switch v {
	case safe.Free:
		x.model.SetBounds(j, 0, 1)
	default:
		x.model.SetBounds(j, float64(v), float64(v))
	}
}

// cutoff makes solves stop once no solution of cost limit or less is left; any
// limit is off when set is false.
func (x *relaxation) cutoff(limit int64, set bool) {
	if !set {
		x.model.SetCutoff(clp.Infinity)
		return
	}
	// A little above, or what is to be proven may fail by a rounding error.
	f := math.Ldexp(float64(limit), -x.cost)
	x.model.SetCutoff(f + 1e-6 + 1e-9*math.Abs(f))
}

// objective returns the cost of the relaxation, without the offset.
func (x *relaxation) objective() float64 { return math.Ldexp(x.model.Objective(), x.cost) }

// load reads the values of the columns and returns them.
func (x *relaxation) load() []float64 {
	x.value = x.model.Values(x.value[:0])
	return x.value
}

// prove computes the exact bound of the present duals.
func (x *relaxation) prove(p *safe.Prover, c *core, d *safe.Domain) {
	x.dual = x.model.Duals(x.dual[:0])
	for r := range x.dual {
		x.dual[r] = math.Ldexp(x.dual[r], x.cost-x.scale[r])
	}
	p.Bound(x.rows, c.cost, d.Value, x.dual)
}

// refute tries to prove from the Farkas ray that nothing is feasible.
func (x *relaxation) refute(p *safe.Prover, d *safe.Domain) bool {
	ray := x.model.Ray(x.dual[:0])
	if ray == nil {
		return false
	}
	x.dual = ray
	for r := range ray {
		ray[r] = math.Ldexp(ray[r], -x.scale[r])
	}
	p.Bound(x.rows, nil, d.Value, ray)
	return p.Infeasible()
}

// packBasis returns the present basis in two bits a state.
func (x *relaxation) packBasis() []byte {
	x.basis = x.model.Basis(x.basis[:0])
	packed := make([]byte, (len(x.basis)+3)/4)
	for len(x.basis)%4 != 0 {
		x.basis = append(x.basis, clp.Basic) // for a row to come
	}
	for k, state := range x.basis {
		packed[k/4] |= min(state, clp.AtLower) << (k % 4 * 2)
	}
	return packed
}

// setBasis goes back to a packed basis. Rows that came later enter with their
// slacks basic.
func (x *relaxation) setBasis(packed []byte) {
	n := x.model.Columns() + x.model.Rows()
	x.basis = x.basis[:0]
	for k := range n {
		state := clp.Basic
		if k/4 < len(packed) {
			state = packed[k/4] >> (k % 4 * 2) & 3
		}
		x.basis = append(x.basis, state)
	}
	x.model.SetBasis(x.basis)
}
