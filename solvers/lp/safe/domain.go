package safe

import "slices"

// Domain is what the variables of some rows may still be, with the bounds that the
// rows' activities have. Fixing a variable and propagating until nothing changes
// finds what follows from the rows one by one, in exact integers (the activity
// bounds of Savelsbergh, "Preprocessing and probing techniques for mixed integer
// programming problems", ORSA Journal on Computing 1994). A fixing costs the
// length of its column; a row whose terms are sorted by falling size is looked at
// no further than to the first coefficient that still fits.
type Domain struct {
	Value []int8  // 0, 1 or Free, by variable; read only
	Trail []int32 // variables in the order of being fixed; read only
	Steps int64   // coefficients touched, for the count of work

	rows  []*Row
	least []int64 // smallest activity of each row over the values
	most  []int64 // largest
	dirty []int32 // rows to look at again
	queue []bool  // rows that are in dirty

	// The rows that a variable is in, with its coefficients: entries
	// start[j] to start[j+1].
	start []int32
	row   []int32
	coef  []int64
}

// NewDomain returns the domain with all variables free and every row to be looked
// at by Propagate. The rows' terms must be sorted by falling size.
func NewDomain(rows []*Row, variables int) *Domain {
	d := &Domain{Value: make([]int8, variables)}
	for j := range d.Value {
		d.Value[j] = Free
	}
	d.Load(rows)
	return d
}

// Load takes other rows, all of which are then to be looked at; what is fixed remains so.
func (d *Domain) Load(rows []*Row) {
	d.rows, d.dirty = rows, d.dirty[:0]
	d.least, d.most, d.queue = make([]int64, len(rows)), make([]int64, len(rows)), make([]bool, len(rows))
	for r, row := range rows {
		for k, j := range row.Vars {
			a := row.Coefs[k]
			if v := d.Value[j]; v == 1 || v == Free && a < 0 {
				d.least[r] += a
			}
			if v := d.Value[j]; v == 1 || v == Free && a > 0 {
				d.most[r] += a
			}
		}
		d.touch(int32(r))
	}
	d.transpose()
}

// transpose makes the columns.
func (d *Domain) transpose() {
	d.start = make([]int32, len(d.Value)+1)
	for _, row := range d.rows {
		for _, j := range row.Vars {
			d.start[j+1]++
		}
	}
	for j := range d.Value {
		d.start[j+1] += d.start[j]
	}
	next := slices.Clone(d.start)
	d.row = make([]int32, d.start[len(d.Value)])
	d.coef = make([]int64, len(d.row))
	for r, row := range d.rows {
		for k, j := range row.Vars {
			d.row[next[j]], d.coef[next[j]] = int32(r), row.Coefs[k]
			next[j]++
		}
	}
}

func (d *Domain) touch(r int32) {
	if !d.queue[r] {
		d.queue[r] = true
		d.dirty = append(d.dirty, r)
	}
}

// Fix gives a free variable its value. It returns false, and changes nothing,
// where the variable has the other one.
func (d *Domain) Fix(j int32, v int8) bool {
	if d.Value[j] != Free {
		return d.Value[j] == v
	}
	d.Value[j] = v
	d.Trail = append(d.Trail, j)
	d.shift(j, v, 1)
	for _, r := range d.row[d.start[j]:d.start[j+1]] {
		d.touch(r)
	}
	return true
}

// Try fixes a variable and propagates. It returns false where the rows then
// contradict each other, and leaves the domain as it was.
func (d *Domain) Try(j int32, v int8) bool {
	from := len(d.Trail)
	if d.Fix(j, v) && d.Propagate() {
		return true
	}
	d.Undo(from)
	return false
}

// shift adds the effect of fixing j to v on the activities, or takes it away.
func (d *Domain) shift(j int32, v int8, sign int64) {
	from, to := d.start[j], d.start[j+1]
	d.Steps += int64(to - from)
	for k := from; k < to; k++ {
		a, r := d.coef[k], d.row[k]
		if (a > 0) == (v == 1) {
			d.least[r] += size(a) * sign
		} else {
			d.most[r] -= size(a) * sign
		}
	}
}

// Undo frees the variables fixed since the trail had that length.
func (d *Domain) Undo(length int) {
	for len(d.Trail) > length {
		j := d.Trail[len(d.Trail)-1]
		d.Trail = d.Trail[:len(d.Trail)-1]
		d.shift(j, d.Value[j], -1)
		d.Value[j] = Free
	}
	d.Settle()
}

// Settle forgets what was to be looked at.
func (d *Domain) Settle() {
	for _, r := range d.dirty {
		d.queue[r] = false
	}
	d.dirty = d.dirty[:0]
}

// Propagate fixes what follows from the rows that changed. It returns false where
// a row cannot hold any more.
func (d *Domain) Propagate() bool {
	for len(d.dirty) > 0 {
		r := d.dirty[len(d.dirty)-1]
		d.dirty = d.dirty[:len(d.dirty)-1]
		d.queue[r] = false
		if !d.tighten(r) {
			d.Settle()
			return false
		}
	}
	return true
}

// tighten fixes the variables whose other value would break row r.
func (d *Domain) tighten(r int32) bool {
	row := d.rows[r]
	above := row.RHS - d.least[r] // room left under the right side
	below := d.most[r] - row.RHS
	if above < 0 || row.Equal && below < 0 {
		return false
	}
	for k, j := range row.Vars {
		a := row.Coefs[k]
		if size(a) <= above && (!row.Equal || size(a) <= below) {
			d.Steps += int64(k)
			return true // the rest is no larger
		}
		if d.Value[j] != Free {
			continue
		}
		switch {
		case size(a) > above && (!row.Equal || size(a) <= below):
			d.Fix(j, down(a))
		case size(a) <= above:
			d.Fix(j, 1-down(a))
		default:
			return false // too large to add and too large to leave out
		}
		above, below = row.RHS-d.least[r], d.most[r]-row.RHS
	}
	d.Steps += int64(len(row.Vars))
	return true
}

// down returns the value at which a coefficient adds least.
func down(a int64) int8 {
	if a > 0 {
		return 0
	}
	return 1
}
