package proof

import (
	"errors"

	"berth/encode"
)

// free, or 0 or 1, is what a variable may be.
const free int8 = -1

// limit bounds the sum of a row's coefficients, so that no sum leaves 64 bits.
const limit int64 = 1 << 60

// row is Σ coef·variable ≤ right, or = right. A row of the program with ≥ is negated.
type row struct {
	terms   []encode.Term
	right   int64
	equal   bool
	negated bool
}

var errLarge = errors.New("its numbers are too large for the checker: state the instance with fewer digits")

// sized fails where the numbers of a row are too large.
func sized(terms []encode.Term, right int64) error {
	sum := size(right)
	for _, t := range terms {
		if sum < 0 || sum > limit || size(t.Coef) > limit {
			return errLarge
		}
		sum += size(t.Coef)
	}
	if sum < 0 || sum > limit {
		return errLarge
	}
	return nil
}

func size(a int64) int64 { return max(a, -a) }

// domain is what the variables may still be, with the least and the most that each row's
// left side can come to.
type domain struct {
	value       []int8
	trail       []int32 // variables in the order of being fixed
	rows        []row
	least, most []int64
	largest     []int64 // size of a row's largest coefficient
	in          [][]at  // by variable
	waiting     []int32 // rows to look at
	waits       []bool

	clauses [][]literal // learned; the first two of each are watched
	watches [][]int32   // by literal: clauses that watch it
	next    int         // from here on the trail's variables have to be told to clauses
}

// literal is a variable with a value: 2·variable + value.
type literal int32

func (l literal) not() literal { return l ^ 1 }

// holds says whether the variable has the value.
func (d *domain) holds(l literal) bool { return d.value[l>>1] == int8(l&1) }

// fails says whether it has the other.
func (d *domain) fails(l literal) bool { return d.value[l>>1] == int8(l&1)^1 }

// at is where a variable occurs.
type at struct {
	row  int32
	coef int64
}

func newDomain(rows []row, variables int) *domain {
	d := &domain{
		rows: rows, value: make([]int8, variables), in: make([][]at, variables), watches: make([][]int32, 2*variables),
		least: make([]int64, len(rows)), most: make([]int64, len(rows)), largest: make([]int64, len(rows)), waits: make([]bool, len(rows)),
	}
	for v := range d.value {
		d.value[v] = free
	}
	for r, row := range rows {
		for _, t := range row.terms {
			d.least[r] += min(t.Coef, 0)
			d.most[r] += max(t.Coef, 0)
			d.largest[r] = max(d.largest[r], size(t.Coef))
			d.in[t.Var] = append(d.in[t.Var], at{int32(r), t.Coef})
		}
		d.wait(int32(r))
	}
	return d
}

func (d *domain) wait(r int32) {
	if !d.waits[r] {
		d.waits[r] = true
		d.waiting = append(d.waiting, r)
	}
}

// fix gives a free variable a value.
func (d *domain) fix(variable int32, value int8) {
	d.value[variable] = value
	d.trail = append(d.trail, variable)
	for _, o := range d.in[variable] {
		d.move(o, value, 1)
		d.wait(o.row)
	}
}

// move takes up in a row that a variable of it has a value, or takes that back.
func (d *domain) move(o at, value int8, sign int64) {
	if (o.coef > 0) == (value == 1) {
		d.least[o.row] += sign * size(o.coef)
	} else {
		d.most[o.row] -= sign * size(o.coef)
	}
}

// undo frees the variables fixed since the trail had that length.
func (d *domain) undo(length int) {
	for _, v := range d.trail[length:] {
		for _, o := range d.in[v] {
			d.move(o, d.value[v], -1)
		}
		d.value[v] = free
	}
	d.trail = d.trail[:length]
	d.next = min(d.next, length)
}

// propagate fixes what rows and clauses leave no choice about, until nothing changes. It
// returns false where one cannot hold.
func (d *domain) propagate() bool {
	for holds := true; ; {
		for ; holds && d.next < len(d.trail); d.next++ {
			v := d.trail[d.next]
			holds = d.visit(literal(2*v) + literal(1-d.value[v]))
		}
		if len(d.waiting) == 0 {
			return holds
		}
		r := d.waiting[len(d.waiting)-1]
		d.waiting = d.waiting[:len(d.waiting)-1]
		d.waits[r] = false
		holds = holds && d.look(r)
	}
}

// learn adds a clause, of which one literal has to hold.
func (d *domain) learn(clause []literal) bool {
	open := 0
	for k, l := range clause {
		if !d.fails(l) {
			clause[open], clause[k] = clause[k], clause[open]
			open++
		}
	}
	switch {
	case open == 0:
		return false
	case open == 1 && !d.holds(clause[0]):
		d.fix(int32(clause[0]>>1), int8(clause[0]&1))
	}
	if len(clause) > 1 {
		for _, l := range clause[:2] {
			d.watches[l] = append(d.watches[l], int32(len(d.clauses)))
		}
		d.clauses = append(d.clauses, clause)
	}
	return d.propagate()
}

// visit looks at the clauses that watch a literal which fails now.
func (d *domain) visit(failed literal) bool {
	list := d.watches[failed]
	kept := list[:0]
	for k, c := range list {
		clause := d.clauses[c]
		if clause[0] == failed {
			clause[0], clause[1] = clause[1], failed
		}
		if d.holds(clause[0]) {
			kept = append(kept, c)
			continue
		}
		if d.watchAnother(c) {
			continue
		}
		kept = append(kept, c)
		if d.fails(clause[0]) {
			d.watches[failed] = append(kept, list[k+1:]...)
			return false
		}
		d.fix(int32(clause[0]>>1), int8(clause[0]&1))
	}
	d.watches[failed] = kept
	return true
}

// watchAnother watches another literal of a clause in place of its second.
func (d *domain) watchAnother(c int32) bool {
	clause := d.clauses[c]
	for k := 2; k < len(clause); k++ {
		if l := clause[k]; !d.fails(l) {
			clause[1], clause[k] = l, clause[1]
			d.watches[l] = append(d.watches[l], c)
			return true
		}
	}
	return false
}

// look fixes the variables of a row one of whose values would break it.
func (d *domain) look(r int32) bool {
	row := &d.rows[r]
	above, below := row.right-d.least[r], d.most[r]-row.right
	if above < 0 || row.equal && below < 0 {
		return false
	}
	if d.largest[r] <= above && (!row.equal || d.largest[r] <= below) {
		return true
	}
	for _, t := range row.terms {
		if d.value[t.Var] != free {
			continue
		}
		cheap := int8(0) // the value at which the left side stays low
		if t.Coef < 0 {
			cheap = 1
		}
		high, low := size(t.Coef) > above, row.equal && size(t.Coef) > below
		switch {
		case high && low:
			return false
		case high:
			d.fix(t.Var, cheap)
		case low:
			d.fix(t.Var, 1-cheap)
		default:
			continue
		}
		above, below = row.right-d.least[r], d.most[r]-row.right
	}
	return true
}
