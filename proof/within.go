package proof

import (
	"errors"
	"fmt"

	"berth/model/integer"
)

// MostCells bounds the table of a kept row: one more than its free variables below 0, times
// one more than its room.
const MostCells = 1 << 24

// kept is a row that a price does not multiply but keeps: its variables take the cheapest of
// what satisfies it, under the reduced costs.
type kept struct {
	row   row
	value int64 // the least that its free variables come to
	free  int   // how many there were; −1: the value was not found yet
}

// keeping is what the kept rows of a price come to. A variable is in one of them or in none.
type keeping struct {
	rows    []kept
	of      []int32 // by variable: its kept row, −1: none
	worth   []int64 // by variable of a kept row: its reduced cost
	on, off []int64 // by free variable of a kept row: by how much that rises if it is 1, if it is 0
	marks   []int32 // by kept row, for one row of the program after the other
	items   []item  // of a kept row
	inside  []item
	ahead   [][]int64 // [k][room]: the least of the first k inside
	behind  [][]int64 // [k][room]: the least of those from the k-th on
	cells   []int64
}

// item is a free variable of a kept row, turned round where its coefficient is below 0. It is
// inside if the row would rather have it.
type item struct {
	variable     int32
	turned       bool
	weight, cost int64
}

// begin takes the kept rows of a price, with the reduced costs.
func (k *keeping) begin(rows []*row, reduced []integer.Wide) error {
	if k.of == nil {
		n := len(reduced)
		k.of, k.worth, k.on, k.off = make([]int32, n), make([]int64, n), make([]int64, n), make([]int64, n)
		for v := range k.of {
			k.of[v] = -1
		}
	}
	for _, old := range k.rows {
		for _, t := range old.row.terms {
			k.of[t.Var] = -1
		}
	}
	k.rows, k.marks = k.rows[:0], make([]int32, len(rows))
	for n, r := range rows {
		if r.equal {
			return errors.New("an equation cannot be kept")
		}
		k.rows = append(k.rows, kept{row: *r, free: -1})
		sum := int64(0)
		for _, t := range r.terms {
			if k.of[t.Var] >= 0 {
				return fmt.Errorf("x%d is in two of the rows that are kept", t.Var+1)
			}
			k.of[t.Var] = int32(n)
			worth := reduced[t.Var].CeilShift(0)
			if worth < -limit || worth > limit {
				return errLarge
			}
			if sum += size(worth); sum > limit {
				return errLarge
			}
			k.worth[t.Var] = worth
		}
	}
	return nil
}

// solve finds the value of every kept row, and what it rises by with each variable. Only rows
// with fewer free variables than before are looked at again. It returns false where one cannot
// hold. O(variables · room) each (R. Bellman's knapsack, from both ends).
func (k *keeping) solve(d *domain) (holds bool, err error) {
	for n := range k.rows {
		r := &k.rows[n]
		room, base, heaviest := r.row.right, int64(0), int64(0)
		k.items, k.inside = k.items[:0], k.inside[:0]
		for _, t := range r.row.terms {
			if at := d.value[t.Var]; at != free {
				room -= int64(at) * t.Coef
				continue
			}
			i := item{variable: t.Var, weight: t.Coef, cost: k.worth[t.Var]}
			if t.Coef < 0 {
				room -= t.Coef
				base += i.cost
				i = item{t.Var, true, -t.Coef, -i.cost}
			}
			k.items = append(k.items, i)
			if i.cost < 0 {
				k.inside = append(k.inside, i)
				heaviest += i.weight
			}
		}
		if room < 0 {
			return false, nil
		}
		if len(k.items) == r.free {
			continue
		}
		r.free = len(k.items)
		width := min(room, heaviest)
		if width >= MostCells/int64(len(k.inside)+1) {
			return false, fmt.Errorf("a row that is kept has room for %d, and its table would be too large", room)
		}
		k.tabulate(int(width))
		r.value = base + k.rises(room, int(width))
	}
	return true, nil
}

// tabulate fills both tables for rooms up to a width.
func (k *keeping) tabulate(width int) {
	count, stride := len(k.inside), width+1
	if need := 2 * (count + 1) * stride; cap(k.cells) < need {
		k.cells = make([]int64, need)
	}
	cells := k.cells[:2*(count+1)*stride]
	k.ahead, k.behind = k.ahead[:0], k.behind[:0]
	for n := range count + 1 {
		k.ahead = append(k.ahead, cells[n*stride:][:stride])
		k.behind = append(k.behind, cells[(count+1+n)*stride:][:stride])
	}
	clear(k.ahead[0])
	for n, t := range k.inside {
		t.put(k.ahead[n], k.ahead[n+1])
	}
	clear(k.behind[count])
	for n := count - 1; n >= 0; n-- {
		k.inside[n].put(k.behind[n+1], k.behind[n])
	}
}

// put finds the least for every room with one item more.
func (t item) put(without, with []int64) {
	copy(with, without)
	for room := t.weight; room < int64(len(with)); room++ {
		with[room] = min(with[room], without[room-t.weight]+t.cost)
	}
}

// rises returns the least that the items come to in that room, and sets what it rises by with
// each of them.
func (k *keeping) rises(room int64, width int) (least int64) {
	all := k.ahead[len(k.inside)]
	least = all[width]
	for _, t := range k.items {
		with := int64(limit)
		if left := room - t.weight; left >= 0 {
			with = t.cost + all[min(left, int64(width))] - least
		}
		k.set(t, with, 0)
	}
	for n, t := range k.inside {
		with := int64(limit)
		if left := min(room-t.weight, int64(width)); left >= 0 {
			with = t.cost + k.split(n, int(left)) - least
		}
		k.set(t, with, k.split(n, width)-least)
	}
	return least
}

// set notes what a row rises by with an item inside, and without it.
func (k *keeping) set(t item, with, without int64) {
	if t.turned {
		with, without = without, with
	}
	k.on[t.variable], k.off[t.variable] = with, without
}

// split returns the least without the n-th item inside in so much room.
func (k *keeping) split(n, room int) int64 {
	before, after := k.ahead[n][:room+1], k.behind[n+1][:room+1]
	least := int64(0)
	for at, a := range before {
		least = min(least, a+after[room-at])
	}
	return least
}

// conclude draws from a price what follows from it. Within rows it does so until nothing does: what
// is fixed makes kept rows dearer, and that fixes more.
func (c *checker) conclude(base integer.Wide, denominator int64, rows []Multiplier, within []Name) error {
	k, d := &c.keeping, c.domain
	list := make([]*row, len(within))
	for n, name := range within {
		r, _, err := c.row(name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		list[n] = r
	}
	if err := k.begin(list, c.reduced); err != nil {
		return err
	}
	for {
		holds, err := k.solve(d)
		if c.closed = !holds; err != nil || c.closed {
			return err
		}
		total := base
		for n := range k.rows {
			total = total.Plus(integer.FromInt(k.rows[n].value, 0))
		}
		for v, at := range d.value {
			if at == 1 || at == free && k.of[v] < 0 && c.reduced[v].Sign() < 0 {
				total = total.Plus(c.reduced[v])
			}
		}
		if c.closed = past(total, denominator, c.aim); c.closed {
			return nil
		}
		before := len(d.trail)
		for v, at := range d.value {
			if at == free {
				c.settle(int32(v), total, denominator)
			}
		}
		for _, m := range rows {
			if len(within) > 0 && m.Row >= 0 {
				c.settleOne(&d.rows[m.Row], total, denominator)
			}
		}
		more := len(within) > 0 && len(d.trail) > before
		if c.closed = !d.propagate(); c.closed || !more {
			return nil
		}
	}
}

// rise returns by how much a price rises where a free variable has a value.
func (c *checker) rise(v int32, value int8) integer.Wide {
	if c.keeping.of[v] < 0 {
		if (c.reduced[v].Sign() < 0) == (value == 1) {
			return integer.Wide{}
		}
		return c.reduced[v].Abs()
	}
	if value == 1 {
		return integer.FromInt(c.keeping.on[v], 0)
	}
	return integer.FromInt(c.keeping.off[v], 0)
}

// settle fixes a free variable whose other value is too dear.
func (c *checker) settle(v int32, total integer.Wide, denominator int64) {
	for value := range int8(2) {
		if past(total.Plus(c.rise(v, value)), denominator, c.of) {
			c.domain.fix(v, 1-value)
			return
		}
	}
}

// settleOne looks at a row of which just one free variable is 1. The others are 0 then, and each
// changes a kept row of its own, so that their rises add up.
func (c *checker) settleOne(r *row, total integer.Wide, denominator int64) {
	k, d := &c.keeping, c.domain
	if !r.equal {
		return
	}
	right, leave := r.right, integer.Wide{}
	clear(k.marks)
	for _, t := range r.terms {
		switch at := d.value[t.Var]; {
		case t.Coef != 1:
			return
		case at != free:
			right -= int64(at)
			continue
		}
		if n := k.of[t.Var]; n >= 0 {
			if k.marks[n]++; k.marks[n] > 1 {
				return
			}
		}
		leave = leave.Plus(c.rise(t.Var, 0))
	}
	if right != 1 {
		return
	}
	for _, t := range r.terms {
		if d.value[t.Var] == free && past(total.Plus(leave).Minus(c.rise(t.Var, 0)).Plus(c.rise(t.Var, 1)), denominator, c.of) {
			d.fix(t.Var, 0)
		}
	}
}
