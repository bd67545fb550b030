//go:build cgo

package recombine

import (
	"cmp"
	"math"
	"slices"

	"berth/search"
	"berth/solvers/clp"
)

// Branch and bound over the columns that there are (Land and Doig 1960): those that cost more at
// the multipliers of the master than the best placement leaves room for are left out, and of the
// others the best choice is looked for, or as good a one as so many branches bring. Where a class
// is a single node, its columns are divided into those with at most so many copies of an item and
// those with more, which changes both halves; else a column is used at most so often, or more. Of
// a few such divisions that halve what is chosen most evenly, the one is taken that costs most on
// its cheaper side after a few iterations (D. Applegate, R. Bixby, V. Chvátal and W. Cook, Finding
// cuts in the TSP, DIMACS Technical Report 95-05, 1995). The search goes on with the cheaper side
// until that is of no use, and then where the bound is best.
type tree struct {
	*generator
	model   *clp.Model
	columns []int32   // of the pool, by column of the model
	classes [][]int32 // columns of the model
	upper   []float64
	limit   float64 // what a choice has to cost less than
	open    []*branch
	values  []float64
	chosen  []float64 // of the best choice; nil: none yet
	work    int64     // iterations
}

// branch is a part of what the tree looks at.
type branch struct {
	parent *branch
	side
	bound float64
	basis []byte
}

// side is what a part of a division adds.
type side struct {
	limits []limits
	full   int32 // a class that is a node where something has to be; −1: none
}

// limits are those of a column in a branch.
type limits struct {
	column       int32
	lower, upper float64
}

// division is a way to divide a branch.
type division struct {
	even   float64 // how far it is from halves
	sides  [2]side
	bounds [2]float64
}

const (
	mostWork    = 5000 // iterations
	mostTried   = 8    // divisions,
	trial       = 40   // with so many iterations each
	closeEnough = 1e-9 // what is better by such a part is not
	dearerPart  = 1. / 16
)

// close looks for the best choice among the columns, at the duals of a master that costs so much.
// It holds the choice and says whether there is one that is better than the best placement.
func (g *generator) close(duals []float64, objective float64, b *search.Board) bool {
	_, cost := b.Best()
	t := &tree{generator: g, classes: make([][]int32, len(g.nodes)), limit: float64(cost-g.base()) / g.unit}
	t.limit -= closeEnough * math.Abs(t.limit)
	var vectors []clp.Vector
	for k := range g.pool.columns {
		v := g.vector(&g.pool.columns[k], g.row, g.unit)
		reduced := v.Cost
		for e, r := range v.Index {
			reduced -= float64(duals[r] * v.Value[e])
		}
		if objective+reduced < t.limit {
			class := g.pool.columns[k].class
			t.classes[class] = append(t.classes[class], int32(len(vectors)))
			vectors, t.columns, t.upper = append(vectors, v), append(t.columns, int32(k)), append(t.upper, v.Upper)
		}
	}
	rows, _ := g.rows()
	var err error
	if t.model, err = clp.New(rows, vectors); err != nil {
		return false
	}
	defer t.model.Close()
	t.search(b)
	for k, v := range t.chosen {
		for range int(v) {
			g.hold(t.columns[k])
		}
	}
	return t.chosen != nil
}

// search looks at branches until none is left, or that took long enough.
func (t *tree) search(b *search.Board) {
	status := t.model.Primal(iterations)
	t.work = int64(t.model.Iterations())
	if status != clp.Optimal || !b.Work(t.work*pivotWork) {
		return
	}
	next := &branch{side: side{nil, -1}, bound: t.model.Objective(), basis: t.model.Basis(nil)}
	for t.work < mostWork {
		before := t.work
		if next == nil {
			if next = t.best(); next == nil {
				return
			}
		}
		next = t.divide(next)
		if !b.Work((t.work - before + 1) * pivotWork) {
			return
		}
	}
}

// best takes the open branch with the best bound; nil where there is none.
func (t *tree) best() *branch {
	t.open = slices.DeleteFunc(t.open, func(b *branch) bool { return b.bound >= t.limit })
	if len(t.open) == 0 {
		return nil
	}
	k := 0
	for e, b := range t.open {
		if b.bound < t.open[k].bound {
			k = e
		}
	}
	best := t.open[k]
	t.open = slices.Delete(t.open, k, k+1)
	return best
}

// divide solves a branch. It returns the cheaper of its parts, and leaves the other open; nil
// where there are none.
func (t *tree) divide(from *branch) *branch {
	t.enter(from)
	status := t.model.Dual(iterations)
	t.work += int64(t.model.Iterations())
	if status != clp.Optimal || t.model.Objective() >= t.limit {
		return nil
	}
	from.bound, from.basis = t.model.Objective(), t.model.Basis(from.basis[:0])
	t.values = t.model.Values(t.values[:0])
	list := t.divisions()
	if len(list) == 0 {
		t.limit = from.bound - closeEnough*math.Abs(from.bound)
		t.chosen = t.chosen[:0]
		for _, v := range t.values {
			t.chosen = append(t.chosen, math.Round(v))
		}
		return nil
	}
	best := t.try(list, from)
	parts := [2]*branch{}
	for side := range parts {
		if best.bounds[side] < t.limit {
			parts[side] = &branch{parent: from, side: best.sides[side], bound: best.bounds[side], basis: slices.Clone(from.basis)}
		}
	}
	cheap, dear := parts[0], parts[1]
	if cheap == nil || dear != nil && dear.bound < cheap.bound {
		cheap, dear = dear, cheap
	}
	if dear != nil {
		t.open = append(t.open, dear)
	}
	return cheap
}

// enter gives the model the limits and the basis of a branch.
func (t *tree) enter(b *branch) {
	lower, upper := make([]float64, len(t.upper)), slices.Clone(t.upper)
	least := make([]float64, len(t.classes))
	for at := b; at != nil; at = at.parent {
		for _, l := range at.limits {
			lower[l.column], upper[l.column] = max(lower[l.column], l.lower), min(upper[l.column], l.upper)
		}
		if at.full >= 0 {
			least[at.full] = 1
		}
	}
	for k := range upper {
		t.model.SetBounds(int32(k), lower[k], upper[k])
	}
	for class, n := range least {
		if t.nodes[class] == 1 {
			t.model.SetRowBounds(int32(class), n, 1)
		}
	}
	t.model.SetBasis(b.basis)
}

// try returns the division with the dearest cheaper side.
func (t *tree) try(list []division, from *branch) *division {
	best, most := &list[0], math.Inf(-1)
	for k := range list {
		d := &list[k]
		for side := range d.sides {
			t.enter(&branch{parent: from, side: d.sides[side], basis: from.basis})
			status := t.model.Dual(trial)
			t.work += int64(t.model.Iterations())
			switch status {
			case clp.Optimal, clp.Stopped:
				d.bounds[side] = max(t.model.Objective(), from.bound)
			default:
				d.bounds[side] = math.Inf(1)
			}
		}
		less, more := min(d.bounds[0], d.bounds[1], t.limit), min(max(d.bounds[0], d.bounds[1]), t.limit)
		if worth := less + float64((more-less)*dearerPart); worth > most {
			best, most = d, worth
		}
	}
	return best
}

// divisions lists the most even divisions, one of each class.
func (t *tree) divisions() (list []division) {
	for class, columns := range t.classes {
		var d division
		if t.nodes[class] == 1 {
			d = t.byCopies(int32(class), columns)
		} else {
			d = t.byUse(columns)
		}
		if d.even < 0.5-tiny {
			list = append(list, d)
		}
	}
	slices.SortStableFunc(list, func(a, b division) int { return cmp.Compare(a.even, b.even) })
	return list[:min(len(list), mostTried)]
}

// byUse divides the columns of a class by how often one of them is used.
func (t *tree) byUse(columns []int32) division {
	d := division{even: 0.5}
	for _, k := range columns {
		whole := math.Floor(t.values[k] + tiny)
		if even := math.Abs(t.values[k] - whole - 0.5); even < d.even-tiny {
			d.even = even
			d.sides = [2]side{{[]limits{{k, 0, whole}}, -1}, {[]limits{{k, whole + 1, t.upper[k]}}, -1}}
		}
	}
	return d
}

// byCopies divides the columns of a node by how many copies of an item they hold.
func (t *tree) byCopies(class int32, columns []int32) division {
	d := division{even: 0.5, sides: [2]side{{full: -1}, {full: class}}}
	item, most := int32(-1), int32(0)
	for _, k := range columns {
		if t.values[k] < tiny || t.values[k] > 1-tiny {
			continue
		}
		for _, in := range t.pool.columns[t.columns[k]].in {
			// With as many copies as this column has, or more.
			sum := 0.
			for _, other := range columns {
				if t.values[other] > tiny && t.copiesIn(other, in.item) >= in.n {
					sum += t.values[other]
				}
			}
			if even := math.Abs(sum - 0.5); even < d.even-tiny {
				d.even, item, most = even, in.item, in.n-1
			}
		}
	}
	if item < 0 {
		return d
	}
	for _, k := range columns {
		side := 0
		if t.copiesIn(k, item) <= most {
			side = 1
		}
		d.sides[side].limits = append(d.sides[side].limits, limits{k, 0, 0})
	}
	return d
}

// copiesIn is how many copies of an item a column of the model holds.
func (t *tree) copiesIn(k, item int32) int32 {
	in := t.pool.columns[t.columns[k]].in
	if e, found := slices.BinarySearchFunc(in, item, func(p part, item int32) int { return cmp.Compare(p.item, item) }); found {
		return in[e].n
	}
	return 0
}
