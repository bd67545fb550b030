package lp

import "berth/solvers/lp/safe"

// domain is what the variables of a core may still be, with the bounds that the
// rows' activities have. Fixing a variable and propagating until nothing changes
// finds what follows from the rows one by one, in exact integers (the activity
// bounds of Savelsbergh, "Preprocessing and probing techniques for mixed integer
// programming problems", ORSA Journal on Computing 1994). A fixing costs the
// length of its column; a row is looked at no further than to the first
// coefficient that still fits.
type domain struct {
	core  *core
	value []int8  // 0, 1 or safe.Free
	least []int64 // smallest activity of each row over the values
	most  []int64 // largest
	trail []int32 // variables in the order of being fixed
	dirty []int32 // rows to look at again
	queue []bool  // rows that are in dirty
	steps int64   // coefficients touched, for the count of work
}

func newDomain(c *core) *domain {
	d := &domain{
		core: c, value: make([]int8, len(c.cost)),
		least: make([]int64, len(c.rows)), most: make([]int64, len(c.rows)), queue: make([]bool, len(c.rows)),
	}
	for j := range d.value {
		d.value[j] = safe.Free
	}
	for r, row := range c.rows {
		for _, a := range row.Coefs {
			d.least[r] += min(a, 0)
			d.most[r] += max(a, 0)
		}
		d.touch(int32(r))
	}
	return d
}

func (d *domain) touch(r int32) {
	if !d.queue[r] {
		d.queue[r] = true
		d.dirty = append(d.dirty, r)
	}
}

// fix gives a free variable its value. It returns false, and changes nothing,
// where the variable has the other one.
func (d *domain) fix(j int32, v int8) bool {
	if d.value[j] != safe.Free {
		return d.value[j] == v
	}
	d.value[j] = v
	d.trail = append(d.trail, j)
	d.shift(j, v, 1)
	for _, r := range d.core.row[d.core.start[j]:d.core.start[j+1]] {
		d.touch(r)
	}
	return true
}

// shift adds the effect of fixing j to v on the activities, or takes it away.
func (d *domain) shift(j int32, v int8, sign int64) {
	from, to := d.core.start[j], d.core.start[j+1]
	d.steps += int64(to - from)
	for k := from; k < to; k++ {
		a, r := d.core.coef[k], d.core.row[k]
		if (a > 0) == (v == 1) {
			d.least[r] += size(a) * sign
		} else {
			d.most[r] -= size(a) * sign
		}
	}
}

// undo frees the variables fixed since the trail had that length.
func (d *domain) undo(length int) {
	for len(d.trail) > length {
		j := d.trail[len(d.trail)-1]
		d.trail = d.trail[:len(d.trail)-1]
		d.shift(j, d.value[j], -1)
		d.value[j] = safe.Free
	}
	d.settle()
}

// settle forgets what was to be looked at.
func (d *domain) settle() {
	for _, r := range d.dirty {
		d.queue[r] = false
	}
	d.dirty = d.dirty[:0]
}

// propagate fixes what follows from the rows that changed. It returns false where
// a row cannot hold any more.
func (d *domain) propagate() bool {
	for len(d.dirty) > 0 {
		r := d.dirty[len(d.dirty)-1]
		d.dirty = d.dirty[:len(d.dirty)-1]
		d.queue[r] = false
		if !d.tighten(r) {
			d.settle()
			return false
		}
	}
	return true
}

// tighten fixes the variables whose other value would break row r.
func (d *domain) tighten(r int32) bool {
	row := d.core.rows[r]
	above := row.RHS - d.least[r] // room left under the right side
	below := d.most[r] - row.RHS
	if above < 0 || row.Equal && below < 0 {
		return false
	}
	for k, j := range row.Vars {
		a := row.Coefs[k]
		if size(a) <= above && (!row.Equal || size(a) <= below) {
			d.steps += int64(k)
			return true // the rest is no larger
		}
		if d.value[j] != safe.Free {
			continue
		}
		switch {
		case size(a) > above && (!row.Equal || size(a) <= below):
			d.fix(j, down(a))
		case size(a) <= above:
			d.fix(j, 1-down(a))
		default:
			return false // too large to add and too large to leave out
		}
		above, below = row.RHS-d.least[r], d.most[r]-row.RHS
	}
	d.steps += int64(len(row.Vars))
	return true
}

// down returns the value at which a coefficient adds least.
func down(a int64) int8 {
	if a > 0 {
		return 0
	}
	return 1
}
