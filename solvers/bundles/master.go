//go:build cgo

package bundles

import (
	"cmp"
	"math"
	"slices"

	"berth/solvers/clp"
)

// The master: a linear program whose columns are bundles, with the rows "every copy
// once", "wide and narrow bundles agree" and "so many bundles a class" (P.C. Gilmore
// and R.E. Gomory, A linear programming approach to the cutting-stock problem,
// Operations Research 9, 1961). It starts from artificial columns, one for each item,
// whose price rises while they are used.
type master struct {
	*instance
	model   *clp.Model
	pool    map[string]*bundle
	known   []*bundle // the same, in the order in which they came
	columns []*bundle // of the model, behind the artificial ones
	lower   []float64 // limits of the columns
	upper   []float64
	stamp   int32     // bundles with it are of the pool that is in use
	lacking []float64 // price of the artificial columns
	scale   float64   // steps in a unit of the program's costs
	extra   int       // artificial columns

	sums          []*sum    // rows behind all others
	values, duals []float64 // of the last solution; 0 of columns added since
	point
}

// point is where the Lagrangian bound is evaluated.
type point struct {
	item []int64 // multipliers of the rows of items and links
	fill []int64 // by class: what the program pays for one bundle less, not negative
	sum  []int64 // of the rows of sums
}

// set makes the point the same as another.
func (p *point) set(from *point) {
	p.item, p.fill, p.sum = append(p.item[:0], from.item...), append(p.fill[:0], from.fill...), append(p.sum[:0], from.sum...)
}

// bundle is a set of copies on a place of a class.
type bundle struct {
	class int32
	wide  bool     // as its class
	in    []taking // by item
	cost  int64    // in steps
	bits  []uint64 // the items
	at    int32    // its column
	stamp int32    // see master
}

// taking is so many copies of an item.
type taking struct{ item, copies int32 }

// has says whether a bundle holds copies of an item.
func (b *bundle) has(i int32) bool { return b.bits[i>>6]>>(uint(i)&63)&1 == 1 }

// copies is how many copies of an item a bundle holds.
func (b *bundle) copies(i int32) int32 {
	if b.has(i) {
		for _, t := range b.in {
			if t.item == i {
				return t.copies
			}
		}
	}
	return 0
}

// mostWide is how much costs of a program differ by at most. CLP looks at them with a fixed
// tolerance, and where they are larger, takes trouble over what does not matter.
const mostWide = 1 << 20

func newMaster(in *instance) (*master, error) {
	m := &master{instance: in, pool: map[string]*bundle{}, scale: 1}
	for float64(in.widest) > m.scale*mostWide {
		m.scale *= 2
	}
	var rows, columns []clp.Vector
	for _, n := range in.copies {
		rows = append(rows, clp.Vector{Lower: float64(n), Upper: float64(n)})
	}
	for range in.links {
		rows = append(rows, clp.Vector{})
	}
	for r := range rows {
		columns = append(columns, clp.Vector{Index: []int32{int32(r)}, Value: []float64{1}, Upper: clp.Infinity})
	}
	for r := range in.links {
		columns = append(columns, clp.Vector{Index: []int32{int32(in.items + r)}, Value: []float64{-1}, Upper: clp.Infinity})
	}
	for k := range in.classes {
		rows = append(rows, clp.Vector{Lower: -clp.Infinity, Upper: float64(in.classes[k].count)})
	}
	m.lacking = m.firstPrices()
	for c := range columns {
		columns[c].Cost = m.lacking[c] / m.scale
	}
	m.extra, m.values = len(columns), make([]float64, len(columns))
	var err error
	m.model, err = clp.New(rows, columns)
	return m, err
}

// firstPrices is what an artificial column costs to begin with: about what its item
// pays at most.
func (m *master) firstPrices() []float64 {
	prices := make([]float64, m.items+2*m.links)
	for r := range prices {
		prices[r] = 20
	}
	for k := range m.classes {
		c := &m.classes[k]
		at := make([]float64, m.items)
		for _, t := range c.ties {
			at[t.a] += math.Abs(float64(t.worth))
			at[t.b] += math.Abs(float64(t.worth))
		}
		for i := range at {
			for _, v := range c.cost[i] {
				at[i] = max(at[i], math.Abs(float64(v)))
			}
			prices[i] = max(prices[i], at[i]+20)
			for _, l := range c.link[i] {
				prices[l] = max(prices[l], at[i]+20)
				prices[int(l)+m.links] = max(prices[int(l)+m.links], at[i]+20)
			}
		}
	}
	return prices
}

// close frees the model.
func (m *master) close() { m.model.Close() }

// bundle returns the bundle of a set, made if there is none. The set is sorted by item.
func (m *master) bundle(k int32, in []taking) *bundle {
	key := bundleKey(nil, k, in)
	if b := m.pool[string(key)]; b != nil {
		return b
	}
	b := &bundle{class: k, wide: m.classes[k].wide, in: slices.Clone(in), at: -1, bits: make([]uint64, (m.items+63)/64)}
	c := &m.classes[k]
	b.cost = c.open
	copies := make([]int32, m.items)
	for _, t := range in {
		b.bits[t.item>>6] |= 1 << (uint(t.item) & 63)
		copies[t.item] = t.copies
		for n := range t.copies {
			b.cost += c.cost[t.item][n]
		}
	}
	for _, t := range c.ties {
		if copies[t.a] >= t.copiesA && copies[t.b] >= t.copiesB {
			b.cost -= t.worth
		}
	}
	m.pool[string(key)], m.known = b, append(m.known, b)
	return b
}

// bundleKey appends what tells the bundle of a set from all others.
func bundleKey(key []byte, k int32, in []taking) []byte {
	key = append(key, byte(k), byte(k>>8))
	for _, t := range in {
		key = append(key, byte(t.item), byte(t.item>>8), byte(t.copies), byte(t.copies>>8))
	}
	return key
}

// unpack returns what chosen vertices of a sack hold.
func unpack(s *sack, chosen []int32) []taking {
	var in []taking
	for _, v := range chosen {
		for _, i := range s.items[v] {
			if t := slices.IndexFunc(in, func(t taking) bool { return t.item == i }); t >= 0 {
				in[t].copies++
			} else {
				in = append(in, taking{i, 1})
			}
		}
	}
	slices.SortFunc(in, func(a, b taking) int { return cmp.Compare(a.item, b.item) })
	return in
}

// add makes columns of bundles that have none yet, and returns how many.
func (m *master) add(bundles []*bundle) int {
	var vectors []clp.Vector
	for _, b := range bundles {
		if b.at >= 0 {
			continue
		}
		b.at = int32(len(m.columns))
		m.columns = append(m.columns, b)
		m.lower, m.upper = append(m.lower, 0), append(m.upper, clp.Infinity)
		vectors = append(vectors, m.vector(b))
	}
	if m.model.AddColumns(vectors) != nil {
		return 0
	}
	m.pad()
	return len(vectors)
}

// pad gives columns without a value 0.
func (m *master) pad() {
	for len(m.values) < m.extra+len(m.columns) {
		m.values = append(m.values, 0)
	}
}

// keep deletes the columns of bundles that are not in a pool.
func (m *master) keep(pool []*bundle) {
	m.stamp++
	for _, b := range pool {
		b.stamp = m.stamp
	}
	var gone []int32
	kept := 0
	for c, b := range m.columns {
		if b.stamp != m.stamp {
			b.at = -1
			gone = append(gone, int32(m.extra+c))
			continue
		}
		b.at = int32(kept)
		m.columns[kept], m.lower[kept], m.upper[kept] = b, m.lower[c], m.upper[c]
		m.values[m.extra+kept] = m.values[m.extra+c]
		kept++
	}
	if m.model.DeleteColumns(gone) != nil {
		panic("bundles: columns that are not there")
	}
	m.columns, m.lower, m.upper, m.values = m.columns[:kept], m.lower[:kept], m.upper[:kept], m.values[:m.extra+kept]
}

// vector is a bundle as a column.
func (m *master) vector(b *bundle) clp.Vector {
	v := clp.Vector{Upper: clp.Infinity, Cost: float64(b.cost) / m.scale}
	c := &m.classes[b.class]
	set := func(row int32, value float64) {
		v.Index, v.Value = append(v.Index, row), append(v.Value, value)
	}
	for _, t := range b.in {
		if c.counts(t.item) {
			set(t.item, float64(t.copies))
		}
		for _, l := range c.link[t.item] {
			set(l, float64(c.sign()*t.copies))
		}
	}
	set(int32(m.items+m.links)+b.class, 1)
	for n, s := range m.sums {
		if times := s.counts(m.instance, b); times != 0 {
			set(int32(m.items+m.links+len(m.classes)+n), float64(times))
		}
	}
	return v
}

// sign is the side of a class in the rows of links.
func (c *class) sign() int32 {
	if c.wide {
		return -1
	}
	return 1
}

// profit is what a copy of item i is worth in class k at a point, but for its cost.
func (in *instance) profit(k, i int32, at *point) int64 {
	c := &in.classes[k]
	sum := int64(0)
	if c.counts(i) {
		sum = at.item[i]
	}
	for _, l := range c.link[i] {
		sum += int64(c.sign()) * at.item[l]
	}
	return sum
}

// sync shows the model what the decisions allow, and of that only what is in the pool
// if there is one.
func (m *master) sync(d *decisions, pool []*bundle) {
	m.stamp++
	for _, b := range pool {
		b.stamp = m.stamp
	}
	rules := d.rules()
	for c, b := range m.columns {
		upper := 0.0
		if b.stamp == m.stamp || pool == nil && rules.allow(&m.classes[b.class], b) {
			upper = clp.Infinity
		}
		m.limit(c, 0, upper)
	}
	m.syncSums(d.sums)
}

// syncSums makes the rows of sums those of a node. Where a sum has to reach something,
// artificial columns can do it too, and in place of all copies of an item do no more.
func (m *master) syncSums(sums []*sum) {
	same := 0
	for same < min(len(sums), len(m.sums)) && sums[same] == m.sums[same] {
		same++
	}
	first := m.items + m.links + len(m.classes)
	var gone []int32
	for n := same; n < len(m.sums); n++ {
		gone = append(gone, int32(first+n))
	}
	if m.model.DeleteRows(gone) != nil {
		panic("bundles: rows that are not there")
	}
	m.sums = append(m.sums[:same], sums[same:]...)
	var rows []clp.Vector
	for _, s := range m.sums[same:] {
		row := clp.Vector{Lower: float64(s.low), Upper: float64(s.top)}
		if s.low > 0 {
			row.Index, row.Value = append(row.Index, s.a.item), append(row.Value, float64(s.low)/float64(m.copies[s.a.item]))
		}
		for c, b := range m.columns {
			if times := s.counts(m.instance, b); times != 0 {
				row.Index, row.Value = append(row.Index, int32(m.extra+c)), append(row.Value, float64(times))
			}
		}
		rows = append(rows, row)
	}
	if m.model.AddRows(rows) != nil {
		panic("bundles: columns that are not there")
	}
}

// objective is what the solution costs, in steps.
func (m *master) objective() float64 { return m.model.Objective() * m.scale }

// cutoff ends solves where the cost passes so many steps.
func (m *master) cutoff(steps float64) { m.model.SetCutoff(steps / m.scale) }

// limit sets how often the bundle of a column is used.
func (m *master) limit(c int, lower, upper float64) {
	if m.lower[c] != lower || m.upper[c] != upper {
		m.lower[c], m.upper[c] = lower, upper
		m.model.SetBounds(int32(m.extra+c), lower, upper)
	}
}

// read takes the solution and makes a point of the duals.
func (m *master) read() {
	m.values, m.duals = m.model.Values(m.values[:0]), m.model.Duals(m.duals[:0])
	m.item, m.fill = m.item[:0], m.fill[:0]
	unit := float64(int64(1)<<m.shift) * m.scale
	for r := range m.items + m.links {
		m.item = append(m.item, int64(math.Round(m.duals[r]*unit)))
	}
	for k := range m.classes {
		m.fill = append(m.fill, max(int64(math.Round(-m.duals[m.items+m.links+k]*unit)), 0))
	}
	m.sum = m.sum[:0]
	for n, s := range m.sums {
		value := int64(math.Round(m.duals[m.items+m.links+len(m.classes)+n] * unit))
		if s.triple {
			value = min(value, 0)
		}
		m.sum = append(m.sum, value)
	}
}

// lacks says whether the solution uses artificial columns, and makes those dearer.
// It returns false where none is used, or where their price is at its limit.
func (m *master) lacks() bool {
	raised := false
	limit := 64 * float64(m.widest)
	for c := range m.extra {
		if m.values[c] > wholeAt && m.lacking[c] < limit {
			m.lacking[c] = min(4*m.lacking[c], limit)
			m.model.SetCost(int32(c), m.lacking[c]/m.scale)
			raised = true
		}
	}
	return raised
}

// wholeAt is how near to a whole number a value counts as one.
const wholeAt = 1e-6

// use is how often a bundle is used.
type use struct {
	bundle *bundle
	times  int32
}

// whole returns how often each bundle is used, where the solution is whole.
func (m *master) whole() (used []use, ok bool) {
	for c := range m.extra {
		if m.values[c] > wholeAt {
			return nil, false
		}
	}
	for t, b := range m.columns {
		x := m.values[m.extra+t]
		n := math.Round(x)
		if math.Abs(x-n) > wholeAt {
			return nil, false
		}
		if n > 0 {
			used = append(used, use{b, int32(n)})
		}
	}
	return used, true
}
